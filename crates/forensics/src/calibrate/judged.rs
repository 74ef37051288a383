//! One simulated election under any of the tests.

use super::{
    Check, Design,
    hits::{EITHER, Hits, SHARE, TURNOUT},
    spikes::has_spikes,
};
use crate::{
    Mask,
    digits::{Request, last_digit, last_pairs, second_digit},
    dispersion::{Percentage, agreement_in, usual_mask},
    slopes::{correlation, correlation_p},
    table::Station,
    twins::identical,
};

/// Stations of at least so many voters are looked through for twins.
pub(crate) const TWINS_FROM: u32 = 500;
/// Districts of at least so many stations are compared.
pub(crate) const DISTRICT_FROM: usize = 10;

/// One election.
pub(super) struct Judged<'a> {
    stations: &'a [Station],
    design: &'a Design,
    /// The stations of the published mask, by size: neighbours read the same rows.
    tested: Vec<Station>,
    pub(super) hits: Hits,
}

impl<'a> Judged<'a> {
    pub(super) fn new(stations: &'a [Station], design: &'a Design) -> Self {
        let by_size = design.by_size.iter().filter_map(|place| stations.get(*place)).copied();
        let tested: Vec<Station> = by_size.filter(|s| Mask::published().keeps(*s)).collect();
        let hits = Hits::of(&tested, &design.rows);
        Self { stations, design, tested, hits }
    }

    pub(super) fn rejects(&self, check: Check, alpha: f64) -> bool {
        let request = Request::knowing_that_clean_elections_fail();
        let leader = || self.stations.iter().map(|s| s.leader);
        match check {
            Check::IntegerEither => self.hits.rejects(EITHER, alpha),
            Check::IntegerTurnout => self.hits.rejects(TURNOUT, alpha),
            Check::IntegerShare => self.hits.rejects(SHARE, alpha),
            Check::AgreementTurnout => self.agrees(Percentage::Turnout, alpha),
            Check::AgreementShare => self.agrees(Percentage::Share, alpha),
            Check::SpikesTurnout => self.spikes(Percentage::Turnout, alpha),
            Check::SpikesShare => self.spikes(Percentage::Share, alpha),
            Check::Twins => identical(self.stations, TWINS_FROM).p < alpha,
            Check::LastDigit => last_digit(leader(), request).p < alpha,
            Check::SecondDigit => second_digit(leader(), request).p < alpha,
            Check::RepeatedPairs => last_pairs(leader(), request).p_repeated() < alpha,
            Check::Correlation => {
                // Of the tested stations, as published: the tiny ones are wild in both percentages at once, which looks like a tie.
                let (turnout, share): (Vec<f64>, Vec<f64>) =
                    self.tested.iter().map(|s| (s.turnout(), s.share())).unzip();
                correlation_p(correlation(&turnout, &share), turnout.len()) < alpha
            }
        }
    }

    fn agrees(&self, percentage: Percentage, q: f64) -> bool {
        agreement_in(self.stations, &self.design.districts, usual_mask(), percentage, DISTRICT_FROM, q).flagged > 0
    }

    /// Two percentages are looked at, each at half of the rate: as the report does it.
    fn spikes(&self, percentage: Percentage, q: f64) -> bool {
        has_spikes(self.tested.iter().map(|s| percentage.of(*s)), &self.design.rows, 0.5 * q)
    }
}
