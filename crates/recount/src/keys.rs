//! Key files: one line, the C2SP private key, readable by its owner alone.

use std::io::Write;
use std::path::Path;

use recount_log::SigningKey;

use crate::error::{CliError, Outcome, file_error, input, read_text};

/// Makes a new signing key of this name.
pub fn generate(name: &str) -> Outcome<SigningKey> {
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed).map_err(|e| CliError::Environment(format!("no randomness to be had: {e}")))?;
    SigningKey::from_seed(name, seed).map_err(|e| CliError::Input(format!("the key name \"{name}\": {e}")))
}

/// Writes a key to a new file of mode 0600; an existing file is never overwritten.
pub fn write(path: &Path, key: &SigningKey) -> Outcome {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|e| file_error(path, &e))?;
    writeln!(file, "{}", key.encode())
        .and_then(|()| file.sync_all())
        .map_err(|e| CliError::Environment(format!("{}: {e}", path.display())))
}

/// Reads a key from a file.
pub fn read(path: &Path) -> Outcome<SigningKey> {
    let text = read_text(path)?;
    match SigningKey::parse(text.trim_end()) {
        Ok(key) => Ok(key),
        Err(why) => input(format!("{}: not a signing key: {why}", path.display())),
    }
}
