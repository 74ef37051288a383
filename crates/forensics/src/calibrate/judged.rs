//! One simulated election under any of the tests.

use super::Check;
use crate::{
    Mask,
    digits::{Request, last_digit, last_pairs, second_digit},
    dispersion::{Percentage, agreement_in, usual_mask},
    integer::{Rule, Test, Which},
    slopes::{correlation, correlation_p},
    special::normal_upper,
    spectrum::has_spikes,
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
    districts: &'a [(u32, Vec<usize>)],
    tested: Vec<Station>,
    integer: std::cell::OnceCell<Test>,
}

impl<'a> Judged<'a> {
    pub(super) fn new(stations: &'a [Station], districts: &'a [(u32, Vec<usize>)]) -> Self {
        let tested = Mask::published().apply(stations).stations;
        Self { stations, districts, tested, integer: std::cell::OnceCell::new() }
    }

    pub(super) fn integer(&self) -> &Test {
        self.integer.get_or_init(|| Test::new(&self.tested, Rule::whole_percent()))
    }

    pub(super) fn rejects(&self, check: Check, alpha: f64) -> bool {
        let integer = |which: Which| {
            let count = self.integer().count(which);
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
        agreement_in(self.stations, self.districts, usual_mask(), percentage, DISTRICT_FROM, q).flagged > 0
    }

    fn spikes(&self, percentage: Percentage, q: f64) -> bool {
        has_spikes(&self.tested, percentage, q)
    }
}
