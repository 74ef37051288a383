//! Margins: the fewest votes that change an admission, or the last seat.
//!
//! Single shares have a closed form (`admission`). Everything else is searched for (`seat`, `search`),
//! unit by unit (`place`); where the rulebook is of a shape for which halving is proved to find the
//! fewest (`argument`), the number is called exact.

mod admission;
mod argument;
mod place;
mod search;
mod seat;

pub(crate) use admission::{Asked, of_admission, share_of, turn_by_new, turn_by_others};
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
/// The cost is a search for each list, move and unit, some thousand passes without steps: milliseconds
/// for a dozen lists, and on a bounded number of passes whatever the tally; a margin whose search
/// was cut short for that says so. Votes of a list contest move; votes for people do not.
///
/// # Errors
/// As [`crate::run`].
pub fn margins(rulebook: &Rulebook, tally: &Tally) -> Result<Vec<Margin>, Refusal> {
    let options = RunOptions { assume_units_pass: true, ..RunOptions::default() };
    let view = View::new(rulebook, tally)?;
    let outcome = ties::outcome(rulebook, &view, &Lots::none(), &options)?;
    let mut margins = of_admission(rulebook, &view, &outcome, Asked::All);
    margins.extend(of_seats(rulebook, &view, &options)?);
    Ok(margins)
}
