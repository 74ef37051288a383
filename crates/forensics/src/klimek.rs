//! The model of Klimek, Yegorov, Hanel and Thurner (PNAS 109:16469, 2012), fitted with intervals, or refused.
//!
//! Each station has an honest turnout `a ~ TN(tau, sigma_tau)` and share `v ~ TN(nu, sigma_nu)`. With probability
//! f_i (*incremental*) a fraction `x ~ TN(0, theta)` of the absent is added, with f_e (*extreme*) `x ~ 1 - TN(0,
//! 0.075)`, else none: `W/N = a v + x (1 - a) + x^alpha (1 - v) a` and turnout `1 - (1 - x)(1 - a)`. All normals
//! are cut to 0..1. The first stage reads tau, nu and the spreads from kernel densities, the second picks f_i and
//! f_e on a grid by the histogram of shares.

use libm::{exp, pow, sqrt};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    Limits,
    number::{real, whole},
    random::Random,
    table::Station,
};

/// What the first stage reads off the data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FirstStage {
    /// Honest turnout.
    pub tau: f64,
    /// Honest share.
    pub nu: f64,
    /// Spread of honest turnout.
    pub sigma_tau: f64,
    /// Spread of honest share.
    pub sigma_nu: f64,
    /// Spread of the incremental fraction.
    pub theta: f64,
}

/// Why the model is not fitted.
#[derive(Debug, Clone, PartialEq, Error, Serialize, Deserialize)]
#[serde(tag = "refused", rename_all = "snake_case")]
pub enum Refusal {
    /// Fewer stations than parameters deserve.
    #[error("{stations} stations are too few for a density")]
    TooFew {
        /// Stations left.
        stations: usize,
    },
    /// A density has no local maximum above 0.3.
    #[error("the curve of {of} has no peak above 30 %")]
    NoPeak {
        /// Turnout or share.
        of: String,
    },
    /// The first maximum is a ripple: the density is far higher elsewhere.
    #[error(
        "the first peak of the curve of {of}, at {:.1} %, is a ripple of {:.1} % of its greatest height: no honest level can be read there",
        100.0 * at,
        100.0 * height
    )]
    Ripple {
        /// Turnout or share.
        of: String,
        /// Where it is.
        at: f64,
        /// Its height as a part of the highest point.
        height: f64,
    },
    /// No station lies on the honest side of the peaks.
    #[error("no station lies below the peaks of turnout and share: the honest spread cannot be read")]
    NoHonestSide,
}

/// Kernel densities are evaluated at multiples of this.
const GRID: usize = 1000;
/// A first maximum lower than this part of the highest point is not taken for the honest peak.
const RIPPLE: f64 = 0.2;

/// Gaussian kernel density with Scott's bandwidth at 0, 0.001, ..., 1 of values in 0..1.
fn density(values: &[f64]) -> Vec<f64> {
    const FINE: usize = 20_000;
    let count = real(values.len());
    let mean = values.iter().sum::<f64>() / count;
    let spread = sqrt(values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (count - 1.0).max(1.0));
    let width = (spread * pow(count, -0.2)).max(1e-6);
    let mut mass = vec![0.0; FINE + 2];
    for value in values {
        let place = value.clamp(0.0, 1.0) * real(FINE);
        let cell = whole(place).min(FINE);
        let rest = place - real(cell);
        mass[cell] += 1.0 - rest;
        mass[cell + 1] += rest;
    }
    let reach = whole(6.0 * width * real(FINE)) + 1;
    let kernel: Vec<f64> = (0..=reach)
        .map(|offset| {
            let z = real(offset) / real(FINE) / width;
            exp(-0.5 * z * z)
        })
        .collect();
    let at = |point: usize| {
        let centre = point * (FINE / GRID);
        let near = centre.saturating_sub(reach)..=(centre + reach).min(FINE);
        near.map(|cell| mass[cell] * kernel[cell.abs_diff(centre)]).sum::<f64>()
    };
    (0..=GRID).map(at).collect()
}

fn first_peak(values: &[f64], of: &str) -> Result<(f64, f64), Refusal> {
    let curve = density(values);
    let highest = curve.iter().copied().fold(0.0, f64::max);
    let is_peak = |point: &usize| curve[*point] > curve[point - 1] && curve[*point] > curve[point + 1];
    let first = (301..GRID).find(is_peak).ok_or_else(|| Refusal::NoPeak { of: of.to_owned() })?;
    Ok((real(first) / real(GRID), curve[first] / highest))
}

/// The first stage alone, as published; [`check`] says whether it can be believed.
///
/// # Errors
/// [`Refusal`] where the densities have no peak or nothing lies on its honest side.
pub fn first_stage(stations: &[Station]) -> Result<FirstStage, Refusal> {
    first_stage_with_heights(stations).map(|(first, _)| first)
}

fn first_stage_with_heights(stations: &[Station]) -> Result<(FirstStage, (f64, f64)), Refusal> {
    let read = |s: &&Station| s.found > 0 && s.registered > 0;
    let points: Vec<(f64, f64)> = stations.iter().filter(read).map(|s| (s.turnout(), s.share())).collect();
    if points.len() < 100 {
        return Err(Refusal::TooFew { stations: points.len() });
    }
    let (turnout, share): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let (tau, high_tau) = first_peak(&turnout, "turnout")?;
    let (nu, high_nu) = first_peak(&share, "share")?;
    let spread = |off: &dyn Fn(&(f64, f64)) -> Option<f64>| {
        let squares: Vec<f64> = points.iter().filter_map(off).map(|d| d * d).collect();
        if squares.is_empty() { None } else { Some(sqrt(squares.iter().sum::<f64>() / real(squares.len()))) }
    };
    let sigma_tau = spread(&|(t, s)| (*t < tau && *s < nu).then_some(t - tau)).ok_or(Refusal::NoHonestSide)?;
    let sigma_nu = spread(&|(_, s)| (*s < nu).then_some(s - nu)).ok_or(Refusal::NoHonestSide)?;
    let theta = sqrt(spread(&|(_, s)| (*s > nu).then_some(s - nu)).ok_or(Refusal::NoHonestSide)?);
    Ok((FirstStage { tau, nu, sigma_tau, sigma_nu, theta }, (high_tau, high_nu)))
}

/// The first stage, refused where its peaks are ripples of the density.
///
/// # Errors
/// [`Refusal`], with the reason.
pub fn check(stations: &[Station]) -> Result<FirstStage, Refusal> {
    let (first, (high_tau, high_nu)) = first_stage_with_heights(stations)?;
    let ripple = |of: &str, at: f64, height: f64| Refusal::Ripple { of: of.to_owned(), at, height };
    if high_tau < RIPPLE {
        return Err(ripple("turnout", first.tau, high_tau));
    }
    if high_nu < RIPPLE {
        return Err(ripple("share", first.nu, high_nu));
    }
    Ok(first)
}

/// Shares in bins of one percent centred on whole percents: 101 bins.
pub fn share_histogram(stations: &[Station]) -> Vec<f64> {
    let mut bins = vec![0.0; 101];
    for station in stations.iter().filter(|s| s.found > 0) {
        add(&mut bins, station.share());
    }
    bins
}

fn add(bins: &mut [f64], share: f64) {
    let last = bins.len() - 1;
    bins[whole((100.0 * share + 0.5).max(0.0)).min(last)] += 1.0;
}

/// Share histograms of honest, incremental and extreme stations, each adding up to 1. The three are mixed by f_i
/// and f_e without drawing again.
#[derive(Debug, Clone)]
pub struct Components {
    parts: [Vec<f64>; 3],
}

impl Components {
    /// Draws `draws` stations of each kind.
    pub fn new(first: FirstStage, alpha: f64, draws: usize, seed: u64) -> Self {
        let part = |kind: u64| {
            let mut random = Random::stream(seed, kind);
            let mut bins = vec![0.0; 101];
            for _ in 0..draws {
                add(&mut bins, drawn_share(first, alpha, kind, &mut random));
            }
            let total = real(draws.max(1));
            bins.iter().map(|bin| bin / total).collect()
        };
        Self { parts: [part(0), part(1), part(2)] }
    }

    /// The histogram of `stations` stations at given fractions.
    pub fn mixed(&self, incremental: f64, extreme: f64, stations: f64) -> Vec<f64> {
        let [honest, some, all] = &self.parts;
        let rest = 1.0 - incremental - extreme;
        let bin = |place: usize| stations * (rest * honest[place] + incremental * some[place] + extreme * all[place]);
        (0..honest.len()).map(bin).collect()
    }
}

fn truncated(random: &mut Random, mean: f64, spread: f64) -> f64 {
    // The caller's means lie in 0..1, so at least a seventh of the tries fall inside for any spread below 1.
    for _ in 0..1000 {
        let value = mean + spread * random.normal();
        if (0.0..=1.0).contains(&value) {
            return value;
        }
    }
    mean.clamp(0.0, 1.0)
}

fn drawn_share(first: FirstStage, alpha: f64, kind: u64, random: &mut Random) -> f64 {
    let a = truncated(random, first.tau, first.sigma_tau);
    let v = truncated(random, first.nu, first.sigma_nu);
    let x = match kind {
        0 => 0.0,
        1 => truncated(random, 0.0, first.theta),
        _ => 1.0 - truncated(random, 0.0, 0.075),
    };
    let votes = a * v + x * (1.0 - a) + pow(x, alpha) * (1.0 - v) * a;
    let turnout = 1.0 - (1.0 - x) * (1.0 - a);
    if turnout > 0.0 { votes / turnout } else { 0.0 }
}

/// Sum of |simulated - observed| per observed station.
pub fn distance(simulated: &[f64], observed: &[f64]) -> f64 {
    let off: f64 = simulated.iter().zip(observed).map(|(s, o)| (s - o).abs()).sum();
    off / observed.iter().sum::<f64>().max(1.0)
}

fn score(simulated: &[f64], observed: &[f64]) -> f64 {
    let term = |(s, o): (&f64, &f64)| {
        let off = (s - o) / (o + 1.0);
        off * off
    };
    simulated.iter().zip(observed).map(term).sum()
}

/// Fractions tried by the second stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Values of f_i.
    pub incremental: Vec<f64>,
    /// Values of f_e.
    pub extreme: Vec<f64>,
    /// Values of alpha.
    pub alpha: Vec<f64>,
}

/// A fit with its bootstrap intervals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// The first stage.
    pub first: FirstStage,
    /// Fraction of stations with incremental addition.
    pub incremental: f64,
    /// Fraction of stations with extreme addition.
    pub extreme: f64,
    /// Exponent of the switching of votes.
    pub alpha: f64,
    /// Distance of the fitted histogram from the observed one, 0 to 2.
    pub distance: f64,
    /// The distance with both fractions 0.
    pub distance_without: f64,
    /// Smallest and largest f_i over the bootstrap samples.
    pub incremental_range: (f64, f64),
    /// Smallest and largest f_e over the bootstrap samples.
    pub extreme_range: (f64, f64),
}

impl Limits for Fit {
    const CANNOT_SHOW: &'static str = "The first figure is not the share of altered stations: one honest normal cannot describe a \
         country of different places, and every right tail it misses is booked as addition.";
}

/// Fits both stages to the stations of `mask`'s choice; `bootstrap` samples of stations give the ranges.
///
/// # Errors
/// [`Refusal`] where the first stage cannot be believed.
pub fn fit(stations: &[Station], grid: &Grid, draws: usize, bootstrap: usize, seed: u64) -> Result<Fit, Refusal> {
    let first = check(stations)?;
    let components: Vec<(f64, Components)> =
        grid.alpha.iter().map(|alpha| (*alpha, Components::new(first, *alpha, draws, seed))).collect();
    let observed = share_histogram(stations);
    let (incremental, extreme, alpha) = best(&components, grid, &observed).ok_or(Refusal::NoHonestSide)?;
    let mut ranges = ((incremental, incremental), (extreme, extreme));
    for number in 0..bootstrap {
        let mut random = Random::stream(seed ^ 0x6b6c_696d_656b, number as u64);
        let mut again = vec![0.0; observed.len()];
        for _ in 0..stations.len() {
            if let Some(station) = stations.get(random.below(stations.len())).filter(|s| s.found > 0) {
                add(&mut again, station.share());
            }
        }
        if let Some((i, e, _)) = best(&components, grid, &again) {
            ranges.0 = (ranges.0.0.min(i), ranges.0.1.max(i));
            ranges.1 = (ranges.1.0.min(e), ranges.1.1.max(e));
        }
    }
    let total: f64 = observed.iter().sum();
    let chosen = components.iter().find(|(a, _)| *a == alpha).map(|(_, c)| c).ok_or(Refusal::NoHonestSide)?;
    Ok(Fit {
        first,
        incremental,
        extreme,
        alpha,
        distance: distance(&chosen.mixed(incremental, extreme, total), &observed),
        distance_without: distance(&chosen.mixed(0.0, 0.0, total), &observed),
        incremental_range: ranges.0,
        extreme_range: ranges.1,
    })
}

/// The best point of the grid as (f_i, f_e, alpha).
fn best(components: &[(f64, Components)], grid: &Grid, observed: &[f64]) -> Option<(f64, f64, f64)> {
    let total: f64 = observed.iter().sum();
    let mut best: Option<(f64, (f64, f64, f64))> = None;
    for (alpha, parts) in components {
        for i in &grid.incremental {
            for e in grid.extreme.iter().filter(|e| i + **e <= 1.0) {
                let score = score(&parts.mixed(*i, *e, total), observed);
                if best.is_none_or(|(least, _)| score < least) {
                    best = Some((score, (*i, *e, *alpha)));
                }
            }
        }
    }
    best.map(|(_, point)| point)
}
