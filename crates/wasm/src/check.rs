//! A record checked bundle by bundle.

use std::collections::BTreeMap;

use recount_log::{Checkpoint, CheckpointError, CompactRange, Hash, KeyError, ProofError, TileError, VerifierKey};
use recount_log::{decode_bundle, leaf_hash, sha256};
use recount_record::Entry;
use recount_tally::Fold;
use thiserror::Error;

use crate::summary;

/// Why a record was refused.
#[derive(Debug, Error)]
pub enum CheckError {
    /// The log's key is none.
    #[error("the log's key: {0}")]
    Key(#[from] KeyError),
    /// The checkpoint is none, or the log did not sign it.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A bundle cannot be read.
    #[error("the bundle of statements from {from}: {why}")]
    Bundle {
        /// Index of its first statement.
        from: u64,
        /// What is wrong with it.
        why: TileError,
    },
    /// More entries than any log may have.
    #[error("the tree: {0}")]
    Tree(#[from] ProofError),
    /// The bundles are not those that the log signed.
    #[error("{found} statements have the root {root}, the checkpoint states {size} and {signed}")]
    Root {
        /// How many statements were given.
        found: u64,
        /// Their root.
        root: String,
        /// The size that the log signed.
        size: u64,
        /// The root that the log signed.
        signed: String,
    },
    /// The record does not begin with a charter that has effect and names this log key.
    #[error("the record does not begin with a charter that names this log's key")]
    Charter,
}

/// A record that is being checked.
pub struct Check {
    key: VerifierKey,
    checkpoint: Checkpoint,
    tree: CompactRange,
    fold: Fold,
    /// The same record at earlier sizes that somebody asked for, smallest first.
    earlier: BTreeMap<u64, Fold>,
    blobs: BTreeMap<Hash, Vec<u8>>,
}

impl Check {
    /// Begins with a signed checkpoint. `sizes` are earlier sizes at which the count is wanted as well.
    ///
    /// # Errors
    /// The key is none, or the log did not sign the checkpoint.
    pub fn begin(key: &str, checkpoint: &[u8], sizes: &[u64]) -> Result<Check, CheckError> {
        let key = VerifierKey::parse(key)?;
        let (checkpoint, _) = Checkpoint::open(checkpoint, &key)?;
        let fold = Fold::new(&checkpoint.origin);
        let wanted = sizes.iter().filter(|size| **size < checkpoint.size);
        let earlier = wanted.map(|size| (*size, Fold::new(&checkpoint.origin))).collect();
        Ok(Check { key, checkpoint, tree: CompactRange::new(), fold, earlier, blobs: BTreeMap::new() })
    }

    /// Takes a blob: a rulebook or forms that the record names by hash.
    pub fn blob(&mut self, bytes: Vec<u8>) {
        self.blobs.insert(sha256(&bytes), bytes);
    }

    /// Takes the next entry bundle. The blobs that its statements need must be there.
    ///
    /// # Errors
    /// The bundle cannot be read.
    pub fn bundle(&mut self, bytes: &[u8], width: u16) -> Result<(), CheckError> {
        let from = self.tree.size();
        let bundle = decode_bundle(bytes, width).map_err(|why| CheckError::Bundle { from, why })?;
        for bytes in bundle.iter() {
            let index = self.tree.size();
            self.tree.push(leaf_hash(bytes))?;
            let entry = Entry::parse(bytes);
            // Up to its size an earlier count knows the same keys, so signatures are checked once for all.
            let signed = entry.as_ref().map_or_else(|_| Ok(Vec::new()), |entry| self.fold.signatures(entry, false));
            for (_, fold) in self.earlier.iter_mut().filter(|(size, _)| index < **size) {
                fold.push_signed(entry.clone(), signed.clone(), &self.blobs);
            }
            self.fold.push_signed(entry, signed, &self.blobs);
        }
        Ok(())
    }

    /// The answer: everything verified, counted and allocated, as one JSON text.
    ///
    /// # Errors
    /// The statements are not those that the log signed, or do not begin with its charter.
    pub fn finish(&self) -> Result<String, CheckError> {
        let (size, root) = (self.tree.size(), self.tree.root());
        if size != self.checkpoint.size || root != self.checkpoint.root {
            let signed = self.checkpoint.root.to_base64();
            return Err(CheckError::Root { found: size, root: root.to_base64(), size: self.checkpoint.size, signed });
        }
        let named = self.fold.ledger().charter().map(|(_, charter)| &charter.log);
        let has_effect = self.fold.noted().first().is_some_and(|noted| noted.void.is_none());
        if named != Some(&self.key) || !has_effect {
            return Err(CheckError::Charter);
        }
        Ok(summary::of(&self.fold, &self.earlier, &root).to_string())
    }
}
