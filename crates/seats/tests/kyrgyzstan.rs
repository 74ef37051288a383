//! 4 October 2020: the machine count as read out on 5 October at 11:00, through the rulebook that
//! ships.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::collections::BTreeMap;

use recount_seats::{
    Assumption, Lots, Missing, Move, Outcome, ReadingResult, Refusal, Rulebook, RunOptions, Tally, Total, Turning,
    Unit, run, run_with, what_missing_can_change,
};

const RULEBOOK: &str = include_str!("../../../rulebooks/kg-jk-2020.toml");
const VOTES: [(&str, u64); 16] = [
    ("birimdik", 487_685),
    ("mekenim", 475_372),
    ("kyrgyzstan", 174_317),
    ("butun", 141_940),
    ("mekenchil", 136_276),
    ("respublika", 115_288),
    ("ata-meken", 80_279),
    ("yiman-nuru", 66_747),
    ("bir-bol", 60_305),
    ("chon-kazat", 46_568),
    ("zamandash", 42_862),
    ("sotsial-demokraty", 42_460),
    ("reforma", 32_795),
    ("meken-yntymagy", 12_468),
    ("ordo", 4_395),
    ("afghan-veterans", 3_459),
];

fn rulebook() -> Rulebook {
    Rulebook::parse(RULEBOOK).unwrap()
}

fn total(unit: &str, votes: &[(&str, u64)], against_all: u64, took_part: u64) -> Total {
    Total {
        contest: "lists".to_owned(),
        unit: unit.to_owned(),
        votes: votes.iter().map(|(list, votes)| ((*list).to_owned(), *votes)).collect(),
        against_all: Some(against_all),
        lines: BTreeMap::from([("voters_took_part".to_owned(), took_part)]),
    }
}

fn unit(id: &str, level: &str) -> Unit {
    Unit { id: id.to_owned(), level: level.to_owned(), ..Unit::default() }
}

fn tally() -> Tally {
    Tally {
        schema: Tally::SCHEMA.to_owned(),
        units: vec![unit("kg", "national")],
        lists: VOTES
            .iter()
            .map(|(id, _)| recount_seats::List {
                id: (*id).to_owned(),
                name: (*id).to_owned(),
                ..recount_seats::List::default()
            })
            .collect(),
        totals: vec![total("kg", &VOTES, 35_714, 1_990_753)],
        register: BTreeMap::new(),
        nominees: Vec::new(),
        ballots: Vec::new(),
        missing: vec![Missing { unit: "kg".to_owned(), stations: 46, expected_voters: Some(46_000) }],
    }
}

/// Nine regions with a ninth of the votes each (the first takes what is left over), one abroad.
fn regions(tally: &mut Tally) {
    for region in 0..9u64 {
        let share = |votes: u64| votes / 9 + if region == 0 { votes % 9 } else { 0 };
        let votes: Vec<_> = VOTES.iter().map(|(list, votes)| (*list, share(*votes))).collect();
        let id = format!("region-{region}");
        tally.units.push(unit(&id, "region"));
        tally.totals.push(total(&id, &votes, share(35_714), share(1_990_753)));
    }
    let mut abroad = unit("abroad", "region");
    abroad.attributes.insert("abroad".to_owned(), "true".to_owned());
    tally.units.push(abroad);
    tally.totals.push(total("abroad", &[], 0, 0));
}

fn assumed() -> RunOptions {
    RunOptions { assume_units_pass: true, ..RunOptions::default() }
}

fn seats(outcome: &Outcome) -> Vec<(&str, u64)> {
    let mut seats: Vec<_> =
        outcome.seats.iter().filter(|(_, seats)| **seats > 0).map(|(l, s)| (l.as_str(), *s)).collect();
    seats.sort_by_key(|(list, seats)| (std::cmp::Reverse(*seats), *list));
    seats
}

const FOUR: [(&str, u64); 4] = [("birimdik", 46), ("mekenim", 45), ("kyrgyzstan", 16), ("butun", 13)];
const FIVE: [(&str, u64); 5] =
    [("birimdik", 41), ("mekenim", 40), ("kyrgyzstan", 15), ("butun", 12), ("mekenchil", 12)];

#[test]
fn the_parliament_of_that_morning() {
    let outcome = run_with(&rulebook(), &tally(), &Lots::none(), &assumed()).unwrap();
    assert_eq!(seats(&outcome), FOUR);
    assert_eq!((outcome.house, outcome.vacant, outcome.validity.void), (120, 0, false));
    assert!(outcome.notes.iter().any(|note| note.to_string().contains("assumed, not checked")), "{:?}", outcome.notes);
    let quota = outcome.stages.iter().find(|stage| stage.id == "seats").unwrap().quota.unwrap();
    assert_eq!((quota.num, quota.den), (1_279_314, 120));
}

#[test]
fn each_other_base_stands_beside_it() {
    let outcome = run_with(&rulebook(), &tally(), &Lots::none(), &assumed()).unwrap();
    let by_value: BTreeMap<_, _> = outcome.readings.iter().map(|r| (r.value.as_str(), r)).collect();
    let ReadingResult::Outcome(valid) = &by_value["valid"].result else { panic!() };
    assert_eq!((seats(valid), by_value["valid"].differs), (FOUR.to_vec(), false));
    let ReadingResult::Outcome(list_votes) = &by_value["list_votes"].result else { panic!() };
    assert_eq!((seats(list_votes), by_value["list_votes"].differs), (FIVE.to_vec(), true));
    assert!(by_value.contains_key("any region"));
}

#[test]
fn how_far_from_the_line() {
    let outcome = run_with(&rulebook(), &tally(), &Lots::none(), &assumed()).unwrap();
    let test = |list: &str| outcome.admission.iter().find(|admission| admission.list == list).unwrap().tests[0].clone();
    assert_eq!((test("butun").margin, test("butun").passed), (2_587, true));
    assert_eq!((test("mekenchil").margin, test("mekenchil").needed), (-3_077, 139_353));
    let margin = |list: &str, by: &Move| {
        let found = outcome
            .margins
            .iter()
            .find(|margin| margin.list == list && margin.by == *by && matches!(margin.turning, Turning::Test { .. }));
        found.unwrap().votes
    };
    assert_eq!(margin("mekenchil", &Move::GainedBaseFixed), Some(3_077));
    assert_eq!(margin("mekenchil", &Move::GainedNew), Some(3_309));
    assert_eq!(margin("butun", &Move::LostBaseFixed), Some(2_588));
    assert_eq!(margin("butun", &Move::OthersGainNew), Some(36_962));
}

#[test]
fn what_46_stations_can_still_change() {
    let possible = what_missing_can_change(&rulebook(), &tally()).unwrap();
    let can: Vec<_> = possible
        .iter()
        .filter(|possible| possible.can_turn == Some(true))
        .map(|possible| (possible.list.as_str(), possible.assumption, possible.needed.unwrap()))
        .collect();
    // Respublika would need 25,877 of 46,000 electors; Butun falls if 36,962 others take part.
    assert_eq!(
        can,
        [
            ("butun", Assumption::NoneForIt, 36_962),
            ("mekenchil", Assumption::AllForIt, 3_309),
            ("respublika", Assumption::AllForIt, 25_877),
        ]
    );
    let mut unknown = tally();
    unknown.missing[0].expected_voters = None;
    let possible = what_missing_can_change(&rulebook(), &unknown).unwrap();
    assert!(possible.iter().all(|possible| possible.can_turn != Some(true)));
    assert!(possible.iter().any(|possible| possible.can_turn.is_none()));
}

#[test]
fn the_regional_floor_is_checked_where_regions_are_there() {
    let mut tally = tally();
    regions(&mut tally);
    let outcome = run(&rulebook(), &tally, &Lots::none()).unwrap();
    assert_eq!(seats(&outcome), FOUR);
    assert!(outcome.notes.iter().all(|note| !note.to_string().contains("assumed")));
    let butun = outcome.admission.iter().find(|admission| admission.list == "butun").unwrap();
    assert_eq!(butun.tests.len(), 10, "the whole and nine regions, none abroad");

    // Move Butun's votes out of one region, and as many of another list the other way: out, though the whole and
    // those who took part in each region are the same.
    let of = |unit: &str| tally.totals.iter().position(|total| total.unit == unit).unwrap();
    let (from, to) = (of("region-3"), of("region-4"));
    let moved = tally.totals[from].votes["butun"] - 1_548;
    *tally.totals[from].votes.get_mut("butun").unwrap() -= moved;
    *tally.totals[to].votes.get_mut("butun").unwrap() += moved;
    // More votes in a region than took part there are refused.
    assert!(run(&rulebook(), &tally, &Lots::none()).unwrap_err().to_string().contains("region-4"));
    *tally.totals[from].votes.get_mut("birimdik").unwrap() += moved;
    *tally.totals[to].votes.get_mut("birimdik").unwrap() -= moved;
    let outcome = run(&rulebook(), &tally, &Lots::none()).unwrap();
    let butun = outcome.admission.iter().find(|admission| admission.list == "butun").unwrap();
    let failed: Vec<_> = butun.tests.iter().filter(|test| !test.passed).collect();
    assert_eq!((failed.len(), failed[0].unit.as_str(), failed[0].margin), (1, "region-3", -1));
    assert!(!butun.admitted);
    let any = outcome.readings.iter().find(|reading| reading.id == "regional-floor-any").unwrap();
    assert!(any.differs);
}

#[test]
fn what_is_not_there_is_refused() {
    let refused = |tally: &Tally| run(&rulebook(), tally, &Lots::none()).unwrap_err();
    assert!(matches!(refused(&tally()), Refusal::NoUnitTotals { .. }));

    let mut eight = tally();
    regions(&mut eight);
    eight.units.retain(|unit| unit.id != "region-8");
    eight.totals.retain(|total| total.unit != "region-8");
    assert!(matches!(refused(&eight), Refusal::UnitsMissing { found: 8, required: 9, .. }));

    let mut torn = tally();
    regions(&mut torn);
    *torn.totals[3].votes.get_mut("butun").unwrap() += 1;
    assert!(matches!(refused(&torn), Refusal::UnitsDoNotSum { whole: 141_940, parts: 141_941, .. }));

    let mut baseless = tally();
    regions(&mut baseless);
    baseless.totals[0].lines.clear();
    for total in &mut baseless.totals {
        total.lines.clear();
    }
    assert!(matches!(refused(&baseless), Refusal::BaseMissing { .. }));
}

#[test]
fn nobody_admitted_voids_this_election() {
    let mut tally = tally();
    for votes in tally.totals[0].votes.values_mut() {
        *votes = 1;
    }
    let outcome = run_with(&rulebook(), &tally, &Lots::none(), &assumed()).unwrap();
    assert!(outcome.validity.void);
    assert!(outcome.seats.values().all(|seats| *seats == 0));
}

#[test]
fn missing_stations_of_one_region_can_turn_its_floor() {
    let mut tally = tally();
    regions(&mut tally);
    tally.missing = vec![Missing { unit: "region-2".to_owned(), stations: 3, expected_voters: Some(2_000) }];
    let possible = recount_seats::what_missing_can_change_in_units(&rulebook(), &tally).unwrap();
    assert!(possible.iter().all(|own| own.unit != "kg"));
    assert!(possible.iter().filter(|own| own.unit != "region-2").all(|own| own.can_turn == Some(false)));
    let find = |list: &str, unit: &str| possible.iter().find(|own| own.list == list && own.unit == unit).unwrap();
    // 12,468 / 9 votes of 221,194 who took part: 1,385 of 1,549 needed; with k new ones (1,385 + k) / (221,194 + k).
    let close = find("meken-yntymagy", "region-2");
    assert_eq!((close.passes_now, close.needed, close.can_turn), (false, Some(165), Some(true)));
    assert_eq!(find("afghan-veterans", "region-2").can_turn, Some(true));
    let mut unplaced = tally.clone();
    unplaced.missing[0].unit = "nowhere".to_owned();
    let possible = recount_seats::what_missing_can_change_in_units(&rulebook(), &unplaced).unwrap();
    assert!(possible.iter().all(|own| own.available == 0 && own.can_turn != Some(true)));
    assert!(possible.iter().any(|own| own.can_turn.is_none()));
}
