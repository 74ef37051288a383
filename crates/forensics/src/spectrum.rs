//! Spikes: does any tenth of a percent hold more stations than counting noise explains?
//!
//! Percentages are counted in bins of 0.1 points centred on multiples of 0.1 percent, decided in integers. The null is that
//! of the integer test (K* ~ Bin(n, k/n) at every station, n fixed), so the count of every bin is Poisson-binomial: mean and
//! standard deviation are exact, and so are the tails of the bins that stand out. Since n is kept, coarse fractions of small
//! stations (1/2, 2/3) are in the null. All bins from 3 to 97 percent are judged together by Benjamini and Hochberg. Unlike
//! the envelope of Rozenas (Political Analysis 25:41, 2017; [`crate::spikes`]) the result does not depend on a number of draws.

use libm::{exp, log, log1p, sqrt};
use serde::{Deserialize, Serialize};

use crate::{
    Limits, benjamini_hochberg,
    dispersion::Percentage,
    number::real,
    poisson_binomial::upper_tail,
    special::{LogFactorial, normal_upper},
    table::Station,
    work::Workers,
};

/// Bins: one for each tenth of a percent from 0 to 100.
pub const BINS: usize = 1001;
/// Bins judged. Nearer to 0 and 100 the caps of a mask cut the null.
pub(crate) const JUDGED: std::ops::RangeInclusive<usize> = 30..=970;
/// Bins with a quick p above this are never judged exactly: it is 2.3 %, two standard deviations.
pub(crate) const FEW: f64 = 0.0228;
/// Bins in which fewer stations are expected are not judged.
pub(crate) const LEAST_MEAN: f64 = 1.0;
/// No table of inverses is longer than this, whatever the input says.
const LONGEST: u32 = 1 << 18;
/// Stations worked on together.
const PIECE: usize = 4096;
/// Part of the top below which the tail of a station's curve is left out: beyond six standard deviations.
pub(crate) const FINE: f64 = 1e-9;
/// A bin with more stations than chance explains.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spike {
    /// The middle of the bin, in tenths of a percent.
    pub tenths: u32,
    /// Stations in it.
    pub observed: u32,
    /// Stations expected.
    pub mean: f64,
    /// Standard deviation of the expectation.
    pub sd: f64,
    /// Exact upper tail (below 1e-15: the bound).
    pub p: f64,
}

/// Stations by percentage, beside their exact null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spectrum {
    /// Which percentage.
    pub percentage: Percentage,
    /// Stations counted.
    pub stations: usize,
    /// Stations in each bin.
    pub observed: Vec<u32>,
    /// Exact mean of each bin under the null.
    pub mean: Vec<f64>,
    /// Exact standard deviation of each bin under the null.
    pub sd: Vec<f64>,
    /// The bins that stand out, from low to high.
    pub spikes: Vec<Spike>,
    /// Bins judged.
    pub judged: usize,
    /// False discovery rate.
    pub q: f64,
}

impl Limits for Spectrum {
    const CANNOT_SHOW: &'static str = "It sees percentages that many stations share. What is added or moved without regard \
         to percentages leaves no spike, and a station in a spike may be there by chance.";
}

impl Spectrum {
    /// Stations above expectation in the bins that stand out.
    pub fn excess(&self) -> f64 {
        self.spikes.iter().map(|spike| f64::from(spike.observed) - spike.mean).sum()
    }
}

/// Moments of the bins over some stations.
struct Moments {
    observed: Vec<u32>,
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl Moments {
    fn new() -> Self {
        Self { observed: vec![0; BINS], mean: vec![0.0; BINS], variance: vec![0.0; BINS] }
    }

    fn add(&mut self, other: &Self) {
        let counts = self.observed.iter_mut().zip(&other.observed);
        counts.for_each(|(own, other)| *own += other);
        for (own, other) in [(&mut self.mean, &other.mean), (&mut self.variance, &other.variance)] {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        }
    }

    fn station(&mut self, k: u32, n: u32, curve: &Tables) {
        let last = BINS - 1;
        if let Some(count) = self.observed.get_mut(bin(k, n).min(last)) {
            *count += 1;
        }
        chances(k, n, curve, FINE, |bin, chance| {
            let bin = bin.min(last);
            self.mean[bin] += chance;
            self.variance[bin] += chance * (1.0 - chance);
        });
    }
}

/// What every station's curve is made from: logarithms of factorials, and 1/j in place of a division for each count.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) facts: LogFactorial,
    inverse: Vec<f64>,
}

impl Tables {
    /// For stations of at most so many voters; right for larger ones too, only slower.
    pub(crate) fn up_to(largest: u32) -> Self {
        let inverse = (0..=u64::from(largest.min(LONGEST)) + 1).map(|j| 1.0 / j as f64).collect();
        Self { facts: LogFactorial::up_to(largest), inverse }
    }

    fn of(pairs: &[(u32, u32)]) -> Self {
        Self::up_to(pairs.iter().map(|(_, n)| *n).max().unwrap_or(0))
    }

    /// 1/j for a j from 1 to one above the largest.
    fn inverse(&self, j: u32) -> f64 {
        self.inverse.get(j as usize).copied().unwrap_or_else(|| 1.0 / f64::from(j))
    }
}

/// The nearest tenth of a percent, halves upward.
pub(crate) fn bin(k: u32, n: u32) -> usize {
    let (k, n) = (u64::from(k), u64::from(n.max(1)));
    usize::try_from((2000 * k + n) / (2 * n)).unwrap_or(usize::MAX)
}

/// The first count that lies in `bin` or above.
fn first(bin: u64, n: u64) -> u64 {
    (n * (2 * bin).saturating_sub(1)).div_ceil(2000)
}

/// Chances of the bins for one station; tails below `least` of the top are left out.
pub(crate) fn chances(k: u32, n: u32, tables: &Tables, least: f64, mut add: impl FnMut(usize, f64)) {
    if k == 0 || k >= n {
        return add(bin(k, n), 1.0);
    }
    let p = f64::from(k) / f64::from(n);
    let (odds, against) = (f64::from(k) / f64::from(n - k), f64::from(n - k) / f64::from(k));
    let facts = &tables.facts;
    let top = exp(facts.of(n) - facts.of(k) - facts.of(n - k) + f64::from(k) * log(p) + f64::from(n - k) * log1p(-p));
    let least = least * top;
    let middle = bin(k, n);
    // Down from the top first, up afterwards: the middle bin gets both halves at once.
    let (mut own, mut edge) = (middle as u64, first(middle as u64, u64::from(n)));
    let (mut sum, mut mass, mut j) = (0.0, top, k);
    let mut low_half = 0.0;
    let mut leave = |own: u64, sum: f64| {
        if own == middle as u64 { low_half = sum } else { add(usize::try_from(own).unwrap_or(usize::MAX), sum) }
    };
    while j > 0 {
        mass *= f64::from(j) * against * tables.inverse(n - j + 1);
        j -= 1;
        if mass < least {
            break;
        }
        while u64::from(j) < edge && own > 0 {
            leave(own, sum);
            sum = 0.0;
            own -= 1;
            edge = first(own, u64::from(n));
        }
        sum += mass;
    }
    leave(own, sum);
    let (mut own, mut edge) = (middle as u64, first(middle as u64 + 1, u64::from(n)));
    let (mut sum, mut mass, mut j) = (low_half + top, top, k);
    while j < n {
        mass *= f64::from(n - j) * odds * tables.inverse(j + 1);
        j += 1;
        if mass < least {
            break;
        }
        while u64::from(j) >= edge {
            add(usize::try_from(own).unwrap_or(usize::MAX), sum);
            sum = 0.0;
            own += 1;
            edge = first(own + 1, u64::from(n));
        }
        sum += mass;
    }
    add(usize::try_from(own).unwrap_or(usize::MAX), sum);
}

/// A station as one bin after the other sees it.
struct Seen {
    k: f64,
    n: u32,
    /// Square of the distance in counts beyond which its curve is over: seven standard deviations and three counts.
    reach: f64,
    log_p: f64,
    log_q: f64,
    odds: f64,
}

impl Seen {
    fn new((k, n): (u32, u32)) -> Self {
        let (part, whole) = (f64::from(k), f64::from(n.max(1)));
        let rest = whole - part;
        let reach = 7.0 * sqrt(part * rest / whole) + 3.0;
        let p = part / whole;
        Self { k: part, n, reach: reach * reach, log_p: log(p), log_q: log1p(-p), odds: part / rest }
    }

    /// Chance of a bin: the first count from logarithms, the others by their ratio.
    fn chance_of(&self, wanted: usize, facts: &LogFactorial) -> f64 {
        let (wanted, whole) = (wanted as u64, u64::from(self.n));
        let (from, end) = (first(wanted, whole), first(wanted + 1, whole).min(whole + 1));
        let off = (from as f64 - self.k).max(self.k - end as f64).max(0.0);
        if from >= end || off * off > self.reach {
            return 0.0;
        }
        if self.odds == 0.0 || !self.odds.is_finite() {
            // Nothing is left to chance: the count is k.
            let own = from as f64 <= self.k && self.k < end as f64;
            return f64::from(u8::from(own));
        }
        let small = |x: u64| u32::try_from(x).unwrap_or(u32::MAX);
        let size = facts.of(self.n) - facts.of(small(from)) - facts.of(small(whole - from));
        let mut mass = exp(size + from as f64 * self.log_p + (whole - from) as f64 * self.log_q);
        let mut sum = mass;
        for j in from + 1..end {
            mass *= self.odds * (whole + 1 - j) as f64 / j as f64;
            sum += mass;
        }
        sum
    }
}

/// Up to which p a bin could be flagged at all: with c bins of p below `FEW`, at most c (or nearly all) are flagged together, and
/// then only those below `q c / m`. The quick p is the normal one, which is smaller than the exact p of a count that is a sum of
/// many small chances and so leans to the right: a bin beyond twice that bound needs no exact tail.
fn reachable(quick: &[f64], q: f64) -> f64 {
    let few = quick.iter().filter(|p| **p <= FEW).count();
    let m = real(quick.len().max(1));
    // Where half of the bins stand out, the count of the others matters too: then every tail is taken exactly.
    if q > FEW * 4.0 || real(few) > 0.25 * m { FEW } else { (2.0 * q * real(few + 1) / m).min(FEW) }
}

/// Counts and judges the stations; those with nothing to count from are ignored. A mask should have been applied.
pub fn spectrum(stations: &[Station], percentage: Percentage, q: f64, workers: &impl Workers) -> Spectrum {
    let pairs: Vec<(u32, u32)> = stations.iter().map(|s| percentage.of(*s)).filter(|(k, n)| *n > 0 && k <= n).collect();
    let tables = Tables::of(&pairs);
    let pieces: Vec<&[(u32, u32)]> = pairs.chunks(PIECE).collect();
    let parts = workers.map(pieces.len(), &|piece| {
        let mut moments = Moments::new();
        for (k, n) in pieces.get(piece).copied().unwrap_or_default() {
            moments.station(*k, *n, &tables);
        }
        moments
    });
    let mut all = Moments::new();
    parts.iter().for_each(|part| all.add(part));
    let sd: Vec<f64> = all.variance.iter().map(|v| sqrt(*v)).collect();
    let open: Vec<usize> = JUDGED.filter(|bin| all.mean[*bin] >= LEAST_MEAN && sd[*bin] > 0.0).collect();
    let quick: Vec<f64> = open
        .iter()
        .map(|bin| normal_upper((f64::from(all.observed[*bin]) - 0.5 - all.mean[*bin]) / sd[*bin]))
        .collect();
    let exact_below = reachable(&quick, q);
    let seen: Vec<Seen> = if quick.iter().any(|p| *p <= exact_below) {
        pairs.iter().map(|pair| Seen::new(*pair)).collect()
    } else {
        Vec::new()
    };
    let p = workers.map(open.len(), &|place| {
        let (bin, quick) = (open.get(place).copied().unwrap_or(0), quick.get(place).copied().unwrap_or(1.0));
        if quick > exact_below {
            return quick;
        }
        let own: Vec<f64> =
            seen.iter().map(|own| own.chance_of(bin, &tables.facts)).filter(|chance| *chance > 0.0).collect();
        upper_tail(&own, all.observed[bin] as usize).p
    });
    let flagged = benjamini_hochberg(&p, q).flagged;
    let found = open.iter().zip(&p).zip(flagged).filter(|(_, flagged)| *flagged);
    let spike = |((bin, p), _): ((&usize, &f64), bool)| Spike {
        tenths: u32::try_from(*bin).unwrap_or(u32::MAX),
        observed: all.observed[*bin],
        mean: all.mean[*bin],
        sd: sd[*bin],
        p: *p,
    };
    let spikes = found.map(spike).collect();
    let (observed, mean, judged) = (all.observed, all.mean, open.len());
    Spectrum { percentage, stations: pairs.len(), observed, mean, sd, spikes, judged, q }
}

/// Excess of other stations in the bins of some spikes, with its z: do they hold among large stations?
pub fn excess_in(stations: &[Station], percentage: Percentage, spikes: &[Spike]) -> (f64, f64) {
    let pairs: Vec<(u32, u32)> = stations.iter().map(|s| percentage.of(*s)).filter(|(k, n)| *n > 0 && k <= n).collect();
    let tables = Tables::of(&pairs);
    let (mut excess, mut variance) = (0.0, 0.0);
    for (k, n) in pairs {
        let of = |spike: &Spike| usize::try_from(spike.tenths).unwrap_or(usize::MAX);
        let hit = spikes.iter().any(|spike| of(spike) == bin(k, n));
        let seen = Seen::new((k, n));
        let chance: f64 = spikes.iter().map(|spike| seen.chance_of(of(spike), &tables.facts)).sum();
        excess += f64::from(u8::from(hit)) - chance;
        variance += chance * (1.0 - chance).max(0.0);
    }
    (excess, if variance > 0.0 { excess / sqrt(variance) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mask, random::Random, simulate::Recipe, work::Alone};

    #[test]
    fn chances_add_up_and_agree_with_the_slow_way() {
        for (k, n) in [(1, 100), (50, 100), (313, 1234), (2990, 2999), (7, 9), (0, 5), (5, 5)] {
            let tables = Tables::up_to(n);
            let facts = &tables.facts;
            let mut own = vec![0.0; BINS];
            chances(k, n, &tables, FINE, |bin, chance| own[bin] += chance);
            assert!((own.iter().sum::<f64>() - 1.0).abs() < 1e-6, "{k}/{n}");
            let seen = Seen::new((k, n));
            assert!((0..BINS).all(|bin| (seen.chance_of(bin, facts) - own[bin]).abs() < 1e-8), "{k}/{n}");
            let p = f64::from(k) / f64::from(n);
            let mut slow = vec![0.0; BINS];
            for j in 0..=n {
                let log_mass = facts.of(n) - facts.of(j) - facts.of(n - j);
                let mass = exp(log_mass) * libm::pow(p, f64::from(j)) * libm::pow(1.0 - p, f64::from(n - j));
                slow[bin(j, n)] += if mass.is_nan() { 0.0 } else { mass };
            }
            if n < 1000 {
                assert!(own.iter().zip(&slow).all(|(a, b)| (a - b).abs() < 1e-6), "{k}/{n}");
            }
        }
    }

    #[test]
    fn clean_elections_have_no_spikes_and_planted_ones_are_found() {
        let sizes: Vec<u32> = (0..4000).map(|place| 300 + place % 1700).collect();
        let facts = LogFactorial::up_to(2000);
        let mut flags = 0;
        for number in 0..30 {
            let clean = Recipe::default().election(&sizes, &mut Random::stream(5, number), &facts);
            let clean = Mask::published().apply(&clean).stations;
            flags += usize::from(!spectrum(&clean, Percentage::Turnout, 0.05, &Alone).spikes.is_empty());
            if number == 0 {
                let mut made = clean;
                for station in made.iter_mut().take(80) {
                    station.issued = station.registered * 7 / 10;
                }
                let found = spectrum(&made, Percentage::Turnout, 0.05, &Alone);
                assert!(found.spikes.iter().any(|spike| spike.tenths == 700), "{:?}", found.spikes);
                assert!(found.excess() > 30.0);
            }
        }
        assert!(flags <= 5, "{flags} of 30 clean elections have a spike");
    }
}
