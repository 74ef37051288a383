//! Numbers from a seed: the same on every machine.

/// A stream of numbers (SplitMix64).
pub struct Chance(u64);

impl Chance {
    /// The stream of one thing under one seed.
    pub fn of(seed: u64, thing: u64) -> Chance {
        let mut chance = Chance(seed ^ thing.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Neighbouring things must not begin alike.
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        let span = most.saturating_sub(least).saturating_add(1).max(1);
        least.saturating_add(self.next() % span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_pinned_and_stay_within_bounds() {
        let mut one = Chance::of(1, 7);
        let mut again = Chance::of(1, 7);
        let mut other = Chance::of(1, 8);
        let drawn: Vec<u64> = (0..100).map(|_| one.between(10, 20)).collect();
        assert_eq!(drawn, (0..100).map(|_| again.between(10, 20)).collect::<Vec<_>>());
        assert_ne!(drawn, (0..100).map(|_| other.between(10, 20)).collect::<Vec<_>>());
        assert!(drawn.iter().all(|n| (10..=20).contains(n)));
        assert!(drawn.contains(&10) && drawn.contains(&20));
    }
}
