//! The forms that the repository ships can be read, and their controls say what they should.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use recount_election::{Check, Columns, Figures, Form, Forms, WHOLE};

fn read(path: &str) -> Forms {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let text = fs::read_to_string(&path).unwrap();
    Forms::parse_toml(&text).unwrap_or_else(|error| panic!("{}: {error} at {:?}", path.display(), error.span()))
}

#[test]
fn every_shipped_form_can_be_read() {
    for name in ["post-soviet", "bolivia", "peru", "georgia", "bulgaria", "russia"] {
        let forms = read(&format!("forms/{name}.toml"));
        assert_eq!(forms.levels.first().map(String::as_str), Some("national"), "{name}");
        assert_eq!(forms.levels.last().map(String::as_str), Some("station"), "{name}");
        assert!(forms.forms.iter().any(|form| !form.controls.is_empty()), "{name}");
    }
}

/// A protocol that satisfies every ratio of the post-Soviet protocol.
const SOUND: [(&str, u64); 15] = [
    ("registered", 1_200),
    ("registered_additional", 10),
    ("ballots_received", 1_000),
    ("issued_early", 5),
    ("issued_station", 700),
    ("issued_outside", 45),
    ("voters_took_part", 750),
    ("cancelled", 250),
    ("in_portable", 50),
    ("in_stationary", 699),
    ("valid", 740),
    ("invalid", 9),
    ("lost", 0),
    ("unaccounted", 0),
    ("scanner_receipt", 699),
];

fn post_soviet() -> (Forms, Columns, Figures) {
    let forms = read("forms/post-soviet.toml");
    let columns = forms.columns("lists", ["a", "b", "against_all"]).unwrap();
    let mut figures = Figures::absent(&columns);
    for (code, figure) in SOUND {
        figures.set_named(&columns, code, figure).unwrap();
    }
    for (list, votes) in [("a", 400), ("b", 300), ("against_all", 40)] {
        figures.set_votes(&columns, list, votes).unwrap();
    }
    (forms, columns, figures)
}

fn broken(form: &Form, columns: &Columns, figures: &Figures) -> Vec<String> {
    let findings = form.check(columns, figures);
    let broken = findings.iter().filter(|finding| matches!(finding.check, Check::Broken { .. }));
    broken.map(|finding| finding.control.code.clone()).collect()
}

#[test]
fn each_slip_breaks_the_control_that_is_meant_for_it() {
    let (forms, columns, sound) = post_soviet();
    let form = forms.form_for("lists", "hand", WHOLE).unwrap();
    assert!(form.missing_lines(&columns, &sound).is_empty());
    assert_eq!(broken(form, &columns, &sound), [""; 0]);
    for (code, figure, controls) in [
        ("cancelled", 251, vec!["ballots-balance"]),
        ("unaccounted", 1, vec!["ballots-balance"]),
        ("invalid", 10, vec!["boxes-hold-counted"]),
        ("valid", 741, vec!["boxes-hold-counted", "votes-add-up"]),
        ("registered", 739, vec!["issued-within-register"]),
        ("in_portable", 51, vec!["boxes-hold-counted", "portable-within-outside"]),
        ("in_stationary", 701, vec!["boxes-hold-counted", "boxes-within-issued", "scanner-receipt"]),
        ("scanner_receipt", 698, vec!["scanner-receipt"]),
        ("identified", 699, vec!["identification-receipt"]),
    ] {
        let mut figures = sound.clone();
        figures.set_named(&columns, code, figure).unwrap();
        assert_eq!(broken(form, &columns, &figures), controls, "{code} = {figure}");
    }
}

#[test]
fn the_machine_of_2020_has_its_own_short_form() {
    let forms = read("elections/kg-2020/forms.toml");
    let machine = forms.form_for("lists", "machine", WHOLE).unwrap();
    let hand = forms.form_for("lists", "hand", WHOLE).unwrap();
    assert_eq!(machine.lines.len(), 2);
    assert_eq!(hand.lines.len(), 12);
    assert!(forms.contest("lists").unwrap().against_all);
    assert_eq!(forms.form_for("lists", "recount", WHOLE).map(|form| &form.id), Some(&hand.id));
}
