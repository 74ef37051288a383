//! The parts of a report that are made of several checks.

use super::{Accounts, DigitTests, Extreme, Input, Listed, Model, Overview, Region, Rounded, Rounding, Settings};
use crate::{
    Mask,
    controls::extremes,
    digits::{self, Request, leader_last_digit, second_digit},
    integer::{Rule, Test, Weight, Which, by_group, monte_carlo, robustness},
    klimek::{Grid, fit},
    random::Random,
    shpilkin::{Profile, Verdict, by_region, interval, shpilkin},
    simulate::Recipe,
    special::LogFactorial,
    table::{Station, members},
    work::Workers,
};

/// Percentages tested, the main one first.
const WHICH: [Which; 3] = [Which::Either, Which::Turnout, Which::Share];

pub(super) fn overview(input: &Input<'_>) -> Overview {
    let stations = &input.table.stations;
    let sum = |of: fn(&Station) -> u32| stations.iter().map(|s| u64::from(of(s))).sum();
    let mut sizes: Vec<u32> = stations.iter().map(|s| s.registered).collect();
    sizes.sort_unstable();
    let at = |place: usize| sizes.get(place).copied().unwrap_or(0);
    Overview {
        stations: stations.len(),
        registered: sum(|s| s.registered),
        issued: sum(|s| s.issued),
        found: sum(|s| s.found),
        leader_votes: sum(|s| s.leader),
        leader: input.table.lists.get(input.leader).map_or(String::new(), |list| list.name.clone()),
        sizes: (at(0), at(sizes.len() / 2), at(sizes.len().saturating_sub(1))),
    }
}

fn rounded(test: &Test, which: Which) -> Rounded {
    Rounded {
        which,
        stations: test.count(which),
        tail: test.tail(which),
        registered: test.weighted(which, Weight::Registered),
        registered_tail: test.weighted_tail(which, Weight::Registered),
        leader: test.weighted(which, Weight::Leader),
        leader_tail: test.weighted_tail(which, Weight::Leader),
    }
}

/// The integer test, with the stations that it tested.
pub(super) fn rounding(input: &Input<'_>, settings: &Settings, workers: &impl Workers) -> (Rounding, Test, Vec<usize>) {
    let table = input.table;
    let tested = Mask::published().apply(&table.stations);
    let tests = workers.map(2, &|place| {
        Test::new(&tested.stations, if place == 0 { Rule::whole_percent() } else { Rule::five_percent() })
    });
    let all = workers.map(6, &|place| tests.get(place / 3).map(|test| rounded(test, WHICH[place % 3])));
    let mut all = all.into_iter().flatten();
    let whole: Vec<Rounded> = all.by_ref().take(3).collect();
    let five: Vec<Rounded> = all.collect();
    let mut tests = tests.into_iter();
    let test = tests.next().unwrap_or_else(|| Test::new(&[], Rule::whole_percent()));
    let regions = by_group(&test, &table.region.pick(&tested.rows), Which::Either, settings.regions_from, settings.q);
    let keys = table.district.pick(&tested.rows);
    let mut districts = by_group(&test, &keys, Which::Either, settings.districts_from, settings.q);
    let districts_tested = districts.groups.len();
    districts.groups.retain(|group| group.flagged);
    let rule = Rule::whole_percent();
    let rounding = Rounding {
        tested: tested.stations.len(),
        excluded: tested.excluded,
        whole,
        five,
        robustness: robustness(&table.stations, rule, Which::Either, settings.alpha),
        regions,
        districts,
        districts_tested,
        drawn: monte_carlo(&tested.stations, rule, Which::Either, settings.draws, settings.seed),
    };
    (rounding, test, tested.rows)
}

pub(super) fn edges(stations: &[Station], listed: usize) -> Vec<Listed> {
    let found = extremes(stations);
    let all = [
        (Extreme::IssuedAboveRegistered, found.issued_above_registered),
        (Extreme::FoundAboveIssued, found.found_above_issued),
        (Extreme::LeaderAboveFound, found.leader_above_found),
        (Extreme::EveryoneVoted, found.everyone_voted),
        (Extreme::AllForLeader, found.all_for_leader),
        (Extreme::NobodyRegistered, found.nobody_registered),
        (Extreme::NothingFound, found.nothing_found),
    ];
    let one = |(kind, mut places): (Extreme, Vec<usize>)| {
        let count = places.len();
        places.truncate(listed);
        Listed { kind, count, places }
    };
    all.into_iter().map(one).collect()
}

/// Cells of two points of turnout and share.
const CELLS: u32 = 50;

pub(super) fn regions(input: &Input<'_>) -> Vec<Region> {
    let table = input.table;
    let one = |(key, places): (u32, Vec<usize>)| {
        let own: Vec<Station> = places.iter().filter_map(|place| table.stations.get(*place).copied()).collect();
        let sum = |of: fn(&Station) -> u32| own.iter().map(|s| u64::from(of(s))).sum::<u64>();
        let print = crate::fingerprint::fingerprint(&own, CELLS, false);
        let corner = crate::fingerprint::fingerprint(&own, 10, true).corner(90);
        let cells = (0_u32..).zip(&print.cells).filter(|(_, count)| **count > 0);
        Region {
            key,
            stations: own.len(),
            registered: sum(|s| s.registered),
            issued: sum(|s| s.issued),
            found: sum(|s| s.found),
            leader: sum(|s| s.leader),
            cells: cells.map(|(place, count)| (place / CELLS, place % CELLS, *count)).collect(),
            corner: corner.saturating_mul(1_000_000) / sum(|s| s.registered).max(1),
        }
    };
    members(&table.region.of).into_iter().map(one).collect()
}

/// Votes by turnout, among stations with fewer than 10,000 voters: the others are no ordinary stations.
pub fn accounts(input: &Input<'_>, settings: &Settings) -> Accounts {
    let mask = Mask { found_some: true, below: Some(10_000), at_least: 1, ..Mask::default() };
    let kept = mask.apply(&input.table.stations);
    let others: Vec<u32> = kept.stations.iter().map(|s| s.found.saturating_sub(s.leader)).collect();
    let profile = Profile::new(&kept.stations, &others, 100);
    let whole = shpilkin(&profile);
    let interval = match &whole.verdict {
        Verdict::Estimate { account, .. } => {
            let districts = input.table.district.pick(&kept.rows);
            interval(&kept.stations, &others, &districts, account.t0, 0.95, 2 * settings.draws, settings.seed ^ 3)
        }
        Verdict::Refused { .. } => None,
    };
    let keys = input.table.region.pick(&kept.rows);
    let regions = by_region(&kept.stations, &others, &keys, 100);
    Accounts { leader: profile.leader, others: profile.others, whole, interval, regions }
}

/// Stations drawn for each kind of the model.
const MODEL_DRAWS: usize = 40_000;

/// The model of Klimek and others over a grid, and the same on a clean election.
pub fn model(input: &Input<'_>, settings: &Settings, workers: &impl Workers) -> Model {
    let steps = |count: u32, step: f64| (0..=count).map(|k| f64::from(k) * step).collect::<Vec<f64>>();
    let alpha = vec![1.0, 1.5, 2.0, 2.5, 3.0];
    let grid = Grid { incremental: steps(50, 0.02), extreme: steps(30, 0.005), alpha };
    let mask = Mask { found_some: true, at_least: 100, not_everyone: true, ..Mask::default() };
    let used = mask.apply(&input.table.stations).stations;
    let fits = workers.map(2, &|place| {
        if place == 0 {
            return fit(&used, &grid, MODEL_DRAWS, settings.draws.min(100), settings.seed ^ 4);
        }
        let sizes: Vec<u32> = used.iter().map(|s| s.registered).collect();
        let facts = LogFactorial::up_to(sizes.iter().copied().max().unwrap_or(0));
        let mut random = Random::stream(settings.seed ^ 5, 0);
        let clean = mask.apply(&Recipe { rho: 0.4, ..Recipe::default() }.election(&sizes, &mut random, &facts));
        fit(&clean.stations, &grid, MODEL_DRAWS, 0, settings.seed ^ 4)
    });
    let mut fits = fits.into_iter();
    let (own, clean) = (fits.next(), fits.next());
    let control = clean.and_then(Result::ok).map(|fit| (fit.incremental, fit.extreme));
    match own {
        Some(Ok(fit)) => Model::Fitted { fit, control },
        Some(Err(refusal)) => Model::Refused { reason: refusal.to_string() },
        None => Model::Refused { reason: "it was not computed".to_owned() },
    }
}

/// The digit tests, each beside the same one on registered voters. They reject clean elections ([`crate::digits`]).
pub fn digit_tests(stations: &[Station]) -> DigitTests {
    let request = Request::knowing_that_clean_elections_fail();
    let of = |figure: fn(&Station) -> u32| stations.iter().map(figure);
    DigitTests {
        last: leader_last_digit(stations, request),
        second: digits::Controlled {
            figure: second_digit(of(|s| s.leader), request),
            registered: second_digit(of(|s| s.registered), request),
        },
        pairs: digits::last_pairs(of(|s| s.leader), request),
        pairs_registered: digits::last_pairs(of(|s| s.registered), request),
    }
}
