//! Folding what a reader reads: signatures ahead on all processors, statements in order.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};

use recount_log::{Hash, NoteRef, VerifierKey};
use recount_record::Entry;
use recount_record::statement::Declaration;
use recount_store::{Entries, Reader, Source, StoreError};
use recount_tally::declaration::DeclarationCheck;
use recount_tally::{Blobs, Fold};

use crate::error::KeeperError;
use crate::parallel::threads;
use crate::read::AnySource;

/// The largest rulebook or forms that are read, in bytes.
const BLOB_MAX: u64 = 64 << 20;
/// Bundles that are held while their statements are read.
const HELD: usize = 128;
/// Statements that one processor reads before it hands them over.
const PIECE: usize = 32;
/// Pieces after which it is told how far the folding is.
const TOLD: u64 = 64;
/// Up to this size, bundles are folded as they come.
const EAGER: u64 = 16_384;

/// Told how far the reading is: statements done, statements in all.
pub type Told<'a> = &'a dyn Fn(u64, u64);

/// Folds the first `size` entries. Signatures below `trusted_to` were verified before by this reader and are not computed again.
///
/// # Errors
/// As [`Reader::scan`].
pub fn fold_record(
    reader: &Reader<AnySource>,
    size: u64,
    trusted_to: u64,
    told: Told<'_>,
) -> Result<Fold, KeeperError> {
    let mut fold = Fold::new(&reader.checkpoint().origin);
    advance(&mut fold, reader, size, trusted_to, told)?;
    Ok(fold)
}

/// Folds what the record has beyond the fold, up to `size`, and settles declarations about earlier sizes.
///
/// # Errors
/// As [`Reader::scan`]. What was folded until then was checked tile by tile, unless the fold began empty.
pub fn advance(
    fold: &mut Fold,
    reader: &Reader<AnySource>,
    size: u64,
    trusted_to: u64,
    told: Told<'_>,
) -> Result<(), KeeperError> {
    fold_to(fold, reader, size, trusted_to, told)?;
    settle_declarations(fold, reader, told)
}

fn fold_to(
    fold: &mut Fold,
    reader: &Reader<AnySource>,
    size: u64,
    trusted_to: u64,
    told: Told<'_>,
) -> Result<(), KeeperError> {
    let known = KnownKeys::default();
    known.learn(fold);
    let blobs = SourceBlobs::of(reader);
    let work = |entries: Entries| {
        let checked: Vec<bool> =
            entries.iter().map(|(index, bytes)| index < trusted_to || known.verify(bytes)).collect();
        (entries, checked)
    };
    fold.make_room(size.saturating_sub(fold.size()));
    let mut held: Vec<(Entries, Vec<bool>)> = Vec::with_capacity(HELD);
    reader.scan(fold.size()..size, threads(), work, |bundle| {
        held.push(bundle);
        // The first bundles bring the keys: they are folded at once, so that later signatures can be checked ahead.
        let brings_keys = (trusted_to..EAGER).contains(&fold.size());
        if held.len() == HELD || brings_keys {
            fold_bundles(fold, &held, &blobs, &|done| told(done, size))?;
            held.clear();
            known.learn(fold);
        }
        Ok::<(), StoreError>(())
    })?;
    fold_bundles(fold, &held, &blobs, &|done| told(done, size))?;
    blobs.result()
}

/// Folds some bundles in order. Reading the statements costs more than folding them and is done ahead, on all processors.
/// `told` hears how many were folded.
fn fold_bundles(
    fold: &mut Fold,
    bundles: &[(Entries, Vec<bool>)],
    blobs: &dyn Blobs,
    told: &dyn Fn(u64),
) -> Result<(), StoreError> {
    // A bundle may hold most of a register: it is not left to one processor.
    let all: Vec<(&[u8], bool)> = bundles
        .iter()
        .flat_map(|(entries, checked)| entries.iter().zip(checked).map(|((_, bytes), checked)| (bytes, *checked)))
        .collect();
    let pieces: Vec<&[(&[u8], bool)]> = all.chunks(PIECE).collect();
    let read = |n: u64| {
        let piece = usize::try_from(n).ok().and_then(|n| pieces.get(n)).copied().unwrap_or_default();
        Ok::<_, StoreError>(piece.iter().map(|(bytes, checked)| (Entry::parse(bytes), *checked)).collect::<Vec<_>>())
    };
    // While a long register is entered, the protocols behind it are read: none of the pieces waits for room.
    recount_store::ordered_ahead(pieces.len() as u64, threads(), pieces.len(), read, |n, entries| {
        for (entry, checked) in entries {
            let signed = match &entry {
                Ok(entry) => fold.signatures(entry, checked),
                Err(_) => Ok(Vec::new()),
            };
            fold.push_signed(entry, signed, blobs);
        }
        if n % TOLD == 0 {
            told(fold.size());
        }
        Ok(())
    })
}

/// Declarations about earlier sizes are computed again there.
pub(crate) fn settle_declarations(
    fold: &mut Fold,
    reader: &Reader<AnySource>,
    told: Told<'_>,
) -> Result<(), KeeperError> {
    let pending: Vec<(u64, Declaration)> = fold
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
        let mut earlier = Fold::new(&reader.checkpoint().origin);
        fold_to(&mut earlier, reader, size, size, told)?;
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

    fn result(self) -> Result<(), KeeperError> {
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
