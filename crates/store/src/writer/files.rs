//! Putting files into `public/`: whole, durable, and never changed afterwards.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use recount_log::Tile;

use crate::disk::Disk;
use crate::error::StoreError;
use crate::layout::Layout;
use crate::prover::TileReader;
use crate::source::tile_prefix;

/// At most this many bytes of an existing file are read for comparing.
const MOST_READ: u64 = 1 << 32;

/// Puts files into place through the staging folder.
pub struct Files {
    disk: Box<dyn Disk>,
    layout: Layout,
    known: BTreeSet<PathBuf>,
    dirty: BTreeSet<PathBuf>,
    staged: u64,
}

impl Files {
    /// Files of the record in `layout`.
    pub fn new(disk: Box<dyn Disk>, layout: Layout) -> Files {
        Files { disk, layout, known: BTreeSet::new(), dirty: BTreeSet::new(), staged: 0 }
    }

    /// The disk beneath.
    pub fn disk(&mut self) -> &mut dyn Disk {
        self.disk.as_mut()
    }

    /// The record's paths.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Reads a public file.
    pub fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let full = self.layout.public_file(path);
        self.disk.read(&full, MOST_READ).map_err(|error| StoreError::io("read", &full, error))
    }

    /// Makes a directory below the record and remembers that its parent must be synced.
    pub fn make_dir(&mut self, dir: &Path, private: bool) -> Result<(), StoreError> {
        if self.known.contains(dir) {
            return Ok(());
        }
        self.disk.make_dir(dir, private).map_err(|error| StoreError::io("make the directory", dir, error))?;
        // The parent of a relative path's first part is the current directory.
        let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        self.dirty.insert(parent.to_path_buf());
        self.known.insert(dir.to_path_buf());
        Ok(())
    }

    fn make_parents(&mut self, path: &Path) -> Result<(), StoreError> {
        let public = self.layout.public();
        let missing: Vec<PathBuf> = path
            .ancestors()
            .skip(1)
            .take_while(|dir| *dir != public && !self.known.contains(*dir))
            .map(Path::to_path_buf)
            .collect();
        missing.iter().rev().try_for_each(|dir| self.make_dir(dir, false))
    }

    /// Writes `bytes` to a fresh file in the staging folder.
    fn stage(&mut self, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        self.staged = self.staged.saturating_add(1);
        let temp = self.layout.staging().join(self.staged.to_string());
        self.disk.write_new(&temp, bytes).map_err(|error| StoreError::io("write", &temp, error))?;
        Ok(temp)
    }

    /// Makes staged files durable.
    fn sync(&mut self, staged: &[PathBuf]) -> Result<(), StoreError> {
        self.disk.sync_files(staged).map_err(|error| StoreError::io("sync", &self.layout.staging(), error))
    }

    /// Puts a file that never changes into place. If it exists it must have the same bytes.
    pub fn place(&mut self, path: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.place_all([(path, bytes)])
    }

    /// Puts several files that never change into place, in order, after all of them are durable.
    pub fn place_all<'a>(
        &mut self,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])> + Clone,
    ) -> Result<(), StoreError> {
        let mut staged = Vec::new();
        for (path, bytes) in files.clone() {
            self.make_parents(&self.layout.public_file(path))?;
            staged.push(self.stage(bytes)?);
        }
        self.sync(&staged)?;
        for ((path, bytes), temp) in files.into_iter().zip(&staged) {
            self.link(temp, path, bytes)?;
        }
        Ok(())
    }

    fn link(&mut self, temp: &Path, path: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let target = self.layout.public_file(path);
        match self.disk.link(temp, &target) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                if self.read(path)?.as_deref() != Some(bytes) {
                    return Err(StoreError::Differs { path: path.to_owned() });
                }
            }
            Err(error) => return Err(StoreError::io("link into place", &target, error)),
        }
        self.disk.remove_file(temp).map_err(|error| StoreError::io("remove", temp, error))?;
        self.dirty.extend(target.parent().map(Path::to_path_buf));
        Ok(())
    }

    /// Replaces a file by rename.
    pub fn replace(&mut self, path: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let target = self.layout.public_file(path);
        self.make_parents(&target)?;
        let temp = self.stage(bytes)?;
        self.sync(std::slice::from_ref(&temp))?;
        self.disk.rename(&temp, &target).map_err(|error| StoreError::io("rename into place", &target, error))?;
        self.dirty.extend(target.parent().map(Path::to_path_buf));
        Ok(())
    }

    /// Makes the names of everything put into place so far durable.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        let dirs: Vec<PathBuf> = std::mem::take(&mut self.dirty).into_iter().collect();
        self.disk.sync_dirs(&dirs).map_err(|error| StoreError::io("sync", &self.layout.public(), error))
    }

    /// Makes the database's name durable.
    pub fn sync_private(&mut self) -> Result<(), StoreError> {
        let dir = self.layout.private();
        self.disk.sync_dir(&dir).map_err(|error| StoreError::io("sync", &dir, error))
    }

    /// Removes a folder of partial tiles that a full tile has replaced.
    pub fn remove_partials(&mut self, folder: &str) -> Result<(), StoreError> {
        let dir = self.layout.public_file(folder);
        self.known.remove(&dir);
        self.empty(&dir)?;
        self.disk.remove_dir(&dir).map_err(|error| StoreError::io("remove", &dir, error))
    }

    /// Removes what an earlier run left in the staging folder.
    pub fn clear_staging(&mut self) -> Result<(), StoreError> {
        let dir = self.layout.staging();
        self.empty(&dir)
    }

    fn empty(&mut self, dir: &Path) -> Result<(), StoreError> {
        let names = self.disk.list(dir).map_err(|error| StoreError::io("list", dir, error))?;
        for name in names {
            let path = dir.join(name);
            self.disk.remove_file(&path).map_err(|error| StoreError::io("remove", &path, error))?;
        }
        Ok(())
    }
}

impl TileReader for &mut Files {
    // If a partial tile was replaced by the full one, from that.
    fn read_tile(&mut self, tile: &Tile) -> Result<Vec<u8>, StoreError> {
        if let Some(bytes) = self.read(&tile.path())? {
            return Ok(bytes);
        }
        let path = tile.full().path();
        let mut bytes = self.read(&path)?.ok_or_else(|| StoreError::Missing { path: tile.path() })?;
        let length = tile_prefix(tile, &bytes).ok_or_else(|| StoreError::tampered(path, "too short for the tree"))?;
        bytes.truncate(length);
        Ok(bytes)
    }
}
