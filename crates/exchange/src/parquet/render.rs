//! Values as the text that a CSV file would hold.

use std::fmt::Write as _;

use recount_election::calendar;

use super::ParquetError;
use super::meta::Meaning;

const ENDS: ParquetError = ParquetError::Broken("a page ends before its values do");

/// Where the next value of a page lies: its bytes, and the place behind it.
pub(super) fn next(meaning: Meaning, body: &[u8], at: usize) -> Result<(&[u8], usize), ParquetError> {
    let fixed = match meaning {
        Meaning::Whole { bytes, .. } | Meaning::Float(bytes) | Meaning::FixedText(bytes) => bytes,
        Meaning::Decimal { bytes, .. } if bytes > 0 => bytes,
        Meaning::Date => 4,
        Meaning::Time(_) => 8,
        Meaning::Boolean => 1,
        Meaning::Text | Meaning::Decimal { .. } => {
            let from = at.checked_add(4).ok_or(ENDS)?;
            let length = body.get(at..from).and_then(|bytes| bytes.try_into().ok()).ok_or(ENDS)?;
            let length = usize::try_from(u32::from_le_bytes(length)).map_err(|_| ENDS)?;
            let end = from.checked_add(length).ok_or(ENDS)?;
            return Ok((body.get(from..end).ok_or(ENDS)?, end));
        }
    };
    let end = at.checked_add(fixed).ok_or(ENDS)?;
    Ok((body.get(at..end).ok_or(ENDS)?, end))
}

/// Writes a value as text. False where it stands for none: a number that is no number.
pub(super) fn push(meaning: Meaning, value: &[u8], out: &mut Vec<u8>) -> bool {
    let mut text = Text(out);
    match meaning {
        Meaning::Text | Meaning::FixedText(_) => out.extend_from_slice(value),
        Meaning::Boolean => out.extend_from_slice(if value == [0] { b"false" } else { b"true" }),
        Meaning::Whole { bytes: 4, unsigned } => {
            let n = little(value);
            let n = if unsigned { i128::from(n) } else { i128::from(u32::try_from(n).unwrap_or(0).cast_signed()) };
            text.number(n);
        }
        Meaning::Whole { unsigned, .. } => {
            let n = little(value);
            text.number(if unsigned { i128::from(n) } else { i128::from(n.cast_signed()) });
        }
        Meaning::Float(bytes) => return text.float(little(value), bytes),
        Meaning::Decimal { number: true, scale, bytes } => {
            let n = little(value);
            let n = if bytes == 4 { i64::from(u32::try_from(n).unwrap_or(0).cast_signed()) } else { n.cast_signed() };
            text.decimal(i128::from(n), scale);
        }
        Meaning::Decimal { scale, .. } => match big(value) {
            Some(n) => text.decimal(n, scale),
            None => return false,
        },
        Meaning::Date => {
            let days = i64::from(u32::try_from(little(value)).unwrap_or(0).cast_signed());
            text.moment(days.saturating_mul(86_400), true);
        }
        Meaning::Time(unit) => text.moment(little(value).cast_signed().div_euclid(unit), false),
    }
    true
}

/// Up to eight bytes, the lowest first.
fn little(value: &[u8]) -> u64 {
    value.iter().take(8).rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// Up to sixteen bytes with a sign, the highest first.
fn big(value: &[u8]) -> Option<i128> {
    let first = value.first()?.cast_signed();
    (value.len() <= 16)
        .then(|| value.iter().skip(1).fold(i128::from(first), |sum, byte| (sum << 8) | i128::from(*byte)))
}

struct Text<'a>(&'a mut Vec<u8>);

impl std::fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl Text<'_> {
    fn number(&mut self, n: i128) {
        // Writing to memory does not fail.
        let _ = write!(self, "{n}");
    }

    /// A whole number is written as one: tools that know no absent integers turn columns of figures into floating point.
    fn float(&mut self, bits: u64, bytes: usize) -> bool {
        let (n, text) = if bytes == 4 {
            let n = f32::from_bits(u32::try_from(bits).unwrap_or(0));
            (f64::from(n), n.to_string())
        } else {
            let n = f64::from_bits(bits);
            (n, n.to_string())
        };
        if !n.is_nan() {
            self.0.extend_from_slice(text.as_bytes());
        }
        !n.is_nan()
    }

    /// Without a point where nothing but zeros would follow it.
    fn decimal(&mut self, n: i128, scale: u32) {
        let Some(unit) = 10u128.checked_pow(scale) else { return };
        let (whole, rest) = (n.unsigned_abs() / unit, n.unsigned_abs() % unit);
        let sign = if n < 0 { "-" } else { "" };
        let _ = write!(self, "{sign}{whole}");
        if rest > 0 {
            let _ = write!(self, ".{rest:0width$}", width = usize::try_from(scale).unwrap_or(0));
        }
    }

    /// A day, or a day with its time in UTC; what lies before 1970 or after 9999 as its number.
    fn moment(&mut self, seconds: i64, day: bool) {
        let Some(own) = u64::try_from(seconds).ok().and_then(calendar::moment) else {
            return self.number(i128::from(seconds));
        };
        let _ = write!(self, "{:04}-{:02}-{:02}", own.year, own.month, own.day);
        if !day {
            let _ = write!(self, "T{:02}:{:02}:{:02}Z", own.hour, own.minute, own.second);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(meaning: Meaning, value: &[u8]) -> String {
        let mut out = Vec::new();
        if push(meaning, value, &mut out) { String::from_utf8(out).unwrap() } else { "none".to_owned() }
    }

    #[test]
    fn values_as_text() {
        assert_eq!(text(Meaning::Whole { bytes: 4, unsigned: false }, &(-5i32).to_le_bytes()), "-5");
        assert_eq!(text(Meaning::Whole { bytes: 4, unsigned: true }, &u32::MAX.to_le_bytes()), "4294967295");
        assert_eq!(text(Meaning::Whole { bytes: 8, unsigned: false }, &i64::MIN.to_le_bytes()), i64::MIN.to_string());
        assert_eq!(text(Meaning::Float(8), &123.0f64.to_le_bytes()), "123");
        assert_eq!(text(Meaning::Float(8), &0.5f64.to_le_bytes()), "0.5");
        assert_eq!(text(Meaning::Float(4), &0.1f32.to_le_bytes()), "0.1");
        assert_eq!(text(Meaning::Float(8), &f64::NAN.to_le_bytes()), "none");
        assert_eq!(text(Meaning::Decimal { bytes: 8, number: true, scale: 2 }, &(-1250i64).to_le_bytes()), "-12.50");
        assert_eq!(text(Meaning::Decimal { bytes: 2, number: false, scale: 0 }, &[0xff, 0x00]), "-256");
        assert_eq!(text(Meaning::Decimal { bytes: 8, number: true, scale: 3 }, &12_000i64.to_le_bytes()), "12");
        assert_eq!(text(Meaning::Date, &18_539i32.to_le_bytes()), "2020-10-04");
        assert_eq!(text(Meaning::Time(1000), &1_601_769_600_000i64.to_le_bytes()), "2020-10-04T00:00:00Z");
        assert_eq!(text(Meaning::Date, &(-1i32).to_le_bytes()), "-86400");
    }
}
