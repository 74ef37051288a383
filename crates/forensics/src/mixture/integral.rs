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

/// The outer nodes of order 3, the root of three.
const THIRD: f64 = 1.732_050_807_568_877_2;
/// Where the logarithm of an integrand is no further from a normal's there, order 3 and the next term of the series do.
const NORMAL: f64 = 0.1;

/// Integrals worked on together.
pub(super) const WIDTH: usize = 8;
/// One figure of each.
pub(super) type Lanes = [f64; WIDTH];

/// Rates stay this far from 0 and 1.
const EDGE: f64 = 1e-9;
/// Square of a last step in widths: the nodes need not lie around the very top.
const CLOSE: f64 = 0.05 * 0.05;

/// Binomial counts `k` of `n` with the rate `offset + slope logistic(mean + spread z)`. Where all are PLAIN (offset 0 and
/// slope 1: the turnout of honest stations, which are most) one logarithm does for the rate and its complement.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub k: Lanes,
    pub n: Lanes,
    pub offset: Lanes,
    pub slope: Lanes,
    pub mean: Lanes,
    pub spread: Lanes,
}

/// Where the integrands are highest, or nearly: the place, the width, the logarithm's rise by a width, the share and the
/// logarithm there.
struct Tops {
    place: Lanes,
    width: Lanes,
    rise: Lanes,
    shares: Lanes,
    height: Lanes,
}

/// The logarithms of integrals over z of `p^k (1 - p)^(n - k)` times the standard normal density, and their slopes, for
/// which the nodes are held fixed.
#[derive(Clone, Copy, Default)]
pub(super) struct Integrals {
    pub log: Lanes,
    pub by_mean: Lanes,
    pub by_spread: Lanes,
    pub by_offset: Lanes,
    pub by_slope: Lanes,
}

impl Tops {
    /// Logarithms of the integrals from the sums at the nodes.
    fn logs(&self, sums: &Lanes) -> Lanes {
        let mut areas = *sums;
        for i in 0..WIDTH {
            areas[i] *= self.width[i];
        }
        let mut logs = lns(areas);
        for i in 0..WIDTH {
            logs[i] += self.height[i];
        }
        logs
    }
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
    fn values<const PLAIN: bool>(&self, z: &Lanes, shares: &Lanes) -> Lanes {
        let mut values = [0.0; WIDTH];
        if PLAIN {
            // ln (1 - p) = ln p - (mean + spread z).
            let p = lns(*shares);
            for i in 0..WIDTH {
                let x = self.mean[i] + self.spread[i] * z[i];
                values[i] = self.n[i] * p[i] - (self.n[i] - self.k[i]) * x - 0.5 * z[i] * z[i];
            }
            return values;
        }
        let (mut p, mut q) = ([0.0; WIDTH], [0.0; WIDTH]);
        for i in 0..WIDTH {
            p[i] = self.rate(i, shares[i]);
            q[i] = 1.0 - p[i];
        }
        let (p, q) = (lns(p), lns(q));
        for i in 0..WIDTH {
            values[i] = self.k[i] * p[i] + (self.n[i] - self.k[i]) * q[i] - 0.5 * z[i] * z[i];
        }
        values
    }

    /// Where the rate would be k/n, drawn towards 0 by the prior.
    fn first_guess<const PLAIN: bool>(&self) -> Lanes {
        let (mut odds, mut shares) = ([1.0; WIDTH], [0.5; WIDTH]);
        for i in 0..WIDTH {
            let rate = self.k[i] / self.n[i];
            let share = if PLAIN { rate } else { (rate - self.offset[i]) / self.slope[i].max(1e-9) };
            shares[i] = share.clamp(1e-4, 1.0 - 1e-4);
            odds[i] = shares[i] / (1.0 - shares[i]);
        }
        let logits = lns(odds);
        let mut z = [0.0; WIDTH];
        for i in 0..WIDTH {
            let own = ((logits[i] - self.mean[i]) / self.spread[i]).clamp(-6.0, 6.0);
            let weight = self.told::<PLAIN>(i, shares[i]).0;
            z[i] = own * weight / (1.0 + weight);
        }
        z
    }

    /// What a count says about z where the logistic is `share`: the information, and the slope of the logarithm.
    #[inline]
    fn told<const PLAIN: bool>(&self, i: usize, share: f64) -> (f64, f64) {
        let (n, spread) = (self.n[i], self.spread[i]);
        let bent = share * (1.0 - share);
        if PLAIN {
            return (n * spread * spread * bent, (self.k[i] - n * share) * spread);
        }
        let p = self.rate(i, share);
        let moved = self.slope[i] * spread * bent;
        let over = 1.0 / (p * (1.0 - p));
        (n * moved * moved * over, (self.k[i] - n * p) * moved * over)
    }

    /// How curved the integrand's logarithm is where the logistic is `share`.
    #[inline]
    fn curvature(&self, i: usize, share: f64) -> f64 {
        let p = self.rate(i, share);
        let moved = self.slope[i] * self.spread[i] * share * (1.0 - share);
        let bent = moved * self.spread[i] * (1.0 - 2.0 * share);
        let (yes, no) = (self.k[i] / p, (self.n[i] - self.k[i]) / (1.0 - p));
        1.0 + moved * moved * (yes / p + no / (1.0 - p)) - bent * (yes - no)
    }

    /// Fisher scoring for the highest points, to within a twentieth of their widths.
    fn tops<const PLAIN: bool>(&self) -> Tops {
        let mut place = self.first_guess::<PLAIN>();
        for _ in 0..4 {
            let shares = self.shares(&place);
            let mut longest: f64 = 0.0;
            for i in 0..WIDTH {
                let (told, rise) = self.told::<PLAIN>(i, shares[i]);
                let information = 1.0 + told;
                let step = ((rise - place[i]) / information).clamp(-2.0, 2.0);
                place[i] = (place[i] + step).clamp(-8.0, 8.0);
                longest = longest.max(step * step * information);
            }
            if longest < CLOSE {
                break;
            }
        }
        let shares = self.shares(&place);
        let height = self.values::<PLAIN>(&place, &shares);
        let (mut width, mut rise) = ([1.0; WIDTH], [0.0; WIDTH]);
        for i in 0..WIDTH {
            let (told, slope) = self.told::<PLAIN>(i, shares[i]);
            let least = if PLAIN { 1.0 + told } else { 0.5 * (1.0 + told) };
            let curvature = if PLAIN { least } else { self.curvature(i, shares[i]).max(least) };
            width[i] = 1.0 / sqrt(curvature);
            rise[i] = (slope - place[i]) * width[i];
        }
        Tops { place, width, rise, shares, height }
    }

    /// The integrals, with nodes around their tops; their slopes where they are asked for.
    pub(super) fn integrals<const SLOPES: bool, const PLAIN: bool>(&self) -> Integrals {
        let tops = self.tops::<PLAIN>();
        if !SLOPES && let Some(sums) = self.normal::<PLAIN>(&tops) {
            return Integrals { log: tops.logs(&sums), ..Integrals::default() };
        }
        let mut sums = [MIDDLE; WIDTH];
        let mut found = Integrals::default();
        if SLOPES {
            self.add::<PLAIN>(&mut found, &[MIDDLE; WIDTH], &tops.place, &tops.shares);
        }
        for (node, weight) in NODES.into_iter().zip(WEIGHTS) {
            let (z, shares, raised) = self.raised::<PLAIN>(&tops, node);
            let masses = exps(raised).map(|own| own * weight);
            for i in 0..WIDTH {
                sums[i] += masses[i];
            }
            if SLOPES {
                self.add::<PLAIN>(&mut found, &masses, &z, &shares);
            }
        }
        for i in 0..WIDTH {
            let over = 1.0 / sums[i];
            found.by_mean[i] *= over;
            found.by_spread[i] *= over;
            found.by_offset[i] *= over;
            found.by_slope[i] *= over;
        }
        Integrals { log: tops.logs(&sums), ..found }
    }

    /// A node: its place, the shares there, and how far the integrand's logarithm lies above a normal's.
    #[inline]
    fn raised<const PLAIN: bool>(&self, tops: &Tops, node: f64) -> (Lanes, Lanes, Lanes) {
        let mut z = tops.place;
        for i in 0..WIDTH {
            z[i] += node * tops.width[i];
        }
        let shares = self.shares(&z);
        let mut raised = self.values::<PLAIN>(&z, &shares);
        for i in 0..WIDTH {
            raised[i] = (raised[i] - tops.height[i] + 0.5 * node * node).min(50.0);
        }
        (z, shares, raised)
    }

    /// The sums by three nodes, where the integrands are near to normals.
    fn normal<const PLAIN: bool>(&self, tops: &Tops) -> Option<Lanes> {
        let (up, down) = (self.raised::<PLAIN>(tops, THIRD).2, self.raised::<PLAIN>(tops, -THIRD).2);
        let mut most: f64 = 0.0;
        for i in 0..WIDTH {
            most = most.max((up[i] * up[i]).max(down[i] * down[i]));
        }
        if most > NORMAL * NORMAL {
            return None;
        }
        let (raised, lowered) = (exps(up), exps(down));
        let mut sums = [2.0 / 3.0; WIDTH];
        for i in 0..WIDTH {
            // Order 3 gives 9 for the mean of the sixth power, which is 15: a cubic term c x^3 lacks 3 c^2.
            let cubic = (0.5 * (up[i] - down[i]) - THIRD * tops.rise[i]) / (3.0 * THIRD);
            sums[i] += (raised[i] + lowered[i]) / 6.0 + 3.0 * cubic * cubic;
        }
        Some(sums)
    }

    /// Adds the slopes at one node; those by offset and slope only where they are not PLAIN.
    #[inline]
    fn add<const PLAIN: bool>(&self, to: &mut Integrals, masses: &Lanes, z: &Lanes, shares: &Lanes) {
        for i in 0..WIDTH {
            let share = shares[i];
            if PLAIN {
                let moved = masses[i] * (self.k[i] - self.n[i] * share);
                to.by_mean[i] += moved;
                to.by_spread[i] += moved * z[i];
                continue;
            }
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
    // Most stations are of one kind beyond doubt.
    let own = logs.map(|own| if own > best - 60.0 { exp(own - best) } else { 0.0 });
    if own[0] == 1.0 && own[1] + own[2] == 0.0 {
        return (best, own);
    }
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
            let found = counts(&CASES).integrals::<true, false>().log[at];
            let quick = counts(&[CASES[at]]).integrals::<false, false>().log[0];
            let value = |z: f64| {
                let p = offset + slope / (1.0 + exp(-(mean + spread * z)));
                k * log(p) + (n - k) * log(1.0 - p) - 0.5 * z * z
            };
            let step = 1e-3;
            let points = (-9000..=9000).map(|i| exp(value(f64::from(i) * step) - found));
            let slow = found + log(points.sum::<f64>() * step / sqrt(std::f64::consts::TAU));
            assert!((found - slow).abs() < 2e-3, "{k} {n}: {found} {slow}");
            assert!((quick - slow).abs() < 5e-4, "{k} {n}: {quick} {slow}");
        }
    }

    #[test]
    fn plain_counts_agree_with_the_others() {
        let plain = counts(&[CASES[0], [5.0, 60.0, 0.0, 1.0, -1.0, 0.8], [0.0, 300.0, 0.0, 1.0, 0.5, 0.3]]);
        let (one, other) = (plain.integrals::<true, true>(), plain.integrals::<true, false>());
        for i in 0..WIDTH {
            assert!((one.log[i] - other.log[i]).abs() < 1e-8 * other.log[i].abs(), "{} {}", one.log[i], other.log[i]);
            assert!((one.by_mean[i] - other.by_mean[i]).abs() < 1e-6 * other.by_mean[i].abs().max(1.0));
            assert!((one.by_spread[i] - other.by_spread[i]).abs() < 1e-6 * other.by_spread[i].abs().max(1.0));
        }
    }

    #[test]
    fn the_slopes_agree_with_differences() {
        for at in 0..CASES.len() {
            let log_at = |place: usize, step: f64| {
                let mut cases = CASES;
                cases[at][place] += step;
                counts(&cases).integrals::<true, false>()
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
