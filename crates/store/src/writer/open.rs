//! Opening a record for writing: completing what was committed, refusing what is ambiguous.

use std::path::Path;

use recount_log::{Checkpoint, SigningKey, empty_root};

use super::Writer;
use super::create::{copy_key, take_lock};
use super::files::Files;
use crate::disk::Disk;
use crate::edge::{Edge, Plan};
use crate::error::{Head, StoreError};
use crate::head::{Batch, Database, HeadRow};
use crate::layout::{CHECKPOINT, Layout};
use crate::memory::Memory;
use crate::options::WriterOptions;
use crate::prover::TileReader;
use crate::witness::Cosigners;

pub fn open(
    disk: Box<dyn Disk>,
    dir: &Path,
    key: &SigningKey,
    mut options: WriterOptions,
) -> Result<Writer, StoreError> {
    let layout = Layout::new(dir);
    check_there(&layout)?;
    let mut files = Files::new(disk, layout.clone());
    let lock = take_lock(&mut files)?;
    let mut database = Database::open(files.disk(), &layout.head(), false, options.full_sync)?;
    let row = load_head(&mut files, &mut database, dir)?;
    let given = key.verifier().to_string();
    if row.log_key != given {
        return Err(StoreError::OtherKey { expected: row.log_key, given });
    }
    files.make_dir(&layout.public(), false)?;
    files.make_dir(&layout.staging(), true)?;
    files.clear_staging()?;
    let memory = options.memory.as_ref().map(|folder| Memory::of_writer(folder, &row.origin, &key.verifier()));
    let mut writer = Writer {
        files,
        database,
        key: copy_key(key)?,
        origin: row.origin,
        edge: Edge::default(),
        published: Vec::new(),
        head: row.checkpoint,
        cosigners: Cosigners::new(&mut options),
        memory,
        options,
        poisoned: false,
        _lock: lock,
    };
    recover(&mut writer)?;
    Ok(writer)
}

fn check_there(layout: &Layout) -> Result<(), StoreError> {
    let (public, private) = (layout.public().exists(), layout.private().exists());
    if !public && !private {
        return Err(StoreError::NotARecord(layout.root().to_path_buf()));
    }
    if !layout.head().exists() {
        // Without a published checkpoint nothing was ever promised to anybody.
        return Err(if layout.public_file(CHECKPOINT).exists() {
            StoreError::HeadMissing(layout.head())
        } else {
            StoreError::Unfinished(layout.root().to_path_buf())
        });
    }
    Ok(())
}

fn load_head(files: &mut Files, database: &mut Database, dir: &Path) -> Result<HeadRow, StoreError> {
    match database.head()? {
        Some(row) => Ok(row),
        None if files.read(CHECKPOINT)?.is_none() => Err(StoreError::Unfinished(dir.to_path_buf())),
        None => Err(broken(files, "it holds no head, though a checkpoint was published")),
    }
}

fn broken(files: &Files, why: impl Into<String>) -> StoreError {
    StoreError::HeadBroken { path: files.layout().head(), why: why.into() }
}

fn head_of(checkpoint: &Checkpoint) -> Head {
    Head { size: checkpoint.size, root: checkpoint.root }
}

/// Compares the head with what is published, and applies the staged batches from there on.
fn recover(writer: &mut Writer) -> Result<(), StoreError> {
    let verifier = writer.key.verifier();
    let (checkpoint, _) = Checkpoint::open_for(&writer.head, &writer.origin, &verifier)
        .map_err(|error| broken(&writer.files, format!("its checkpoint: {error}")))?;
    let head = head_of(&checkpoint);
    check_memories(writer, &checkpoint)?;
    let batches = writer.database.batches()?;
    if batches.last().map_or(0, |batch| batch.size) != head.size {
        return Err(broken(&writer.files, "the staged batches do not reach the head"));
    }
    let published = read_published(writer, head)?;
    let start = start_of(writer, &batches, head, published)?;
    let start_root = root_before(writer, &batches, start)?;
    if let Some(published) = published
        && published.size == start
        && published.root != start_root
    {
        return Err(StoreError::PublishedOther { head: Head { size: start, root: start_root }, published });
    }
    writer.edge = Edge::load(start, |tile| (&mut writer.files).read_tile(tile))?;
    if writer.edge.root() != start_root {
        let why = format!("the right edge of the tree at size {start} does not give the root that was signed");
        return Err(StoreError::tampered("tile", why));
    }
    for batch in batches.iter().filter(|batch| batch.first >= start) {
        replay(writer, batch)?;
    }
    if head.size == 0 {
        let head = writer.head.clone();
        writer.publish(&Plan::default(), &checkpoint, &head)?;
    }
    Ok(())
}

/// Who has seen a larger or another record than this: the writer's own memory, the witnesses.
fn check_memories(writer: &mut Writer, head: &Checkpoint) -> Result<(), StoreError> {
    if let Some(memory) = &writer.memory
        && let Some(seen) = memory.seen()?
    {
        let now = head_of(head);
        if seen.head.size > now.size {
            return Err(StoreError::RolledBack { who: memory.who(), seen: seen.head, now });
        }
        if seen.head.size == now.size && seen.head.root != now.root {
            return Err(StoreError::Forked { who: memory.who(), seen: seen.head, now });
        }
    }
    writer.cosigners.check_not_ahead(head, &writer.head)
}

fn read_published(writer: &mut Writer, head: Head) -> Result<Option<Head>, StoreError> {
    let Some(bytes) = writer.files.read(CHECKPOINT)? else {
        // Only the very first checkpoint can be missing after a crash.
        let path = CHECKPOINT.to_owned();
        return if head.size == 0 { Ok(None) } else { Err(StoreError::PublishedMissing { path, head }) };
    };
    let (checkpoint, _) = Checkpoint::open_for(&bytes, &writer.origin, &writer.key.verifier())
        .map_err(|error| StoreError::Note { path: CHECKPOINT.to_owned(), why: error.to_string() })?;
    Ok(Some(head_of(&checkpoint)))
}

/// The size from which the staged batches are applied again.
fn start_of(writer: &Writer, batches: &[Batch], head: Head, published: Option<Head>) -> Result<u64, StoreError> {
    let newest = batches.last().map_or(0, |batch| batch.first);
    let Some(published) = published else { return Ok(newest) };
    if published.size > head.size {
        return Err(StoreError::PublishedNewer { head, published });
    }
    if published.size == head.size {
        let same = published.root == head.root;
        return if same { Ok(newest) } else { Err(StoreError::PublishedOther { head, published }) };
    }
    if batches.iter().any(|batch| batch.first == published.size) {
        return Ok(published.size);
    }
    match batches.first() {
        Some(oldest) if published.size > oldest.first => {
            Err(broken(&writer.files, format!("published is {published}, which no batch ever ended with")))
        }
        _ => Err(StoreError::PublishedOlder { head, published }),
    }
}

/// The root that was signed at the size where a batch starts.
fn root_before(writer: &mut Writer, batches: &[Batch], start: u64) -> Result<recount_log::Hash, StoreError> {
    if start == 0 {
        return Ok(empty_root());
    }
    let verifier = writer.key.verifier();
    if let Some(batch) = batches.iter().find(|batch| batch.size == start) {
        let (checkpoint, _) = Checkpoint::open_for(&batch.checkpoint, &writer.origin, &verifier)
            .map_err(|error| broken(&writer.files, format!("a batch's checkpoint: {error}")))?;
        return Ok(checkpoint.root);
    }
    // The oldest batch kept: the checkpoint before it was published and kept under its size.
    let path = crate::layout::checkpoint_path(start);
    let bytes = writer.files.read(&path)?.ok_or_else(|| StoreError::Missing { path: path.clone() })?;
    let (checkpoint, _) = Checkpoint::open_for(&bytes, &writer.origin, &verifier)
        .map_err(|error| StoreError::Note { path: path.clone(), why: error.to_string() })?;
    if checkpoint.size != start {
        return Err(StoreError::Note { path, why: format!("is a checkpoint of size {}", checkpoint.size) });
    }
    Ok(checkpoint.root)
}

/// Derives a staged batch again and makes it public.
fn replay(writer: &mut Writer, batch: &Batch) -> Result<(), StoreError> {
    let entries = unjoin(&batch.entries).ok_or_else(|| broken(&writer.files, "a staged batch is cut off"))?;
    let (next, plan) = writer.edge.extend(&entries)?;
    let checkpoint = writer.checkpoint_of(&next);
    let (signed, _) = Checkpoint::open_for(&batch.checkpoint, &writer.origin, &writer.key.verifier())
        .map_err(|error| broken(&writer.files, format!("a batch's checkpoint: {error}")))?;
    if signed != checkpoint {
        let why =
            format!("the batch of entries {} to {} does not give the root that was signed", batch.first, batch.size);
        return Err(broken(&writer.files, why));
    }
    writer.publish(&plan, &checkpoint, &batch.checkpoint)?;
    writer.edge = next;
    Ok(())
}

fn unjoin(joined: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    let mut rest = joined;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        rest = after;
    }
    Some(entries)
}
