//! What can go wrong, and with which exit code the program says so.

use std::io::Read;
use std::ops::Range;
use std::path::Path;

use recount_store::{ErrorKind, StoreError};

/// What a signing key in its file begins with.
pub const SECRET: &str = "PRIVATE+KEY+";

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

/// Bytes that a file of a person's may have: more is a mistake, or a device that never ends.
const LARGEST: u64 = 1 << 28;
/// Characters of a wrong line that are shown on either side of the place.
const AROUND: usize = 60;

/// Reads a text file that a person named. A signing key is no such text, and its owner would not want to see it quoted.
pub fn read_text(path: &Path) -> Outcome<String> {
    let text = String::from_utf8(read_bytes(path)?)
        .map_err(|_| file_error(path, &std::io::Error::from(std::io::ErrorKind::InvalidData)))?;
    if text.starts_with(SECRET) {
        return input(format!("{}: this is a signing key, which goes to --key or --sign alone", path.display()));
    }
    Ok(text)
}

/// Reads a JSON file that a person named; a mark of UTF-8 at its head is none of its text.
pub fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Outcome<T> {
    let text = read_text(path)?;
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|why| CliError::Input(format!("{}: not the JSON that is asked: {why}", path.display())))
}

/// Reads a file that a person named.
pub fn read_bytes(path: &Path) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| file_error(path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return input(format!("{}: larger than {} MiB: not such a file", path.display(), LARGEST >> 20));
    }
    Ok(bytes)
}

/// An error in a text that a person wrote, shown with its place: the line, and what is meant in it.
pub fn text_error(path: &Path, text: &str, message: &str, help: Option<&str>, span: Option<Range<usize>>) -> CliError {
    let mut shown = path.display().to_string();
    let place = span.and_then(|span| Some((text.get(..span.start)?, text.get(span.clone()).unwrap_or(""))));
    if let Some((before, meant)) = place {
        let number = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let column = before.get(start..).map_or(0, |head| head.chars().count());
        let width = meant.lines().next().unwrap_or("").chars().count().clamp(1, AROUND);
        // Of a line without end only what lies around the place is shown.
        let skipped = column.saturating_sub(AROUND);
        let line: String = line.chars().skip(skipped).take(2 * AROUND).collect();
        let gutter = " ".repeat(number.to_string().len());
        let under = format!("{}{}", " ".repeat(column - skipped), "^".repeat(width));
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

/// A file that a person named and that cannot be read or written.
pub fn file_error(path: &Path, error: &std::io::Error) -> CliError {
    recount_keeper::KeeperError::io(path, error).into()
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
        let long = format!("a = [{}", "[".repeat(5_000));
        let shown = text_error(path, &long, "too deep", None, Some(4_000..4_001)).to_string();
        assert!(
            shown.starts_with("law.toml:1:4001: too deep\n") && shown.lines().all(|line| line.len() < 140),
            "{shown}"
        );
        for span in [400..500, 0..0, 18..18] {
            assert!(text_error(path, "ж = 1", "x", None, Some(span)).to_string().starts_with("law.toml"));
        }
    }
}
