//! Checks of a tally that need no rule: units known, once, and parts that sum to their whole.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::view::{ByUnit, Figures, standing};
use crate::refusal::{Figure, Refusal};
use crate::rulebook::Rulebook;
use crate::tally::{List, Tally, Unit};

/// Units by id; each known to the rulebook's levels, each parent there.
pub(super) fn units<'a>(rulebook: &Rulebook, tally: &'a Tally) -> Result<BTreeMap<&'a str, &'a Unit>, Refusal> {
    for unit in &tally.units {
        if !rulebook.units.levels.contains(&unit.level) {
            return Err(Refusal::UnknownLevel { unit: unit.id.clone(), level: unit.level.clone() });
        }
    }
    // Made at once, which for units that come in order costs one comparison each.
    let units: BTreeMap<&str, &Unit> = tally.units.iter().map(|unit| (unit.id.as_str(), unit)).collect();
    if units.len() < tally.units.len() {
        let mut seen = BTreeSet::new();
        let twice = tally.units.iter().find(|unit| !seen.insert(unit.id.as_str()));
        return Err(Refusal::DuplicateUnit { unit: twice.map(|unit| unit.id.clone()).unwrap_or_default() });
    }
    for unit in &tally.units {
        if let Some(parent) = &unit.parent
            && !units.contains_key(parent.as_str())
        {
            return Err(Refusal::UnknownUnit { unit: parent.clone() });
        }
    }
    Ok(units)
}

/// The one unit of the highest level, if the tally has it.
pub(super) fn national_unit<'a>(rulebook: &Rulebook, tally: &'a Tally) -> Result<Option<&'a Unit>, Refusal> {
    let mut found = tally.units.iter().filter(|unit| unit.level == rulebook.national_level());
    match (found.next(), found.next()) {
        (Some(first), Some(second)) => {
            Err(Refusal::TwoNationalUnits { first: first.id.clone(), second: second.id.clone() })
        }
        (first, _) => Ok(first),
    }
}

/// A unit with its figures if it has totals; first the unit in which it lies, and the place of its level among
/// the levels by name.
type Part<'a, 'b> = ((Option<&'a str>, usize), &'a Unit, Option<&'b Figures<'a>>);

/// The order of parts by the unit in which they lie and by level. Mostly they lie in the same one.
fn by_place(a: &Part<'_, '_>, b: &Part<'_, '_>) -> Ordering {
    let ((above, level), ..) = a;
    let ((other, other_level), ..) = b;
    let same = match (above, other) {
        (Some(above), Some(other)) => std::ptr::eq(*above, *other),
        _ => above.is_none() && other.is_none(),
    };
    let above = if same { Ordering::Equal } else { above.cmp(other) };
    above.then_with(|| level.cmp(other_level))
}

/// Wherever a unit and parts of it have totals: all parts have, and they sum to it. A unit without
/// a parent is a part of the whole.
pub(super) fn sums<'a>(
    rulebook: &Rulebook,
    tally: &'a Tally,
    contest: &str,
    figures: &ByUnit<'a>,
    national: Option<&'a Unit>,
    lists: &[&List],
) -> Result<(), Refusal> {
    let of = |unit: &str| {
        let place = figures.binary_search_by(|(other, _)| other.id.as_str().cmp(unit)).ok()?;
        figures.get(place).map(|(_, figures)| figures)
    };
    if figures.len() == 1 && national.is_some_and(|unit| of(&unit.id).is_some()) {
        return Ok(());
    }
    let mut parts: Vec<Part<'_, '_>> = Vec::with_capacity(tally.units.len());
    let mut levels: Vec<&String> = rulebook.units.levels.iter().collect();
    levels.sort_unstable();
    let level = |unit: &Unit| levels.iter().position(|level| **level == unit.level).unwrap_or(levels.len());
    // Units mostly come as the figures do: the next of them is looked at first.
    let whole = |unit: &Unit| national.is_some_and(|national| std::ptr::eq(national, unit));
    let mut ahead = figures.iter().filter(|(unit, _)| !whole(unit)).peekable();
    for unit in &tally.units {
        if whole(unit) {
            continue;
        }
        let above = national.map(|unit| unit.id.as_str());
        let parent = match (unit.parent.as_deref(), above) {
            (Some(parent), Some(above)) if parent == above => Some(above),
            (parent, above) => parent.or(above),
        };
        let here = match ahead.next_if(|(other, _)| std::ptr::eq(*other, unit)) {
            Some((_, figures)) => Some(figures),
            None => of(&unit.id),
        };
        parts.push(((parent, level(unit)), unit, here));
    }
    parts.sort_by(by_place);
    for units in parts.chunk_by(|a, b| by_place(a, b).is_eq()) {
        let Some(((parent, _), first, _)) = units.first().copied() else { continue };
        let level = &first.level;
        let with = units.iter().filter_map(|(.., figures)| *figures);
        if with.clone().next().is_none() {
            continue;
        }
        if let Some((_, unit, _)) = units.iter().find(|(.., figures)| figures.is_none()) {
            return Err(Refusal::UnitMissing { contest: contest.to_owned(), unit: unit.id.clone() });
        }
        let counting = units.iter().filter(|(_, unit, _)| !unit.abroad()).count();
        required(rulebook, level, counting, parent, national)?;
        if let Some(id) = parent
            && let Some(whole) = of(id)
        {
            let sum = add(with, id, lists)?;
            compare(whole, &sum, id, lists)?;
        }
    }
    Ok(())
}

/// The number of units that the rulebook requires, checked where they are parts of the whole.
fn required(
    rulebook: &Rulebook,
    level: &str,
    counting: usize,
    parent: Option<&str>,
    national: Option<&Unit>,
) -> Result<(), Refusal> {
    let of_whole = parent.is_none() || parent == national.map(|unit| unit.id.as_str());
    let found = u64::try_from(counting).unwrap_or(u64::MAX);
    match rulebook.units.required.get(level) {
        Some(&required) if of_whole && found < required => {
            Err(Refusal::UnitsMissing { level: level.to_owned(), found, required })
        }
        _ => Ok(()),
    }
}

/// The sum of figures. A line or `against_all` is in the sum only if every part has it.
pub(super) fn add<'a: 'b, 'b>(
    parts: impl Iterator<Item = &'b Figures<'a>>,
    unit: &str,
    lists: &[&List],
) -> Result<Figures<'a>, Refusal> {
    let too_large = |what: Figure| Refusal::TooLarge { what, unit: unit.to_owned() };
    let mut sum: Option<Figures<'a>> = None;
    for part in parts {
        let Some(so_far) = &mut sum else {
            sum = Some(part.clone());
            continue;
        };
        for ((votes, more), list) in so_far.votes.iter_mut().zip(&part.votes).zip(lists) {
            *votes = votes.checked_add(*more).ok_or_else(|| too_large(Figure::Of(list.id.clone())))?;
        }
        so_far.unlisted = so_far.unlisted.checked_add(part.unlisted).ok_or_else(|| too_large(Figure::VotesOfNoList))?;
        so_far.against_all = match (so_far.against_all, part.against_all) {
            (Some(a), Some(b)) => {
                Some(a.checked_add(b).ok_or_else(|| too_large(Figure::Of("against_all".to_owned())))?)
            }
            _ => None,
        };
        so_far.lines.retain(|(line, _)| part.line(line).is_some());
        for (line, number) in &mut so_far.lines {
            let more = part.line(line).unwrap_or(0);
            *number = number.checked_add(more).ok_or_else(|| too_large(Figure::Of((*line).to_owned())))?;
        }
    }
    let mut sum = sum.unwrap_or_else(|| Figures { votes: vec![0; lists.len()], ..Figures::default() });
    sum.standing = standing(&sum.votes);
    Ok(sum)
}

/// Figures that both sides state must agree.
fn compare(whole: &Figures<'_>, parts: &Figures<'_>, unit: &str, lists: &[&List]) -> Result<(), Refusal> {
    let differ = |what: &str, whole: u64, parts: u64| Refusal::UnitsDoNotSum {
        unit: unit.to_owned(),
        what: what.to_owned(),
        whole,
        parts,
    };
    for ((votes, sum), list) in whole.votes.iter().zip(&parts.votes).zip(lists) {
        if votes != sum {
            return Err(differ(&list.id, *votes, *sum));
        }
    }
    if let (Some(votes), Some(sum)) = (whole.against_all, parts.against_all)
        && votes != sum
    {
        return Err(differ("against_all", votes, sum));
    }
    for (line, number) in &whole.lines {
        if let Some(sum) = parts.line(line)
            && sum != *number
        {
            return Err(differ(line, *number, sum));
        }
    }
    Ok(())
}
