//! `recount forensics`: from a table, from a published table, from a record; the same bytes on any number of threads.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "common/cli.rs"]
mod cli;
#[path = "forensics/quick.rs"]
mod quick;

use std::fmt::Write;

use cli::{Desk, too_wide};
use serde_json::Value;

const MAP: &str = r#"
schema = "recount-map/1"
set = "made-up"
title = "A made-up council"
origin = "written by this test"
licence = "CC0"
[contest]
id = "council"
kind = "list"
unit = "country"
[[unit]]
level = "national"
id = "country"
name = "Country"
[[unit]]
level = "region"
id = "r{region}"
name = "Region {region}"
[[unit]]
level = "district"
id = "r{region}-d{district}"
name = "District {district}"
[station]
id = "s{station}"
expected = "registered"
[[station.flag]]
name = "ship"
value = "yes"
where = { district = "3" }
[lines]
registered = "registered"
issued = "issued"
valid = "valid"
invalid = "invalid"
[votes]
prefix = "for_"
[[pass]]
id = "count"
source = "hand"
"#;

/// 400 stations in two regions of five districts; every third one of the second region has a turnout of exactly 60 %.
fn table() -> String {
    let mut text = String::from("station,region,district,registered,issued,valid,invalid,for_a,for_b\n");
    for place in 0_u32..400 {
        let region = 1 + place / 200;
        let mut registered = 600 + (place * 131) % 900;
        let mut issued = registered * (380 + (place * 77) % 310) / 1000;
        if region == 2 && place % 3 == 0 {
            registered = registered / 10 * 10;
            issued = registered * 6 / 10;
        }
        let invalid = place % 7;
        let valid = issued - invalid;
        let a = valid * (300 + (place * 59) % 400) / 1000;
        let district = place / 40;
        writeln!(text, "{place},{region},{district},{registered},{issued},{valid},{invalid},{a},{}", valid - a)
            .unwrap();
    }
    text.push_str("400,2,9,700,,,,,\n");
    text
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("table.csv", &table());
    desk.write("map.toml", MAP);
    desk
}

const CALL: [&str; 8] = ["forensics", "table.csv", "--map", "map.toml", "--elections", "20", "--draws", "10"];

fn finding<'a>(report: &'a Value, topic: &str) -> &'a Value {
    report["findings"].as_array().unwrap().iter().find(|own| own["topic"] == topic).unwrap()
}

#[test]
fn a_table_through_its_map() {
    let desk = desk();
    let report = desk.json(&CALL);
    assert_eq!(report["schema"], "recount-forensics/1");
    assert_eq!(report["overview"]["stations"], 400);
    assert_eq!(report["subject"]["left_out"][0][1], 1);
    assert_eq!(finding(&report, "rounding")["verdict"], "found", "{}", report["findings"]);
    assert_eq!(report["regions_named"], serde_json::json!(["Region 1", "Region 2"]));
    let hash = report["subject"]["hash"].as_str().unwrap();
    assert_eq!(hash.len(), 64);
    // People get it in 80 columns, calibration before findings.
    let out = desk.expect(0, &CALL);
    assert_eq!(too_wide(&out), Vec::<&str>::new());
    assert!(out.find("How the tests behave").unwrap() < out.find("What was found").unwrap(), "{out}");
    assert!(out.contains(hash) && !out.contains("WARNING"), "{out}");
    // What was left out stands there with its reason, before any test and from the tests of percentages.
    let left_out = &out[out.find("Left out").unwrap()..out.find("How the tests behave").unwrap()];
    assert!(left_out.contains("1 row:") && left_out.contains("400 stations are tested"), "{left_out}");
    // The whole report says the same in every form.
    assert_eq!(report["findings"], desk.json(&[&CALL[..], &["--html", "page.html"]].concat())["findings"]);
    let page = std::fs::read_to_string(desk.path("page.html")).unwrap();
    let russian = desk.expect(0, &[&CALL[..], &["--html", "ru.html", "--lang", "ru"]].concat());
    assert!(russian.contains("What was found"));
    assert!(std::fs::read_to_string(desk.path("ru.html")).unwrap().contains("<html lang=\"ru\""));
    assert!(desk.refused(2, &[&CALL[..], &["--lang", "xx"]].concat()).contains("en, ky, ru"));
    assert!(page.contains(hash) && page.contains("A made-up council") && !page.contains("<script"));
    let digits = desk.expect(0, &[&CALL[..], &["--digits"]].concat());
    assert!(digits.contains("WARNING") && digits.contains("Last digits"), "{digits}");
}

#[test]
fn every_station_comes_out_as_a_table() {
    let desk = desk();
    let with = |file: &str| desk.json(&[&CALL[..], &["--stations", file]].concat());
    let report = with("stations.csv");
    let table = std::fs::read_to_string(desk.path("stations.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 401, "a header and every station that is looked at");
    let of = |row: &[&str], name: &str| row[rows[0].iter().position(|own| *own == name).unwrap()].to_owned();
    let places: Vec<usize> =
        (1..).zip(&rows[1..]).filter(|(_, row)| !of(row, "rank").is_empty()).map(|(n, _)| n).collect();
    assert_eq!(places.len(), report["ranking"].as_array().unwrap().len(), "those to look at first have a rank");
    let first = report["ranking"][0]["place"].as_u64().unwrap();
    let first = &rows[usize::try_from(first).unwrap() + 1];
    assert_eq!(of(first, "rank"), "1");
    assert!(!of(first, "reasons").is_empty());
    // Station s204 is in the second region, a multiple of three, and has exactly 60 %.
    let round = rows.iter().find(|row| row[0] == "s204").unwrap();
    assert_eq!(
        (of(round, "turnout").as_str(), of(round, "round_turnout").as_str()),
        ("60.000000", "true"),
        "{round:?}"
    );
    // The other formats hold the same.
    with("stations.json");
    let json: Value = serde_json::from_slice(&std::fs::read(desk.path("stations.json")).unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 400);
    assert_eq!(json[204]["turnout"].as_f64(), Some(60.0), "{}", json[204]);
    with("stations.parquet");
    assert!(std::fs::read(desk.path("stations.parquet")).unwrap().starts_with(b"PAR1"));
    assert!(desk.refused(2, &[&CALL[..], &["--stations", "stations.xls"]].concat()).contains(".parquet"));
}

#[test]
fn threads_change_nothing_and_the_seed_does() {
    let desk = desk();
    let run = |more: &[&str]| desk.expect(0, &[&CALL[..], &["--json"], more].concat());
    let one = run(&["--threads", "1", "--html", "one.html"]);
    assert_eq!(one, run(&["--threads", "8", "--html", "eight.html"]));
    assert_eq!(one, run(&[]));
    assert_ne!(one, run(&["--seed", "2"]));
    let page = std::fs::read_to_string(desk.path("one.html")).unwrap();
    assert_eq!(page, std::fs::read_to_string(desk.path("eight.html")).unwrap());
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Documents to ask for"));
}

#[test]
fn regions_with_outlines_stand_on_maps() {
    let desk = desk();
    let square = |id: &str, x: i32| {
        format!(
            r#"{{"type":"Feature","id":"{id}","geometry":{{"type":"Polygon","coordinates":[[[{x},0],[{},0],[{},1],[{x},1]]]}}}}"#,
            x + 1,
            x + 1
        )
    };
    let file = |features: &[String]| format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    // One region by the identifier of its unit, one by its name.
    desk.write("both.geojson", &file(&[square("r1", 10), square("Region 2", 11)]));
    desk.expect(0, &[&CALL[..], &["--outlines", "both.geojson", "--html", "map.html"]].concat());
    let page = std::fs::read_to_string(desk.path("map.html")).unwrap();
    assert!(page.contains("map-rounding-t") && page.matches("class=\"area h").count() >= 2, "{page}");
    desk.write("other.geojson", &file(&[square("elsewhere", 10)]));
    let refused = desk.refused(2, &[&CALL[..], &["--outlines", "other.geojson"]].concat());
    assert!(refused.contains("Region 1") && refused.contains("other.geojson"), "{refused}");
}

#[test]
fn what_is_looked_at_can_be_chosen() {
    let desk = desk();
    let with = |more: &[&str]| desk.json(&[&CALL[..], more].concat());
    let other = with(&["--list", "b", "--without", "ship", "--issued", "valid + invalid"]);
    assert_eq!(other["overview"]["stations"], 360);
    assert_eq!(other["overview"]["leader"], "b");
    let before = with(&["--before", "table.csv", "--before-map", "map.toml"]);
    assert_eq!(before["between"][0]["compared"], 400);
    assert_eq!(before["between"][0]["jumps"], serde_json::json!([]));
    let refused = |more: &[&str]| desk.refused(2, &[&CALL[..], more].concat());
    assert!(refused(&["--list", "c"]).contains("there is a, b"));
    assert!(refused(&["--found", "nonsense"]).contains("nonsense"));
    assert!(desk.refused(2, &["forensics", "table.csv"]).contains("--map"));
    assert!(desk.refused(2, &["forensics", "nowhere.csv", "--map", "map.toml"]).contains("nowhere.csv"));
}

#[test]
fn a_published_table_needs_no_map() {
    let path = format!("{}/../report/tests/published/2021.csv", env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new();
    let report = desk.json(&["forensics", &path, "--elections", "20", "--draws", "10"]);
    assert_eq!(report["overview"]["stations"], 4);
    assert_eq!(report["regions_named"][1], "Второй край");
}

#[test]
fn a_record_as_the_law_counts_it() {
    let desk = Desk::new();
    desk.synth("record", 300);
    let report = desk.json(&["forensics", "--record", "record", "--elections", "20", "--draws", "10"]);
    assert!(report["overview"]["stations"].as_u64().unwrap() > 200, "{}", report["overview"]);
    assert!(report["subject"]["source"].as_str().unwrap().contains("at size"));
    assert_eq!(report["subject"]["hash"].as_str().unwrap().len(), 64);
}

#[test]
fn the_report_stands_on_the_site_of_its_record() {
    let desk = Desk::new();
    desk.synth("record", 300);
    desk.expect(
        0,
        &["forensics", "record", "--found", "valid + invalid", "--elections", "20", "--pages", "pages.json"],
    );
    desk.expect(0, &["publish", "record", "site", "--pages", "pages.json"]);
    let read = |file: &str| std::fs::read_to_string(desk.path("site").join(file)).unwrap();
    for language in ["en", "ky", "ru"] {
        let page = read(&format!("{language}/forensics/index.html"));
        assert!(page.contains("class=\"forensics") && page.contains("assets/forensics.css\""), "{language}");
        assert!(!page.contains("<style") && !page.contains(" style="), "nothing that the security policy forbids");
        assert!(read(&format!("{language}/index.html")).contains("forensics/\""), "the pages lead there");
    }
    assert!(read("assets/forensics.css").contains(".forensics"));
    let why = desk.refused(2, &["publish", "record", "other", "--pages", "site/assets/forensics.css"]);
    assert!(why.contains("not JSON"), "{why}");
    desk.write("table.csv", "a\n");
    let why = desk.refused(2, &["forensics", "table.csv", "--pages", "pages.json"]);
    assert!(why.contains("belong to a record"), "{why}");
}

#[test]
fn every_station_and_every_reason_stand_there_once() {
    let desk = desk();
    // More found than issued and more for a list than found, at the same station.
    let odd = table().replace("\n7,1,0,", "\n7,1,0,700,300,310,0,420,420\n1007,1,0,");
    desk.write("table.csv", &odd);
    let report = desk.json(&CALL);
    let ranking = report["ranking"].as_array().unwrap();
    let first = ranking[0]["reasons"].as_array().unwrap();
    assert!(first.contains(&serde_json::json!({"why": "impossible", "ways": 2})), "{first:?}");
    let impossible = first.iter().filter(|own| own["why"] == "impossible");
    assert_eq!(impossible.count(), 1, "{first:?}");
    assert_eq!(finding(&report, "impossible")["count"], 1);
    let out = desk.expect(0, &CALL);
    assert_eq!(out.matches("impossible in 2 ways").count(), 1, "{out}");
}

#[test]
fn what_cannot_be_read_is_refused_in_words() {
    let desk = desk();
    let refused = |table: &str, more: &[&str]| {
        desk.write("other.csv", table);
        let why = desk.refused(2, &[&["forensics", "other.csv", "--map", "map.toml"][..], more].concat());
        assert!(why.contains("other.csv") || why.contains("map.toml"), "{why}");
        why
    };
    let head = table().lines().next().unwrap().to_owned();
    refused("", &[]);
    refused("a,b\n1,2\n", &[]);
    assert!(refused(&format!("{head}\n"), &["--list", "a"]).contains("no results"));
    // Arguments out of bounds are refused before anything is read.
    for more in [["--elections", "3"], ["--draws", "0"], ["--elections", "-1"], ["--threads", "many"]] {
        let err = desk.refused(2, &[&CALL[..4], &more].concat());
        assert!(err.contains(more[0]) || err.contains("unexpected"), "{err}");
    }
    desk.refused(2, &["forensics"]);
    desk.refused(2, &[&CALL[..], &["--html", "no/such/folder.html"]].concat());
}
