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
/// The line that these elections have beside votes stands for the law's own.
const BLANK: (&str, &str) = ("line = \"blank\"", "line = \"voters_took_part\"");
const VALID: (&str, &str) = ("line = \"valid\"", "line = \"voters_took_part\"");

#[test]
fn national_lists_by_averages() {
    hold(LISTS_ONLY, 301, "at-nr-national", &[NATIONAL, ("seats = 183", "seats = 11")]);
    hold(LISTS_ONLY, 302, "cz-ep", &[NATIONAL, ("seats = 21", "seats = 11")]);
    hold(LISTS_ONLY, 303, "de-ep-2009", &[NATIONAL, ("seats = 99", "seats = 11")]);
    hold(LISTS_ONLY, 304, "es-parlamento-europeo", &[NATIONAL]);
    hold(LISTS_ONLY, 305, "be-commune", &[NATIONAL]);
    hold(LISTS_ONLY, 306, "es-municipal", &[NATIONAL, BLANK]);
    hold(LISTS_ONLY, 307, "se-riksdag-national", &[NATIONAL, VALID, ("seats = 349", "seats = 11")]);
    hold(LISTS_ONLY, 308, "cz-obec", &[("\"station\"", "\"region\"")]);
}

#[test]
fn national_lists_by_remainders() {
    hold(LISTS_ONLY, 311, "bg-ns-2021", &[("seats = 240", "seats = 11")]);
    hold(LISTS_ONLY, 312, "sk-nr", &[NATIONAL, ("seats = 150", "seats = 11")]);
}

/// Seats for everybody beforehand: one each to the states by their population, six each to the lists that passed.
#[test]
fn seats_beforehand() {
    let states = [NATIONAL, ("435", "11"), ("contest.population", "contest.lists"), ("\"population\"", "\"lists\"")];
    hold(LISTS_ONLY, 315, "us-house", &states);
    hold(LISTS_ONLY, 316, "ge-2016", &[NATIONAL, ("seats = 77", "seats = 40")]);
}

/// Ten seats, at most six for a list, two regions with floors.
#[test]
fn kyrgyzstan() {
    let small = [
        ("required_regions = 9", "required_regions = 2"),
        ("seats = 120", "seats = 10"),
        ("max_seats = 65", "max_seats = 6"),
    ];
    let [regions, seats, cap] = small;
    hold(
        LISTS_ONLY,
        317,
        "kg-jk-2010",
        &[regions, seats, cap, ("line = \"registered\"", "line = \"voters_took_part\"")],
    );
    hold(LISTS_ONLY, 318, "kg-jk-2015", &[regions, seats, cap, VALID]);
    hold(LISTS_ONLY, 319, "kg-jk-2020", &small);
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
    hold(LISTS_ONLY, 352, "pt-ar", &[CONSTITUENCY, ("region = 22", "region = 2")]);
    hold(LISTS_ONLY, 353, "es-congreso", &[DISTRICT, BLANK]);
    hold(LISTS_ONLY, 354, "es-canarias", &[("island", "region"), BLANK]);
}

#[test]
fn levelling_seats() {
    hold(LISTS_ONLY, 361, "no-storting", &[DISTRICT, ("seats = 169", "seats = 9")]);
    hold(LISTS_ONLY, 362, "is-althing", &[CONSTITUENCY, ("seats = 9", "seats = 6")]);
}
