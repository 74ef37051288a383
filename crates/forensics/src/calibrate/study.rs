//! Calibration on the user's stations: clean elections first, then the same ones altered more and more.
//!
//! An altered election begins as a clean one; its stations are altered one after the other in a random order, so that 2 % of
//! them altered holds the 1 % altered before. Counts of the integer test are carried along instead of being computed anew, and
//! a whole study costs little more than its clean elections.

use super::{
    CONSERVATIVE, Calibrated, Check, Design, FRACTIONS, GREY, Plan, Standing,
    hits::{EITHER, Hits, SHARE, TURNOUT},
    judged::DISTRICT_FROM,
    wilson,
};
use crate::{
    dispersion::{Percentage, agreement_in, usual_mask},
    number::{real, whole},
    random::Random,
    simulate::{Alteration, Recipe},
    table::Station,
    work::{Alone, Workers},
};

/// Nominal level of all tests.
const ALPHA: f64 = 0.05;
/// Alterations whose detectable size is measured.
const ALTERED: [Alteration; 3] = [Alteration::RoundFive, Alteration::Stuff, Alteration::Steal];
/// Share of elections that must be rejected for an alteration to count as detectable.
const POWER: f64 = 0.8;

/// [`calibrate_with`] on one thread.
pub fn calibrate(sizes: &[u32], districts: &[u32], checks: &[Check], elections: u64, seed: u64) -> Vec<Calibrated> {
    calibrate_with(sizes, districts, checks, elections, seed, &Alone)
}

/// How many elections of each altered kind are simulated beside so many clean ones: a tenth, at least ten, and no more than
/// there are clean ones.
pub fn altered_elections(clean: u64) -> u64 {
    clean.div_ceil(10).max(10).min(clean)
}

/// Calibrates tests on the user's stations: `elections` clean elections, every second one with turnout and share going
/// together (rho 0.4), and [`altered_elections`] of each kind for the detectable size of the tests of rounding and
/// agreement.
pub fn calibrate_with(
    sizes: &[u32],
    districts: &[u32],
    checks: &[Check],
    elections: u64,
    seed: u64,
    workers: &impl Workers,
) -> Vec<Calibrated> {
    let plain = Design::new(sizes, districts, Recipe::default(), ALPHA);
    let together = plain.with(Recipe { rho: 0.4, ..Recipe::default() });
    let designs = [plain, together];
    let clean = usize::try_from(elections).unwrap_or(usize::MAX);
    let one = |number: usize| {
        let plan = Plan { seed, first: number as u64, count: 1, altered: None };
        designs[number % 2].run(plan, checks).rejected
    };
    let outcomes = workers.map(clean, &one);
    let count = usize::try_from(altered_elections(elections)).unwrap_or(usize::MAX);
    let cells = workers.map(count, &|number| altered(&designs[0], seed ^ 2, number as u64, checks));
    let result = |(place, check): (usize, &Check)| {
        let rejected = |from: usize| {
            let own = outcomes.iter().skip(from).step_by(2);
            (own.clone().filter_map(|o| o.get(place)).sum::<u64>(), own.count() as u64)
        };
        let (plain, together) = (rejected(0), rejected(1));
        let (all, total) = (plain.0 + together.0, plain.1 + together.1);
        let rate = |(rejected, of): (u64, u64)| rejected as f64 / of.max(1) as f64;
        let interval = wilson(all, total);
        let rates = (rate(plain), rate(together));
        Calibrated {
            check: *check,
            rate: rate((all, total)),
            interval,
            rates,
            elections: total,
            standing: standing(rate((all, total)), interval, rates),
            detects: if is_carried(*check) { detects(&cells, place) } else { Vec::new() },
        }
    };
    checks.iter().enumerate().map(result).collect()
}

/// Greyed where the rate is above the bound and chance does not explain it, or far above it under one of the recipes.
fn standing(rate: f64, interval: (f64, f64), rates: (f64, f64)) -> Standing {
    let worst = rates.0.max(rates.1);
    // In either case chance must not explain it: one or two rejections among a handful of elections are no rate.
    if (rate > GREY || worst > 0.2) && interval.0 > ALPHA {
        let percent = 100.0 * if rate > GREY { rate } else { worst };
        return Standing::Greyed {
            reason: format!("rejects {percent:.1} % of clean elections with these station sizes at nominal 5 %"),
        };
    }
    if rate < CONSERVATIVE { Standing::Conservative } else { Standing::Calibrated }
}

/// Whether a test's reach is measured.
fn is_carried(check: Check) -> bool {
    use Check::{AgreementShare, AgreementTurnout, IntegerEither, IntegerShare, IntegerTurnout};
    matches!(check, IntegerEither | IntegerTurnout | IntegerShare | AgreementTurnout | AgreementShare)
}

/// For each alteration the smallest fraction that is found often enough.
fn detects(cells: &[Vec<Vec<Vec<bool>>>], place: usize) -> Vec<(Alteration, Option<f64>)> {
    let of = |(kind, alteration): (usize, &Alteration)| {
        let own: Vec<&Vec<Vec<bool>>> = cells.iter().filter_map(|cell| cell.get(kind)).collect();
        let found = |step: usize| {
            let hits = own.iter().filter_map(|o| o.get(step)?.get(place).copied()).filter(|hit| *hit).count();
            real(hits) >= POWER * real(own.len().max(1))
        };
        let first = (0..FRACTIONS.len()).find(|step| found(*step));
        (*alteration, first.and_then(|step| FRACTIONS.get(step).copied()))
    };
    ALTERED.iter().enumerate().map(of).collect()
}

/// A clean election that is altered station by station.
#[derive(Clone)]
struct Growing<'a> {
    design: &'a Design,
    random: Random,
    stations: Vec<Station>,
    hits: Hits,
}

impl<'a> Growing<'a> {
    fn new(design: &'a Design, seed: u64, number: u64) -> Self {
        let mut random = Random::stream(seed, number);
        let stations = design.election(&mut random);
        let hits = Hits::of(design.by_size.iter().filter_map(|place| stations.get(*place)), &design.rows);
        Self { design, random, stations, hits }
    }

    /// Whether each test rejects at each of the fractions, the stations altered in this order.
    fn run(mut self, alteration: Alteration, order: &[usize], checks: &[Check]) -> Vec<Vec<bool>> {
        let mut done = 0;
        let mut found = Vec::with_capacity(FRACTIONS.len());
        for fraction in FRACTIONS {
            let upto = whole(fraction * real(order.len()) + 0.5).min(order.len());
            for place in order.get(done..upto).unwrap_or_default() {
                self.alter(*place, alteration);
            }
            done = upto.max(done);
            found.push(checks.iter().map(|check| self.rejects(*check)).collect());
        }
        found
    }

    fn alter(&mut self, place: usize, alteration: Alteration) {
        if let Some(station) = self.stations.get_mut(place) {
            self.hits.add(*station, -1.0, &self.design.rows);
            alteration.alter(station, &mut self.random);
            self.hits.add(*station, 1.0, &self.design.rows);
        }
    }

    fn rejects(&self, check: Check) -> bool {
        let agrees = |percentage| {
            let districts = &self.design.districts;
            agreement_in(&self.stations, districts, usual_mask(), percentage, DISTRICT_FROM, ALPHA).flagged > 0
        };
        match check {
            Check::IntegerTurnout => self.hits.rejects(TURNOUT, ALPHA),
            Check::IntegerShare => self.hits.rejects(SHARE, ALPHA),
            Check::IntegerEither => self.hits.rejects(EITHER, ALPHA),
            Check::AgreementTurnout => agrees(Percentage::Turnout),
            Check::AgreementShare => agrees(Percentage::Share),
            _ => false,
        }
    }
}

/// One clean election, altered in each of the ways from the same start and in the same order.
fn altered(design: &Design, seed: u64, number: u64, checks: &[Check]) -> Vec<Vec<Vec<bool>>> {
    let mut start = Growing::new(design, seed, number);
    let mut order: Vec<usize> = (0..start.stations.len()).collect();
    start.random.shuffle(&mut order);
    ALTERED.iter().map(|alteration| start.clone().run(*alteration, &order, checks)).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::Judged, *};

    #[test]
    fn one_thread_or_many_and_what_can_be_seen() {
        let sizes: Vec<u32> = (0..2000).map(|place| 300 + place % 1700).collect();
        let districts: Vec<u32> = (0..2000).map(|place| place / 40).collect();
        let checks = [Check::IntegerEither, Check::AgreementTurnout, Check::Correlation];
        let found = calibrate(&sizes, &districts, &checks, 40, 9);
        assert_eq!(found, calibrate(&sizes, &districts, &checks, 40, 9));
        assert!(found[0].rate < 0.2, "{found:?}");
        // Rounding is seen from a few percent of 2,000 stations, stuffing is not.
        let [round, stuff, _] = &found[0].detects[..] else { panic!("three alterations") };
        assert!(round.1.is_some_and(|fraction| fraction <= 0.1), "{found:?}");
        assert_eq!(stuff.1, None);
        assert_eq!(found[1].standing, Standing::Conservative);
        // Turnout and share that go together are no anomaly, and the correlation says they are.
        assert!(matches!(found[2].standing, Standing::Greyed { .. }) && found[2].detects.is_empty(), "{found:?}");
    }

    #[test]
    fn carried_counts_are_those_of_the_altered_election() {
        let sizes: Vec<u32> = (0..600).map(|place| 150 + place).collect();
        let design = Design::new(&sizes, &[], Recipe::default(), ALPHA);
        let mut growing = Growing::new(&design, 3, 0);
        for place in 0..300 {
            growing.alter(place, Alteration::Rewrite);
        }
        let judged = Judged::new(&growing.stations, &design);
        for place in [TURNOUT, SHARE, EITHER] {
            assert!((growing.hits.observed[place] - judged.hits.observed[place]).abs() < 1e-9);
            assert!((growing.hits.mean[place] - judged.hits.mean[place]).abs() < 1e-6);
            assert!((growing.hits.variance[place] - judged.hits.variance[place]).abs() < 1e-6);
        }
    }
}
