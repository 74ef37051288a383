//! Keeping a fold up to date with a record that somebody else writes.

use recount_log::VerifierKey;
use recount_store::{Reader, open_source};
use recount_tally::Fold;

use crate::error::KeeperError;
use crate::fold::advance;
use crate::read::{AnySource, Opened};
use crate::recorder::check_continues;

/// A fold that follows a record. Every new checkpoint must contain the one before; every new signature is checked.
pub struct Follower {
    place: String,
    key: VerifierKey,
    reader: Reader<AnySource>,
    fold: Fold,
}

impl Follower {
    /// Follows what was opened, from there on.
    #[must_use]
    pub fn new(place: &str, opened: Opened) -> Follower {
        Follower { place: place.to_owned(), key: opened.log_key, reader: opened.reader, fold: opened.fold }
    }

    /// The fold as of the last checkpoint.
    #[must_use]
    pub fn fold(&self) -> &Fold {
        &self.fold
    }

    /// The reader of the last checkpoint.
    #[must_use]
    pub fn reader(&self) -> &Reader<AnySource> {
        &self.reader
    }

    /// Looks for a newer checkpoint and folds what it adds; says whether there was one.
    ///
    /// # Errors
    /// [`recount_store::StoreError::RolledBack`], [`recount_store::StoreError::Forked`]; as [`Reader::open`] and [`Reader::scan`]. The fold stays usable, and the
    /// call can be made again.
    pub fn poll(&mut self) -> Result<bool, KeeperError> {
        let reader = Reader::open(open_source(&self.place)?, Some(&self.key), None)?;
        let (old, new) = (self.reader.checkpoint(), reader.checkpoint());
        if old.size == new.size && old.root == new.root && self.fold.size() == new.size {
            return Ok(false);
        }
        check_continues(&reader, old.clone())?;
        let size = reader.size();
        advance(&mut self.fold, &reader, size, 0, &|_, _| {})?;
        self.reader = reader;
        Ok(true)
    }
}
