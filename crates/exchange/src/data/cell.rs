//! One value of a table.

use std::borrow::Cow;

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// None. Never zero, never an empty text.
    Absent,
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Number(i128),
    /// Yes or no.
    Flag(bool),
    /// A number in millionths.
    Millionths(i64),
}

impl<'a> Cell<'a> {
    /// Text; an empty one is absent, because CSV cannot tell them apart.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
        let text = text.into();
        if text.is_empty() { Cell::Absent } else { Cell::Text(text) }
    }

    /// A whole number.
    pub fn number(n: impl Into<i128>) -> Cell<'a> {
        Cell::Number(n.into())
    }

    /// A cell, or none.
    pub fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell<'a>) -> Cell<'a> {
        value.map_or(Cell::Absent, cell)
    }

    /// A figure, or none.
    pub fn figure(n: Option<u64>) -> Cell<'a> {
        Cell::maybe(n, Cell::number)
    }

    /// `num/den` in millionths of `unit`, rounded half up; absent where it does not fit or there is no whole.
    pub fn ratio(num: u128, den: u128, unit: u128) -> Cell<'a> {
        let millionths = || {
            let doubled = num.checked_mul(2_000_000)?.checked_mul(unit)?.checked_add(den)?;
            i64::try_from(doubled.checked_div(den.checked_mul(2)?)?).ok()
        };
        Cell::maybe(millionths(), Cell::Millionths)
    }

    /// `part` of `whole` in percent.
    pub fn percent(part: u64, whole: u64) -> Cell<'a> {
        Cell::ratio(part.into(), whole.into(), 100)
    }

    /// Appends it as CSV and JSON write numbers and words; nothing where it is absent. Text comes as it is.
    pub(super) fn push(&self, out: &mut String) {
        use std::fmt::Write as _;
        // Writing to memory does not fail.
        let _ = match self {
            Cell::Absent => Ok(()),
            Cell::Text(text) => out.write_str(text),
            Cell::Number(n) => write!(out, "{n}"),
            Cell::Flag(yes) => write!(out, "{yes}"),
            Cell::Millionths(n) => {
                let sign = if *n < 0 { "-" } else { "" };
                let n = n.unsigned_abs();
                write!(out, "{sign}{}.{:06}", n / 1_000_000, n % 1_000_000)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(cell: &Cell<'_>) -> String {
        let mut out = String::new();
        cell.push(&mut out);
        out
    }

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(text(&Cell::percent(136_276, 1_990_753)), "6.845450");
        assert_eq!(text(&Cell::percent(1, 3)), "33.333333");
        assert_eq!(text(&Cell::percent(2, 3)), "66.666667");
        assert_eq!(text(&Cell::percent(0, 5)), "0.000000");
        assert_eq!(Cell::percent(1, 0), Cell::Absent);
        assert_eq!(Cell::ratio(u128::MAX, 1, 1), Cell::Absent);
        assert_eq!(text(&Cell::Millionths(-1)), "-0.000001");
        assert_eq!(Cell::text(""), Cell::Absent);
    }
}
