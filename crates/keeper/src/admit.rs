//! Admission: what may be appended at all. Whether it then has an effect is another question, which the fold answers.

use std::collections::HashMap;

use recount_log::Hash;
use recount_record::ledger::KeyIx;
use recount_record::{Entry, EntryError, VoidReason};
use recount_tally::Fold;

use crate::recorder::VOID_QUOTA;

/// A statement that somebody wants to file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The signed note.
    pub bytes: Vec<u8>,
    /// Every signature line was computed already and is right under the key that the record knows by that name. A key never
    /// changes once it is known, so this stays true.
    pub verified: bool,
}

impl Submission {
    /// A statement of which nothing was checked yet.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Submission {
        Submission { bytes, verified: false }
    }
}

/// Why a statement is not appended. The signer keeps the signed note and can show it together with the refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not read as a statement.
    #[error("{0}")]
    Malformed(EntryError),
    /// It names another record's charter, or is a second charter.
    #[error("it belongs to another record, or is a second charter")]
    OtherRecord,
    /// A signature by a key that the record does not know.
    #[error("signed by \"{0}\", whom no earlier statement appointed")]
    UnknownSigner(String),
    /// A signature that does not verify.
    #[error("the signature of \"{0}\" is wrong")]
    BadSignature(String),
    /// The record does not begin with this charter.
    #[error("{0}")]
    Charter(String),
    /// One of its signers has filed too many statements without effect.
    #[error("\"{0}\" has used up its quota of void statements")]
    VoidQuota(String),
}

impl Refusal {
    /// A word for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Malformed(EntryError::TooLarge(_)) => "too-large",
            Refusal::Malformed(_) => "malformed",
            Refusal::OtherRecord => "other-record",
            Refusal::UnknownSigner(_) => "unknown-signer",
            Refusal::BadSignature(_) => "bad-signature",
            Refusal::Charter(_) => "no-charter",
            Refusal::VoidQuota(_) => "over-quota",
        }
    }
}

impl From<VoidReason> for Refusal {
    fn from(why: VoidReason) -> Refusal {
        match why {
            VoidReason::UnknownSigner { key } => Refusal::UnknownSigner(key),
            VoidReason::BadSignature { key } => Refusal::BadSignature(key),
            other => Refusal::Charter(other.to_string()),
        }
    }
}

/// A statement that passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// It is new; its identity.
    New(Hash),
    /// The same statement is in the record already.
    Duplicate(u64),
}

/// Void statements so far, by first signer.
pub(crate) type Voids = HashMap<KeyIx, usize>;

/// Whether a statement may be appended to the record as the fold knows it: it must read as a statement, of this record, signed
/// only by keys that the record knows, with right signatures, by signers within their quota.
pub(crate) fn admit(fold: &Fold, voids: &Voids, submission: &Submission) -> Result<Admitted, Refusal> {
    let entry = Entry::parse(&submission.bytes).map_err(Refusal::Malformed)?;
    if let Some(index) = fold.ledger().find(&entry.id) {
        return Ok(Admitted::Duplicate(index));
    }
    match fold.ledger().charter() {
        None => {}
        Some((charter, _)) if entry.statement.charter == Some(*charter) => {}
        Some(_) => return Err(Refusal::OtherRecord),
    }
    fold.signatures(&entry, submission.verified)?;
    for line in &entry.lines {
        let signer = fold.ledger().keys().find(line.name()).map(|(ix, _)| ix);
        if signer.and_then(|ix| voids.get(&ix)).is_some_and(|count| *count >= VOID_QUOTA) {
            return Err(Refusal::VoidQuota(line.name().to_owned()));
        }
    }
    Ok(Admitted::New(entry.id))
}

/// How many statements can be judged together: up to and including the first that changes authority.
pub(crate) fn run_length(submissions: &[Submission]) -> usize {
    let changes = |bytes: &[u8]| Entry::parse(bytes).is_ok_and(|entry| entry.statement.kind.changes_authority());
    // Most statements are protocols: a look at the kind is cheaper than reading all of it twice.
    let may_change =
        |bytes: &[u8]| !std::str::from_utf8(bytes).is_ok_and(|text| text.contains("\"kind\":\"protocol\""));
    let first = submissions.iter().position(|own| may_change(&own.bytes) && changes(&own.bytes));
    first.map_or(submissions.len(), |at| at + 1)
}
