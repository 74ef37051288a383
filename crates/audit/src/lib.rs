//! Risk-limiting audits of parliaments, as pure functions.

pub mod assertion;
pub mod batch;
pub mod comparison;
mod error;
pub mod generate;
pub mod oneaudit;
pub mod peers;
mod ratio;
pub mod risk;
pub mod sample;
mod scaled;

pub use assertion::{Assertion, Assorter, BallotRule, Rests, Source};
pub use error::AuditError;
pub use ratio::Ratio;
