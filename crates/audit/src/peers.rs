//! What other tools compute, for comparison with them. Never a default of this crate.
//!
//! Formulas with their sources; the tools' defects are not reproduced.

mod bravo;
mod samplers;
mod suite;

pub use bravo::{Bravo, wald_sprt};
pub use samplers::{Ticket, first_fraction, next_fraction, rivest, sample_number, tickets};
pub use suite::{PollingStratum, suite_p};
