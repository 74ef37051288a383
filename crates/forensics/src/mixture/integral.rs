//! Binomial likelihoods of stations with a normal random effect integrated out, and their slopes, eight at a time.

#![allow(clippy::needless_range_loop, reason = "lanes are worked on side by side, several arrays at once")]

use libm::{exp, log, sqrt};

use super::lanes::{exps, lns, logistics};

/// Nodes and weights of Gauss-Hermite quadrature of order 5 for the standard normal density (Abramowitz and Stegun
/// 25.10, scaled by sqrt 2). The one in the middle is where the integrand is highest, so that its value is known.
const NODES: [f64; 4] = [1.355_626_179_974_266, -1.355_626_179_974_266, 2.856_970_013_872_806, -2.856_970_013_872_806];
const WEIGHTS: [f64; 4] =
    [0.222_075_922_005_612_6, 0.222_075_922_005_612_6, 0.011_257_411_327_720_7, 0.011_257_411_327_720_7];
const MIDDLE: f64 = 0.533_333_333_333_333_3;

/// Integrals worked on together.
pub(super) const WIDTH: usize = 8;
/// One figure of each.
pub(super) type Lanes = [f64; WIDTH];

/// Rates stay this far from 0 and 1.
const EDGE: f64 = 1e-9;
/// Square of a last step in widths: the nodes need not lie around the very top.
const CLOSE: f64 = 0.05 * 0.05;

/// Binomial counts `k` of `n` with the rate `offset + slope logistic(mean + spread z)`.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub k: Lanes,
    pub n: Lanes,
    pub offset: Lanes,
    pub slope: Lanes,
    pub mean: Lanes,
    pub spread: Lanes,
}

/// Where the integrands are highest: the place, the width, the share and the logarithm there.
struct Tops {
    place: Lanes,
    width: Lanes,
    shares: Lanes,
    height: Lanes,
}

/// The logarithms of integrals over z of `p^k (1 - p)^(n - k)` times the standard normal density, and their slopes, for
/// which the nodes are held fixed.
#[derive(Clone, Copy)]
pub(super) struct Integrals {
    pub log: Lanes,
    pub by_mean: Lanes,
    pub by_spread: Lanes,
    pub by_offset: Lanes,
    pub by_slope: Lanes,
}

impl Counts {
    fn shares(&self, z: &Lanes) -> Lanes {
        let mut x = [0.0; WIDTH];
        for i in 0..WIDTH {
            x[i] = self.mean[i] + self.spread[i] * z[i];
        }
        logistics(x)
    }

    fn rate(&self, i: usize, share: f64) -> f64 {
        (self.offset[i] + self.slope[i] * share).clamp(EDGE, 1.0 - EDGE)
    }

    /// Logarithms of the integrands, up to a constant.
    fn values(&self, z: &Lanes, shares: &Lanes) -> Lanes {
        let (mut p, mut q) = ([0.0; WIDTH], [0.0; WIDTH]);
        for i in 0..WIDTH {
            p[i] = self.rate(i, shares[i]);
            q[i] = 1.0 - p[i];
        }
        let (p, q) = (lns(p), lns(q));
        let mut values = [0.0; WIDTH];
        for i in 0..WIDTH {
            values[i] = self.k[i] * p[i] + (self.n[i] - self.k[i]) * q[i] - 0.5 * z[i] * z[i];
        }
        values
    }

    /// Where the rate would be k/n, drawn towards 0 by the prior.
    fn first_guess(&self) -> Lanes {
        let mut odds = [1.0; WIDTH];
        for i in 0..WIDTH {
            let slope = self.slope[i].max(1e-9);
            let share = ((self.k[i] / self.n[i] - self.offset[i]) / slope).clamp(1e-4, 1.0 - 1e-4);
            odds[i] = share / (1.0 - share);
        }
        let logits = lns(odds);
        let mut z = [0.0; WIDTH];
        for i in 0..WIDTH {
            let own = ((logits[i] - self.mean[i]) / self.spread[i]).clamp(-6.0, 6.0);
            let share = odds[i] / (1.0 + odds[i]);
            let p = self.rate(i, share);
            let moved = self.slope[i] * self.spread[i] * share * (1.0 - share);
            let weight = self.n[i] * moved * moved / (p * (1.0 - p));
            z[i] = own * weight / (1.0 + weight);
        }
        z
    }

    /// Fisher scoring for the highest points, to within a twentieth of their widths.
    fn tops(&self) -> Tops {
        let mut place = self.first_guess();
        let mut width = [1.0; WIDTH];
        for _ in 0..4 {
            let shares = self.shares(&place);
            let mut longest: f64 = 0.0;
            for i in 0..WIDTH {
                let share = shares[i];
                let p = self.rate(i, share);
                let moved = self.slope[i] * self.spread[i] * share * (1.0 - share);
                let over = 1.0 / (p * (1.0 - p));
                let information = 1.0 + self.n[i] * moved * moved * over;
                let score = (self.k[i] - self.n[i] * p) * moved * over - place[i];
                let step = (score / information).clamp(-2.0, 2.0);
                place[i] = (place[i] + step).clamp(-8.0, 8.0);
                width[i] = information;
                longest = longest.max(step * step * information);
            }
            if longest < CLOSE {
                break;
            }
        }
        let shares = self.shares(&place);
        let height = self.values(&place, &shares);
        Tops { place, width: width.map(|own| 1.0 / sqrt(own)), shares, height }
    }

    /// The integrals, with nodes around their tops; their slopes where they are asked for.
    pub(super) fn integrals<const SLOPES: bool>(&self) -> Integrals {
        let tops = self.tops();
        let mut sums = [MIDDLE; WIDTH];
        let none = [0.0; WIDTH];
        let mut found = Integrals { log: none, by_mean: none, by_spread: none, by_offset: none, by_slope: none };
        if SLOPES {
            self.add(&mut found, &[MIDDLE; WIDTH], &tops.place, &tops.shares);
        }
        for (node, weight) in NODES.into_iter().zip(WEIGHTS) {
            let mut z = tops.place;
            for i in 0..WIDTH {
                z[i] += node * tops.width[i];
            }
            let shares = self.shares(&z);
            let mut raised = self.values(&z, &shares);
            for i in 0..WIDTH {
                raised[i] = (raised[i] - tops.height[i] + 0.5 * node * node).min(50.0);
            }
            let masses = exps(raised).map(|own| own * weight);
            for i in 0..WIDTH {
                sums[i] += masses[i];
            }
            if SLOPES {
                self.add(&mut found, &masses, &z, &shares);
            }
        }
        let mut areas = sums;
        for i in 0..WIDTH {
            areas[i] *= tops.width[i];
        }
        let areas = lns(areas);
        for i in 0..WIDTH {
            let over = 1.0 / sums[i];
            found.log[i] = tops.height[i] + areas[i];
            found.by_mean[i] *= over;
            found.by_spread[i] *= over;
            found.by_offset[i] *= over;
            found.by_slope[i] *= over;
        }
        found
    }

    /// Adds the slopes at one node.
    #[inline]
    fn add(&self, to: &mut Integrals, masses: &Lanes, z: &Lanes, shares: &Lanes) {
        for i in 0..WIDTH {
            let share = shares[i];
            let p = self.rate(i, share);
            let score = masses[i] * (self.k[i] - self.n[i] * p) / (p * (1.0 - p));
            let moved = score * self.slope[i] * share * (1.0 - share);
            to.by_offset[i] += score;
            to.by_slope[i] += score * share;
            to.by_mean[i] += moved;
            to.by_spread[i] += moved * z[i];
        }
    }
}

/// ln of a sum of exponentials, and the part of each in it; those of minus infinity have none.
pub(super) fn parts_of(logs: [f64; 3]) -> (f64, [f64; 3]) {
    let best = logs.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let own = logs.map(|own| exp(own - best));
    let sum: f64 = own.into_iter().sum();
    (best + log(sum), own.map(|own| own / sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(cases: &[[f64; 6]]) -> Counts {
        let pick = |place: usize| std::array::from_fn(|lane: usize| cases[lane.min(cases.len() - 1)][place]);
        Counts { k: pick(0), n: pick(1), offset: pick(2), slope: pick(3), mean: pick(4), spread: pick(5) }
    }

    const CASES: [[f64; 6]; 4] = [
        [300.0, 1000.0, 0.0, 1.0, 0.2, 0.4],
        [5.0, 60.0, 0.0, 0.7, -1.0, 0.8],
        [600.0, 800.0, 0.3, 0.6, 0.5, 0.3],
        [400.0, 1000.0, 0.0, 0.6, 0.0, 0.001],
    ];

    #[test]
    fn the_quadrature_agrees_with_many_steps() {
        for (at, [k, n, offset, slope, mean, spread]) in CASES.into_iter().enumerate() {
            let found = counts(&CASES).integrals::<true>().log[at];
            let value = |z: f64| {
                let p = offset + slope / (1.0 + exp(-(mean + spread * z)));
                k * log(p) + (n - k) * log(1.0 - p) - 0.5 * z * z
            };
            let step = 1e-3;
            let points = (-9000..=9000).map(|i| exp(value(f64::from(i) * step) - found));
            let slow = found + log(points.sum::<f64>() * step / sqrt(std::f64::consts::TAU));
            assert!((found - slow).abs() < 2e-3, "{k} {n}: {found} {slow}");
        }
    }

    #[test]
    fn the_slopes_agree_with_differences() {
        for at in 0..CASES.len() {
            let log_at = |place: usize, step: f64| {
                let mut cases = CASES;
                cases[at][place] += step;
                counts(&cases).integrals::<true>()
            };
            let found = log_at(2, 0.0);
            let slopes =
                [(2, found.by_offset[at]), (3, found.by_slope[at]), (4, found.by_mean[at]), (5, found.by_spread[at])];
            for (place, slope) in slopes {
                let step = 1e-5;
                let slow = (log_at(place, step).log[at] - log_at(place, -step).log[at]) / (2.0 * step);
                assert!((slope - slow).abs() < 2e-3 * slow.abs().max(20.0), "{at} {place}: {slope} {slow}");
            }
        }
    }
}
