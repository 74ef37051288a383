//! Divisors of highest averages.

use crate::ratio::gcd;
use crate::{AuditError, Ratio};

/// The sequence that votes are divided by: `d(1), d(2), ...`, positive and increasing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Divisors {
    /// 1, 2, 3, ...
    DHondt,
    /// 1, 3, 5, ...
    SainteLague,
    /// The first given, then 3, 5, 7, ...
    ModifiedSainteLague(Ratio),
    /// 1, 4, 7, ...
    Danish,
    /// 1, 3/2, 2, ...
    Imperiali,
    /// 0, 1, 2, ...: everybody's first seat comes before any second.
    Adams,
    /// The roots of 0, 2, 6, 12, ...: the first seat likewise.
    HuntingtonHill,
    /// As listed; seats beyond the list cannot be computed.
    Table(Vec<Ratio>),
}

/// Roots are rounded up to one part in this many.
const PARTS: u128 = 1_000_000;

impl Divisors {
    /// Whether the first divisor is zero.
    pub fn first_is_free(&self) -> bool {
        matches!(self, Self::Adams | Self::HuntingtonHill)
    }

    /// Whether [`Self::rising`] gives squares.
    pub(crate) fn squared(&self) -> bool {
        *self == Self::HuntingtonHill
    }

    /// `d(i)`, or its square where divisors are roots: something exact that orders alike. 0 for a free seat.
    pub(crate) fn rising(&self, i: u64) -> Result<Ratio, AuditError> {
        match self {
            Self::Adams | Self::HuntingtonHill if i <= 1 => Ok(Ratio::ZERO),
            Self::HuntingtonHill => Ratio::count(i).times(Ratio::count(i - 1)),
            _ => self.nth(i),
        }
    }

    /// Something that orders weights in `i`-th place as their averages do.
    pub(crate) fn average(&self, weight: Ratio, i: u64) -> Result<Ratio, AuditError> {
        let weight = if self.squared() { weight.times(weight)? } else { weight };
        weight.over(self.rising(i)?)
    }

    /// `d(i)/d(j)`: with more than so many times B's votes, A's `i`-th seat comes before B's `j`-th. A root is rounded
    /// up, by less than one part in a million of the larger divisor.
    pub(crate) fn factor(&self, i: u64, j: u64) -> Result<Ratio, AuditError> {
        if !self.squared() {
            return self.nth(i)?.over(self.nth(j)?);
        }
        let (up, down) = (self.rising(i)?, self.rising(j)?);
        let (Ok(up), Ok(down)) = (u128::try_from(up.num()), u128::try_from(down.num())) else {
            return Err(AuditError::Overflow);
        };
        if down == 0 {
            return Err(AuditError::ZeroDenominator);
        }
        // A whole square times the same number above and below the line is a fraction without a root.
        let (num, den) = ((up / gcd(up, down)).isqrt(), (down / gcd(up, down)).isqrt());
        if num * num * down == den * den * up {
            let whole = |n: u128| i128::try_from(n).map_err(|_| AuditError::Overflow);
            return Ratio::new(whole(num)?, whole(den)?);
        }
        let scaled = up.checked_mul(PARTS * PARTS).ok_or(AuditError::Overflow)? / down;
        let above = i128::try_from(scaled.isqrt() + 1).map_err(|_| AuditError::Overflow)?;
        Ratio::new(above, i128::try_from(PARTS).map_err(|_| AuditError::Overflow)?)
    }

    /// `d(i)`, from `i = 1`.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] beyond a table's end, for a table that does not increase, for a free first seat and for
    /// divisors that are roots; [`AuditError::Overflow`].
    pub fn nth(&self, i: u64) -> Result<Ratio, AuditError> {
        let linear = |step: u64, off: i64, den: i128| -> Result<Ratio, AuditError> {
            let whole = i128::from(step) * i128::from(i) + i128::from(off);
            Ratio::new(whole, den)
        };
        let bad = AuditError::Parameter { what: "divisors", why: "must be positive, increasing, enough for the seats" };
        let found = match self {
            Self::DHondt => linear(1, 0, 1)?,
            Self::ModifiedSainteLague(first) if i == 1 => *first,
            Self::SainteLague | Self::ModifiedSainteLague(_) => linear(2, -1, 1)?,
            Self::Danish => linear(3, -2, 1)?,
            Self::Imperiali => linear(1, 1, 2)?,
            Self::Adams => linear(1, -1, 1)?,
            Self::HuntingtonHill => return Err(bad),
            Self::Table(list) => {
                let at = usize::try_from(i).ok().and_then(|i| i.checked_sub(1)).ok_or(bad.clone())?;
                let found = *list.get(at).ok_or(bad.clone())?;
                if at > 0 && !found.minus(list[at - 1])?.is_positive() {
                    return Err(bad);
                }
                found
            }
        };
        if found.is_positive() { Ok(found) } else { Err(bad) }
    }
}
