//! Where figures come from.

use recount_log::{Hash, leaf_hash, verify_inclusion};

use crate::cli::too_wide;
use crate::island::{flat, steady, whole};

#[test]
fn a_station_shows_every_version() {
    insta::assert_snapshot!("station", steady(&whole().expect(0, &["explain", "rec", "--station", "n1"])));
    let out = whole().expect(0, &["explain", "rec", "--station", "s1"]);
    assert!(flat(&out).contains("a copy that DIFFERS from what stands in 2 figures"), "{out}");
    let out = whole().expect(0, &["explain", "rec", "--station", "a2"]);
    assert!(flat(&out).contains("BROKEN: took_part = valid + invalid; 87 = 86 + 0"), "{out}");
    let out = whole().expect(0, &["explain", "rec", "--station", "s4"]);
    assert!(flat(&out).contains("NOT COUNTABLE: annulled (ballots_lost)"), "{out}");
}

#[test]
fn a_stations_leaf_proves_these_and_only_these() {
    let json = whole().json(&["explain", "rec", "--station", "n1"]);
    let leaf = &json["leaf"];
    let hash = |value: &serde_json::Value| Hash::from_hex(value.as_str().unwrap()).unwrap();
    let proof: Vec<Hash> = leaf["proof"].as_array().unwrap().iter().map(hash).collect();
    let own = leaf_hash(leaf["text"].as_str().unwrap().as_bytes());
    verify_inclusion(
        leaf["index"].as_u64().unwrap(),
        leaf["size"].as_u64().unwrap(),
        &own,
        &proof,
        &hash(&leaf["root"]),
    )
    .unwrap();
    assert_eq!(json["contests"][0]["versions"].as_array().unwrap().len(), 3);
}

#[test]
fn a_statement_shows_signers_with_the_offices_that_they_held() {
    let json = whole().json(&["list", "rec", "--signer", "north.island.example"]);
    let index = json["statements"][0]["statement"].to_string();
    let own = whole().json(&["explain", "rec", "--statement", &index]);
    assert_eq!(own["signers"][0]["offices"][0], "territorial of north");
    assert_eq!(own["statement"]["status"], "contested");
    assert_eq!(own["signatures_valid"], true);
    let out = whole().expect(0, &["explain", "rec", "--statement", "0"]);
    assert!(flat(&out).contains("commission.island.example: commission of *"), "{out}");
}

#[test]
fn a_seat_names_its_figure_and_the_rival_that_it_beat() {
    insta::assert_snapshot!("seat", steady(&whole().expect(0, &["explain", "rec", "--seat", "10"])));
    let json = whole().json(&["explain", "rec", "--seat", "10"]);
    assert_eq!(json["step"]["value"], "1220/10");
    assert_eq!(json["step"]["over"]["list"], "c");
    assert_eq!(json["law"], "Election Act, art. 13");
    for seat in 1..=10 {
        assert!(whole().json(&["explain", "rec", "--seat", &seat.to_string()])["step"].is_object(), "seat {seat}");
    }
}

#[test]
fn a_list_goes_down_to_statements() {
    let json = whole().json(&["explain", "rec", "--list", "a", "--unit", "north"]);
    let stations = json["contests"][0]["stations"].as_array().unwrap();
    let sum: u64 = stations.iter().filter_map(|own| own["votes"].as_u64()).sum();
    assert_eq!(Some(sum), json["contests"][0]["votes"].as_u64());
    assert_eq!(stations[0]["from"][0]["statement"], 3);
    let out = whole().expect(0, &["explain", "rec", "--list", "d"]);
    assert!(flat(&out).contains("NOT ADMITTED") && flat(&out).contains("30 votes short"), "{out}");
    assert!(too_wide(&out).is_empty(), "{:?}", too_wide(&out));
}

#[test]
fn what_is_not_there_is_refused() {
    for (what, id) in [("--list", "z"), ("--seat", "11"), ("--seat", "0"), ("--station", "z9"), ("--statement", "999")]
    {
        let err = whole().refused(2, &["explain", "rec", what, id]);
        assert!(err.contains("there"), "{err}");
    }
    whole().refused(2, &["explain", "rec"]);
    whole().refused(2, &["explain", "rec", "--list", "a", "--seat", "1"]);
}
