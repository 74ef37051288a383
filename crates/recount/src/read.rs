//! Reading a record, with a bar for what takes long: the reading itself is `recount-keeper`'s.

use std::cell::OnceCell;

use recount_log::{Checkpoint, VerifierKey};
use recount_store::{Memory, Reader};
use recount_tally::Fold;

pub use recount_keeper::{AnySource, How, Opened, threads};

use crate::error::Outcome;
use crate::progress::Progress;

/// Runs reading work with a bar that appears once the work says how much it is.
pub fn with_bar<T>(work: impl FnOnce(recount_keeper::Told<'_>) -> T) -> T {
    let bar: OnceCell<Progress> = OnceCell::new();
    work(&|done, of| bar.get_or_init(|| Progress::new("reading", of)).at(done))
}

/// Opens a record and folds it.
pub fn open(place: &str, how: &How) -> Outcome<Opened> {
    Ok(with_bar(|told| recount_keeper::read::open(place, how, told))?)
}

/// The memory of this reader for this log, where there is a home to keep it in.
pub fn memory_of(reader: &Reader<AnySource>, log_key: &VerifierKey) -> Option<Memory> {
    recount_keeper::read::memory_of(reader, log_key)
}

/// Folds the first `size` entries. Signatures below `trusted_to` were verified before by this reader and are not computed again.
pub fn fold_record(reader: &Reader<AnySource>, size: u64, trusted_to: u64) -> Outcome<Fold> {
    Ok(with_bar(|told| recount_keeper::fold_record(reader, size, trusted_to, told))?)
}

/// The checkpoint in one line.
pub fn checkpoint_line(checkpoint: &Checkpoint) -> String {
    format!("{} at size {}, root {}", checkpoint.origin, checkpoint.size, checkpoint.root.to_base64())
}
