//! Seeded random numbers: xoshiro256++ (Blackman and Vigna 2021), and draws from the distributions used here.
//!
//! A stream is named by a seed and a number, never by a thread, so that the order of work cannot change a draw.

use libm::{exp, log, log1p, sqrt};

use crate::{number, special::LogFactorial};

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
    spare: Option<f64>,
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    /// Stream `number` of a seed; streams of one seed are independent for all practical purposes.
    pub fn stream(seed: u64, number: u64) -> Self {
        let mut mix = seed;
        let mut state = split_mix(&mut mix) ^ number.wrapping_mul(0xd134_2543_de82_ef95);
        Self { state: std::array::from_fn(|_| split_mix(&mut state)), spare: None }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c2, d2) = (c ^ a, d ^ b);
        self.state = [a ^ d2, b ^ c2, c2 ^ (b << 17), d2.rotate_left(45)];
        result
    }

    /// Uniform on [0, 1), in steps of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform on (0, 1].
    fn positive(&mut self) -> f64 {
        1.0 - self.uniform()
    }

    /// A whole number below `bound` (0 for a bound of 0), unbiased (Lemire 2019).
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        if bound == 0 {
            return 0;
        }
        let least = bound.wrapping_neg() % bound;
        loop {
            let wide = u128::from(self.bits()) * u128::from(bound);
            let low = wide & u128::from(u64::MAX);
            if low >= u128::from(least) {
                return usize::try_from(wide >> 64).unwrap_or(0);
            }
        }
    }

    /// Puts a slice in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }

    /// Standard normal (Marsaglia's polar method, which makes two at a time).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let size = x * x + y * y;
            if size > 0.0 && size < 1.0 {
                let scale = sqrt(-2.0 * log(size) / size);
                self.spare = Some(y * scale);
                return x * scale;
            }
        }
    }

    /// Gamma with unit scale (Marsaglia and Tsang 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = exp(log(self.positive()) / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = self.positive();
            let square = x * x;
            // Two tries of three end at this bound, without a logarithm.
            if u < 1.0 - 0.0331 * square * square || log(u) < 0.5 * x * x + d - d * v + d * log(v) {
                return d * v;
            }
        }
    }

    /// Beta with the given shapes.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        let y = self.gamma(b);
        if x + y > 0.0 { x / (x + y) } else { 0.5 }
    }

    /// Binomial: inversion for small means, transformed rejection otherwise (Hörmann 1993, BTRS).
    pub fn binomial(&mut self, n: u32, p: f64, facts: &LogFactorial) -> u32 {
        if n == 0 || !number::positive(p) {
            return 0;
        }
        if p >= 1.0 {
            return n;
        }
        if p > 0.5 {
            return n - self.binomial_small_half(n, 1.0 - p, facts);
        }
        self.binomial_small_half(n, p, facts)
    }

    fn binomial_small_half(&mut self, n: u32, p: f64, facts: &LogFactorial) -> u32 {
        if f64::from(n) * p < 10.0 { self.binomial_inversion(n, p) } else { self.binomial_rejection(n, p, facts) }
    }

    fn binomial_inversion(&mut self, n: u32, p: f64) -> u32 {
        let odds = p / (1.0 - p);
        let mut chance = exp(f64::from(n) * log1p(-p));
        let mut left = self.uniform();
        let mut k = 0;
        while left >= chance && k < n {
            left -= chance;
            k += 1;
            chance *= odds * f64::from(n - k + 1) / f64::from(k);
            if chance < 1e-300 {
                break;
            }
        }
        k
    }

    fn binomial_rejection(&mut self, n: u32, p: f64, facts: &LogFactorial) -> u32 {
        let trials = f64::from(n);
        let spread = sqrt(trials * p * (1.0 - p));
        let b = 1.15 + 2.53 * spread;
        let a = -0.0873 + 0.0248 * b + 0.01 * p;
        let centre = trials * p + 0.5;
        let quick = 0.92 - 4.2 / b;
        let alpha = (2.83 + 5.1 / b) * spread;
        loop {
            let u = self.uniform() - 0.5;
            let v = self.positive();
            let edge = 0.5 - u.abs();
            let k = libm::floor((2.0 * a / edge + b) * u + centre);
            if edge >= 0.07 && v <= quick {
                return number::whole32(k).min(n);
            }
            if k < 0.0 || k > trials {
                continue;
            }
            let k = number::whole32(k);
            let mode = number::whole32((trials + 1.0) * p).min(n);
            let log_odds = log(p / (1.0 - p));
            let bound = facts.of(mode) + facts.of(n - mode) - facts.of(k) - facts.of(n - k)
                + (f64::from(k) - f64::from(mode)) * log_odds;
            if log(v * alpha / (a / (edge * edge) + b)) <= bound {
                return k;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sequence() {
        // State 1, 2, 3, 4: first outputs of the reference implementation of xoshiro256++.
        let mut random = Random { state: [1, 2, 3, 4], spare: None };
        let first: Vec<u64> = (0..4).map(|_| random.bits()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn binomial_moments() {
        let facts = LogFactorial::up_to(2000);
        for (n, p) in [(30_u32, 0.1), (400, 0.5), (2000, 0.03), (2000, 0.97), (1, 0.5)] {
            let mut random = Random::stream(7, u64::from(n));
            let draws: Vec<f64> = (0..20_000).map(|_| f64::from(random.binomial(n, p, &facts))).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 20_000.0;
            let (true_mean, true_variance) = (f64::from(n) * p, f64::from(n) * p * (1.0 - p));
            assert!((mean - true_mean).abs() < 5.0 * (true_variance / 20_000.0).sqrt(), "mean of {n}, {p}: {mean}");
            assert!((variance / true_variance - 1.0).abs() < 0.06, "variance of {n}, {p}: {variance}");
        }
    }

    #[test]
    fn whole_numbers_cover_their_range() {
        let mut random = Random::stream(1, 1);
        let mut seen = [0_usize; 7];
        for _ in 0..7000 {
            seen[random.below(7)] += 1;
        }
        assert!(seen.iter().all(|count| (850..1150).contains(count)), "{seen:?}");
        assert_eq!(random.below(0), 0);
    }
}
