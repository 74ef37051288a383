//! Two simpler counts of round percentages, for comparison with what others publish.

use serde::{Deserialize, Serialize};

use crate::{Limits, number::ratio, table::Station};

/// The estimate of the Cedar group (2024): hits in an asymmetric window against the rest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Geometric {
    /// Stations with more than 100 registered voters.
    pub stations: usize,
    /// Hits in excess of what the rest leads to expect.
    pub excess: f64,
    /// The same as a percentage of the stations.
    pub percent: f64,
}

impl Limits for Geometric {
    const CANNOT_SHOW: &'static str = "It assumes that percentages fall evenly within a percent at every station, which \
         small stations do not; it has no sampling error and hence no test.";
}

/// Turnout is R/N and share W/R. A station is inside when the fraction of a percent of either is below 0.2 or
/// above 0.9; the excess is the count inside less `(1 - 0.7^2) / 0.7^2` times the count outside, both among
/// stations below 99 % in turnout and share.
pub fn geometric_excess(stations: &[Station]) -> Geometric {
    let (mut all, mut inside, mut outside) = (0_usize, 0_u64, 0_u64);
    for station in stations.iter().filter(|s| s.registered > 100) {
        all += 1;
        let below = |part: u32, whole: u32| 100 * u64::from(part) < 99 * u64::from(whole);
        if !(below(station.found, station.registered) && below(station.leader, station.found)) {
            continue;
        }
        if in_window(station.found, station.registered) || in_window(station.leader, station.found) {
            inside += 1;
        } else {
            outside += 1;
        }
    }
    let excess = inside as f64 - (1.0 - 0.49) / 0.49 * outside as f64;
    let percent = if all == 0 { 0.0 } else { 100.0 * excess / all as f64 };
    Geometric { stations: all, excess, percent }
}

/// Deliberately in floating point, as published: the fractions 0.2 and 0.9 are shared by many stations, and
/// on which side a float puts them moves the estimate by more than a hundred stations.
fn in_window(part: u32, whole: u32) -> bool {
    let rest = ratio(part, whole) % 0.01;
    whole > 0 && !(0.002..=0.009).contains(&rest)
}

/// Stations whose turnout, and whose share, prints as `percent` (within 0.05 percentage points).
pub fn near_multiple(stations: &[Station], percent: u32) -> (usize, usize) {
    let near = |k: u32, n: u32| {
        let (k, n) = (100 * i128::from(k), i128::from(n));
        n > 0 && 20 * (k - i128::from(percent) * n).abs() <= n
    };
    let turnout = stations.iter().filter(|s| near(s.issued, s.registered)).count();
    let share = stations.iter().filter(|s| near(s.leader, s.found)).count();
    (turnout, share)
}
