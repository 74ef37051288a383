//! Portugal: ties under the rulebook that `docs/rulebooks.md` writes. The result of 10 March 2024 itself is among
//! those of the shipped rulebooks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_seats::{Lots, Outcome, Rulebook, StepKind, Tally, run};

const RULEBOOK: &str = include_str!("../../../rulebooks/pt-ar.toml");
const TALLY: &str = include_str!("../../../rulebooks/tallies/pt-ar-2024.json");

fn outcome(tally: &Tally) -> Outcome {
    run(&Rulebook::parse(RULEBOOK).unwrap(), tally, &Lots::none()).unwrap()
}

#[test]
fn of_equal_quotients_the_list_with_fewer_votes_has_the_last_seat() {
    let mut tally = Tally::parse(TALLY).unwrap();
    let beja = tally.totals.iter_mut().find(|total| total.unit == "beja").unwrap();
    // 2 × 12,890 = 25,780: equal quotients for the third and last seat.
    beja.votes.insert("ps".to_owned(), 25_780);
    let outcome = outcome(&tally);
    let step = outcome.steps.iter().find(|step| step.what == StepKind::FewerVotes).unwrap();
    assert_eq!((step.unit.as_deref(), step.list.as_str()), (Some("beja"), "ad"));
    // Equal votes too: the law as seen does not decide.
    let beja = tally.totals.iter_mut().find(|total| total.unit == "beja").unwrap();
    for list in ["ps", "ch", "ad"] {
        beja.votes.insert(list.to_owned(), 10_000);
    }
    beja.votes.insert("cdu".to_owned(), 10_000);
    let tied = run(&Rulebook::parse(RULEBOOK).unwrap(), &tally, &Lots::none()).unwrap();
    assert_eq!((tied.undetermined.len(), tied.undetermined[0].unit.as_deref()), (1, Some("beja")));
}
