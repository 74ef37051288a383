//! Forms as data: reading, every rule, the place in the text of what is wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use proptest::prelude::*;
use recount_election::{Check, Figures, Forms, Severity, WHOLE};

const TEXT: &str = r#"
schema = "recount-forms/1"
levels = ["national", "district", "station"]

[[contests]]
id = "lists"
title = "Lists"
kind = "list"
unit = "national"
against_all = true

[[contests]]
id = "district-*"
title = "Members"
kind = "candidate"
unit = "district"

[[forms]]
id = "paper"
title = "Protocol"
contest = "lists"
sources = ["hand", "recount"]
lines = [
  { code = "valid", number = "10", title = "Valid ballots", holds = "ballots", required = true },
  { code = "lost", title = "Lost ballots", holds = "ballots" },
]
controls = [
  { code = "sum", formula = "valid = votes + against_all", severity = "error", law = "Art. 43" },
]

[[forms]]
id = "scanner"
title = "Receipt"
contest = "lists"
sources = ["machine"]
lines = [{ code = "in_box", title = "In the box", holds = "ballots" }]

[[forms]]
id = "district"
title = "Protocol of the district"
contest = "district-*"
parts = ["early"]
"#;

fn forms() -> Forms {
    Forms::parse_toml(TEXT).unwrap()
}

#[test]
fn the_form_of_a_place() {
    let forms = forms();
    let id = |contest, source, part| forms.form_for(contest, source, part).map(|form| form.id.as_str());
    assert_eq!(id("lists", "recount", WHOLE), Some("paper"));
    assert_eq!(id("lists", "machine", WHOLE), Some("scanner"));
    assert_eq!(id("lists", "machine", "early"), None);
    assert_eq!(id("lists", "preliminary", WHOLE), None);
    assert_eq!(id("district-7", "anything", "early"), Some("district"));
    assert_eq!(id("district-7", "anything", WHOLE), None);
    assert_eq!(forms.contest("district-7").unwrap().unit, "district");
    assert!(forms.contest("other").is_none());
}

#[test]
fn columns_join_the_forms_of_a_contest() {
    let forms = forms();
    let columns = forms.columns("lists", ["a", "b", "against_all"]).unwrap();
    let lines: Vec<_> = columns.lines().map(|(_, name)| name).collect();
    assert_eq!(lines, ["valid", "lost", "in_box"]);
    let form = forms.form_for("lists", "hand", WHOLE).unwrap();
    let mut figures = Figures::absent(&columns);
    assert_eq!(form.missing_lines(&columns, &figures), ["valid"]);
    figures.set_named(&columns, "valid", 10).unwrap();
    for (list, votes) in [("a", 4), ("b", 5), ("against_all", 2)] {
        figures.set_votes(&columns, list, votes).unwrap();
    }
    let findings = form.check(&columns, &figures);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].check, Check::Broken { left: 10, right: 11 });
    assert_eq!(findings[0].control.severity, Severity::Error);
    assert!(form.missing_lines(&columns, &figures).is_empty());
}

/// Each change breaks one rule; the error's place holds the text that is wrong.
#[test]
fn errors_name_their_place() {
    for (from, to, place, message) in [
        ("recount-forms/1", "recount-forms/9", "\"recount-forms/9\"", "schema"),
        ("kind = \"list\"", "kind = \"lists\"", "\"lists\"", "unknown variant"),
        ("against_all = true", "agianst_all = true", "agianst_all", "unknown field"),
        ("unit = \"national\"", "unit = \"nation\"", "\"nation\"", "levels"),
        ("code = \"lost\"", "code = \"valid\"", "\"valid\"", "twice"),
        ("code = \"lost\"", "code = \"votes\"", "\"votes\"", "formulas use that word"),
        ("code = \"lost\"", "code = \"Lost\"", "\"Lost\"", "a-z"),
        ("code = \"lost\"", "code = \"l ost\"", "\"l ost\"", "not allowed"),
        ("contest = \"district-*\"", "contest = \"districts\"", "\"districts\"", "unknown contest"),
        ("sources = [\"machine\"]", "sources = [\"hand\"]", "\"scanner\"", "same contest"),
        ("id = \"district-*\"", "id = \"lists\"", "\"lists\"", "twice"),
        ("formula = \"valid = votes", "formula = \"valid == votes", "\"valid == votes + against_all\"", "position 7"),
        ("formula = \"valid = votes", "formula = \"cast = votes", "\"cast = votes + against_all\"", "no line of form"),
    ] {
        assert!(TEXT.contains(from), "{from}");
        let text = TEXT.replacen(from, to, 1);
        let error = Forms::parse_toml(&text).unwrap_err();
        assert!(error.to_string().contains(message), "{to}: {error}");
        let span = error.span().unwrap_or_else(|| panic!("{to}: no place")).clone();
        assert_eq!(&text[span], place, "{to}");
    }
    assert!(Forms::parse_toml(&" ".repeat((1 << 20) + 1)).is_err());
    let levels = TEXT.replacen("\"national\", \"district\", \"station\"", "", 1);
    assert!(Forms::parse_toml(&levels).is_err());
}

#[test]
fn forms_survive_a_round_trip() {
    let forms = forms();
    forms.validate().unwrap();
    let json = serde_json::to_string(&forms).unwrap();
    assert_eq!(serde_json::from_str::<Forms>(&json).unwrap(), forms);
}

proptest! {
    #[test]
    fn no_damage_panics(at in 0..TEXT.len(), with in "\\PC{0,4}", cut in 0usize..30) {
        let mut text = TEXT.as_bytes().to_vec();
        let end = (at + cut).min(text.len());
        text.splice(at..end, with.bytes());
        let text = String::from_utf8_lossy(&text);
        if let Err(error) = Forms::parse_toml(&text) {
            if let Some(span) = error.span() {
                prop_assert!(span.start <= span.end && span.end <= text.len());
            }
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
