//! Pieces that several commands show, each as lines for people and as JSON for scripts.
//!
//! `opening` says what was read, `coverage` how much of what was expected is there, `totals` the votes with their bases,
//! `outcome` what the rulebook makes of them, `state` what was declared and ruled, `conflicts` where statements contradict each
//! other. [`computed`] puts a view of the count through the rulebook once, for all of them.

pub use recount_tally::base as bases;
pub mod computed;
pub mod conflicts;
pub mod coverage;
pub mod names;
pub mod opening;
pub mod outcome;
pub mod sources;
pub mod state;
pub mod statements;
pub mod steps;
pub mod totals;
pub mod turnout;
pub mod uncounted;
