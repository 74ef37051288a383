//! Audits of single ballots: what is right is proved, what is wrong is not, and phantoms and lost papers speak against it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_audit::AuditError;
use recount_audit::cards::{Ballot, CardContest, CardRule, CardTest, Method, Paper, Rates, sizes};

fn names(all: &[&str]) -> Vec<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

fn many(rows: &[(usize, &[usize])]) -> Vec<Ballot> {
    rows.iter().flat_map(|(n, ballot)| std::iter::repeat_n(ballot.to_vec(), *n)).collect()
}

#[test]
fn a_right_pair_is_proved_and_a_wrong_one_is_not() {
    let ballots = many(&[(600, &[0]), (400, &[1])]);
    let rule = CardRule::Plurality { winners: 1, marks: 1 };
    let contest = CardContest::new(&names(&["A", "B"]), rule, &ballots, 1_000).unwrap();
    assert_eq!((&contest.result, contest.assertions.len()), (&vec![0], 1));
    let method = Method::Comparison { bet: 0.9 };
    let mut test = CardTest::new(&contest.assertions[0], method).unwrap();
    for ballot in &ballots[560..600] {
        test.push(Some(ballot), &Paper::Ballot(ballot.clone())).unwrap();
    }
    assert!(test.met(0.05), "{}", test.risk());
    // Papers for B under records for A, and papers that are gone, speak against it.
    let mut test = CardTest::new(&contest.assertions[0], method).unwrap();
    for ballot in &ballots[560..600] {
        test.push(Some(ballot), &Paper::Ballot(vec![1])).unwrap();
    }
    assert!(test.risk() >= 1.0);
    let mut lost = CardTest::new(&contest.assertions[0], method).unwrap();
    let mut absent = lost.clone();
    lost.push(None, &Paper::Lost).unwrap();
    absent.push(Some(&vec![0]), &Paper::NoContest).unwrap();
    assert!(lost.risk() >= 1.0 && absent.risk() >= 1.0);
}

#[test]
fn runoff_and_phantoms() {
    let ballots = many(&[(50, &[0, 1]), (30, &[1, 0]), (25, &[2, 1])]);
    let choices = names(&["A", "B", "C"]);
    let contest = CardContest::new(&choices, CardRule::Runoff, &ballots, 120).unwrap();
    assert_eq!(contest.result.last(), Some(&1), "C's ballots go to B: {:?}", contest.result);
    let margin = contest.assertions.iter().map(|own| own.margin.to_f64()).fold(1.0, f64::min);
    assert!(margin > 0.0 && margin < 0.05, "{margin}");
    let broken = CardContest::new(&choices, CardRule::Runoff, &ballots, 100);
    assert!(matches!(broken, Err(AuditError::BoundBroken { .. })));
    assert!(matches!(contest.assertions[0].value(&[3]), Err(AuditError::UnknownChoice(3))));
}

#[test]
fn sizes_grow_with_errors_and_polling_takes_more() {
    let ballots = many(&[(5_500, &[0]), (4_500, &[1])]);
    let rule = CardRule::Plurality { winners: 1, marks: 1 };
    let contest = CardContest::new(&names(&["A", "B"]), rule, &ballots, 10_000).unwrap();
    let size =
        |method, one| sizes(&contest.assertions[0], method, Rates { one, two: 0.0 }, 0.05, 20).unwrap().percent(90);
    let clean = size(Method::Comparison { bet: 0.9 }, 0.0);
    let errors = size(Method::Comparison { bet: 0.9 }, 0.01);
    let polled = size(Method::Polling, 0.0);
    assert!(clean < errors && errors < polled, "{clean}, {errors}, {polled}");
}
