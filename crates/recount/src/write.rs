//! Writing a record from the command line: a refused statement ends the filing. Admission and commits are `recount-keeper`'s.

use std::path::Path;

use recount_keeper::{OnRefusal, Refusal, Submission, threads};
use recount_log::{Hash, SigningKey};
use recount_record::EntryError;
use recount_store::ordered;
use recount_tally::Fold;

pub use recount_keeper::{Filed, in_parallel};

use crate::error::{CliError, Outcome, input};
use crate::{progress::Progress, read, show};

/// Entries filed at once.
const BATCH: usize = 4_096;
/// Entries that one processor makes before it hands them over.
const MADE_AT_ONCE: usize = 256;

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

    /// Signs texts and files them, in order: see [`Recorder::file_made`].
    pub fn file_texts(&mut self, texts: &[String], keys: &[&SigningKey], what: &'static str) -> Outcome<Vec<Filed>> {
        self.file_made(texts, what, |text| recount_record::entry::sign(text, keys))
    }

    /// Files what is made of each item, in order; the next entries are made and signed on all processors meanwhile.
    pub fn file_made<T: Sync>(
        &mut self,
        items: &[T],
        what: &'static str,
        make: impl Fn(&T) -> Result<Vec<u8>, EntryError> + Sync,
    ) -> Outcome<Vec<Filed>> {
        let progress = Progress::new(what, items.len() as u64);
        let chunks: Vec<&[T]> = items.chunks(MADE_AT_ONCE).collect();
        let work = |n: u64| {
            let chunk = usize::try_from(n).ok().and_then(|n| chunks.get(n)).copied().unwrap_or_default();
            let made = chunk.iter().map(&make).collect::<Result<Vec<_>, _>>();
            made.map_err(|why| CliError::Input(format!("a statement cannot be signed: {why}")))
        };
        let mut filed = Vec::with_capacity(items.len());
        let mut waiting: Vec<Vec<u8>> = Vec::with_capacity(BATCH);
        ordered(chunks.len() as u64, threads(), work, |_, made| {
            waiting.extend(made);
            if waiting.len() >= BATCH {
                filed.extend(self.file(std::mem::take(&mut waiting))?);
                progress.at(filed.len() as u64);
            }
            Ok::<_, CliError>(())
        })?;
        filed.extend(self.file(waiting)?);
        Ok(filed)
    }

    /// Files entries, in order, each with the same admission. A refused entry ends the filing; what came before it stays filed.
    pub fn file(&mut self, entries: Vec<Vec<u8>>) -> Outcome<Vec<Filed>> {
        let submissions: Vec<Submission> = entries.into_iter().map(Submission::new).collect();
        let mut filed = Vec::with_capacity(submissions.len());
        for verdict in self.0.file(&submissions, OnRefusal::Stop)? {
            match verdict {
                Ok(own) => filed.push(own),
                Err(why) if filed.is_empty() => return input(format!("nothing was filed: {why}")),
                Err(why) => {
                    let many = show::count(filed.len() as u64, "statement was", "statements were");
                    return input(format!("{many} filed, then one was refused: {why}"));
                }
            }
        }
        Ok(filed)
    }

    /// The same, with the refusal that ended it beside what was filed before.
    pub fn file_until_refused(&mut self, entries: Vec<Vec<u8>>) -> Outcome<(Vec<Filed>, Option<Refusal>)> {
        let submissions: Vec<Submission> = entries.into_iter().map(Submission::new).collect();
        let mut filed = Vec::with_capacity(submissions.len());
        for verdict in self.0.file(&submissions, OnRefusal::Stop)? {
            match verdict {
                Ok(own) => filed.push(own),
                Err(why) => return Ok((filed, Some(why))),
            }
        }
        Ok((filed, None))
    }
}
