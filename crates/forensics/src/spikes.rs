//! Spikes in the leader's share (Rozenas, Political Analysis 25:41, 2017), with a test that has a level.
//!
//! Each station's share is drawn again from beta-binomial mixtures of turnout and support, given its own figures. The
//! published F adds up what rises above the *largest* of R resampled densities, so F falls as R grows (Canada 2011:
//! 1.38 % at R = 20, 0.04 % at R = 1000). Beside it stands the total rise above the mean over the points of the grid,
//! compared with that of the resamples themselves: p = (1 + as large) / (1 + R).

use libm::{exp, lgamma, log};
use serde::{Deserialize, Serialize};

use crate::{
    Limits,
    number::{real, whole},
    random::Random,
    special::LogFactorial,
    table::Station,
};

/// A mixture of beta distributions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    /// First shapes.
    pub alpha: Vec<f64>,
    /// Second shapes.
    pub beta: Vec<f64>,
    /// Weights, adding up to 1.
    pub weight: Vec<f64>,
}

impl Mixture {
    /// How far each component is responsible for k of n: shapes of the rate given k and n, with cumulative weights.
    fn given(&self, k: u32, n: u32) -> Vec<Posterior> {
        let (k, rest) = (f64::from(k), f64::from(n.saturating_sub(k)));
        let size = self.alpha.len().min(self.beta.len()).min(self.weight.len());
        let fit = |c: usize| {
            let (a, b) = (self.alpha[c], self.beta[c]);
            log(self.weight[c]) + log_beta(k + a, rest + b) - log_beta(a, b)
        };
        let fits: Vec<f64> = (0..size).map(fit).collect();
        let best = fits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = fits.iter().map(|fit| exp(fit - best)).sum();
        let mut up_to = 0.0;
        let posterior = |(c, fit): (usize, &f64)| {
            up_to += exp(fit - best) / total;
            Posterior { up_to, a: k + self.alpha[c], b: rest + self.beta[c] }
        };
        fits.iter().enumerate().map(posterior).collect()
    }
}

/// One component's rate for one station.
struct Posterior {
    up_to: f64,
    a: f64,
    b: f64,
}

/// Draws a rate; 0 for a mixture without components.
fn rate(given: &[Posterior], random: &mut Random) -> f64 {
    let point = random.uniform();
    let chosen = given.iter().find(|part| point < part.up_to).or(given.last());
    chosen.map_or(0.0, |part| random.beta(part.a, part.b))
}

/// A station with what its own figures say about its rates.
struct Given {
    registered: u32,
    turnout: Vec<Posterior>,
    support: Vec<Posterior>,
}

fn log_beta(a: f64, b: f64) -> f64 {
    lgamma(a) + lgamma(b) - lgamma(a + b)
}

/// What the resampling found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spikes {
    /// The published figure, percent of stations above the envelope. Depends on `resamples`.
    pub published: f64,
    /// Percent of stations above the mean of the resamples where they rise by more than two standard deviations.
    pub excess: f64,
    /// (1 + resamples whose own excess is as large) / (1 + resamples).
    pub p: f64,
    /// Shares at which the observed density rises above the envelope.
    pub at: Vec<f64>,
    /// Resampled elections.
    pub resamples: usize,
}

impl Limits for Spikes {
    const CANNOT_SHOW: &'static str = "Coarse fractions such as 1/2 and 2/3 are frequent in small stations by arithmetic; \
         whatever the mixture fits badly is booked as a spike.";
}

/// Density at 0, 0.001, ..., 1 with a Gaussian kernel narrower than the grid: only the nearest points matter.
struct Kernel {
    width: f64,
    points: usize,
}

impl Kernel {
    fn add(&self, share: f64, density: &mut [f64], bins: &mut [f64]) {
        let place = share * real(self.points - 1);
        let nearest = whole(place + 0.5).min(self.points - 1);
        bins[nearest] += 1.0;
        let reach = whole(6.0 * self.width * real(self.points - 1));
        let near = nearest.saturating_sub(reach)..=(nearest + reach).min(self.points - 1);
        for (point, density) in density.iter_mut().enumerate().skip(*near.start()).take(near.count()) {
            let z = (place - real(point)) / real(self.points - 1) / self.width;
            if z.abs() < 6.0 {
                *density += exp(-0.5 * z * z);
            }
        }
    }
}

/// Points of the grid.
const POINTS: usize = 1001;
/// Width of the kernel.
const WIDTH: f64 = 1e-4;

/// Resamples the election. Only stations with registered voters and ballots found are read.
pub fn spikes(stations: &[Station], turnout: &Mixture, support: &Mixture, resamples: usize, seed: u64) -> Spikes {
    let used: Vec<Station> = stations.iter().copied().filter(|s| s.registered > 0 && s.found > 0).collect();
    let kernel = Kernel { width: WIDTH, points: POINTS };
    let (mut observed, mut bins) = (vec![0.0; POINTS], vec![0.0; POINTS]);
    for station in &used {
        kernel.add(station.share(), &mut observed, &mut bins);
    }
    let facts = LogFactorial::up_to(used.iter().map(|s| s.registered).max().unwrap_or(0));
    let known = |s: &Station| Given {
        registered: s.registered,
        turnout: turnout.given(s.found.min(s.registered), s.registered),
        support: support.given(s.leader.min(s.found), s.found),
    };
    let given: Vec<Given> = used.iter().map(known).collect();
    let mut sums = Sums::new(resamples);
    for number in 0..resamples {
        let mut random = Random::stream(seed, number as u64);
        let (mut density, mut own) = (vec![0.0; POINTS], vec![0.0; POINTS]);
        for station in &given {
            let share = drawn_share(station, &mut random, &facts);
            kernel.add(share, &mut density, &mut own);
        }
        sums.add(&density, own);
    }
    sums.judge(&observed, &bins, real(used.len().max(1)))
}

fn drawn_share(station: &Given, random: &mut Random, facts: &LogFactorial) -> f64 {
    let came = rate(&station.turnout, random);
    let total = random.binomial(station.registered, came, facts);
    let liked = rate(&station.support, random);
    let votes = random.binomial(total, liked, facts);
    if total == 0 { 0.0 } else { f64::from(votes) / f64::from(total) }
}

/// What is kept of the resamples.
struct Sums {
    envelope: Vec<f64>,
    bins: Vec<Vec<f32>>,
}

impl Sums {
    fn new(resamples: usize) -> Self {
        Self { envelope: vec![0.0; POINTS], bins: Vec::with_capacity(resamples.min(100_000)) }
    }

    #[allow(clippy::cast_possible_truncation, reason = "counts of stations below 2^24 are exact in 32 bits")]
    fn add(&mut self, density: &[f64], bins: Vec<f64>) {
        for (most, own) in self.envelope.iter_mut().zip(density) {
            *most = most.max(*own);
        }
        self.bins.push(bins.into_iter().map(|bin| bin as f32).collect());
    }

    fn judge(&self, observed: &[f64], bins: &[f64], stations: f64) -> Spikes {
        let count = real(self.bins.len().max(1));
        let moment = |point: usize| {
            let mean = self.bins.iter().map(|own| f64::from(own[point])).sum::<f64>() / count;
            let square = self.bins.iter().map(|own| (f64::from(own[point]) - mean) * (f64::from(own[point]) - mean));
            (mean, libm::sqrt(square.sum::<f64>() / count))
        };
        let moments: Vec<(f64, f64)> = (0..POINTS).map(moment).collect();
        let rise = |own: &dyn Fn(usize) -> f64| {
            // The first point holds the stations without a vote, as published.
            let above = |point: usize| {
                let (mean, spread) = moments[point];
                let off = own(point) - mean;
                if off > 2.0 * spread { off } else { 0.0 }
            };
            (1..POINTS).map(above).sum::<f64>()
        };
        let excess = rise(&|point| bins[point]);
        let as_large = self.bins.iter().filter(|own| rise(&|point| f64::from(own[point])) >= excess).count();
        let above: Vec<usize> = (1..POINTS).filter(|point| observed[*point] > self.envelope[*point]).collect();
        let published = above.iter().map(|point| (bins[*point] - moments[*point].0).max(0.0)).sum::<f64>();
        Spikes {
            published: 100.0 * published / stations,
            excess: 100.0 * excess / stations,
            p: real(1 + as_large) / real(1 + self.bins.len()),
            at: above.into_iter().map(|point| real(point) / real(POINTS - 1)).collect(),
            resamples: self.bins.len(),
        }
    }
}
