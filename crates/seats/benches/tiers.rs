//! How long elections in several tiers take, with their full trace. `cargo bench -p recount-seats --bench tiers`.
//!
//! Votes are made up, of the size of the real elections; the rulebooks are those that the repository ships.

#![allow(clippy::panic, reason = "a bench that cannot start says why")]

use std::collections::BTreeMap;

use recount_seats::{List, Lots, Rulebook, RunOptions, Tally, Total, Unit, run_with};

fn main() {
    divan::main();
}

/// Districts with lists of uneven strength: numbers that look like votes and never change.
fn tally(level: &str, districts: u64, lists: u64, seats: u64) -> Tally {
    let list = |place: u64| format!("list-{place:02}");
    let district = |place: u64| format!("district-{place:02}");
    let votes = |d: u64, l: u64| {
        400_000 / (l + 2) * (7 + (d * 31 + l * 17 + d * l * 13) % 23) / (10 + d % 5) + (d * 7_919 + l * 104_729) % 4_999
    };
    let mut register = BTreeMap::new();
    let mut totals = Vec::new();
    let mut units = vec![Unit { id: "all".into(), level: "national".into(), ..Unit::default() }];
    for d in 0..districts {
        units.push(Unit { id: district(d), level: level.into(), ..Unit::default() });
        let extra = u64::from(d < seats % districts);
        register.insert(district(d), BTreeMap::from([("seats".to_owned(), seats / districts + extra)]));
        totals.push(Total {
            contest: "lists".into(),
            unit: district(d),
            votes: (0..lists).map(|l| (list(l), votes(d, l))).collect(),
            lines: BTreeMap::from([("blank".to_owned(), 1_000 + d)]),
            ..Total::default()
        });
    }
    Tally {
        schema: Tally::SCHEMA.to_owned(),
        units,
        lists: (0..lists).map(|l| List { id: list(l), name: list(l), ..List::default() }).collect(),
        totals,
        register,
        nominees: Vec::new(),
        ballots: Vec::new(),
        missing: Vec::new(),
    }
}

fn rulebook(text: &str) -> Rulebook {
    Rulebook::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn measure(bencher: divan::Bencher<'_, '_>, rulebook: &Rulebook, tally: &Tally) {
    let options = RunOptions { assume_units_pass: false, readings: false, seat_margins: false };
    let outcome = run_with(rulebook, tally, &Lots::none(), &options).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(outcome.undetermined.is_empty(), "{:?}", outcome.undetermined);
    bencher.bench(|| run_with(rulebook, tally, &Lots::none(), &options));
}

/// Biproportional: 9 districts, 8 lists, 125 seats.
#[divan::bench]
fn zurich(bencher: divan::Bencher<'_, '_>) {
    let rulebook = rulebook(include_str!("../../../rulebooks/ch-zurich.toml"));
    measure(bencher, &rulebook, &tally("district", 9, 8, 125));
}

/// Three tiers: 19 districts, 20 lists, 150 and 19 seats.
#[divan::bench]
fn norway(bencher: divan::Bencher<'_, '_>) {
    let rulebook = rulebook(include_str!("../../../rulebooks/no-storting.toml"));
    measure(bencher, &rulebook, &tally("district", 19, 20, 150));
}

/// 52 districts, 12 lists, 350 seats.
#[divan::bench]
fn spain(bencher: divan::Bencher<'_, '_>) {
    let rulebook = rulebook(include_str!("../../../rulebooks/es-congreso.toml"));
    measure(bencher, &rulebook, &tally("district", 52, 12, 350));
}
