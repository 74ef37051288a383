//! A small seeded generator of numbers, the same on every machine.
//!
//! SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): a counter in steps of the
//! golden ratio, mixed by two multiplications. It spreads synthetic figures; it is not meant for secrets or for audits.

/// A stream of numbers that a seed determines.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// One independent stream for each purpose, so that drawing more for one does not shift another.
    pub(crate) fn stream(seed: u64, purpose: u64) -> Self {
        let mut first = Self(seed ^ purpose.wrapping_mul(0xD1B5_4A32_D192_ED03));
        Self(first.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 if the bound is 0. (The high half of the product; its bias, below 2^-40 here, is no matter.)
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// The indices `0..length` in a random order (Fisher and Yates).
    pub(crate) fn order(&mut self, length: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..length).collect();
        for last in (1..length).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or_default();
            order.swap(last, other);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_numbers_of_seed_zero_are_the_known_ones() {
        let mut random = Random(0);
        assert_eq!(random.next(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(random.next(), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn order_is_a_permutation() {
        let mut order = Random::stream(1, 2).order(100);
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn bounds_hold() {
        let mut random = Random::stream(3, 4);
        assert_eq!(random.below(0), 0);
        assert!((0..1000).all(|_| (5..=9).contains(&random.between(5, 9))));
    }
}
