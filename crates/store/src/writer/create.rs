//! Making a record.

use std::path::Path;

use recount_log::{Checkpoint, SigningKey};

use super::files::Files;
use super::{Writer, sign};
use crate::disk::{Disk, Lock};
use crate::edge::{Edge, Plan};
use crate::error::StoreError;
use crate::head::{Database, HeadRow};
use crate::layout::Layout;
use crate::memory::Memory;
use crate::options::WriterOptions;
use crate::witness::Cosigners;

pub fn create(
    mut disk: Box<dyn Disk>,
    dir: &Path,
    origin: &str,
    key: &SigningKey,
    mut options: WriterOptions,
) -> Result<Writer, StoreError> {
    let names = disk.list(dir).map_err(|error| StoreError::io("list", dir, error))?;
    if !names.is_empty() {
        return Err(StoreError::Exists(dir.to_path_buf()));
    }
    let edge = Edge::default();
    let checkpoint = Checkpoint { origin: origin.to_owned(), size: 0, root: edge.root(), extensions: Vec::new() };
    let head = sign(&checkpoint, key, &mut options)?;
    let layout = Layout::new(dir);
    let mut files = Files::new(disk, layout.clone());
    for (folder, private) in [
        (layout.root().to_path_buf(), false),
        (layout.private(), true),
        (layout.staging(), true),
        (layout.public(), false),
    ] {
        files.make_dir(&folder, private)?;
    }
    let lock = take_lock(&mut files)?;
    let mut database = Database::open(files.disk(), &layout.head(), true, options.full_sync)?;
    let row = HeadRow { origin: origin.to_owned(), log_key: key.verifier().to_string(), checkpoint: head.clone() };
    database.begin(files.disk(), &row)?;
    files.sync_private()?;
    files.settle()?;
    let mut writer = Writer {
        files,
        database,
        key: copy_key(key)?,
        origin: origin.to_owned(),
        edge,
        published: head.clone(),
        cosigners: Cosigners::new(&mut options),
        memory: options.memory.as_ref().map(|folder| Memory::of_writer(folder, origin, &key.verifier())),
        head,
        options,
        poisoned: false,
        _lock: lock,
    };
    let head = writer.head.clone();
    writer.publish(&Plan::default(), &checkpoint, &head)?;
    Ok(writer)
}

/// Takes the record's lock.
pub fn take_lock(files: &mut Files) -> Result<Lock, StoreError> {
    let path = files.layout().lock();
    let root = files.layout().root().to_path_buf();
    let lock = files.disk().lock(&path).map_err(|error| StoreError::io("lock", &path, error))?;
    lock.ok_or(StoreError::Locked(root))
}

/// The writer's own copy of the key.
pub fn copy_key(key: &SigningKey) -> Result<SigningKey, StoreError> {
    SigningKey::parse(&key.encode()).map_err(|error| StoreError::Invalid(format!("the log key: {error}")))
}
