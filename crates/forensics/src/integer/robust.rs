//! Does a finding survive among stations of 500 voters and more?

use serde::{Deserialize, Serialize};

use super::{Excess, Rule, Test, Which};
use crate::{Limits, Mask, poisson_binomial::Tail, table::Station};

/// The test among stations of at least so many voters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Least number of registered voters.
    pub at_least: u32,
    /// Stations tested.
    pub stations: usize,
    /// Hits against the null.
    pub excess: Excess,
    /// Exact upper tail.
    pub tail: Tail,
}

/// The test at 100, 300 and 500 voters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Robustness {
    /// One entry a level, from the smallest stations up.
    pub levels: Vec<Level>,
    /// Whether the tail is below `alpha` at every level: only then may a finding be called robust.
    pub robust: bool,
    /// The bound used for `robust`.
    pub alpha: f64,
}

impl Limits for Robustness {
    const CANNOT_SHOW: &'static str = "A finding that fades among large stations may come from the coarse fractions of \
         small ones; one that stays still says nothing about who rounded.";
}

/// Repeats the test at 100, 300 and 500 voters.
pub fn robustness(stations: &[Station], rule: Rule, which: Which, alpha: f64) -> Robustness {
    let level = |at_least: u32| {
        let tested = Mask::published_from(at_least).apply(stations);
        let test = Test::new(&tested.stations, rule);
        Level { at_least, stations: tested.stations.len(), excess: test.count(which), tail: test.tail(which) }
    };
    let levels = [100, 300, 500].map(level).to_vec();
    let robust = levels.iter().all(|level| level.stations > 0 && level.tail.p < alpha);
    Robustness { levels, robust, alpha }
}
