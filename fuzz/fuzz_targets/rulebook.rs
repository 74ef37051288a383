#![no_main]
//! A rulebook is read or refused with a place that lies in its text; one that was read is run on a tally made up from its own levels,
//! contests, bases and register, or on the one written behind a line `%%`. Whatever they are: no panic, and seats, vacant chairs and open
//! ties make the house.

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use recount_seats::{
    Candidate, ContestKind, List, Lots, Missing, Nominee, Outcome, Quantity, Rulebook, RunOptions, StepKind, Tally, Total, Unit, margins, run_with,
    what_missing_can_change, what_missing_can_change_in_units,
};

/// Numbers that are small, equal or huge, from the bytes of the text.
struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Numbers<'_> {
    fn next(&mut self) -> u64 {
        let byte = |at: usize| self.bytes.get(at % self.bytes.len().max(1)).copied().map_or(0, u64::from);
        let (a, b) = (byte(self.at), byte(self.at + 7));
        self.at += 3;
        match a % 8 {
            0 => 0,
            1 => u64::MAX >> (b % 8),
            2 => 100,
            _ => a * b,
        }
    }
}

fn facts(pairs: &[(&str, u64)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect()
}

fn lists(units: &[Unit], numbers: &mut Numbers<'_>) -> Vec<List> {
    let list = |place: usize, numbers: &mut Numbers<'_>| List {
        id: format!("L{place}"),
        name: format!("L{place}"),
        attributes: facts(&[("held", numbers.next() % 9), ("coalition_members", numbers.next() % 3), ("group", numbers.next() % 2)]),
        candidates: (0..numbers.next() % 4)
            .map(|candidate| Candidate {
                id: format!("c{place}-{candidate}"),
                name: "c".into(),
                unit: units.last().filter(|_| candidate % 2 == 1).map(|unit| unit.id.clone()),
                attributes: facts(&[("votes", numbers.next()), ("gender", candidate % 2)]),
                withdrawn: candidate == 2,
            })
            .collect(),
    };
    (0..4).map(|place| list(place, numbers)).collect()
}

/// The whole, and two units of each further level in each unit above; at most four levels.
fn units(rulebook: &Rulebook) -> (Vec<Unit>, Vec<String>) {
    let mut all: Vec<Unit> = Vec::new();
    let mut last: Vec<String> = Vec::new();
    for (depth, level) in rulebook.units.levels.iter().take(4).enumerate() {
        let parents = if depth == 0 { vec![None] } else { last.iter().flat_map(|parent| [Some(parent.clone()), Some(parent.clone())]).collect() };
        last.clear();
        for (place, parent) in parents.into_iter().enumerate() {
            let id = format!("u{depth}-{place}");
            let attributes = if place == 3 { BTreeMap::from([("abroad".into(), "true".into())]) } else { BTreeMap::new() };
            last.push(id.clone());
            all.push(Unit { id, level: level.clone(), parent, attributes });
        }
    }
    (all, last)
}

fn made_up(rulebook: &Rulebook, bytes: &[u8]) -> Tally {
    let mut numbers = Numbers { bytes, at: 0 };
    let (units, leaves) = units(rulebook);
    let lists = lists(&units, &mut numbers);
    let lines: Vec<&String> = rulebook
        .quantities
        .values()
        .filter_map(|quantity| match quantity {
            Quantity::Line { line, .. } => Some(line),
            Quantity::Sum(_) => None,
        })
        .collect();
    let (mut totals, mut nominees) = (Vec::new(), Vec::new());
    for (contest, kind) in rulebook.contests.iter().map(|(id, contest)| (id, contest.kind)).take(6) {
        for unit in &leaves {
            let mut votes: BTreeMap<String, u64> = lists.iter().map(|list| (list.id.clone(), numbers.next())).collect();
            if kind != ContestKind::List {
                for place in 0..numbers.next() % 4 {
                    let id = format!("n-{unit}-{place}");
                    votes.insert(id.clone(), numbers.next());
                    nominees.push(Nominee {
                        id,
                        name: "n".into(),
                        contest: contest.clone(),
                        unit: Some(unit.clone()).filter(|_| place != 2),
                        list: Some(format!("L{place}")).filter(|_| place != 1),
                        attributes: facts(&[("gender", place % 2)]),
                        withdrawn: numbers.next() % 9 == 0,
                    });
                }
            }
            let all = votes.values().fold(0u64, |sum, votes| sum.saturating_add(*votes));
            totals.push(Total {
                contest: contest.clone(),
                unit: unit.clone(),
                votes,
                against_all: Some(numbers.next() % 50),
                lines: lines.iter().map(|line| ((*line).clone(), all.saturating_add(numbers.next() % 100))).collect(),
            });
        }
    }
    let named = |unit: &Unit| rulebook.register.get(&unit.level).map(|names| (unit.id.clone(), names));
    let register = units.iter().filter_map(named).collect::<Vec<_>>();
    let register = register
        .into_iter()
        .map(|(unit, names)| (unit, names.keys().map(|name| (name.clone(), numbers.next() % 40)).collect()))
        .collect();
    let missing = leaves.iter().take(2).map(|unit| Missing { unit: unit.clone(), stations: 2, expected_voters: Some(numbers.next()) }).collect();
    Tally { schema: Tally::SCHEMA.to_owned(), units, lists, totals, register, nominees, ballots: Vec::new(), missing }
}

fn check(outcome: &Outcome) {
    let given: u64 = outcome.seats.values().fold(0, |sum, seats| sum.saturating_add(*seats));
    let open = outcome.undetermined.iter().any(|tie| !matches!(tie.what, StepKind::CandidateVotes | StepKind::Bonus));
    assert!(given.saturating_add(outcome.vacant) <= outcome.house || open, "{given} and {} of {}", outcome.vacant, outcome.house);
    assert!(!outcome.describe().is_empty());
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (text, behind) = text.split_once("\n%%\n").map_or((text, None), |(text, tally)| (text, Some(tally)));
    let rulebook = match Rulebook::parse(text) {
        Ok(rulebook) => rulebook,
        Err(error) => {
            if let Some(span) = error.span() {
                assert!(text.get(span).is_some());
            }
            return assert!(!error.to_string().is_empty());
        }
    };
    let tally = match behind.map(Tally::parse) {
        None => made_up(&rulebook, bytes),
        Some(Ok(tally)) => tally,
        Some(Err(refusal)) => return assert!(!refusal.to_string().is_empty()),
    };
    let options = RunOptions { assume_units_pass: true, ..RunOptions::default() };
    match run_with(&rulebook, &tally, &Lots::none(), &options) {
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
        Ok(outcome) => {
            check(&outcome);
            // Searches run many passes: only where one is short.
            if outcome.house < 200 && bytes.len() < 1_500 {
                let _ = margins(&rulebook, &tally);
            }
        }
    }
    let _ = what_missing_can_change(&rulebook, &tally);
    let _ = what_missing_can_change_in_units(&rulebook, &tally);
});
