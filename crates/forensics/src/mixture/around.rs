//! How wide the posterior is around its highest point: observed information, and weighted draws that correct for all
//! that is not normal about it.

#![allow(clippy::needless_range_loop, reason = "sums over rows and columns of a matrix")]

use libm::sqrt;
use serde::{Deserialize, Serialize};

use super::{
    FREE, Parameters, Point,
    score::{Figures, PRIORS, height, narrowed, parameters, posterior},
    source::{Drawn, Frame, draws},
};
use crate::{number::real, random::Random};

/// Level of the intervals.
pub const LEVEL: f64 = 0.95;
/// Independent draws that the weighted ones must be worth.
const LEAST_EFFECTIVE: f64 = 100.0;
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

pub(super) type Matrix = [[f64; FREE]; FREE];

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
pub(super) fn root(matrix: &Matrix) -> Option<Matrix> {
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
pub(super) fn solved(root: &Matrix, b: &Point) -> Point {
    let mut y = [0.0; FREE];
    for i in 0..FREE {
        let before: f64 = (0..i).map(|k| root[i][k] * y[k]).sum();
        y[i] = (b[i] - before) / root[i][i];
    }
    y
}

/// Solves root' x = y.
pub(super) fn solved_back(root: &Matrix, y: &Point) -> Point {
    let mut x = [0.0; FREE];
    for i in (0..FREE).rev() {
        let after: f64 = (i + 1..FREE).map(|k| root[k][i] * x[k]).sum();
        x[i] = (y[i] - after) / root[i][i];
    }
    x
}

/// The interval between the weighted 2.5th and 97.5th percentile of a figure.
fn between(draws: &[Drawn], of: impl Fn(&Point) -> f64) -> (f64, f64) {
    let mut own: Vec<(f64, f64)> = draws.iter().map(|own| (of(&own.at), own.weight)).collect();
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
        let (drawn, effective) = draws(&Frame::at_top(&x, &root, &near), &mut random, &near);
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
            let mean: f64 = drawn.iter().map(|own| own.weight * own.at[at]).sum();
            let square: f64 = drawn.iter().map(|own| own.weight * (own.at[at] - mean) * (own.at[at] - mean)).sum();
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
