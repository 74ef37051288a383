//! What each test does on clean elections with the user's own stations, and what it would detect there.
//!
//! To be run and shown *before* any p-value: most published tests reject clean elections. A test whose rate lies
//! above the bound is greyed, with the reason. Counts add up, so elections can be shared out among workers by
//! number and the result is the same ([`Counts::add`]).

use serde::{Deserialize, Serialize};

use crate::{
    Limits, Mask,
    digits::{Request, last_digit, last_pairs, second_digit},
    dispersion::{Percentage, agreement, usual_mask},
    integer::{Rule, Test, Which},
    random::Random,
    simulate::{Alteration, Recipe},
    slopes::{correlation, correlation_p},
    special::{LogFactorial, normal_upper},
    table::Station,
};

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
    pub const DEFAULT: [Self; 5] =
        [Self::IntegerEither, Self::IntegerTurnout, Self::IntegerShare, Self::AgreementTurnout, Self::AgreementShare];

    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::IntegerEither,
        Self::IntegerTurnout,
        Self::IntegerShare,
        Self::AgreementTurnout,
        Self::AgreementShare,
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
    districts: Vec<u32>,
    facts: LogFactorial,
    recipe: Recipe,
    /// Nominal level.
    pub alpha: f64,
}

impl Design {
    /// Stations of these sizes in these districts (one key a station; none if there are no districts).
    pub fn new(sizes: &[u32], districts: &[u32], recipe: Recipe, alpha: f64) -> Self {
        let facts = LogFactorial::up_to(sizes.iter().copied().max().unwrap_or(0));
        let districts = if districts.len() == sizes.len() { districts.to_vec() } else { Vec::new() };
        Self { sizes: sizes.to_vec(), districts, facts, recipe, alpha }
    }

    /// Simulates elections number `first..first + count` of a seed, altered if asked, and counts rejections.
    pub fn run(&self, plan: Plan, checks: &[Check]) -> Counts {
        let mut counts = Counts { checks: checks.to_vec(), rejected: vec![0; checks.len()], elections: 0, sum_z: 0.0 };
        for number in plan.first..plan.first.saturating_add(plan.count) {
            let mut random = Random::stream(plan.seed, number);
            let mut stations = self.recipe.election(&self.sizes, &mut random, &self.facts);
            if let Some((alteration, fraction)) = plan.altered {
                alteration.apply(&mut stations, fraction, &mut random);
            }
            let found = Judged::new(&stations, &self.districts);
            for (rejected, check) in counts.rejected.iter_mut().zip(checks) {
                *rejected += u64::from(found.rejects(*check, self.alpha));
            }
            counts.sum_z += found.integer.count(Which::Either).z;
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

/// One simulated election under all tests.
struct Judged<'a> {
    stations: &'a [Station],
    districts: &'a [u32],
    integer: Test,
}

impl<'a> Judged<'a> {
    fn new(stations: &'a [Station], districts: &'a [u32]) -> Self {
        let tested = Mask::published().apply(stations);
        Self { stations, districts, integer: Test::new(&tested.stations, Rule::whole_percent()) }
    }

    fn rejects(&self, check: Check, alpha: f64) -> bool {
        let integer = |which: Which| {
            let count = self.integer.count(which);
            count.sd > 0.0 && normal_upper(count.z) < alpha
        };
        let request = Request::knowing_that_clean_elections_fail();
        let leader = || self.stations.iter().map(|s| s.leader);
        match check {
            Check::IntegerEither => integer(Which::Either),
            Check::IntegerTurnout => integer(Which::Turnout),
            Check::IntegerShare => integer(Which::Share),
            Check::AgreementTurnout => self.agrees(Percentage::Turnout, alpha),
            Check::AgreementShare => self.agrees(Percentage::Share, alpha),
            Check::LastDigit => last_digit(leader(), request).p < alpha,
            Check::SecondDigit => second_digit(leader(), request).p < alpha,
            Check::RepeatedPairs => last_pairs(leader(), request).p_repeated() < alpha,
            Check::Correlation => {
                let used = self.stations.iter().filter(|s| s.registered > 0 && s.found > 0);
                let (turnout, share): (Vec<f64>, Vec<f64>) = used.map(|s| (s.turnout(), s.share())).unzip();
                correlation_p(correlation(&turnout, &share), turnout.len()) < alpha
            }
        }
    }

    fn agrees(&self, percentage: Percentage, alpha: f64) -> bool {
        let tested = usual_mask().apply(self.stations);
        let keys: Vec<u32> = tested.rows.iter().filter_map(|row| self.districts.get(*row).copied()).collect();
        agreement(&tested.stations, &keys, percentage, 10, alpha).flagged > 0
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
    /// Share of clean elections rejected, the worst of the recipes tried.
    pub rate: f64,
    /// 95 % interval of that rate (Wilson).
    pub interval: (f64, f64),
    /// How it may be shown.
    pub standing: Standing,
    /// Smallest fraction of stations, of those tried, at which at least 80 % of elections are rejected.
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

/// Calibrates tests on the user's stations: clean elections without and with correlation of turnout and share
/// (rho 0 and 0.4), `elections` each, and a fifth as many for every altered cell.
pub fn calibrate(sizes: &[u32], districts: &[u32], checks: &[Check], elections: u64, seed: u64) -> Vec<Calibrated> {
    const ALPHA: f64 = 0.05;
    let design = |rho: f64| Design::new(sizes, districts, Recipe { rho, ..Recipe::default() }, ALPHA);
    let plain = design(0.0);
    let clean =
        [plain.run(Plan::clean(seed, elections), checks), design(0.4).run(Plan::clean(seed ^ 1, elections), checks)];
    let altered = [Alteration::Stuff, Alteration::Steal, Alteration::RoundFive];
    let cell = |alteration: Alteration, fraction: f64| {
        let plan =
            Plan { seed: seed ^ 2, first: 0, count: elections.div_ceil(5), altered: Some((alteration, fraction)) };
        (fraction, plain.run(plan, checks))
    };
    let powers: Vec<(Alteration, Vec<(f64, Counts)>)> =
        altered.into_iter().map(|a| (a, FRACTIONS.into_iter().map(|f| cell(a, f)).collect())).collect();
    let one = |(place, check): (usize, &Check)| {
        let worst = clean.iter().max_by_key(|counts| counts.rejected.get(place).copied());
        let (rejected, total) =
            worst.map_or((0, 0), |counts| (counts.rejected.get(place).copied().unwrap_or(0), counts.elections));
        let rate = rejected as f64 / total.max(1) as f64;
        let detect = |cells: &Vec<(f64, Counts)>| {
            cells.iter().find(|(_, counts)| counts.rate(*check) >= 0.8).map(|(fraction, _)| *fraction)
        };
        Calibrated {
            check: *check,
            rate,
            interval: wilson(rejected, total),
            standing: standing(rate),
            detects: powers.iter().map(|(alteration, cells)| (*alteration, detect(cells))).collect(),
        }
    };
    checks.iter().enumerate().map(one).collect()
}

fn standing(rate: f64) -> Standing {
    if rate > GREY {
        let percent = 100.0 * rate;
        return Standing::Greyed {
            reason: format!("rejects {percent:.1} % of clean elections with these station sizes at nominal 5 %"),
        };
    }
    if rate < CONSERVATIVE { Standing::Conservative } else { Standing::Calibrated }
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
