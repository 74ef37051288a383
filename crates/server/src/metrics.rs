//! Figures about the service itself, in the text format of Prometheus (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets of durations, in microseconds.
const BOUNDS_US: [u64; 12] =
    [500, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000];

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A number that goes up and down.
#[derive(Debug, Default)]
pub(crate) struct Gauge(AtomicU64);

impl Gauge {
    pub(crate) fn set(&self, n: u64) {
        self.0.store(n, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Durations by bucket.
#[derive(Debug, Default)]
pub(crate) struct Durations {
    buckets: [AtomicU64; BOUNDS_US.len()],
    sum_us: AtomicU64,
    count: AtomicU64,
}

impl Durations {
    pub(crate) fn note(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        for (bound, bucket) in BOUNDS_US.iter().zip(&self.buckets) {
            if us <= *bound {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.sum_us.fetch_add(us, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    fn write(&self, out: &mut String, name: &str, help: &str) {
        head(out, name, help, "histogram");
        for (bound, bucket) in BOUNDS_US.iter().zip(&self.buckets) {
            line(out, &format!("{name}_bucket{{le=\"{}\"}}", seconds(*bound)), bucket.load(Ordering::Relaxed));
        }
        let count = self.count.load(Ordering::Relaxed);
        line(out, &format!("{name}_bucket{{le=\"+Inf\"}}"), count);
        line(out, &format!("{name}_sum"), seconds(self.sum_us.load(Ordering::Relaxed)));
        line(out, &format!("{name}_count"), count);
    }
}

/// Microseconds as seconds, exactly.
fn seconds(us: u64) -> String {
    format!("{}.{:06}", us / 1_000_000, us % 1_000_000)
}

/// Everything that is counted.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Answers by status.
    answers: Mutex<BTreeMap<u16, u64>>,
    /// Statements by what became of them: `filed`, `duplicate`, or the code of the refusal.
    statements: Mutex<BTreeMap<&'static str, u64>>,
    pub(crate) commits: Counter,
    pub(crate) commit_failures: Counter,
    pub(crate) commit_time: Durations,
    pub(crate) filing_time: Durations,
    pub(crate) editions: Counter,
    pub(crate) edition_time: Durations,
    pub(crate) page_time: Durations,
    pub(crate) violations: Counter,
    pub(crate) alarm: Gauge,
    pub(crate) record_size: Gauge,
    pub(crate) edition_size: Gauge,
    pub(crate) events_readers: Gauge,
    pub(crate) earlier_editions: Gauge,
    pub(crate) writable: Gauge,
}

impl Metrics {
    pub(crate) fn answered(&self, status: u16) {
        *self.answers.lock().unwrap_or_else(PoisonError::into_inner).entry(status).or_insert(0) += 1;
    }

    pub(crate) fn statement(&self, what: &'static str) {
        *self.statements.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_insert(0) += 1;
    }

    /// The whole text.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        head(&mut out, "recount_answers_total", "Answers by HTTP status.", "counter");
        for (status, n) in self.answers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            line(&mut out, &format!("recount_answers_total{{status=\"{status}\"}}"), n);
        }
        head(&mut out, "recount_statements_total", "Statements that came, by what became of them.", "counter");
        for (what, n) in self.statements.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            line(&mut out, &format!("recount_statements_total{{verdict=\"{what}\"}}"), n);
        }
        let counters = [
            (&self.commits, "recount_commits_total", "Group commits of the record."),
            (&self.commit_failures, "recount_commit_failures_total", "Group commits that failed."),
            (&self.editions, "recount_editions_total", "Editions of pages put up."),
            (&self.violations, "recount_violations_total", "Editions withheld because an invariant failed."),
        ];
        for (counter, name, help) in counters {
            head(&mut out, name, help, "counter");
            line(&mut out, name, counter.get());
        }
        let gauges = [
            (&self.alarm, "recount_alarm", "1 while the newest size is withheld from the pages."),
            (&self.record_size, "recount_record_size", "Statements in the record."),
            (&self.edition_size, "recount_edition_size", "Statements on which the pages rest."),
            (&self.events_readers, "recount_events_readers", "Readers connected to /events."),
            (&self.earlier_editions, "recount_earlier_editions", "Editions of earlier sizes in memory."),
            (&self.writable, "recount_writable", "1 while statements can be filed."),
        ];
        for (gauge, name, help) in gauges {
            head(&mut out, name, help, "gauge");
            line(&mut out, name, gauge.get());
        }
        self.commit_time.write(&mut out, "recount_commit_seconds", "Time of one group commit.");
        self.filing_time.write(&mut out, "recount_filing_seconds", "Time from a statement's arrival to its answer.");
        self.edition_time.write(&mut out, "recount_edition_seconds", "Time to make one edition.");
        self.page_time.write(&mut out, "recount_page_seconds", "Time to make one page that was not in memory.");
        out
    }
}

fn head(out: &mut String, name: &str, help: &str, kind: &str) {
    // Writing to memory never fails.
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(out: &mut String, name: &str, value: impl std::fmt::Display) {
    let _ = writeln!(out, "{name} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_into_buckets_that_add_up() {
        let metrics = Metrics::default();
        metrics.page_time.note(Duration::from_micros(700));
        metrics.page_time.note(Duration::from_secs(60));
        metrics.answered(200);
        metrics.answered(200);
        metrics.statement("bad-signature");
        let text = metrics.text();
        for wanted in [
            "recount_answers_total{status=\"200\"} 2\n",
            "recount_statements_total{verdict=\"bad-signature\"} 1\n",
            "recount_page_seconds_bucket{le=\"0.000500\"} 0\n",
            "recount_page_seconds_bucket{le=\"0.001000\"} 1\n",
            "recount_page_seconds_bucket{le=\"10.000000\"} 1\n",
            "recount_page_seconds_bucket{le=\"+Inf\"} 2\n",
            "recount_page_seconds_sum 60.000700\n",
        ] {
            assert!(text.contains(wanted), "{wanted} is not in\n{text}");
        }
    }
}
