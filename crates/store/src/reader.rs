//! Reading a record that may be hostile.
//!
//! A reader freezes one checkpoint and answers from it alone, however the record grows meanwhile. Nothing is handed out before
//! it was checked against that checkpoint's root, either tile by tile (parts) or by hashing every leaf (the whole).

mod entries;
mod verify;

use recount_log::{Checkpoint, Hash, Note, Receipt, VerifierKey};

use crate::error::{Head, StoreError};
use crate::layout::{CHECKPOINT, checkpoint_path, parse_checkpoint_path};
use crate::memory::{Memory, Seen, Verified};
use crate::prover::Prover;
use crate::source::Source;

pub use entries::Entries;
pub use verify::{BlobReport, TreeReport};

/// A signed checkpoint and the bytes it came in.
#[derive(Debug, Clone)]
struct Frozen {
    checkpoint: Checkpoint,
    bytes: Vec<u8>,
}

impl Frozen {
    fn head(&self) -> Head {
        Head { size: self.checkpoint.size, root: self.checkpoint.root }
    }
}

/// A record as one checkpoint states it.
#[derive(Debug)]
pub struct Reader<S> {
    source: S,
    key: Option<VerifierKey>,
    /// The newest checkpoint found.
    newest: Frozen,
    /// The checkpoint that covers `size`.
    cover: Frozen,
    size: u64,
}

impl<S: Source> Reader<S> {
    /// Reads the newest checkpoint, or with `at` the signed checkpoint that covers that size, and freezes it.
    ///
    /// With a key the log's signature is verified. Without one, everything read is consistent in itself, but nobody's word.
    ///
    /// The checkpoint that covers a size is the one published at it; if none was, the next one published after it; if the source
    /// cannot list its files (a web server), the newest. A checkpoint that is not the newest must be consistent with the newest.
    ///
    /// # Errors
    /// [`StoreError::NotARecord`], [`StoreError::Note`], [`StoreError::NotCovered`], [`StoreError::Forked`]; as [`Source::get`].
    pub fn open(source: S, log_key: Option<&VerifierKey>, at: Option<u64>) -> Result<Reader<S>, StoreError> {
        let newest = freeze(CHECKPOINT, source.checkpoint()?, log_key)?;
        let size = at.unwrap_or(newest.checkpoint.size);
        if size > newest.checkpoint.size {
            return Err(StoreError::NotCovered { what: "size", asked: size, size: newest.checkpoint.size });
        }
        let key = log_key.cloned();
        let mut reader = Reader { source, key, cover: newest.clone(), newest, size };
        if size < reader.newest.checkpoint.size
            && let Some(cover) = reader.find_cover()?
        {
            reader.cover = cover;
            reader.check_contained("the record itself", reader.cover.head())?;
        }
        Ok(reader)
    }

    fn find_cover(&self) -> Result<Option<Frozen>, StoreError> {
        if let Some(bytes) = self.source.checkpoint_at(self.size)? {
            return self.kept(self.size, bytes).map(Some);
        }
        let Some(files) = self.source.list()? else { return Ok(None) };
        let next = files.iter().filter_map(|path| parse_checkpoint_path(path)).filter(|size| *size > self.size).min();
        let Some(next) = next.filter(|next| *next < self.newest.checkpoint.size) else { return Ok(None) };
        let bytes = self.source.checkpoint_at(next)?;
        bytes.map(|bytes| self.kept(next, bytes)).transpose()
    }

    /// Checks a checkpoint kept under its size.
    fn kept(&self, size: u64, bytes: Vec<u8>) -> Result<Frozen, StoreError> {
        let path = checkpoint_path(size);
        let frozen = freeze(&path, bytes, self.key.as_ref())?;
        let found = &frozen.checkpoint;
        if found.origin != self.newest.checkpoint.origin {
            let (found, expected) = (found.origin.clone(), self.newest.checkpoint.origin.clone());
            return Err(StoreError::OtherOrigin { path, expected, found });
        }
        if found.size != size {
            return Err(StoreError::Note { path, why: format!("is a checkpoint of size {}", found.size) });
        }
        Ok(frozen)
    }

    /// Checks that the newest checkpoint's tree begins with the one that `who` has seen.
    fn check_contained(&self, who: &str, seen: Head) -> Result<(), StoreError> {
        let now = self.newest.head();
        if seen.size > now.size {
            return Err(StoreError::RolledBack { who: who.to_owned(), seen, now });
        }
        let mut prover = self.prover_of(now)?;
        if prover.root_at(seen.size)? == seen.root {
            Ok(())
        } else {
            Err(StoreError::Forked { who: who.to_owned(), seen, now })
        }
    }

    /// Compares the record with what this reader's memory holds, and returns that.
    ///
    /// # Errors
    /// [`StoreError::RolledBack`], [`StoreError::Forked`] (both name both checkpoints); [`StoreError::Tampered`].
    pub fn check_memory(&self, memory: &Memory) -> Result<Option<Seen>, StoreError> {
        let Some(seen) = memory.seen()? else { return Ok(None) };
        self.check_contained(&memory.who(), seen.head)?;
        Ok(Some(seen))
    }

    /// Remembers the newest checkpoint, and, with `checks` above 0, that everything up to this reader's checkpoint passed those checks.
    ///
    /// # Errors
    /// As [`Reader::check_memory`]: what contradicts the memory is not remembered.
    pub fn remember(&self, memory: &Memory, checks: u32) -> Result<(), StoreError> {
        let before = self.check_memory(memory)?.and_then(|seen| seen.verified);
        let now = (checks > 0).then_some(Verified { checks, head: self.cover.head() });
        let better = |verified: &Verified| (verified.checks, verified.head.size);
        let verified = before.into_iter().chain(now).max_by_key(better);
        memory.remember(&Seen { head: self.newest.head(), verified, checkpoint: self.newest.bytes.clone() });
        Ok(())
    }

    /// The frozen checkpoint: the one that covers this reader's size.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.cover.checkpoint
    }

    /// The frozen checkpoint as it was published.
    #[must_use]
    pub fn checkpoint_bytes(&self) -> &[u8] {
        &self.cover.bytes
    }

    /// How many entries this reader reads: the size asked for, at most that of the checkpoint.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether the log's signature was verified.
    #[must_use]
    pub fn is_author_proved(&self) -> bool {
        self.key.is_some()
    }

    /// Where the record is read from.
    #[must_use]
    pub fn source(&self) -> &S {
        &self.source
    }

    fn prover_of(&self, head: Head) -> Result<Prover<&S>, StoreError> {
        Prover::new(head, &self.source)
    }

    /// A maker of proofs for the frozen checkpoint; keep it for many proofs.
    ///
    /// # Errors
    /// [`StoreError::Tampered`], [`StoreError::Missing`]; as [`Source::get`].
    pub fn prover(&self) -> Result<Prover<&S>, StoreError> {
        self.prover_of(self.cover.head())
    }

    /// The proof that entry `index` is in the tree of the frozen checkpoint.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`]; as [`Reader::prover`].
    pub fn inclusion_proof(&self, index: u64) -> Result<Vec<Hash>, StoreError> {
        self.prover()?.inclusion(index)
    }

    /// The proof that the tree of the frozen checkpoint begins with that of `old` entries.
    ///
    /// # Errors
    /// As [`Reader::inclusion_proof`].
    pub fn consistency_proof(&self, old: u64) -> Result<Vec<Hash>, StoreError> {
        self.prover()?.consistency(old)
    }

    /// The receipt (C2SP tlog-proof) of entry `index`.
    ///
    /// # Errors
    /// As [`Reader::inclusion_proof`].
    pub fn receipt(&self, index: u64) -> Result<Receipt, StoreError> {
        let proof = self.inclusion_proof(index)?;
        Ok(Receipt { extra: None, index, proof, checkpoint: self.cover.bytes.clone() })
    }
}

fn freeze(path: &str, bytes: Vec<u8>, key: Option<&VerifierKey>) -> Result<Frozen, StoreError> {
    let fail = |why: String| StoreError::Note { path: path.to_owned(), why };
    let checkpoint = match key {
        Some(key) => Checkpoint::open(&bytes, key).map_err(|error| fail(error.to_string()))?.0,
        None => {
            let note = Note::parse(&bytes).map_err(|error| fail(error.to_string()))?;
            let checkpoint = Checkpoint::parse_body(note.text()).map_err(|error| fail(error.to_string()))?;
            if checkpoint.size == 0 && checkpoint.root != recount_log::empty_root() {
                return Err(fail("states size 0, but not the root of the empty tree".to_owned()));
            }
            checkpoint
        }
    };
    Ok(Frozen { checkpoint, bytes })
}
