//! Progress bars for what takes more than a second.

use std::cell::Cell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error that shows itself after one second; none where standard error is no terminal.
pub struct Progress {
    bar: Cell<Option<ProgressBar>>,
    since: Instant,
    what: &'static str,
    total: u64,
}

impl Progress {
    /// Work on `total` things.
    pub fn new(what: &'static str, total: u64) -> Progress {
        Progress { bar: Cell::new(None), since: Instant::now(), what, total }
    }

    /// So many are done.
    pub fn at(&self, done: u64) {
        if let Some(bar) = self.bar.take() {
            bar.set_position(done);
            self.bar.set(Some(bar));
        } else if self.since.elapsed() > Duration::from_secs(1) {
            let bar = ProgressBar::new(self.total);
            if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {human_pos}/{human_len} {eta}") {
                bar.set_style(style);
            }
            bar.set_message(self.what);
            bar.set_position(done);
            self.bar.set(Some(bar));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
