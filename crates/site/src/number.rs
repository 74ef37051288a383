//! Numbers as people read them: grouped digits, shares rounded from exact fractions, UTC times.

use recount_election::calendar::{Moment, moment};

/// The space between groups of three digits: narrow and not breaking.
const GROUP: char = '\u{202f}';

/// `1990753` becomes `1 990 753` with narrow no-break spaces.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(GROUP);
        }
        out.push(digit);
    }
    out
}

/// `part / whole` in percent with two decimals, half up: `24.50 %`. `None` for an empty whole.
pub(crate) fn percent(part: u64, whole: u64) -> Option<String> {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let hundredths = (part * 20_000 + whole).checked_div(whole * 2)?;
    Some(format!("{}.{:02}\u{a0}%", hundredths / 100, hundredths % 100))
}

/// `part / whole` in thousandths, rounded down, at most 1000: the length of a bar.
pub(crate) fn per_mille(part: u64, whole: u64) -> u64 {
    let share = (u128::from(part) * 1000).checked_div(u128::from(whole)).unwrap_or(0);
    u64::try_from(share.min(1000)).unwrap_or(1000)
}

/// A ratio such as `7/1000` in percent without losing anything, `0.7 %`, or the ratio itself where percent would not be exact.
pub(crate) fn ratio_percent(ratio: &str) -> String {
    let exact = || {
        let (num, den) = ratio.split_once('/')?;
        let (num, den): (u64, u64) = (num.parse().ok()?, den.parse().ok()?);
        let scaled = num.checked_mul(1_000_000)?;
        if den == 0 || scaled % den != 0 {
            return None;
        }
        let (whole, rest) = (scaled / den / 10_000, scaled / den % 10_000);
        let decimals = format!("{rest:04}");
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        Some(format!("{whole}{point}{decimals}\u{a0}%"))
    };
    exact().unwrap_or_else(|| ratio.to_owned())
}

/// Seconds since 1970 as `2020-10-05 05:00 UTC`; their number where no calendar has them.
pub(crate) fn utc(seconds: u64) -> String {
    moment(seconds).map_or_else(
        || seconds.to_string(),
        |at| format!("{}-{:02}-{:02} {:02}:{:02} UTC", at.year, at.month, at.day, at.hour, at.minute),
    )
}

/// The same for machines: `2020-10-05T05:00:00Z`.
pub(crate) fn iso(seconds: u64) -> String {
    moment(seconds).map_or_else(
        || seconds.to_string(),
        |at| {
            let Moment { year, month, day, hour, minute, second } = at;
            format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_in_groups() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_990_753), "1\u{202f}990\u{202f}753");
        assert_eq!(grouped(u64::MAX).chars().filter(|c| *c == GROUP).count(), 6);
    }

    #[test]
    fn shares_are_rounded_half_up_from_the_exact_fraction() {
        assert_eq!(percent(487_685, 1_990_753).as_deref(), Some("24.50\u{a0}%"));
        assert_eq!(percent(1, 20_000).as_deref(), Some("0.01\u{a0}%"), "exactly half of a hundredth goes up");
        assert_eq!(percent(1, 20_001).as_deref(), Some("0.00\u{a0}%"));
        assert_eq!(percent(u64::MAX, u64::MAX).as_deref(), Some("100.00\u{a0}%"));
        assert_eq!(percent(1, 0), None);
        assert_eq!(per_mille(1, 3), 333);
        assert_eq!(per_mille(5, 0), 0);
        assert_eq!(per_mille(5, 1), 1000);
    }

    #[test]
    fn thresholds_lose_nothing() {
        assert_eq!(ratio_percent("7/100"), "7\u{a0}%");
        assert_eq!(ratio_percent("7/1000"), "0.7\u{a0}%");
        assert_eq!(ratio_percent("1/3"), "1/3");
        assert_eq!(ratio_percent("1/0"), "1/0");
        assert_eq!(ratio_percent("attribute"), "attribute");
    }

    #[test]
    fn times_are_civil() {
        assert_eq!(utc(0), "1970-01-01 00:00 UTC");
        assert_eq!(iso(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(iso(1_601_874_000), "2020-10-05T05:00:00Z");
        assert_eq!(utc(u64::MAX), u64::MAX.to_string());
    }
}
