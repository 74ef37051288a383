//! Writing a record: admission, then group commits. What is acknowledged is durable and covered by a published checkpoint.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use recount_log::{Checkpoint, Hash, Note, SigningKey};
use recount_record::Entry;
use recount_store::{DirSource, Head, Memory, Reader, StoreError, Writer, WriterOptions};
use recount_tally::declaration::DeclarationCheck;
use recount_tally::{Blobs, Fold};

use crate::admit::{Admitted, Refusal, Submission, Voids, admit, run_length};
use crate::error::KeeperError;
use crate::fold::{Told, advance, settle_declarations};
use crate::parallel::in_parallel;
use crate::read::{self, AnySource, How};
use crate::{key_file, read::Opened};

/// The log's own key, in the writer's private folder.
pub const LOG_KEY: &str = "private/log-key";
/// How many void statements one key may have appended.
pub const VOID_QUOTA: usize = 1_000;
/// Statements admitted, folded and committed at once.
const BATCH: usize = 4_096;

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

/// What a refusal does to the statements that come after it in one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnRefusal {
    /// They are left alone: the answer ends with the refusal.
    Stop,
    /// They are filed all the same: they have nothing to do with each other.
    GoOn,
}

/// What became of each statement, in order.
type Verdicts = Vec<Result<Filed, Refusal>>;

/// A record open for writing, with the fold of everything that has been acknowledged.
pub struct Recorder {
    dir: PathBuf,
    /// `None` while it rests, and after a failure.
    writer: Option<Writer>,
    /// The published checkpoint that covers the fold; `None` after a failure, when nobody knows what was committed.
    published: Option<Vec<u8>>,
    fold: Fold,
    voids: Voids,
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
    ///
    /// # Errors
    /// As [`Writer::create`]; the key file cannot be written.
    pub fn create(dir: &Path, origin: &str, log_key: &SigningKey) -> Result<Recorder, KeeperError> {
        let writer = Writer::create(dir, origin, log_key, options())?;
        key_file::write(&dir.join(LOG_KEY), log_key)?;
        Ok(Recorder::of(dir, writer, Fold::new(origin)))
    }

    /// Opens an existing record for writing.
    ///
    /// # Errors
    /// There is no log key; as [`Writer::open`] and [`read::open`].
    pub fn open(dir: &Path, told: Told<'_>) -> Result<Recorder, KeeperError> {
        Recorder::open_as(dir, &How::default(), told).map(|(recorder, _)| recorder)
    }

    /// As [`Recorder::open`], against a log key and a charter from outside; returns also the reader's findings, without the fold.
    ///
    /// # Errors
    /// As [`Recorder::open`].
    pub fn open_as(dir: &Path, how: &How, told: Told<'_>) -> Result<(Recorder, Option<Opened>), KeeperError> {
        let log_key = log_key(dir)?;
        let writer = Writer::open(dir, &log_key, options())?;
        if writer.size() == 0 {
            let fold = how.fold(writer.origin());
            return Ok((Recorder::of(dir, writer, fold), None));
        }
        let place = dir.to_str().ok_or_else(|| KeeperError::file(dir, "not a UTF-8 path"))?;
        let key = how.key.clone().unwrap_or_else(|| log_key.verifier());
        let mut opened = read::open(
            place,
            &How { key: Some(key), charter: how.charter, chronicle: how.chronicle, ..How::default() },
            told,
        )?;
        opened.author_proved = how.key.is_some() && how.charter.is_some();
        let fold = std::mem::replace(&mut opened.fold, Fold::new(writer.origin()));
        Ok((Recorder::of(dir, writer, fold), Some(opened)))
    }

    fn of(dir: &Path, writer: Writer, fold: Fold) -> Recorder {
        let published = Some(writer.checkpoint_bytes().to_vec());
        let voids = voids_of(&fold);
        Recorder { dir: dir.to_owned(), writer: Some(writer), published, fold, voids }
    }

    /// The fold of everything that has been acknowledged.
    #[must_use]
    pub fn fold(&self) -> &Fold {
        &self.fold
    }

    /// The record's directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The size that has been acknowledged.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.fold.size()
    }

    /// The published checkpoint that covers the fold; `None` after a failure, until [`Recorder::reopen`].
    #[must_use]
    pub fn checkpoint_bytes(&self) -> Option<&[u8]> {
        self.published.as_deref()
    }

    /// Whether statements can be filed as it is: not after a failure of the disk or a rest, until [`Recorder::reopen`].
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.writer.is_some()
    }

    /// Gives the writer's lock back, so that another process can file; [`Recorder::reopen`] takes it again.
    pub fn rest(&mut self) {
        self.writer = None;
    }

    /// While it rests: folds what another process has filed; says whether there was anything. Every signature of it is checked.
    ///
    /// # Errors
    /// [`StoreError::RolledBack`], [`StoreError::Forked`]; as [`Reader::open`] and [`Reader::scan`].
    pub fn follow(&mut self) -> Result<bool, KeeperError> {
        let reader = self.reader()?;
        let grown = self.catch_up(&reader, 0)?;
        self.published = Some(reader.checkpoint_bytes().to_vec());
        Ok(grown)
    }

    /// Folds what the record has beyond the fold, if it is a continuation of what was published last.
    fn catch_up(&mut self, reader: &Reader<AnySource>, trusted_to: u64) -> Result<bool, KeeperError> {
        let before = self.fold.size();
        if let Some(seen) = self.published.as_deref().and_then(stated) {
            check_continues(reader, seen)?;
        }
        if reader.size() > before {
            advance(&mut self.fold, reader, reader.size(), trusted_to, &|_, _| {})?;
            self.voids = voids_of(&self.fold);
        }
        Ok(self.fold.size() > before)
    }

    /// Stores a blob, durable before any statement names it.
    ///
    /// # Errors
    /// As [`Writer::put_blob`].
    pub fn put_blob(&mut self, bytes: &[u8]) -> Result<Hash, KeeperError> {
        Ok(writer_of(&mut self.writer)?.put_blob(bytes)?)
    }

    /// Files statements, in order, each with the same admission: it must read as a statement, of this record, signed only by keys
    /// that the record knows, with right signatures.
    ///
    /// # Errors
    /// The disk failed: then nobody knows whether the last batch is in the record before [`Recorder::reopen`] has succeeded.
    pub fn file(&mut self, submissions: &[Submission], on: OnRefusal) -> Result<Verdicts, KeeperError> {
        let mut verdicts = Vec::with_capacity(submissions.len());
        let mut rest = submissions;
        while !rest.is_empty() {
            // Statements that change authority are folded before later signatures are judged.
            let run = run_length(&rest[..rest.len().min(BATCH)]);
            let (done, stopped) = self.commit_run(&rest[..run], on)?;
            rest = &rest[done.len()..];
            verdicts.extend(done);
            if stopped {
                break;
            }
        }
        Ok(verdicts)
    }

    /// Commits statements up to the first that has to wait for another of this run; the flag says that a refusal ended the filing.
    fn commit_run(&mut self, run: &[Submission], on: OnRefusal) -> Result<(Verdicts, bool), KeeperError> {
        let (fold, voids) = (&self.fold, &self.voids);
        let admitted = in_parallel(run, |submission| admit(fold, voids, submission));
        let mut verdicts: Verdicts = Vec::with_capacity(run.len());
        let mut fresh: Vec<&Submission> = Vec::with_capacity(run.len());
        let mut seen: HashMap<Hash, &Submission> = HashMap::new();
        let mut stopped = false;
        for (submission, verdict) in run.iter().zip(admitted) {
            let filed = |index, duplicate| Ok(Filed { index, duplicate, void: None });
            match verdict {
                Ok(Admitted::New(id)) => {
                    if seen.insert(id, submission).is_some() {
                        // What the same text is now depends on what became of the first.
                        break;
                    }
                    verdicts.push(filed(self.fold.size() + fresh.len() as u64, false));
                    fresh.push(submission);
                }
                Ok(Admitted::Duplicate(index)) => verdicts.push(filed(index, true)),
                Err(why) => {
                    verdicts.push(Err(why));
                    stopped = on == OnRefusal::Stop;
                    if stopped {
                        break;
                    }
                }
            }
        }
        self.commit(&fresh, &mut verdicts)?;
        Ok((verdicts, stopped))
    }

    fn commit(&mut self, fresh: &[&Submission], verdicts: &mut Verdicts) -> Result<(), KeeperError> {
        if fresh.is_empty() {
            return Ok(());
        }
        let entries: Vec<&[u8]> = fresh.iter().map(|submission| submission.bytes.as_slice()).collect();
        match writer_of(&mut self.writer)?.append(&entries) {
            Ok(appended) => self.published = Some(appended.checkpoint),
            Err(why) => {
                self.writer = None;
                self.published = None;
                return Err(why.into());
            }
        }
        for bytes in entries {
            let (index, void) = self.fold_in(bytes);
            let Some(why) = void else { continue };
            let own = verdicts.iter_mut().flatten().find(|own| own.index == index && !own.duplicate);
            if let Some(own) = own {
                own.void = Some(why);
            }
        }
        Ok(())
    }

    /// Folds an entry that was just appended; its index, and why it is void.
    fn fold_in(&mut self, bytes: &[u8]) -> (u64, Option<String>) {
        let blobs = DirBlobs(&self.dir);
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
        (index, void)
    }

    /// Opens the writer again, after a failure or a rest, and folds what turns out to be in the record.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process files; as [`Recorder::open`]. It can be tried again.
    pub fn reopen(&mut self) -> Result<(), KeeperError> {
        self.writer = None;
        let writer = Writer::open(&self.dir, &log_key(&self.dir)?, options())?;
        let reader = self.reader()?;
        self.catch_up(&reader, 0)?;
        self.published = Some(writer.checkpoint_bytes().to_vec());
        self.writer = Some(writer);
        Ok(())
    }

    /// Whether filing this would append anything, as far as the fold knows: refusals and duplicates need no writer.
    #[must_use]
    pub fn would_append(&self, submission: &Submission) -> bool {
        matches!(admit(&self.fold, &self.voids, submission), Ok(Admitted::New(_)))
    }

    /// Computes declarations about earlier sizes again, where that is still to be done; says whether there were any.
    ///
    /// # Errors
    /// As [`Reader::scan`].
    pub fn settle(&mut self) -> Result<bool, KeeperError> {
        if !self.fold.declarations().iter().any(|state| state.check == DeclarationCheck::Pending) {
            return Ok(false);
        }
        let reader = self.reader()?;
        settle_declarations(&mut self.fold, &reader, &|_, _| {})?;
        Ok(true)
    }

    /// A reader of the record as it is published now.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn reader(&self) -> Result<Reader<AnySource>, KeeperError> {
        let source: AnySource = Box::new(DirSource::open(&self.dir)?);
        let key = self.fold.ledger().charter().map(|(_, charter)| charter.log.clone());
        Ok(Reader::open(source, key.as_ref(), None)?)
    }
}

/// What a checkpoint states.
fn stated(note: &[u8]) -> Option<Checkpoint> {
    Note::parse(note).ok().and_then(|note| Checkpoint::parse_body(note.text()).ok())
}

/// A record that this process knew at one checkpoint must still contain it.
pub(crate) fn check_continues(reader: &Reader<AnySource>, seen: Checkpoint) -> Result<(), KeeperError> {
    let (seen, now) = (head_of(&seen), head_of(reader.checkpoint()));
    let who = || "this process".to_owned();
    if seen == now {
        return Ok(());
    }
    if seen.size > now.size {
        return Err(StoreError::RolledBack { who: who(), seen, now }.into());
    }
    if reader.prover()?.root_at(seen.size)? != seen.root {
        return Err(StoreError::Forked { who: who(), seen, now }.into());
    }
    Ok(())
}

fn head_of(checkpoint: &Checkpoint) -> Head {
    Head { size: checkpoint.size, root: checkpoint.root }
}

fn writer_of(writer: &mut Option<Writer>) -> Result<&mut Writer, KeeperError> {
    writer.as_mut().ok_or(KeeperError::Store(StoreError::Poisoned))
}

fn log_key(dir: &Path) -> Result<SigningKey, KeeperError> {
    let file = dir.join(LOG_KEY);
    // A folder that this user may not look into is not one without a key.
    let there = file.try_exists().map_err(|why| KeeperError::io(&file, &why));
    if !there.or_else(|why| if dir.is_dir() { Err(why) } else { Ok(false) })? {
        return Err(KeeperError::Input(format!(
            "{}: no log key there: statements are filed where the record is kept (a mirror or a web address can only be read)",
            dir.display()
        )));
    }
    key_file::read(&file)
}

fn voids_of(fold: &Fold) -> Voids {
    let mut voids = HashMap::new();
    for signer in fold.noted().iter().filter(|noted| noted.void.is_some()).filter_map(|noted| noted.signer) {
        *voids.entry(signer).or_insert(0) += 1;
    }
    voids
}
