//! Every file and database operation of the write path, behind one small trait, so that a test can fail or stop at each.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

pub mod faulty;
mod real;

pub use faulty::{Fault, FaultyDisk, Mode};
pub use real::RealDisk;
pub(crate) use real::read_capped;

/// A database operation that did not succeed.
#[derive(Debug)]
pub enum DatabaseError {
    /// The database refused it.
    Sqlite(rusqlite::Error),
    /// The disk failed before or after it.
    Io(io::Error),
}

impl std::fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DatabaseError::Sqlite(error) => write!(f, "{error}"),
            DatabaseError::Io(error) => write!(f, "{error}"),
        }
    }
}

/// An exclusive lock on a file, held until it goes.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Takes it; `None` if somebody else holds it.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn take(file: File) -> io::Result<Option<Lock>> {
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Lock {
    /// Closing the file would not do: a process that is being started just then still has the file open too, and the lock with it.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// The operations that the writer may use. Each is one step that either happens or does not.
pub trait Disk: Send {
    /// Takes the exclusive lock on `path`, making the file if need be; `None` if somebody else holds it.
    fn lock(&mut self, path: &Path) -> io::Result<Option<Lock>>;

    /// Makes one directory (mode 0700 if `private`); fine if it exists.
    fn make_dir(&mut self, path: &Path, private: bool) -> io::Result<()>;

    /// Writes a file that does not exist yet.
    fn write_new(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Makes a file's bytes durable.
    fn sync_file(&mut self, path: &Path) -> io::Result<()>;

    /// Makes a directory's names durable.
    fn sync_dir(&mut self, path: &Path) -> io::Result<()>;

    /// Makes several files' bytes durable: one wait for all of them where the system allows it.
    fn sync_files(&mut self, paths: &[PathBuf]) -> io::Result<()> {
        paths.iter().try_for_each(|path| self.sync_file(path))
    }

    /// Makes the names in several directories durable.
    fn sync_dirs(&mut self, paths: &[PathBuf]) -> io::Result<()> {
        paths.iter().try_for_each(|path| self.sync_dir(path))
    }

    /// Gives a file a second name; fails if that name exists.
    fn link(&mut self, from: &Path, to: &Path) -> io::Result<()>;

    /// Renames a file over another.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file; fine if it is gone.
    fn remove_file(&mut self, path: &Path) -> io::Result<()>;

    /// Removes an empty directory; fine if it is gone.
    fn remove_dir(&mut self, path: &Path) -> io::Result<()>;

    /// The names in a directory, sorted; none if it does not exist.
    fn list(&mut self, path: &Path) -> io::Result<Vec<String>>;

    /// A file's bytes, `None` if it does not exist. More than `most` bytes is an error of kind `FileTooLarge`.
    fn read(&mut self, path: &Path, most: u64) -> io::Result<Option<Vec<u8>>>;

    /// Runs one database operation.
    fn database(
        &mut self,
        step: &'static str,
        run: &mut dyn FnMut() -> rusqlite::Result<()>,
    ) -> Result<(), DatabaseError>;
}

#[cfg(test)]
mod tests {
    use super::Lock;

    #[test]
    fn a_lock_that_is_given_up_is_free_though_the_file_is_still_open_elsewhere() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let open = || file.reopen().unwrap();
        let first = open();
        let elsewhere = first.try_clone().unwrap();
        let lock = Lock::take(first).unwrap().unwrap();
        assert!(Lock::take(open()).unwrap().is_none(), "held");
        drop(lock);
        assert!(Lock::take(open()).unwrap().is_some(), "free, whatever {elsewhere:?} is");
    }
}
