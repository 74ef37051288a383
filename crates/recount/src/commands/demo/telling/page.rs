//! Words set in 80 columns.

use crate::show;

/// Prints a paragraph. A first word in capitals before two spaces hangs out to the left.
pub fn para(text: impl AsRef<str>) {
    let text = text.as_ref();
    let (first, rest, then) = match text.split_once("  ") {
        Some((label, rest)) if label.chars().all(|c| c.is_ascii_uppercase()) => {
            (format!("{label:<11}"), rest, " ".repeat(11))
        }
        _ => (String::new(), text, String::new()),
    };
    for row in show::wrap(rest, &first, &then) {
        show::line(row.trim_end());
    }
}

/// Hundredths of a percent: 56.20 %.
pub fn hundredths(share: u64) -> String {
    format!("{}.{:02} %", share / 100, share % 100)
}

/// Day and hour in Bishkek (+06:00) of seconds since 1970: "4 Oct 14:00".
pub fn time(seconds: u64) -> String {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(6));
    let stamp = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    stamp.map_or_else(String::new, |stamp| stamp.to_zoned(zone).strftime("%-d %b %H:%M").to_string())
}
