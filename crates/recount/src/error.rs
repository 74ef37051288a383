//! What can go wrong, and with which exit code the program says so.

use recount_store::{ErrorKind, StoreError};

/// An error with its exit code.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The answer is "no": exit code 1.
    #[error("{0}")]
    No(String),
    /// The call or the input is wrong: exit code 2.
    #[error("{0}")]
    Input(String),
    /// The environment failed: exit code 3.
    #[error("{0}")]
    Environment(String),
    /// A report that has been printed already; only the exit code is left.
    #[error("")]
    Shown(u8),
    /// An error in a file of TOML, shown with its place.
    #[error("{0:?}")]
    Report(miette::Report),
    /// The store refused.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl CliError {
    /// 1 the answer is "no"; 2 the call or the input is wrong; 3 the environment failed. A damaged record is the answer "no" to a
    /// command that asks about it (`asked`), and a wrong input to every other.
    pub fn exit_code(&self, asked: bool) -> u8 {
        match self {
            CliError::No(_) => 1,
            CliError::Shown(code) => *code,
            CliError::Input(_) | CliError::Report(_) => 2,
            CliError::Environment(_) => 3,
            CliError::Store(error) => match error.kind() {
                ErrorKind::Record if asked => 1,
                ErrorKind::Record => 2,
                ErrorKind::Input => 2,
                ErrorKind::Environment => 3,
            },
        }
    }
}

/// The result of a command.
pub type Outcome<T = ()> = Result<T, CliError>;

/// A wrong call or input.
pub fn input<T>(message: impl Into<String>) -> Outcome<T> {
    Err(CliError::Input(message.into()))
}

/// Reads a text file that a person named.
pub fn read_text(path: &std::path::Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|error| file_error(path, &error))
}

/// Reads a file that a person named.
pub fn read_bytes(path: &std::path::Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|error| file_error(path, &error))
}

/// A file that a person named and that cannot be read.
pub fn file_error(path: &std::path::Path, error: &std::io::Error) -> CliError {
    CliError::Input(format!("{}: {error}", path.display()))
}
