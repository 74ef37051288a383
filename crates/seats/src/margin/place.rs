//! Where votes move: in one unit, and with it in every unit above, in the whole, and in the lines that
//! count those who voted.

use std::collections::{BTreeMap, BTreeSet};

use crate::rulebook::{Quantity, Rulebook};
use crate::run::view::{Figures, View};
use crate::tally::Unit;

/// A unit in which votes can move.
pub(super) struct Place<'v> {
    /// The unit; none: the whole, where the rulebook asks about no unit that has totals.
    pub unit: Option<&'v Unit>,
    /// It and the units above it that have totals: level, and position among those with totals.
    spots: Vec<(&'v str, usize)>,
}

/// Who gains votes, and who loses them.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    pub gains: Option<usize>,
    pub loses: Option<usize>,
}

/// Every unit with totals that a rule asks about and that has no such unit within it.
pub(super) fn places<'v>(rulebook: &Rulebook, view: &View<'v>, contest: &str) -> Vec<Place<'v>> {
    let used = rulebook.levels_used();
    let Ok(of) = view.of(contest) else { return Vec::new() };
    let rows: Vec<(&'v str, usize, &'v Unit)> = of
        .levels
        .iter()
        .filter(|(level, _)| used.contains(**level))
        .flat_map(|(level, rows)| rows.iter().enumerate().map(|(place, (unit, _))| (*level, place, *unit)))
        .collect();
    let spots: BTreeMap<&str, (&'v str, usize)> =
        rows.iter().map(|(level, place, unit)| (unit.id.as_str(), (*level, *place))).collect();
    let mut within = BTreeSet::new();
    let mut found = Vec::with_capacity(rows.len());
    for (level, place, unit) in rows {
        let above = view.all_above(unit);
        let spots = std::iter::once((level, place))
            .chain(above.iter().filter_map(|unit| spots.get(unit.id.as_str()).copied()))
            .collect();
        within.extend(above.iter().map(|unit| unit.id.as_str()));
        found.push(Place { unit: Some(unit), spots });
    }
    found.retain(|place| place.unit.is_none_or(|unit| !within.contains(unit.id.as_str())));
    if found.is_empty() {
        found.push(Place { unit: None, spots: Vec::new() });
    }
    found
}

impl<'v> Place<'v> {
    /// The units of each level that lie around this place, and no others.
    pub(super) fn around(&self, view: &View<'v>) -> BTreeMap<&'v str, Vec<&'v Unit>> {
        let mut levels: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
        if let Some(unit) = self.unit {
            for unit in std::iter::once(unit).chain(view.all_above(unit)) {
                levels.insert(&unit.level, vec![unit]);
            }
        }
        levels
    }

    /// The figures of the place itself.
    pub(super) fn figures<'a>(&self, view: &'a View<'v>, contest: &str) -> Option<&'a Figures<'v>> {
        let of = view.contests.get(contest)?;
        match self.spots.first() {
            None => Some(&of.whole),
            Some((level, place)) => of.levels.get(level)?.get(*place).map(|(_, figures)| figures),
        }
    }

    /// Moves votes here and in all that this lies in. `None`: there are not so many, or too many; then
    /// nothing has moved.
    pub(super) fn shift(
        &self,
        view: &mut View<'v>,
        contest: &str,
        grown: &BTreeSet<&str>,
        shift: Shift,
        votes: u64,
    ) -> Option<()> {
        let done = self.each(view, contest, |figures| moved(figures, grown, shift, votes));
        if done == self.spots.len() + 1 {
            return Some(());
        }
        // Those that have moved go back.
        let back = Shift { gains: shift.loses, loses: shift.gains };
        let mut left = done;
        self.each(view, contest, |figures| {
            left = left.checked_sub(1)?;
            moved(figures, grown, back, votes)
        });
        None
    }

    /// Runs over the figures of the whole and of all units here, until one cannot; how many could.
    fn each(
        &self,
        view: &mut View<'v>,
        contest: &str,
        mut change: impl FnMut(&mut Figures<'v>) -> Option<()>,
    ) -> usize {
        let Some(of) = view.contests.get_mut(contest) else { return 0 };
        if change(&mut of.whole).is_none() {
            return 0;
        }
        let mut done = 1;
        for (level, place) in &self.spots {
            let figures = of.levels.get_mut(level).and_then(|rows| rows.get_mut(*place));
            if figures.and_then(|(_, figures)| change(figures)).is_none() {
                break;
            }
            done += 1;
        }
        done
    }
}

/// The lines of the form in which a vote more is one more.
pub(super) fn grown(rulebook: &Rulebook) -> BTreeSet<&str> {
    let lines = rulebook.quantities.values().filter_map(|quantity| match quantity {
        Quantity::Line { line, grows: true } => Some(line.as_str()),
        _ => None,
    });
    lines.collect()
}

/// Moves votes in one set of figures, all or nothing.
fn moved(figures: &mut Figures<'_>, grown: &BTreeSet<&str>, shift: Shift, votes: u64) -> Option<()> {
    let gained = shift.gains.map(|list| Some((list, figures.votes.get(list)?.checked_add(votes)?)));
    let lost = shift.loses.map(|list| Some((list, figures.votes.get(list)?.checked_sub(votes)?)));
    let turnout = |number: u64| match shift {
        Shift { gains: Some(_), loses: None } => number.checked_add(votes),
        Shift { gains: None, loses: Some(_) } => number.checked_sub(votes),
        _ => Some(number),
    };
    let counts = |line: &str| grown.contains(line);
    if figures.lines.iter().any(|(line, number)| counts(line) && turnout(*number).is_none()) {
        return None;
    }
    for change in [gained, lost].into_iter().flatten() {
        change?;
    }
    for (list, number) in [gained, lost].into_iter().flatten().flatten() {
        if let Some(votes) = figures.votes.get_mut(list) {
            *votes = number;
            if let Err(place) = figures.standing.binary_search(&list) {
                figures.standing.insert(place, list);
            }
        }
    }
    for (_, number) in figures.lines.iter_mut().filter(|(line, _)| counts(line)) {
        *number = turnout(*number)?;
    }
    Some(())
}
