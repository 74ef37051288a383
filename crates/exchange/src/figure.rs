//! Strict integers: what a cell must look like to be a figure.

use recount_election::MAX_FIGURE;
use thiserror::Error;

/// Why a cell holds no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FigureProblem {
    /// It begins with a minus sign.
    #[error("a figure cannot be negative")]
    Negative,
    /// It holds a decimal point, a decimal comma or an exponent.
    #[error("a figure is a whole number")]
    Fraction,
    /// It is larger than 2^53 - 1.
    #[error("a figure is at most {MAX_FIGURE}")]
    TooLarge,
    /// It holds anything but the digits 0 to 9: a sign, a blank, a separator, a letter.
    #[error("a figure is written with the digits 0 to 9 alone, without blanks or signs")]
    NotDigits,
}

/// Reads a cell: `None` where it is empty.
///
/// # Errors
/// What keeps the cell from being a figure.
///
/// ```
/// use recount_exchange::figure::{FigureProblem, parse};
/// assert_eq!(parse("2181"), Ok(Some(2181)));
/// assert_eq!(parse(""), Ok(None));
/// assert_eq!(parse("-4"), Err(FigureProblem::Negative));
/// assert_eq!(parse("7.0"), Err(FigureProblem::Fraction));
/// ```
pub fn parse(cell: &str) -> Result<Option<u64>, FigureProblem> {
    if cell.is_empty() {
        return Ok(None);
    }
    let mut figure = 0_u64;
    for byte in cell.bytes() {
        if !byte.is_ascii_digit() {
            return Err(problem(cell));
        }
        let digit = u64::from(byte.saturating_sub(b'0'));
        // Saturation only ever makes a figure that is too large anyway.
        figure = figure.saturating_mul(10).saturating_add(digit);
    }
    if figure > MAX_FIGURE { Err(FigureProblem::TooLarge) } else { Ok(Some(figure)) }
}

fn problem(cell: &str) -> FigureProblem {
    let bare = cell.trim().trim_start_matches(['-', '+', '\u{2212}']);
    let numeric = bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 'e' | 'E' | '-' | '+'));
    if numeric && (cell.starts_with('-') || cell.starts_with('\u{2212}')) {
        FigureProblem::Negative
    } else if numeric && bare.contains(['.', ',', 'e', 'E']) {
        FigureProblem::Fraction
    } else {
        FigureProblem::NotDigits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_digits() {
        use FigureProblem::{Fraction, Negative, NotDigits, TooLarge};
        assert_eq!(parse("0"), Ok(Some(0)));
        assert_eq!(parse("007"), Ok(Some(7)));
        assert_eq!(parse("9007199254740991"), Ok(Some(MAX_FIGURE)));
        for (cell, problem) in [
            ("-1", Negative),
            ("\u{2212}1", Negative),
            ("-1.5", Negative),
            ("1.0", Fraction),
            ("1,000", Fraction),
            ("1e3", Fraction),
            ("9007199254740992", TooLarge),
            ("99999999999999999999999999", TooLarge),
            ("+1", NotDigits),
            (" 1", NotDigits),
            ("1 ", NotDigits),
            ("1 000", NotDigits),
            ("0x10", NotDigits),
            ("n/a", NotDigits),
            ("-", NotDigits),
            ("١٢", NotDigits),
        ] {
            assert_eq!(parse(cell), Err(problem), "{cell:?}");
        }
    }
}
