//! What a rulebook does, in words.

use recount_seats::{
    Allocate, Cap, CapLimit, Condition, Divisors, Formula, Held, Over, Quantity, QuotaRule, Rounding, Rulebook,
    SeatCount, Stage, StageKind, Strictness, TieRule, VoidIf,
};
use serde_json::json;

use crate::error::Outcome;
use crate::show;

/// Prints what a checked rulebook says, stage by stage.
pub fn run(rulebook: &Rulebook, as_json: bool) -> Outcome {
    let lines = lines(rulebook);
    if as_json {
        return show::json(&json!({ "rulebook": rulebook.id, "title": rulebook.title, "says": lines }));
    }
    show::line(show::bold(&format!("{} ({})", rulebook.title, rulebook.id)));
    for line in lines {
        show::item(line);
    }
    show::line("The rulebook is well-formed.");
    Ok(())
}

fn lines(rulebook: &Rulebook) -> Vec<String> {
    let mut lines = vec![format!("Levels: {}.", rulebook.units.levels.join(", "))];
    for (level, n) in &rulebook.units.required {
        lines.push(format!("Required: totals of {} of level {level}.", show::count(*n, "unit", "units")));
    }
    for (key, quantity) in &rulebook.quantities {
        lines.push(match quantity {
            Quantity::Line { line, grows } => {
                let grows = if *grows { "a vote more is one more here" } else { "a vote more changes nothing here" };
                format!("Base {key}: line {line} ({grows}).")
            }
            Quantity::Sum(of) => format!("Base {key}: {}.", of.join(" + ")),
        });
    }
    lines.extend(rulebook.stages.iter().map(|stage| stage_line(rulebook, stage)));
    let standing = &rulebook.standing;
    let mixing = if standing.mix_sources {
        "sources are mixed: gaps are filled from the preliminary ones"
    } else {
        "sources are never mixed"
    };
    let after = standing.after_ruling.as_ref().map_or_else(String::new, |source| format!("; after a ruling {source}"));
    lines.push(format!("Standing: source {} decides{after}; {mixing}.", standing.decides));
    for rule in &rulebook.validity.void_if {
        lines.push(match rule {
            VoidIf::AgainstAllLeads => "Void if more votes are against all than for any list.".to_owned(),
            VoidIf::NoListAdmitted => "Void if no list is admitted.".to_owned(),
        });
    }
    if let Some(floor) = &rulebook.validity.turnout_min {
        lines.push(format!("Void unless {} is at least {} of {}.", floor.of, floor.at_least, floor.base));
    }
    for reading in &rulebook.readings {
        lines.push(format!(
            "Reading {}: {} (stage {}, {} = {}).",
            reading.id,
            reading.says,
            reading.stage,
            reading.field.word(),
            reading.value
        ));
    }
    lines
}

fn stage_line(rulebook: &Rulebook, stage: &Stage) -> String {
    let what = match &stage.kind {
        StageKind::Admit { contest, when } => format!("admits lists of {contest} that have {}", condition(when)),
        StageKind::Allocate(allocate) => allocation(allocate),
        StageKind::Cap(cap) => limit(cap),
        StageKind::Group(_) => "lets joined lists receive seats together".to_owned(),
        StageKind::Bonus(bonus) => {
            format!("adds {} to the largest list of {}", show::count(bonus.seats, "seat", "seats"), bonus.of)
        }
        StageKind::Compensate(own) => {
            let (Held::Attribute(held) | Held::Stage(held)) = &own.held;
            format!("counts seats won elsewhere ({held}) against those of {}", own.of)
        }
        StageKind::Sum(sum) => format!("adds the seats of {}", sum.of.join(", ")),
        StageKind::Candidates(own) => format!("puts candidates on the seats of {}", own.of),
        StageKind::Later(word) => format!("{word}: checked for its references, NOT COMPUTED by this version"),
    };
    let cite = stage
        .law
        .as_ref()
        .and_then(|key| rulebook.laws.get(key))
        .map_or_else(String::new, |law| format!(" [{}]", law.cite));
    let reading = if stage.is_reading { " This stage is itself a reading." } else { "" };
    let ties: Vec<&str> = stage
        .ties
        .iter()
        .map(|rule| match rule {
            TieRule::MoreVotes => "more votes",
            TieRule::Lot => "a lot",
            TieRule::Unresolved => "nothing: the law does not say",
        })
        .collect();
    let ties = if ties.is_empty() { String::new() } else { format!(" Ties: {}.", ties.join(", then ")) };
    let doubt = stage.doubt.as_ref().map_or_else(String::new, |doubt| {
        format!(" Doubtful: {}; also computed with {}.", doubt.field.word(), doubt.other_readings.join(", "))
    });
    format!("Stage {}: {what}.{cite}{ties}{doubt}{reading}", stage.id)
}

fn condition(of: &Condition) -> String {
    let join = |parts: &[Condition], word: &str| {
        let parts: Vec<String> = parts.iter().map(condition).collect();
        parts.join(word)
    };
    let edge = |strictness: &Strictness| match strictness {
        Strictness::AtLeast => "at least",
        Strictness::MoreThan => "more than",
    };
    match of {
        Condition::All(parts) => join(parts, ", and "),
        Condition::Any(parts) => format!("one of: {}", join(parts, ", or ")),
        Condition::Not(inner) => format!("not {}", condition(inner)),
        Condition::Share { base, scope, strictness, share } => {
            format!("{} {share} of {base} ({scope})", edge(strictness))
        }
        Condition::Votes { scope, at_least } => {
            format!("at least {} ({scope})", show::count(*at_least, "vote", "votes"))
        }
        Condition::Seats { stage, at_least } => {
            format!("at least {} of stage {stage}", show::count(*at_least, "seat", "seats"))
        }
        Condition::Quota { seats, strictness, multiple, .. } => {
            format!("{} {multiple} of the quota for {}", edge(strictness), show::count(*seats, "seat", "seats"))
        }
        Condition::Attribute { name, is, at_least, at_most } => {
            let is = is.as_ref().map_or_else(String::new, |is| format!(" = {is}"));
            let least = at_least.map_or_else(String::new, |n| format!(" of at least {n}"));
            let most = at_most.map_or_else(String::new, |n| format!(" of at most {n}"));
            format!("the attribute {name}{is}{least}{most}")
        }
        Condition::Rank { scope, at_most } => format!("a place up to {at_most} by votes ({scope})"),
    }
}

fn allocation(own: &Allocate) -> String {
    let seats = match &own.seats {
        SeatCount::Fixed(n) => show::count(*n, "seat", "seats"),
        SeatCount::Stage(of) => format!("as many seats as {of} says"),
        SeatCount::Register { level, name } => format!("as many seats as the register says ({level}.{name})"),
        SeatCount::LeftBy(of) => format!("the seats that {of} leaves"),
    };
    let who = own.contenders.as_ref().map_or_else(|| "all lists".to_owned(), |stage| format!("those of stage {stage}"));
    let by = match &own.formula {
        Formula::Quota(rule) => quota(rule),
        Formula::Divisor(divisors) => format!("the highest quotients ({})", divisor(divisors)),
    };
    let minimum = if own.minimum > 0 { format!(", at least {} each", own.minimum) } else { String::new() };
    format!("gives {seats} to {who} by {by}{minimum}")
}

fn quota(rule: &QuotaRule) -> String {
    let over = match rule.over {
        Over::Contenders => "those who contend",
        Over::AllLists => "all lists",
    };
    let rounding = match rule.rounding {
        Rounding::Exact => "an exact fraction",
        Rounding::HalfUp => "rounded to the nearest",
        Rounding::Floor => "rounded down",
        Rounding::Ceil => "rounded up",
    };
    format!("the {:?} quota over the votes of {over} ({rounding}), then the largest remainders", rule.quota)
        .replace("HagenbachBischoff", "Hagenbach-Bischoff")
}

fn divisor(divisors: &Divisors) -> &'static str {
    match divisors {
        Divisors::DHondt => "D'Hondt: 1, 2, 3 ...",
        Divisors::SainteLague => "Sainte-Lague: 1, 3, 5 ...",
        Divisors::ModifiedSainteLague(_) => "modified Sainte-Lague",
        Divisors::Danish => "Danish: 1, 4, 7 ...",
        Divisors::Adams => "Adams: 0, 1, 2 ...",
        Divisors::HuntingtonHill => "Huntington-Hill",
        Divisors::Imperiali => "Imperiali: 2, 3, 4 ...",
        Divisors::Listed(_) => "as listed",
    }
}

fn limit(cap: &Cap) -> String {
    let most = match &cap.limit {
        CapLimit::Seats(n) => show::count(*n, "seat", "seats"),
        CapLimit::ShareMultiple { multiple, base, house, .. } => {
            format!("{multiple} times its share of {base}, of {house} seats")
        }
    };
    let rest = if cap.redistribute { "the rest goes to the others" } else { "the rest stays vacant" };
    format!("lets no list have more than {most} of {}; {rest}", cap.of)
}
