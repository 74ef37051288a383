//! What can go wrong, and whose business it is.

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
    /// A file that somebody named and that cannot be read or written.
    pub(crate) fn file(path: &Path, why: impl std::fmt::Display) -> KeeperError {
        KeeperError::Input(format!("{}: {why}", path.display()))
    }
}
