//! What can go wrong, and with which exit code the program says so.

use std::ops::Range;

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
            CliError::Input(_) => 2,
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

impl From<recount_keeper::KeeperError> for CliError {
    fn from(why: recount_keeper::KeeperError) -> CliError {
        match why {
            recount_keeper::KeeperError::No(why) => CliError::No(why),
            recount_keeper::KeeperError::Input(why) => CliError::Input(why),
            recount_keeper::KeeperError::Environment(why) => CliError::Environment(why),
            recount_keeper::KeeperError::Store(why) => CliError::Store(why),
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

/// An error in a text that a person wrote, shown with its place: the line, and what is meant in it.
pub fn text_error(
    path: &std::path::Path,
    text: &str,
    message: &str,
    help: Option<&str>,
    span: Option<Range<usize>>,
) -> CliError {
    let mut shown = path.display().to_string();
    let place = span.and_then(|span| Some((text.get(..span.start)?, text.get(span.clone()).unwrap_or(""))));
    if let Some((before, meant)) = place {
        let number = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let column = before.get(start..).map_or(0, |head| head.chars().count());
        let width = meant.lines().next().unwrap_or("").chars().count().max(1);
        let gutter = " ".repeat(number.to_string().len());
        let under = format!("{}{}", " ".repeat(column), "^".repeat(width));
        shown.push_str(&format!(
            ":{number}:{}: {message}\n  {gutter} |\n  {number} | {line}\n  {gutter} | {under}",
            column + 1
        ));
    } else {
        shown.push_str(&format!(": {message}"));
    }
    if let Some(help) = help {
        shown.push_str(&format!("\n  help: {help}"));
    }
    CliError::Input(shown)
}

/// A file that a person named and that cannot be read.
pub fn file_error(path: &std::path::Path, error: &std::io::Error) -> CliError {
    let path = path.display();
    CliError::Input(match error.kind() {
        std::io::ErrorKind::NotFound => format!("{path}: there is no such file or folder; check the name"),
        std::io::ErrorKind::PermissionDenied => format!("{path}: this user may not read or write it"),
        std::io::ErrorKind::IsADirectory => format!("{path}: this is a folder; name a file"),
        std::io::ErrorKind::InvalidData => format!("{path}: not text in UTF-8"),
        _ => format!("{path}: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_points_at_its_place() {
        let text = "a = 1\nschwelle = 7\n";
        let path = std::path::Path::new("law.toml");
        let shown = text_error(path, text, "unknown key", Some("leave it out"), Some(6..14)).to_string();
        assert_eq!(shown, "law.toml:2:1: unknown key\n    |\n  2 | schwelle = 7\n    | ^^^^^^^^\n  help: leave it out");
        // A place beyond the text, or within a character, is no reason to fail.
        for span in [400..500, 0..0, 18..18] {
            assert!(text_error(path, "ж = 1", "x", None, Some(span)).to_string().starts_with("law.toml"));
        }
    }
}
