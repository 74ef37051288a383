//! Key files: one line, the C2SP private key, readable by its owner alone.

use std::io::{Read, Write};
use std::path::Path;

use recount_log::{SigningKey, VerifierKey};

use crate::error::KeeperError;

/// Bytes that a key file holds at most: a key is one line.
const MOST: u64 = 1 << 16;

/// Writes a key to a new file of mode 0600; an existing file is never overwritten.
///
/// # Errors
/// The file exists or cannot be written: then none is left behind.
pub fn write(path: &Path, key: &SigningKey) -> Result<(), KeeperError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|why| KeeperError::io(path, &why))?;
    writeln!(file, "{}", key.encode()).and_then(|()| file.sync_all()).map_err(|why| {
        // Half a key is none, and would be in the way of the next attempt.
        let _ = std::fs::remove_file(path);
        KeeperError::io(path, &why)
    })
}

/// Reads a key from a file.
///
/// # Errors
/// The file cannot be read or holds no key.
pub fn read(path: &Path) -> Result<SigningKey, KeeperError> {
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|why| KeeperError::io(path, &why))?;
    file.take(MOST).read_to_string(&mut text).map_err(|why| KeeperError::io(path, &why))?;
    SigningKey::parse(text.trim_end()).map_err(|why| {
        let help = if VerifierKey::parse(text.trim_end()).is_ok() { " (this is the public half of one)" } else { "" };
        KeeperError::file(path, format!("{why}{help}; `recount key new NAME -o FILE` makes one"))
    })
}
