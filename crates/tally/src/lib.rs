//! From statements to a count: which statement stands, totals with their coverage, conflicts, and the result under the law.
//!
//! The [`Fold`] is a pure function of the first N entries of a record, built one statement at a time. Everything that Recount
//! shows is read from it: [standing], [what a station contributes](count), [totals], the
//! [outcome], [declarations computed again](declaration), [differences between two sizes](diff), the
//! [dense tree of stations](tree). It holds no files, no network and no clock.
//!
//! Order of thought, which is the order of the modules: a *claim* is an authorised protocol; of several claims in one *slot*
//! (poll, contest, part, source) of a station one *stands*; a station *contributes* the sum of its parts in the source that
//! decides, unless a ruling says otherwise; contributions add up to *totals* per unit; totals go through the rulebook.

pub mod base;
pub mod chronicle;
pub mod claim;
pub mod compare;
pub mod count;
pub mod declaration;
pub mod diff;
pub mod effects;
pub mod findings;
pub mod fold;
pub mod history;
pub mod outcome;
pub mod rivals;
pub mod standing;
pub mod totals;
pub mod tree;
mod turned;
pub mod what_if;

pub use count::{Reason, Source, View};
pub use fold::{Blobs, Fold};
pub use outcome::NoOutcome;
