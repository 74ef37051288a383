//! Writing a record: admission, then group commits. What is acknowledged is durable and covered by a published checkpoint.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use recount_log::{Hash, SigningKey};
use recount_record::Entry;
use recount_record::ledger::KeyIx;
use recount_store::{Memory, Writer, WriterOptions};
use recount_tally::{Blobs, Fold};

use crate::error::{CliError, Outcome, input};
use crate::read::{self, How};
use crate::{keys, progress::Progress};

/// The log's own key, in the writer's private folder.
pub const LOG_KEY: &str = "private/log-key";
/// How many void statements one key may have appended.
const VOID_QUOTA: usize = 1_000;
/// Entries admitted, folded and committed at once.
const BATCH: usize = 4_096;

/// A record open for writing, with its fold.
pub struct Recorder {
    dir: PathBuf,
    writer: Writer,
    /// The fold of everything that has been acknowledged.
    pub fold: Fold,
    /// Void statements so far, by first signer.
    voids: HashMap<KeyIx, usize>,
}

/// What became of a filed statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Its index.
    pub index: u64,
    /// It was there already.
    pub duplicate: bool,
    /// Why it has no effect, in words.
    pub void: Option<String>,
}

struct DirBlobs<'a>(&'a Path);

impl Blobs for DirBlobs<'_> {
    fn blob(&self, hash: &Hash) -> Option<Vec<u8>> {
        std::fs::read(self.0.join("public").join(recount_store::layout::blob_path(hash))).ok()
    }
}

fn options() -> WriterOptions {
    WriterOptions { memory: Memory::default_folder(), ..WriterOptions::default() }
}

impl Recorder {
    /// Opens a new record; the log's key is kept in its private folder.
    pub fn create(dir: &Path, origin: &str, log_key: &SigningKey) -> Outcome<Recorder> {
        let writer = Writer::create(dir, origin, log_key, options())?;
        keys::write(&dir.join(LOG_KEY), log_key)?;
        Ok(Recorder { dir: dir.to_owned(), writer, fold: Fold::new(origin), voids: HashMap::new() })
    }

    /// Opens an existing record for writing.
    pub fn open(dir: &Path) -> Outcome<Recorder> {
        let key_file = dir.join(LOG_KEY);
        if !key_file.exists() {
            return input(format!(
                "{}: no log key there: statements are filed where the record is kept (a mirror or a web address can only be read)",
                dir.display()
            ));
        }
        let log_key = keys::read(&key_file)?;
        let writer = Writer::open(dir, &log_key, options())?;
        let place = dir.to_str().ok_or_else(|| CliError::Input(format!("{}: not a UTF-8 path", dir.display())))?;
        let fold = if writer.size() == 0 {
            Fold::new(writer.origin())
        } else {
            read::open(place, &How { key: Some(log_key.verifier()), ..How::default() })?.fold
        };
        let mut voids = HashMap::new();
        for signer in fold.noted().iter().filter(|noted| noted.void.is_some()).filter_map(|noted| noted.signer) {
            *voids.entry(signer).or_insert(0) += 1;
        }
        Ok(Recorder { dir: dir.to_owned(), writer, fold, voids })
    }

    /// The size that has been acknowledged.
    pub fn size(&self) -> u64 {
        self.writer.size()
    }

    /// Stores a blob, durable before any statement names it.
    pub fn put_blob(&mut self, bytes: &[u8]) -> Outcome<Hash> {
        Ok(self.writer.put_blob(bytes)?)
    }

    /// Signs texts and files them, in order: see [`Recorder::file`].
    pub fn file_texts(&mut self, texts: &[String], keys: &[&SigningKey], what: &'static str) -> Outcome<Vec<Filed>> {
        let progress = Progress::new(what, texts.len() as u64);
        let mut filed = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            let entries = in_parallel(batch, |text| recount_record::entry::sign(text, keys));
            let entries = entries.into_iter().collect::<Result<Vec<_>, _>>();
            let entries = entries.map_err(|why| CliError::Input(format!("a statement cannot be signed: {why}")))?;
            filed.extend(self.file_batch(&entries)?);
            progress.at(filed.len() as u64);
        }
        Ok(filed)
    }

    /// Files entries, in order, each with the same admission: it must read as a statement, of this record, signed only by keys that
    /// the record knows, with right signatures. A refused entry ends the filing; what came before it stays filed.
    pub fn file(&mut self, entries: &[Vec<u8>]) -> Outcome<Vec<Filed>> {
        let mut filed = Vec::with_capacity(entries.len());
        for batch in entries.chunks(BATCH) {
            filed.extend(self.file_batch(batch)?);
        }
        Ok(filed)
    }

    fn file_batch(&mut self, entries: &[Vec<u8>]) -> Outcome<Vec<Filed>> {
        let mut filed = Vec::with_capacity(entries.len());
        let mut rest = entries;
        while !rest.is_empty() {
            // Statements that change authority are folded before later signatures are judged.
            let run = run_length(rest);
            filed.extend(self.commit_run(&rest[..run])?);
            rest = &rest[run..];
        }
        Ok(filed)
    }

    fn commit_run(&mut self, entries: &[Vec<u8>]) -> Outcome<Vec<Filed>> {
        let (fold, voids) = (&self.fold, &self.voids);
        let admitted = in_parallel(entries, |bytes| admit(fold, voids, bytes));
        let mut filed: Vec<Filed> = Vec::with_capacity(entries.len());
        let mut fresh: Vec<&[u8]> = Vec::with_capacity(entries.len());
        let mut refused = None;
        let mut seen: HashMap<Hash, u64> = HashMap::new();
        for (bytes, verdict) in entries.iter().zip(admitted) {
            match verdict {
                Ok(Admitted::New(id)) => {
                    let index = self.fold.size() + fresh.len() as u64;
                    match seen.insert(id, index) {
                        None => {
                            fresh.push(bytes);
                            filed.push(Filed { index, duplicate: false, void: None });
                        }
                        Some(earlier) => {
                            seen.insert(id, earlier);
                            filed.push(Filed { index: earlier, duplicate: true, void: None });
                        }
                    }
                }
                Ok(Admitted::Duplicate(index)) => filed.push(Filed { index, duplicate: true, void: None }),
                Err(why) => {
                    refused = Some(why);
                    break;
                }
            }
        }
        if !fresh.is_empty() {
            self.writer.append(&fresh)?;
            let blobs = DirBlobs(&self.dir);
            for bytes in fresh {
                let entry = Entry::parse(bytes);
                let signed = match &entry {
                    Ok(entry) => self.fold.signatures(entry, true),
                    Err(_) => Ok(Vec::new()),
                };
                let index = self.fold.size();
                let void = self.fold.push_signed(entry, signed, &blobs).map(ToString::to_string);
                if void.is_some()
                    && let Some(signer) = self.fold.noted().last().and_then(|noted| noted.signer)
                {
                    *self.voids.entry(signer).or_insert(0) += 1;
                }
                if let (Some(why), Some(own)) =
                    (void, filed.iter_mut().find(|own| own.index == index && !own.duplicate))
                {
                    own.void = Some(why);
                }
            }
        }
        match refused {
            None => Ok(filed),
            Some(why) => input(format!("{} statements were filed, then one was refused: {why}", filed.len())),
        }
    }
}

enum Admitted {
    New(Hash),
    Duplicate(u64),
}

/// How many entries can be judged together: up to and including the first that changes authority.
fn run_length(entries: &[Vec<u8>]) -> usize {
    let changes = |bytes: &Vec<u8>| Entry::parse(bytes).is_ok_and(|entry| entry.statement.kind.changes_authority());
    // Most entries are protocols: a look at the kind is cheaper than reading all of it twice.
    let may_change = |bytes: &Vec<u8>| !contains(bytes, b"\"kind\":\"protocol\"");
    entries.iter().position(|bytes| may_change(bytes) && changes(bytes)).map_or(entries.len(), |at| at + 1)
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn admit(fold: &Fold, voids: &HashMap<KeyIx, usize>, bytes: &[u8]) -> Result<Admitted, String> {
    let entry = Entry::parse(bytes).map_err(|why| why.to_string())?;
    if let Some(index) = fold.ledger().find(&entry.id) {
        return Ok(Admitted::Duplicate(index));
    }
    match fold.ledger().charter() {
        None => {}
        Some((charter, _)) if entry.statement.charter == Some(*charter) => {}
        Some(_) => return Err("it belongs to another record, or is a second charter".to_owned()),
    }
    fold.signatures(&entry, false).map_err(|why| why.to_string())?;
    for line in &entry.lines {
        let signer = fold.ledger().keys().find(line.name()).map(|(ix, _)| ix);
        if signer.and_then(|ix| voids.get(&ix)).is_some_and(|count| *count >= VOID_QUOTA) {
            return Err(format!("\"{}\" has used up its quota of void statements", line.name()));
        }
    }
    Ok(Admitted::New(entry.id))
}

/// The same work on every item, on all processors, with the results in order.
pub fn in_parallel<A: Sync, B: Send>(items: &[A], work: impl Fn(&A) -> B + Sync) -> Vec<B> {
    let threads = read::threads();
    let size = items.len().div_ceil(threads).max(1);
    if items.len() < 32 || threads == 1 {
        return items.iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let work = &work;
        let lanes: Vec<_> =
            items.chunks(size).map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<B>>())).collect();
        lanes
            .into_iter()
            .flat_map(|lane| lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
