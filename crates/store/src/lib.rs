//! Where records live: writing one so that nothing acknowledged is ever lost, reading one that may be hostile.
//!
//! A record is a directory with a `public/` side, which any web server can serve, and the writer's `private/` side ([`layout`]).
//! [`Writer`] is the only thing that changes it: log.md's write path with one commit point, recovery by replay, refusal when anything is
//! ambiguous. [`Reader`] freezes one checkpoint of a [`Source`] (a directory, a web server, memory), hands out entries checked against it, makes
//! proofs, and verifies every byte that the checkpoint vouches for. [`Memory`] is what a reader remembers between runs.
//!
//! It is deliberately not: a place for the meaning of statements (`recount-record`), for deciding what is a duplicate or who may write, a second
//! database of results, or a service. Its formats are C2SP tlog-tiles and tlog-checkpoint (through `recount-log`) plus `checkpoints/<size>` and
//! `blob/sha256/<hex>`.
//!
//! ```
//! use recount_log::SigningKey;
//! use recount_store::{DirSource, Reader, StoreError, Writer, WriterOptions};
//!
//! let folder = tempfile::tempdir()?;
//! let dir = folder.path().join("record");
//! let key = SigningKey::from_seed("results.example.org/2027", [7; 32])?;
//!
//! let mut writer = Writer::create(&dir, "results.example.org/2027", &key, WriterOptions::default())?;
//! let appended = writer.append(&["first", "second"])?; // durable and published when it returns
//! assert_eq!((appended.first, appended.size), (0, 2));
//!
//! let reader = Reader::open(DirSource::open(&dir)?, Some(&key.verifier()), None)?;
//! assert_eq!(reader.entry(1)?, b"second");
//! assert_eq!(reader.verify_tree(2, |_| {})?.entries, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod disk;
mod edge;
mod error;
mod head;
pub mod layout;
pub mod memory;
mod options;
mod parallel;
mod prover;
mod reader;
mod source;
mod witness;
mod writer;

pub use error::{ErrorKind, Head, StoreError};
pub use memory::{Memory, Seen, Verified};
pub use options::{Entropy, WriterOptions};
pub use parallel::{ordered, ordered_ahead};
pub use prover::{Prover, TileReader};
pub use reader::{BlobReport, Entries, Reader, TreeReport};
pub use source::{DirSource, HttpLimits, HttpSource, MemorySource, Source, open_source};
pub use witness::{Witness, WitnessAnswer, submit_to_witness};
pub use writer::{Appended, Writer};
