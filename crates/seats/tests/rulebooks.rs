//! The example rulebooks of the design parse, and wrong ones are refused with a place.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_seats::{Lots, Refusal, Rulebook, Tally, run};

/// A rulebook outside the repository; `None`, said aloud, if it is not there.
fn shared(name: &str) -> Option<String> {
    let path = format!("{}/../../../shared/design/rulebooks/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("SKIPPED: {path} is not there");
    }
    text
}

#[test]
fn the_three_examples_of_the_design_parse() {
    for name in ["kg-jk-2020.toml", "de-bt-2021.toml", "ie-dail.toml"] {
        let Some(text) = shared(name) else { continue };
        let rulebook = Rulebook::parse(&text);
        assert!(rulebook.is_ok(), "{name}: {:?}", rulebook.err());
    }
}

#[test]
fn ranked_ballots_that_are_not_there_are_asked_for() {
    let Some(text) = shared("ie-dail.toml") else { return };
    let rulebook = Rulebook::parse(&text).unwrap();
    let tally = Tally::parse(
        r#"{"schema":"recount-tally/1","lists":[],"totals":[],"units":[{"id":"Kerry","level":"constituency"}],
            "register":{"Kerry":{"seats":5}}}"#,
    )
    .unwrap();
    let refusal = run(&rulebook, &tally, &Lots::none()).unwrap_err();
    assert!(matches!(refusal, Refusal::Papers { .. }), "{refusal}");
}

const GOOD: &str = r#"
schema = "recount-rulebook/1"
id = "x"
title = "x"
[law.l1]
cite = "Act, s. 1"
[units]
levels = ["national", "region"]
[contest.lists]
kind = "list"
[quantity.valid]
line = "valid"
[[stage]]
id = "admitted"
kind = "admit"
law = "l1"
when = { share = { base = "valid", in = "every region", at_least = "5/100" } }
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
seats = 10
formula = { family = "divisor", rule = "dhondt" }
[[stage]]
id = "cap"
kind = "cap"
of = "seats"
max_seats = 6
redistribute = { stage = "seats", without = "capped" }
"#;

#[test]
fn every_mistake_is_refused_at_its_place() {
    assert!(Rulebook::parse(GOOD).is_ok());
    // What is replaced, by what, and the text that the span must cover.
    let mistakes = [
        ("title = \"x\"", "titel = \"x\"", "titel"),
        ("id = \"seats\"", "id = \"seats\"\ncolour = 1", "colour"),
        ("kind = \"cap\"", "kind = \"crop\"", "\"crop\""),
        ("base = \"valid\"", "base = \"votes\"", "\"votes\""),
        ("base = \"valid\", ", "", "{ in = \"every region\", at_least = \"5/100\" }"),
        ("\"5/100\"", "\"101/100\"", "\"101/100\""),
        ("\"5/100\"", "0.05", "0.05"),
        ("\"every region\"", "\"every oblast\"", "\"every oblast\""),
        ("law = \"l1\"", "law = \"l2\"", "\"l2\""),
        ("seats = 10", "seats = 0", "0"),
        ("seats = 10", "seats = -1", "-1"),
        ("seats = 10", "seats = 10\nmax_seats = 3", "3"),
        ("contenders = \"admitted\"", "contenders = \"seats\"", "\"seats\""),
        ("rule = \"dhondt\"", "rule = \"dhont\"", "\"dhont\""),
        ("rule = \"dhondt\"", "rule = \"dhondt\", first = \"7/5\"", "\"7/5\""),
        ("rule = \"dhondt\"", "rule = \"listed\", divisors = [\"3\", \"1\"]", "[\"3\", \"1\"]"),
        ("family = \"divisor\"", "family = \"lottery\"", "\"lottery\""),
        ("of = \"seats\"", "of = \"admitted\"", "\"admitted\""),
        ("stage = \"seats\", without", "stage = \"admitted\", without", "\"admitted\""),
        ("id = \"cap\"", "id = \"seats\"", "\"seats\""),
        ("recount-rulebook/1", "recount-rulebook/2", "\"recount-rulebook/2\""),
        ("kind = \"list\"", "kind = \"raffle\"", "\"raffle\""),
        ("line = \"valid\"", "sum = [\"valid\"]", "valid"),
    ];
    for (from, to, place) in mistakes {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        let error = Rulebook::parse(&text).expect_err(to);
        let span = error.span().unwrap_or_else(|| panic!("no span: {error}"));
        let meant = text.get(span).unwrap_or_default();
        assert!(meant.contains(place), "{to}: `{meant}` ({error})");
        assert!(!error.message.is_empty() && !error.help.is_empty());
    }
}
