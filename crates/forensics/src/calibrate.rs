//! What each test does on clean elections with the user's own stations, and what it would detect there.
//!
//! To be run and shown *before* any p-value: most published tests reject clean elections. A test whose rate lies
//! above the bound is greyed, with the reason. Counts add up, so elections can be shared out among workers by
//! number and the result is the same ([`Counts::add`]).

use serde::{Deserialize, Serialize};

use std::sync::Arc;

use crate::{
    Limits,
    random::Random,
    simulate::{Alteration, Recipe},
    table::{Station, members},
};

mod hits;
mod judged;
mod rows;
mod spikes;
mod study;

use judged::Judged;
use rows::Rows;
pub use study::{altered_elections, calibrate, calibrate_with};

/// A test that can be calibrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Whole percents in turnout or share.
    IntegerEither,
    /// Whole percents in turnout.
    IntegerTurnout,
    /// Whole percents in share.
    IntegerShare,
    /// Any district whose stations agree too well in turnout.
    AgreementTurnout,
    /// Any district whose stations agree too well in share.
    AgreementShare,
    /// Any tenth of a percent of turnout that holds too many stations.
    SpikesTurnout,
    /// Any tenth of a percent of share that holds too many stations.
    SpikesShare,
    /// Stations with the same four figures.
    Twins,
    /// Last digit of the leader's votes.
    LastDigit,
    /// Second digit of the leader's votes after Benford.
    SecondDigit,
    /// Repeated last pairs of the leader's votes.
    RepeatedPairs,
    /// Correlation of turnout and share.
    Correlation,
}

impl Check {
    /// The tests that are shown without being asked for.
    pub const DEFAULT: [Self; 8] = [
        Self::IntegerEither,
        Self::IntegerTurnout,
        Self::IntegerShare,
        Self::SpikesTurnout,
        Self::SpikesShare,
        Self::AgreementTurnout,
        Self::AgreementShare,
        Self::Twins,
    ];

    /// The tests that reject clean elections, offered on request.
    pub const DIGITS: [Self; 4] = [Self::LastDigit, Self::SecondDigit, Self::RepeatedPairs, Self::Correlation];

    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::IntegerEither,
        Self::IntegerTurnout,
        Self::IntegerShare,
        Self::SpikesTurnout,
        Self::SpikesShare,
        Self::AgreementTurnout,
        Self::AgreementShare,
        Self::Twins,
        Self::LastDigit,
        Self::SecondDigit,
        Self::RepeatedPairs,
        Self::Correlation,
    ];
}

/// Rejections among simulated elections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// The tests, in the order asked for.
    pub checks: Vec<Check>,
    /// Rejections of each.
    pub rejected: Vec<u64>,
    /// Elections simulated.
    pub elections: u64,
    /// Sum of the z of the integer test (either), whose mean must be 0.
    pub sum_z: f64,
}

impl Counts {
    /// Adds the counts of other elections of the same design; `false`, and nothing added, if the tests differ.
    pub fn add(&mut self, other: &Self) -> bool {
        if self.checks != other.checks {
            return false;
        }
        for (own, other) in self.rejected.iter_mut().zip(&other.rejected) {
            *own += other;
        }
        self.elections += other.elections;
        self.sum_z += other.sum_z;
        true
    }

    /// The rate of one test, 0 if it was not asked for.
    pub fn rate(&self, check: Check) -> f64 {
        let place = self.checks.iter().position(|own| *own == check);
        let rejected = place.and_then(|place| self.rejected.get(place)).copied().unwrap_or(0);
        rejected as f64 / self.elections.max(1) as f64
    }
}

/// The user's stations as a design for simulated elections.
#[derive(Debug, Clone)]
pub struct Design {
    sizes: Vec<u32>,
    /// Places by size, then as given.
    by_size: Vec<usize>,
    districts: Vec<(u32, Vec<usize>)>,
    rows: Arc<Rows>,
    recipe: Recipe,
    /// Nominal level.
    pub alpha: f64,
}

impl Design {
    /// Stations of these sizes in these districts (one key a station; none if there are no districts).
    pub fn new(sizes: &[u32], districts: &[u32], recipe: Recipe, alpha: f64) -> Self {
        let rows = Arc::new(Rows::up_to(sizes.iter().copied().max().unwrap_or(0)));
        let mut by_size: Vec<usize> = (0..sizes.len()).collect();
        by_size.sort_by_key(|place| sizes.get(*place));
        let districts =
            if districts.len() == sizes.len() { members(districts).into_iter().collect() } else { Vec::new() };
        Self { sizes: sizes.to_vec(), by_size, districts, rows, recipe, alpha }
    }

    /// The same stations with another recipe.
    #[must_use]
    pub fn with(&self, recipe: Recipe) -> Self {
        Self { recipe, ..self.clone() }
    }

    /// Draws a clean election.
    fn election(&self, random: &mut Random) -> Vec<Station> {
        self.recipe.election(&self.sizes, random, &self.rows.tables().facts)
    }

    /// Simulates elections number `first..first + count` of a seed, altered if asked, and counts rejections.
    pub fn run(&self, plan: Plan, checks: &[Check]) -> Counts {
        let mut counts = Counts { checks: checks.to_vec(), rejected: vec![0; checks.len()], elections: 0, sum_z: 0.0 };
        for number in plan.first..plan.first.saturating_add(plan.count) {
            let mut random = Random::stream(plan.seed, number);
            let mut stations = self.election(&mut random);
            if let Some((alteration, fraction)) = plan.altered {
                alteration.apply(&mut stations, fraction, &mut random);
            }
            let found = Judged::new(&stations, self);
            for (rejected, check) in counts.rejected.iter_mut().zip(checks) {
                *rejected += u64::from(found.rejects(*check, self.alpha));
            }
            counts.sum_z += found.hits.z(hits::EITHER);
            counts.elections += 1;
        }
        counts
    }
}

/// Which elections to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Seed.
    pub seed: u64,
    /// Number of the first election.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// Alteration of a fraction of the stations, `None` for clean elections.
    pub altered: Option<(Alteration, f64)>,
}

impl Plan {
    /// `count` clean elections.
    pub fn clean(seed: u64, count: u64) -> Self {
        Self { seed, first: 0, count, altered: None }
    }
}

/// How a test may be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its rate is near the nominal one.
    Calibrated,
    /// It rejects clean elections less often than it may: a finding is the stronger, silence the weaker.
    Conservative,
    /// It rejects clean elections too often on these stations: shown grey, never as a finding.
    Greyed {
        /// Why, with the rate.
        reason: String,
    },
}

/// One test's behaviour on the user's stations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibrated {
    /// The test.
    pub check: Check,
    /// Share of clean elections rejected at nominal 5 %, over both recipes.
    pub rate: f64,
    /// 95 % interval of that rate (Wilson).
    pub interval: (f64, f64),
    /// The rate where turnout and share are independent, and where they go together (rho 0.4).
    pub rates: (f64, f64),
    /// Clean elections simulated.
    pub elections: u64,
    /// How it may be shown.
    pub standing: Standing,
    /// Smallest fraction of stations, of those tried, at which at least 80 % of elections are rejected; empty for tests whose
    /// reach was not measured.
    pub detects: Vec<(Alteration, Option<f64>)>,
}

impl Limits for Calibrated {
    const CANNOT_SHOW: &'static str = "Rates hold for the simulated kinds of clean and altered elections; real ones \
         differ, and \"no anomaly\" does not mean clean.";
}

/// Above this rate of clean elections rejected at nominal 5 % a test is greyed.
pub const GREY: f64 = 0.09;
/// Below this rate it is called conservative.
pub const CONSERVATIVE: f64 = 0.02;

/// Fractions of stations tried for the detectable size.
pub const FRACTIONS: [f64; 6] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/// Wilson's 95 % interval for a rate.
pub fn wilson(rejected: u64, elections: u64) -> (f64, f64) {
    let (n, z) = (elections.max(1) as f64, 1.959_963_984_540_054);
    let p = rejected as f64 / n;
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * libm::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

/// Sizes as plain numbers, for a table's stations.
pub fn sizes(stations: &[Station]) -> Vec<u32> {
    stations.iter().map(|s| s.registered).collect()
}

/// Mean z of the integer test over elections, and its standard error.
pub fn mean_z(counts: &Counts) -> (f64, f64) {
    let count = counts.elections.max(1) as f64;
    (counts.sum_z / count, 1.0 / libm::sqrt(count))
}
