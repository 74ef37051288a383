//! What stations that are not in the totals can still change.

use std::collections::BTreeMap;

use crate::Share;
use crate::lots::Lots;
use crate::margin::{share_of, turn_by_new, turn_by_others};
use crate::outcome::{Assumption, Possible, Test};
use crate::rulebook::{Rulebook, StageKind};
use crate::run::view::View;
use crate::run::{RunOptions, ties};
use crate::tally::Tally;
use crate::{Figure, Refusal};

/// For each list and each share test of the whole: whether the missing stations could turn it.
///
/// The best case of a list that fails: every missing elector who takes part votes for it. The worst
/// case of one that passes: missing electors take part, and none votes for it. Exact integers; the
/// electorate that is not known is counted apart and makes a "no" into a "not known". Tests per unit
/// have [`what_missing_can_change_in_units`].
///
/// # Errors
/// As [`crate::run`].
pub fn what_missing_can_change(rulebook: &Rulebook, tally: &Tally) -> Result<Vec<Possible>, Refusal> {
    possible(rulebook, tally, true)
}

/// The same for each share test in a unit, with the stations missing in that unit. A missing station
/// whose unit the tally does not have counts as one whose electors are not known.
///
/// # Errors
/// As [`crate::run`].
pub fn what_missing_can_change_in_units(rulebook: &Rulebook, tally: &Tally) -> Result<Vec<Possible>, Refusal> {
    possible(rulebook, tally, false)
}

fn possible(rulebook: &Rulebook, tally: &Tally, whole: bool) -> Result<Vec<Possible>, Refusal> {
    let options = RunOptions { assume_units_pass: true, readings: false, seat_margins: false };
    let view = View::new(rulebook, tally)?;
    let outcome = ties::outcome(rulebook, &view, &Lots::none(), &options)?;
    let mut lacking = BTreeMap::new();
    let mut possible = Vec::new();
    for admission in &outcome.admission {
        let contest = rulebook.stage(&admission.stage).map_or("", |stage| match &stage.kind {
            StageKind::Admit { contest, .. } => contest.as_str(),
            _ => "",
        });
        for test in admission.tests.iter().filter(|test| (test.unit == view.national_unit) == whole) {
            let Some(share) = share_of(rulebook, test) else {
                continue;
            };
            let (available, stations_unknown) = match lacking.get(&test.unit) {
                Some(known) => *known,
                None => {
                    let found = missing(&view, tally, (!whole).then_some(test.unit.as_str()))?;
                    lacking.insert(test.unit.clone(), found);
                    found
                }
            };
            let (assumption, needed) = turn(test, share, view.grows(&test.base, contest));
            let can_turn = match needed {
                None => Some(false),
                Some(needed) if needed <= available => Some(true),
                Some(_) if stations_unknown > 0 => None,
                Some(_) => Some(false),
            };
            possible.push(Possible {
                list: admission.list.to_string(),
                name: admission.name.to_string(),
                stage: admission.stage.to_string(),
                base: test.base.to_string(),
                unit: test.unit.to_string(),
                passes_now: test.passed,
                assumption,
                needed,
                available,
                stations_unknown,
                can_turn,
            });
        }
    }
    Ok(possible)
}

/// Known electors of the missing stations (of a unit), and stations whose electors are not known.
fn missing(view: &View<'_>, tally: &Tally, unit: Option<&str>) -> Result<(u64, u64), Refusal> {
    let (mut electors, mut unknown) = (0u64, 0u64);
    for missing in &tally.missing {
        let here = unit.is_none_or(|unit| view.lies_in(&missing.unit, unit));
        let placed = unit.is_none() || view.units.contains_key(missing.unit.as_str());
        let (sum, more) = match missing.expected_voters {
            _ if !placed => (&mut unknown, missing.stations),
            _ if !here => continue,
            Some(voters) => (&mut electors, voters),
            None => (&mut unknown, missing.stations),
        };
        *sum = sum
            .checked_add(more)
            .ok_or_else(|| Refusal::TooLarge { what: Figure::Missing, unit: missing.unit.clone() })?;
    }
    Ok((electors, unknown))
}

fn turn(test: &Test, share: Share, grows: bool) -> (Assumption, Option<u64>) {
    match (test.passed, grows) {
        (false, true) => (Assumption::AllForIt, turn_by_new(test, share)),
        // The base stays: what it lacks, it must gain.
        (false, false) => {
            (Assumption::AllForIt, (test.needed <= test.base_value).then(|| test.needed.saturating_sub(test.votes)))
        }
        (true, true) => (Assumption::NoneForIt, turn_by_others(test, share)),
        (true, false) => (Assumption::NoneForIt, None),
    }
}
