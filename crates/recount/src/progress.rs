//! Progress bars for what takes more than a second.

use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::show;

/// How long work goes on without a bar.
const QUIET: Duration = Duration::from_secs(1);
/// How long a drawn bar stands at least.
const STANDS: Duration = Duration::from_millis(100);
/// Characters between the brackets.
const BAR: usize = 30;
/// Back to the first column, and nothing on the line.
const CLEAR: &str = "\r\u{1b}[2K";

/// A bar on standard error that shows itself after one second; none where standard error is no terminal.
pub struct Progress {
    terminal: bool,
    drawn: Cell<Option<Instant>>,
    since: Instant,
    what: &'static str,
    total: u64,
}

impl Progress {
    /// Work on `total` things.
    pub fn new(what: &'static str, total: u64) -> Progress {
        let terminal = std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Progress { terminal, drawn: Cell::new(None), since: Instant::now(), what, total }
    }

    /// So many are done.
    pub fn at(&self, done: u64) {
        if !self.terminal || self.drawn.get().is_some_and(|last| last.elapsed() < STANDS) {
            return;
        }
        let spent = self.since.elapsed();
        if spent > QUIET {
            put(&row(self.what, done, self.total, spent));
            self.drawn.set(Some(Instant::now()));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn.get().is_some() {
            put("");
        }
    }
}

/// Replaces the line; where standard error is gone, the work goes on without a bar.
fn put(row: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{CLEAR}{row}").and_then(|()| err.flush());
}

/// The bar as text, with the seconds left if the rest goes as fast.
fn row(what: &str, done: u64, total: u64, spent: Duration) -> String {
    let done = done.min(total);
    let scaled = |whole: u128, part: u64, of: u64| whole.saturating_mul(u128::from(part)).checked_div(u128::from(of));
    let full = scaled(BAR as u128, done, total).and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    let left = scaled(spent.as_millis(), total - done, done).map_or_else(String::new, |ms| format!(" {}s", ms / 1000));
    let bar = format!("{}{}", "#".repeat(full), ".".repeat(BAR.saturating_sub(full)));
    format!("{what} [{bar}] {}/{}{left}", show::number(done), show::number(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_how_far_and_how_long() {
        let ten = Duration::from_secs(10);
        assert_eq!(row("reading", 500, 2_000, ten), "reading [#######.......................] 500/2,000 30s");
        assert_eq!(row("reading", 0, 2_000, ten), "reading [..............................] 0/2,000");
        assert_eq!(row("reading", 3, 2, ten), "reading [##############################] 2/2 0s");
        assert_eq!(row("reading", 0, 0, ten), "reading [..............................] 0/0");
        assert!(row("fetching blobs", u64::MAX / 2, u64::MAX, Duration::MAX).starts_with("fetching blobs [#####"));
    }
}
