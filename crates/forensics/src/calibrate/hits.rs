//! Whole percents of a simulated election against their null, station by station, so that a changed station costs only itself.

use super::rows::Rows;
use crate::{
    Mask,
    integer::{Rule, is_hit},
    special::normal_upper,
    table::Station,
};

/// Observed, mean and variance of the hits: turnout, share, either.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hits {
    pub(super) observed: [f64; 3],
    pub(super) mean: [f64; 3],
    pub(super) variance: [f64; 3],
}

impl Hits {
    /// Of the stations that the published mask keeps.
    pub(super) fn of<'a>(stations: impl IntoIterator<Item = &'a Station>, rows: &Rows) -> Self {
        let mut hits = Self::default();
        stations.into_iter().for_each(|station| hits.add(*station, 1.0, rows));
        hits
    }

    /// Adds (or takes away, with a sign of -1) what a station contributes.
    pub(super) fn add(&mut self, station: Station, sign: f64, rows: &Rows) {
        if !Mask::published().keeps(station) {
            return;
        }
        let rule = Rule::whole_percent();
        let turnout = is_hit(station.issued, station.registered, rule);
        let share = is_hit(station.leader, station.found, rule);
        let p = rows.hit_chance(station.issued, station.registered);
        let s = rows.hit_chance(station.leader, station.found);
        let all = [(turnout, p), (share, s), (turnout || share, p + s - p * s)];
        for (place, (hit, chance)) in all.into_iter().enumerate() {
            self.observed[place] += sign * f64::from(u8::from(hit));
            self.mean[place] += sign * chance;
            self.variance[place] += sign * chance * (1.0 - chance);
        }
    }

    /// Distance from the null in standard deviations, 0 where it has no spread.
    pub(super) fn z(&self, place: usize) -> f64 {
        let sd = libm::sqrt(self.variance[place].max(0.0));
        if sd > 1e-6 { (self.observed[place] - self.mean[place]) / sd } else { 0.0 }
    }

    /// Whether the test rejects.
    pub(super) fn rejects(&self, place: usize, alpha: f64) -> bool {
        self.variance[place] > 1e-12 && normal_upper(self.z(place)) < alpha
    }
}

/// Places of the three tests.
pub(super) const TURNOUT: usize = 0;
pub(super) const SHARE: usize = 1;
pub(super) const EITHER: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        integer::{Test, Which},
        random::Random,
        simulate::Recipe,
    };

    #[test]
    fn counts_are_those_of_the_exact_test() {
        let sizes: Vec<u32> = (0..3000).map(|place| 60 + 2 * place).collect();
        let rows = Rows::up_to(6100);
        let made = Recipe::default().election(&sizes, &mut Random::stream(3, 1), &rows.tables().facts);
        let hits = Hits::of(&made, &rows);
        let test = Test::new(&Mask::published().apply(&made).stations, Rule::whole_percent());
        for (place, which) in [(TURNOUT, Which::Turnout), (SHARE, Which::Share), (EITHER, Which::Either)] {
            let whole = test.count(which);
            assert!((hits.observed[place] - whole.observed as f64).abs() < 1e-9);
            assert!((hits.z(place) - whole.z).abs() < 1e-4, "{which:?}: {} {}", hits.z(place), whole.z);
        }
    }
}
