//! Every English word that a reader of the page sees. A translation replaces this one file: constants are whole texts,
//! functions are sentences with their figures.

pub(crate) const LANG: &str = "en";
pub(crate) const RESULT: &str = "Result";
pub(crate) const UNTITLED: &str = "Election";
pub(crate) const SKIP: &str = "Skip to the result";
pub(crate) const NAV: &str = "Sections of this page";
pub(crate) const FOOTER: &str =
    "Every figure on this page is computed from a public record and the law's arithmetic alone. Anyone can recount it.";
pub(crate) const NO_CHARTER: &str = "The record has no charter yet: there is nothing to count.";
pub(crate) const NO_CONTESTS: &str = "The register lists nothing to vote for yet.";
pub(crate) const SYNTHETIC_LABEL: &str = "Synthetic figures.";
pub(crate) const SYNTHETIC: &str = "The record itself says that figures in it were made up and never observed.";

// Sections.
pub(crate) const COUNTS: &str = "The count";
pub(crate) const READINGS: &str = "Other readings of the law";
pub(crate) const MISSING: &str = "What missing stations can still change";
pub(crate) const CONFLICTS: &str = "Conflicts";
pub(crate) const RULINGS: &str = "Rulings";
pub(crate) const UNITS: &str = "By unit";
pub(crate) const CONTROLS: &str = "Broken controls";
pub(crate) const CHECK: &str = "Check this yourself";

// The state.
pub(crate) const POLLING_DAY: &str = "Polling day";
pub(crate) const STATE_NONE: &str = "Empty.";
pub(crate) const STATE_PRELIMINARY: &str = "Preliminary.";
pub(crate) const STATE_DECLARED: &str = "Declared.";
pub(crate) const STATE_ANNULLED: &str = "Annulled.";
pub(crate) const PRELIMINARY: &str =
    "Nobody has declared a result of the whole. Figures may still change, and every change will name its cause.";
pub(crate) const REGISTER_INCOMPLETE: &str =
    "The register is incomplete: it was not sealed, so what is missing cannot be told.";
pub(crate) const NO_BODY: &str = "reconstructed, no body on the record";
pub(crate) const DECLARATION_HOLDS: &str = "Computed again, every declared figure holds.";
pub(crate) const DECLARATION_PENDING: &str = "The declared figures were not computed again for this page.";
pub(crate) const SIZE: &str = "Statements in the record";
pub(crate) const LOG_CLOCK: &str = "Clock of the log";
pub(crate) const ORIGIN: &str = "Record";
pub(crate) const ROOT: &str = "Root of the tree";

pub(crate) fn annulled_by(ruling: u64, by: &str, repeat: bool) -> String {
    let next = if repeat { " and ordered to be repeated" } else { "" };
    format!("The whole vote was annulled{next} by ruling {ruling} ({by}). By law nothing counts.")
}

pub(crate) fn declared_by(by: &str, size: u64, check: &str) -> String {
    format!(
        "{by} declared the result of the record's first {size} statements. {check} Statements after it change the running count below, never the declaration."
    )
}

pub(crate) fn declaration_differs(figures: usize) -> String {
    format!("Computed again, {figures} of the declared figures differ.")
}

pub(crate) fn declaration_not_computable(why: &str) -> String {
    format!("The declared figures cannot be computed again: {why}.")
}

pub(crate) fn as_before(size: u64) -> String {
    format!(
        "The figures below are those of the record's first {size} statements, just before the vote was annulled. They count for nothing now."
    )
}

// The count.
pub(crate) const DECIDES: &str = "decides by law";
pub(crate) const RECEIVED: &str = "received";
pub(crate) const COUNTABLE: &str = "countable";
pub(crate) const EXPECTED: &str = "expected";
pub(crate) const NOT_COUNTED: &str = "Not countable:";
pub(crate) const NOTHING_COUNTS: &str = "No station's figures count yet.";
pub(crate) const WITHHELD: &str = "Withheld, because an invariant failed:";
pub(crate) const LIST: &str = "List";
pub(crate) const VOTES: &str = "Votes";
pub(crate) const SHARE: &str = "share";
pub(crate) const SEATS: &str = "Seats";
pub(crate) const AGAINST_ALL: &str = "Against all";
pub(crate) const VOTES_AGAINST_ALL: &str = "votes against all";
pub(crate) const VOTES_FOR_LISTS: &str = "votes for all lists";
pub(crate) const ALL_VOTES: &str = "all votes counted";
pub(crate) const NO_BASE: &str = "No shares: the base that the law names is not in what was filed.";
pub(crate) const PLUS: &str = " and ";
pub(crate) const NO_SEATS: &str = "no seats";
pub(crate) const NO_SEATS_BECAUSE: &str = "No seats can be computed:";
pub(crate) const FAILS_IN: &str = "; not in ";
pub(crate) const NOT_ADMITTED: &str = "not admitted to the seats";
pub(crate) const AT_CAP: &str = "at the cap";
pub(crate) const VOID_BY_LAW: &str = "Void by law:";
pub(crate) const ASSUMPTIONS: &str = "Assumptions";
pub(crate) const LINES: &str = "Other lines of the protocols, summed";

pub(crate) fn source(source: &str) -> String {
    match source {
        "hand" => "Hand count".to_owned(),
        "machine" => "Machine count".to_owned(),
        "recount" => "Recount".to_owned(),
        "preliminary" => "Preliminary count".to_owned(),
        "final" => "Final count".to_owned(),
        other => format!("Count \u{201c}{}\u{201d}", other.replace('_', " ")),
    }
}

pub(crate) fn reason(code: &str) -> &str {
    match code {
        "missing" => "not received",
        "annulled" => "annulled",
        "excluded" => "excluded by a ruling",
        "part_missing" => "a part is missing",
        "not_computable" => "not computable after an annulment",
        "to_be_repeated" => "to be repeated",
        other => other,
    }
}

pub(crate) fn voters_there(voters: &str) -> String {
    format!("{voters} registered voters")
}

pub(crate) fn stations_in_conflict(stations: u64) -> String {
    format!("Statements conflict at {stations} of these stations.")
}

pub(crate) fn stations_suspect(stations: u64) -> String {
    format!("At {stations} stations a key that was later revoked as suspect had signed.")
}

pub(crate) fn shares_of(base: &str, votes: &str) -> String {
    format!("Shares are of {votes}: {}.", lower_first(base))
}

pub(crate) fn above(votes: &str, line: &str) -> String {
    format!("{votes} votes above the {line} line")
}

pub(crate) fn below(votes: &str, line: &str) -> String {
    format!("{votes} votes below the {line} line")
}

pub(crate) fn or_new_votes(votes: &str) -> String {
    format!(" ({votes} if the votes are new)")
}

pub(crate) fn met_in_units(line: &str, met: usize, of: usize) -> String {
    format!("{line} met in {met} of {of} units")
}

pub(crate) fn and_more(more: usize) -> String {
    format!(" and {more} more")
}

pub(crate) fn seats_title(house: u64) -> String {
    format!("A parliament of {house} seats")
}

pub(crate) fn seats_open(seats: u64) -> String {
    format!("{seats} open")
}

pub(crate) fn tie(seats: u64, between: &str, by_lot: bool) -> String {
    let how = if by_lot { "a lot must be drawn" } else { "the law names no way to settle it" };
    format!("A tie leaves {seats} seat(s) open between {between}: {how}.")
}

// Readings.
pub(crate) const READINGS_INTRO: &str =
    "Where the law can be read in another way, this is the result under each declared reading.";
pub(crate) const READING: &str = "Reading";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const AS_COMPUTED: &str = "As computed above";
pub(crate) const DIFFERS: &str = "differs";
pub(crate) const SAME: &str = "same";
pub(crate) const NOT_COMPUTABLE: &str = "Cannot be computed:";

pub(crate) fn share_taken_of(base: &str) -> String {
    format!("Shares taken of {}", lower_first(base))
}

pub(crate) fn chosen_because(reason: &str) -> String {
    format!("The reading above was chosen because {}.", reason.trim_end_matches('.'))
}

// Missing stations.
pub(crate) const MISSING_NOTHING: &str =
    "Even if every elector there took part, no list would cross the line of the whole in either direction.";
pub(crate) const MISSING_NOTE: &str =
    "Exact bounds with the electors on the register; conditions per unit are not asked again.";

pub(crate) fn missing_intro(stations: &str, electors: &str) -> String {
    format!("{stations} stations with {electors} registered voters are not in the count by law.")
}

pub(crate) fn missing_others(tests: usize) -> String {
    format!("For {tests} other test(s) nothing can turn.")
}

pub(crate) fn line_of(line: &str, base: &str) -> String {
    format!("{line} of {}", lower_first(base))
}

pub(crate) fn can_enter(line: &str, needed: &str) -> String {
    format!("can still reach {line}: {needed} votes there, all for it, are enough.")
}

pub(crate) fn can_fall(line: &str, needed: &str) -> String {
    format!("can still fall below {line}: {needed} more voters, none for it, are enough.")
}

pub(crate) fn unknown_electors(stations: u64) -> String {
    format!("Not certain: the electors of {stations} stations are not known.")
}

// Conflicts.
pub(crate) const NOT_STATED: &str = "not stated";
pub(crate) const DOES_NOT_DECIDE: &str = "This place does not enter the count by law, so the seats cannot change.";
pub(crate) const SEATS_STAY: &str = "With the other figures the seats stay the same.";
pub(crate) const SEATS_WOULD_BE: &str = "With the other figures the seats would be:";

pub(crate) fn conflicts_intro(conflicts: usize) -> String {
    format!(
        "{conflicts} statement(s) say something else than the one that stands in the same place. The first stays in the count; only a ruling decides."
    )
}

pub(crate) fn stands_against(stands: u64, other: u64) -> String {
    format!("Statement {stands} stands, statement {other} says otherwise:")
}

pub(crate) fn and_more_conflicts(more: usize) -> String {
    format!("And {more} more conflicts.")
}

// Rulings.
pub(crate) const GROUNDS: &str = "Grounds";
pub(crate) const SIGNED: &str = "Signed, proved";
pub(crate) const CLAIMED: &str = "Claimed, not proved";
pub(crate) const FORCE: &str = "Force";
pub(crate) const IN_FORCE: &str = "in force";
pub(crate) const NO_QUORUM: &str = "reconstructed: no votes and no quorum on the record";
pub(crate) const WHOLE_POLL: &str = "the whole vote";

pub(crate) fn rulings_intro(rulings: usize, complaints: usize) -> String {
    format!("{rulings} ruling(s) and {complaints} complaint(s) are on the record.")
}

pub(crate) fn ruling_of(index: u64, by: &str) -> String {
    format!("Ruling {index} · {by}")
}

pub(crate) fn seats_signed(signed: u64, seats: usize, quorum: u64, majority: u64) -> String {
    format!("{signed} of {seats} seats (quorum {quorum}, majority {majority})")
}

pub(crate) fn claimed(present: Option<u64>, votes_for: Option<u64>, against: Option<u64>) -> String {
    let said = [(present, "present"), (votes_for, "for"), (against, "against")];
    let each: Vec<String> = said.iter().filter_map(|(n, what)| n.map(|n| format!("{n} {what}"))).collect();
    each.join(", ")
}

pub(crate) fn suspended(by: u64) -> String {
    format!("suspended by ruling {by}")
}

pub(crate) fn reversed(by: u64) -> String {
    format!("reversed by ruling {by}")
}

pub(crate) fn effect(word: &str, what: &str) -> String {
    let verb = match word {
        "reject" => "rejects",
        "correct" => "corrects the figures of station",
        "recount" => "orders a recount of",
        "annul" => "annuls",
        "repeat" => "annuls and orders to be repeated:",
        "exclude" => "takes out of the count:",
        "restore" => "puts into the count:",
        "admit" => "lets take effect the register change of",
        "withhold" => "lets be withheld the blob",
        "replace" => "replaces the",
        "suspend" => "suspends",
        "reverse" => "reverses",
        "reinstate" => "reinstates",
        other => other,
    };
    format!("{verb} {what}")
}

pub(crate) fn effect_in_poll(word: &str, what: &str, poll: u64) -> String {
    let of = if poll > 1 { format!(" (poll {poll})") } else { String::new() };
    format!("{}{of}", effect(word, what))
}

pub(crate) fn complaint(index: u64) -> String {
    format!("complaint {index}")
}

pub(crate) fn statement(index: u64) -> String {
    format!("statement {index}")
}

pub(crate) fn ruling(index: u64) -> String {
    format!("ruling {index}")
}

pub(crate) fn station(id: &str) -> String {
    format!("station {id}")
}

// Units.
pub(crate) const UNIT: &str = "Unit";
pub(crate) const TOTAL: &str = "Total";
pub(crate) const COUNTED_OF_EXPECTED: &str = "Countable / expected stations";

pub(crate) fn units_intro(source: &str) -> String {
    format!("Votes by unit, {}. The units were checked to add up to the total.", lower_first(source))
}

// Controls.
pub(crate) const CONTROLS_HOLD: &str = "Every control that can be checked holds at every station.";
pub(crate) const CONTROLS_INTRO: &str = "Relations that the figures of a protocol must satisfy and do not. A broken control never removes a protocol from the count; it is recorded and shown.";
pub(crate) const FORMULA: &str = "Relation";
pub(crate) const EXAMPLE: &str = "Example";
pub(crate) const LAW: &str = "Law";
pub(crate) const SEVERITY_ERROR: &str = "the law demands it";
pub(crate) const SEVERITY_WARNING: &str = "wants an explanation";
pub(crate) const SEVERITY_SIGNAL: &str = "a signal";

pub(crate) fn broken_at(breaks: &str, stations: &str, form: &str) -> String {
    format!("Broken {breaks} time(s), at {stations} station(s), on the form \u{201c}{form}\u{201d}.")
}

// Check.
pub(crate) const CHECK_INTRO: &str = "This page is only a view. Fetch the record and recount it; take the key and the charter's hash from somewhere else than this page, such as the printed gazette.";
pub(crate) const URL_HERE: &str = "RECORD-URL";
pub(crate) const KEY_HERE: &str = "LOG-KEY";
pub(crate) const CHARTER_HERE: &str = "CHARTER-HASH";
pub(crate) const CHECKED: &str = "What was checked when this page was made";
pub(crate) const ANCHORED: &str = "Verified against a log key and a charter hash given from outside.";
pub(crate) const NOT_ANCHORED: &str = "Not verified: at best internally consistent, the author is unproved.";
pub(crate) const CHECKED_LOG_KEY: &str = "the checkpoint's signature, with a log key given from outside";
pub(crate) const CHECKED_CHARTER: &str = "the charter's hash, with one given from outside";
pub(crate) const CHECKED_TREE: &str = "every leaf of the tree against the checkpoint's root";
pub(crate) const CHECKED_STATEMENTS: &str = "every signature, and the authority behind it";
pub(crate) const CHECKED_DECLARATIONS: &str = "every declaration, computed again";
pub(crate) const DONE: &str = "checked";
pub(crate) const NOT_DONE: &str = "not checked";
pub(crate) const BYTES: &str = "What identifies this record";
pub(crate) const LOG_KEY: &str = "Log key";
pub(crate) const CHARTER: &str = "Charter";
pub(crate) const RULEBOOK: &str = "Rulebook";
pub(crate) const CHECKPOINT: &str = "Checkpoint";
pub(crate) const CHECKPOINT_FILE: &str = "The signed checkpoint";
pub(crate) const CANNOT_PROVE: &str = "A check proves that the figures follow from signed statements in an unchanged record. It cannot prove that those who signed told the truth, or that they held their offices rightfully.";

pub(crate) fn witnesses(witnesses: u64) -> String {
    format!("the checkpoint's cosignatures by {witnesses} independent witness(es)")
}

/// The same text with a small first letter, to stand within a sentence.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let second_is_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !second_is_upper => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
