//! The operating system's files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{DatabaseError, Disk, Lock};

/// The real disk.
#[derive(Debug, Clone, Copy)]
pub struct RealDisk {
    sync: bool,
}

impl RealDisk {
    /// A disk that makes everything durable (`sync`), or, for tests only, leaves that to the system.
    #[must_use]
    pub fn new(sync: bool) -> RealDisk {
        RealDisk { sync }
    }
}

fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        other => other.map(Some),
    }
}

/// Reads at most `most` bytes of a file that may be missing.
///
/// A folder counts as missing. What is no plain file (a pipe, a device, also behind a symbolic link) gives [`io::ErrorKind::InvalidInput`]: opening a
/// pipe would wait for a writer, perhaps for ever, which is why this looks before it opens.
pub(crate) fn read_capped(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(about) = if_there(fs::metadata(path))? else { return Ok(None) };
    if about.is_dir() {
        return Ok(None);
    }
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file"));
    }
    let Some(file) = if_there(File::open(path))? else { return Ok(None) };
    let about = file.metadata()?;
    if about.len() > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than its cap"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > most) {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than its cap"));
    }
    Ok(Some(bytes))
}

fn fine_if_gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Threads that wait for the disk at the same time: it writes what they wait for in one go.
const SYNCS_AT_ONCE: usize = 8;

fn sync_together(paths: &[PathBuf]) -> io::Result<()> {
    let sync = |paths: &[PathBuf]| paths.iter().try_for_each(|path| File::open(path)?.sync_all());
    if paths.len() < 2 {
        return sync(paths);
    }
    let share = paths.len().div_ceil(SYNCS_AT_ONCE);
    std::thread::scope(|scope| {
        let threads: Vec<_> = paths.chunks(share).map(|part| scope.spawn(move || sync(part))).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("a syncing thread failed"))))
    })
}

impl Disk for RealDisk {
    fn lock(&mut self, path: &Path) -> io::Result<Option<Lock>> {
        Lock::take(OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?)
    }

    fn make_dir(&mut self, path: &Path, private: bool) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        if private {
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        }
        #[cfg(not(unix))]
        let _ = private;
        match builder.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            other => other,
        }
    }

    fn write_new(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(bytes)?;
        let mut permissions = file.metadata()?.permissions();
        #[cfg(unix)]
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o444);
        #[cfg(not(unix))]
        permissions.set_readonly(true);
        file.set_permissions(permissions)
    }

    fn sync_file(&mut self, path: &Path) -> io::Result<()> {
        if self.sync { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn sync_dir(&mut self, path: &Path) -> io::Result<()> {
        if self.sync && cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn sync_files(&mut self, paths: &[PathBuf]) -> io::Result<()> {
        if self.sync { sync_together(paths) } else { Ok(()) }
    }

    fn sync_dirs(&mut self, paths: &[PathBuf]) -> io::Result<()> {
        if self.sync && cfg!(unix) { sync_together(paths) } else { Ok(()) }
    }

    fn link(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&mut self, path: &Path) -> io::Result<()> {
        fine_if_gone(fs::remove_file(path))
    }

    fn remove_dir(&mut self, path: &Path) -> io::Result<()> {
        fine_if_gone(fs::remove_dir(path))
    }

    fn list(&mut self, path: &Path) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn read(&mut self, path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
        read_capped(path, most)
    }

    fn database(
        &mut self,
        _step: &'static str,
        run: &mut dyn FnMut() -> rusqlite::Result<()>,
    ) -> Result<(), DatabaseError> {
        run().map_err(DatabaseError::Sqlite)
    }
}
