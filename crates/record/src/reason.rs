//! Why a statement has no effect.

use thiserror::Error;

use crate::entry::EntryError;
use crate::statement::Role;

/// The reason for which a statement is void. It stays in the record, visible, with this reason.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VoidReason {
    /// It cannot be read as a statement.
    #[error("unreadable: {0}")]
    Unreadable(EntryError),
    /// The first entry of the record is not a charter of this log.
    #[error("the record does not begin with its charter: {0}")]
    NoCharter(&'static str),
    /// A charter after the first one.
    #[error("a record has one charter, its first statement")]
    SecondCharter,
    /// It names another record's charter.
    #[error("it belongs to another record")]
    OtherRecord,
    /// The same text is in the record already.
    #[error("the same statement stands at {of}")]
    Duplicate {
        /// Index of the earlier one.
        of: u64,
    },
    /// A signature by a key that the record does not know.
    #[error("signed by \"{key}\", whom no earlier statement appointed")]
    UnknownSigner {
        /// Name in the signature line.
        key: String,
    },
    /// A signature that does not verify.
    #[error("the signature of \"{key}\" is wrong")]
    BadSignature {
        /// The key.
        key: String,
    },
    /// No signer held a role that may say this, there, at this index.
    #[error("no signer may say this here: {needed}")]
    NoAuthority {
        /// Who may.
        needed: String,
    },
    /// Fewer signers than the charter asks of this role.
    #[error("{have} of {need} signatures by the role {}", role.name())]
    TooFewSigners {
        /// The role.
        role: Role,
        /// Distinct signers.
        have: u64,
        /// Needed.
        need: u64,
    },
    /// The body does not exist at this index.
    #[error("no body \"{0}\" at this index")]
    NoSuchBody(String),
    /// A claim to be a body, by others than its seats (or, where it is composed anew, than a body above it).
    #[error("a rival claim to be the body \"{0}\"")]
    RivalBody(String),
    /// Fewer seats signed for it than the body's majority.
    #[error("{have} of \"{body}\" signed, {need} are needed")]
    NoMajority {
        /// The body.
        body: String,
        /// Seats whose signatures stand.
        have: u64,
        /// The body's majority.
        need: u64,
    },
    /// By its own claim, fewer seats were present than the quorum.
    #[error("\"{body}\" had {present} seats present, its quorum is {need}")]
    NoQuorum {
        /// The body.
        body: String,
        /// Seats present: those that signed, or as claimed if more.
        present: u64,
        /// The quorum.
        need: u64,
    },
    /// A body decides about a ruling of a body of the same or a higher rank, or gives a rank that it does not stand above.
    #[error("a body may overturn only rulings of a lower one, and give only a lower rank")]
    Rank,
    /// The name belongs to another key, or the key to another name.
    #[error("\"{0}\": one name, one key")]
    NameTaken(String),
    /// A key that is not known is to be revoked.
    #[error("no key \"{0}\" in this record")]
    NoSuchKey(String),
    /// A register row that does not fit what is listed.
    #[error("register: {0}")]
    Register(String),
    /// The seal's counts or root are not those of the register.
    #[error("the seal does not fit the register: {0}")]
    Seal(String),
    /// A station, unit, contest, list, part, source or line that is not listed.
    #[error("{what} \"{id}\" is not listed")]
    NotListed {
        /// What kind of thing.
        what: &'static str,
        /// Its identifier.
        id: String,
    },
    /// A statement named by index is not there, or is of another kind.
    #[error("statement {index} is not {what}")]
    NotThat {
        /// The index.
        index: u64,
        /// What it would have to be.
        what: &'static str,
    },
    /// The clock went backwards or ticked within the same minute.
    #[error("the clock said {before} before")]
    Clock {
        /// Its last time.
        before: u64,
    },
    /// The poll is not open at this place.
    #[error("poll {0} is not open there")]
    PollNotOpen(u64),
    /// A figure in it does not fit.
    #[error("figures: {0}")]
    Figures(String),
    /// A blob that it needs is missing or cannot be read.
    #[error("blob: {0}")]
    Blob(String),
}

impl VoidReason {
    /// Whether it is void only for want of signatures: then the same text may come again with better ones.
    pub fn lacks_signatures(&self) -> bool {
        matches!(
            self,
            VoidReason::UnknownSigner { .. }
                | VoidReason::BadSignature { .. }
                | VoidReason::NoAuthority { .. }
                | VoidReason::TooFewSigners { .. }
                | VoidReason::NoSuchBody(_)
                | VoidReason::RivalBody(_)
                | VoidReason::NoMajority { .. }
                | VoidReason::NoQuorum { .. }
        )
    }

    /// A word for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            VoidReason::Unreadable(_) => "unreadable",
            VoidReason::NoCharter(_) => "no_charter",
            VoidReason::SecondCharter => "second_charter",
            VoidReason::OtherRecord => "other_record",
            VoidReason::Duplicate { .. } => "duplicate",
            VoidReason::UnknownSigner { .. } => "unknown_signer",
            VoidReason::BadSignature { .. } => "bad_signature",
            VoidReason::NoAuthority { .. } => "no_authority",
            VoidReason::TooFewSigners { .. } => "too_few_signers",
            VoidReason::NoSuchBody(_) => "no_such_body",
            VoidReason::RivalBody(_) => "rival_body",
            VoidReason::NoMajority { .. } => "no_majority",
            VoidReason::NoQuorum { .. } => "no_quorum",
            VoidReason::Rank => "rank",
            VoidReason::NameTaken(_) => "name_taken",
            VoidReason::NoSuchKey(_) => "no_such_key",
            VoidReason::Register(_) => "register",
            VoidReason::Seal(_) => "seal",
            VoidReason::NotListed { .. } => "not_listed",
            VoidReason::NotThat { .. } => "not_that",
            VoidReason::Clock { .. } => "clock",
            VoidReason::PollNotOpen(_) => "poll_not_open",
            VoidReason::Figures(_) => "figures",
            VoidReason::Blob(_) => "blob",
        }
    }
}
