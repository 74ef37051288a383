//! Exact signed fractions: coefficients, margins and bounds are never rounded.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::AuditError;

/// An exact fraction in lowest terms. Every operation is checked: a figure that does not fit is
/// [`AuditError::Overflow`], never a wrong figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    num: i128,
    den: i128,
}

pub(crate) fn gcd(a: u128, b: u128) -> u128 {
    if a == 1 || b == 1 {
        return 1;
    }
    let (mut a, mut b) = (a, b);
    while b != 0 {
        // 64-bit division is many times faster, and nearly all figures fit.
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(small_gcd(small_a, small_b));
        }
        (a, b) = (b, a % b);
    }
    a
}

fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The least common multiple of two positive numbers.
pub(crate) fn least_multiple(a: i128, b: i128) -> Result<i128, AuditError> {
    let common = i128::try_from(gcd(a.unsigned_abs(), b.unsigned_abs())).map_err(|_| AuditError::Overflow)?;
    a.checked_mul(b / common).ok_or(AuditError::Overflow)
}

impl Ratio {
    /// Zero.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num/den`, reduced.
    ///
    /// # Errors
    /// [`AuditError::ZeroDenominator`], or [`AuditError::Overflow`] for figures at the edge of `i128`.
    pub fn new(num: i128, den: i128) -> Result<Self, AuditError> {
        if den == 0 {
            return Err(AuditError::ZeroDenominator);
        }
        let common = i128::try_from(gcd(num.unsigned_abs(), den.unsigned_abs())).map_err(|_| AuditError::Overflow)?;
        let sign = if den < 0 { -1 } else { 1 };
        let part = |n: i128| (n / common).checked_mul(sign).ok_or(AuditError::Overflow);
        Ok(Self { num: part(num)?, den: part(den)? })
    }

    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Self { num: i128::from(value), den: 1 }
    }

    /// A count.
    pub fn count(value: u64) -> Self {
        Self { num: i128::from(value), den: 1 }
    }

    /// What is above the line.
    pub fn num(self) -> i128 {
        self.num
    }

    /// What is below the line, positive.
    pub fn den(self) -> i128 {
        self.den
    }

    /// The sum.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, AuditError> {
        let common =
            i128::try_from(gcd(self.den.unsigned_abs(), other.den.unsigned_abs())).map_err(|_| AuditError::Overflow)?;
        let left = self.num.checked_mul(other.den / common).ok_or(AuditError::Overflow)?;
        let right = other.num.checked_mul(self.den / common).ok_or(AuditError::Overflow)?;
        let den = self.den.checked_mul(other.den / common).ok_or(AuditError::Overflow)?;
        Self::new(left.checked_add(right).ok_or(AuditError::Overflow)?, den)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, AuditError> {
        self.plus(other.negative()?)
    }

    /// The negative.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn negative(self) -> Result<Self, AuditError> {
        Ok(Self { num: self.num.checked_neg().ok_or(AuditError::Overflow)?, den: self.den })
    }

    /// The product.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn times(self, other: Self) -> Result<Self, AuditError> {
        let left = Self::new(self.num, other.den)?;
        let right = Self::new(other.num, self.den)?;
        let num = left.num.checked_mul(right.num).ok_or(AuditError::Overflow)?;
        Self::new(num, left.den.checked_mul(right.den).ok_or(AuditError::Overflow)?)
    }

    /// The quotient.
    ///
    /// # Errors
    /// [`AuditError::ZeroDenominator`] or [`AuditError::Overflow`].
    pub fn over(self, other: Self) -> Result<Self, AuditError> {
        self.times(Self::new(other.den, other.num)?)
    }

    /// Below zero.
    pub fn is_negative(self) -> bool {
        self.num < 0
    }

    /// Above zero.
    pub fn is_positive(self) -> bool {
        self.num > 0
    }

    /// Nothing at all.
    pub fn is_zero(self) -> bool {
        self.num == 0
    }

    /// Compares by value.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn compare(self, other: Self) -> Result<Ordering, AuditError> {
        Ok(self.minus(other)?.num.cmp(&0))
    }

    /// The nearest binary64 (two roundings: numerator and quotient).
    #[allow(clippy::cast_precision_loss, reason = "statistics start here")]
    pub fn to_f64(self) -> f64 {
        self.num as f64 / self.den as f64
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 { write!(f, "{}", self.num) } else { write!(f, "{}/{}", self.num, self.den) }
    }
}

impl FromStr for Ratio {
    type Err = AuditError;

    /// `"7"`, `"-1/4"` or a decimal such as `"0.05"`, all exact.
    fn from_str(text: &str) -> Result<Self, AuditError> {
        let bad = || AuditError::NotAFraction(text.to_owned());
        let part = |t: &str| t.parse::<i128>().map_err(|_| bad());
        if let Some((num, den)) = text.split_once('/') {
            return Self::new(part(num)?, part(den)?);
        }
        let Some((whole, decimals)) = text.split_once('.') else { return Self::new(part(text)?, 1) };
        if decimals.is_empty() || !decimals.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let places = u32::try_from(decimals.len()).map_err(|_| bad())?;
        Self::new(part(&format!("{whole}{decimals}"))?, 10_i128.checked_pow(places).ok_or(AuditError::Overflow)?)
    }
}
