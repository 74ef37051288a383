//! Rulebooks of one tier, each with its country's known results.

use std::collections::BTreeMap;

use recount_seats::{Language, Tally};
use serde_json::json;

use super::support::{case, flat, outcome, published, seats};

/// A case with one total: rulebook, case, lines of the form by key of the input, register numbers.
fn national(name: &str, id: &str, lines: &[(&str, &str)], register: &[(&str, u64)]) {
    let Some(case) = case(id) else { return };
    let outcome = outcome(name, &flat(&case, lines, register));
    seats(&format!("{name}, {id}"), &outcome, &case["expected"]["seats"]);
}

pub fn austria() {
    national("at-nr-national", "at-nr-2017", &[], &[]);
    national("at-nr-national", "at-nr-1994", &[], &[]);
}

pub fn sweden() {
    national("se-riksdag-national", "se-2018-national", &[("valid", "total_valid")], &[]);
}

pub fn israel() {
    for id in ["il-knesset-20", "il-knesset-22"] {
        national("il-knesset", id, &[], &[]);
    }
}

pub fn slovakia() {
    national("sk-nr", "sk-nr-2020", &[], &[]);
}

pub fn spanish_european_and_local() {
    national("es-parlamento-europeo", "es-ep-2009", &[("blank", "blank")], &[("seats", 54)]);
    national("es-parlamento-europeo", "es-ep-1994", &[("blank", "blank")], &[("seats", 64)]);
    for (id, size) in [("es-loc-madrid-2011", 57), ("es-loc-bilbao-2011", 29), ("es-loc-elgoibar-2011", 17)] {
        national("es-municipal", id, &[("blank", "blank")], &[("seats", size)]);
    }
}

pub fn belgian_communes() {
    national("be-commune", "be-bruxelles-2012", &[], &[("seats", 49)]);
}

pub fn greece() {
    national("gr-vouli-2019", "gr-2019", &[], &[]);
}

pub fn european_parliament_by_country() {
    national("cz-ep", "cz-ep-2019", &[], &[]);
    national("de-ep-2009", "de-ep-2009", &[], &[]);
}

/// Votes as the commission published them on 15 July 2021; 35,201 voters supported nobody.
pub fn bulgaria() {
    let votes = [
        ("ITN", 657_829),
        ("GERB-SDS", 642_165),
        ("BSP", 365_695),
        ("DB", 345_331),
        ("DPS", 292_514),
        ("ISMV", 136_885),
        ("BP", 85_795),
        ("VOZ", 82_147),
        ("LB", 49_833),
    ];
    let tally = published(&votes, &[("none_of_the_above", 35_201)], &[]);
    let outcome = outcome("bg-ns-2021", &tally);
    let expected = json!({"ITN": 65, "GERB-SDS": 63, "BSP": 36, "DB": 34, "DPS": 29, "ISMV": 13});
    seats("bg-ns-2021", &outcome, &expected);
}

/// Published shares in hundredths of a percent: votes of that proportion give the published seats.
pub fn georgia_2012_and_2016() {
    let seats_of = |votes: &[(&str, u64)]| outcome("ge-2016", &published(votes, &[], &[]));
    let of_2016 = seats_of(&[
        ("GD", 4_868),
        ("UNM", 2_711),
        ("APG", 501),
        ("others", 480),
        ("more", 480),
        ("last", 480),
        ("rest", 480),
    ]);
    seats("2016", &of_2016, &json!({"GD": 44, "UNM": 27, "APG": 6}));
    assert!(of_2016.readings[0].differs, "largest remainders give other seats");
    let of_2012 = seats_of(&[("GD", 5_497), ("UNM", 4_034), ("others", 469)]);
    seats("2012", &of_2012, &json!({"GD": 44, "UNM": 33}));
}

/// 10 March 2024, the votes of all 22 constituencies (blank and null papers apart): AD 80, PS 78, CHEGA 50, IL 8,
/// BE 5, CDU 4, LIVRE 4, PAN 1. `docs/rulebooks.md` writes this rulebook.
pub fn portugal() {
    let path = format!("{}/../../rulebooks/tallies/pt-ar-2024.json", env!("CARGO_MANIFEST_DIR"));
    let outcome = outcome("pt-ar", &Tally::parse(&std::fs::read_to_string(path).unwrap()).unwrap());
    let seats: BTreeMap<&str, u64> =
        outcome.seats.iter().filter(|(_, seats)| **seats > 0).map(|(list, seats)| (list.as_str(), *seats)).collect();
    let official = [("ad", 80), ("be", 5), ("cdu", 4), ("ch", 50), ("il", 8), ("l", 4), ("pan", 1), ("ps", 78)];
    assert_eq!(seats, BTreeMap::from(official));
    assert_eq!((outcome.house, outcome.vacant, outcome.undetermined.len()), (230, 0, 0));
    let text = outcome.describe_in(Language::English);
    // Beja: PS 24,408, CHEGA 16,595, AD 12,890; the fourth quotient is 24,408 / 2 = 12,204.
    for line in
        ["beja: Seat ", "Aliança Democrática (PPD/PSD.CDS-PP.PPM)", "by its quotient 12,890.", "24,408/2 = 12,204"]
    {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
