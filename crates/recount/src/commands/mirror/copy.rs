//! Fetching what is not there yet. Every file is written beside its place and renamed, so that a stop at any point loses nothing.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use recount_log::{Hash, tiles_at};
use recount_record::Entry;
use recount_record::statement::{BlobRef, Effect, Kind};
use recount_store::{Reader, Source, StoreError, layout};

use crate::error::{CliError, Outcome};
use crate::progress::Progress;
use crate::read::AnySource;

/// The largest blob that is copied.
const BLOB_MAX: u64 = 1 << 30;

/// What became of the blobs.
#[derive(Debug, Default)]
pub struct Blobs {
    /// Fetched now.
    pub fetched: u64,
    /// Named by a statement and not there.
    pub absent: u64,
}

/// A file below `public`, of at most `most` bytes.
pub fn read_file(public: &Path, path: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let full = public.join(path);
    match std::fs::metadata(&full) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Ok(meta) if meta.len() > most => return Err(StoreError::TooLarge { path: path.to_owned(), most }),
        _ => {}
    }
    std::fs::read(&full).map(Some).map_err(|error| StoreError::Io { what: "read", path: full, source: error })
}

/// Writes a file as a whole or not at all.
pub fn place(public: &Path, path: &str, bytes: &[u8]) -> Outcome {
    let full = public.join(path);
    let failed = |error: std::io::Error| CliError::Environment(format!("{}: {error}", full.display()));
    let folder = full.parent().unwrap_or(public);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let staging = public.join(".incoming");
    let mut file = std::fs::File::create(&staging).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&staging, &full).map_err(failed)
}

/// Tiles and bundles of the remote's checkpoint. Returns how many were fetched.
pub fn tiles(remote: &Reader<AnySource>, public: &Path) -> Outcome<u64> {
    let too_large = |why| CliError::No(format!("the checkpoint's size: {why}"));
    let total = tiles_at(remote.size()).map_err(too_large)?.count() as u64;
    let progress = Progress::new("fetching", total);
    let mut fetched = 0;
    for (done, tile) in tiles_at(remote.size()).map_err(too_large)?.enumerate() {
        progress.at(done as u64);
        let path = tile.path();
        if public.join(&path).exists() {
            continue;
        }
        place(public, &path, &remote.source().tile(&tile)?)?;
        fetched += 1;
    }
    Ok(fetched)
}

/// The blobs that the copy's statements name.
pub fn blobs(remote: &Reader<AnySource>, local: &Reader<AnySource>, public: &Path) -> Outcome<Blobs> {
    let mut named: BTreeSet<Hash> = BTreeSet::new();
    let work = |entries: recount_store::Entries| {
        let mut named = Vec::new();
        for (_, bytes) in entries.iter() {
            if let Ok(entry) = Entry::parse(bytes) {
                names(&entry.statement.kind, &mut named);
            }
        }
        named
    };
    local.scan(0..local.size(), crate::read::threads(), work, |hashes: Vec<Hash>| {
        named.extend(hashes);
        Ok::<(), StoreError>(())
    })?;
    let mut blobs = Blobs::default();
    let progress = Progress::new("fetching blobs", named.len() as u64);
    for (done, hash) in named.iter().enumerate() {
        progress.at(done as u64);
        let path = layout::blob_path(hash);
        if public.join(&path).exists() {
            continue;
        }
        match remote.source().blob(hash, BLOB_MAX)? {
            Some(bytes) => {
                place(public, &path, &bytes)?;
                blobs.fetched += 1;
            }
            None => blobs.absent += 1,
        }
    }
    Ok(blobs)
}

/// Every blob that a statement names.
fn names(kind: &Kind<'_>, named: &mut Vec<Hash>) {
    let listed: &[BlobRef] = match kind {
        Kind::Charter(charter) => {
            named.extend([charter.rulebook, charter.forms]);
            &[]
        }
        Kind::Protocol(protocol) => &protocol.blobs,
        Kind::Copy(copy) => &copy.blobs,
        Kind::Complaint(complaint) => &complaint.blobs,
        Kind::Note(note) => &note.blobs,
        Kind::Ruling(ruling) => {
            named.extend(ruling.effects.iter().filter_map(|effect| match effect {
                Effect::Replace { blob, .. } => Some(*blob),
                _ => None,
            }));
            &ruling.blobs
        }
        _ => &[],
    };
    named.extend(listed.iter().map(|blob| blob.sha256));
}

/// Kept checkpoints, as far as the remote can list them; the newest one is published last of all.
pub fn checkpoints(remote: &Reader<AnySource>, public: &Path, newest: &[u8], size: u64) -> Outcome {
    for path in remote.source().list()?.unwrap_or_default() {
        if let Some(kept) = layout::parse_checkpoint_path(&path)
            && kept < size
            && !public.join(&path).exists()
            && let Some(bytes) = remote.source().checkpoint_at(kept)?
        {
            place(public, &path, &bytes)?;
        }
    }
    place(public, &layout::checkpoint_path(size), newest)?;
    place(public, layout::CHECKPOINT, newest)
}
