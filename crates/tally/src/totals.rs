//! Totals per unit, with their coverage; kept up to date statement by statement, or made afresh, with the same answer.

use std::collections::BTreeMap;

use recount_election::{Columns, Figures, StationIx, UnitIx};
use thiserror::Error;

use crate::claim::ContestIx;
use crate::count::{Reason, StationCount, View};
use crate::fold::Fold;

/// A total that cannot be formed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TotalsError {
    /// A sum does not fit.
    #[error("a total of contest \"{contest}\" is too large to be held exactly")]
    Overflow {
        /// The contest.
        contest: String,
    },
}

/// Sums per column, each with the number of stations that stated it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums(Vec<(u64, u64)>);

impl Sums {
    fn new(columns: &Columns) -> Sums {
        Sums(vec![(0, 0); columns.len()])
    }

    /// The sum of a line; `None` if no station stated it.
    pub fn line(&self, columns: &Columns, code: &str) -> Option<u64> {
        columns.line(code).and_then(|column| self.at(column.index()))
    }

    /// The votes of a list; `None` if no station stated them.
    pub fn list(&self, columns: &Columns, id: &str) -> Option<u64> {
        columns.list(id).and_then(|column| self.at(column.index()))
    }

    /// The sum of a column by position.
    pub fn at(&self, column: usize) -> Option<u64> {
        self.0.get(column).filter(|(_, stated)| *stated > 0).map(|(sum, _)| *sum)
    }

    /// Adds figures once; `None` on overflow.
    pub fn add(&mut self, figures: &Figures) -> Option<()> {
        for ((sum, stated), figure) in self.0.iter_mut().zip(figures.iter()) {
            if let Some(n) = figure {
                *sum = sum.checked_add(n)?;
                *stated += 1;
            }
        }
        Some(())
    }

    /// Takes away figures that were added before; `None` if they were not.
    pub fn take(&mut self, figures: &Figures) -> Option<()> {
        for ((sum, stated), figure) in self.0.iter_mut().zip(figures.iter()) {
            if let Some(n) = figure {
                *sum = sum.checked_sub(n)?;
                *stated = stated.checked_sub(1)?;
            }
        }
        Some(())
    }

    fn merge(&mut self, other: &Sums) -> Option<()> {
        for ((sum, stated), (n, by)) in self.0.iter_mut().zip(&other.0) {
            *sum = sum.checked_add(*n)?;
            *stated += by;
        }
        Some(())
    }
}

/// How much of what was expected is there: three numbers, never one percent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Stations on the register where the contest is held.
    pub expected: u64,
    /// Stations from which anything was received.
    pub received: u64,
    /// Stations whose figures count.
    pub countable: u64,
    /// Stations that are not countable, by reason.
    pub reasons: BTreeMap<&'static str, u64>,
    /// Stations where claims conflict.
    pub conflicts: u64,
    /// Stations where something that stands was signed by a suspect key.
    pub suspect: u64,
    /// Voters on the register of all expected stations, as far as it says.
    pub voters: u64,
    /// Voters on the register of stations that are not countable.
    pub voters_uncounted: u64,
}

impl Coverage {
    fn note(&mut self, count: &StationCount, voters: u64, add: bool) -> Option<()> {
        let step = |n: &mut u64, by: u64| {
            *n = if add { n.checked_add(by) } else { n.checked_sub(by) }?;
            Some(())
        };
        step(&mut self.expected, 1)?;
        step(&mut self.voters, voters)?;
        step(&mut self.received, u64::from(count.received))?;
        step(&mut self.conflicts, u64::from(count.rivals > 0))?;
        step(&mut self.suspect, u64::from(count.suspect))?;
        match count.reason {
            None => step(&mut self.countable, 1),
            Some(reason) => {
                step(&mut self.voters_uncounted, voters)?;
                let entry = self.reasons.entry(reason.code()).or_default();
                step(entry, 1)?;
                if *entry == 0 {
                    self.reasons.remove(reason.code());
                }
                Some(())
            }
        }
    }

    fn merge(&mut self, other: &Coverage) -> Option<()> {
        for (n, by) in [
            (&mut self.expected, other.expected),
            (&mut self.received, other.received),
            (&mut self.countable, other.countable),
            (&mut self.conflicts, other.conflicts),
            (&mut self.suspect, other.suspect),
            (&mut self.voters, other.voters),
            (&mut self.voters_uncounted, other.voters_uncounted),
        ] {
            *n = n.checked_add(by)?;
        }
        for (reason, n) in &other.reasons {
            *self.reasons.entry(reason).or_default() += n;
        }
        Some(())
    }
}

/// Sums and coverage of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitTotal {
    /// Sums per column.
    pub sums: Sums,
    /// What they rest on.
    pub coverage: Coverage,
}

impl UnitTotal {
    fn new(columns: &Columns) -> UnitTotal {
        UnitTotal { sums: Sums::new(columns), coverage: Coverage::default() }
    }
}

/// Totals of one contest in one view, by unit. Units without stations of the contest have none.
pub type UnitTotals = BTreeMap<UnitIx, UnitTotal>;

/// Totals that are kept up to date while statements are folded.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    kept: BTreeMap<(ContestIx, View), UnitTotals>,
    broken: bool,
}

impl Fold {
    /// The totals of a contest in a view, made afresh from the standing of every station.
    ///
    /// # Errors
    /// A sum that does not fit.
    pub fn totals(&self, contest: ContestIx, view: View) -> Result<UnitTotals, TotalsError> {
        let geography = self.ledger().register().geography();
        let Some(state) = self.contest(contest) else { return Ok(UnitTotals::new()) };
        let too_large = || TotalsError::Overflow { contest: state.id.clone() };
        let mut slots: Vec<Option<UnitTotal>> = vec![None; geography.units().len()];
        for (station, n) in geography.stations().iter().zip(0u32..) {
            if let Some(slot) = slots.get_mut(station.unit.0 as usize) {
                self.add_station(StationIx(n), contest, view, slot).ok_or_else(too_large)?;
            }
        }
        // A unit stands after the one above it, so one pass from the end carries everything up.
        for at in (0..slots.len()).rev() {
            let parent = geography.units().get(at).and_then(|unit| unit.parent);
            let Some(parent) = parent else { continue };
            // The parent lies before its units, so the two can be held at once.
            let (before, from) = slots.split_at_mut(at);
            let (Some(above), Some(Some(total))) = (before.get_mut(parent.0 as usize), from.first()) else { continue };
            let above = above.get_or_insert_with(|| UnitTotal::new(&state.columns));
            above.sums.merge(&total.sums).ok_or_else(too_large)?;
            above.coverage.merge(&total.coverage).ok_or_else(too_large)?;
        }
        let numbered = slots.into_iter().zip(0u32..);
        Ok(numbered.filter_map(|(total, n)| total.map(|total| (UnitIx(n), total))).collect())
    }

    /// The total of one unit alone; `None` where no station of it holds the contest.
    ///
    /// # Errors
    /// A sum that does not fit.
    pub fn total_of_unit(
        &self,
        contest: ContestIx,
        view: View,
        unit: UnitIx,
    ) -> Result<Option<UnitTotal>, TotalsError> {
        let mut total = None;
        for station in self.ledger().register().geography().stations_within(unit) {
            let added = self.add_station(station, contest, view, &mut total);
            added.ok_or_else(|| TotalsError::Overflow {
                contest: self.contest(contest).map_or(String::new(), |state| state.id.clone()),
            })?;
        }
        Ok(total)
    }

    /// Adds what a station contributes; `None` on overflow.
    fn add_station(
        &self,
        station: StationIx,
        contest: ContestIx,
        view: View,
        to: &mut Option<UnitTotal>,
    ) -> Option<()> {
        let Some(state) = self.contest(contest).filter(|_| self.is_expected(station, contest)) else { return Some(()) };
        let count = self.count_station(station, contest, view);
        let voters = self.ledger().register().voters(station, u64::from(count.poll)).unwrap_or(0);
        let total = to.get_or_insert_with(|| UnitTotal::new(&state.columns));
        total.coverage.note(&count, voters, true)?;
        match &count.figures {
            Some(figures) => total.sums.add(figures),
            None => Some(()),
        }
    }

    /// The same totals, kept: later statements change them in place.
    ///
    /// # Errors
    /// A sum that does not fit.
    pub fn keep_totals(&mut self, contest: ContestIx, view: View) -> Result<&UnitTotals, TotalsError> {
        if self.totals.as_ref().is_some_and(|totals| totals.broken) {
            self.totals = None;
        }
        let there = self.totals.as_ref().is_some_and(|totals| totals.kept.contains_key(&(contest, view)));
        if !there {
            let fresh = self.totals(contest, view)?;
            self.totals.get_or_insert_default().kept.insert((contest, view), fresh);
        }
        static EMPTY: UnitTotals = UnitTotals::new();
        Ok(self.kept_totals(contest, view).unwrap_or(&EMPTY))
    }

    /// Totals that are kept already.
    pub(crate) fn kept_totals(&self, contest: ContestIx, view: View) -> Option<&UnitTotals> {
        self.totals.as_ref().and_then(|totals| totals.kept.get(&(contest, view)))
    }

    /// Makes a change at one station and carries it into the totals that are kept.
    pub(crate) fn change(&mut self, station: StationIx, change: impl FnOnce(&mut Fold)) {
        self.change_all(&[station], change);
    }

    /// Makes a change at some stations and carries it into the totals that are kept.
    pub(crate) fn change_all(&mut self, stations: &[StationIx], change: impl FnOnce(&mut Fold)) {
        let Some(mut totals) = self.totals.take() else { return change(self) };
        for station in stations {
            totals.note(self, *station, false);
        }
        change(self);
        for station in stations {
            totals.note(self, *station, true);
        }
        self.totals = (!totals.broken).then_some(totals);
    }
}

impl Totals {
    fn note(&mut self, fold: &Fold, station: StationIx, add: bool) {
        for ((contest, view), totals) in &mut self.kept {
            if !fold.is_expected(station, *contest) {
                continue;
            }
            let count = fold.count_station(station, *contest, *view);
            let voters = fold.ledger().register().voters(station, u64::from(count.poll)).unwrap_or(0);
            for unit in fold.units_above(station) {
                let done = totals.get_mut(&unit).and_then(|total| {
                    total.coverage.note(&count, voters, add)?;
                    match &count.figures {
                        None => Some(()),
                        Some(figures) if add => total.sums.add(figures),
                        Some(figures) => total.sums.take(figures),
                    }
                });
                // What cannot be carried is made afresh when it is next asked for, and fails there with its reason.
                self.broken |= done.is_none();
            }
        }
    }
}

/// The reason of a station as it stands in [`Coverage::reasons`].
pub fn reason_code(reason: Option<Reason>) -> &'static str {
    reason.map_or("countable", Reason::code)
}
