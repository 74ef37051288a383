//! The same stations at two elections: who jumped, and against whom.
//!
//! Changes of turnout and share are compared, in log odds, with the median change of the station's region and with the spread of
//! changes there; the counting noise of both elections is part of the spread. Flags are by Benjamini and Hochberg within
//! each percentage. They are effect sizes with a guard against luck, not a test of a cause: lists of voters change.

use libm::{log, sqrt};
use serde::{Deserialize, Serialize};

use crate::{
    Limits, benjamini_hochberg,
    dispersion::{Percentage, median},
    number::real,
    special::normal_upper,
    table::{Station, members},
};

/// One station in both elections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// Place of the station in the later election.
    pub place: usize,
    /// Key of its region or district.
    pub key: u32,
    /// The earlier figures.
    pub before: Station,
    /// The later figures.
    pub after: Station,
}

/// A station whose change differs from its neighbours'.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Jump {
    /// Place of the station in the later election.
    pub place: usize,
    /// Key of its region or district.
    pub key: u32,
    /// Percentage before and after.
    pub percent: (f64, f64),
    /// Median change of its neighbours, in log odds.
    pub usual: f64,
    /// Distance of its change from that, in spreads.
    pub z: f64,
}

/// Changes of one percentage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// Which percentage.
    pub percentage: Percentage,
    /// Stations compared.
    pub compared: usize,
    /// Median change over all stations, in percentage points.
    pub median: f64,
    /// Half of the stations changed by less than this around the median.
    pub spread: f64,
    /// The flagged stations, largest distance first.
    pub jumps: Vec<Jump>,
    /// False discovery rate.
    pub q: f64,
}

impl Limits for Changes {
    const CANNOT_SHOW: &'static str = "Stations are matched by their number alone: new borders, new voters' lists and new \
         barracks make jumps too, and what was altered at both elections alike makes none.";
}

fn logit(k: u32, n: u32) -> (f64, f64) {
    let (k, n) = (f64::from(k.min(n)) + 0.5, f64::from(n) + 1.0);
    let p = k / n;
    (log(p / (1.0 - p)), 1.0 / (n * p * (1.0 - p)))
}

/// Compares the changes within groups of at least `at_least` matched stations.
pub fn changes(matched: &[Matched], percentage: Percentage, at_least: usize, q: f64) -> Changes {
    let read = |one: &&Matched| percentage.of(one.before).1 > 0 && percentage.of(one.after).1 > 0;
    let used: Vec<&Matched> = matched.iter().filter(read).collect();
    let percent = |s: Station| {
        let (k, n) = percentage.of(s);
        100.0 * crate::number::ratio(k, n)
    };
    let points: Vec<f64> = used.iter().map(|one| percent(one.after) - percent(one.before)).collect();
    let middle = median(points.clone());
    let keys: Vec<u32> = used.iter().map(|one| one.key).collect();
    let mut jumps = Vec::new();
    for (key, places) in members(&keys).into_iter().filter(|(_, places)| places.len() >= at_least.max(3)) {
        let change = |place: &usize| {
            let one = used.get(*place)?;
            let ((k0, n0), (k1, n1)) = (percentage.of(one.before), percentage.of(one.after));
            let ((before, noise), (after, more)) = (logit(k0, n0), logit(k1, n1));
            Some((*one, after - before, noise + more))
        };
        let own: Vec<(&Matched, f64, f64)> = places.iter().filter_map(change).collect();
        let usual = median(own.iter().map(|(_, change, _)| *change).collect());
        let spread = 1.4826 * median(own.iter().map(|(_, change, _)| (change - usual).abs()).collect());
        jumps.extend(own.into_iter().map(|(one, change, noise)| Jump {
            place: one.place,
            key,
            percent: (percent(one.before), percent(one.after)),
            usual,
            z: (change - usual) / sqrt(spread * spread + noise),
        }));
    }
    let p: Vec<f64> = jumps.iter().map(|jump| 2.0 * normal_upper(jump.z.abs())).collect();
    let mut flagged = benjamini_hochberg(&p, q).flagged.into_iter();
    jumps.retain(|_| flagged.next().unwrap_or(false));
    jumps.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()).then(a.place.cmp(&b.place)));
    let spread = median(points.iter().map(|point| (point - middle).abs()).collect());
    Changes { percentage, compared: used.len(), median: middle, spread, jumps, q }
}

/// Share of the earlier election's stations that were matched.
pub fn matched_share(matched: usize, before: usize) -> f64 {
    real(matched) / real(before.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_jumped_is_found() {
        let station = |issued| Station { registered: 1000, issued, found: issued, leader: issued / 2 };
        let one = |place: u32| Matched {
            place: place as usize,
            key: 3,
            before: station(500 + place % 7),
            after: station(550 + (place * 5) % 11),
        };
        let mut all: Vec<Matched> = (0..40).map(one).collect();
        all[17].after = station(930);
        let found = changes(&all, Percentage::Turnout, 10, 0.05);
        assert_eq!(found.jumps.iter().map(|jump| jump.place).collect::<Vec<_>>(), [17]);
        assert!((found.median - 5.0).abs() < 1.0 && found.compared == 40);
        assert!(changes(&all, Percentage::Share, 10, 0.05).jumps.is_empty());
        assert!(changes(&all[..2], Percentage::Turnout, 10, 0.05).jumps.is_empty());
    }
}
