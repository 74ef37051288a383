//! Logs: one line per event on standard error, for people or as JSON. Messages read alone; facts stand beside them as fields with units.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// `2027-01-03T20:00:01Z INFO message key=value`.
    Text,
    /// One JSON object a line.
    Json,
}

/// Sends events of this level and above to standard error. The first call decides; later ones change nothing.
pub fn log_to_stderr(format: LogFormat, level: LevelFilter) {
    // Somebody who embeds the service may have set up logs of their own.
    let _ = tracing::subscriber::set_global_default(Lines { format, level });
}

struct Lines {
    format: LogFormat,
    level: LevelFilter,
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Crates below log their own affairs (every TLS handshake): only what goes wrong there is of interest.
        let own = metadata.target().starts_with("recount");
        let level = if own { self.level } else { self.level.min(LevelFilter::WARN) };
        *metadata.level() <= level
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let line = match self.format {
            LogFormat::Text => text(now, event, &fields),
            LogFormat::Json => json(now, event, fields),
        };
        // Where standard error is gone, the service goes on without logs.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn text(now: u128, event: &Event<'_>, fields: &Fields) -> String {
    let mut line = format!("{} {} {}", stamp(now), event.metadata().level(), fields.message);
    for (name, value) in &fields.others {
        // Never fails: the line is memory.
        let _ = match value {
            Value::String(text) => write!(line, " {name}={text:?}"),
            other => write!(line, " {name}={other}"),
        };
    }
    line.push('\n');
    line
}

fn json(now: u128, event: &Event<'_>, fields: Fields) -> String {
    let mut all = Map::new();
    all.insert("time".to_owned(), Value::from(stamp(now)));
    all.insert("level".to_owned(), Value::from(event.metadata().level().as_str()));
    all.insert("message".to_owned(), Value::from(fields.message));
    all.extend(fields.others);
    format!("{}\n", Value::Object(all))
}

#[derive(Default)]
struct Fields {
    message: String,
    others: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        self.others.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.put(field, Value::from(format!("{value:?}")));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::from(value));
    }
}

/// UTC with milliseconds (RFC 3339), by the civil calendar.
fn stamp(millis: u128) -> String {
    let seconds = u64::try_from(millis / 1000).unwrap_or(u64::MAX);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Days since 1 March of year 0: leap days come last in such years.
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, rest) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{rest:02}.{:03}Z", millis % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(stamp(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(stamp(951_827_696_789), "2000-02-29T12:34:56.789Z");
        assert_eq!(stamp(1_601_769_600_000), "2020-10-04T00:00:00.000Z");
        assert_eq!(stamp(4_107_542_399_999), "2100-02-28T23:59:59.999Z");
    }
}
