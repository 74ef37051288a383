//! Seats by unit and list, and what a stage leaves behind for those after it.

use super::view::View;
use crate::Fraction;
use crate::formula::residual::Residual;
use crate::refusal::Refusal;
use crate::rulebook::Stage;

/// Seats by unit of one level (by id) and by position of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Grid {
    pub level: String,
    pub cells: Vec<Vec<u64>>,
}

impl Grid {
    /// Seats by list over all units.
    pub(crate) fn totals(&self, lists: usize) -> Vec<u64> {
        let mut totals = vec![0u64; lists];
        for row in &self.cells {
            for (total, seats) in totals.iter_mut().zip(row) {
                *total = total.saturating_add(*seats);
            }
        }
        totals
    }

    /// The same seats by unit of a higher level; none where a unit lies in no unit of that level.
    pub(crate) fn up(&self, view: &View<'_>, level: &str) -> Option<Self> {
        if self.level == level {
            return Some(self.clone());
        }
        let mut cells = vec![vec![0u64; view.lists.len()]; view.units(level).len()];
        for (row, unit) in self.cells.iter().zip(view.units(&self.level)) {
            let above = view.above(unit, level)?;
            for (sum, seats) in cells.get_mut(above)?.iter_mut().zip(row) {
                *sum = sum.saturating_add(*seats);
            }
        }
        Some(Self { level: level.to_owned(), cells })
    }
}

/// What a stage with seats has given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// Seats by position of the list, over all units.
    pub seats: Vec<u64>,
    /// The same by unit, where the stage works unit by unit.
    pub grid: Option<Grid>,
    /// All seats of the stage, given or vacant.
    pub house: u64,
    /// Seats that nobody could take.
    pub vacant: u64,
    /// Seats won by people of no list.
    pub unlisted: u64,
    /// Votes left over after full quotas, by position of the list, in whole votes.
    pub rests: Vec<u64>,
    /// The seats beyond full quotas, in the order in which they were given.
    pub residuals: Vec<Residual>,
    /// The quota in votes, of an allocation of the whole.
    pub quota: Option<Fraction>,
}

/// Seats given to units of a level, by their position.
#[derive(Debug, Clone, Default)]
pub(crate) struct ToUnits {
    pub level: String,
    pub seats: Vec<u64>,
}

/// Who may receive seats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// By position of the list: in the whole, or in any unit.
    pub whole: Vec<bool>,
    /// By unit of a level and position, where the condition is about the own unit.
    pub units: Option<(String, Vec<Vec<bool>>)>,
}

impl Admitted {
    /// Who is admitted for seats of the whole.
    pub(crate) fn in_whole(&self, admit: &str, stage: &Stage) -> Result<&[bool], Refusal> {
        match &self.units {
            None => Ok(&self.whole),
            Some((level, _)) => Err(Refusal::AdmittedElsewhere {
                stage: stage.id.clone(),
                admit: admit.to_owned(),
                level: level.clone(),
            }),
        }
    }

    /// Who is admitted for seats of one unit of `level`.
    pub(crate) fn in_unit(&self, admit: &str, stage: &Stage, level: &str, unit: usize) -> Result<&[bool], Refusal> {
        match &self.units {
            None => Ok(&self.whole),
            Some((own, rows)) if own == level => Ok(rows.get(unit).map_or(&[], Vec::as_slice)),
            Some(_) => self.in_whole(admit, stage),
        }
    }
}
