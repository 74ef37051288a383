//! Sums of independent yes-or-no trials with different chances: moments, exact tail, saddlepoint tail.
//!
//! The exact tail tilts the chances so that the observed count becomes the mean (Esscher), takes the
//! characteristic function of the tilted sum at the few frequencies where it is not zero, and adds up the
//! tail in closed form. The tilt keeps the *relative* error near 1e-12 however small the tail is. The work
//! is about 50 complex products a trial, instead of a convolution as wide as the sum.

use libm::{exp, log, log1p, sincos, sqrt};
use serde::{Deserialize, Serialize};

use crate::{
    Limits, number,
    special::{normal_density, normal_upper},
};

/// How a tail probability was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TailKind {
    /// Exact given the chances.
    Exact,
    /// The exact tail is below [`Tail::SMALLEST`]; the number given is that bound.
    Bound,
    /// The Lugannani-Rice saddlepoint approximation.
    Saddlepoint,
}

/// An upper tail probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tail {
    /// P(sum >= observed).
    pub p: f64,
    /// How it was obtained.
    pub kind: TailKind,
}

impl Tail {
    /// Tails below this are reported as a bound: the model's own error is larger than what they claim.
    pub const SMALLEST: f64 = 1e-15;

    fn exact(p: f64) -> Self {
        if p < Self::SMALLEST {
            Self { p: Self::SMALLEST, kind: TailKind::Bound }
        } else {
            Self { p: p.min(1.0), kind: TailKind::Exact }
        }
    }
}

impl Limits for Tail {
    const CANNOT_SHOW: &'static str = "A small tail says that counting noise around the published figures does not \
         explain the result; it does not say who or what did.";
}

/// P(X >= at_least) for a sum X of independent trials with the given chances.
pub fn upper_tail(chances: &[f64], at_least: usize) -> Tail {
    Tail::exact(upper_tail_unbounded(chances, at_least))
}

/// The same without the bound, accurate to about 1e-12 relative however small it is.
pub fn upper_tail_unbounded(chances: &[f64], at_least: usize) -> f64 {
    let certain = chances.iter().filter(|p| **p >= 1.0).count();
    let open: Vec<f64> = chances.iter().copied().filter(|p| *p > 0.0 && *p < 1.0).collect();
    let Some(target) = at_least.checked_sub(certain).filter(|target| *target > 0) else { return 1.0 };
    if target > open.len() {
        return 0.0;
    }
    if target == open.len() {
        return exp(open.iter().map(|p| log(*p)).sum());
    }
    let mean: f64 = open.iter().sum();
    let wanted = number::real(target);
    let theta = if wanted > mean { count_tilt(&open, wanted) } else { 0.0 };
    tilted_tail(&open, theta, target)
}

/// The tilt under which the count's mean is `wanted`: Newton's method kept inside a bracket.
fn count_tilt(chances: &[f64], wanted: f64) -> f64 {
    let (mut low, mut high, mut theta) = (0.0, 700.0, 0.0);
    for _ in 0..200 {
        let growth = exp(theta) - 1.0;
        let (mut mean, mut variance) = (0.0, 0.0);
        for p in chances {
            let tilted = p * (growth + 1.0) / (1.0 + p * growth);
            mean += tilted;
            variance += tilted * (1.0 - tilted);
        }
        if mean < wanted {
            low = theta
        } else {
            high = theta
        }
        let next = theta + (wanted - mean) / variance;
        let next = if next > low && next < high { next } else { 0.5 * (low + high) };
        if (next - theta).abs() < 1e-9 {
            return next;
        }
        theta = next;
    }
    theta
}

fn tilted_tail(chances: &[f64], theta: f64, target: usize) -> f64 {
    let growth = exp(theta) - 1.0;
    let tilted: Vec<f64> = chances.iter().map(|p| p * (growth + 1.0) / (1.0 + p * growth)).collect();
    let cumulant: f64 = if theta > 0.0 { chances.iter().map(|p| log1p(p * growth)).sum() } else { 0.0 };
    let mean: f64 = tilted.iter().sum();
    let variance: f64 = tilted.iter().map(|p| p * (1.0 - p)).sum();
    // Bernstein's inequality: less than 1e-18 of the tilted mass lies further out.
    let reach = number::whole(9.0 * sqrt(variance)) + 60;
    let centre = number::whole(mean);
    if target + reach < centre {
        return 1.0;
    }
    let period = (2 * reach + 1).min(chances.len() + 1);
    let top = (centre + reach).min(chances.len());
    let terms = (top + 1).saturating_sub(target);
    if period == chances.len() + 1 {
        return windowed(&tilted, variance, period, theta, target, chances.len() + 1 - target)
            * exp(cumulant - theta * number::real(target));
    }
    windowed(&tilted, variance, period, theta, target, terms) * exp(cumulant - theta * number::real(target))
}

/// Sum over `terms` counts from `target` up of exp(-theta (j - target)) P(tilted sum = j), where the sum is
/// taken modulo `period`.
fn windowed(tilted: &[f64], variance: f64, period: usize, theta: f64, target: usize, terms: usize) -> f64 {
    let step = std::f64::consts::TAU / number::real(period);
    let last = (1..=period / 2).take_while(|l| variance * (1.0 - cosine(step * number::real(*l))) < 42.0).count();
    let values = characteristic(tilted, step, last);
    let zero = geometric(theta, 0.0, target, terms).0;
    let mut sum = zero;
    for (place, (re, im)) in values.into_iter().enumerate() {
        let l = place + 1;
        let (gre, gim) = geometric(theta, step * number::real(l), target, terms);
        // The frequency in the middle of an even period has no mirror image.
        let weight = if 2 * l == period { 1.0 } else { 2.0 };
        sum += weight * (re * gre - im * gim);
    }
    (sum / number::real(period)).max(0.0)
}

fn cosine(x: f64) -> f64 {
    sincos(x).1
}

/// Frequencies worked on together: their running products fit the registers and vectorise.
const BLOCK: usize = 8;

/// The characteristic function of the sum at `step`, `2 step`, ..., `last step`.
fn characteristic(chances: &[f64], step: f64, last: usize) -> Vec<(f64, f64)> {
    let mut values = Vec::with_capacity(last + BLOCK);
    for first in (1..=last).step_by(BLOCK) {
        let mut less = [0.0; BLOCK];
        let mut sine = [0.0; BLOCK];
        for (offset, (less, sine)) in less.iter_mut().zip(&mut sine).enumerate() {
            let angle = step * number::real(first + offset);
            // cos - 1 without cancellation.
            let half = sincos(0.5 * angle).0;
            *less = -2.0 * half * half;
            *sine = sincos(angle).0;
        }
        let (mut re, mut im) = ([1.0; BLOCK], [0.0; BLOCK]);
        for p in chances {
            for i in 0..BLOCK {
                let (a, b) = (1.0 + p * less[i], p * sine[i]);
                let (x, y) = (re[i], im[i]);
                re[i] = x * a - y * b;
                im[i] = x * b + y * a;
            }
        }
        values.extend(re.into_iter().zip(im));
    }
    values.truncate(last);
    values
}

/// Sum of z^s for s below `terms`, times exp(-i angle target), with z = exp(-theta - i angle).
fn geometric(theta: f64, angle: f64, target: usize, terms: usize) -> (f64, f64) {
    if terms == 0 {
        return (0.0, 0.0);
    }
    let count = number::real(terms);
    let (sin, cos) = sincos(angle);
    let shrink = exp(-theta);
    let (dre, dim) = (1.0 - shrink * cos, shrink * sin);
    let size = dre * dre + dim * dim;
    if size < 1e-24 {
        return (count, 0.0);
    }
    let (sin_all, cos_all) = sincos(angle * count);
    let shrink_all = exp(-theta * count);
    let (nre, nim) = (1.0 - shrink_all * cos_all, shrink_all * sin_all);
    let (qre, qim) = ((nre * dre + nim * dim) / size, (nim * dre - nre * dim) / size);
    let (sin_start, cos_start) = sincos(-angle * number::real(target));
    (qre * cos_start - qim * sin_start, qre * sin_start + qim * cos_start)
}

/// P(sum of `weight` over the trials that succeed >= `observed`), by the saddlepoint formula of Lugannani and
/// Rice (1980). An approximation, and labelled so: weights make the exact tail a sum over subsets.
pub fn weighted_upper_tail(chances: &[f64], weights: &[f64], observed: f64) -> Tail {
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let label = |p: f64| Tail { p: p.clamp(0.0, 1.0), kind: TailKind::Saddlepoint };
    if !number::positive(largest) {
        return label(if observed <= 0.0 { 1.0 } else { 0.0 });
    }
    let pairs: Vec<(f64, f64)> = chances.iter().copied().zip(weights.iter().map(|w| w / largest)).collect();
    let x = observed / largest;
    let most: f64 = pairs.iter().filter(|(p, _)| *p > 0.0).map(|(_, w)| w).sum();
    let least: f64 = pairs.iter().filter(|(p, _)| *p >= 1.0).map(|(_, w)| w).sum();
    if x > most {
        return label(0.0);
    }
    if x <= least {
        return label(1.0);
    }
    let tail = lugannani_rice(&pairs, x);
    if tail < Tail::SMALLEST { Tail { p: Tail::SMALLEST, kind: TailKind::Bound } } else { label(tail) }
}

/// Cumulant generating function and its first three derivatives at theta.
fn cumulants(pairs: &[(f64, f64)], theta: f64) -> [f64; 4] {
    let mut sums = [0.0; 4];
    for (p, w) in pairs {
        let grown = p * exp(theta * w);
        let total = 1.0 - p + grown;
        let tilted = grown / total;
        let spread = tilted * (1.0 - tilted);
        sums[0] += log(total);
        sums[1] += w * tilted;
        sums[2] += w * w * spread;
        sums[3] += w * w * w * spread * (1.0 - 2.0 * tilted);
    }
    sums
}

fn lugannani_rice(pairs: &[(f64, f64)], x: f64) -> f64 {
    let (mut low, mut high, mut theta) = (-700.0, 700.0, 0.0);
    let mut k = cumulants(pairs, theta);
    for _ in 0..100 {
        if k[1] < x {
            low = theta
        } else {
            high = theta
        }
        let next = theta + (x - k[1]) / k[2];
        let next = if next > low && next < high { next } else { 0.5 * (low + high) };
        let done = (next - theta).abs() < 1e-11;
        theta = next;
        k = cumulants(pairs, theta);
        if done {
            break;
        }
    }
    let spread = theta * sqrt(k[2]);
    if spread.abs() < 1e-4 {
        let skew = k[3] / (k[2] * sqrt(k[2]));
        return (0.5 - skew / (6.0 * sqrt(std::f64::consts::TAU))).clamp(0.0, 1.0);
    }
    let r = sqrt((2.0 * (theta * x - k[0])).max(0.0)).copysign(theta);
    (normal_upper(r) + normal_density(r) * (1.0 / spread - 1.0 / r)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole distribution by convolution, the slow way.
    fn convolution(chances: &[f64]) -> Vec<f64> {
        let mut mass = vec![1.0];
        for p in chances {
            let mut next = vec![0.0; mass.len() + 1];
            for (k, m) in mass.iter().enumerate() {
                next[k] += m * (1.0 - p);
                next[k + 1] += m * p;
            }
            mass = next;
        }
        mass
    }

    #[test]
    fn every_tail_of_many_sums() {
        let mut random = crate::random::Random::stream(3, 0);
        for n in [1_usize, 2, 3, 10, 57, 200, 700] {
            let chances: Vec<f64> = (0..n).map(|_| random.uniform() * if n > 100 { 0.2 } else { 1.0 }).collect();
            let mass = convolution(&chances);
            for x in 0..=n {
                let tail: f64 = mass[x..].iter().rev().sum();
                let got = upper_tail_unbounded(&chances, x);
                assert!((got / tail - 1.0).abs() < 1e-8 || (got - tail).abs() < 1e-290, "n {n} x {x}: {got} {tail}");
            }
            assert_eq!(upper_tail_unbounded(&chances, n + 1), 0.0);
        }
    }

    #[test]
    fn certain_and_impossible_trials() {
        let chances = [1.0, 1.0, 0.0, 0.5];
        assert_eq!(upper_tail(&chances, 2).p, 1.0);
        assert!((upper_tail(&chances, 3).p - 0.5).abs() < 1e-12);
        assert_eq!(upper_tail(&chances, 4).kind, TailKind::Bound);
        assert_eq!(upper_tail(&[], 1).kind, TailKind::Bound);
        assert_eq!(upper_tail(&[], 0).p, 1.0);
    }

    #[test]
    fn the_saddlepoint_is_near_the_exact_tail_for_equal_weights() {
        let mut random = crate::random::Random::stream(5, 0);
        let chances: Vec<f64> = (0..2000).map(|_| 0.05 + 0.1 * random.uniform()).collect();
        let weights = vec![3.0; 2000];
        for x in [180_usize, 215, 240, 260] {
            let exact = upper_tail(&chances, x).p;
            // Half a unit is the continuity correction of a lattice.
            let near = weighted_upper_tail(&chances, &weights, 3.0 * (number::real(x) - 0.5)).p;
            assert!((near / exact - 1.0).abs() < 0.01, "{x}: {near} {exact}");
        }
    }
}
