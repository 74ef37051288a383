//! A finite mixture of honest, incrementally and extremely altered stations, of the eforensics class (Mebane and
//! others), with station random effects and the control of a clean election beside it.
//!
//! Abstentions `A ~ Bin(N, p_A)` with `p_A = (1 - tau)` times 1, `1 - i_m` or `1 - c_m`; leader's votes `W ~ Bin(N, p_W)`
//! with `p_W = nu (1 - a)` for honest stations and `nu (1 - s)/(1 - m) (1 - m - a) + a (m - s)/(1 - m) + s` for altered
//! ones, where a = A/N, m is i_m or c_m and s is i_s or c_s. Incremental extents lie in 0..0.7, extreme ones in 0.7..1.
//! logit tau and logit nu vary between stations normally and may be correlated; both are integrated out by adaptive
//! Gauss-Hermite quadrature, so the fit is a maximum of the marginal posterior instead of a Markov chain: no burn-in. Intervals
//! come from 2,000 draws around the maximum, each weighted by the posterior (importance sampling).
//! Without the random effects (the package's `bl`) heterogeneity itself is booked as alteration: 48 % of a clean election.

mod around;
mod climb;
mod integral;
mod lanes;
mod score;
mod source;

use libm::{exp, log};
use serde::{Deserialize, Serialize};

use crate::{Limits, number::real, random::Random, special::LogFactorial, table::Station};
use around::Around;
pub use around::{Intervals, LEVEL, Width};
use climb::climb;
use score::{Figures, likelihood, parameters, posterior};

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
    /// Whether the incremental and the extreme kind are told from none: whether leaving one out costs more likelihood than
    /// Schwarz's criterion asks for its three numbers.
    pub told: [bool; 2],
    /// 95 % intervals around it, or why there are none.
    pub width: Width,
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

/// Free numbers: mean and spread of turnout and share, slope, logits of the four extents, two part weights.
const FREE: usize = 11;
/// The first of them describe honest stations.
const HONEST: usize = 5;
/// A part weight that is as good as none.
const ABSENT: f64 = 40.0;
type Point = [f64; FREE];

/// Smallest spread of a random effect on the logit scale.
const LEAST_SPREAD: f64 = 1e-3;

fn start(stations: &[Station]) -> [f64; 4] {
    let logit = |k: u32, n: u32| log((f64::from(k.min(n)) + 0.5) / (f64::from(n.saturating_sub(k)) + 0.5));
    let middle = |values: Vec<f64>| {
        let median = crate::dispersion::median(values.clone());
        let off = crate::dispersion::median(values.into_iter().map(|v| (v - median).abs()).collect());
        (median, (1.4826 * off).max(0.02))
    };
    let turnout = middle(stations.iter().map(|s| logit(s.issued, s.registered)).collect());
    let share = middle(stations.iter().map(|s| logit(s.leader, s.issued.max(s.leader))).collect());
    [turnout.0, turnout.1, share.0, share.1]
}

/// Highest points with altered parts and without any.
struct Highest {
    with: Point,
    without: Point,
}

impl Highest {
    /// The maximum over several starts with altered parts, and the one without any.
    fn of(stations: &[Station], figures: &[Figures]) -> Self {
        let [t, st, s, ss] = start(stations);
        let size = real(stations.len().max(1));
        let mean = |(value, slopes): (f64, Point)| (-value / size, slopes.map(|slope| -slope / size));
        let base = [t, st, s, ss, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 3.0];
        let without = climb(base, |x| mean(likelihood(x, figures, 1)), &std::array::from_fn(|at| at < HONEST)).0;
        let mut best: Option<(Point, f64)> = None;
        for (m, v) in [(-1.5, -1.5), (0.0, 0.0)] {
            let mut x = base;
            (x[5], x[6]) = (m, v);
            let found = climb(x, |x| mean(posterior(x, figures)), &[true; FREE]);
            if best.as_ref().is_none_or(|(_, least)| found.1 < *least) {
                best = Some(found);
            }
        }
        Highest { with: best.map_or(base, |(x, _)| x), without }
    }

    /// Log likelihood gained by altered parts.
    fn gain(&self, figures: &[Figures]) -> f64 {
        likelihood(&self.with, figures, 3).0 - likelihood(&self.without, figures, 1).0
    }

    /// The log likelihood that each altered kind is worth: what is lost when it is left out and the rest fitted again.
    fn worth(&self, figures: &[Figures]) -> [f64; 2] {
        let all = likelihood(&self.with, figures, 3).0;
        [[false, true], [true, false]]
            .map(|kinds| all - likelihood(&selected(&self.with, figures, kinds).0, figures, 3).0)
    }

    /// The parameters without altered parts.
    fn honest(&self) -> Parameters {
        Parameters { parts: [1.0, 0.0, 0.0], ..parameters(&self.without) }
    }
}

/// The highest point near x of the model with only these altered kinds, and which coordinates it has.
fn selected(x: &Point, figures: &[Figures], kinds: [bool; 2]) -> (Point, [bool; FREE]) {
    let size = real(figures.len().max(1));
    let free = std::array::from_fn(|at| match at {
        5 | 6 | 9 => kinds[0],
        7 | 8 | 10 => kinds[1],
        _ => true,
    });
    let mut x = *x;
    for (at, kind) in kinds.into_iter().enumerate() {
        if !kind {
            x[9 + at] = ABSENT;
        }
    }
    let goal = |x: &Point| {
        let (value, slopes) = posterior(x, figures);
        (-value / size, slopes.map(|slope| -slope / size))
    };
    (climb(x, goal, &free).0, free)
}

/// Fits the mixture to the stations with registered voters, and once more to a clean election drawn with their sizes.
/// `None` for fewer than 50 stations.
pub fn fit(stations: &[Station], control_seed: Option<u64>) -> Option<Fit> {
    let used: Vec<Station> = stations.iter().copied().filter(|s| s.registered > 0 && s.issued > 0).collect();
    if used.len() < 50 {
        return None;
    }
    let figures: Vec<Figures> = used.iter().map(Figures::of).collect();
    let found = Highest::of(&used, &figures);
    let worth = found.worth(&figures);
    // Schwarz's criterion for a part and two extents.
    let told = worth.map(|own| own > 1.5 * log(real(used.len())));
    let (near, free) = selected(&found.with, &figures, told);
    let width = Around { stations: &figures, free, seed: control_seed.unwrap_or(0) }.width(&near);
    let control = control_seed.map(|seed| {
        let sizes: Vec<u32> = used.iter().map(|s| s.registered).collect();
        let clean = found.honest().draw(&sizes, seed);
        let figures: Vec<Figures> = clean.iter().map(Figures::of).collect();
        let other = Highest::of(&clean, &figures);
        Control { parts: parameters(&other.with).parts, gain: other.gain(&figures) }
    });
    let parameters = parameters(&found.with);
    Some(Fit { parameters, told, width, gain: found.gain(&figures), control, stations: used.len() })
}
