//! Writing a record from the command line: a refused statement ends the filing. Admission and commits are `recount-keeper`'s.

use std::path::Path;

use recount_keeper::{OnRefusal, Submission};
use recount_log::{Hash, SigningKey};
use recount_tally::Fold;

pub use recount_keeper::{Filed, in_parallel};

use crate::error::{CliError, Outcome, input};
use crate::{progress::Progress, read};

/// Entries signed and filed at once.
const BATCH: usize = 4_096;

/// A record open for writing.
pub struct Recorder(recount_keeper::Recorder);

impl Recorder {
    /// Opens a new record; the log's key is kept in its private folder.
    pub fn create(dir: &Path, origin: &str, log_key: &SigningKey) -> Outcome<Recorder> {
        Ok(Recorder(recount_keeper::Recorder::create(dir, origin, log_key)?))
    }

    /// Opens an existing record for writing.
    pub fn open(dir: &Path) -> Outcome<Recorder> {
        Ok(Recorder(read::with_bar(|told| recount_keeper::Recorder::open(dir, told))?))
    }

    /// The fold of everything that has been acknowledged.
    pub fn fold(&self) -> &Fold {
        self.0.fold()
    }

    /// The size that has been acknowledged.
    pub fn size(&self) -> u64 {
        self.0.size()
    }

    /// Stores a blob, durable before any statement names it.
    pub fn put_blob(&mut self, bytes: &[u8]) -> Outcome<Hash> {
        Ok(self.0.put_blob(bytes)?)
    }

    /// Signs texts and files them, in order: see [`Recorder::file`].
    pub fn file_texts(&mut self, texts: &[String], keys: &[&SigningKey], what: &'static str) -> Outcome<Vec<Filed>> {
        let progress = Progress::new(what, texts.len() as u64);
        let mut filed = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            let entries = in_parallel(batch, |text| recount_record::entry::sign(text, keys));
            let entries = entries.into_iter().collect::<Result<Vec<_>, _>>();
            let entries = entries.map_err(|why| CliError::Input(format!("a statement cannot be signed: {why}")))?;
            filed.extend(self.file(&entries)?);
            progress.at(filed.len() as u64);
        }
        Ok(filed)
    }

    /// Files entries, in order, each with the same admission. A refused entry ends the filing; what came before it stays filed.
    pub fn file(&mut self, entries: &[Vec<u8>]) -> Outcome<Vec<Filed>> {
        let submissions: Vec<Submission> = entries.iter().cloned().map(Submission::new).collect();
        let mut filed = Vec::with_capacity(entries.len());
        for verdict in self.0.file(&submissions, OnRefusal::Stop)? {
            match verdict {
                Ok(own) => filed.push(own),
                Err(why) => {
                    return input(format!("{} statements were filed, then one was refused: {why}", filed.len()));
                }
            }
        }
        Ok(filed)
    }
}
