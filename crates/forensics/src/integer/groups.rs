//! The test in every region or district, judged together.

use serde::{Deserialize, Serialize};

use super::{Excess, Test, Weight, Which};
use crate::{
    Limits, benjamini_hochberg,
    poisson_binomial::{Tail, upper_tail_unbounded},
    special::normal_upper,
    table::members,
};

/// One region or district.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Its key.
    pub key: u32,
    /// Stations tested in it.
    pub stations: usize,
    /// Hits against the null.
    pub excess: Excess,
    /// Upper tail of the normal approximation: too small in small groups, shown for comparison only.
    pub p_normal: f64,
    /// Exact upper tail.
    pub tail: Tail,
    /// Flagged by Benjamini and Hochberg on the exact tails.
    pub flagged: bool,
    /// Flagged by the same on the normal tails.
    pub flagged_normal: bool,
}

/// All groups with enough stations, in order of their keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    /// The groups.
    pub groups: Vec<Group>,
    /// Least number of stations of a group.
    pub at_least: usize,
    /// False discovery rate.
    pub q: f64,
    /// Groups left out for having fewer stations.
    pub too_small: usize,
}

impl Limits for Groups {
    const CANNOT_SHOW: &'static str = "A region that is not flagged is not thereby clean: fewer stations see less, and \
         only rounded figures are seen at all.";
}

/// Tests every group of at least `at_least` stations. `keys` has one key for each station of the test.
pub fn by_group(test: &Test, keys: &[u32], which: Which, at_least: usize, q: f64) -> Groups {
    let all = members(keys);
    let total = all.len();
    let mut exact = Vec::new();
    let mut groups = Vec::new();
    for (key, places) in all.into_iter().filter(|(_, places)| places.len() >= at_least.max(1)) {
        let excess = test.over(which, Weight::Stations, places.iter().copied());
        let observed = places.iter().filter(|place| test.hits(which, **place)).count();
        exact.push(upper_tail_unbounded(&test.chances(which, places.iter().copied()), observed));
        let tail = test.tail_over(which, &places);
        let p_normal = normal_upper(excess.z);
        let stations = places.len();
        groups.push(Group { key, stations, excess, p_normal, tail, flagged: false, flagged_normal: false });
    }
    let flagged = benjamini_hochberg(&exact, q).flagged;
    let normal: Vec<f64> = groups.iter().map(|group| group.p_normal).collect();
    let flagged_normal = benjamini_hochberg(&normal, q).flagged;
    for (group, (exact, normal)) in groups.iter_mut().zip(flagged.into_iter().zip(flagged_normal)) {
        group.flagged = exact;
        group.flagged_normal = normal;
    }
    let too_small = total - groups.len();
    Groups { groups, at_least, q, too_small }
}
