//! Would the test of spikes say anything about a simulated election?
//!
//! The same bins and the same null as [`crate::spectrum`], from the rows of [`super::rows`]. The tail of a bin is that of the binomial
//! with the bin's mean and variance: a sum of thousands of small chances differs from it by less than a percent of p.

use super::rows::Rows;
use crate::{
    benjamini_hochberg,
    special::{beta_lower, normal_upper},
    spectrum::{BINS, FEW, FINE, JUDGED, LEAST_MEAN, bin, chances},
};

/// Places behind the bins.
const SPARE: usize = 8;

/// Stations, sum of the chances and sum of their squares in each bin.
struct Bins {
    observed: [u32; BINS],
    sums: [[f64; 2]; BINS + SPARE],
}

impl Bins {
    fn add(&mut self, k: u32, n: u32, rows: &Rows) {
        if let Some(count) = self.observed.get_mut(bin(k, n)) {
            *count += 1;
        }
        let Some(curve) = rows.curve(k, n) else {
            chances(k, n, rows.tables(), FINE, |bin, chance| {
                if let Some(sums) = self.sums.get_mut(bin) {
                    sums[0] += chance;
                    sums[1] += chance * chance;
                }
            });
            return;
        };
        // The bin of a count j is (2000 j + n) / 2n; from one count to the next it and its remainder grow by fixed steps.
        let start = 2000 * curve.first + n;
        let (whole, step, part) = (2 * n, 1000 / n, 2000 % (2 * n));
        let (mut bin, mut rest) = ((start / whole) as usize, start % whole);
        // Where a bin holds several counts its chance is known at the last of them. The others write to spare places that nobody
        // reads, in turn: a write to the same place each time would wait for the one before, and a branch would be guessed wrong.
        let (mut chance, mut turn) = (0.0, 0);
        for mass in curve.masses() {
            chance += f64::from(mass);
            rest = rest.wrapping_add(part);
            let carry = rest >= whole;
            rest = rest.wrapping_sub(if carry { whole } else { 0 });
            let on = step as usize + usize::from(carry);
            turn = (turn + 1) % SPARE;
            let sums = &mut self.sums[if on > 0 { bin.min(BINS - 1) } else { BINS + turn }];
            sums[0] += chance;
            sums[1] += chance * chance;
            chance = if on > 0 { 0.0 } else { chance };
            bin = bin.wrapping_add(on);
        }
        let sums = &mut self.sums[bin.min(BINS - 1)];
        sums[0] += chance;
        sums[1] += chance * chance;
    }
}

/// Whether any bin stands out at the false discovery rate `q`.
pub(super) fn has_spikes(pairs: impl Iterator<Item = (u32, u32)>, rows: &Rows, q: f64) -> bool {
    let mut bins = Bins { observed: [0; BINS], sums: [[0.0; 2]; BINS + SPARE] };
    pairs.filter(|(k, n)| *n > 0 && k <= n).for_each(|(k, n)| bins.add(k, n, rows));
    let open = bins.observed.iter().zip(&bins.sums).enumerate().filter(|(bin, _)| JUDGED.contains(bin));
    let p = open.filter_map(|(_, (observed, [mean, squares]))| tail(*observed, *mean, *squares));
    benjamini_hochberg(&p.collect::<Vec<f64>>(), q).count > 0
}

/// P(as many stations in a bin), none for a bin that is not judged. Far from the tail the normal one will do.
fn tail(observed: u32, mean: f64, squares: f64) -> Option<f64> {
    let (variance, observed) = (mean - squares, f64::from(observed));
    if mean < LEAST_MEAN || variance <= 0.0 {
        return None;
    }
    let quick = normal_upper((observed - 0.5 - mean) / libm::sqrt(variance));
    Some(if quick > FEW { quick } else { matched(observed, mean, squares) })
}

/// P(X >= observed) of the binomial with this mean and the variance `mean - squares`.
fn matched(observed: f64, mean: f64, squares: f64) -> f64 {
    let chance = squares / mean;
    let trials = mean / chance;
    if observed <= 0.0 {
        return 1.0;
    }
    if observed >= trials + 1.0 {
        return 0.0;
    }
    beta_lower(chance, observed, trials - observed + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Mask, dispersion::Percentage, poisson_binomial::upper_tail, random::Random, simulate::Recipe,
        spectrum::spectrum, table::Station, work::Alone,
    };

    #[test]
    fn the_matched_tail_is_nearly_exact() {
        let mut random = Random::stream(9, 0);
        for (stations, most) in [(400_usize, 0.02), (3000, 0.06), (20_000, 0.03)] {
            let own: Vec<f64> = (0..stations).map(|_| most * random.uniform()).collect();
            let (mean, squares) = (own.iter().sum::<f64>(), own.iter().map(|c| c * c).sum::<f64>());
            for sds in [2.0, 3.0, 4.5] {
                let observed = (mean + sds * mean.sqrt()).ceil();
                let exact = upper_tail(&own, crate::number::whole(observed)).p;
                let near = matched(observed, mean, squares);
                assert!((near / exact - 1.0).abs() < 0.01, "{stations} {sds}: {near} {exact}");
            }
        }
    }

    #[test]
    fn moments_are_those_of_the_spectrum_and_so_is_the_answer() {
        // Stations on both sides of the sizes where a bin holds several counts, and of those where the rows end.
        let sizes: Vec<u32> = (0..3000).map(|place| 100 + 3 * place).collect();
        let rows = Rows::up_to(9100);
        let mut answers = [0, 0];
        for number in 0..8 {
            let made = Recipe::default().election(&sizes, &mut Random::stream(4, number), &rows.tables().facts);
            let mut made: Vec<Station> = Mask::published().apply(&made).stations;
            if number % 2 == 1 {
                made.iter_mut().step_by(40).for_each(|s| s.issued = s.registered * 7 / 10);
            }
            let pairs = || made.iter().map(|s| (s.issued, s.registered));
            let mut bins = Bins { observed: [0; BINS], sums: [[0.0; 2]; BINS + SPARE] };
            pairs().for_each(|(k, n)| bins.add(k, n, &rows));
            let whole = spectrum(&made, Percentage::Turnout, 0.05, &Alone);
            assert_eq!(bins.observed[..], whole.observed);
            for bin in JUDGED {
                let ([mean, squares], sd) = (bins.sums[bin], whole.sd[bin]);
                assert!((mean - whole.mean[bin]).abs() < 1e-4 * mean + 1e-4, "{bin}: {mean} {}", whole.mean[bin]);
                assert!((mean - squares - sd * sd).abs() < 1e-4 * mean + 1e-4, "{bin}");
            }
            let answer = has_spikes(pairs(), &rows, 0.05);
            assert_eq!(answer, !whole.spikes.is_empty(), "{number}");
            answers[usize::from(answer)] += 1;
        }
        assert!(answers[1] >= 4 && answers[0] >= 2, "{answers:?}");
    }
}
