//! The risk is a risk: wrong results pass an audit no more often than the limit says, with errors placed
//! to hide, and stopping at the best moment. `RECOUNT_AUDIT_RUNS` sets the runs per pattern (10,000 in the
//! long version).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_precision_loss, reason = "test support")]

use recount_audit::batch::{Batches, Comparison, Finding, Station, Way};
use recount_audit::plan::{Mix, Simulation, StationErrors, cards, stations};
use recount_audit::risk::{
    Alpha, Constant, Fraction, Null, Population, Rates, ShrinkTrunc, Stratum, optimal_comparison_mean, two_strata,
};
use recount_audit::{Assertion, BallotRule, Ratio};

const LIMIT: f64 = 0.05;

fn runs() -> u64 {
    std::env::var("RECOUNT_AUDIT_RUNS").ok().and_then(|n| n.parse().ok()).unwrap_or(500)
}

/// The limit and four standard errors of its estimate.
fn allowed() -> f64 {
    LIMIT + 4.0 * (LIMIT * (1.0 - LIMIT) / runs() as f64).sqrt()
}

fn pair() -> Assertion {
    Assertion::new("A/2 > B/3", [(0, Ratio::new(1, 2).unwrap()), (1, Ratio::new(-1, 3).unwrap())]).unwrap()
}

/// Twenty stations of different sizes; the assertion is reported to hold.
fn reported() -> Batches {
    let station = |i: u64| {
        let cards = 60 + 20 * (i % 5);
        let a = cards * (42 + i % 3) / 100;
        Station { name: format!("S{i}"), cards, found: cards, votes: vec![a, cards - a] }
    };
    Batches::new((0..20).map(station).collect(), BallotRule::SINGLE).unwrap()
}

/// Moves votes from A to B, station by station in the given order and at most `each` of a station, until the
/// assertion is false.
fn falsified(batches: &Batches, order: &[usize], each: u64) -> Vec<Finding> {
    let mut votes: Vec<Vec<u64>> = batches.stations().iter().map(|s| s.votes.clone()).collect();
    let (assertion, found) = (pair(), batches.found());
    'outer: loop {
        for at in order {
            let sum = |c: usize| votes.iter().map(|v| v[c]).sum::<u64>();
            if !assertion.holds(&[sum(0), sum(1)], found).unwrap() {
                break 'outer;
            }
            let moved = each.min(votes[*at][0]);
            votes[*at][0] -= moved;
            votes[*at][1] += moved;
        }
    }
    let found = |at: usize| batches.stations()[at].found;
    votes.into_iter().enumerate().map(|(at, votes)| Finding::Counted { found: found(at), votes }).collect()
}

fn share_of_wrong_passes(batches: &Batches, findings: &[Finding], way: Way, again: bool) -> f64 {
    let assertion = pair();
    let comparison = Comparison::new(batches, &assertion).unwrap();
    let sampler = comparison.sampler(way).unwrap();
    let mut passed = 0;
    for run in 0..runs() {
        let seed = format!("validity {run}");
        let draws =
            if again { sampler.with_replacement(&seed, 40) } else { sampler.without_replacement(&seed, 20).unwrap() };
        let mut test = comparison.test(way, again, Fraction(0.9)).unwrap();
        let met = draws.iter().any(|draw| {
            test.push(draw.place, &findings[draw.place]).unwrap();
            test.met(LIMIT)
        });
        passed += u64::from(met);
    }
    passed as f64 / runs() as f64
}

#[test]
fn wrong_batches_pass_no_more_often_than_the_limit() {
    let batches = reported();
    let all: Vec<usize> = (0..20).collect();
    let small: Vec<usize> = (0..20).filter(|i| i % 5 == 0).collect();
    let patterns = [("everywhere a little", &all, 1), ("a few much", &all, 60), ("only in small stations", &small, 40)];
    for (name, order, each) in patterns {
        let findings = falsified(&batches, order, each);
        for (way, again) in [(Way::Ballots, false), (Way::Ballots, true), (Way::Bounds, false), (Way::Bounds, true)] {
            let share = share_of_wrong_passes(&batches, &findings, way, again);
            println!("{name}, {way:?}, again {again}: {share}");
            assert!(share <= allowed(), "{name}, {way:?}, again {again}: {share}");
        }
    }
}

#[test]
fn right_batches_pass() {
    let batches = reported();
    let assertion = pair();
    let comparisons = [Comparison::new(&batches, &assertion).unwrap()];
    let none = StationErrors { rate: 0.0, moved: 0 };
    let simulation = Simulation { limit: LIMIT, errors: none, order: None, seed: "right", repetitions: 50 };
    let effort = stations(&comparisons, &batches, &Fraction(0.9), simulation).unwrap();
    assert_eq!(effort.stations.full_counts, 0);
    assert!(effort.stations.percent(50) <= effort.stations.percent(90));
    assert!(effort.stations.percent(90) < 20 && effort.ballots.percent(90) < batches.cards());
    assert_eq!(effort.each.len(), 1);
    // With the order really drawn and no errors, every repetition is the same.
    let drawn = batches.sampler().unwrap().without_replacement("dice", 20).unwrap();
    let fixed = Simulation { order: Some(&drawn), ..simulation };
    let effort = stations(&comparisons, &batches, &Fraction(0.9), fixed).unwrap();
    assert_eq!(effort.stations.percent(1), effort.stations.percent(100));
}

/// A tie passes a polling or comparison audit in at most the limit's share of runs.
#[test]
fn wrong_cards_pass_no_more_often_than_the_limit() {
    let share = |sizes: recount_audit::plan::Sizes| 1.0 - sizes.full_counts as f64 / runs() as f64;
    let tie = Mix::new(&[(1.0, 150), (0.0, 150)]).unwrap();
    let null = Null::new(Population::Finite(300), 0.5, 1.0).unwrap();
    let shrink = Alpha(ShrinkTrunc::new(0.6, 0.05, 50.0, 0.0, 1e-6));
    let polling = share(cards(&tie, &null, &shrink, LIMIT, "tie", runs()).unwrap());
    assert!(polling <= allowed(), "polling: {polling}");

    // Margin 0.1: overstatements by two votes on a twentieth of the cards make a tie.
    let clean = 1.0 / 1.9;
    let wrong = Mix::new(&[(clean, 285), (0.0, 15)]).unwrap();
    let null = Null::new(Population::Finite(300), 0.5, 2.0 * clean).unwrap();
    let constant = Alpha(Constant(optimal_comparison_mean(2.0 * clean, 0.001)));
    let comparison = share(cards(&wrong, &null, &constant, LIMIT, "tie", runs()).unwrap());
    assert!(comparison <= allowed(), "comparison: {comparison}");
    let rates = Rates::new(&[clean, clean / 2.0, 0.0], &[0.0, 0.001, 0.001], 200.0, 0.9);
    let adaptive = share(cards(&wrong, &null, &rates, LIMIT, "tie", runs()).unwrap());
    assert!(adaptive <= allowed(), "adaptive: {adaptive}");
    println!("polling {polling}, comparison {comparison}, adaptive {adaptive}");
}

/// Two strata that make a tie together pass no more often than the limit says; two that do not, pass.
#[test]
fn strata_together() {
    let draw = |dice: &mut recount_audit::plan::Dice, ones: u64, size: u64, count: usize| -> Vec<f64> {
        let (mut ones, mut left) = (ones, size);
        let mut take = |_| {
            let one = dice.below(left) < ones;
            left -= 1;
            ones -= u64::from(one);
            f64::from(u8::from(one))
        };
        (0..count).map(&mut take).collect()
    };
    let joint = |a: &[f64], b: &[f64]| {
        let of = |values, weight| Stratum { values, population: Population::Finite(200), upper: 1.0, weight };
        two_strata([of(a, 0.5), of(b, 0.5)], 0.5, 40).unwrap()
    };
    let share = |ones: [u64; 2]| {
        let passed = (0..runs()).filter(|run| {
            let mut dice = recount_audit::plan::Dice::new("strata", *run);
            let (a, b) = (draw(&mut dice, ones[0], 200, 60), draw(&mut dice, ones[1], 200, 60));
            joint(&a, &b) <= LIMIT
        });
        passed.count() as f64 / runs() as f64
    };
    for tie in [[100, 100], [160, 40], [200, 0]] {
        let wrong = share(tie);
        assert!(wrong <= allowed(), "{tie:?}: {wrong}");
    }
    assert!(share([170, 150]) > 0.5, "a clear result passes");
}

#[test]
fn missing_ballots_and_boxes_speak_against_the_assertion() {
    let batches = reported();
    let assertion = pair();
    let comparison = Comparison::new(&batches, &assertion).unwrap();
    let station = &batches.stations()[3];
    let clean = Finding::Counted { found: station.found, votes: station.votes.clone() };
    let short = Finding::Counted { found: station.found - 1, votes: vec![station.votes[0] - 1, station.votes[1]] };
    assert_eq!(comparison.taint(3, &clean).unwrap(), 0.0);
    assert!(comparison.taint(3, &short).unwrap() > 0.0);
    assert_eq!(comparison.taint(3, &Finding::Unavailable).unwrap(), 1.0);
    let more = Finding::Counted { found: station.cards + 1, votes: station.votes.clone() };
    assert!(comparison.taint(3, &more).is_err(), "a broken bound is refused, not clipped");
    let stuffed = Finding::Counted { found: 10, votes: vec![11, 0] };
    assert!(comparison.taint(3, &stuffed).is_err());
}

/// A station that holds what was reported is the same by either door, and figures beyond 64 bits go the long way to
/// the same wealth.
#[test]
fn reported_stations_and_long_figures() {
    let batches = reported();
    let long = Ratio::new(1 << 70, 1).unwrap();
    let longer = Assertion::new("A/2 > B/3, long", pair().terms().iter().map(|(c, by)| (*c, by.times(long).unwrap())));
    let (short, longer) = (pair(), longer.unwrap());
    let comparisons = [Comparison::new(&batches, &short).unwrap(), Comparison::new(&batches, &longer).unwrap()];
    for way in [Way::Ballots, Way::Bounds] {
        let [mut one, mut two] = comparisons.each_ref().map(|own| own.test(way, false, Fraction(0.9)).unwrap());
        for place in 0..12 {
            let own = &batches.stations()[place];
            one.push_reported(place).unwrap();
            two.push(place, &Finding::Counted { found: own.found, votes: own.votes.clone() }).unwrap();
            let (a, b) = (one.wealth(), two.wealth());
            assert!((a - b).abs() <= a * 1e-12, "{way:?}, {place}: {a} and {b}");
        }
        assert!(one.risk() < 1.0);
    }
}
