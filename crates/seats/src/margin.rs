//! Margins: the fewest votes that change an admission, or the last seat.
//!
//! Single shares have a closed form (`admission`). Everything else is searched for (`seat`, `search`),
//! unit by unit (`place`); where the rulebook is of a shape for which halving is proved to find the
//! fewest (`argument`), the number is called exact.

mod admission;
mod argument;
mod people;
mod place;
mod search;
mod seat;

pub(crate) use admission::{Asked, of_admission, share_of, turn_by_new, turn_by_others};
pub(crate) use people::of_people;
pub(crate) use seat::of_seats;

use crate::lots::Lots;
use crate::outcome::Margin;
use crate::refusal::Refusal;
use crate::rulebook::{CandidateOrder, Rulebook, StageKind};
use crate::run::view::View;
use crate::run::{RunOptions, ties};
use crate::tally::Tally;
use crate::words::Remark;

/// All margins of a tally: of admission, and of the last seats.
///
/// The cost is a search for each list, move and unit, some thousand passes without steps: milliseconds
/// for a dozen lists, and on a bounded number of passes whatever the tally; a margin whose search
/// was cut short for that says so. Votes of a list contest move, and those of polls in which most votes are elected;
/// other votes for people do not: [`without_margins`] names the stages that ask them.
///
/// # Errors
/// As [`crate::run`].
pub fn margins(rulebook: &Rulebook, tally: &Tally) -> Result<Vec<Margin>, Refusal> {
    let options = RunOptions { assume_units_pass: true, ..RunOptions::default() };
    let view = View::new(rulebook, tally)?;
    let outcome = ties::outcome(rulebook, &view, &Lots::none(), &options)?;
    let mut margins = of_admission(rulebook, &view, &outcome, Asked::All);
    margins.extend(of_seats(rulebook, &view, &options)?);
    margins.extend(of_people(rulebook, &view, &options)?);
    Ok(margins)
}

/// The stages whose result hangs on votes for people that no margin moves (run-offs, ranked ballots, preferences
/// within lists); none: there are no such stages.
pub fn without_margins(rulebook: &Rulebook) -> Option<Remark> {
    let by_people = |kind: &StageKind| match kind {
        StageKind::Runoff(_) | StageKind::Rank(_) => true,
        StageKind::Candidates(rule) => rule.order == CandidateOrder::Votes || rule.jump.is_some(),
        _ => false,
    };
    let stages: Vec<String> =
        rulebook.stages.iter().filter(|stage| by_people(&stage.kind)).map(|stage| stage.id.clone()).collect();
    (!stages.is_empty()).then_some(Remark::NoMargins { stages })
}
