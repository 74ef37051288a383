//! Everything that a reader's browser needs to derive a result again: the same crates as everywhere, behind a few functions.
//!
//! A [`Check`] is given the log's key and a checkpoint, the blobs that hold the law, and the entry bundles in order. It verifies the
//! checkpoint, hashes every leaf, checks every signature and all authority, folds, and answers with one JSON text: the root, what is
//! void and why, sums and coverage by unit in every view, and the seats. It does no I/O and knows no clock.
//!
//! [`abi`] is how JavaScript calls it: two buffers and numbers, no generated code and no imports.

pub mod abi;
mod check;
mod summary;

pub use check::{Check, CheckError};
