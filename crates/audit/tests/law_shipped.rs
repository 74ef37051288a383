//! The proof obligation of the rulebooks that come with the program, in small houses: the stages, formulas and thresholds are those of the
//! files; houses have some ten seats, so that random elections of a few hundred votes have results.
//!
//! Variables as in `law.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "law/harness.rs"]
mod harness;

use harness::{LISTS_ONLY, Setting, obligations_of};
use recount_seats::Rulebook;

/// A shipped rulebook with these words put in place of others.
fn shipped(name: &str, changes: &[(&str, &str)]) -> Rulebook {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks").join(format!("{name}.toml"));
    let mut text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    for (from, to) in changes {
        assert!(text.contains(from), "{name}: no `{from}`");
        text = text.replace(from, to);
    }
    Rulebook::parse(&text).unwrap_or_else(|why| panic!("{name}: {why:?}"))
}

fn hold(setting: Setting, seed: u64, name: &str, changes: &[(&str, &str)]) {
    obligations_of(setting, name, seed, &shipped(name, changes));
}

const NATIONAL: (&str, &str) = ("levels = [\"national\"]", "levels = [\"national\", \"region\"]");
const DISTRICT: (&str, &str) = ("district", "region");
const CONSTITUENCY: (&str, &str) = ("constituency", "region");

#[test]
fn national_lists_by_averages() {
    hold(LISTS_ONLY, 301, "at-nr-national", &[NATIONAL, ("seats = 183", "seats = 11")]);
    hold(LISTS_ONLY, 302, "cz-ep", &[NATIONAL, ("seats = 21", "seats = 11")]);
    hold(LISTS_ONLY, 303, "de-ep-2009", &[NATIONAL, ("seats = 99", "seats = 11")]);
    hold(LISTS_ONLY, 304, "es-parlamento-europeo", &[NATIONAL]);
    hold(LISTS_ONLY, 305, "be-commune", &[NATIONAL]);
}

#[test]
fn national_lists_by_remainders() {
    hold(LISTS_ONLY, 311, "bg-ns-2021", &[("seats = 240", "seats = 11")]);
    hold(LISTS_ONLY, 312, "sk-nr", &[NATIONAL, ("seats = 150", "seats = 11")]);
}

#[test]
fn greece_with_a_bonus() {
    let changes = [NATIONAL, ("seats = 300", "seats = 16"), ("seats = 250", "seats = 11"), ("seats = 50", "seats = 5")];
    hold(LISTS_ONLY, 321, "gr-vouli-2019", &changes);
}

#[test]
fn israel_with_surplus_agreements() {
    let allied = Setting {
        attributes: |n| match n {
            1 | 2 => vec![("group", "one")],
            0 | 4 => vec![("group", "two")],
            _ => Vec::new(),
        },
        ..LISTS_ONLY
    };
    hold(allied, 331, "il-knesset", &[NATIONAL, ("seats = 120", "seats = 11")]);
}

#[test]
fn the_netherlands() {
    let levels = ("\"district\", \"municipality\"", "\"region\"");
    hold(LISTS_ONLY, 341, "nl-tk", &[levels, ("seats = 150", "seats = 11")]);
    hold(LISTS_ONLY, 342, "nl-raad-large", &[("\"station\"", "\"region\"")]);
}

#[test]
fn districts() {
    hold(LISTS_ONLY, 351, "fi-eduskunta", &[DISTRICT]);
}

#[test]
fn levelling_seats() {
    hold(LISTS_ONLY, 361, "no-storting", &[DISTRICT, ("seats = 169", "seats = 9")]);
    hold(LISTS_ONLY, 362, "is-althing", &[CONSTITUENCY, ("seats = 9", "seats = 6")]);
}
