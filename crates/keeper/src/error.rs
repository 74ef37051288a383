//! What can go wrong, and whose business it is.

use std::io::{self, ErrorKind};
use std::path::Path;

use recount_store::StoreError;

/// An error, sorted by whose business it is.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// The record is not what it claims to be, or not the one that was asked for.
    #[error("{0}")]
    No(String),
    /// The call or what it was given is wrong.
    #[error("{0}")]
    Input(String),
    /// The machine failed.
    #[error("{0}")]
    Environment(String),
    /// The store refused.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl KeeperError {
    /// A file that somebody named and that does not hold what it should.
    pub(crate) fn file(path: &Path, why: impl std::fmt::Display) -> KeeperError {
        KeeperError::Input(format!("{}: {why}", path.display()))
    }

    /// A file that somebody named and that cannot be read or written: what is the matter with it, and whose business that is.
    #[must_use]
    pub fn io(path: &Path, error: &io::Error) -> KeeperError {
        let (path, kind) = (path.display(), error.kind());
        let why = match kind {
            ErrorKind::NotFound => "there is no such file or folder; check the name",
            ErrorKind::PermissionDenied => "this user may not read or write it",
            ErrorKind::IsADirectory => "this is a folder; name a file",
            ErrorKind::NotADirectory => "a part of this path is a file, not a folder; check the name",
            ErrorKind::AlreadyExists => "there is one already, and it is not overwritten; name another",
            ErrorKind::InvalidData => "not text in UTF-8: save it as UTF-8",
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full: make room and try again",
            ErrorKind::ReadOnlyFilesystem => "this file system can only be read",
            _ => return KeeperError::Input(format!("{path}: {error}")),
        };
        let failed = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::ReadOnlyFilesystem].contains(&kind);
        let text = format!("{path}: {why}");
        if failed { KeeperError::Environment(text) } else { KeeperError::Input(text) }
    }
}
