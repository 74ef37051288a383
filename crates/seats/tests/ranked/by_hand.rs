//! Counts that were done by hand on paper.

use recount_seats::ranked::{
    Ballots, ExcludedPapers, Exclusion, RankMethod, RankQuota, RankRules, RankTie, RoundKind, Stv, SurplusOrder, count,
};

use super::support::{
    ballots, elected, gregory, inclusive_whole_votes, meek, rules, stv, votes, weighted, whole_papers,
};

/// 20 papers, two seats, quota 7: A has 11, a surplus of 4.
fn twenty() -> Ballots {
    ballots("A B C D", &["6 A>B", "3 A>C", "2 A", "3 B", "4 C", "2 D>C"])
}

#[test]
fn burlington_2009_excludes_the_candidate_whom_most_would_have_preferred() {
    let papers = [
        "1332 Montroll>Kiss>Wright",
        "767 Montroll>Wright>Kiss",
        "455 Montroll",
        "2043 Kiss>Montroll>Wright",
        "371 Kiss>Wright>Montroll",
        "568 Kiss",
        "1513 Wright>Montroll>Kiss",
        "495 Wright>Kiss>Montroll",
        "1289 Wright",
    ];
    let ballots = ballots("Kiss Montroll Wright", &papers);
    let outcome = count(&ballots, 1, &rules(RankMethod::Irv, &[]), &[]).unwrap();
    assert_eq!(votes(&outcome, 1), ["2982", "2554", "3297"]);
    assert_eq!(votes(&outcome, 2), ["4314", "0", "4064"]);
    assert_eq!(outcome.rounds[1].exhausted.to_string(), "455");
    assert_eq!(elected(&outcome), ["Kiss"]);
    assert_eq!((outcome.rounds.len(), outcome.elected[0].reached), (2, true));
}

#[test]
fn ireland_1990_by_quota() {
    let papers =
        ["612265 Robinson", "694484 Lenihan", "36789 Currie>Lenihan", "205565 Currie>Robinson", "25548 Currie"];
    let ballots = ballots("Currie Lenihan Robinson", &papers);
    let outcome = count(&ballots, 1, &rules(stv(whole_papers()), &[]), &[]).unwrap();
    assert_eq!(outcome.quota.as_ref().unwrap().to_string(), "787326");
    assert_eq!(votes(&outcome, 2), ["0", "731273", "817830"]);
    assert_eq!(elected(&outcome), ["Robinson"]);
    assert!(outcome.depends_on_order.is_empty(), "no surplus was passed on");
}

#[test]
fn weighted_inclusive_with_five_decimals() {
    let outcome = count(&twenty(), 2, &rules(stv(weighted(Some(5))), &[]), &[]).unwrap();
    // 4 / 11 = 0.36363: 6, 3 and 2 papers.
    assert_eq!(votes(&outcome, 2), ["7", "5.18178", "5.09089", "2"]);
    assert_eq!(outcome.rounds[1].exhausted.to_string(), "0.72726");
    assert_eq!(outcome.rounds[1].lost.to_string(), "0.00007");
    assert_eq!(votes(&outcome, 3), ["7", "5.18178", "7.09089", "0"]);
    assert_eq!(elected(&outcome), ["A", "C"]);
    let surplus = match &outcome.rounds[1].what {
        RoundKind::Surplus { of, surplus, value } => {
            (of.as_str(), surplus.to_string(), value.clone().unwrap().to_string())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(surplus, ("A", "4".to_owned(), "4/11".to_owned()));
}

#[test]
fn gregory_divides_by_the_papers_that_go_on() {
    let outcome = count(&twenty(), 2, &rules(stv(gregory(Some(5))), &[]), &[]).unwrap();
    // 4 / 9 = 0.44444: 6 and 3 papers; the two that stop at A stay with A.
    assert_eq!(votes(&outcome, 2), ["7", "5.66664", "5.33332", "2"]);
    assert!(outcome.rounds[1].exhausted.is_zero());
    assert_eq!(outcome.rounds[1].lost.to_string(), "0.00004");
    assert_eq!(elected(&outcome), ["A", "C"]);
}

#[test]
fn whole_papers_by_largest_fraction() {
    let outcome = count(&twenty(), 2, &rules(stv(whole_papers()), &[]), &[]).unwrap();
    // 6 x 4/9 = 2.67 and 3 x 4/9 = 1.33: the paper left over goes to B.
    assert_eq!(votes(&outcome, 2), ["7", "6", "5", "2"]);
    assert_eq!(votes(&outcome, 3), ["7", "6", "7", "0"]);
    assert_eq!(elected(&outcome), ["A", "C"]);
    assert!(outcome.depends_on_order.is_empty(), "papers of one heap say the same");
}

#[test]
fn whole_papers_filed_last_and_said_so() {
    // A's heap for B holds papers that go on to C or to D.
    let first = ballots("A B C D", &["4 A>B>C", "4 A>B>D", "1 B", "4 C", "4 D"]);
    let last = ballots("A B C D", &["4 A>B>D", "4 A>B>C", "1 B", "4 C", "4 D"]);
    let law = rules(stv(whole_papers()), &[]);
    // Quota 6: two papers of A go to B, and then, B being lowest, on to D or to C.
    let outcome = count(&first, 2, &law, &[]).unwrap();
    assert_eq!(outcome.depends_on_order, [2]);
    assert_eq!(votes(&outcome, 3), ["6", "0", "4", "6"]);
    assert_eq!(elected(&outcome), ["A", "D"]);
    assert_eq!(elected(&count(&last, 2, &law, &[]).unwrap()), ["A", "C"]);
    assert!(outcome.describe().contains("another physical order"));
}

#[test]
fn the_senate_cuts_to_whole_votes() {
    let outcome = count(&twenty(), 2, &rules(stv(inclusive_whole_votes()), &[]), &[]).unwrap();
    // 6 x 4/11 = 2.18, 3 x 4/11 = 1.09, 2 x 4/11 = 0.73.
    assert_eq!(votes(&outcome, 2), ["7", "5", "5", "2"]);
    assert_eq!(outcome.rounds[1].lost.to_string(), "1");
    assert_eq!(elected(&outcome), ["A", "C"]);
}

#[test]
fn unweighted_papers_can_gain_what_weighted_ones_cannot() {
    // B is elected on 10 papers at 1 and 30 that were reduced by A's surplus.
    let papers = ["80 A>B>C", "10 B>C", "20 C>D", "35 D"];
    let ballots = ballots("A B C D", &papers);
    // 145 papers, 3 seats: quota 37. A's surplus of 43 on 80 papers.
    let weighted = count(&ballots, 3, &rules(stv(weighted(None)), &[]), &[]).unwrap();
    let unweighted = count(&ballots, 3, &rules(stv(inclusive_whole_votes()), &[]), &[]).unwrap();
    assert_eq!(votes(&weighted, 2), ["37", "53", "20", "35"]);
    // B's surplus of 16: all of it goes to C either way, but papers from A are worth 43/80 x 16/53
    // under the first law and 16/90 under the second.
    assert_eq!(votes(&weighted, 3), ["37", "37", "36", "35"]);
    match (&weighted.rounds[2].what, &unweighted.rounds[2].what) {
        (RoundKind::Surplus { value: Some(factor), .. }, RoundKind::Surplus { value: Some(value), .. }) => {
            assert_eq!((factor.to_string(), value.to_string()), ("16/53".to_owned(), "8/45".to_owned()));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn meek_lowers_the_quota_as_papers_exhaust() {
    let outcome = count(&twenty(), 2, &rules(meek(), &[RankTie::FirstCounts]), &[]).unwrap();
    assert_eq!(elected(&outcome), ["A", "C"]);
    let first = outcome.rounds[0].quota.clone().unwrap();
    assert_eq!(first.to_string(), "6.666666667");
    assert!(outcome.quota.clone().unwrap() < first);
    let last = outcome.rounds.last().unwrap();
    assert!(last.keep[0] < first && last.keep[0].is_positive(), "A keeps a part of each paper");
}

#[test]
fn excluded_by_value_highest_first_and_elected_on_the_way() {
    let exclusion = Exclusion { together: false, keeps_deposit: None, papers: ExcludedPapers::ByValue };
    let law = RankRules { exclusion, ..rules(stv(weighted(None)), &[]) };
    // Quota 11 of 30, A's surplus of 4 (of 15) goes to B: 10 papers of 4/15, and B has 2 of its own.
    let ballots = ballots("A B C D", &["10 A>B>C", "5 A", "2 B>C", "7 C", "6 D"]);
    let outcome = count(&ballots, 2, &law, &[]).unwrap();
    assert_eq!(votes(&outcome, 2)[1], "14/3");
    let moved: Vec<String> = outcome.rounds.iter().skip(2).map(|round| round.what.describe()).collect();
    assert_eq!(moved[0], "B is excluded; papers of value 1 move.");
    assert_eq!(moved[1], "B is excluded; papers of value 4/15 move.");
    assert_eq!(votes(&outcome, 3)[1..3], ["8/3", "9"]);
    assert_eq!(votes(&outcome, 4)[1..3], ["0", "35/3"]);
    assert_eq!(elected(&outcome), ["A", "C"]);
}

#[test]
fn those_who_cannot_matter_leave_together() {
    let exclusion = Exclusion { together: true, keeps_deposit: None, papers: ExcludedPapers::AtOnce };
    let law = RankRules { exclusion, ..rules(RankMethod::Irv, &[]) };
    let ballots = ballots("A B C D E", &["10 A", "9 B", "3 C>B", "2 D>A", "2 E>B"]);
    let outcome = count(&ballots, 1, &law, &[]).unwrap();
    assert_eq!(votes(&outcome, 2), ["12", "14", "0", "0", "0"]);
    assert_eq!(elected(&outcome), ["B"]);
}

#[test]
fn a_deposit_within_reach_keeps_candidates_apart() {
    let quarter = recount_seats::Ratio::parse("1/4").unwrap();
    let together = |keeps_deposit| {
        let exclusion = Exclusion { together: true, keeps_deposit, papers: ExcludedPapers::AtOnce };
        let ballots = ballots("A B C D E", &["30 A", "29 B", "9 C", "4 D>C", "3 E>D"]);
        // Quota 38 of 75: a quarter is 9.5.
        count(&ballots, 1, &RankRules { exclusion, ..rules(stv(whole_papers()), &[RankTie::Lot]) }, &[]).unwrap()
    };
    assert!(matches!(&together(None).rounds[1].what, RoundKind::Exclusion { of, .. } if of.len() == 3));
    assert!(matches!(&together(Some(quarter)).rounds[1].what, RoundKind::Exclusion { of, .. } if of.len() == 2));
}

#[test]
fn surpluses_that_cannot_save_the_lowest_wait() {
    let order = SurplusOrder::LargestFirst;
    let method = |defer| RankMethod::Stv(Stv { quota: RankQuota::Droop, surplus: weighted(None), order, defer });
    // Quota 8 of 30: A's surplus of 1 cannot lift E (2) to D (4).
    let ballots = ballots("A B C D E", &["9 A>E", "8 B", "7 C", "4 D", "2 E>C"]);
    let at_once = count(&ballots, 3, &rules(method(false), &[]), &[]).unwrap();
    assert!(matches!(at_once.rounds[1].what, RoundKind::Surplus { .. }));
    let waits = count(&ballots, 3, &rules(method(true), &[]), &[]).unwrap();
    assert!(matches!(waits.rounds[1].what, RoundKind::Exclusion { .. }));
    assert_eq!(elected(&waits), ["A", "B", "C"]);
}

#[test]
fn quotas() {
    let ballots = ballots("A B C", &["6 A", "3 B", "3 C"]);
    let with = |quota, seats| {
        let order = SurplusOrder::LargestFirst;
        let method = RankMethod::Stv(Stv { quota, surplus: weighted(None), order, defer: false });
        count(&ballots, seats, &rules(method, &[RankTie::Lot]), &[]).unwrap()
    };
    assert_eq!(with(RankQuota::Droop, 2).quota.unwrap().to_string(), "5");
    assert_eq!(with(RankQuota::Hare, 2).quota.unwrap().to_string(), "6");
    let exact = with(RankQuota::HagenbachBischoff, 1);
    assert_eq!(exact.quota.unwrap().to_string(), "6");
    assert_eq!(exact.rounds[0].elected, Vec::<String>::new(), "the very quota does not elect, more does");
}

#[test]
fn withdrawn_candidates_are_passed_over_and_empty_seats_stay_vacant() {
    let mut ballots = ballots("A B C", &["6 A>B", "3 B", "2 A>C"]);
    assert!(ballots.withdraw("A") && !ballots.withdraw("Z"));
    let outcome = count(&ballots, 3, &rules(stv(weighted(None)), &[]), &[]).unwrap();
    assert_eq!(votes(&outcome, 1), ["0", "9", "2"]);
    assert_eq!((elected(&outcome), outcome.vacant), (vec!["B", "C"], 1));
}
