//! Runs a translated case and compares only what it states.

use std::collections::{BTreeMap, BTreeSet};

use recount_seats::{Lot, Lots, Outcome, Rulebook, StepKind, Tally, Tie, run_with};
use serde_json::Value;

use super::rules::Translated;
use super::words::{Trouble, accepted, array, failed, keys, object, pending, ratio, text};

const KNOWN: [&str; 14] = [
    "seats",
    "total",
    "tie",
    "error",
    "admitted",
    "capped",
    "exhausted",
    "without_lot",
    "vacant",
    "note",
    "elected",
    "elected_by_preference",
    "house",
    "quota",
];
const LATER: [&str; 15] = [
    "adjustment_in_order",
    "by_land",
    "compensatory",
    "constituency_compensatory",
    "constituency_seats",
    "district_seats",
    "first_count",
    "levelling",
    "outcome",
    "passed_over",
    "plurality_would_be",
    "region_seats",
    "regional_compensatory",
    "regions",
    "winners_without_seat",
];

pub fn compare(translated: &Translated, expected: &Value) -> Result<(), Trouble> {
    let expected = object(expected, "expected")?;
    keys(expected, &KNOWN, &LATER, "expected")?;
    let outcome = run(translated, &placed(translated));
    if expected.contains_key("error") {
        return match outcome {
            Err(_) => Ok(()),
            Ok(outcome) => accepted(&outcome.seats),
        };
    }
    let outcome = outcome.map_err(Trouble::Failed)?;
    for (field, expected) in expected {
        one(translated, &outcome, field, expected)?;
    }
    Ok(())
}

/// A case's lots do not name a stage: each gets that of the open tie between the same lists, as ties
/// come up. A lot for no tie stays where it is, for the library to refuse.
pub fn placed(translated: &Translated) -> Lots {
    let mut waiting: Vec<Lot> = translated.lots.iter().cloned().collect();
    let mut placed: Vec<Lot> = Vec::new();
    while !waiting.is_empty() {
        let Ok(outcome) = run(translated, &Lots::new(placed.clone())) else { break };
        let found = waiting.iter().enumerate().find_map(|(place, lot)| {
            let matches = |tie: &&Tie| tie.between.iter().cloned().collect::<BTreeSet<_>>() == lot.between;
            outcome.undetermined.iter().find(matches).map(|tie| (place, tie.clone()))
        });
        let Some((place, tie)) = found else { break };
        placed.push(Lot { stage: tie.stage, unit: tie.unit, list: tie.list, ..waiting.remove(place) });
    }
    // The same equality in a later stage, such as a rerun, has the answer that was drawn.
    for _ in 0..placed.len() {
        let Ok(outcome) = run(translated, &Lots::new(placed.iter().chain(&waiting).cloned().collect())) else { break };
        let answer = |tie: &Tie| -> Option<Lot> {
            let same = |lot: &&Lot| {
                lot.unit == tie.unit && tie.between.iter().cloned().collect::<BTreeSet<_>>() == lot.between
            };
            let lot = placed.iter().find(same).filter(|lot| lot.stage != tie.stage)?;
            Some(Lot { stage: tie.stage.clone(), list: tie.list.clone(), ..lot.clone() })
        };
        let Some(lot) = outcome.undetermined.iter().find_map(answer) else { break };
        placed.push(lot);
    }
    Lots::new(placed.into_iter().chain(waiting).collect())
}

/// The outcome, or the typed refusal in words.
pub fn run(translated: &Translated, lots: &Lots) -> Result<Outcome, String> {
    let rulebook = Rulebook::parse(&translated.rulebook).map_err(|error| format!("rulebook: {error}"))?;
    let tally = Tally::parse(&translated.tally).map_err(|refusal| refusal.to_string())?;
    run_with(&rulebook, &tally, lots, &translated.options).map_err(|refusal| refusal.to_string())
}

fn one(translated: &Translated, outcome: &Outcome, field: &str, expected: &Value) -> Result<(), Trouble> {
    match field {
        "note" => Ok(()),
        // A tie between candidates of one list moves no seat.
        "seats" if outcome.undetermined.iter().all(|tie| tie.list.is_some()) => {
            numbers(field, expected, &filled(translated, outcome))
        }
        "seats" => failed(format!("a tie is open: {:?}", outcome.undetermined)),
        "total" => {
            let (mut total, seats) = (BTreeMap::new(), filled(translated, outcome));
            for list in object(expected, field)?.keys() {
                let elsewhere = translated.elsewhere.get(list).and_then(Value::as_u64).unwrap_or(0);
                total.insert(list.clone(), seats.get(list).copied().unwrap_or(0) + elsewhere);
            }
            numbers(field, expected, &total)
        }
        "admitted" => {
            let admitted = outcome.admission.iter().filter(|a| a.admitted).map(|a| a.list.to_string());
            names(field, expected, admitted)
        }
        "capped" => names(field, expected, outcome.capped.iter().cloned()),
        "exhausted" => names(field, expected, outcome.exhausted.iter().cloned()),
        "elected" => members(field, expected, outcome, false),
        "elected_by_preference" => members(field, expected, outcome, true),
        "house" if expected.as_u64() == Some(outcome.house) => Ok(()),
        "house" => failed(format!("house is {}, expected {expected}", outcome.house)),
        "vacant" if expected.as_u64() == Some(vacant(translated, outcome)) => Ok(()),
        "tie" => tie(outcome, expected),
        "quota" => quota(outcome, expected),
        "without_lot" => {
            let outcome = run(translated, &Lots::none()).map_err(Trouble::Failed)?;
            let expected = object(expected, field)?;
            expected.iter().try_for_each(|(field, value)| one(translated, &outcome, field, value))
        }
        "vacant" => failed(format!("vacant is {}, expected {expected}", vacant(translated, outcome))),
        other => pending(format!("comparing `{other}`")),
    }
}

/// Seats by list; where that is the rule, without those that a list has nobody for.
fn filled(translated: &Translated, outcome: &Outcome) -> BTreeMap<String, u64> {
    let mut seats = outcome.seats.clone();
    for list in unfilled(translated, outcome) {
        if let Some(held) = seats.get_mut(list) {
            *held = held.saturating_sub(1);
        }
    }
    seats
}

/// The list of each seat that nobody takes.
fn unfilled<'a>(translated: &Translated, outcome: &'a Outcome) -> impl Iterator<Item = &'a String> {
    let members = outcome.members.iter().filter(|_| translated.unfilled);
    members.filter(|member| member.candidate.is_none()).filter_map(|member| member.list.as_ref())
}

fn vacant(translated: &Translated, outcome: &Outcome) -> u64 {
    outcome.vacant + u64::try_from(unfilled(translated, outcome).count()).unwrap_or(u64::MAX)
}

fn numbers(field: &str, expected: &Value, found: &BTreeMap<String, u64>) -> Result<(), Trouble> {
    let expected = object(expected, field)?;
    let lists: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let mut wrong = Vec::new();
    for list in lists {
        let (want, have) = (expected.get(list).map_or(Some(0), Value::as_u64), found.get(list).copied().unwrap_or(0));
        if want != Some(have) {
            wrong.push(format!("{list} {have}, expected {:?}", expected.get(list)));
        }
    }
    if wrong.is_empty() { Ok(()) } else { failed(format!("{field}: {}", wrong.join("; "))) }
}

pub fn names(field: &str, expected: &Value, found: impl Iterator<Item = String>) -> Result<(), Trouble> {
    let want: BTreeSet<String> =
        array(expected, field)?.iter().map(|n| text(n, field).map(str::to_owned)).collect::<Result<_, _>>()?;
    let have: BTreeSet<String> = found.collect();
    if want == have { Ok(()) } else { failed(format!("{field}: {have:?}, expected {want:?}")) }
}

/// The quota of the first stage that has one: a number, or a text such as `12.5`.
fn quota(outcome: &Outcome, expected: &Value) -> Result<(), Trouble> {
    let Some(found) = outcome.stages.iter().find_map(|stage| stage.quota) else { return failed("there is no quota") };
    let want = ratio(expected, 1, "quota")?;
    let part = |text: &str| text.parse::<u128>().ok();
    match want.split_once('/').and_then(|(num, den)| part(num).zip(part(den))) {
        Some((num, den)) if found.num.checked_mul(den) == num.checked_mul(found.den) => Ok(()),
        _ => failed(format!("quota is {found}, expected {expected}")),
    }
}

/// Those elected, by list or all together; all, or those whom their own votes lifted.
fn members(field: &str, expected: &Value, outcome: &Outcome, by_preference: bool) -> Result<(), Trouble> {
    if expected.is_array() {
        let found = outcome.members.iter().filter(|member| member.by_preference || !by_preference);
        return names(field, expected, found.filter_map(|member| member.candidate.clone()));
    }
    for (list, expected) in object(expected, field)? {
        let of_list = outcome.members.iter().filter(|member| member.list.as_ref() == Some(list));
        let found = of_list.filter(|member| member.by_preference || !by_preference);
        names(&format!("{field} of {list}"), expected, found.filter_map(|member| member.candidate.clone()))?;
    }
    Ok(())
}

/// `between` as a set, and `seats`; the rest is prose.
pub fn tie(outcome: &Outcome, expected: &Value) -> Result<(), Trouble> {
    let expected = object(expected, "tie")?;
    keys(expected, &["between", "seats", "kind", "to", "held"], &[], "tie")?;
    let between = expected.get("between").cloned().unwrap_or_default();
    let matches = outcome.undetermined.iter().any(|tie| {
        // A bonus goes to one list whole: one winner, or as many seats as it has.
        let bonus = tie.what == StepKind::Bonus;
        let seats = expected.get("seats").is_none_or(|seats| bonus || seats.as_u64() == Some(tie.seats));
        let one_by_one = || tie.between.iter().flat_map(|name| name.split(" + ")).map(str::to_owned);
        seats
            && (names("between", &between, tie.between.iter().cloned()).is_ok()
                || names("between", &between, one_by_one()).is_ok())
    });
    if matches { Ok(()) } else { failed(format!("ties: {:?}", outcome.undetermined)) }
}
