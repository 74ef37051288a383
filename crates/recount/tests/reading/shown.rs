//! Status, what is missing, statements and controls.

use crate::cli::too_wide;
use crate::island::{counted, flat, steady, whole};

#[test]
fn status_shows_sources_and_the_contradictions_of_turnout() {
    let out = whole().expect(0, &["status", "rec"]);
    assert!(flat(&out).contains("all 3 units of level region sum to 2,050, 50 more than the 2,000"), "{out}");
    insta::assert_snapshot!("status", steady(&out));
    let json = whole().json(&["status", "rec"]);
    assert_eq!(json["turnout"]["contradictions"].as_array().unwrap().len(), 1);
    assert_eq!(json["contests"][0]["sources"][1]["source"], "machine");
}

#[test]
fn missing_stations_have_reasons_and_rulings() {
    insta::assert_snapshot!("missing", steady(&whole().expect(0, &["missing", "rec"])));
    let json = whole().json(&["missing", "rec", "--source", "machine"]);
    assert_eq!(json["contests"][0]["stations"].as_array().unwrap().len(), 6);
    let err = whole().refused(2, &["missing", "rec", "--by", "parish"]);
    assert!(err.contains("no unit of the register has level \"parish\""), "{err}");
}

#[test]
fn lists_are_filtered() {
    let all = whole().json(&["list", "rec", "--limit", "0"]);
    assert_eq!(all["found"], all["record"]["size"]);
    let contested = whole().json(&["list", "rec", "--status", "contested"]);
    assert_eq!(contested["found"], 2);
    assert_eq!(contested["statements"][1]["signer"], "north.island.example");
    assert_eq!(whole().json(&["list", "rec", "--station", "s1", "--kind", "copy"])["found"], 1);
    assert_eq!(whole().json(&["list", "rec", "--signer", "scanner.island.example"])["found"], 6);
    let out = whole().expect(0, &["list", "rec"]);
    assert!(too_wide(&out).is_empty(), "{:?}", too_wide(&out));
    whole().refused(2, &["list", "rec", "--station", "nowhere"]);
    whole().refused(2, &["list", "rec", "--signer", "nobody"]);
}

#[test]
fn controls_of_a_record_and_of_its_table_agree() {
    let desk = counted();
    let record = desk.json(&["controls", "rec"]);
    let table = desk.json(&["controls", "results.csv", "--map", "map.toml"]);
    assert_eq!(record["broken"], 1);
    assert_eq!(record["by_code"], table["by_code"]);
    assert_eq!(table["findings"][0]["figures"], "87 = 86 + 0");
    desk.expect(0, &["controls", "rec"]);
    desk.expect(1, &["controls", "rec", "--strict"]);
    desk.expect(1, &["controls", "results.csv", "--map", "map.toml", "--forms", "forms.toml", "--strict"]);
    desk.refused(2, &["controls", "results.csv"]);
}
