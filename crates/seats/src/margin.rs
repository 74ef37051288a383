//! Margins: the fewest votes that change an admission, or the last seat.
//!
//! Single shares have a closed form (`admission`). Everything else is searched for (`seat`, `search`),
//! unit by unit (`place`); where the rulebook is of a shape for which halving is proved to find the
//! fewest (`argument`), the number is called exact. For people (`race`) all points are looked at where a
//! comparison changes: in polls (`people`), run-offs (`runoff`) and within lists (`preferences`). Of ranked
//! papers a number is bounded from below by a proof and from above by a count that was made (`ranked`).

mod admission;
mod argument;
mod people;
mod place;
mod preferences;
mod race;
mod ranked;
mod runoff;
mod search;
mod seat;

pub(crate) use admission::{Asked, of_admission, share_of, turn_by_new, turn_by_others};
pub(crate) use seat::of_seats;

use crate::lots::Lots;
use crate::outcome::Margin;
use crate::ranked::RankMethod;
use crate::refusal::Refusal;
use crate::rulebook::{CandidateOrder, Rulebook, SeatCount, StageKind};
use crate::run::view::View;
use crate::run::{RunOptions, ties};
use crate::tally::Tally;
use crate::words::Remark;

/// All margins of a tally: of admission, and of the last seats.
///
/// The cost is a search for each list, move and unit, some thousand passes without steps: milliseconds
/// for a dozen lists, and on a bounded number of passes whatever the tally; a margin whose search
/// was cut short for that says so. Votes of a list contest move, and those for people: in polls and both rounds of
/// run-offs, within lists, and ranked papers; [`without_margins`] names the stages where they hardly do.
///
/// # Errors
/// As [`crate::run`].
pub fn margins(rulebook: &Rulebook, tally: &Tally) -> Result<Vec<Margin>, Refusal> {
    let options = RunOptions { assume_units_pass: true, ..RunOptions::default() };
    let view = View::new(rulebook, tally)?;
    let outcome = ties::outcome(rulebook, &view, &Lots::none(), &options)?;
    let mut margins = of_admission(rulebook, &view, &outcome, Asked::All);
    margins.extend(of_seats(rulebook, &view, &options)?);
    margins.extend(of_people(rulebook, &view, &options)?.margins);
    Ok(margins)
}

/// The stages that count ranked papers with surpluses: no margin is computed but a bound of those elected at the first
/// count; none: there are no such stages.
pub fn without_margins(rulebook: &Rulebook) -> Option<Remark> {
    let passes_on = |kind: &StageKind| match kind {
        StageKind::Rank(rank) => rank.rules.method != RankMethod::Irv && rank.seats != SeatCount::Fixed(1),
        _ => false,
    };
    let stages: Vec<String> =
        rulebook.stages.iter().filter(|stage| passes_on(&stage.kind)).map(|stage| stage.id.clone()).collect();
    (!stages.is_empty()).then_some(Remark::NoMargins { stages })
}

/// What is told of those who stand by name.
#[derive(Default)]
pub(crate) struct People {
    pub margins: Vec<Margin>,
    /// How many were not asked about, because the work that margins may cost was used up.
    unasked: u64,
}

impl People {
    /// What is to be said of those who were not asked about.
    pub(crate) fn remark(&self) -> Option<Remark> {
        (self.unasked > 0).then_some(Remark::PeopleUnasked { people: self.unasked })
    }
}

/// The margins of everybody who stands by name.
pub(crate) fn of_people(rulebook: &Rulebook, view: &View<'_>, options: &RunOptions) -> Result<People, Refusal> {
    let mut told = People::default();
    people::of_polls(rulebook, view, options, &mut told)?;
    runoff::of_runoffs(rulebook, view, options, &mut told)?;
    let votes_decide = |kind: &StageKind| match kind {
        StageKind::Candidates(rule) => rule.order == CandidateOrder::Votes || rule.jump.is_some(),
        kind => matches!(kind, StageKind::Rank(_)),
    };
    if rulebook.stages.iter().any(|stage| votes_decide(&stage.kind))
        && let Some(pass) = ties::settled(rulebook, view, options)?
    {
        preferences::of_preferences(&pass.chairs, &mut told);
        told.margins.extend(ranked::of_ranked(rulebook, view, &pass.stages));
    }
    Ok(told)
}
