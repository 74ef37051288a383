//! Margins against brute force: one vote after the other until something changes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "common/flat.rs"]
mod flat;

use proptest::prelude::*;
use recount_seats::{Exactness, Lots, Margin, Move, Outcome, Rulebook, Tally, Turning, margins, run};

fn rulebook(formula: &str, share: &str, base: &str, seats: u64) -> Rulebook {
    let text = format!(
        r#"
schema = "recount-rulebook/1"
id = "x"
title = "x"
[units]
levels = ["national"]
[contest.lists]
kind = "list"
[quantity.took_part]
line = "took_part"
[quantity.list_votes]
sum = ["lists"]
[[stage]]
id = "admitted"
kind = "admit"
when = {{ share = {{ base = "{base}", in = "national", {share} }} }}
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
seats = {seats}
formula = {{ {formula} }}
"#
    );
    Rulebook::parse(&text).unwrap()
}

fn tally(votes: &[u64], took_part: u64) -> Tally {
    let mut tally = flat::tally(votes.iter().enumerate().map(|(place, votes)| (format!("L{place}"), *votes)));
    tally.totals[0].lines.insert("took_part".into(), took_part);
    tally
}

/// The votes and the base after a move, if it can be made.
fn moved(votes: &[u64], base: u64, list: usize, by: &Move, count: u64) -> Option<(Vec<u64>, u64)> {
    let mut votes = votes.to_vec();
    let other = |id: &str| id.trim_start_matches('L').parse::<usize>().unwrap();
    let mut base = base;
    match by {
        Move::GainedBaseFixed => votes[list] += count,
        Move::GainedNew => {
            votes[list] += count;
            base += count;
        }
        Move::LostBaseFixed => votes[list] = votes[list].checked_sub(count)?,
        Move::LostBaseFalls => {
            votes[list] = votes[list].checked_sub(count)?;
            base -= count;
        }
        Move::OthersGainNew => base += count,
        Move::MovedFrom(id) => {
            votes[other(id)] = votes[other(id)].checked_sub(count)?;
            votes[list] += count;
        }
        Move::MovedTo(id) => {
            votes[list] = votes[list].checked_sub(count)?;
            votes[other(id)] += count;
        }
        Move::PapersChanged => panic!("nothing is ranked"),
    }
    Some((votes, base))
}

fn outcome(rulebook: &Rulebook, votes: &[u64], base: u64) -> Option<Outcome> {
    run(rulebook, &tally(votes, base), &Lots::none()).ok()
}

fn seats(rulebook: &Rulebook, votes: &[u64], base: u64, list: &str) -> u64 {
    outcome(rulebook, votes, base).map_or(0, |outcome| outcome.seats[list])
}

fn turned(rulebook: &Rulebook, votes: &[u64], base: u64, margin: &Margin, count: u64) -> Option<bool> {
    let list = margin.list.trim_start_matches('L').parse().unwrap();
    let now = seats(rulebook, votes, base, &margin.list);
    let (votes, base) = moved(votes, base, list, &margin.by, count)?;
    Some(match &margin.turning {
        Turning::GainsSeat => seats(rulebook, &votes, base, &margin.list) > now,
        Turning::LosesSeat => seats(rulebook, &votes, base, &margin.list) < now,
        Turning::Test { meets, .. } => {
            let share = |v: u64| u128::from(v) * 100 >= u128::from(base) * 15;
            share(votes[list]) == *meets
        }
        _ => panic!("one share of the whole has a closed form"),
    })
}

/// A margin is right if its number turns and no smaller one does.
fn check(rulebook: &Rulebook, votes: &[u64], base: u64) {
    if outcome(rulebook, votes, base).is_none() {
        return;
    }
    for margin in margins(rulebook, &tally(votes, base)).unwrap() {
        let Some(count) = margin.votes else { continue };
        assert!(count > 0, "{margin:?}");
        assert_eq!(turned(rulebook, votes, base, &margin, count), Some(true), "{margin:?} {votes:?} {base}");
        if margin.exactness == Exactness::Exact {
            for fewer in 1..count {
                let early = turned(rulebook, votes, base, &margin, fewer);
                assert_ne!(early, Some(true), "{fewer} of {margin:?} {votes:?} {base}");
            }
        }
    }
}

const FORMULAS: [&str; 7] = [
    "family = \"divisor\", rule = \"dhondt\"",
    "family = \"divisor\", rule = \"sainte_lague\"",
    "family = \"divisor\", rule = \"huntington_hill\"",
    "family = \"divisor\", rule = \"modified_sainte_lague\", first = \"7/5\"",
    "family = \"quota\", quota = \"hare\", rounding = \"exact\", remainder = \"largest_fraction\"",
    "family = \"quota\", quota = \"hagenbach_bischoff\", rounding = \"exact\", remainder = \"largest_fraction\"",
    "family = \"quota\", quota = \"droop\", rounding = \"exact\", remainder = \"largest_fraction\"",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_smaller_move_does_it(
        votes in prop::collection::vec(0u64..60, 2..5),
        extra in 0u64..10,
        seats in 1u64..8,
        formula in 0usize..7,
        line in any::<bool>(),
    ) {
        let base = votes.iter().sum::<u64>() + extra;
        let name = if line { "took_part" } else { "list_votes" };
        let rulebook = rulebook(FORMULAS[formula], "at_least = \"0/1\"", name, seats);
        check(&rulebook, &votes, base);
    }

    #[test]
    fn no_smaller_move_crosses_the_line(
        votes in prop::collection::vec(0u64..60, 2..6),
        extra in 0u64..40,
        seats in 1u64..8,
        formula in 0usize..7,
    ) {
        let base = votes.iter().sum::<u64>() + extra;
        let rulebook = rulebook(FORMULAS[formula], "at_least = \"15/100\"", "took_part", seats);
        check(&rulebook, &votes, base);
    }
}

#[test]
fn the_last_seat_of_a_small_council() {
    let rulebook = rulebook(FORMULAS[0], "at_least = \"0/1\"", "list_votes", 3);
    // Quotients 60, 30, 20 and 29: the third seat is L0's second, one vote above L1's first.
    let margins = margins(&rulebook, &tally(&[60, 29], 89)).unwrap();
    let find = |list: &str, turning: Turning, by: Move| {
        margins.iter().find(|m| m.list == list && m.turning == turning && m.by == by).and_then(|m| m.votes)
    };
    // L0 holds three quotients 60, 30, 20 against 29: seats 2 and 1.
    assert_eq!(find("L1", Turning::LosesSeat, Move::LostBaseFalls), Some(9));
    assert_eq!(find("L0", Turning::GainsSeat, Move::GainedNew), Some(28));
    assert_eq!(find("L0", Turning::GainsSeat, Move::MovedFrom("L1".into())), Some(7));
}
