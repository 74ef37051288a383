//! Reading and writing papers.

use proptest::prelude::*;
use recount_seats::ranked::{Ballots, count};

use super::support::{Dice, random, rules, stv, weighted};

const BLT: &str =
    "3 1 # a comment\n-2\n4 1 2 3 0\n(id 7) 2 3 0\n\n1 2 0\n0\n\"Anna\"\n\"Bek \" \"Chinara\"\n\"A # title\"\n";

#[test]
fn blt_is_read() {
    let ballots = Ballots::parse_blt(BLT).unwrap();
    assert_eq!((ballots.papers(), ballots.groups(), ballots.seats), (7, 3, Some(1)));
    assert_eq!(ballots.title.as_deref(), Some("A # title"));
    assert!(ballots.candidates()[1].withdrawn);
    let papers: Vec<(u64, Vec<&str>)> = ballots.iter().collect();
    assert_eq!(papers[0], (4, vec!["Anna", "Bek", "Chinara"]));
    assert_eq!(Ballots::parse_blt(&ballots.to_blt(None)).unwrap(), ballots);
}

fn refused(what: &str, read: Result<Ballots, recount_seats::ranked::BallotsError>, line: Option<usize>, part: &str) {
    let error = read.expect_err(what);
    assert_eq!(error.line, line, "{what}: {error}");
    assert!(error.to_string().contains(part), "{what}: {error}");
}

#[test]
fn blt_is_refused_at_its_line() {
    let blt = |what: &str, text: &str, line, part: &str| refused(what, Ballots::parse_blt(text), line, part);
    blt("empty", "", None, "empty");
    blt("head", "3\n", Some(1), "number of seats");
    blt("equal ranks", "2 1\n1 1=2 0\n0\n\"A\"\n\"B\"\n", Some(2), "equally");
    blt("skipped", "2 1\n1 - 2 0\n0\n\"A\"\n\"B\"\n", Some(2), "skips a rank");
    blt("weights", "2 1\n1.5 1 0\n0\n\"A\"\n\"B\"\n", Some(2), "whole");
    blt("twice", "2 1\n1 1 2 1 0\n0\n\"A\"\n\"B\"\n", Some(2), "twice");
    blt("unknown", "2 1\n1 3 0\n0\n\"A\"\n\"B\"\n", Some(2), "candidate number 3");
    blt("no first preference", "2 1\n1 0\n0\n\"A\"\n\"B\"\n", Some(2), "first preference");
    blt("no end", "2 1\n1 1 0\n", Some(2), "do not end");
    blt("names missing", "2 1\n1 1 0\n0\n\"A\"\n", Some(3), "1 names follow for 2");
    blt("same name", "2 1\n1 1 0\n0\n\"A\"\n\"A\"\n", Some(5), "stands twice");
    blt("no quotes", "2 1\n1 1 0\n0\nA\n", Some(4), "quotation marks");
    blt("too many", "70000 1\n0\n", Some(1), "at most 500");
    blt("sum", "1 1\n999999999999 1 0\n2 1 0\n0\n\"A\"\n", Some(3), "more than");
    blt("late withdrawal", "2 1\n1 1 0\n-2\n0\n\"A\"\n\"B\"\n", Some(3), "before the papers");
}

#[test]
fn preflib_is_read_and_ties_are_refused() {
    let text = "# FILE NAME: x.soi\n# TITLE: Town\n# NUMBER VOTERS: 6\n# ALTERNATIVE NAME 1: Anna\n\
                # ALTERNATIVE NAME 2: Bek: the second\n4: 1,2\n2: 2\n";
    let ballots = Ballots::parse_preflib(text).unwrap();
    assert_eq!((ballots.papers(), ballots.title.as_deref()), (6, Some("Town")));
    assert_eq!(ballots.candidates()[1].name, "Bek: the second");
    let preflib = |what: &str, text: &str, line, part: &str| refused(what, Ballots::parse_preflib(text), line, part);
    preflib("ties", &text.replace("4: 1,2", "4: 1,{2}"), Some(6), "equal ranks");
    preflib("sum", &text.replace("VOTERS: 6", "VOTERS: 7"), Some(3), "6 papers follow");
    preflib("order", &text.replace("NAME 2", "NAME 3"), Some(5), "alternative 2");
    preflib("unknown", &text.replace("2: 2", "2: 5"), Some(7), "candidate number 5");
    preflib("nobody", "2: 1\n", Some(1), "candidate number 1");
    preflib("shape", &text.replace("2: 2", "2 2"), Some(7), "count: 1,2,3");
}

#[test]
fn csv_is_read_and_gaps_are_refused() {
    let text = "count,1,2,3\r\n4,Anna,\"Bek, the \"\"old\"\"\",Chinara\r\n2,Chinara,,\r\n3,Chinara\r\n";
    let ballots = Ballots::parse_csv(text).unwrap();
    let papers: Vec<(u64, Vec<&str>)> = ballots.iter().collect();
    assert_eq!(papers[0], (4, vec!["Anna", "Bek, the \"old\"", "Chinara"]));
    assert_eq!((ballots.papers(), papers.len()), (9, 3));
    assert_eq!(Ballots::parse_csv("1,2\nA,B\nB\n").unwrap().papers(), 2);
    let csv = |what: &str, text: &str, line, part: &str| refused(what, Ballots::parse_csv(text), line, part);
    csv("gap", "count,1,2,3\n1,A,,B\n", Some(2), "a gap stands before `B`");
    csv("header", "papers,first\n1,A\n", Some(1), "count,1,2,3");
    csv("count", "count,1\n-1,A\n", Some(2), "not a number of papers");
    csv("too wide", "count,1\n1,A,B\n", Some(2), "3 cells under 2");
    csv("empty paper", "count,1\n1,\n", Some(2), "first preference");
    csv("open quote", "count,1\n1,\"A\n", Some(2), "not closed");
}

#[test]
fn equal_papers_are_grouped() {
    let ballots = super::support::ballots("A B", &["1 A>B", "2 B", "3 A>B", "4 A"]);
    let grouped = ballots.grouped();
    assert_eq!((grouped.groups(), grouped.papers()), (3, 10));
    let papers: Vec<(u64, Vec<&str>)> = grouped.iter().collect();
    assert_eq!(papers, [(4, vec!["A"]), (4, vec!["A", "B"]), (2, vec!["B"])]);
}

#[test]
fn written_papers_are_the_same_papers() {
    for seed in 0..200 {
        let (mut ballots, seats) = random(&mut Dice::new(seed + 60_000), 8, 20);
        ballots.seats = Some(seats);
        let again = Ballots::parse_blt(&ballots.to_blt(None)).unwrap();
        assert_eq!(again.to_blt(None), ballots.to_blt(None));
        let law = rules(stv(weighted(None)), &[]);
        assert_eq!(count(&again, seats, &law, &[]), count(&ballots, seats, &law, &[]));
    }
}

proptest! {
    /// Arbitrary text is read or refused, and what is read can be written and read again.
    #[test]
    fn no_text_breaks_the_readers(text in "[0-9a-c\"#:,{}=() \n-]{0,120}") {
        for read in [Ballots::parse_blt, Ballots::parse_preflib, Ballots::parse_csv] {
            if let Ok(ballots) = read(&text) {
                let names_survive = ballots.candidates().iter().all(|c| !c.id.contains('"') && c.id.trim() == c.id);
                if names_survive {
                    prop_assert!(Ballots::parse_blt(&ballots.to_blt(None)).is_ok());
                }
            }
        }
    }
}
