//! The standardised fingerprint (Jiménez, Hidalgo and Klimek, Science Advances 3:e1602363, 2017): every station beside its
//! neighbours.
//!
//! Turnout and share are centred on the mean of the station's district and divided by its standard deviation. Regions with
//! levels of their own fall onto each other (Canada's two languages do), and what remains is how stations differ from their
//! neighbours. Honest neighbours differ to all sides; additions pull stations to the upper right alone.

use libm::sqrt;
use serde::{Deserialize, Serialize};

use crate::{
    Limits,
    number::{real, whole},
    table::{Station, members},
};

/// Cells along each side, from -4 to 4 standard deviations.
pub const SIDE: usize = 80;
/// Standard deviations shown to each side.
pub const REACH: f64 = 4.0;

/// Stations in cells of standardised turnout by standardised share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standardised {
    /// Stations of the cell `turnout * SIDE + share`.
    pub cells: Vec<u64>,
    /// Stations counted: those of districts with enough of them and some spread.
    pub stations: usize,
    /// Districts counted.
    pub districts: usize,
    /// Stations more than two standard deviations above their district in both percentages.
    pub high_high: usize,
    /// Stations more than two below in both.
    pub low_low: usize,
}

impl Limits for Standardised {
    const CANNOT_SHOW: &'static str = "Where all stations of a district were altered alike nothing sticks out, and hospitals \
         or barracks stick out honestly. A picture with two counts, not a test.";
}

/// Standardises every station within its district; districts of fewer than `at_least` stations are left out.
pub fn standardised(stations: &[Station], keys: &[u32], at_least: usize) -> Standardised {
    let mut found = Standardised { cells: vec![0; SIDE * SIDE], stations: 0, districts: 0, high_high: 0, low_low: 0 };
    for places in members(keys).into_values() {
        let own = places.iter().filter_map(|place| stations.get(*place)).filter(|s| s.registered > 0 && s.found > 0);
        let points: Vec<(f64, f64)> = own.map(|s| (s.turnout(), s.share())).collect();
        if points.len() < at_least.max(3) {
            continue;
        }
        let (turnout, share) = (scale(points.iter().map(|p| p.0)), scale(points.iter().map(|p| p.1)));
        if turnout.1 <= 0.0 || share.1 <= 0.0 {
            continue;
        }
        found.districts += 1;
        for (t, s) in points {
            found.add((t - turnout.0) / turnout.1, (s - share.0) / share.1);
        }
    }
    found
}

impl Standardised {
    fn add(&mut self, turnout: f64, share: f64) {
        let cell = |z: f64| whole(((z + REACH) / (2.0 * REACH) * real(SIDE)).max(0.0)).min(SIDE - 1);
        if let Some(count) = self.cells.get_mut(cell(turnout) * SIDE + cell(share)) {
            *count += 1;
        }
        self.stations += 1;
        self.high_high += usize::from(turnout > 2.0 && share > 2.0);
        self.low_low += usize::from(turnout < -2.0 && share < -2.0);
    }
}

fn scale(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = real(values.clone().count().max(1));
    let mean = values.clone().sum::<f64>() / count;
    (mean, sqrt(values.map(|v| (v - mean) * (v - mean)).sum::<f64>() / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_vanish_and_the_one_above_its_neighbours_stays() {
        let station =
            |turnout: u32, share: u32| Station { registered: 1000, issued: turnout, found: 1000, leader: share };
        let (mut stations, mut keys) = (Vec::new(), Vec::new());
        for (key, level) in [(0, 200), (1, 700)] {
            for place in 0..20 {
                let off = 5 * (place % 5);
                stations.push(station(level + off, level + 5 * ((place / 5) % 4)));
                keys.push(key);
            }
        }
        stations.push(station(300, 300));
        keys.push(0);
        let found = standardised(&stations, &keys, 10);
        assert_eq!((found.stations, found.districts, found.high_high, found.low_low), (41, 2, 1, 0));
        assert_eq!(found.cells.iter().sum::<u64>(), 41);
        assert_eq!(standardised(&stations, &keys, 100).stations, 0);
    }
}
