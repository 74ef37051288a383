//! The election of 4 October 2020 in Kyrgyzstan: what was published, and stations that add up to it.
//!
//! **What this is.** Two things. [`Figures`] are the published figures with their sources, exactly as printed,
//! contradictions included (`figures.toml`). [`generate`] makes a [`Story`] of 2,475 *synthetic* stations whose totals are
//! the published ones to the last vote: a register, machine counts, hand counts, turnout, copies, complaints, a ruling.
//!
//! **What this is not.** No station's figures were ever found in public. Nothing here says what happened at a station,
//! and the two worlds are assumptions about what the published totals leave open ([`World`]).
//!
//! **Rules.** Pure: integers only, one seed in the code, no clock, no input but the world. The protocol's lines follow the
//! electoral law's list (copy of the 2005 code, Art. 43); the thresholds and the 120 seats are those of Art. 64 of
//! Constitutional Law No. 68 of 2 July 2011. Sources of every figure: `figures.toml`. What is fact: `README.md`.
//!
//! ```
//! use recount_kg2020::{World, generate};
//!
//! # fn main() -> Result<(), recount_kg2020::GenerateError> {
//! let story = generate(World::Same)?;
//! assert!(story.synthetic);
//! assert_eq!(story.machine.len(), 2_429);
//! assert_eq!(story.machine_totals.voters_took_part, 1_990_753);
//! assert_eq!(story.machine_totals.votes[0], 487_685); // Birimdik
//! # Ok(())
//! # }
//! ```

mod figures;
mod generate;
mod random;
mod split;
mod story;

pub use figures::{
    Complaints, Election, FIGURES_TOML, Figures, FiguresError, Form2, LISTS, ListFigures, Lists, Night, Outside,
    Parliament, Percent, Reach, RulingFigures, Sample, Sitting, Slips, Source, Turnout, TurnoutFigures, UnitFigures,
    Units, round_half_up, truncate,
};
pub use generate::{GenerateError, generate};
pub use story::{
    BallotList, Basis, Complaint, ComplaintCode, HandCount, MachineCount, Minute, NightStatement, Note, ObserverCopy,
    Provenance, RegisterChange, RemovedStation, Ruling, Slip, Station, Story, Territory, Totals, TurnoutStatement,
    Unit, World,
};

/// The register is sealed on this day.
pub const SEALED: &str = "2020-10-02";
/// The polls close: minute 0 of the story.
pub const POLLS_CLOSED: &str = "2020-10-04T20:00:00+06:00";
/// The briefing at which two official results stood side by side: minute 900.
pub const BRIEFING: &str = "2020-10-05T11:00:00+06:00";
