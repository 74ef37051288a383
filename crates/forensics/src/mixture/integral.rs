//! One station's binomial likelihood with a normal random effect integrated out.

use libm::{exp, log, sqrt};

use super::log_rest;

/// A normal effect on the logit scale.
#[derive(Clone, Copy)]
pub(super) struct Effect {
    pub mean: f64,
    pub spread: f64,
}

/// The rate as `offset + slope logistic(x)`.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub offset: f64,
    pub slope: f64,
}

/// Positive nodes and weights of Gauss-Hermite quadrature of order 7 for the standard normal density (Abramowitz and
/// Stegun 25.10, scaled by sqrt 2), and the weight at 0.
const NODES: [(f64, f64); 3] = [
    (1.154_405_394_739_968, 0.240_123_178_605_012_7),
    (2.366_759_410_734_541, 0.030_757_123_967_586_5),
    (3.750_439_717_725_742, 0.000_548_268_855_972_217),
];
const AT_ZERO: f64 = 0.457_142_857_142_857_1;

struct Curve {
    k: f64,
    n: f64,
    link: Link,
    effect: Effect,
}

impl Curve {
    /// The rate at z and its slope in z.
    fn rate(&self, z: f64) -> (f64, f64) {
        let share = 1.0 / (1.0 + exp(-(self.effect.mean + self.effect.spread * z)));
        let p = (self.link.offset + self.link.slope * share).clamp(1e-9, 1.0 - 1e-9);
        (p, self.link.slope * self.effect.spread * share * (1.0 - share))
    }

    fn value(&self, z: f64) -> f64 {
        let (p, _) = self.rate(z);
        self.k * log(p) + (self.n - self.k) * log_rest(p) - 0.5 * z * z
    }

    /// Fisher scoring for the highest point: (place, information there).
    fn top(&self) -> (f64, f64) {
        let mut z = self.first_guess();
        let mut information = 1.0;
        for _ in 0..6 {
            let (p, slope) = self.rate(z);
            let noise = p * (1.0 - p);
            information = 1.0 + self.n * slope * slope / noise;
            let score = (self.k - self.n * p) * slope / noise - z;
            let step = (score / information).clamp(-2.0, 2.0);
            z = (z + step).clamp(-8.0, 8.0);
            if step.abs() < 1e-6 {
                break;
            }
        }
        (z, information)
    }

    /// Where the rate would be k/n, drawn towards 0 by the prior.
    fn first_guess(&self) -> f64 {
        if self.link.slope.abs() < 1e-9 {
            return 0.0;
        }
        let share = ((self.k / self.n - self.link.offset) / self.link.slope).clamp(1e-4, 1.0 - 1e-4);
        let z = ((log(share / (1.0 - share)) - self.effect.mean) / self.effect.spread).clamp(-6.0, 6.0);
        let (p, slope) = self.rate(z);
        let weight = self.n * slope * slope / (p * (1.0 - p));
        z * weight / (1.0 + weight)
    }
}

/// ln of the integral over z of `p^k (1 - p)^(n - k)` times the standard normal density.
pub(super) fn log_integral(k: f64, n: f64, link: Link, effect: Effect) -> f64 {
    let curve = Curve { k, n, link, effect };
    let (top, information) = curve.top();
    let width = 1.0 / sqrt(information);
    let height = curve.value(top);
    let at = |node: f64| exp((curve.value(top + width * node) - height + 0.5 * node * node).min(50.0));
    let mut sum = AT_ZERO;
    for (node, weight) in NODES {
        sum += weight * (at(node) + at(-node));
    }
    height + log(sum * width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quadrature_agrees_with_many_steps() {
        let link = |offset, slope| Link { offset, slope };
        let effect = |mean, spread| Effect { mean, spread };
        let cases = [
            (300.0, 1000.0, link(0.0, 1.0), effect(0.2, 0.4)),
            (5.0, 60.0, link(0.0, 0.7), effect(-1.0, 0.8)),
            (600.0, 800.0, link(0.3, 0.6), effect(0.5, 0.3)),
            (400.0, 1000.0, link(0.0, 0.6), effect(0.0, 0.001)),
        ];
        for (k, n, link, effect) in cases {
            let curve = Curve { k, n, link, effect };
            let top = curve.value(curve.top().0);
            let step = 1e-3;
            let points = (-9000..=9000).map(|i| exp(curve.value(f64::from(i) * step) - top));
            let slow = top + log(points.sum::<f64>() * step / sqrt(std::f64::consts::TAU));
            assert!((log_integral(k, n, link, effect) - slow).abs() < 2e-3, "{k} {n}");
        }
    }
}
