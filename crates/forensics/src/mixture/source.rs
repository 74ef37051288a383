//! Weighted draws from the posterior around its highest point: importance sampling in rounds, each from what the rounds
//! before have learned (Cornuet, Marin, Mira and Robert 2012, Scand. J. Stat. 39:798).

#![allow(clippy::needless_range_loop, reason = "sums over rows and columns of a matrix")]

use libm::{exp, lgamma, log, sqrt};

use super::{
    FREE, Point,
    around::{Around, Matrix, root, solved, solved_back},
    score::height,
};
use crate::{number::real, random::Random};

/// Draws around the highest point, by rounds: 2,000.
const ROUNDS: [usize; 3] = [300, 500, 1_200];
/// Degrees of freedom of the multivariate t that is drawn from first: wider in the tails than the posterior.
const FIRST: f64 = 8.0;
/// Those of what has learned: most draws are from nearly a normal, every eighth from one whose tails are wider than any
/// posterior's, and its axes longer, so that no draw far out speaks for many.
const NEAR: f64 = 30.0;
const FAR: (f64, f64) = (4.0, 1.2);
const EVERY: usize = 8;

/// Axes through the highest point, which may reach further on one side than on the other.
pub(super) struct Frame {
    top: Point,
    /// The axes, as columns.
    axes: Matrix,
    reaches: [(f64, f64); FREE],
    free: [bool; FREE],
}

impl Frame {
    /// Axes from the information at the highest point, each as long on either side as the posterior reaches
    /// (Geweke 1989, Econometrica 57:1317, section 4).
    pub(super) fn at_top(x: &Point, root: &Matrix, around: &Around<'_>) -> Self {
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
        Frame { top: *x, axes, reaches, free: around.free }
    }

    fn sides(&self, steps: &Point) -> Point {
        std::array::from_fn(|at| if steps[at] < 0.0 { self.reaches[at].0 } else { self.reaches[at].1 })
    }

    /// Where steps along the axes lead.
    fn place(&self, steps: &Point) -> Point {
        let sides = self.sides(steps);
        std::array::from_fn(|row| {
            self.top[row] + (0..FREE).map(|at| self.axes[row][at] * steps[at] * sides[at]).sum::<f64>()
        })
    }

    /// Logarithm of how much larger a piece of the parameters is than the piece of steps that leads there.
    fn stretch(&self, steps: &Point) -> f64 {
        self.sides(steps).iter().map(|side| log(*side)).sum()
    }
}

/// A draw.
pub(super) struct Drawn {
    /// Its steps along the axes.
    steps: Point,
    /// Where they lead.
    pub at: Point,
    /// Logarithm of the posterior there.
    height: f64,
    /// What it weighs: all weights add up to 1.
    pub weight: f64,
}

/// A multivariate t of steps along the axes.
#[derive(Clone)]
struct Source<'a> {
    free: &'a [bool; FREE],
    middle: Point,
    /// Lower root of the spread.
    root: Matrix,
    /// Degrees of freedom.
    tails: f64,
    /// Draws from it.
    count: usize,
    /// Logarithm of the density in the middle, up to what all sources share.
    top: f64,
}

impl<'a> Source<'a> {
    fn new(free: &'a [bool; FREE], middle: Point, root: Matrix, tails: f64, count: usize) -> Self {
        let width = real(free.iter().filter(|free| **free).count());
        let size: f64 = (0..FREE).filter(|at| free[*at]).map(|at| log(root[at][at])).sum();
        let top = lgamma(0.5 * (tails + width)) - lgamma(0.5 * tails) - 0.5 * width * log(tails) - size;
        Source { free, middle, root, tails, count, top }
    }

    /// Around the highest point.
    fn first(free: &'a [bool; FREE], count: usize) -> Self {
        let root = std::array::from_fn(|i| std::array::from_fn(|j| f64::from(i == j)));
        Source::new(free, [0.0; FREE], root, FIRST, count)
    }

    /// With mean and spread of weighted draws that are worth so many; one of the first source's for each coordinate
    /// stands beside them. The second source has wider tails.
    fn learned(free: &'a [bool; FREE], drawn: &[Drawn], worth: f64, count: usize) -> Option<[Self; 2]> {
        let middle: Point = std::array::from_fn(|at| drawn.iter().map(|own| own.weight * own.steps[at]).sum());
        let prior = real(FREE);
        let mut spread = [[0.0; FREE]; FREE];
        for i in (0..FREE).filter(|i| free[*i]) {
            for j in (0..=i).filter(|j| free[*j]) {
                let off = |own: &Drawn| own.weight * (own.steps[i] - middle[i]) * (own.steps[j] - middle[j]);
                let seen: f64 = drawn.iter().map(off).sum();
                let cell = (worth * seen + prior * f64::from(i == j)) / (worth + prior);
                (spread[i][j], spread[j][i]) = (cell, cell);
            }
        }
        (0..FREE).filter(|at| !free[*at]).for_each(|at| spread[at][at] = 1.0);
        let near = root(&spread)?;
        let far = near.map(|row| row.map(|cell| cell * FAR.1));
        let few = count / EVERY;
        Some([Source::new(free, middle, near, NEAR, count - few), Source::new(free, middle, far, FAR.0, few)])
    }

    fn draw(&self, random: &mut Random) -> Point {
        let free: Point = std::array::from_fn(|at| if self.free[at] { random.normal() } else { 0.0 });
        let stretch = sqrt(self.tails / (2.0 * random.gamma(0.5 * self.tails)));
        std::array::from_fn(|row| {
            self.middle[row] + stretch * (0..=row).map(|at| self.root[row][at] * free[at]).sum::<f64>()
        })
    }

    /// Logarithm of the density of steps, up to a constant that is the same for all sources.
    fn density(&self, steps: &Point) -> f64 {
        let width = real(self.free.iter().filter(|free| **free).count());
        let off = solved(&self.root, &std::array::from_fn(|at| steps[at] - self.middle[at]));
        let square: f64 = off.iter().map(|own| own * own).sum();
        self.top - 0.5 * (self.tails + width) * log(1.0 + square / self.tails)
    }
}

/// Draws with their weights, and what they are worth.
pub(super) fn draws(frame: &Frame, random: &mut Random, around: &Around<'_>) -> (Vec<Drawn>, f64) {
    let mut sources = vec![Source::first(&frame.free, ROUNDS[0])];
    let mut drawn: Vec<Drawn> = Vec::with_capacity(ROUNDS.iter().sum());
    let (mut worth, mut done) = (0.0, 0);
    for round in 0..ROUNDS.len() {
        for source in &sources[done..] {
            for _ in 0..source.count {
                let steps = source.draw(random);
                let at = frame.place(&steps);
                drawn.push(Drawn { steps, at, height: height(&at, around.stations), weight: 0.0 });
            }
        }
        worth = weigh(frame, &sources, &mut drawn);
        done = sources.len();
        let Some(next) = ROUNDS.get(round + 1) else { break };
        match Source::learned(&frame.free, &drawn, worth, *next) {
            Some(learned) => sources.extend(learned),
            None => sources.push(Source::first(&frame.free, *next)),
        }
    }
    (drawn, worth)
}

/// Weighs draws by the mean of all densities they may be from; what they are worth.
fn weigh(frame: &Frame, sources: &[Source<'_>], drawn: &mut [Drawn]) -> f64 {
    for own in drawn.iter_mut() {
        let densities = sources.iter().map(|source| source.density(&own.steps) + log(real(source.count)));
        let densities: Vec<f64> = densities.collect();
        let best = densities.iter().fold(f64::NEG_INFINITY, |most, own| most.max(*own));
        let sum: f64 = densities.iter().map(|own| exp(own - best)).sum();
        own.weight = own.height - best - log(sum) + frame.stretch(&own.steps);
    }
    let best = drawn.iter().fold(f64::NEG_INFINITY, |most, own| most.max(own.weight));
    drawn.iter_mut().for_each(|own| own.weight = exp(own.weight - best));
    let sum: f64 = drawn.iter().map(|own| own.weight).sum();
    // Weights beyond the root of their number times their mean are cut (Ionides 2008, J. Comput. Graph. Stat. 17:295): one draw
    // far out would speak for all.
    let most = sum / sqrt(real(drawn.len()));
    drawn.iter_mut().for_each(|own| own.weight = own.weight.min(most));
    let sum: f64 = drawn.iter().map(|own| own.weight).sum();
    drawn.iter_mut().for_each(|own| own.weight /= sum);
    1.0 / drawn.iter().map(|own| own.weight * own.weight).sum::<f64>()
}
