//! Margins: the fewest votes that change an admission, or the last seat.

mod admission;
mod seat;

pub(crate) use admission::{of_admission, share_of, turn_by_new, turn_by_others};
pub(crate) use seat::of_seats;

use crate::lots::Lots;
use crate::outcome::Margin;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::run::view::View;
use crate::run::{RunOptions, ties};
use crate::tally::Tally;

/// All margins of a tally: of admission, and of the last seats.
///
/// The cost is a search for each list and move, a few thousand allocations without steps: some
/// milliseconds for a dozen lists. A national move of votes is taken to leave regional totals, and
/// so conditions per unit, as they are.
///
/// # Errors
/// As [`crate::run`].
pub fn margins(rulebook: &Rulebook, tally: &Tally) -> Result<Vec<Margin>, Refusal> {
    let options = RunOptions { assume_units_pass: true, ..RunOptions::default() };
    let view = View::new(rulebook, tally)?;
    let outcome = ties::outcome(rulebook, &view, &Lots::none(), &options)?;
    let mut margins = of_admission(rulebook, &view, &outcome);
    margins.extend(of_seats(rulebook, &view, &options)?);
    Ok(margins)
}
