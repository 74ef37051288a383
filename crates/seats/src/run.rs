//! The stage machine: a tally through a rulebook's stages, in order.
//!
//! One *pass* runs all stages with some ties already settled. A pass that meets a tie that is not
//! settled stops there; [`ties`] then compares the branches, asks for a lot or shows what does not
//! depend on it. A new stage kind is a file beside `admit` and a line in [`machine`].

mod admit;
mod allocate;
mod biproportional;
mod bonus;
pub(crate) mod candidates;
mod cap;
mod compensate;
mod cover;
mod declare;
pub(crate) mod grid;
mod group;
mod grow;
pub(crate) mod machine;
mod minimum;
mod place;
pub(crate) mod plurality;
mod rank;
mod readings;
pub(crate) mod runoff;
mod sum;
pub(crate) mod ties;
mod validity;
pub(crate) mod view;
mod view_ballots;
mod view_check;
mod view_polls;
mod view_rows;

use crate::lots::Lots;
use crate::margin;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::tally::Tally;

/// Assumptions and extras of a run; the default assumes nothing.
#[derive(Debug, Clone, Copy)]
pub struct RunOptions {
    /// Where a share in every unit is asked and the tally has no totals of that level: take it that
    /// every list passes, and say so in the notes. If false, that is refused.
    pub assume_units_pass: bool,
    /// Compute the outcome under every other declared reading.
    pub readings: bool,
    /// Compute the margins of the last seats too: a search for each list (milliseconds for a
    /// parliament). Those of admission are always there.
    pub seat_margins: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { assume_units_pass: false, readings: true, seat_margins: false }
    }
}

/// Puts a tally through a rulebook.
///
/// # Errors
/// [`Refusal`]: what is missing or contradictory, in a sentence. A tie is not an error: see
/// [`Outcome::undetermined`].
pub fn run(rulebook: &Rulebook, tally: &Tally, lots: &Lots) -> Result<Outcome, Refusal> {
    run_with(rulebook, tally, lots, &RunOptions::default())
}

/// As [`run`], with stated assumptions.
///
/// # Errors
/// As [`run`].
pub fn run_with(rulebook: &Rulebook, tally: &Tally, lots: &Lots, options: &RunOptions) -> Result<Outcome, Refusal> {
    let view = view::View::new(rulebook, tally)?;
    let mut outcome = ties::outcome(rulebook, &view, lots, options)?;
    let asked = if options.seat_margins { margin::Asked::All } else { margin::Asked::NotOwn };
    outcome.margins = margin::of_admission(rulebook, &view, &outcome, asked);
    if options.seat_margins {
        outcome.margins.extend(margin::of_seats(rulebook, &view, options)?);
        let people = margin::of_people(rulebook, &view, options)?;
        outcome.notes.extend(people.remark());
        outcome.margins.extend(people.margins);
    }
    if options.readings {
        outcome.readings = readings::readings(rulebook, &view, lots, options, &outcome)?;
    }
    Ok(outcome)
}
