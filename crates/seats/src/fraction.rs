//! Exact fractions, compared without overflow.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

/// An exact fraction: a quotient, a quota, a remainder in votes. Written as `"num/den"`, not
/// reduced, so that a reader sees the figures that went in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    /// The number above the line.
    pub num: u128,
    /// The number below the line, never zero.
    pub den: u128,
}

impl Fraction {
    #[inline]
    pub(crate) fn new(num: impl Into<u128>, den: impl Into<u128>) -> Self {
        let (num, den) = (num.into(), den.into());
        debug_assert!(den != 0, "a fraction has a positive denominator");
        Self { num, den }
    }

    /// Compares by value, for any figures: cross products where they fit, else the continued
    /// fraction (whole parts first, then the reciprocals of what is left).
    #[inline]
    pub fn compare(&self, other: &Self) -> Ordering {
        // Products of numbers of 64 bits, which those of all but the largest elections are, do not wrap. The mask changes
        // nothing there and tells the compiler that one multiplication does.
        const LOW: u128 = u128::MAX >> 64;
        if self.num | self.den | other.num | other.den <= LOW {
            let product = |a: u128, b: u128| (a & LOW).wrapping_mul(b & LOW);
            return product(self.num, other.den).cmp(&product(other.num, self.den));
        }
        compare(self.num, self.den, other.num, other.den)
    }
}

fn compare(mut a: u128, mut b: u128, mut c: u128, mut d: u128) -> Ordering {
    let mut flipped = false;
    loop {
        let order = match (a.checked_mul(d), c.checked_mul(b)) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => (a / b != c / d).then(|| (a / b).cmp(&(c / d))),
        };
        if let Some(order) = order {
            return if flipped { order.reverse() } else { order };
        }
        // Equal whole parts: r1/b against r2/d. A zero remainder makes its product fit next turn.
        let (left, right) = (a % b, c % d);
        if left == 0 || right == 0 {
            let order = (left != 0).cmp(&(right != 0));
            return if flipped { order.reverse() } else { order };
        }
        (a, b, c, d) = (b, left, d, right);
        flipped = !flipped;
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn comparison_is_that_of_big_integers(a: u128, b in 1u128.., c: u128, d in 1u128..) {
            let exact = (BigUint::from(a) * d).cmp(&(BigUint::from(c) * b));
            prop_assert_eq!(Fraction::new(a, b).compare(&Fraction::new(c, d)), exact);
        }

        #[test]
        fn so_is_that_of_small_and_mixed_ones(a: u64, b in 1u64.., c: u64, d in 1u64.., e in 1u128..) {
            let exact = (BigUint::from(a) * d).cmp(&(BigUint::from(c) * b));
            prop_assert_eq!(Fraction::new(a, b).compare(&Fraction::new(c, d)), exact);
            let exact = (BigUint::from(a) * e).cmp(&(BigUint::from(c) * b));
            prop_assert_eq!(Fraction::new(a, b).compare(&Fraction::new(c, e)), exact);
            prop_assert_eq!(Fraction::new(a, b).compare(&Fraction::new(a, b)), Ordering::Equal);
        }

        #[test]
        fn near_and_equal_fractions(a in u128::MAX - 9.., b in u128::MAX - 9.., c in u128::MAX - 9.., d in u128::MAX - 9..) {
            let exact = (BigUint::from(a) * d).cmp(&(BigUint::from(c) * b));
            prop_assert_eq!(Fraction::new(a, b).compare(&Fraction::new(c, d)), exact);
            prop_assert_eq!(Fraction::new(a, b).compare(&Fraction::new(a, b)), Ordering::Equal);
        }
    }
}
