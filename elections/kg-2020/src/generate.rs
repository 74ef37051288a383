//! The generator: synthetic stations under published totals.
//!
//! Order of work: the register per unit (from the 14:00 turnout), stations and voters, a table unit by list with the
//! published totals, its split into stations counted by hand and the others, the counts of each station, the statements.

mod assumed;
mod counts;
mod events;
mod hand;
mod protocol;
mod register;

use crate::figures::{Figures, FiguresError, LISTS};
use crate::story::{BallotList, Story, World};

/// Columns of every table: the lists, against all, invalid or unread.
pub(crate) const COLUMNS: usize = LISTS + 2;
/// Column of the votes against all.
pub(crate) const AGAINST_ALL: usize = LISTS;
/// Column of the ballots that are invalid or unread.
pub(crate) const INVALID: usize = LISTS + 1;

/// Seed of every synthetic figure. Another seed gives other stations under the same totals.
const SEED: u64 = 20_201_004;

/// Why no story could be generated.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GenerateError {
    /// The published figures cannot be read.
    #[error(transparent)]
    Figures(#[from] FiguresError),
    /// No whole numbers satisfy the figures given: a figure or an assumption was changed to something impossible.
    #[error("no whole numbers satisfy the published figures here: {0}")]
    Infeasible(&'static str),
    /// A number is larger than an election can have.
    #[error("a figure is too large to compute with")]
    Overflow,
    /// A time is not one of 4 or 5 October 2020.
    #[error("time {0:?}: write it as 2020-10-04T14:00:00+06:00")]
    Time(String),
}

/// Makes the story of one world. The same world gives the same story, always.
///
/// # Errors
/// [`GenerateError`] if the committed figures are unreadable or contradict the assumptions; tests keep both sound.
pub fn generate(world: World) -> Result<Story, GenerateError> {
    let figures = Figures::published()?;
    let register = register::build(&figures)?;
    let targets = hand::targets(&figures, &register)?;
    let machine = counts::machine(&figures, &register, &targets, world)?;
    let hand = hand::counts(&register, &targets, &machine, world)?;
    let machine_counts = counts::statements(&figures, &register, &machine)?;
    let hand_counts = protocol::statements(&register, &hand, &machine_counts)?;
    Ok(Story {
        synthetic: true,
        world,
        provenance: assumed::provenance(),
        lists: ballot(&figures),
        machine_totals: counts::totals(&machine_counts),
        hand_totals: protocol::totals(&hand_counts),
        hand_alternative: targets.alternative()?,
        turnout: events::turnout(&figures)?,
        night: events::night(&figures),
        briefing_minute: events::BRIEFING_MINUTE,
        copies: events::copies(&hand_counts)?,
        complaints: events::complaints(&figures, &register)?,
        ruling: events::ruling(&figures),
        notes: events::notes(&figures),
        zardaly: register.stations[register.zardaly].id.clone(),
        units: register.units,
        territories: register.territories,
        stations: register.stations,
        register_change: register.change,
        machine: machine_counts,
        hand: hand_counts,
    })
}

fn ballot(figures: &Figures) -> Vec<BallotList> {
    figures
        .lists
        .list
        .iter()
        .map(|list| BallotList {
            id: list.id.clone(),
            kyrgyz: list.kyrgyz.clone(),
            russian: list.russian.clone(),
            english: list.english.clone(),
        })
        .collect()
}
