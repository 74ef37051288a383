//! Audits in a record: everything about an audit is a statement, and everything else follows.
//!
//! 1. [`plan`]: a note `audit.plan` names two blobs by hash: the plan (risk limit, bet rule, bases, the
//!    assertions' hash, the size of the record that is audited) and the [`manifest`] (every station with its
//!    bound and its reported figures). Both follow from the record at that size; anyone derives them again.
//! 2. [`trail`]: notes `audit.seed` bring contributions to the seed, a note `audit.draw` closes them. Only what
//!    stands between the plan and the first draw counts.
//! 3. The sample follows from seed and manifest.
//! 4. [`findings`]: protocols of the source `recount`, and notes `audit.unavailable` and `audit.mixed`.
//! 5. [`assess`]: the risk of every assertion and the seats that are proved, at any size of the record.
//! 6. Notes `audit.assessed` and `audit.completed` say what came out; [`check`] computes them again.
//!
//! [`effort`] simulates what an audit will cost; [`page`] tells it to everybody.
//!
//! The crate holds no files, no network and no clock. The statistics are those of `recount-audit`.

pub mod assess;
pub mod check;
mod counted;
pub mod effort;
pub mod findings;
pub mod formula;
pub mod frames;
pub mod manifest;
pub mod page;
pub mod plan;
pub mod propose;
pub mod running;
pub mod trail;

use recount_audit::AuditError;
use recount_audit::law::LawError;

/// Why an audit cannot be planned or assessed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The law's result cannot be audited from stations.
    #[error("{0}")]
    Law(#[from] LawError),
    /// A computation was refused.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The record does not give what an audit needs.
    #[error("{0}")]
    Record(String),
    /// A plan or manifest that cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

pub(crate) fn record<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Record(why.into()))
}
