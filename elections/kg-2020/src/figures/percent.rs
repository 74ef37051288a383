//! A percentage exactly as it was printed.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::FiguresError;

/// A printed percentage: its digits and how many of them stand after the point.
///
/// "4.5" and "4.50" are different claims: the first is kept to one decimal, the second to two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent {
    /// The digits read as one integer: 2811 for "28.11".
    pub digits: u64,
    /// Number of decimals: 2 for "28.11".
    pub decimals: u32,
}

impl Percent {
    /// Reads `"28.11"`.
    ///
    /// # Errors
    /// [`FiguresError::Percent`] if the text is not digits with at most one point and at most six decimals.
    pub fn parse(text: &str) -> Result<Self, FiguresError> {
        let bad = || FiguresError::Percent(text.to_owned());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let dangling = text.contains('.') && fraction.is_empty();
        if whole.is_empty() || dangling || !plain(whole) || !plain(fraction) {
            return Err(bad());
        }
        if whole.len() > 3 || fraction.len() > 6 {
            return Err(bad());
        }
        let digits = format!("{whole}{fraction}").parse().map_err(|_| bad())?;
        let decimals = u32::try_from(fraction.len()).map_err(|_| bad())?;
        Ok(Self { digits, decimals })
    }

    /// The share as `(numerator, denominator)`: 28.11 % is 2811 / 10000.
    #[must_use]
    pub fn ratio(self) -> (u64, u64) {
        (self.digits, 100 * 10_u64.pow(self.decimals.min(6)))
    }

    /// The integer nearest to this share of `whole` (halves go up).
    #[must_use]
    pub fn of(self, whole: u64) -> u64 {
        let (numerator, denominator) = self.ratio();
        let product = 2 * u128::from(whole) * u128::from(numerator) + u128::from(denominator);
        u64::try_from(product / (2 * u128::from(denominator))).unwrap_or(u64::MAX)
    }

    /// Whether `part / whole`, rounded half up to `decimals` places, is this figure ("68.3" kept to two decimals is 68.30).
    #[must_use]
    pub fn is_rounded(self, part: u64, whole: u64, decimals: u32) -> bool {
        self.scaled(decimals).is_some_and(|want| round_half_up(part, whole, decimals) == Some(want))
    }

    /// Whether `part / whole`, cut after `decimals` places, is this figure.
    #[must_use]
    pub fn is_truncated(self, part: u64, whole: u64, decimals: u32) -> bool {
        self.scaled(decimals).is_some_and(|want| truncate(part, whole, decimals) == Some(want))
    }

    /// The digits brought to `decimals` places; nothing if that would lose digits.
    fn scaled(self, decimals: u32) -> Option<u128> {
        let more = decimals.checked_sub(self.decimals)?;
        u128::from(self.digits).checked_mul(10_u128.checked_pow(more)?)
    }
}

/// `100 * part / whole` rounded half up to `decimals` places, as one integer of digits. Nothing for an empty whole.
#[must_use]
pub fn round_half_up(part: u64, whole: u64, decimals: u32) -> Option<u128> {
    let scale = 10_u128.checked_pow(decimals)?.checked_mul(100)?;
    let whole = u128::from(whole);
    let doubled = u128::from(part).checked_mul(scale)?.checked_mul(2)?;
    doubled.checked_add(whole)?.checked_div(whole.checked_mul(2)?)
}

/// `100 * part / whole` cut after `decimals` places, as one integer of digits. Nothing for an empty whole.
#[must_use]
pub fn truncate(part: u64, whole: u64, decimals: u32) -> Option<u128> {
    let scale = 10_u128.checked_pow(decimals)?.checked_mul(100)?;
    u128::from(part).checked_mul(scale)?.checked_div(u128::from(whole))
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = 10_u64.pow(self.decimals.min(6));
        let width = usize::try_from(self.decimals).unwrap_or_default();
        if width == 0 {
            return write!(f, "{}", self.digits);
        }
        write!(f, "{}.{:0width$}", self.digits / unit, self.digits % unit)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
