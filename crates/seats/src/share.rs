//! Ratios as rulebooks write them: `"7/100"`, never a float, never a bare percentage.

use std::fmt;

use serde::{Serialize, Serializer};

/// A positive ratio of two integers, each below 2^32, such as a first divisor `"7/5"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    num: u64,
    den: u64,
}

impl Ratio {
    /// Reads `"n/d"` or `"n"`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        let read = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            let value = part.parse::<u32>().ok().filter(|_| digits);
            value.ok_or_else(|| format!("`{text}` is not a ratio of two whole numbers below 2^32, such as \"7/100\""))
        };
        let (num, den) = (read(num)?, read(den)?);
        if den == 0 {
            return Err(format!("`{text}` divides by zero"));
        }
        Ok(Self { num: u64::from(num), den: u64::from(den) })
    }

    /// The number above the line.
    pub fn num(self) -> u64 {
        self.num
    }

    /// The number below the line, never zero.
    pub fn den(self) -> u64 {
        self.den
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A share between 0 and 1 of a named base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(Ratio);

impl Share {
    /// Reads `"7/100"`.
    ///
    /// # Errors
    /// A sentence: not a ratio, or more than the whole.
    pub fn parse(text: &str) -> Result<Self, String> {
        let ratio = Ratio::parse(text)?;
        if ratio.num > ratio.den {
            return Err(format!("the share `{text}` is more than the whole"));
        }
        Ok(Self(ratio))
    }

    /// One part of so many; none for none, or for more than can be written.
    pub(crate) fn one_of(parts: u64) -> Option<Self> {
        let parts = u32::try_from(parts).ok().filter(|parts| *parts > 0)?;
        Some(Self(Ratio { num: 1, den: u64::from(parts) }))
    }

    /// The ratio itself.
    pub fn ratio(self) -> Ratio {
        self.0
    }

    /// The least number of votes that reaches this share of `base`: `at least` the share, or, if
    /// `strict`, more than it.
    #[inline]
    pub fn needed(self, base: u64, strict: bool) -> u64 {
        // Divisions of 64 bits are many times faster, and those of most elections.
        if let Some(product) = base.checked_mul(self.0.num) {
            return if strict { (product / self.0.den).saturating_add(1) } else { product.div_ceil(self.0.den) };
        }
        let product = u128::from(base) * u128::from(self.0.num);
        let den = u128::from(self.0.den);
        let least = if strict { product / den + 1 } else { product.div_ceil(den) };
        // A share of a 64-bit base is at most that base, plus one if strict.
        u64::try_from(least).unwrap_or(u64::MAX)
    }

    /// Whether `votes` reach this share of `base`.
    #[inline]
    pub fn reached(self, votes: u64, base: u64, strict: bool) -> bool {
        let left = u128::from(votes) * u128::from(self.0.den);
        let right = u128::from(base) * u128::from(self.0.num);
        if strict { left > right } else { left >= right }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_share_is_refused() {
        for bad in ["", "7", "7/0", "-1/2", "+1/2", "0.07", "101/100", "7 /100", "1/2/3", "5000000000/1"] {
            assert!(Share::parse(bad).is_err(), "{bad}");
        }
        assert!(Share::parse("0/1").is_ok() && Share::parse("1").is_ok());
    }

    #[test]
    fn the_least_votes_that_reach_seven_percent() {
        let share = Share::parse("7/100").unwrap();
        assert_eq!(share.needed(1_990_753, false), 139_353);
        assert_eq!(share.needed(1_000_000, false), 70_000);
        assert_eq!(share.needed(1_000_000, true), 70_001);
        assert!(share.reached(70_000, 1_000_000, false) && !share.reached(70_000, 1_000_000, true));
        assert!(!share.reached(70_000, 1_000_001, false));
    }

    #[test]
    fn the_largest_figures_do_not_overflow() {
        let whole = Share::parse("1").unwrap();
        assert_eq!(whole.needed(u64::MAX, false), u64::MAX);
        assert_eq!(whole.needed(u64::MAX, true), u64::MAX);
        assert!(!whole.reached(u64::MAX, u64::MAX, true));
    }
}
