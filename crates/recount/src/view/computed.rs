//! A view of the count put through the rulebook, once for everything that is shown of it.

use recount_seats::{Margin, Outcome, Possible, Rulebook, Tally};
use recount_tally::claim::ContestIx;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, NoOutcome, View};

use crate::error::{CliError, Outcome as Done};

/// Totals of every contest asked for, and the result if there is one.
pub struct Computed {
    /// Totals per contest.
    pub totals: Vec<(ContestIx, UnitTotals)>,
    /// The tally that went through the rulebook, if one could be made.
    pub tally: Option<Tally>,
    /// The result, or why there is none.
    pub outcome: Result<Outcome, NoOutcome>,
    /// What missing stations can still change, if that can be said.
    pub possible: Vec<Possible>,
}

impl Computed {
    /// The totals of a contest.
    pub fn totals_of(&self, contest: ContestIx) -> Option<&UnitTotals> {
        self.totals.iter().find(|(own, _)| *own == contest).map(|(_, totals)| totals)
    }
}

/// The totals of a contest in a view; a sum that does not fit is a wrong record.
pub fn totals(fold: &Fold, contest: ContestIx, view: View) -> Done<UnitTotals> {
    fold.totals(contest, view).map_err(|why| CliError::No(why.to_string()))
}

/// Puts a view through the rulebook; with the margins of the last seats too.
pub fn compute(fold: &Fold, view: View) -> Done<Computed> {
    let mut all = Vec::new();
    for contest in fold.rulebook_contests() {
        all.push((contest, totals(fold, contest, view)?));
    }
    let borrowed: Vec<(ContestIx, &UnitTotals)> = all.iter().map(|(ix, totals)| (*ix, totals)).collect();
    let tally = fold.tally_of(&borrowed);
    let (tally, outcome) = match tally {
        Ok(tally) => {
            let outcome = fold.outcome_of(&tally);
            (Some(tally), outcome)
        }
        Err(why) => (None, Err(why)),
    };
    let mut possible = Vec::new();
    let outcome = match (fold.law(), &tally, outcome) {
        (Some(law), Some(tally), Ok(mut outcome)) => {
            outcome.margins = margins(&law.rulebook, tally, &outcome);
            possible = possible_changes(&law.rulebook, tally);
            Ok(outcome)
        }
        (_, _, outcome) => outcome,
    };
    Ok(Computed { totals: all, tally, outcome, possible })
}

/// Margins of admission and of the last seats. Where the latter cannot be computed (a stage that has none), those of admission.
pub fn margins(rulebook: &Rulebook, tally: &Tally, outcome: &Outcome) -> Vec<Margin> {
    recount_seats::margins(rulebook, tally).unwrap_or_else(|_| outcome.margins.clone())
}

/// What missing stations can still change; nothing where none is missing.
pub fn possible_changes(rulebook: &Rulebook, tally: &Tally) -> Vec<Possible> {
    if tally.missing.is_empty() {
        return Vec::new();
    }
    recount_seats::what_missing_can_change(rulebook, tally).unwrap_or_default()
}
