//! Coverage: stations expected, received and countable, with the reason for every one that is not; never one percent.

use recount_election::UnitIx;
use recount_tally::claim::ContestIx;
use recount_tally::totals::Coverage;
use recount_tally::{Fold, View};
use serde_json::{Value, json};

use super::uncounted::{self, Group, Key};
use crate::show;

/// Lists named beside a reason.
const LISTS_SHOWN: usize = 4;

/// The reason of stations that are not countable, in words.
pub fn reason_words(code: &str) -> &str {
    match code {
        "missing" => "not received",
        "annulled" => "annulled",
        "excluded" => "excluded by a ruling",
        "part_missing" => "a part of the ballots is missing",
        "not_computable" => "not computable after an annulment",
        "to_be_repeated" => "to be repeated",
        other => other,
    }
}

/// The three numbers in a line.
pub fn line(coverage: &Coverage) -> String {
    let n = show::number;
    format!(
        "Stations: {} expected, {} received, {} countable.",
        n(coverage.expected),
        n(coverage.received),
        n(coverage.countable)
    )
}

/// Prints coverage with every reason.
pub fn print(fold: &Fold, contest: ContestIx, view: View, unit: Option<UnitIx>, coverage: &Coverage) {
    show::line(line(coverage));
    for (key, group) in uncounted::groups(fold, contest, view, unit, coverage) {
        show::item(reason_line(fold, contest, &key, &group));
    }
    show::paragraph(register_line(fold, view.poll.unwrap_or(1)));
    if coverage.conflicts > 0 {
        let stations = show::count(coverage.conflicts, "station", "stations");
        show::paragraph(format!(
            "CONFLICTS: at {stations} authorised statements contradict each other. The first stays in the total until a ruling decides."
        ));
    }
    if coverage.suspect > 0 {
        let stations = show::count(coverage.suspect, "station", "stations");
        show::paragraph(format!(
            "SUSPECT: at {stations} a key that was later revoked as suspect had signed what stands."
        ));
    }
}

/// Whether the register is sealed: only then can what is missing be proved.
pub fn register_line(fold: &Fold, poll: u16) -> String {
    let register = fold.ledger().register();
    let waiting = register.waiting().count() as u64;
    let mut text = match register.sealed(u64::from(poll)).or_else(|| register.sealed(1)) {
        Some(seal) => format!("Register: sealed by statement {seal}."),
        None => "REGISTER INCOMPLETE: no seal closes it, so what is missing cannot be proved.".to_owned(),
    };
    if waiting > 0 {
        let changes = show::count(waiting, "change", "changes");
        text.push_str(&format!(" {changes} after polling opened wait for a ruling."));
    }
    text
}

fn reason_line(fold: &Fold, contest: ContestIx, (code, grounds): &Key, group: &Group) -> String {
    let mut text = format!("{}: {}", show::count(group.stations, "station", "stations"), reason_words(code));
    if !grounds.is_empty() {
        text.push_str(&format!(" ({grounds})"));
    }
    if group.voters > 0 {
        text.push_str(&format!(", {} registered", show::count(group.voters, "voter", "voters")));
    }
    if group.received > 0 && !group.votes.is_empty() {
        let sum = group.votes.values().fold(0u64, |sum, n| sum.saturating_add(*n));
        let mut lists: Vec<(&String, &u64)> = group.votes.iter().filter(|(_, n)| **n > 0).collect();
        lists.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let contest = fold.contest(contest).map_or("", |state| &state.id);
        let named: Vec<String> = lists
            .iter()
            .take(LISTS_SHOWN)
            .map(|(id, n)| format!("{} {}", super::names::list(fold, contest, id), show::number(**n)))
            .collect();
        let more = if lists.len() > LISTS_SHOWN { " and others" } else { "" };
        text.push_str(&format!("; their {} votes are NOT counted", show::number(sum)));
        if !named.is_empty() {
            text.push_str(&format!(": {}{more}", named.join(", ")));
        }
    }
    text.push('.');
    text
}

/// The same for scripts.
pub fn json(fold: &Fold, contest: ContestIx, view: View, unit: Option<UnitIx>, coverage: &Coverage) -> Value {
    let groups = uncounted::groups(fold, contest, view, unit, coverage);
    let reasons = groups.iter().map(|((code, grounds), group)| {
        json!({
            "reason": code,
            "grounds": (!grounds.is_empty()).then_some(grounds),
            "stations": group.stations,
            "voters": group.voters,
            "received": group.received,
            "votes_not_counted": group.votes,
        })
    });
    let register = fold.ledger().register();
    json!({
        "expected": coverage.expected,
        "received": coverage.received,
        "countable": coverage.countable,
        "not_countable": reasons.collect::<Vec<_>>(),
        "conflicts": coverage.conflicts,
        "suspect": coverage.suspect,
        "voters": coverage.voters,
        "voters_uncounted": coverage.voters_uncounted,
        "register_sealed_by": register.sealed(u64::from(view.poll.unwrap_or(1))).or_else(|| register.sealed(1)),
        "register_changes_waiting": register.waiting().collect::<Vec<_>>(),
    })
}
