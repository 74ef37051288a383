//! Is a percentage round, and how often would it be by chance?

use libm::{log, log1p, sqrt};

use super::Rule;
use crate::{
    number,
    special::{LogFactorial, quick_exp},
};

/// Whether `100 k / n` lies within 0.05 of a multiple of the period, in integers. `n = 0` never hits.
#[inline]
pub fn is_hit(k: u32, n: u32, rule: Rule) -> bool {
    if n == 0 {
        return false;
    }
    let cycle = u64::from(rule.period()) * u64::from(n);
    let rest = (100 * u64::from(k)) % cycle;
    20 * rest.min(cycle - rest) <= u64::from(n)
}

/// How many standard deviations around the mean are added up; the mass beyond is below 1e-10.
const REACH: f64 = 6.6;

/// Chance that K ~ Bin(n, k/n) is round. `k = 0` and `k >= n` leave nothing to chance.
pub fn hit_chance(k: u32, n: u32, rule: Rule, facts: &LogFactorial) -> f64 {
    if k == 0 || k >= n {
        return if is_hit(k, n, rule) { 1.0 } else { 0.0 };
    }
    let (trials, mean) = (f64::from(n), f64::from(k));
    let p = mean / trials;
    let reach = REACH * sqrt(mean * (1.0 - p)) + 4.0;
    let low = u64::from(number::whole32((mean - reach).max(0.0)));
    // Small means have a longer upper tail, small complements are cut by n.
    let high = u64::from(number::whole32(mean + reach + 8.0).min(n));
    let n = u64::from(n);
    let period = u64::from(rule.period());
    let first = low * 100 / n / period * period;
    let curve = Curve::new(k, n, p, facts);
    let mut sum: f64 = 0.0;
    let mut percent = first;
    loop {
        // Counts from ceil(n (20m - 1) / 2000) to floor(n (20m + 1) / 2000) print as m percent.
        let from = (n * (20 * percent).saturating_sub(1)).div_ceil(2000).max(low);
        if from > high {
            return sum.min(1.0);
        }
        let to = (n * (20 * percent + 1) / 2000).min(high);
        if from <= to {
            sum += curve.between(from, to);
        }
        percent += period;
    }
}

/// The binomial probabilities of one station.
struct Curve<'a> {
    n: u64,
    top: f64,
    log_p: f64,
    log_q: f64,
    odds: f64,
    facts: &'a LogFactorial,
}

impl<'a> Curve<'a> {
    fn new(k: u32, n: u64, p: f64, facts: &'a LogFactorial) -> Self {
        let trials = u32::try_from(n).unwrap_or(u32::MAX);
        let odds = f64::from(k) / f64::from(trials - k);
        Self { n, top: facts.of(trials), log_p: log(p), log_q: log1p(-p), odds, facts }
    }

    /// Sum of the probabilities of `from..=to`: the first from logarithms, the others by their ratio.
    #[inline]
    fn between(&self, from: u64, to: u64) -> f64 {
        let small = |x: u64| u32::try_from(x).unwrap_or(u32::MAX);
        let rest = self.n - from;
        let mut mass = quick_exp(
            self.top - self.facts.of(small(from)) - self.facts.of(small(rest))
                + from as f64 * self.log_p
                + rest as f64 * self.log_q,
        );
        let mut sum = mass;
        for j in from..to {
            mass *= self.odds * (self.n - j) as f64 / (j + 1) as f64;
            sum += mass;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_decided_in_integers() {
        let rule = Rule::whole_percent();
        // 621 / 2000 = 31.05 %: on the edge, counted; floats lose it.
        assert!(is_hit(621, 2000, rule));
        assert!(!is_hit(622, 2000, rule));
        assert!(is_hit(0, 7, rule) && is_hit(7, 7, rule) && !is_hit(1, 7, rule));
        assert!(!is_hit(3, 0, rule));
        assert!(is_hit(65, 100, Rule::five_percent()) && !is_hit(66, 100, Rule::five_percent()));
    }

    /// All probabilities added up, the slow way.
    fn slow(k: u32, n: u32, rule: Rule) -> f64 {
        let facts = LogFactorial::up_to(n);
        let curve = Curve::new(k, u64::from(n), f64::from(k) / f64::from(n), &facts);
        (0..=n).filter(|j| is_hit(*j, n, rule)).map(|j| curve.between(u64::from(j), u64::from(j))).sum()
    }

    #[test]
    fn windows_agree_with_the_whole_sum() {
        for rule in [Rule::whole_percent(), Rule::five_percent(), Rule::every(7)] {
            for (k, n) in [(1, 100), (99, 100), (50, 100), (63, 107), (700, 1234), (3, 2999), (2990, 2999), (600, 999)]
            {
                let facts = LogFactorial::up_to(n);
                let (quick, full) = (hit_chance(k, n, rule, &facts), slow(k, n, rule));
                assert!((quick - full).abs() < 1e-9, "{k}/{n}: {quick} {full}");
            }
        }
    }
}
