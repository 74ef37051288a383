//! What other tools compute, by their own published figures.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_audit::batch::{Batches, Comparison, Finding, Macro, Station};
use recount_audit::peers::{PollingStratum, first_fraction, suite_p};
use recount_audit::risk::{Estimator, ShrinkTrunc};
use recount_audit::{Assertion, BallotRule, Ratio};

/// Only half of the stations hold the contest. One without it can only have been opened for another contest: it proves nothing.
#[test]
fn stations_without_the_contest_prove_nothing() {
    let station = |at: u64| {
        let (cards, votes) = if at < 10 { (400, vec![200, 160]) } else { (0, vec![0, 0]) };
        Station { name: format!("{at}"), cards, found: cards, votes }
    };
    let batches = Batches::new((0..20).map(station).collect(), BallotRule::SINGLE).unwrap();
    let pair = Assertion::new("winner > loser", [(0, Ratio::ONE), (1, Ratio::whole(-1))]).unwrap();
    let pairs = [Comparison::new(&batches, &pair).unwrap()];
    let all = Macro::new(&pairs).unwrap();
    let clean = |at: usize| {
        let own = &batches.stations()[at];
        (at, Finding::Counted { found: own.found, votes: own.votes.clone() })
    };
    // U = 1 + 4000/400 = 11.
    let risk = |places: &[usize]| {
        *all.risk(&places.iter().map(|at| clean(*at)).collect::<Vec<_>>(), false).unwrap().history.last().unwrap()
    };
    assert!((risk(&[0, 1, 2]) - 1_000.0 / 1_331.0).abs() < 1e-12);
    assert!((risk(&[0, 12, 1, 2, 19]) - risk(&[0, 1, 2])).abs() < 1e-15);
}

/// Arlo's small polling strata that can be reckoned by hand: 5/8, 5/6; a best number of votes between two whole ones.
#[test]
fn polling_strata_of_suite() {
    let p = |ballots, reported, sampled, sample, margin| {
        suite_p(PollingStratum { ballots, reported, sampled, sample }, margin).unwrap()
    };
    assert!((p(10, (6, 4), (3, 1), 4, 0.0) - 0.625).abs() < 1e-9);
    assert!((p(10, (6, 4), (2, 1), 3, 0.0) - 5.0 / 6.0).abs() < 1e-9);
    assert!((p(10, (5, 4), (2, 2), 4, 0.0) - 1.0).abs() < 1e-9);
    assert!((p(2_000, (1_100, 700), (60, 35), 100, 0.0) - 0.190_373_22).abs() < 1e-7);
    assert!(p(1_000, (600, 400), (60, 40), 100, 60.0) > p(1_000, (600, 400), (60, 40), 100, 0.0));
    assert!(suite_p(PollingStratum { ballots: 9, reported: (5, 4), sampled: (1, 1), sample: 2 }, f64::NAN).is_err());
}

/// The example of Rivest's own code.
#[test]
fn first_ticket_of_the_consistent_sampler() {
    let number = first_fraction("01382438112797316654", "AB-130");
    assert_eq!(number, "0.26299714122838008416507544297546663599715395525154425586041245287750224561854");
}

/// Draws that do not spread pull the estimate to the upper bound: it stays as far below as it stays above the null mean.
#[test]
fn the_estimate_keeps_its_distance_from_both_ends() {
    let mut rule = ShrinkTrunc::new(0.8, 0.05, 20.0, 0.1, 1e-6);
    for _ in 0..3 {
        rule.see(1.0);
    }
    assert!((rule.estimate(0.7, 1.0) - (1.0 - 0.05 / 23.0_f64.sqrt())).abs() < 1e-12);
    let mut low = ShrinkTrunc::new(0.55, 0.05, 20.0, 0.0, 1e-6);
    low.see(0.0);
    assert!((low.estimate(0.6, 1.0) - (0.6 + 0.05 / 21.0_f64.sqrt())).abs() < 1e-12);
}
