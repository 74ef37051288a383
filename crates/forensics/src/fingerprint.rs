//! The fingerprint of an election: stations by turnout and share on a grid (Klimek et al., PNAS 109:16469, 2012).

use serde::{Deserialize, Serialize};

use crate::{Limits, table::Station};

/// Stations (or registered voters) in cells of turnout by share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Cells along each side; 100 are whole percents.
    pub side: u32,
    /// Weight of the cell `turnout * side + share`.
    pub cells: Vec<u64>,
    /// Stations counted; those without registered voters or ballots have no percentage.
    pub stations: usize,
}

impl Limits for Fingerprint {
    const CANNOT_SHOW: &'static str = "It is a picture, not a test: mixed regions, small stations, barracks and hospitals \
         make comets and corners too.";
}

/// Counts stations in `side` by `side` cells, `floor(side k / n)` in integers, 100 % in the last cell.
pub fn fingerprint(stations: &[Station], side: u32, by_registered: bool) -> Fingerprint {
    let side = side.clamp(1, 1000);
    let mut cells = vec![0; side as usize * side as usize];
    let mut counted = 0;
    for station in stations.iter().filter(|s| s.registered > 0 && s.found > 0) {
        let cell =
            |k: u32, n: u32| usize::try_from(u64::from(side) * u64::from(k) / u64::from(n)).unwrap_or(usize::MAX);
        let last = side as usize - 1;
        let turnout = cell(station.issued, station.registered).min(last);
        let share = cell(station.leader, station.found).min(last);
        cells[turnout * side as usize + share] += if by_registered { u64::from(station.registered) } else { 1 };
        counted += 1;
    }
    Fingerprint { side, cells, stations: counted }
}

impl Fingerprint {
    /// The heaviest cell: its weight, and where it begins as (turnout, share) in cells. The first of equals.
    pub fn peak(&self) -> (u64, u32, u32) {
        let mut best = (0, 0, 0);
        for (place, weight) in (0_u32..).zip(&self.cells) {
            if *weight > best.0 {
                best = (*weight, place / self.side, place % self.side);
            }
        }
        best
    }

    /// Cells that hold anything.
    pub fn occupied(&self) -> usize {
        self.cells.iter().filter(|weight| **weight > 0).count()
    }

    /// Weight of the cells from `percent` up on both sides.
    pub fn corner(&self, percent: u32) -> u64 {
        let from = u64::from(percent) * u64::from(self.side) / 100;
        let inside = |place: u32| u64::from(place / self.side) >= from && u64::from(place % self.side) >= from;
        (0_u32..).zip(&self.cells).filter(|(place, _)| inside(*place)).map(|(_, weight)| weight).sum()
    }
}
