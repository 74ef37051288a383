//! The totals as the rulebook reads them.

use recount_tally::claim::ContestIx;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, View};

use crate::error::{CliError, Outcome};

/// Writes the input of `recount seats`, of one contest or of all that the rulebook names.
pub fn write(fold: &Fold, view: View, contest: Option<ContestIx>, emit: impl FnOnce(&str) -> Outcome) -> Outcome {
    let contests = fold.rulebook_contests().into_iter().filter(|ix| contest.is_none_or(|own| own == *ix));
    let totals: Vec<(ContestIx, UnitTotals)> = contests
        .map(|ix| Ok((ix, fold.totals(ix, view)?)))
        .collect::<Result<_, recount_tally::NoOutcome>>()
        .map_err(no)?;
    let borrowed: Vec<(ContestIx, &UnitTotals)> = totals.iter().map(|(ix, totals)| (*ix, totals)).collect();
    let tally = fold.tally_of(&borrowed).map_err(no)?;
    let text = serde_json::to_string_pretty(&tally).map_err(|why| CliError::Environment(why.to_string()))?;
    emit(&format!("{text}\n"))
}

fn no(why: recount_tally::NoOutcome) -> CliError {
    CliError::No(why.to_string())
}
