//! Theorems of apportionment as properties, each with its proper scope, and agreement with a slow
//! textbook version on big rationals.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "common/flat.rs"]
mod flat;
#[path = "theorems/textbook.rs"]
mod textbook;

use std::collections::BTreeSet;

use proptest::prelude::*;
use recount_seats::{Lot, Lots, Outcome, Refusal, Rulebook, Tally, run};

const DIVISORS: [&str; 7] = [
    "rule = \"dhondt\"",
    "rule = \"sainte_lague\"",
    "rule = \"modified_sainte_lague\", first = \"7/5\"",
    "rule = \"danish\"",
    "rule = \"imperiali\"",
    "rule = \"adams\"",
    "rule = \"huntington_hill\"",
];
const QUOTAS: [&str; 4] = ["hare", "droop", "hagenbach_bischoff", "imperiali"];

fn rulebook(formula: &str, seats: u64, more: &str) -> Rulebook {
    let text = format!(
        r#"
schema = "recount-rulebook/1"
id = "x"
title = "x"
[units]
levels = ["national"]
[contest.lists]
kind = "list"
[[stage]]
id = "seats"
kind = "allocate"
seats = {seats}
formula = {{ {formula} }}
{more}
"#
    );
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn divisor(which: usize) -> String {
    format!("family = \"divisor\", {}", DIVISORS[which])
}

fn quota(which: usize) -> String {
    format!("family = \"quota\", quota = \"{}\", rounding = \"exact\", remainder = \"largest_fraction\"", QUOTAS[which])
}

fn tally(votes: &[(String, u64)]) -> Tally {
    flat::tally(votes.iter().cloned())
}

fn named(votes: &[u64]) -> Vec<(String, u64)> {
    votes.iter().enumerate().map(|(place, votes)| (format!("L{place:03}"), *votes)).collect()
}

fn outcome(rulebook: &Rulebook, votes: &[u64]) -> Result<Outcome, Refusal> {
    run(rulebook, &tally(&named(votes)), &Lots::none())
}

fn seats(outcome: &Outcome) -> Vec<u64> {
    outcome.seats.values().copied().collect()
}

/// Seats to give in the open ties.
fn open(outcome: &Outcome) -> u64 {
    outcome.undetermined.iter().map(|tie| tie.seats).sum()
}

fn votes() -> impl Strategy<Value = Vec<u64>> {
    // Small figures make ties, large ones reach beyond 64 bits in every product.
    prop_oneof![
        prop::collection::vec(0u64..30, 1..8),
        prop::collection::vec(0u64..3_000_000, 1..12),
        prop::collection::vec(any::<u64>(), 1..8),
    ]
}

fn formula() -> impl Strategy<Value = String> {
    prop_oneof![(0usize..7).prop_map(divisor), (0usize..4).prop_map(quota)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn seats_ties_and_vacancies_make_the_house(votes in votes(), formula in formula(), n in 1u64..60) {
        if let Ok(outcome) = outcome(&rulebook(&formula, n, ""), &votes) {
            let given: u64 = seats(&outcome).iter().sum();
            let taken_back = outcome.undetermined.iter().any(|tie| format!("{:?}", tie.what) == "TakenBack");
            if !taken_back {
                prop_assert_eq!(given + open(&outcome) + outcome.vacant, n);
            }
            prop_assert_eq!(outcome.house, n);
            // Whoever has no vote has no seat.
            for ((_, seats), votes) in outcome.seats.iter().zip(&votes) {
                prop_assert!(*votes > 0 || *seats == 0);
            }
        }
    }

    #[test]
    fn names_and_order_do_not_matter(votes in votes(), formula in formula(), n in 1u64..40, turn in 0usize..8) {
        let rulebook = rulebook(&formula, n, "");
        let before = outcome(&rulebook, &votes).map(|outcome| seats(&outcome));
        // Other names, in another order.
        let size = votes.len();
        let renamed: Vec<(String, u64)> = (0..size)
            .map(|place| (place + turn) % size)
            .map(|place| (format!("Z{:03}", size - place), votes[place]))
            .collect();
        let after = run(&rulebook, &tally(&renamed), &Lots::none()).map(|outcome| {
            (0..size).map(|place| outcome.seats[&format!("Z{:03}", size - place)]).collect::<Vec<_>>()
        });
        prop_assert_eq!(before.is_ok(), after.is_ok());
        if let (Ok(before), Ok(after)) = (before, after) {
            prop_assert_eq!(before, after);
        }
    }

    #[test]
    fn divisors_do_not_mind_the_scale(
        votes in prop::collection::vec(0u64..1_000_000, 1..10), which in 0usize..7, n in 1u64..60, k in 2u64..999,
    ) {
        let rulebook = rulebook(&divisor(which), n, "");
        let larger: Vec<u64> = votes.iter().map(|votes| votes * k).collect();
        let (a, b) = (outcome(&rulebook, &votes), outcome(&rulebook, &larger));
        prop_assert_eq!(a.map(|o| (seats(&o), o.undetermined)).ok(), b.map(|o| (seats(&o), o.undetermined)).ok());
    }

    #[test]
    fn divisors_never_take_a_seat_from_a_larger_house(votes in votes(), which in 0usize..7, n in 1u64..60) {
        let small = outcome(&rulebook(&divisor(which), n, ""), &votes);
        let large = outcome(&rulebook(&divisor(which), n + 1, ""), &votes);
        if let (Ok(small), Ok(large)) = (small, large) {
            for (list, seats) in &small.seats {
                prop_assert!(large.seats[list] >= *seats, "{list}: {seats}, then {}", large.seats[list]);
            }
        }
    }

    #[test]
    fn hare_stays_within_the_quota(votes in votes(), n in 1u64..60) {
        if let Ok(outcome) = outcome(&rulebook(&quota(0), n, ""), &votes) {
            let total: u128 = votes.iter().map(|votes| u128::from(*votes)).sum();
            for (votes, seats) in votes.iter().zip(seats(&outcome)) {
                let exact = u128::from(*votes) * u128::from(n);
                prop_assert!(u128::from(seats) >= exact / total);
                prop_assert!(u128::from(seats) <= exact.div_ceil(total));
            }
        }
    }

    #[test]
    fn the_textbook_agrees(votes in votes(), which in 0usize..11, n in 1u64..40) {
        let formula = if which < 7 { divisor(which) } else { quota(which - 7) };
        let mine = outcome(&rulebook(&formula, n, ""), &votes);
        let theirs = if which < 7 {
            textbook::divisor(DIVISORS[which], &votes, n)
        } else {
            textbook::quota(QUOTAS[which - 7], &votes, n)
        };
        match (mine, theirs) {
            (Ok(mine), Some((seats, tied))) => {
                prop_assert_eq!(self::seats(&mine), seats);
                let between: BTreeSet<usize> = mine
                    .undetermined
                    .iter()
                    .flat_map(|tie| &tie.between)
                    .map(|id| id.trim_start_matches('L').parse().unwrap())
                    .collect();
                prop_assert_eq!(between, tied);
            }
            (Err(_), None) => {}
            (mine, theirs) => prop_assert!(false, "{mine:?} against {theirs:?}"),
        }
    }

    #[test]
    fn every_way_to_draw_a_tie_is_accepted_once(a in 1u64..9, b in 1u64..9, lists in 2usize..6, which in 0usize..7) {
        let mut votes = vec![a * b; lists];
        votes[0] *= 2;
        let rulebook = rulebook(&divisor(which), 4, "ties = [\"lot\"]");
        let Ok(open) = outcome(&rulebook, &votes) else { return Ok(()) };
        let Some(tie) = open.undetermined.first().cloned() else { return Ok(()) };
        let count = usize::try_from(tie.seats).unwrap();
        for first in 0..tie.between.len() {
            let drawn: Vec<String> =
                tie.between.iter().cycle().skip(first).take(count).cloned().collect();
            let lot = Lot {
                list: None, unit: None,
                stage: tie.stage.clone(),
                between: tie.between.iter().cloned().collect(),
                drawn: drawn.clone(),
            };
            let settled = run(&rulebook, &tally(&named(&votes)), &Lots::new(vec![lot])).unwrap();
            prop_assert!(settled.undetermined.is_empty());
            prop_assert_eq!(settled.seats.values().sum::<u64>(), 4);
            for list in &tie.between {
                prop_assert_eq!(settled.seats[list], tie.held[list] + u64::from(drawn.contains(list)));
            }
        }
    }

    #[test]
    fn the_largest_figures_end_in_seats_or_in_a_refusal(
        votes in prop::collection::vec(u64::MAX - 20.., 1..20), formula in formula(), n in 1u64..1_000,
    ) {
        if let Ok(outcome) = outcome(&rulebook(&formula, n, ""), &votes) {
            prop_assert!(seats(&outcome).iter().sum::<u64>() <= n);
        }
    }
}

#[test]
fn a_lot_for_no_tie_and_a_lot_that_changes_nothing_are_refused() {
    let lot = |between: &[&str], drawn: &[&str]| Lot {
        list: None,
        unit: None,
        stage: "seats".into(),
        between: between.iter().map(|list| (*list).to_owned()).collect(),
        drawn: drawn.iter().map(|list| (*list).to_owned()).collect(),
    };
    let by_lot = rulebook(&divisor(0), 3, "ties = [\"lot\"]");
    let with = |lots: Vec<Lot>| run(&by_lot, &tally(&named(&[300, 100])), &Lots::new(lots));
    assert!(with(vec![lot(&["L000", "L001"], &["L001"])]).is_ok());
    assert!(matches!(with(vec![lot(&["L000", "L001"], &["L009"])]), Err(Refusal::ForeignLot { .. })));
    assert!(matches!(with(vec![lot(&["L000", "L009"], &["L000"])]), Err(Refusal::ForeignLot { .. })));
    let no_tie = run(&by_lot, &tally(&named(&[300, 101])), &Lots::new(vec![lot(&["L000", "L001"], &["L001"])]));
    assert!(matches!(no_tie, Err(Refusal::SuperfluousLot { .. })));
    let unresolved = rulebook(&divisor(0), 3, "");
    let not_asked = run(&unresolved, &tally(&named(&[300, 100])), &Lots::new(vec![lot(&["L000", "L001"], &["L001"])]));
    assert!(matches!(not_asked, Err(Refusal::ForeignLot { .. })));
}

#[test]
fn a_tie_that_a_cap_wipes_out_is_not_asked() {
    // Three seats between B and C at 10 each are tied, but A is held at 1 and the rest is even.
    let text = "ties = [\"lot\"]\n[[stage]]\nid = \"cap\"\nkind = \"cap\"\nof = \"seats\"\nmax_seats = 1\n\
                redistribute = { stage = \"seats\", without = \"capped\" }\n";
    let rulebook = rulebook(&divisor(0), 3, text);
    let votes = named(&[25, 10, 10]);
    let outcome = run(&rulebook, &tally(&votes), &Lots::none()).unwrap();
    assert!(outcome.undetermined.is_empty(), "{:?}", outcome.undetermined);
    assert_eq!(seats(&outcome), [1, 1, 1]);
    assert_eq!(outcome.capped, ["L000"]);
    let lot = Lot {
        list: None,
        unit: None,
        stage: "seats".into(),
        between: BTreeSet::from(["L001".into(), "L002".into()]),
        drawn: vec!["L001".into()],
    };
    let refused = run(&rulebook, &tally(&votes), &Lots::new(vec![lot]));
    assert!(matches!(refused, Err(Refusal::SuperfluousLot { .. })), "{refused:?}");
}
