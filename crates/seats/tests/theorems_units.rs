//! Theorems where seats are given unit by unit, and those about votes that grow: each with its scope.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use recount_seats::{List, Lots, Outcome, Refusal, Rulebook, Tally, Total, Unit, run};

const HEAD: &str = r#"
schema = "recount-rulebook/1"
id = "x"
title = "x"
[units]
levels = ["national", "region", "district"]
[register]
district.seats = "as in the law"
[contest.lists]
kind = "list"
[quantity.list_votes]
sum = ["lists"]
[[stage]]
id = "in"
kind = "admit"
contest = "lists"
when = { share = { base = "list_votes", in = "SCOPE", at_least = "SHARE" } }
[[stage]]
id = "seats"
kind = "allocate"
contenders = "in"
contest = "lists"
"#;
const IN_UNITS: &str = "per = \"district\"\nseats = { from = \"district.seats\" }\n";
const DIVISORS: [&str; 5] = [
    "family = \"divisor\", rule = \"dhondt\"",
    "family = \"divisor\", rule = \"sainte_lague\"",
    "family = \"divisor\", rule = \"modified_sainte_lague\", first = \"7/5\"",
    "family = \"divisor\", rule = \"danish\"",
    "family = \"divisor\", rule = \"imperiali\"",
];
const HARE: &str = "family = \"quota\", quota = \"hare\", remainder = \"largest_fraction\"";

fn rulebook(scope: &str, share: &str, seats: &str, formula: &str) -> Rulebook {
    let head = HEAD.replace("SCOPE", scope).replace("SHARE", share);
    let text = format!("{head}{seats}formula = {{ {formula} }}\n");
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Votes by district and list, and seats by district.
type Poll = (Vec<Vec<u64>>, Vec<u64>);

fn tally((votes, seats): &Poll) -> Tally {
    let unit = |place: usize, level: &str, parent: Option<String>| Unit {
        id: format!("{}{place}", &level[..1]),
        level: level.into(),
        parent,
        ..Unit::default()
    };
    let mut units = vec![unit(0, "region", None), unit(1, "region", None)];
    units.extend((0..votes.len()).map(|place| unit(place, "district", Some(format!("r{}", place % 2)))));
    let total = |(place, votes): (usize, &Vec<u64>)| Total {
        contest: "lists".into(),
        unit: format!("d{place}"),
        votes: votes.iter().enumerate().map(|(list, votes)| (format!("L{list}"), *votes)).collect(),
        ..Total::default()
    };
    let lists = votes.first().map_or(0, Vec::len);
    Tally {
        schema: Tally::SCHEMA.to_owned(),
        units,
        lists: (0..lists).map(|p| List { id: format!("L{p}"), name: format!("L{p}"), ..List::default() }).collect(),
        totals: votes.iter().enumerate().map(total).collect(),
        register: (0..votes.len()).map(|p| (format!("d{p}"), BTreeMap::from([("seats".into(), seats[p])]))).collect(),
        nominees: Vec::new(),
        ballots: Vec::new(),
        missing: Vec::new(),
    }
}

fn outcome(rulebook: &Rulebook, poll: &Poll) -> Result<Outcome, Refusal> {
    run(rulebook, &tally(poll), &Lots::none())
}

fn poll() -> impl Strategy<Value = Poll> {
    (1usize..5, 1usize..6, prop_oneof![Just(12u64), Just(5_000), Just(1 << 58)]).prop_flat_map(
        |(districts, lists, most)| {
            (
                prop::collection::vec(prop::collection::vec(0..most, lists), districts),
                prop::collection::vec(0u64..9, districts),
            )
        },
    )
}

/// The order of a tally's parts, turned and reversed.
fn turned<T>(parts: &mut [T], by: usize) {
    let size = parts.len().max(1);
    parts.rotate_left(by % size);
    if by % 2 == 1 {
        parts.reverse();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_lists_units_and_totals_does_not_matter(poll in poll(), turn in prop::array::uniform3(0usize..9)) {
        let rulebook = rulebook("district", "10/100", IN_UNITS, DIVISORS[0]);
        let tally = tally(&poll);
        let mut other = tally.clone();
        turned(&mut other.lists, turn[0]);
        turned(&mut other.units, turn[1]);
        turned(&mut other.totals, turn[2]);
        let (one, two) = (run(&rulebook, &tally, &Lots::none()), run(&rulebook, &other, &Lots::none()));
        prop_assert_eq!(one.is_ok(), two.is_ok());
        if let (Ok(one), Ok(two)) = (one, two) {
            prop_assert_eq!(one, two);
        }
    }

    #[test]
    fn units_add_up_and_each_has_its_seats(poll in poll(), which in 0usize..5) {
        let Ok(outcome) = outcome(&rulebook("district", "5/100", IN_UNITS, DIVISORS[which]), &poll) else { return Ok(()) };
        prop_assert_eq!(outcome.house, poll.1.iter().sum::<u64>());
        let open: u64 = outcome.undetermined.iter().map(|tie| tie.seats).sum();
        prop_assert!(outcome.seats.values().sum::<u64>() + outcome.vacant + open >= outcome.house);
        if outcome.undetermined.is_empty() {
            let stage = outcome.stages.last().unwrap();
            for (unit, seats) in stage.units.iter().zip(&poll.1) {
                prop_assert_eq!(unit.seats.values().sum::<u64>() + unit.vacant, *seats);
            }
            for (list, seats) in &outcome.seats {
                prop_assert_eq!(stage.units.iter().filter_map(|unit| unit.seats.get(list.as_str())).sum::<u64>(), *seats);
            }
        }
    }

    #[test]
    fn a_unit_alone_has_the_seats_it_has_among_others(poll in poll(), which in 0usize..6) {
        let formula = DIVISORS.get(which).copied().unwrap_or(HARE);
        let rulebook = rulebook("district", "10/100", IN_UNITS, formula);
        let Ok(together) = outcome(&rulebook, &poll) else { return Ok(()) };
        if !together.undetermined.is_empty() {
            return Ok(());
        }
        for (place, unit) in together.stages.last().unwrap().units.iter().enumerate() {
            let single = (vec![poll.0[place].clone()], vec![poll.1[place]]);
            // Nobody may be admitted in a unit without votes: then it has no seats to give either.
            let Ok(alone) = outcome(&rulebook, &single) else { continue };
            let seats: BTreeMap<String, u64> = alone.seats.into_iter().filter(|(_, seats)| *seats > 0).collect();
            let unit_seats: BTreeMap<String, u64> = unit.seats.iter().map(|(id, seats)| (id.to_string(), *seats)).collect();
            prop_assert_eq!(&seats, &unit_seats);
        }
    }

    // Population monotonicity, for divisors in one tier without a threshold: a list that gains while no
    // other does keeps its seats; and of two lists, the one that grows does not lose to the one that shrinks.
    #[test]
    fn who_gains_votes_loses_no_seat(
        votes in prop::collection::vec(0u64..4_000, 2..7), which in 0usize..5, n in 1u64..30, more in 0u64..3_000, less in 0u64..3_000,
    ) {
        let rulebook = rulebook("national", "0/1", &format!("seats = {n}\n"), DIVISORS[which]);
        let mut after = votes.clone();
        after[0] += more;
        after[1] = after[1].saturating_sub(less);
        let (one, two) = (outcome(&rulebook, &(vec![votes], vec![0])), outcome(&rulebook, &(vec![after], vec![0])));
        if let (Ok(one), Ok(two)) = (one, two)
            && one.undetermined.is_empty()
            && two.undetermined.is_empty()
        {
            let lost = two.seats["L0"] < one.seats["L0"];
            let won = two.seats["L1"] > one.seats["L1"];
            prop_assert!(!lost && !won, "{:?} then {:?}", one.seats, two.seats);
        }
    }

    #[test]
    fn with_hare_votes_times_a_number_give_the_same_seats(
        votes in prop::collection::vec(0u64..4_000, 1..7), n in 1u64..30, k in 2u64..50,
    ) {
        let rulebook = rulebook("national", "3/100", &format!("seats = {n}\n"), HARE);
        let larger: Vec<u64> = votes.iter().map(|votes| votes * k).collect();
        let (one, two) = (outcome(&rulebook, &(vec![votes], vec![0])), outcome(&rulebook, &(vec![larger], vec![0])));
        prop_assert_eq!(one.map(|o| (o.seats, o.undetermined)).ok(), two.map(|o| (o.seats, o.undetermined)).ok());
    }
}
