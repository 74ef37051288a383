//! Everything at once: calibration first, then every default test, and a ranked list of places to look.
//!
//! [`report`] reads a [`Table`] and gives a [`Report`]: plain data, from which pages, tables and JSON are made elsewhere. It follows
//! the order of an honest report: what was asked and of which data, what was left out, how the tests behave on clean
//! elections with these very stations, what was found in stations and votes with its interval, how the finding moves with
//! the choices made, how many tests were looked at, and which stations to ask documents for. A report ranks *protocols to ask
//! for*; it accuses nobody.

mod findings;
mod parts;
mod ranking;
mod run;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    between::{Changes, Matched},
    calibrate::Calibrated,
    comet::{Cleanness, Core},
    digits::{Controlled, Pairs},
    dispersion::Agreement,
    fingerprint::Fingerprint,
    heaping::Heaps,
    integer::{Drawn, Excess, Groups, Robustness, Which},
    klimek,
    mask::Exclusion,
    mixture,
    neighbours::{Outliers, SizeEffect},
    outside::Outside,
    pairs::Compared,
    poisson_binomial::Tail,
    shpilkin::{Regions, Shpilkin},
    slopes::Slopes,
    spectrum::Spectrum,
    standard::Standardised,
    table::{Station, Table},
    twins::{Edits, Identical},
};

pub use findings::{Figure, Finding, Topic, Verdict};
pub use parts::{accounts, digit_tests, model};
pub use ranking::{Ranked, Reason};
pub use run::report;

/// The schema of a report as JSON.
pub const SCHEMA: &str = "recount-forensics/1";

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The stations, their regions and districts, and every list.
    pub table: &'a Table,
    /// Place of the list whose votes are `leader` in the table's stations.
    pub leader: usize,
    /// A name for each station, as the source numbers it.
    pub stations: &'a [String],
    /// Ballots issued early, where the protocol has them.
    pub early: Option<&'a [u32]>,
    /// Ballots issued outside the station, where the protocol has them.
    pub outside: Option<&'a [u32]>,
    /// The same stations at an earlier election.
    pub before: Option<&'a [Matched]>,
    /// Two counts of the same ballots, compared, with the names of the columns.
    pub compared: Option<(&'a Compared, &'a [String])>,
}

/// Where the figures come from, for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Subject {
    /// The election.
    pub title: String,
    /// File, or record and size.
    pub source: String,
    /// SHA-256 of the file, or the root of the record, in hexadecimal.
    pub hash: String,
    /// Rows or stations before any exclusion.
    pub rows: u64,
    /// Which lines of the protocol are which figure: (figure, lines).
    pub figures: Vec<(String, String)>,
    /// What was left out before any test, and how many rows.
    pub left_out: Vec<(String, u64)>,
}

/// How it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Clean elections simulated for the calibration.
    pub elections: u64,
    /// Draws of the published Monte Carlo, of bootstraps and of permutations.
    pub draws: usize,
    /// Level of single tests.
    pub alpha: f64,
    /// False discovery rate within a family.
    pub q: f64,
    /// Least number of stations of a region that is tested.
    pub regions_from: usize,
    /// Least number of stations of a district that is tested for round figures.
    pub districts_from: usize,
    /// Digit tests too.
    pub digits: bool,
    /// The mixture of the eforensics class too.
    pub mixture: bool,
    /// Most entries of each list.
    pub listed: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            elections: 200,
            draws: 100,
            alpha: 0.05,
            q: 0.05,
            regions_from: 50,
            districts_from: 20,
            digits: false,
            mixture: false,
            listed: 100,
        }
    }
}

/// Sums over the stations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Stations in the table.
    pub stations: usize,
    /// Registered voters.
    pub registered: u64,
    /// Ballots issued.
    pub issued: u64,
    /// Ballots found.
    pub found: u64,
    /// Votes of the list looked at.
    pub leader_votes: u64,
    /// Name of that list.
    pub leader: String,
    /// Smallest, median and largest number of registered voters of a station.
    pub sizes: (u32, u32, u32),
}

/// Hits of the integer test in stations and in votes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rounded {
    /// Which percentage.
    pub which: Which,
    /// In stations.
    pub stations: Excess,
    /// Exact tail of that.
    pub tail: Tail,
    /// Weighted by registered voters.
    pub registered: Excess,
    /// Saddlepoint tail of that.
    pub registered_tail: Tail,
    /// Weighted by the leader's votes.
    pub leader: Excess,
    /// Saddlepoint tail of that.
    pub leader_tail: Tail,
}

/// The test of integer and round percentages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rounding {
    /// Stations tested.
    pub tested: usize,
    /// Stations left out by the published mask.
    pub excluded: Vec<Exclusion>,
    /// Whole percents: either, turnout, share.
    pub whole: Vec<Rounded>,
    /// Multiples of five percent: either, turnout, share.
    pub five: Vec<Rounded>,
    /// The test at 100, 300 and 500 voters (either).
    pub robustness: Robustness,
    /// By region (either).
    pub regions: Groups,
    /// By district (either): the flagged ones.
    pub districts: Groups,
    /// Districts tested.
    pub districts_tested: usize,
    /// The published Monte Carlo beside the exact moments (either).
    pub drawn: Drawn,
}

/// A kind of figure that cannot be, or stands at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extreme {
    /// More ballots issued than voters registered.
    IssuedAboveRegistered,
    /// More ballots found than issued.
    FoundAboveIssued,
    /// More votes for the leader than ballots found.
    LeaderAboveFound,
    /// Everyone registered took a ballot.
    EveryoneVoted,
    /// Every ballot found is for the leader.
    AllForLeader,
    /// Nobody is registered.
    NobodyRegistered,
    /// No ballot was found.
    NothingFound,
}

impl Extreme {
    /// Whether the figures contradict each other.
    pub fn is_impossible(self) -> bool {
        matches!(self, Self::IssuedAboveRegistered | Self::FoundAboveIssued | Self::LeaderAboveFound)
    }
}

/// Stations of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The kind.
    pub kind: Extreme,
    /// How many there are.
    pub count: usize,
    /// The first of them.
    pub places: Vec<usize>,
}

/// One region's figures and its picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Its key.
    pub key: u32,
    /// Stations.
    pub stations: usize,
    /// Registered voters.
    pub registered: u64,
    /// Ballots issued.
    pub issued: u64,
    /// Ballots found.
    pub found: u64,
    /// Votes of the list looked at.
    pub leader: u64,
    /// Stations by turnout and share in cells of two points: (turnout, share, stations).
    pub cells: Vec<(u32, u32, u64)>,
    /// Registered voters at stations of 90 % and more in both, per million of the region's.
    pub corner: u64,
}

/// The accounting of votes by turnout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accounts {
    /// The whole: estimate or refusal, and the curve over the reference point.
    pub whole: Shpilkin,
    /// Leader's and others' votes by percent of turnout.
    pub leader: Vec<u64>,
    /// Others' votes by percent of turnout.
    pub others: Vec<u64>,
    /// Interval of the estimate from whole districts drawn again; none where it was refused.
    pub interval: Option<(f64, f64)>,
    /// Region by region.
    pub regions: Regions,
}

/// The model of Klimek and others, or why it was not fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Fitted, with the same fit to a clean simulated election beside it where that could be made.
    Fitted {
        /// The fit.
        fit: klimek::Fit,
        /// Fractions (incremental, extreme) that the fit finds in a clean election with these stations.
        control: Option<(f64, f64)>,
    },
    /// Refused.
    Refused {
        /// Why.
        reason: String,
    },
}

/// Digit tests with their negative control.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DigitTests {
    /// Last digit of the leader's votes and of registered voters.
    pub last: Controlled,
    /// Second digit of the leader's votes and of registered voters.
    pub second: Controlled,
    /// Last pairs of the leader's votes.
    pub pairs: Pairs,
    /// Last pairs of registered voters.
    pub pairs_registered: Pairs,
}

/// A way of voting that is hard to observe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Before the day.
    Early,
    /// Outside the station.
    Outside,
}

/// A station that a list of the report names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its name in the source.
    pub name: String,
    /// Key of its region.
    pub region: u32,
    /// Key of its district.
    pub district: u32,
    /// Its figures.
    pub figures: Station,
}

/// The whole report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// Where the figures come from.
    pub subject: Subject,
    /// How it was looked at.
    pub settings: Settings,
    /// Sums.
    pub overview: Overview,
    /// Names of regions, by key.
    pub regions_named: Vec<String>,
    /// Names of districts, by key.
    pub districts_named: Vec<String>,
    /// Names of lists.
    pub lists_named: Vec<String>,
    /// The stations that a list below names.
    pub stations_named: BTreeMap<usize, Named>,
    /// What the tests do on clean elections with these stations, and what they would detect.
    pub calibration: Vec<Calibrated>,
    /// What was found, test by test.
    pub findings: Vec<Finding>,
    /// Integer and round percentages.
    pub rounding: Rounding,
    /// Spikes in turnout and in share.
    pub spikes: Vec<Spectrum>,
    /// The same bins among stations of at least 500 voters: stations too many, and their z; turnout, share.
    pub spikes_large: Vec<(f64, f64)>,
    /// Districts that agree too well, in turnout and in share; the most uniform ones are listed.
    pub agreement: Vec<Agreement>,
    /// Stations with the same four figures.
    pub twins: Identical,
    /// Stations whose results differ by one digit.
    pub edits: Edits,
    /// Lists that get one vote here and two there, hardly ever none.
    pub heaps: Heaps,
    /// Figures that cannot be, or stand at the edge.
    pub extremes: Vec<Listed>,
    /// Stations by turnout and share.
    pub fingerprint: Fingerprint,
    /// The same, each beside its neighbours.
    pub standardised: Standardised,
    /// Region by region.
    pub regions: Vec<Region>,
    /// Votes by turnout.
    pub accounts: Accounts,
    /// The core of the cloud of stations, and whether it may stand for the clean part.
    pub core: Option<(Core, Cleanness)>,
    /// The model of Klimek and others.
    pub model: Model,
    /// How votes move with turnout.
    pub slopes: Slopes,
    /// Small stations against large ones of the same districts: turnout, share.
    pub sizes: (SizeEffect, SizeEffect),
    /// Stations that differ from their district: turnout, share.
    pub outliers: (Outliers, Outliers),
    /// Voting early and outside the station.
    pub outside: Vec<(Way, Outside)>,
    /// Changes since an earlier election: turnout, share.
    pub between: Vec<Changes>,
    /// Two counts of the same ballots, with the names of the columns.
    pub compared: Option<(Compared, Vec<String>)>,
    /// Digit tests, where asked for.
    pub digits: Option<DigitTests>,
    /// The mixture, where asked for: stations drawn for it, and the fit if there is one.
    pub mixture: Option<(usize, Option<mixture::Fit>)>,
    /// Where to look first.
    pub ranking: Vec<Ranked>,
}

impl Report {
    /// The calibration of one test.
    pub fn calibrated(&self, check: crate::calibrate::Check) -> Option<&Calibrated> {
        self.calibration.iter().find(|own| own.check == check)
    }

    /// The name of a region.
    pub fn region(&self, key: u32) -> &str {
        self.regions_named.get(key as usize).map_or("", String::as_str)
    }

    /// The name of a district.
    pub fn district(&self, key: u32) -> &str {
        self.districts_named.get(key as usize).map_or("", String::as_str)
    }
}
