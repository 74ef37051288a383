//! Key files: one line, the C2SP private key, readable by its owner alone.

use std::io::Write;
use std::path::Path;

use recount_log::SigningKey;

use crate::error::KeeperError;

/// Writes a key to a new file of mode 0600; an existing file is never overwritten.
///
/// # Errors
/// The file exists or cannot be written.
pub fn write(path: &Path, key: &SigningKey) -> Result<(), KeeperError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|why| KeeperError::file(path, why))?;
    writeln!(file, "{}", key.encode())
        .and_then(|()| file.sync_all())
        .map_err(|why| KeeperError::Environment(format!("{}: {why}", path.display())))
}

/// Reads a key from a file.
///
/// # Errors
/// The file cannot be read or holds no key.
pub fn read(path: &Path) -> Result<SigningKey, KeeperError> {
    let text = std::fs::read_to_string(path).map_err(|why| KeeperError::file(path, why))?;
    SigningKey::parse(text.trim_end()).map_err(|why| KeeperError::file(path, format!("not a signing key: {why}")))
}
