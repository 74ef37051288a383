//! Integer and round percentages (Kobak, Shpilkin and Pshenichnikov, Annals of Applied Statistics 10:54, 2016).
//!
//! A station *hits* when its turnout or its leader's share lies within 0.05 percentage points of a multiple of
//! the period (1 or 5 percent). Under the null of the paper the ballots issued are G* ~ Bin(N, G/N) and the
//! leader's votes W* ~ Bin(R, W/R) with R fixed; the published test draws 1,000 or 10,000 such elections. Every
//! station is an independent trial whose chance is a finite sum of binomial probabilities, so the count of hits
//! is Poisson-binomial: mean and variance are exact, and so is the tail ([`crate::poisson_binomial`]).
//!
//! Membership is decided in integers: with `r = 100k mod (period n)`, a hit is `20 min(r, period n - r) <= n`.

mod chance;
mod draws;
mod geometric;
mod groups;
mod robust;

use serde::{Deserialize, Serialize};

pub use chance::{hit_chance, is_hit};
pub use draws::{Drawn, monte_carlo};
pub use geometric::{Geometric, geometric_excess, near_multiple};
pub use groups::{Group, Groups, by_group};
pub use robust::{Level, Robustness, robustness};

use crate::{
    Limits,
    poisson_binomial::{Tail, upper_tail, weighted_upper_tail},
    special::LogFactorial,
    table::Station,
};

/// Which percentages count as round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Multiples of so many percent, at least 1.
    period: u32,
}

impl Rule {
    /// Every whole percent.
    pub fn whole_percent() -> Self {
        Self { period: 1 }
    }

    /// Multiples of five percent.
    pub fn five_percent() -> Self {
        Self { period: 5 }
    }

    /// Multiples of `period` percent; 0 and anything above 100 is read as 100.
    pub fn every(period: u32) -> Self {
        Self { period: if (1..=100).contains(&period) { period } else { 100 } }
    }

    /// The period in percent.
    pub fn period(self) -> u32 {
        self.period
    }
}

/// Which percentage of a station must be round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Turnout G/N.
    Turnout,
    /// The leader's share W/R.
    Share,
    /// At least one of the two.
    Either,
}

/// What a hit weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Every station counts one.
    Stations,
    /// Registered voters.
    Registered,
    /// Ballots issued.
    Issued,
    /// The leader's votes.
    Leader,
}

impl Weight {
    fn of(self, station: Station) -> u32 {
        match self {
            Self::Stations => 1,
            Self::Registered => station.registered,
            Self::Issued => station.issued,
            Self::Leader => station.leader,
        }
    }
}

/// Hits observed against their exact null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Excess {
    /// Weight of the stations that hit.
    pub observed: u64,
    /// Its exact mean under the null.
    pub mean: f64,
    /// Its exact standard deviation under the null.
    pub sd: f64,
    /// `observed - mean`.
    pub excess: f64,
    /// `excess / sd`, 0 where the null has no spread.
    pub z: f64,
}

impl Limits for Excess {
    const CANNOT_SHOW: &'static str = "It sees only figures made to look round. Stuffing and stealing that leave no \
         round percentage are invisible to it, and stations that are round by chance cannot be told from the others.";
}

/// Every station's hits and chances, computed once.
#[derive(Debug, Clone)]
pub struct Test {
    stations: Vec<Station>,
    turnout: Vec<f64>,
    share: Vec<f64>,
    rule: Rule,
}

impl Test {
    /// Computes the chances. Stations should have passed [`crate::Mask::published`] or another mask.
    pub fn new(stations: &[Station], rule: Rule) -> Self {
        let largest = stations.iter().map(|s| s.registered.max(s.found)).max().unwrap_or(0);
        let facts = LogFactorial::up_to(largest);
        let turnout = stations.iter().map(|s| hit_chance(s.issued, s.registered, rule, &facts)).collect();
        let share = stations.iter().map(|s| hit_chance(s.leader, s.found, rule, &facts)).collect();
        Self { stations: stations.to_vec(), turnout, share, rule }
    }

    /// The stations, in the order given.
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// Chance of a hit at station `place` under the null; 0 beyond the last.
    pub fn chance(&self, which: Which, place: usize) -> f64 {
        let turnout = self.turnout.get(place).copied().unwrap_or(0.0);
        let share = self.share.get(place).copied().unwrap_or(0.0);
        match which {
            Which::Turnout => turnout,
            Which::Share => share,
            Which::Either => turnout + share - turnout * share,
        }
    }

    /// Whether station `place` hits.
    pub fn hits(&self, which: Which, place: usize) -> bool {
        self.stations.get(place).is_some_and(|station| station_hits(*station, which, self.rule))
    }

    /// Chances of the stations at these places.
    fn chances(&self, which: Which, places: impl Iterator<Item = usize>) -> Vec<f64> {
        places.map(|place| self.chance(which, place)).collect()
    }

    /// Hits of all stations against their null.
    pub fn count(&self, which: Which) -> Excess {
        self.weighted(which, Weight::Stations)
    }

    /// Weight of the hits of all stations against its null.
    pub fn weighted(&self, which: Which, weight: Weight) -> Excess {
        self.over(which, weight, 0..self.stations.len())
    }

    /// The same over the stations at the given places.
    pub fn over(&self, which: Which, weight: Weight, places: impl Iterator<Item = usize>) -> Excess {
        let (mut observed, mut mean, mut variance) = (0_u64, 0.0, 0.0);
        for place in places {
            let Some(station) = self.stations.get(place) else { continue };
            let units = weight.of(*station);
            let chance = self.chance(which, place);
            if station_hits(*station, which, self.rule) {
                observed += u64::from(units);
            }
            let units = f64::from(units);
            mean += units * chance;
            variance += units * units * chance * (1.0 - chance);
        }
        let (excess, sd) = (observed as f64 - mean, libm::sqrt(variance));
        Excess { observed, mean, sd, excess, z: if sd > 0.0 { excess / sd } else { 0.0 } }
    }

    /// Exact P(hits >= observed) under the null.
    pub fn tail(&self, which: Which) -> Tail {
        self.tail_over(which, &(0..self.stations.len()).collect::<Vec<_>>())
    }

    /// The same over the stations at the given places.
    pub fn tail_over(&self, which: Which, places: &[usize]) -> Tail {
        let observed = places.iter().filter(|place| self.hits(which, **place)).count();
        upper_tail(&self.chances(which, places.iter().copied()), observed)
    }

    /// Saddlepoint P(weight of hits >= observed) under the null.
    pub fn weighted_tail(&self, which: Which, weight: Weight) -> Tail {
        let chances = self.chances(which, 0..self.stations.len());
        let weights: Vec<f64> = self.stations.iter().map(|s| f64::from(weight.of(*s))).collect();
        let observed = self.weighted(which, weight).observed;
        weighted_upper_tail(&chances, &weights, observed as f64)
    }
}

fn station_hits(station: Station, which: Which, rule: Rule) -> bool {
    let turnout = || is_hit(station.issued, station.registered, rule);
    let share = || is_hit(station.leader, station.found, rule);
    match which {
        Which::Turnout => turnout(),
        Which::Share => share(),
        Which::Either => turnout() || share(),
    }
}
