//! Numbers of votes: exact fractions of any size.

use std::fmt;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use serde::{Serialize, Serializer};

/// An exact number of votes, or an exact value of one paper. Written as `34540`, `12.34567` (all
/// decimals, if there are nine at most) or `1/3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(BigRational);

impl Amount {
    pub(super) fn zero() -> Self {
        Self(BigRational::zero())
    }

    pub(crate) fn whole(number: impl Into<BigInt>) -> Self {
        Self(BigRational::from_integer(number.into()))
    }

    /// `num / den`; a zero below the line gives zero, and never occurs.
    pub(super) fn ratio(num: impl Into<BigInt>, den: impl Into<BigInt>) -> Self {
        let den = den.into();
        if den.is_zero() { Self::zero() } else { Self(BigRational::new(num.into(), den)) }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0)
    }

    /// `self / other`; by zero gives zero, and never occurs.
    pub(super) fn over(&self, other: &Self) -> Self {
        if other.0.is_zero() { Self::zero() } else { Self(&self.0 / &other.0) }
    }

    /// Cut after this many decimals, towards zero; none: left exact.
    pub(super) fn cut(self, decimals: Option<u32>) -> Self {
        let Some(decimals) = decimals.filter(|_| !self.0.is_integer()) else { return self };
        let scale = BigRational::from_integer(BigInt::from(10u8).pow(decimals));
        Self((self.0 * &scale).trunc() / scale)
    }

    /// The bits of the number below the line.
    pub(super) fn fineness(&self) -> u64 {
        self.0.denom().bits()
    }

    /// Whether there is nothing.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is above zero.
    pub fn is_positive(&self) -> bool {
        self.0.is_positive()
    }

    /// The whole number at or below it, if it is not negative and fits.
    pub(crate) fn floor(&self) -> Option<u64> {
        u64::try_from(self.0.floor().numer()).ok()
    }

    /// The number if it is whole and fits.
    pub fn to_whole(&self) -> Option<u64> {
        self.0.is_integer().then(|| u64::try_from(self.0.numer()).ok()).flatten()
    }

    /// The figures above and below the line, reduced, if they fit and are not negative.
    pub fn to_fraction(&self) -> Option<crate::Fraction> {
        let (num, den) = (u128::try_from(self.0.numer()).ok()?, u128::try_from(self.0.denom()).ok()?);
        Some(crate::Fraction::new(num, den))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = &self.0;
        if value.is_integer() {
            return write!(f, "{}", value.numer());
        }
        for decimals in 1..=9usize {
            let scale = BigInt::from(10u8).pow(u32::try_from(decimals).unwrap_or(9));
            if (&scale % value.denom()).is_zero() {
                let digits = (value.numer() * (&scale / value.denom())).abs();
                let sign = if value.is_negative() { "-" } else { "" };
                let (whole, part) = (&digits / &scale, &digits % &scale);
                return write!(f, "{sign}{whole}.{:0>decimals$}", part.to_string());
            }
        }
        write!(f, "{}/{}", value.numer(), value.denom())
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_as_short_as_is_exact() {
        let written = |num: i64, den: i64| Amount::ratio(num, den).to_string();
        assert_eq!(written(34_540, 1), "34540");
        assert_eq!(written(123, 100), "1.23");
        assert_eq!(written(-1, 200), "-0.005");
        assert_eq!(written(2, 6), "1/3");
        assert_eq!(written(1, 1_000_000_000), "0.000000001");
    }

    #[test]
    fn cutting_goes_towards_zero() {
        assert_eq!(Amount::ratio(2, 3).cut(Some(5)).to_string(), "0.66666");
        assert_eq!(Amount::ratio(2, 3).cut(Some(0)), Amount::zero());
        assert_eq!(Amount::ratio(2, 3).cut(None), Amount::ratio(4, 6));
        assert_eq!(Amount::ratio(9, 2).cut(Some(1)).to_string(), "4.5");
    }
}
