//! How wide the posterior is around its highest point: observed information, and weighted draws that correct for all
//! that is not normal about it.

#![allow(clippy::needless_range_loop, reason = "sums over rows and columns of a matrix")]

use libm::{exp, log, sqrt};
use serde::{Deserialize, Serialize};

use super::{
    FREE, Parameters, Point,
    score::{Figures, PRIORS, height, narrowed, parameters, posterior},
};
use crate::{number::real, random::Random};

/// Level of the intervals.
pub const LEVEL: f64 = 0.95;
/// Draws around the highest point.
const DRAWS: usize = 2_000;
/// Independent draws that the weighted ones must be worth.
const LEAST_EFFECTIVE: f64 = 100.0;
/// Degrees of freedom of the multivariate t that is drawn from: wider in the tails than the posterior.
const TAILS: f64 = 8.0;
/// An extent whose spread is this much of its prior's was decided by the prior.
const BY_PRIOR: f64 = 0.6;

/// Intervals that hold 95 % of the posterior of the model with those altered kinds that the stations tell from none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// Of the incremental and the extreme part; none of a kind that is not told from none. The lower
    /// end is 0 where it is less than half a station.
    pub parts: [Option<(f64, f64)>; 2],
    /// Of mean and spread of logit turnout.
    pub turnout: [(f64, f64); 2],
    /// Of mean and spread of logit share.
    pub share: [(f64, f64); 2],
    /// Of the slope of logit share in logit turnout.
    pub slope: (f64, f64),
    /// Of the incremental extents, manufactured and stolen; none where the stations say nothing about it.
    pub incremental: [Option<(f64, f64)>; 2],
    /// Of the extreme extents.
    pub extreme: [Option<(f64, f64)>; 2],
    /// How many independent draws from the posterior the weighted draws are worth (Kish: square of the sum of weights over
    /// the sum of their squares).
    pub effective: f64,
}

/// Intervals, or why there are none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "there is one of it in a report")]
pub enum Width {
    /// The intervals.
    Known(Intervals),
    /// The information matrix is singular at the highest point: the stations do not tell the parameters apart.
    Singular,
    /// The weighted draws are worth fewer than 100: the posterior is nothing like what is drawn from.
    Uneven {
        /// What they are worth.
        effective: f64,
    },
}

type Matrix = [[f64; FREE]; FREE];

/// Newton's last step to the highest point, and the lower root of the information there. Coordinates that are not free
/// stay where they are, as if they had nothing to do with the others.
fn sharpened(x: &Point, stations: &[Figures], free: &[bool; FREE]) -> Option<(Point, Matrix)> {
    let mut information = information(x, stations);
    for (i, row) in information.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            if !(free[i] && free[j]) {
                *cell = f64::from(i == j);
            }
        }
    }
    let root = root(&information)?;
    let (value, mut slopes) = posterior(x, stations);
    slopes.iter_mut().zip(free).filter(|(_, free)| !**free).for_each(|(slope, _)| *slope = 0.0);
    let step = solved_back(&root, &solved(&root, &slopes));
    let next: Point = std::array::from_fn(|at| x[at] + step[at].clamp(-0.5, 0.5));
    let better = height(&next, stations) >= value;
    Some((if better { next } else { *x }, root))
}

/// Minus the second derivatives of the log posterior, from differences of its slopes.
fn information(x: &Point, stations: &[Figures]) -> Matrix {
    let mut found = [[0.0; FREE]; FREE];
    let step = 1e-3;
    for (at, row) in found.iter_mut().enumerate() {
        let (mut up, mut down) = (*x, *x);
        up[at] += step;
        down[at] -= step;
        let (up, down) = (posterior(&up, stations).1, posterior(&down, stations).1);
        for (cell, (up, down)) in row.iter_mut().zip(up.into_iter().zip(down)) {
            *cell = (down - up) / (2.0 * step);
        }
    }
    let turned = found;
    for (i, row) in found.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = 0.5 * (*cell + turned[j][i]);
        }
    }
    found
}

/// Cholesky's lower root; none of a matrix that is not positive definite to within rounding.
fn root(matrix: &Matrix) -> Option<Matrix> {
    let mut root = [[0.0; FREE]; FREE];
    for i in 0..FREE {
        for j in 0..=i {
            let before: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
            let left = matrix[i][j] - before;
            if i == j {
                if left.is_nan() || left <= 1e-9 * matrix[i][i].abs() || left <= 1e-9 {
                    return None;
                }
                root[i][i] = sqrt(left);
            } else {
                root[i][j] = left / root[j][j];
            }
        }
    }
    Some(root)
}

/// Solves root y = b.
fn solved(root: &Matrix, b: &Point) -> Point {
    let mut y = [0.0; FREE];
    for i in 0..FREE {
        let before: f64 = (0..i).map(|k| root[i][k] * y[k]).sum();
        y[i] = (b[i] - before) / root[i][i];
    }
    y
}

/// Solves root' x = y.
fn solved_back(root: &Matrix, y: &Point) -> Point {
    let mut x = [0.0; FREE];
    for i in (0..FREE).rev() {
        let after: f64 = (i + 1..FREE).map(|k| root[k][i] * x[k]).sum();
        x[i] = (y[i] - after) / root[i][i];
    }
    x
}

/// What is drawn from: a multivariate t around a point, whose axes may reach further on one side than on the other.
struct Source {
    middle: Point,
    /// Its axes, as columns.
    axes: Matrix,
    reaches: [(f64, f64); FREE],
}

impl Source {
    /// Around the highest point: axes from the information there, each as long on either side as the posterior reaches
    /// (Geweke 1989, Econometrica 57:1317, section 4).
    fn at_top(x: &Point, root: &Matrix, around: &Around<'_>) -> Self {
        let columns: [Point; FREE] =
            std::array::from_fn(|at| solved_back(root, &std::array::from_fn(|own| f64::from(own == at))));
        let (top, off) = (height(x, around.stations), 2.0);
        let reach = |at: usize, way: f64| {
            let there: Point = std::array::from_fn(|own| x[own] + way * off * columns[at][own]);
            let drop = (top - height(&there, around.stations)).max(0.02);
            (off / sqrt(2.0 * drop)).clamp(0.6, 3.0)
        };
        let reaches =
            std::array::from_fn(|at| if around.free[at] { (reach(at, -1.0), reach(at, 1.0)) } else { (1.0, 1.0) });
        let axes = std::array::from_fn(|row| std::array::from_fn(|column| columns[column][row]));
        Source { middle: *x, axes, reaches }
    }

    /// One draw, and the logarithm of its density up to a constant.
    fn draw(&self, random: &mut Random, around: &Around<'_>) -> (Point, f64) {
        let width = real(around.free.iter().filter(|free| **free).count());
        let free: Point = std::array::from_fn(|at| if around.free[at] { random.normal() } else { 0.0 });
        let stretch = sqrt(TAILS / (2.0 * random.gamma(0.5 * TAILS)));
        let square = stretch * stretch * free.iter().map(|z| z * z).sum::<f64>();
        let sides: Point =
            std::array::from_fn(|at| if free[at] < 0.0 { self.reaches[at].0 } else { self.reaches[at].1 });
        let own = std::array::from_fn(|row| {
            let moved = (0..FREE).map(|at| self.axes[row][at] * free[at] * stretch * sides[at]).sum::<f64>();
            self.middle[row] + moved
        });
        let stretched: f64 = sides.iter().map(|side| log(*side)).sum();
        (own, -0.5 * (TAILS + width) * log(1.0 + square / TAILS) - stretched)
    }

    /// So many draws with their weights, which add up to 1, and what they are worth.
    fn draws(&self, count: usize, random: &mut Random, around: &Around<'_>) -> (Vec<(Point, f64)>, f64) {
        let one = |_| {
            let (own, density) = self.draw(random, around);
            (own, height(&own, around.stations) - density)
        };
        let mut drawn: Vec<(Point, f64)> = (0..count).map(one).collect();
        let best = drawn.iter().fold(f64::NEG_INFINITY, |most, (_, log)| most.max(*log));
        drawn.iter_mut().for_each(|(_, weight)| *weight = exp(*weight - best));
        let sum: f64 = drawn.iter().map(|(_, weight)| weight).sum();
        // Weights beyond the root of their number times their mean are cut (Ionides 2008, J. Comput. Graph. Stat. 17:295): one draw
        // far out would speak for all.
        let most = sum / sqrt(real(count));
        drawn.iter_mut().for_each(|(_, weight)| *weight = weight.min(most));
        let sum: f64 = drawn.iter().map(|(_, weight)| weight).sum();
        drawn.iter_mut().for_each(|(_, weight)| *weight /= sum);
        let squares: f64 = drawn.iter().map(|(_, weight)| weight * weight).sum();
        (drawn, 1.0 / squares)
    }
}

/// The interval between the weighted 2.5th and 97.5th percentile of a figure.
fn between(draws: &[(Point, f64)], of: impl Fn(&Point) -> f64) -> (f64, f64) {
    let mut own: Vec<(f64, f64)> = draws.iter().map(|(x, weight)| (of(x), *weight)).collect();
    own.sort_by(|a, b| a.0.total_cmp(&b.0));
    let tail = 0.5 * (1.0 - LEVEL);
    let at = |wanted: f64| {
        let mut so_far = 0.0;
        let found = own.iter().find(|(_, weight)| {
            so_far += weight;
            so_far >= wanted
        });
        found.or(own.last()).map_or(f64::NAN, |(value, _)| *value)
    };
    (at(tail), at(1.0 - tail))
}

/// What is looked at around a point.
pub(super) struct Around<'a> {
    pub stations: &'a [Figures],
    /// Coordinates of kinds that are told from none.
    pub free: [bool; FREE],
    pub seed: u64,
}

impl Around<'_> {
    /// The intervals around the highest point near x.
    pub(super) fn width(&self, x: &Point) -> Width {
        let Some((x, root)) = sharpened(x, self.stations, &self.free) else { return Width::Singular };
        let near = narrowed(&x, self.stations);
        let near = Around { stations: &near, ..*self };
        let mut random = Random::stream(self.seed, 0x6172_6f75);
        let (drawn, effective) = Source::at_top(&x, &root, &near).draws(DRAWS, &mut random, &near);
        if effective.is_nan() || effective < LEAST_EFFECTIVE {
            return Width::Uneven { effective };
        }
        let of = |pick: fn(&Parameters) -> f64| between(&drawn, |x| pick(&parameters(x)));
        let half = 0.5 / real(self.stations.len().max(1));
        let part = |at: usize, pick: fn(&Parameters) -> f64| {
            let (low, high) = of(pick);
            self.free[at].then_some((if low < half { 0.0 } else { low }, high))
        };
        let extent = |at: usize, pick: fn(&Parameters) -> f64| {
            let mean: f64 = drawn.iter().map(|(x, weight)| weight * x[at]).sum();
            let square: f64 = drawn.iter().map(|(x, weight)| weight * (x[at] - mean) * (x[at] - mean)).sum();
            let prior = PRIORS[at].map_or(f64::INFINITY, |(_, spread)| spread);
            (self.free[at] && sqrt(square) < BY_PRIOR * prior).then(|| of(pick))
        };
        Width::Known(Intervals {
            parts: [part(9, |p| p.parts[1]), part(10, |p| p.parts[2])],
            turnout: [of(|p| p.turnout.0), of(|p| p.turnout.1)],
            share: [of(|p| p.share.0), of(|p| p.share.1)],
            slope: of(|p| p.slope),
            incremental: [extent(5, |p| p.incremental.0), extent(6, |p| p.incremental.1)],
            extreme: [extent(7, |p| p.extreme.0), extent(8, |p| p.extreme.1)],
            effective,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_solves_and_a_singular_matrix_has_none() {
        let matrix: Matrix =
            std::array::from_fn(|i| std::array::from_fn(|j| if i == j { 4.0 } else { 1.0 / (1.0 + (i + j) as f64) }));
        let root = root(&matrix).unwrap();
        let b: Point = std::array::from_fn(|i| i as f64 - 3.0);
        let x = solved_back(&root, &solved(&root, &b));
        for i in 0..FREE {
            let back: f64 = (0..FREE).map(|j| matrix[i][j] * x[j]).sum();
            assert!((back - b[i]).abs() < 1e-10);
        }
        assert!(super::root(&[[1.0; FREE]; FREE]).is_none());
    }
}
