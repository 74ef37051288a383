//! Ties: what settles them, what is asked, and lots that cannot be.

use recount_seats::ranked::{RankMethod, RankTie, RankedLot, RankedRefusal, TieQuestion, count};

use super::support::{ballots, elected, rules, stv, weighted, whole_papers};

fn lot(between: &[&str], drawn: &[&str]) -> RankedLot {
    RankedLot {
        count: None,
        between: between.iter().map(ToString::to_string).collect(),
        drawn: drawn.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn an_open_tie_says_who_is_tied_at_which_count() {
    let ballots = ballots("A B C", &["4 A", "2 B>A", "2 C>A"]);
    for (ties, by_lot) in [(vec![], false), (vec![RankTie::EarlierCounts, RankTie::Lot], true)] {
        let outcome = count(&ballots, 1, &rules(RankMethod::Irv, &ties), &[]).unwrap();
        let tie = outcome.tie.clone().unwrap();
        assert_eq!((tie.count, tie.question, tie.take, tie.by_lot), (2, TieQuestion::Exclusion, 1, by_lot));
        assert_eq!(tie.between, ["B", "C"]);
        assert!(outcome.elected.is_empty() && outcome.describe().contains("UNDETERMINED at count 2: B, C are tied"));
    }
}

#[test]
fn lots_are_taken_and_checked() {
    let ballots = ballots("A B C", &["4 A", "2 B>A", "2 C>A"]);
    let with = |ties: &[RankTie], lots: &[RankedLot]| count(&ballots, 1, &rules(RankMethod::Irv, ties), lots);
    let outcome = with(&[RankTie::Lot], &[lot(&["B", "C"], &["C"])]).unwrap();
    assert_eq!((elected(&outcome), outcome.rounds[1].ties[0].by.as_str()), (vec!["A"], "lot"));
    let foreign = |lots: &[RankedLot]| {
        let refusal = with(&[RankTie::Lot], lots).unwrap_err();
        assert!(matches!(refusal, RankedRefusal::ForeignLot { .. }), "{refusal}");
    };
    foreign(&[lot(&["B", "C"], &["B", "C"])]);
    foreign(&[lot(&["B", "C"], &["A"])]);
    foreign(&[lot(&["B", "Z"], &["B"])]);
    let useless = with(&[RankTie::Lot], &[lot(&["B", "C"], &["C"]), lot(&["A", "B"], &["A"])]);
    assert!(matches!(useless, Err(RankedRefusal::SuperfluousLot { .. })), "{useless:?}");
    let not_allowed = with(&[RankTie::EarlierCounts], &[lot(&["B", "C"], &["C"])]);
    assert!(matches!(not_allowed, Err(RankedRefusal::ForeignLot { .. })), "{not_allowed:?}");
    let elsewhere = RankedLot { count: Some(3), ..lot(&["B", "C"], &["C"]) };
    assert!(with(&[RankTie::Lot], &[elsewhere]).unwrap().tie.is_some());
}

#[test]
fn equals_in_every_count_are_left_to_the_next_rule() {
    let papers = ballots("A B C D E", &["13 A", "3 B", "4 C", "2 D>C", "3 E>B", "1 D>A"]);
    let law = rules(RankMethod::Irv, &[RankTie::FirstCounts, RankTie::EarlierCounts, RankTie::Lot]);
    let tie = count(&papers, 2, &rules(stv(weighted(None)), &law.ties), &[]).unwrap().tie.unwrap();
    assert_eq!((tie.between.as_slice(), tie.by_lot), (&["B".to_owned(), "D".to_owned(), "E".to_owned()][..], true));
}

#[test]
fn the_two_rules_on_history_differ() {
    // Count 1: A 13, C 7, B 6, D 4, E 3. E goes: B 9. D goes: C 9. Tied at 9: C led in the first count,
    // B in the second.
    let papers = ballots("A B C D E", &["22 A", "6 B", "7 C", "2 D>C", "2 D", "3 E>B"]);
    let out = |rule| {
        let outcome = count(&papers, 2, &rules(stv(weighted(None)), &[rule]), &[]).unwrap();
        elected(&outcome).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(out(RankTie::FirstCounts), ["A", "C"]);
    assert_eq!(out(RankTie::EarlierCounts), ["A", "B"]);
}

#[test]
fn equal_surpluses_ask_for_an_order() {
    // Quota 6 of 20: A and B have 8 each.
    let ballots = ballots("A B C D", &["8 A>C", "8 B>D", "2 C", "2 D"]);
    let outcome = count(&ballots, 3, &rules(stv(weighted(None)), &[RankTie::Lot]), &[]).unwrap();
    let tie = outcome.tie.unwrap();
    assert_eq!((tie.question, tie.count), (TieQuestion::SurplusOrder, 2));
    let drawn = [lot(&["A", "B"], &["B"]), lot(&["C", "D"], &["C"])];
    let outcome = count(&ballots, 3, &rules(stv(weighted(None)), &[RankTie::Lot]), &drawn).unwrap();
    assert_eq!(elected(&outcome), ["A", "B", "D"]);
}

#[test]
fn equal_fractions_of_equal_heaps_ask_for_a_lot() {
    // Quota 5 of 14; A's surplus of 3 from heaps of 4 and 4: one and a half papers each.
    let ballots = ballots("A B C D", &["4 A>B", "4 A>C", "1 B", "1 C", "4 D"]);
    let outcome = count(&ballots, 2, &rules(stv(whole_papers()), &[RankTie::Lot]), &[]).unwrap();
    let tie = outcome.tie.unwrap();
    assert_eq!((tie.question, tie.between.as_slice()), (TieQuestion::Fraction, &["B".to_owned(), "C".to_owned()][..]));
    let law = rules(stv(whole_papers()), &[RankTie::Lot]);
    let outcome = count(&ballots, 2, &law, &[lot(&["B", "C"], &["C"])]).unwrap();
    assert_eq!(super::support::votes(&outcome, 2), ["5", "2", "3", "4"]);
}

#[test]
fn candidates_without_a_paper_leave_without_a_lot() {
    let papers = ballots("A B C D", &["4 A>C", "3 B>C"]);
    let outcome = count(&papers, 1, &rules(RankMethod::Irv, &[]), &[]).unwrap();
    assert_eq!((elected(&outcome), outcome.rounds.len()), (vec!["A"], 1));
    let papers = ballots("A B C D E", &["4 A", "3 B", "2 E>B"]);
    let outcome = count(&papers, 1, &rules(RankMethod::Irv, &[]), &[]).unwrap();
    assert_eq!((elected(&outcome), outcome.rounds.len()), (vec!["B"], 4));
    // Here one of the two would take the last seat.
    let tie = count(&papers, 4, &rules(stv(weighted(None)), &[]), &[]).unwrap().tie.unwrap();
    assert_eq!(tie.between, ["C", "D"]);
}
