//! Every rulebook that the repository ships gives its country's known results, through the path that
//! `recount seats` takes: the file as it stands, and a tally.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "shipped/support.rs"]
mod support;
#[path = "shipped/tiers.rs"]
mod tiers;
#[path = "cases/words.rs"]
#[allow(dead_code, reason = "shared with the reference cases")]
mod words;

use serde_json::json;

use support::{case, flat, outcome, published, seats};

/// A case with one total: rulebook, case, lines of the form by key of the input, register numbers.
fn national(name: &str, id: &str, lines: &[(&str, &str)], register: &[(&str, u64)]) {
    let Some(case) = case(id) else { return };
    let outcome = outcome(name, &flat(&case, lines, register));
    seats(&format!("{name}, {id}"), &outcome, &case["expected"]["seats"]);
}

#[test]
fn austria() {
    national("at-nr-national", "at-nr-2017", &[], &[]);
    national("at-nr-national", "at-nr-1994", &[], &[]);
}

#[test]
fn sweden() {
    national("se-riksdag-national", "se-2018-national", &[("valid", "total_valid")], &[]);
}

#[test]
fn israel() {
    for id in ["il-knesset-20", "il-knesset-22"] {
        national("il-knesset", id, &[], &[]);
    }
}

#[test]
fn slovakia() {
    national("sk-nr", "sk-nr-2020", &[], &[]);
}

#[test]
fn spanish_european_and_local() {
    national("es-parlamento-europeo", "es-ep-2009", &[("blank", "blank")], &[("seats", 54)]);
    national("es-parlamento-europeo", "es-ep-1994", &[("blank", "blank")], &[("seats", 64)]);
    for (id, size) in [("es-loc-madrid-2011", 57), ("es-loc-bilbao-2011", 29), ("es-loc-elgoibar-2011", 17)] {
        national("es-municipal", id, &[("blank", "blank")], &[("seats", size)]);
    }
}

#[test]
fn belgian_communes() {
    national("be-commune", "be-bruxelles-2012", &[], &[("seats", 49)]);
}

#[test]
fn greece() {
    national("gr-vouli-2019", "gr-2019", &[], &[]);
}

#[test]
fn european_parliament_by_country() {
    national("cz-ep", "cz-ep-2019", &[], &[]);
    national("de-ep-2009", "de-ep-2009", &[], &[]);
}

/// Votes as the commission published them on 15 July 2021; 35,201 voters supported nobody.
#[test]
fn bulgaria() {
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
#[test]
fn georgia_2012_and_2016() {
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
