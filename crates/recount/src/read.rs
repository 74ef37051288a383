//! Reading a record: one frozen checkpoint, every leaf hashed, signatures checked on all processors, one fold.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};

use recount_log::{Checkpoint, Hash, NoteRef, VerifierKey};
use recount_record::{Entry, Kind, VoidReason};
use recount_store::{Entries, Memory, Reader, Source, StoreError, open_source};
use recount_tally::declaration::DeclarationCheck;
use recount_tally::{Blobs, Fold};

use crate::error::{CliError, Outcome, input};
use crate::progress::Progress;

/// Raised whenever reading checks more: what an older program verified is then verified again.
pub const CHECKS: u32 = 1;
/// The largest rulebook or forms that are read.
const BLOB_MAX: u64 = 64 << 20;
/// Bundles that are held while their statements are read.
const HELD: usize = 32;
/// Up to this size, bundles are folded as they come.
const EAGER: u64 = 16_384;
/// Threads that check signatures. More than the processors only cost memory.
const THREADS_MAX: usize = 64;

/// A record's source, wherever it lives.
pub type AnySource = Box<dyn Source + Send>;

/// How a record is to be read.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// The signed checkpoint that covers this size.
    pub at: Option<u64>,
    /// The log's verifier key, from outside.
    pub key: Option<VerifierKey>,
    /// The charter's hash, from outside.
    pub charter: Option<Hash>,
    /// Check every signature again, whatever was verified before.
    pub afresh: bool,
}

/// A record that has been read.
pub struct Opened {
    /// The reader, with its frozen checkpoint.
    pub reader: Reader<AnySource>,
    /// The fold of every statement up to the size asked for.
    pub fold: Fold,
    /// The log's key, as the charter names it.
    pub log_key: VerifierKey,
    /// The charter's hash.
    pub charter: Hash,
    /// Key and charter were given from outside and are the record's.
    pub author_proved: bool,
    /// Up to which size the signatures had been verified before, by this reader.
    pub trusted_to: u64,
}

impl Opened {
    /// The size that was folded.
    pub fn size(&self) -> u64 {
        self.fold.size()
    }
}

/// Opens a record and folds it.
pub fn open(place: &str, how: &How) -> Outcome<Opened> {
    let source = open_source(place)?;
    let (log_key, charter) = first_words(place, how)?;
    let reader = Reader::open(source, Some(&log_key), how.at)?;
    if let Some(expected) = &how.charter
        && *expected != charter
    {
        return Err(CliError::No(format!(
            "this is another record: its charter is {charter}, and you asked for {expected}"
        )));
    }
    let memory = memory_of(&reader, &log_key);
    let seen = match &memory {
        Some(memory) => reader.check_memory(memory)?,
        None => None,
    };
    let trusted_to = seen
        .and_then(|seen| seen.verified)
        .filter(|verified| verified.checks >= CHECKS && !how.afresh)
        .map_or(0, |verified| verified.head.size);
    let fold = fold_record(&reader, reader.size(), trusted_to)?;
    // What was folded begins with the charter that was looked at: a source may answer differently the second time.
    match (fold.ledger().charter(), fold.noted().first().and_then(|noted| noted.void.as_deref())) {
        (Some((folded, _)), None) if *folded == charter => {}
        (_, Some(why)) => return Err(CliError::No(format!("the record's charter has no effect: {why}"))),
        _ => return Err(CliError::No("the record changed its charter while it was read".to_owned())),
    }
    if let Some(memory) = &memory {
        // A record that holds wrong signatures is verified anew each time: then nothing needs to be remembered about them.
        let forged =
            fold.noted().iter().any(|noted| matches!(noted.void.as_deref(), Some(VoidReason::BadSignature { .. })));
        reader.remember(memory, if forged { 0 } else { CHECKS })?;
    }
    let author_proved = how.key.is_some() && how.charter.is_some();
    Ok(Opened { reader, fold, log_key, charter, author_proved, trusted_to })
}

/// The memory of this reader for this log, where there is a home to keep it in.
pub fn memory_of(reader: &Reader<AnySource>, log_key: &VerifierKey) -> Option<Memory> {
    Memory::default_folder().map(|folder| Memory::new(&folder, &reader.checkpoint().origin, log_key))
}

/// The charter's hash and the log key that it names. With a key from outside, nothing is read before that key has signed for it.
fn first_words(place: &str, how: &How) -> Outcome<(VerifierKey, Hash)> {
    let reader = Reader::open(open_source(place)?, how.key.as_ref(), None)?;
    if reader.size() == 0 {
        return input(format!("{place}: the record is empty: it has no charter yet"));
    }
    let bytes = reader.entry(0)?;
    let entry =
        Entry::parse(&bytes).map_err(|why| CliError::No(format!("the record does not begin with a charter: {why}")))?;
    let Kind::Charter(charter) = &entry.statement.kind else {
        return Err(CliError::No("the record does not begin with a charter".to_owned()));
    };
    if let Some(key) = &how.key
        && *key != charter.log
    {
        return Err(CliError::No(format!("the charter names another log key: {}", charter.log)));
    }
    Ok((charter.log.clone(), entry.id))
}

/// Processors to be used.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX)
}

/// Folds the first `size` entries. Signatures below `trusted_to` were verified before by this reader and are not computed again.
pub fn fold_record(reader: &Reader<AnySource>, size: u64, trusted_to: u64) -> Outcome<Fold> {
    let mut fold = fold_to(reader, size, trusted_to)?;
    settle_declarations(reader, &mut fold)?;
    Ok(fold)
}

fn fold_to(reader: &Reader<AnySource>, size: u64, trusted_to: u64) -> Outcome<Fold> {
    let mut fold = Fold::new(&reader.checkpoint().origin);
    let known = KnownKeys::default();
    let blobs = SourceBlobs::of(reader);
    let progress = Progress::new("reading", size);
    let work = |entries: &Entries| {
        let checked: Vec<bool> =
            entries.iter().map(|(index, bytes)| index < trusted_to || known.verify(bytes)).collect();
        (entries.clone(), checked)
    };
    let mut held: Vec<(Entries, Vec<bool>)> = Vec::with_capacity(HELD);
    reader.scan(0..size, threads(), work, |bundle| {
        held.push(bundle);
        // The first bundles bring the keys: they are folded at once, so that later signatures can be checked ahead.
        if held.len() == HELD || fold.size() < EAGER {
            fold_bundles(&mut fold, &held, &blobs)?;
            held.clear();
            known.learn(&fold);
            progress.at(fold.size());
        }
        Ok::<(), StoreError>(())
    })?;
    fold_bundles(&mut fold, &held, &blobs)?;
    blobs.result()?;
    Ok(fold)
}

/// Folds some bundles in order. Reading the statements costs more than folding them and is done ahead, on all processors.
fn fold_bundles(fold: &mut Fold, bundles: &[(Entries, Vec<bool>)], blobs: &dyn Blobs) -> Result<(), StoreError> {
    let read = |n: u64| {
        let bundle = usize::try_from(n).ok().and_then(|n| bundles.get(n));
        let entries = bundle.into_iter().flat_map(|(entries, checked)| entries.iter().zip(checked));
        Ok::<_, StoreError>(entries.map(|((_, bytes), checked)| (Entry::parse(bytes), *checked)).collect::<Vec<_>>())
    };
    recount_store::ordered(bundles.len() as u64, threads(), read, |_, entries| {
        for (entry, checked) in entries {
            let signed = match &entry {
                Ok(entry) => fold.signatures(entry, checked),
                Err(_) => Ok(Vec::new()),
            };
            fold.push_signed(entry, signed, blobs);
        }
        Ok(())
    })
}

/// Declarations about earlier sizes are computed again there.
fn settle_declarations(reader: &Reader<AnySource>, fold: &mut Fold) -> Outcome {
    let pending: Vec<(u64, recount_record::statement::Declaration)> = fold
        .declarations()
        .iter()
        .filter(|state| state.check == DeclarationCheck::Pending)
        .map(|state| (state.index, state.declaration.clone()))
        .collect();
    let mut sizes: Vec<u64> = pending.iter().map(|(_, declaration)| declaration.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for size in sizes {
        // Every signature below was checked on the way here.
        let earlier = fold_to(reader, size, size)?;
        for (index, declaration) in pending.iter().filter(|(_, declaration)| declaration.size == size) {
            fold.settle_declaration(*index, earlier.check_declaration(declaration));
        }
    }
    Ok(())
}

/// The keys that the fold knows, for the threads that check signatures. A key never changes once it is known, so a check against
/// an older set is right whenever it finds its key.
#[derive(Default)]
struct KnownKeys {
    keys: RwLock<HashMap<String, VerifierKey>>,
}

impl KnownKeys {
    /// Whether every signature line of an entry is by a known key and right. "No" only means: not known yet, look again.
    fn verify(&self, bytes: &[u8]) -> bool {
        let Ok(note) = NoteRef::parse(bytes) else { return false };
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        note.lines().all(|line| keys.get(line.name()).is_some_and(|key| line.is_verified_by(key, note.text())))
    }

    fn learn(&self, fold: &Fold) {
        let ring = fold.ledger().keys();
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner).len();
        if ring.len() == known {
            return;
        }
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        for (_, key) in ring.iter().skip(known) {
            keys.insert(key.verifier.name().to_owned(), key.verifier.clone());
        }
    }
}

/// Blobs from the record's source; a failure other than absence is kept and ends the reading.
struct SourceBlobs<'a> {
    reader: &'a Reader<AnySource>,
    failed: Mutex<Option<StoreError>>,
}

impl<'a> SourceBlobs<'a> {
    fn of(reader: &'a Reader<AnySource>) -> SourceBlobs<'a> {
        SourceBlobs { reader, failed: Mutex::new(None) }
    }

    fn result(self) -> Outcome {
        match self.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(()),
            Some(error) => Err(error.into()),
        }
    }
}

impl Blobs for SourceBlobs<'_> {
    fn blob(&self, hash: &Hash) -> Option<Vec<u8>> {
        match self.reader.source().blob(hash, BLOB_MAX) {
            Ok(found) => found,
            Err(error) => {
                *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                None
            }
        }
    }
}

/// The checkpoint in one line.
pub fn checkpoint_line(checkpoint: &Checkpoint) -> String {
    format!("{} at size {}, root {}", checkpoint.origin, checkpoint.size, checkpoint.root.to_base64())
}
