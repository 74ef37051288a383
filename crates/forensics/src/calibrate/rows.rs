//! Binomial curves as products of two rows of Poisson masses.
//!
//! Under the null of the tests of rounding and of spikes a count is Bin(n, k/n), whose mean k is whole. A binomial count is a Poisson
//! count of mean k, given that another one of mean n - k brings the sum to n: `P(j) = Poi(j; k) Poi(n - j; n - k) / Poi(n; n)`. So
//! the curve of any station is the product of two rows of one table, one read forwards, the other backwards, without a logarithm or
//! a division. Calibration needs twenty million curves; the rows are cut at 4.75 standard deviations (two parts in a million lie
//! beyond) and kept in single precision. What is said about real figures never comes from here.

use libm::{exp, log, sqrt};

use crate::{
    integer::{Rule, hit_chance},
    number::whole32,
    spectrum::Tables,
};

/// Rows are cut at so many standard deviations, and two counts more.
const REACH: f64 = 4.75;
/// Rows are kept for means up to this; stations with more votes or more others than that take the slow way.
const LARGEST: u32 = 4096;

/// What the null of every station is made from.
#[derive(Debug)]
pub(crate) struct Rows {
    /// Where the middle of each mean's row lies.
    middles: Vec<usize>,
    masses: Vec<f32>,
    /// 1 / Poi(n; n).
    inverse: Vec<f32>,
    tables: Tables,
}

/// The curve of one station, from the count `first` on: the product of `up` and the reverse of `down`.
pub(crate) struct Curve<'a> {
    /// The count of the first mass.
    pub(crate) first: u32,
    up: &'a [f32],
    down: &'a [f32],
    scale: f32,
}

impl<'a> Curve<'a> {
    /// The masses, count by count.
    #[inline]
    pub(crate) fn masses(&self) -> impl Iterator<Item = f32> + use<'a> {
        let scale = self.scale;
        self.up.iter().zip(self.down.iter().rev()).map(move |(up, down)| up * down * scale)
    }

    /// Sum of the masses from `from` to `to`, places counted from `first`.
    #[inline]
    fn between(&self, from: u32, to: u32) -> f32 {
        let (from, to, last) = (from as usize, to as usize, self.down.len().saturating_sub(1));
        let own = self.up.get(from..=to).unwrap_or_default();
        let other = self.down.get(last.saturating_sub(to)..=last.saturating_sub(from)).unwrap_or_default();
        own.iter().zip(other.iter().rev()).map(|(up, down)| up * down).sum()
    }
}

fn reach(variance: f64) -> u32 {
    whole32(REACH * sqrt(variance)) + 2
}

impl Rows {
    /// Rows for stations of at most so many voters.
    pub(crate) fn up_to(largest: u32) -> Self {
        let tables = Tables::up_to(largest);
        // The largest mass of each mean m, at m itself.
        let top = |m: u32| {
            if m == 0 { 1.0 } else { exp(f64::from(m) * log(f64::from(m)) - f64::from(m) - tables.facts.of(m)) }
        };
        let (mut middles, mut masses) = (Vec::new(), Vec::new());
        for m in 0..=largest.min(LARGEST) {
            let (mean, reach) = (f64::from(m), reach(f64::from(m)));
            middles.push(masses.len() + reach as usize);
            let mut below = Vec::with_capacity(reach as usize);
            let mut mass = top(m);
            for off in 0..reach {
                mass *= (mean - f64::from(off)).max(0.0) / mean.max(1.0);
                below.push(mass);
            }
            masses.extend(below.into_iter().rev().map(single));
            let mut mass = top(m);
            masses.push(single(mass));
            for off in 1..=reach {
                mass *= mean / (mean + f64::from(off));
                masses.push(single(mass));
            }
        }
        let inverse = (0..=largest.min(2 * LARGEST)).map(|n| single(1.0 / top(n))).collect();
        Self { middles, masses, inverse, tables }
    }

    /// What the slow way is made from.
    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The curve of Bin(n, k/n); none where nothing is left to chance or the station is too large for the rows.
    #[inline]
    pub(crate) fn curve(&self, k: u32, n: u32) -> Option<Curve<'_>> {
        let others = n.checked_sub(k).filter(|others| *others > 0 && k > 0)?;
        let (middle, opposite) = (*self.middles.get(k as usize)?, *self.middles.get(others as usize)?);
        let reach = reach(f64::from(k) * f64::from(others) / f64::from(n));
        let (low, high) = (reach.min(k), reach.min(others));
        let up = self.masses.get(middle - low as usize..=middle + high as usize)?;
        let down = self.masses.get(opposite - high as usize..=opposite + low as usize)?;
        Some(Curve { first: k - low, up, down, scale: *self.inverse.get(n as usize)? })
    }

    /// Chance that a count of Bin(n, k/n) prints as a whole percent: see [`hit_chance`].
    pub(crate) fn hit_chance(&self, k: u32, n: u32) -> f64 {
        let Some(curve) = self.curve(k, n) else { return hit_chance(k, n, Rule::whole_percent(), &self.tables.facts) };
        let last = curve.first + u32::try_from(curve.up.len()).unwrap_or(1) - 1;
        // Counts from (20 m - 1) n / 2000 to (20 m + 1) n / 2000 print as m percent; n is small enough for 32 bits.
        let mut middle = curve.first * 100 / n * 20 * n;
        let mut sum = 0.0;
        loop {
            let from = middle.saturating_sub(n).div_ceil(2000).max(curve.first);
            if from > last {
                return f64::from(sum * curve.scale).min(1.0);
            }
            let to = ((middle + n) / 2000).min(last);
            if from <= to {
                sum += curve.between(from - curve.first, to - curve.first);
            }
            middle += 20 * n;
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is what is wanted")]
fn single(x: f64) -> f32 {
    x as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::LogFactorial;

    #[test]
    fn products_are_the_binomial_curve() {
        let rows = Rows::up_to(3000);
        let facts = LogFactorial::up_to(3000);
        for (k, n) in [(1, 100), (50, 100), (99, 100), (313, 1234), (2990, 2999), (7, 9), (1500, 3000), (20, 2500)] {
            let curve = rows.curve(k, n).unwrap();
            let p = f64::from(k) / f64::from(n);
            let mut sum = 0.0;
            for (j, mass) in (curve.first..).zip(curve.masses()) {
                let size = facts.of(n) - facts.of(j) - facts.of(n - j);
                let true_mass = exp(size + f64::from(j) * log(p) + f64::from(n - j) * log(1.0 - p));
                assert!((f64::from(mass) - true_mass).abs() < 1e-6 * true_mass + 1e-12, "{k}/{n} at {j}");
                sum += f64::from(mass);
            }
            assert!((sum - 1.0).abs() < 2e-4, "{k}/{n}: {sum}");
            let (quick, exact) = (rows.hit_chance(k, n), hit_chance(k, n, Rule::whole_percent(), &facts));
            assert!((quick - exact).abs() < 2e-5, "{k}/{n}: {quick} {exact}");
        }
        assert!(rows.curve(0, 5).is_none() && rows.curve(5, 5).is_none() && rows.curve(6, 5).is_none());
    }

    #[test]
    fn large_stations_take_the_slow_way_and_the_table_stays_small() {
        let rows = Rows::up_to(50_000);
        assert!(rows.curve(20_000, 50_000).is_none() && rows.curve(4000, 8000).is_some());
        let exact = hit_chance(20_000, 50_000, Rule::whole_percent(), &rows.tables.facts);
        assert!((rows.hit_chance(20_000, 50_000) - exact).abs() < 1e-15);
        assert!(rows.masses.len() * 4 < 8_000_000, "{} masses of four bytes", rows.masses.len());
    }
}
