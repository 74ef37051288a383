//! What can go wrong with a stored record, and whose business it is.

use std::path::{Path, PathBuf};

use recount_log::Hash;

/// Whose business an error is; the command line turns it into an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The record is not what it claims to be, or is not safe to write to: the answer is "no" (exit code 1 when verifying).
    Record,
    /// The call or what it was given is wrong (exit code 2).
    Input,
    /// The machine, its disk or the network failed (exit code 3).
    Environment,
}

/// A checkpoint by its two figures, for messages that set two of them side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of entries.
    pub size: u64,
    /// The root hash over them.
    pub root: Hash,
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "size {} with root {}", self.size, self.root)
    }
}

/// Everything that reading, writing or watching a record can report.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The directory holds no record.
    #[error("{dir}: no record here (no checkpoint): name a record's directory or address, or make one with `recount init`", dir = .0.display())]
    NotARecord(PathBuf),
    /// A record is to be made where something exists already.
    #[error("{dir}: not empty: a record is made in a new or an empty directory", dir = .0.display())]
    Exists(PathBuf),
    /// A creation stopped before the first checkpoint was committed.
    #[error("{dir}: making this record stopped half way and nothing was recorded yet: remove the directory and make the record again", dir = .0.display())]
    Unfinished(PathBuf),
    /// Another writer holds the record.
    #[error("{dir}: another process is writing this record (private/lock is held): a record has exactly one writer", dir = .0.display())]
    Locked(PathBuf),
    /// The private database is gone, while a public side exists.
    #[error("{path}: the writer's database is missing: without it nobody can tell what was signed last; restore it, or open a new record that names this one", path = .0.display())]
    HeadMissing(PathBuf),
    /// The private database cannot be read or contradicts itself.
    #[error("{path}: the writer's database is damaged ({why}): refusing to sign", path = .path.display())]
    HeadBroken {
        /// The database file.
        path: PathBuf,
        /// What does not fit.
        why: String,
    },
    /// The key given is not the record's log key.
    #[error("this record is signed with the log key {expected}, not with {given}")]
    OtherKey {
        /// The verifier key that the record was made with.
        expected: String,
        /// The verifier key of the key that was given.
        given: String,
    },
    /// The checkpoint names another log.
    #[error("{path}: the checkpoint is of the log `{found}`, not of `{expected}`")]
    OtherOrigin {
        /// The file.
        path: String,
        /// The origin that was expected.
        expected: String,
        /// The origin found.
        found: String,
    },
    /// What was published is larger than what the database knows.
    #[error(
        "published is {published}, but the writer's database stands at {head}: private/ is an older copy; writing on would fork the record. Restore the newest private/"
    )]
    PublishedNewer {
        /// The database's head.
        head: Head,
        /// The published checkpoint.
        published: Head,
    },
    /// What was published has the same size and another root than what the database knows.
    #[error(
        "published is {published}, but the writer's database holds {head}: the record was forked; refusing to sign"
    )]
    PublishedOther {
        /// The database's head.
        head: Head,
        /// The published checkpoint.
        published: Head,
    },
    /// What was published is older than the staged batches reach back.
    #[error(
        "published is {published}, but the writer's database stands at {head} and no longer holds the batches between: public/ is an older copy. Restore the newest public/"
    )]
    PublishedOlder {
        /// The database's head.
        head: Head,
        /// The published checkpoint.
        published: Head,
    },
    /// The published checkpoint vanished.
    #[error(
        "{path}: the published checkpoint is missing, though this record stands at {head}: restore public/ before writing on"
    )]
    PublishedMissing {
        /// The file.
        path: String,
        /// The database's head.
        head: Head,
    },
    /// Somebody saw a larger record than this one.
    #[error(
        "{who} has seen this record at {seen}, but it now stands at {now}: it was rolled back to an older copy. Ask the record's keeper for the newer one; what was seen stays valid evidence of it"
    )]
    RolledBack {
        /// Who remembers: this reader's own memory, or a witness.
        who: String,
        /// The checkpoint remembered.
        seen: Head,
        /// The checkpoint found now.
        now: Head,
    },
    /// A witness has cosigned a larger tree than this record has.
    #[error(
        "{who} has cosigned this record at size {size}, but it now stands at {now}: it was rolled back to an older copy. Nothing is signed: restore the newer copy and start again"
    )]
    WitnessAhead {
        /// The witness.
        who: String,
        /// The size that it has cosigned.
        size: u64,
        /// The record's head.
        now: Head,
    },
    /// Somebody saw another history than this one.
    #[error(
        "{who} has seen this record at {seen}, which the checkpoint found now ({now}) does not contain: the record was forked. Keep both checkpoints: together they prove it"
    )]
    Forked {
        /// Who remembers.
        who: String,
        /// The checkpoint remembered.
        seen: Head,
        /// The checkpoint found now.
        now: Head,
    },
    /// A file that never changes exists already with other bytes.
    #[error(
        "{path}: exists with other bytes than the record needs there: it was changed from outside; refusing to overwrite it"
    )]
    Differs {
        /// The file, relative to `public/`.
        path: String,
    },
    /// A published file does not fit the checkpoint.
    #[error("{path}: {why}")]
    Tampered {
        /// The file, relative to the record's public side.
        path: String,
        /// What does not fit.
        why: String,
    },
    /// A file that the checkpoint vouches for is missing.
    #[error("{path}: missing, though the checkpoint vouches for it")]
    Missing {
        /// The file, relative to the record's public side.
        path: String,
    },
    /// A note or checkpoint could not be accepted.
    #[error("{path}: {why}")]
    Note {
        /// The file.
        path: String,
        /// Why it was refused.
        why: String,
    },
    /// An earlier failure left the writer unable to go on.
    #[error(
        "an earlier write failed half way: close the record and open it again; what was committed will be completed then"
    )]
    Poisoned,
    /// An entry is too long for the log.
    #[error(
        "entry {position} of the batch has {length} bytes; at most {} fit: larger things are blobs",
        recount_log::MAX_ENTRY
    )]
    EntryTooLong {
        /// Position in the batch, from 0.
        position: usize,
        /// Its length.
        length: usize,
    },
    /// A batch holds more entries than one commit may.
    #[error("a batch of {length} entries; one commit takes at most {most}: split it")]
    BatchTooLarge {
        /// Entries given.
        length: usize,
        /// Entries allowed.
        most: usize,
    },
    /// The log cannot grow further.
    #[error("the record would pass the largest size of a log, 2^48 entries")]
    Full,
    /// A size, an entry or a checkpoint was asked for that the record does not have.
    #[error("asked for {what} {asked}, but the checkpoint covers {size} entries")]
    NotCovered {
        /// What was asked for.
        what: &'static str,
        /// The number asked for.
        asked: u64,
        /// The size covered.
        size: u64,
    },
    /// Something was larger than its cap.
    #[error("{path}: larger than {most} bytes: refused")]
    TooLarge {
        /// The file or address.
        path: String,
        /// The cap in bytes.
        most: u64,
    },
    /// A file operation failed.
    #[error("{path}: cannot {what}: {source}{hint}", path = .path.display(), hint = hint(.source))]
    Io {
        /// The operation.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A database operation failed.
    #[error("the writer's database: cannot {what}: {why}")]
    Database {
        /// The operation.
        what: &'static str,
        /// What the database said.
        why: String,
    },
    /// A web address could not be read.
    #[error("{url}: {why}")]
    Http {
        /// The address.
        url: String,
        /// What happened.
        why: String,
    },
    /// A limit of the whole run was reached.
    #[error("{name}: gave up after {why}")]
    Limit {
        /// The source.
        name: String,
        /// Which limit.
        why: String,
    },
    /// Something was given that makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// The caller stopped the run.
    #[error("stopped")]
    Stopped,
}

fn hint(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as E;
    match error.kind() {
        E::StorageFull | E::QuotaExceeded => {
            " (the disk is full: make room and open the record again; nothing acknowledged is lost)"
        }
        E::ReadOnlyFilesystem | E::PermissionDenied => " (the directory must be writable by this user)",
        E::CrossesDevices => " (public/ and private/ must be on one file system)",
        _ => "",
    }
}

impl StoreError {
    /// Whose business this error is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            StoreError::NotARecord(_)
            | StoreError::Exists(_)
            | StoreError::Unfinished(_)
            | StoreError::OtherKey { .. }
            | StoreError::OtherOrigin { .. }
            | StoreError::EntryTooLong { .. }
            | StoreError::BatchTooLarge { .. }
            | StoreError::NotCovered { .. }
            | StoreError::Full
            | StoreError::Invalid(_) => ErrorKind::Input,
            StoreError::Locked(_)
            | StoreError::Poisoned
            | StoreError::Io { .. }
            | StoreError::Database { .. }
            | StoreError::Http { .. }
            | StoreError::Limit { .. }
            | StoreError::Stopped => ErrorKind::Environment,
            _ => ErrorKind::Record,
        }
    }

    pub(crate) fn io(what: &'static str, path: &Path, source: std::io::Error) -> StoreError {
        StoreError::Io { what, path: path.to_path_buf(), source }
    }

    pub(crate) fn tampered(path: impl Into<String>, why: impl Into<String>) -> StoreError {
        StoreError::Tampered { path: path.into(), why: why.into() }
    }
}
