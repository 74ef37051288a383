//! The one writer of a record.
//!
//! An append goes through these steps; after a crash between any two of them, opening the record again completes what was committed:
//!
//! 1. derive the new tiles in memory, sign the new checkpoint;
//! 2. **commit point**: one transaction stages the batch and moves the head from the old checkpoint to the new one;
//! 3. write bundles and tiles: staged, made durable, linked into place, never overwritten;
//! 4. ask the witnesses, if there are any;
//! 5. keep the checkpoint as `checkpoints/<size>`, then replace `checkpoint` by rename: now readers see the batch;
//! 6. remove the partial tiles that full tiles have replaced. (C2SP tlog-tiles allows it and readers fall back to the full tile. Without it a
//!    record that grows one statement at a time would hold 128 copies of every statement. Partial tiles of the current right edge are all kept.)
//!
//! A batch counts as applied when the next one is committed; until then every start applies it again, which changes nothing if all is well.

mod create;
mod files;
mod open;

use std::path::Path;

use recount_log::{Checkpoint, GREASE_LEN, Hash, Note, SigningKey, sha256};

use crate::disk::{Disk, Lock, RealDisk};
use crate::edge::{Edge, Plan};
use crate::error::{Head, StoreError};
use crate::head::{Batch, Database};
use crate::layout::{CHECKPOINT, blob_path, checkpoint_path};
use crate::memory::{Memory, Seen};
use crate::options::WriterOptions;
use crate::witness::Cosigners;
pub(crate) use files::Files;

/// The one writer of a record. Holding it means holding the record's lock.
pub struct Writer {
    files: Files,
    database: Database,
    key: SigningKey,
    origin: String,
    edge: Edge,
    /// The head as the database holds it: signed by the log alone.
    head: Vec<u8>,
    /// The head as published: with the witnesses' lines.
    published: Vec<u8>,
    options: WriterOptions,
    cosigners: Cosigners,
    memory: Option<Memory>,
    poisoned: bool,
    _lock: Lock,
}

/// What an append returns: everything in it is durable and published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Index of the first entry of the batch.
    pub first: u64,
    /// The size of the log with the batch.
    pub size: u64,
    /// The published checkpoint that covers it.
    pub checkpoint: Vec<u8>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("origin", &self.origin).field("size", &self.size()).finish_non_exhaustive()
    }
}

impl Writer {
    /// Makes a record in `dir`, which must be missing or empty, and publishes its empty checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Exists`]; [`StoreError::Invalid`] for an impossible origin; errors of the disk.
    pub fn create(dir: &Path, origin: &str, key: &SigningKey, options: WriterOptions) -> Result<Writer, StoreError> {
        let disk = RealDisk::new(options.full_sync);
        Writer::create_on(Box::new(disk), dir, origin, key, options)
    }

    /// As [`Writer::create`], on a disk of the caller's.
    ///
    /// # Errors
    /// As [`Writer::create`].
    pub fn create_on(
        disk: Box<dyn Disk>,
        dir: &Path,
        origin: &str,
        key: &SigningKey,
        options: WriterOptions,
    ) -> Result<Writer, StoreError> {
        create::create(disk, dir, origin, key, options)
    }

    /// Opens a record for writing: takes the lock, completes what an earlier run committed, and refuses whatever is ambiguous.
    ///
    /// # Errors
    /// [`StoreError`]: every variant about heads, keys, locks and published checkpoints.
    pub fn open(dir: &Path, key: &SigningKey, options: WriterOptions) -> Result<Writer, StoreError> {
        let disk = RealDisk::new(options.full_sync);
        Writer::open_on(Box::new(disk), dir, key, options)
    }

    /// As [`Writer::open`], on a disk of the caller's.
    ///
    /// # Errors
    /// As [`Writer::open`].
    pub fn open_on(
        disk: Box<dyn Disk>,
        dir: &Path,
        key: &SigningKey,
        options: WriterOptions,
    ) -> Result<Writer, StoreError> {
        open::open(disk, dir, key, options)
    }

    /// The number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The tree's root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge.root()
    }

    /// The log's origin.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The newest published checkpoint.
    #[must_use]
    pub fn checkpoint_bytes(&self) -> &[u8] {
        &self.published
    }

    /// Appends a batch. When this returns, every entry of it is durable and covered by a published checkpoint.
    ///
    /// An empty batch changes nothing. Whether an entry is there already is the caller's question.
    ///
    /// # Errors
    /// [`StoreError::EntryTooLong`], [`StoreError::BatchTooLarge`], [`StoreError::Full`] leave everything as it was. Any other error
    /// poisons the writer: whether the batch is in the record is known only after opening the record again.
    pub fn append<E: AsRef<[u8]>>(&mut self, entries: &[E]) -> Result<Appended, StoreError> {
        self.check_alive()?;
        let first = self.size();
        if entries.is_empty() {
            return Ok(Appended { first, size: first, checkpoint: self.published.clone() });
        }
        if entries.len() > self.options.pool {
            return Err(StoreError::BatchTooLarge { length: entries.len(), most: self.options.pool });
        }
        let (next, plan) = self.edge.extend(entries)?;
        let checkpoint = self.checkpoint_of(&next);
        let note = self.sign(&checkpoint)?;
        let batch = Batch { first, size: next.size(), entries: join(entries), checkpoint: note };
        self.poisoned = true;
        self.database.commit(self.files.disk(), &self.head, &batch, self.options.keep)?;
        self.publish(&plan, &checkpoint, &batch.checkpoint)?;
        self.head = batch.checkpoint;
        self.edge = next;
        self.poisoned = false;
        Ok(Appended { first, size: batch.size, checkpoint: self.published.clone() })
    }

    /// Stores a blob under the hash of its bytes and makes it durable: before any statement that names it is appended.
    ///
    /// # Errors
    /// [`StoreError::Differs`] if something else lies under that name; errors of the disk. The writer stays usable.
    pub fn put_blob(&mut self, bytes: &[u8]) -> Result<Hash, StoreError> {
        self.check_alive()?;
        let hash = sha256(bytes);
        self.files.place(&blob_path(&hash), bytes)?;
        self.files.settle()?;
        Ok(hash)
    }

    fn check_alive(&self) -> Result<(), StoreError> {
        if self.poisoned { Err(StoreError::Poisoned) } else { Ok(()) }
    }

    fn checkpoint_of(&self, edge: &Edge) -> Checkpoint {
        Checkpoint { origin: self.origin.clone(), size: edge.size(), root: edge.root(), extensions: Vec::new() }
    }

    fn sign(&mut self, checkpoint: &Checkpoint) -> Result<Vec<u8>, StoreError> {
        sign(checkpoint, &self.key, &mut self.options)
    }

    /// Steps 3 to 6: makes a committed batch public. Doing it twice gives the same files.
    fn publish(&mut self, plan: &Plan, checkpoint: &Checkpoint, note: &[u8]) -> Result<(), StoreError> {
        self.files.place_all(plan.files.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())))?;
        let note = self.cosigned(checkpoint, note)?;
        let note = self.keep_checkpoint(checkpoint, note)?;
        self.files.settle()?;
        self.files.replace(CHECKPOINT, &note)?;
        self.files.settle()?;
        self.published = note;
        for folder in &plan.replaced {
            self.files.remove_partials(folder)?;
        }
        self.remember(checkpoint);
        Ok(())
    }

    /// Keeps the checkpoint under its size. An earlier run may have kept it with other witnesses' lines: then that one stands.
    fn keep_checkpoint(&mut self, checkpoint: &Checkpoint, note: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let path = checkpoint_path(checkpoint.size);
        match self.files.place(&path, &note) {
            Ok(()) => Ok(note),
            Err(StoreError::Differs { path }) => {
                let kept = self.files.read(&path)?.unwrap_or_default();
                match Checkpoint::open_for(&kept, &self.origin, &self.key.verifier()) {
                    Ok((found, _)) if found == *checkpoint => Ok(kept),
                    _ => Err(StoreError::Differs { path }),
                }
            }
            Err(other) => Err(other),
        }
    }

    fn cosigned(&mut self, checkpoint: &Checkpoint, note: &[u8]) -> Result<Vec<u8>, StoreError> {
        let lines = self.cosigners.ask(&mut self.files, checkpoint, note)?;
        if lines.is_empty() {
            return Ok(note.to_vec());
        }
        let signed = parse_note(note)?;
        let all = signed.signatures().iter().cloned().chain(lines).collect();
        let note = Note::new(signed.text(), all)
            .map_err(|error| StoreError::Note { path: CHECKPOINT.to_owned(), why: error.to_string() })?;
        Ok(note.to_bytes())
    }

    fn remember(&self, checkpoint: &Checkpoint) {
        if let Some(memory) = &self.memory {
            let head = Head { size: checkpoint.size, root: checkpoint.root };
            memory.remember(&Seen { head, verified: None, checkpoint: self.published.clone() });
        }
    }
}

fn parse_note(note: &[u8]) -> Result<Note, StoreError> {
    Note::parse(note).map_err(|error| StoreError::Note { path: CHECKPOINT.to_owned(), why: error.to_string() })
}

fn sign(checkpoint: &Checkpoint, key: &SigningKey, options: &mut WriterOptions) -> Result<Vec<u8>, StoreError> {
    let mut grease = [0u8; GREASE_LEN];
    let mut seed = [0u8; 32];
    (options.entropy)(&mut grease).and_then(|()| (options.entropy)(&mut seed)).map_err(|source| StoreError::Io {
        what: "get random bytes from",
        path: "the system".into(),
        source,
    })?;
    checkpoint
        .sign(key, Some(grease), &[], Some(seed))
        .map_err(|error| StoreError::Invalid(format!("cannot sign a checkpoint of `{}`: {error}", checkpoint.origin)))
}

/// The entries of a batch as they are staged: each preceded by its length, as in a bundle.
fn join<E: AsRef<[u8]>>(entries: &[E]) -> Vec<u8> {
    let length = entries.iter().map(|entry| entry.as_ref().len().saturating_add(2)).sum();
    let mut joined = Vec::with_capacity(length);
    for entry in entries {
        let entry = entry.as_ref();
        // Longer entries were refused when the batch was derived.
        joined.extend_from_slice(&u16::try_from(entry.len()).unwrap_or(u16::MAX).to_be_bytes());
        joined.extend_from_slice(entry);
    }
    joined
}
