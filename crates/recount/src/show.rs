//! What people and scripts see: tables in 80 columns, numbers in groups, one JSON document.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::sync::OnceLock;

use serde::Serialize;

use crate::error::{CliError, Outcome};

/// The language of a code that a person typed.
pub fn language(code: &str) -> Result<recount_seats::Language, String> {
    recount_seats::Language::from_code(code).ok_or_else(|| "use en, ru or ky".to_owned())
}

/// Columns of a terminal.
pub const WIDTH: usize = 80;

/// Set once standard output takes no more: `None` if its reader went away, else what failed.
static CLOSED: OnceLock<Option<String>> = OnceLock::new();

/// Prints a line to standard output, without characters that would command the terminal.
pub fn line(text: impl AsRef<str>) {
    put(&plain(text.as_ref()));
}

/// Prints a line as it is. Where standard output takes no more, the work goes on all the same: the exit code still tells its outcome.
fn put(text: &str) {
    if CLOSED.get().is_none()
        && let Err(why) = writeln!(std::io::stdout().lock(), "{text}")
    {
        closed(&why);
    }
}

/// Remembers that standard output takes no more.
pub fn closed(why: &std::io::Error) {
    let text = (why.kind() != std::io::ErrorKind::BrokenPipe).then(|| format!("standard output: {why}"));
    let _ = CLOSED.set(text);
}

/// Whether everything was written. A reader that went away has what it wanted.
pub fn delivered() -> Outcome {
    match CLOSED.get() {
        Some(Some(why)) => Err(CliError::Environment(format!("{why}: the answer was not written in full"))),
        _ => Ok(()),
    }
}

/// Prints an error to standard error, if that is there.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "recount: {}", plain(text));
}

/// A text without characters that command a terminal or turn the direction of writing: what others wrote is shown, not obeyed.
fn plain(text: &str) -> Cow<'_, str> {
    let commands =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    // Bold is the program's own.
    let bold = [("\u{1b}[1m", "\u{1}"), ("\u{1b}[0m", "\u{2}")];
    let kept = bold
        .iter()
        .fold(text.to_owned(), |text, (command, mark)| text.replace(mark, "\u{fffd}").replace(command, mark));
    let shown: String =
        kept.chars().map(|c| if commands(c) && !matches!(c, '\u{1}' | '\u{2}') { '\u{fffd}' } else { c }).collect();
    Cow::Owned(bold.iter().fold(shown, |text, (command, mark)| text.replace(mark, command)))
}

/// Prints one JSON document to standard output.
pub fn json(value: &impl Serialize) -> Outcome {
    let text = serde_json::to_string_pretty(value).map_err(|e| CliError::Environment(e.to_string()))?;
    put(&text);
    Ok(())
}

/// A whole number with thin groups: 1,990,753.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its sign.
pub fn signed(n: i64) -> String {
    let sign = if n < 0 { '-' } else { '+' };
    format!("{sign}{}", number(n.unsigned_abs()))
}

/// `part` of `whole` in percent with two decimals, rounded half up in whole numbers; empty where there is no whole.
pub fn percent(part: u64, whole: u64) -> String {
    decimals(part, whole, 100)
}

/// As [`percent`], for what a threshold may lie on: where it would read as a whole percentage that the part misses or exceeds, with
/// more decimals. 4.9999 % is not 5.00 %.
pub fn share(part: u64, whole: u64) -> String {
    let exact = whole == 0 || (u128::from(part) * 100).is_multiple_of(u128::from(whole));
    let reads_whole = |scale: &u128| rounded(part, whole, *scale).is_multiple_of(*scale);
    let scales = [100, 1_000, 10_000, 100_000, 1_000_000];
    let scale = scales.into_iter().find(|scale| exact || !reads_whole(scale)).unwrap_or(1_000_000);
    decimals(part, whole, scale)
}

/// `part` of `whole` in parts of a percent.
fn rounded(part: u64, whole: u64, scale: u128) -> u128 {
    let whole = u128::from(whole).max(1);
    (u128::from(part) * 200 * scale + whole) / (2 * whole)
}

fn decimals(part: u64, whole: u64, scale: u128) -> String {
    if whole == 0 {
        return String::new();
    }
    let (rounded, digits) = (rounded(part, whole, scale), scale.ilog10() as usize);
    format!("{}.{:0digits$} %", rounded / scale, rounded % scale)
}

/// What something is called, in lines of at most 80 characters.
pub fn title(text: &str) {
    for row in wrap(text, "", "") {
        line(bold(&row));
    }
}

/// A heading with a rule under it.
pub fn heading(text: &str) {
    line("");
    line(bold(text));
    line("-".repeat(text.chars().count().min(80)));
}

/// A text in lines of at most 80 characters; all but the first are indented.
pub fn wrap(text: &str, first: &str, then: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut own = first.to_owned();
    let mut fresh = true;
    for word in text.split_whitespace() {
        if !fresh && own.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut own, then.to_owned()));
            fresh = true;
        }
        if !fresh {
            own.push(' ');
        }
        own.push_str(word);
        fresh = false;
    }
    lines.push(own);
    lines
}

/// Prints a text in lines of at most 80 characters.
pub fn paragraph(text: impl AsRef<str>) {
    for row in wrap(text.as_ref(), "", "") {
        line(row);
    }
}

/// Prints a text as one item of a list.
pub fn item(text: impl AsRef<str>) {
    for row in wrap(text.as_ref(), "  - ", "    ") {
        line(row);
    }
}

/// So many of something: 1 station, 12 stations.
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// A figure, or a dash where none is stated: absent is not zero.
pub fn figure(n: Option<u64>) -> String {
    n.map_or_else(|| "-".to_owned(), number)
}

/// Bold where the output is a terminal.
pub fn bold(text: &str) -> String {
    if std::io::stdout().is_terminal() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// The narrowest that a column of words becomes.
const NARROWEST: usize = 6;

/// A table for people: columns as wide as they need, columns of words shortened to fit 80.
#[derive(Debug, Default)]
pub struct Table {
    head: Vec<(String, bool)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: &[(&str, Align)]) -> Table {
        let head = columns.iter().map(|(name, align)| ((*name).to_owned(), *align == Align::Right)).collect();
        Table { head, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Prints it.
    pub fn print(&self) {
        for row in self.lines() {
            line(row);
        }
    }

    /// Shortens columns of words, the widest first, until the table fits.
    fn fit(&self, widths: &mut [usize]) {
        let gaps = 2 * widths.len().saturating_sub(1);
        loop {
            let total = widths.iter().sum::<usize>() + gaps;
            let words = widths.iter_mut().zip(&self.head).filter(|(width, (_, right))| !right && **width > NARROWEST);
            let Some((widest, _)) = words.max_by_key(|(width, _)| **width) else { return };
            if total <= WIDTH {
                return;
            }
            *widest -= 1;
        }
    }

    /// How wide each column wants to be.
    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.head.iter().map(|(name, _)| name.chars().count()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }

    /// How wide it is before anything is shortened.
    pub fn width(&self) -> usize {
        let widths = self.widths();
        widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
    }

    /// Its lines.
    pub fn lines(&self) -> Vec<String> {
        let mut widths = self.widths();
        self.fit(&mut widths);
        let set = |cells: &[String]| {
            let parts: Vec<String> = cells
                .iter()
                .zip(&widths)
                .zip(&self.head)
                .map(|((cell, width), (_, right))| {
                    let cell = shorten(cell, *width);
                    let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
                    if *right { format!("{gap}{cell}") } else { format!("{cell}{gap}") }
                })
                .collect();
            parts.join("  ").trim_end().to_owned()
        };
        let names: Vec<String> = self.head.iter().map(|(name, _)| name.clone()).collect();
        std::iter::once(set(&names)).chain(self.rows.iter().map(|row| set(row))).collect()
    }
}

/// At most `width` characters; what is cut is marked.
pub fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_990_753), "1,990,753");
        assert_eq!(signed(-3_077), "-3,077");
        assert_eq!(percent(136_276, 1_990_753), "6.85 %");
        assert_eq!(percent(1, 0), "");
        assert_eq!((share(7, 100), share(136_276, 1_990_753)), ("7.00 %".to_owned(), "6.85 %".to_owned()));
        assert_eq!(
            (percent(87_573, 1_751_506), share(87_573, 1_751_506)),
            ("5.00 %".to_owned(), "4.9999 %".to_owned())
        );
        assert_eq!(
            (share(1, 100_000), share(0, 5), share(1, 0)),
            ("0.001 %".to_owned(), "0.00 %".to_owned(), String::new())
        );
        assert_eq!(share(u64::MAX - 1, u64::MAX), "100.000000 %");
    }

    #[test]
    fn what_others_wrote_commands_no_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{7}\u{202e}c\u{9b}1m"), "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}1m");
        assert_eq!(plain("\u{1b}[1mbold\u{1b}[0m \u{1}"), "\u{1b}[1mbold\u{1b}[0m \u{fffd}");
        assert_eq!(plain("two\nlines, Бишкек, 東京"), "two\nlines, Бишкек, 東京");
    }

    #[test]
    fn tables_fit_eighty_columns() {
        let mut table = Table::new(&[("list", Align::Left), ("votes", Align::Right)]);
        table.row(["x".repeat(100), "12".to_owned()]);
        assert!(table.lines().iter().all(|line| line.chars().count() <= 80));
    }
}
