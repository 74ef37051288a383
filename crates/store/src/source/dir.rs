//! A record in a directory.

use std::path::{Path, PathBuf};

use super::Source;
use crate::disk::read_capped;
use crate::error::StoreError;
use crate::layout::{CHECKPOINT, Layout};

/// How deep folders are listed. No file of a record lies deeper: at most eight names, as in `tile/0/x281/x474/x976/x710/655.p/9`.
const DEEPEST: usize = 16;

/// The public side of a record in a directory.
#[derive(Debug, Clone)]
pub struct DirSource {
    public: PathBuf,
}

impl DirSource {
    /// The record in `dir`: a record's directory, or a copy of a public side.
    ///
    /// # Errors
    /// [`StoreError::NotARecord`] if there is no checkpoint.
    pub fn open(dir: &Path) -> Result<DirSource, StoreError> {
        let public = Layout::new(dir).public();
        for candidate in [public, dir.to_path_buf()] {
            if candidate.join(CHECKPOINT).is_file() {
                return Ok(DirSource { public: candidate });
            }
        }
        Err(StoreError::NotARecord(dir.to_path_buf()))
    }

    /// The directory that holds the checkpoint.
    #[must_use]
    pub fn public(&self) -> &Path {
        &self.public
    }

    /// Lists the files of one folder, and the folders to list next.
    fn list_folder(&self, folder: &str, files: &mut Vec<String>, folders: &mut Vec<String>) -> Result<(), StoreError> {
        let dir = self.public.join(folder);
        let fail = |error| StoreError::io("list", &dir, error);
        let entries = match std::fs::read_dir(&dir) {
            // The writer removes partial tiles while we walk.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !folder.is_empty() => return Ok(()),
            other => other.map_err(fail)?,
        };
        for entry in entries {
            let entry = entry.map_err(fail)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // A symbolic link is listed, not followed: it may lead in a circle. So is a folder that lies too deep.
            let is_folder = entry.file_type().map_err(fail)?.is_dir();
            if is_folder && path.split('/').count() < DEEPEST {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
        Ok(())
    }
}

impl Source for DirSource {
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let full = self.public.join(path);
        read_capped(&full, most).map_err(|error| match error.kind() {
            std::io::ErrorKind::FileTooLarge => StoreError::TooLarge { path: path.to_owned(), most },
            std::io::ErrorKind::InvalidInput => StoreError::tampered(path, "is not a plain file"),
            _ => StoreError::io("read", &full, error),
        })
    }

    fn list(&self) -> Result<Option<Vec<String>>, StoreError> {
        let (mut files, mut folders) = (Vec::new(), vec![String::new()]);
        while let Some(folder) = folders.pop() {
            self.list_folder(&folder, &mut files, &mut folders)?;
        }
        files.sort();
        Ok(Some(files))
    }

    fn name(&self) -> String {
        self.public.display().to_string()
    }
}
