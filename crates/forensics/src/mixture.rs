//! A finite mixture of honest, incrementally and extremely altered stations, of the eforensics class (Mebane and
//! others), with station random effects and the control of a clean election beside it.
//!
//! Abstentions `A ~ Bin(N, p_A)` with `p_A = (1 - tau)` times 1, `1 - i_m` or `1 - c_m`; leader's votes `W ~ Bin(N, p_W)`
//! with `p_W = nu (1 - a)` for honest stations and `nu (1 - s)/(1 - m) (1 - m - a) + a (m - s)/(1 - m) + s` for altered
//! ones, where a = A/N, m is i_m or c_m and s is i_s or c_s. Incremental extents lie in 0..0.7, extreme ones in 0.7..1.
//! logit tau and logit nu vary between stations normally and may be correlated; both are integrated out by adaptive
//! Gauss-Hermite quadrature, so the fit is a maximum of the marginal posterior instead of a Markov chain: no burn-in, no seed.
//! Without the random effects (the package's `bl`) heterogeneity itself is booked as alteration: 48 % of a clean election.

mod climb;
mod integral;

use libm::{exp, log, log1p};
use serde::{Deserialize, Serialize};

use crate::{Limits, number::real, random::Random, special::LogFactorial, table::Station};
use climb::climb;
use integral::{Effect, Link, log_integral};

/// Extents up to this are incremental, from this on extreme.
pub const SPLIT: f64 = 0.7;

/// Parameters of the mixture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Honest, incremental, extreme parts, adding up to 1.
    pub parts: [f64; 3],
    /// Mean and spread of logit turnout.
    pub turnout: (f64, f64),
    /// Mean and spread of logit share.
    pub share: (f64, f64),
    /// How far logit share moves with logit turnout: support and mobilisation go together in honest places too.
    pub slope: f64,
    /// Incremental extents: manufactured from abstention, stolen.
    pub incremental: (f64, f64),
    /// Extreme extents.
    pub extreme: (f64, f64),
}

impl Parameters {
    /// Draws an election with these parameters.
    pub fn draw(&self, sizes: &[u32], seed: u64) -> Vec<Station> {
        let mut random = Random::stream(seed, 0x6d69_7874);
        let facts = LogFactorial::up_to(sizes.iter().copied().max().unwrap_or(0));
        sizes.iter().map(|size| self.station(*size, &mut random, &facts)).collect()
    }

    fn station(&self, registered: u32, random: &mut Random, facts: &LogFactorial) -> Station {
        let kind = random.uniform();
        let (m, s) = if kind < self.parts[0] {
            (0.0, 0.0)
        } else if kind < self.parts[0] + self.parts[1] {
            self.incremental
        } else {
            self.extreme
        };
        let moved = self.turnout.1 * random.normal();
        let tau = logistic(self.turnout.0 + moved);
        let nu = logistic(self.share.0 + self.slope * moved + self.share.1 * random.normal());
        let absent = random.binomial(registered, (1.0 - tau) * (1.0 - m), facts);
        let (offset, slope) = vote_line(crate::number::ratio(absent, registered), m, s);
        let leader = random.binomial(registered, (offset + slope * nu).clamp(0.0, 1.0), facts);
        let issued = registered - absent;
        Station { registered, issued, found: issued, leader: leader.min(issued) }
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// p_W = offset + slope nu for extents m and s and abstention a.
fn vote_line(a: f64, m: f64, s: f64) -> (f64, f64) {
    let keep = (1.0 - m).max(1e-9);
    (a * (m - s) / keep + s, (1.0 - s) / keep * (1.0 - m - a))
}

/// A fit beside its control.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// The parameters at the maximum.
    pub parameters: Parameters,
    /// Log likelihood gained over the same model without altered stations.
    pub gain: f64,
    /// The same two figures for a clean election drawn from the model without altered stations, with the user's sizes.
    pub control: Option<Control>,
    /// Stations used.
    pub stations: usize,
}

/// What the same fit finds where nothing was altered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Honest, incremental, extreme parts.
    pub parts: [f64; 3],
    /// Log likelihood gained by parts that are not there.
    pub gain: f64,
}

impl Limits for Fit {
    const CANNOT_SHOW: &'static str = "The parts are those of a curve, not of stations: strategic voting, mixed regions \
         and any shape that a normal does not have look like alteration; read only beside the control.";
}

/// Free numbers: mean and log spread of turnout and share, slope, logits of the four extents, two part weights.
const FREE: usize = 11;
/// The first of them describe honest stations.
const HONEST: usize = 5;
type Point = [f64; FREE];

/// Smallest spread of a random effect on the logit scale.
const LEAST_SPREAD: f64 = 1e-3;

fn parameters(x: &Point) -> Parameters {
    // Parts of at most the honest one: each weight is exp(-softplus).
    let weight = |x: f64| 1.0 / (1.0 + exp(x));
    let (w1, w2) = (weight(x[9]), weight(x[10]));
    let total = 1.0 + w1 + w2;
    let extreme = |x: f64| SPLIT + (1.0 - SPLIT) * 0.999 * logistic(x);
    Parameters {
        parts: [1.0 / total, w1 / total, w2 / total],
        turnout: (x[0], LEAST_SPREAD + exp(x[1])),
        share: (x[2], LEAST_SPREAD + exp(x[3])),
        slope: x[4],
        incremental: (SPLIT * logistic(x[5]), SPLIT * logistic(x[6])),
        extreme: (extreme(x[7]), extreme(x[8])),
    }
}

/// Log likelihood of one station, up to a constant.
fn station_fit(p: &Parameters, station: Station) -> f64 {
    let n = f64::from(station.registered);
    let absent = f64::from(station.registered.saturating_sub(station.issued));
    let leader = f64::from(station.leader.min(station.registered));
    let a = absent / n;
    // Abstention rises as turnout falls: the effect with the sign turned.
    let away = Effect { mean: -p.turnout.0, spread: p.turnout.1 };
    let kinds = [(0.0, 0.0), p.incremental, p.extreme];
    let mut logs = [0.0; 3];
    for ((own, part), (m, s)) in logs.iter_mut().zip(p.parts).zip(kinds) {
        let (offset, slope) = vote_line(a, m, s);
        // What the turnout would have been without the manufactured part; its own noise is that of hundreds of voters.
        let honest = (1.0 - a / (1.0 - m).max(1e-9)).clamp(0.5 / (n + 1.0), 1.0 - 0.5 / (n + 1.0));
        let off = log(honest / (1.0 - honest)) - p.turnout.0;
        let like = Effect { mean: p.share.0 + p.slope * off, spread: p.share.1 };
        let stayed = log_integral(absent, n, Link { offset: 0.0, slope: 1.0 - m }, away);
        let voted = log_integral(leader, n, Link { offset, slope }, like);
        *own = log(part.max(1e-300)) + stayed + voted;
    }
    let best = logs.into_iter().fold(f64::NEG_INFINITY, f64::max);
    best + log(logs.into_iter().map(|own| exp(own - best)).sum())
}

/// Weak priors: extents near the middle of their range, parts small, spreads of ordinary size.
fn prior(x: &Point) -> f64 {
    let normal = |value: f64, mean: f64, spread: f64| {
        let z = (value - mean) / spread;
        -0.5 * z * z
    };
    let extents: f64 = x[5..9].iter().map(|x| normal(*x, 0.0, 1.5)).sum();
    let parts = normal(x[9], 2.0, 2.0) + normal(x[10], 3.0, 2.0);
    let spreads = normal(x[1], -1.0, 2.0) + normal(x[3], -1.0, 2.0);
    extents + parts + spreads + normal(x[4], 0.0, 1.0)
}

fn start(stations: &[Station]) -> [f64; 4] {
    let logit = |k: u32, n: u32| log((f64::from(k.min(n)) + 0.5) / (f64::from(n.saturating_sub(k)) + 0.5));
    let middle = |values: Vec<f64>| {
        let median = crate::dispersion::median(values.clone());
        let off = crate::dispersion::median(values.into_iter().map(|v| (v - median).abs()).collect());
        (median, log((1.4826 * off).max(0.02)))
    };
    let turnout = middle(stations.iter().map(|s| logit(s.issued, s.registered)).collect());
    let share = middle(stations.iter().map(|s| logit(s.leader, s.issued.max(s.leader))).collect());
    [turnout.0, turnout.1, share.0, share.1]
}

/// The maximum over several starts with altered parts, and the log likelihood without any.
fn maximum(stations: &[Station]) -> (Parameters, f64, Parameters, f64) {
    let [t, st, s, ss] = start(stations);
    let fit = |x: &Point| stations.iter().map(|one| station_fit(&parameters(x), *one)).sum::<f64>();
    let size = real(stations.len().max(1));
    let goal = |x: &Point| -(fit(x) + prior(x)) / size;
    // Parts of exp(-40): as good as none.
    let clean = |x: &Point| {
        let mut x = *x;
        (x[9], x[10]) = (40.0, 40.0);
        -fit(&x) / size
    };
    let base = [t, st, s, ss, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 3.0];
    let mut none = climb(base, clean, HONEST).0;
    (none[9], none[10]) = (40.0, 40.0);
    let mut best: Option<(Point, f64)> = None;
    for (m, v) in [(-1.5, -1.5), (0.0, 0.0)] {
        let mut x = base;
        (x[5], x[6]) = (m, v);
        let found = climb(x, goal, FREE);
        if best.as_ref().is_none_or(|(_, least)| found.1 < *least) {
            best = Some(found);
        }
    }
    let x = best.map_or(base, |(x, _)| x);
    (parameters(&x), fit(&x), parameters(&none), fit(&none))
}

/// Fits the mixture to the stations with registered voters, and once more to a clean election drawn with their sizes.
/// `None` for fewer than 50 stations.
pub fn fit(stations: &[Station], control_seed: Option<u64>) -> Option<Fit> {
    let used: Vec<Station> = stations.iter().copied().filter(|s| s.registered > 0 && s.issued > 0).collect();
    if used.len() < 50 {
        return None;
    }
    let (parameters, with, honest, without) = maximum(&used);
    let control = control_seed.map(|seed| {
        let sizes: Vec<u32> = used.iter().map(|s| s.registered).collect();
        let (found, with, _, without) = maximum(&honest.draw(&sizes, seed));
        Control { parts: found.parts, gain: with - without }
    });
    Some(Fit { parameters, gain: with - without, control, stations: used.len() })
}

/// ln(1 - p) that stays finite.
fn log_rest(p: f64) -> f64 {
    log1p(-p.min(1.0 - 1e-12))
}
