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

/// Lists with their votes and seats, and all valid votes: what the named lists leave went to small ones, which are
/// here in equal parts of which none passes.
fn year(name: &str, year: &str, lists: &[(&str, u64, u64)], valid: u64, parts: u64, attributes: &[(&str, &str, &str)]) {
    let rest = valid - lists.iter().map(|(_, votes, _)| votes).sum::<u64>();
    let small: Vec<String> = (0..parts).map(|part| format!("small {part}")).collect();
    let mut votes: Vec<(&str, u64)> = lists.iter().map(|(list, votes, _)| (*list, *votes)).collect();
    votes.extend(small.iter().zip(0u64..).map(|(list, part)| (list.as_str(), (rest + part) / parts)));
    let mut tally = published(&votes, &[("valid", valid)], &[]);
    for (list, attribute, value) in attributes {
        let entry = tally.lists.iter_mut().find(|entry| entry.id == *list).unwrap();
        entry.attributes.insert((*attribute).to_owned(), (*value).to_owned());
    }
    let won: serde_json::Map<String, serde_json::Value> = lists
        .iter()
        .filter(|(_, _, seats)| *seats > 0)
        .map(|(list, _, seats)| ((*list).to_owned(), json!(seats)))
        .collect();
    seats(&format!("{name}, {year}"), &outcome(name, &tally), &json!(won));
}

/// Later elections under the same rulebooks: seats as published. The votes of lists are from memory; with the official
/// sums they leave what small lists had.
pub fn other_years() {
    let of_2021: &[(&str, u64, u64)] = &[
        ("VVD", 2_279_130, 34),
        ("D66", 1_565_861, 24),
        ("PVV", 1_124_482, 17),
        ("CDA", 990_601, 15),
        ("SP", 623_371, 9),
        ("PvdA", 597_192, 9),
        ("GL", 537_308, 8),
        ("FVD", 523_083, 8),
        ("PvdD", 399_750, 6),
        ("CU", 351_275, 5),
        ("Volt", 252_480, 3),
        ("JA21", 246_620, 3),
        ("SGP", 215_249, 3),
        ("DENK", 211_237, 3),
        ("50PLUS", 106_702, 1),
        ("BBB", 104_319, 1),
        ("BIJ1", 87_238, 1),
    ];
    year("nl-tk", "2021", of_2021, 10_422_852, 20, &[]);
    let of_2025: &[(&str, u64, u64)] = &[
        ("D66", 1_790_634, 26),
        ("PVV", 1_760_966, 26),
        ("VVD", 1_505_829, 22),
        ("GLPvdA", 1_352_163, 20),
        ("CDA", 1_246_874, 18),
        ("JA21", 628_517, 9),
        ("FVD", 480_393, 7),
        ("BBB", 279_916, 4),
        ("DENK", 250_368, 3),
        ("SGP", 238_093, 3),
        ("PvdD", 219_371, 3),
        ("CU", 201_361, 3),
        ("SP", 199_585, 3),
        ("50PLUS", 151_053, 2),
        ("Volt", 116_468, 1),
    ];
    year("nl-tk", "2025", of_2025, 10_571_990, 12, &[]);
    let of_2019: &[(&str, u64, u64)] = &[
        ("ÖVP", 1_789_417, 71),
        ("SPÖ", 1_011_868, 40),
        ("FPÖ", 772_666, 31),
        ("Grüne", 664_055, 26),
        ("NEOS", 387_124, 15),
    ];
    year("at-nr-national", "2019", of_2019, 4_777_246, 6, &[]);
    let of_2022: &[(&str, u64, u64)] = &[
        ("S", 1_964_474, 107),
        ("SD", 1_330_325, 73),
        ("M", 1_237_428, 68),
        ("V", 437_050, 24),
        ("C", 434_945, 24),
        ("KD", 345_712, 19),
        ("MP", 329_242, 18),
        ("L", 298_542, 16),
    ];
    year("se-riksdag-national", "2022", of_2022, 6_477_794, 6, &[]);
    // Three parties together passed the 7 percent that a coalition needs.
    let of_2023: &[(&str, u64, u64)] = &[
        ("Smer", 681_017, 42),
        ("PS", 533_136, 32),
        ("Hlas", 436_415, 27),
        ("OĽaNO", 264_137, 16),
        ("KDH", 202_515, 12),
        ("SaS", 187_645, 11),
        ("SNS", 166_995, 10),
        ("Republika", 141_099, 0),
        ("Aliancia", 130_183, 0),
        ("Demokrati", 87_006, 0),
        ("Sme rodina", 65_673, 0),
    ];
    year("sk-nr", "2023", of_2023, 2_967_896, 6, &[("OĽaNO", "coalition_members", "3")]);
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
