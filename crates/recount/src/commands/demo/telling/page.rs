//! Words set in 80 columns.

use recount_election::calendar::{Moment, moment};

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

/// The months, as dates name them.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds by which the clocks of Bishkek are ahead of UTC.
const BISHKEK: u64 = 6 * 3600;

/// Day and hour in Bishkek (+06:00) of seconds since 1970: "4 Oct 14:00".
pub fn time(seconds: u64) -> String {
    let at = moment(seconds.saturating_add(BISHKEK));
    let month = |at: Moment| MONTHS.iter().zip(1..).find(|&(_, month)| month == at.month).map_or("", |(name, _)| name);
    at.map_or_else(String::new, |at| format!("{} {} {:02}:{:02}", at.day, month(at), at.hour, at.minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_those_of_bishkek() {
        assert_eq!(time(1_601_769_600), "4 Oct 06:00");
        assert_eq!(time(1_601_834_400), "5 Oct 00:00", "the day begins six hours before that of UTC");
        assert_eq!(time(1_609_437_599), "31 Dec 23:59");
        assert_eq!(time(u64::MAX), "");
    }
}
