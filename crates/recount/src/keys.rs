//! Key files: one line, the C2SP private key, readable by its owner alone.

use std::path::Path;

use recount_log::SigningKey;

use crate::error::{CliError, Outcome};

/// Makes a new signing key of this name.
pub fn generate(name: &str) -> Outcome<SigningKey> {
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed).map_err(|e| CliError::Environment(format!("no randomness to be had: {e}")))?;
    SigningKey::from_seed(name, seed).map_err(|e| CliError::Input(format!("the key name \"{name}\": {e}")))
}

/// Writes a key to a new file of mode 0600; an existing file is never overwritten.
pub fn write(path: &Path, key: &SigningKey) -> Outcome {
    Ok(recount_keeper::write_key(path, key)?)
}

/// Reads a key from a file.
pub fn read(path: &Path) -> Outcome<SigningKey> {
    Ok(recount_keeper::read_key(path)?)
}
