//! Bounds on shares that the full result does not need: rungs on which a partial certificate stands.
//!
//! For each list, its share of all votes for lists is asserted to lie within half a seat, one, two, and so on, each
//! time twice as many, of what was reported, as far as the house has seats. Wide rungs are proved early, by few
//! stations; each that is proved narrows what the list, and everybody else, can have.

use super::build::Builder;
use super::facts::share_of;
use super::{Allocation, Bound, LawError, Shape};
use crate::{AuditError, Ratio};

/// The largest house in parts of which rungs are made.
const MOST: u64 = 10_000;

impl Builder<'_> {
    /// Adds the rungs of a national allocation, and reads bounds that are among the needed assertions.
    pub fn ladder(&mut self, allocation: &mut Allocation) -> Result<(), LawError> {
        // A share of the votes says nothing about a quota in whole votes unless their number is known.
        let silent = matches!(allocation.shape, Shape::Plurality | Shape::RoundedRemainders { .. });
        if silent || allocation.house == 0 || allocation.house > MOST {
            return Ok(());
        }
        // Rungs are of lists that have a column of their own.
        if allocation.cells.iter().enumerate().any(|(at, cells)| *cells != [at]) {
            return Ok(());
        }
        let cells: Vec<usize> = (0..allocation.lists.len()).collect();
        let contest = self.contest(allocation.frame)?;
        let all = contest.sum(&cells)?;
        if all == 0 {
            return Ok(());
        }
        if allocation.unit.is_none() {
            self.rungs(allocation, &cells, all)?;
        }
        // Whole quotas and thresholds of the same base are bounds too.
        for (at, item) in self.items.iter().enumerate().filter(|(_, item)| item.frame == allocation.frame) {
            if let Some((list, share, above)) = read(&item.assertion, &cells)?
                && !allocation.bounds.iter().any(|bound| bound.item == at)
            {
                allocation.bounds.push(Bound { list, share, above, item: at });
            }
        }
        Ok(())
    }

    fn rungs(&mut self, allocation: &mut Allocation, cells: &[usize], all: u64) -> Result<(), LawError> {
        let contest = self.contest(allocation.frame)?;
        // In quarters of a seat, away from the report.
        let parts = allocation.house.checked_mul(4).ok_or(AuditError::Overflow)?;
        for list in cells {
            let exact = u128::from(contest.votes[*list]) * u128::from(parts);
            let (low, high) = (exact / u128::from(all), exact.div_ceil(u128::from(all)));
            let (low, high) = (
                u64::try_from(low).map_err(|_| AuditError::Overflow)?,
                u64::try_from(high).map_err(|_| AuditError::Overflow)?,
            );
            let steps = std::iter::successors(Some(2), |step: &u64| step.checked_mul(2));
            for step in steps.take_while(|step| *step < parts) {
                let rungs = [(low.checked_sub(step).filter(|n| *n > 0), true), (high.checked_add(step), false)];
                for (quarters, above) in rungs {
                    let Some(quarters) = quarters.filter(|n| *n < parts) else { continue };
                    let share = Ratio::new(i128::from(quarters), i128::from(parts))?;
                    let assertion = share_of(&allocation.names[*list], &[*list], cells, share, above)?;
                    if let Some(item) = self.add(allocation.frame, assertion, false)? {
                        allocation.bounds.push(Bound { list: *list, share, above, item });
                    }
                }
            }
        }
        Ok(())
    }
}

/// Reads `T_p > f V` or `T_p < f V`, `V` the votes of these cells.
fn read(assertion: &crate::Assertion, cells: &[usize]) -> Result<Option<(usize, Ratio, bool)>, AuditError> {
    if cells.len() < 3 || !assertion.outside().is_zero() || !assertion.each_card().is_zero() {
        return Ok(None);
    }
    if assertion.terms().iter().any(|(cell, _)| !cells.contains(cell)) {
        return Ok(None);
    }
    // The coefficient that all but one share.
    let by: Vec<Ratio> = cells.iter().map(|cell| assertion.coefficient(*cell)).collect();
    let common = if by[0] == by[1] || by[0] == by[2] { by[0] } else { by[1] };
    let mut odd = (0..by.len()).filter(|at| by[*at] != common);
    let (Some(own), None) = (odd.next(), odd.next()) else { return Ok(None) };
    // x T_p + c (V - T_p) > 0, that is (x - c) T_p > -c V.
    let lead = by[own].minus(common)?;
    if common.is_zero() || lead.is_negative() == common.is_negative() {
        return Ok(None);
    }
    let share = common.negative()?.over(lead)?;
    Ok(Some((own, share, lead.is_positive())))
}
