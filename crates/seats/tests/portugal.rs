//! Portugal, 10 March 2024: the rulebook that `docs/rulebooks.md` writes, on the votes of all 22
//! constituencies (blank and null papers apart). Seats of the result: AD 80, PS 78, CHEGA 50, IL 8,
//! BE 5, CDU 4, LIVRE 4, PAN 1.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::collections::BTreeMap;

use recount_seats::{Language, Lots, Outcome, Rulebook, StepKind, Tally, run};

const RULEBOOK: &str = include_str!("../../../rulebooks/pt-ar.toml");
const TALLY: &str = include_str!("../../../rulebooks/tallies/pt-ar-2024.json");

fn outcome(tally: &Tally) -> Outcome {
    run(&Rulebook::parse(RULEBOOK).unwrap(), tally, &Lots::none()).unwrap()
}

#[test]
fn the_assembly_of_2024_comes_out() {
    let outcome = outcome(&Tally::parse(TALLY).unwrap());
    let seats: BTreeMap<&str, u64> =
        outcome.seats.iter().filter(|(_, seats)| **seats > 0).map(|(list, seats)| (list.as_str(), *seats)).collect();
    let official = [("ad", 80), ("be", 5), ("cdu", 4), ("ch", 50), ("il", 8), ("l", 4), ("pan", 1), ("ps", 78)];
    assert_eq!(seats, BTreeMap::from(official));
    assert_eq!((outcome.house, outcome.vacant, outcome.undetermined.len()), (230, 0, 0));
    let text = outcome.describe_in(Language::English);
    // Beja: PS 24,408, CHEGA 16,595, AD 12,890; the fourth quotient is 24,408 / 2 = 12,204.
    for line in
        ["beja: Seat ", "Aliança Democrática (PPD/PSD.CDS-PP.PPM)", "by its quotient 12,890.", "24,408/2 = 12,204"]
    {
        assert!(text.contains(line), "{line}\n{text}");
    }
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
