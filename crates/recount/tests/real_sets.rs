//! Real elections through the real binary: the tables lie beside the repository, not in it. Without them these tests say so and pass.
//! (Bolivia 2019 is in `differences.rs`.)

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "common/cli.rs"]
mod cli;

use std::path::{Path, PathBuf};

use cli::Desk;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A record of one set on a desk of its own; `None`, loudly, where the table is not there.
fn record(set: &str, table: &str) -> Option<Desk> {
    let desk = Desk::new();
    let charter = root().join("elections").join(set).join("charter.toml");
    table_of(table)?;
    desk.expect(0, &["key", "new", "log.example", "-o", "log.key"]);
    desk.expect(0, &["key", "new", "filer.example", "-o", "filer.key"]);
    let charter = charter.to_str().unwrap();
    desk.expect(0, &["init", "record", "--charter", charter, "--key", "filer.key", "--log-key", "log.key"]);
    let report = import(&desk, set, "map.toml", table);
    assert_eq!(report["refused"].as_array().unwrap().len(), 0);
    assert_eq!(report["void"].as_array().unwrap().len(), 0);
    Some(desk)
}

fn table_of(table: &str) -> Option<PathBuf> {
    let path = root().join("../shared/data").join(table);
    if !path.exists() {
        eprintln!("SKIPPED: {table} is not beside the repository");
        return None;
    }
    Some(path)
}

fn import(desk: &Desk, set: &str, map: &str, table: &str) -> Value {
    let map = root().join("elections").join(set).join(map);
    let table = table_of(table).unwrap();
    desk.json(&["import", "record", table.to_str().unwrap(), "--map", map.to_str().unwrap(), "--key", "filer.key"])
}

fn contest<'a>(count: &'a Value, id: &str) -> &'a Value {
    count["contests"].as_array().unwrap().iter().find(|c| c["contest"] == id).unwrap()
}

fn votes(contest: &Value, list: &str) -> u64 {
    let lists = contest["totals"]["lists"].as_array().unwrap();
    lists.iter().find(|l| l["list"] == list).unwrap()["votes"].as_u64().unwrap()
}

fn stations(contest: &Value, grounds: &str) -> u64 {
    let reasons = contest["coverage"]["not_countable"].as_array().unwrap();
    reasons.iter().find(|r| r["grounds"] == grounds).unwrap()["stations"].as_u64().unwrap()
}

#[test]
fn peru_says_why_its_totals_are_210_votes_lower() {
    let Some(desk) = record("peru2021-r1", "peru2021_r1.csv.zst") else { return };
    let count = desk.json(&["count", "record"]);
    let president = contest(&count, "president");
    assert_eq!(president["coverage"]["expected"], 86_488);
    assert_eq!(president["coverage"]["countable"], 81_924 + 3_081);
    assert_eq!(
        ["annulled", "lost", "not_installed", "in_process"].map(|grounds| stations(president, grounds)),
        [949, 3, 499, 32]
    );
    // The official totals hold the 32 actas that were still in process when the table was made.
    assert_eq!(votes(president, "p16"), 2_724_752 - 210);
    let waiting = president["coverage"]["not_countable"].as_array().unwrap();
    let waiting = waiting.iter().find(|r| r["grounds"] == "in_process").unwrap();
    assert_eq!(waiting["votes_not_counted"]["p16"], 210);
    let status = desk.json(&["list", "record", "--kind", "ruling", "--limit", "1"]);
    assert!(status.to_string().contains("ruling"));
}

#[test]
fn georgia_votes_again_at_four_precincts() {
    let Some(desk) = record("georgia2016-major", "georgia2016_major.csv.zst") else { return };
    let first = desk.json(&["count", "record"]);
    assert_eq!(first["contests"].as_array().unwrap().len(), 73);
    let issued = |count: &Value| contest(count, "district-36")["totals"]["lines"]["issued"].as_u64().unwrap();
    let report = import(&desk, "georgia2016-major", "rerun.toml", "georgia2016_major_rerun.csv.zst");
    assert_eq!(report["filed"], 4);
    let after = desk.json(&["count", "record"]);
    assert_eq!(issued(&after), issued(&first) - 617 + 762);
    let told = desk.expect(0, &["explain", "record", "--station", "66-67.38"]);
    assert!(told.contains("433") && told.contains("461"), "{told}");
}

#[test]
fn bulgaria_adds_parts_and_compares_sources() {
    let Some(desk) = record("bulgaria-20210711", "bulgaria_20210711.csv.zst") else { return };
    let count = desk.json(&["count", "record"]);
    let lists = contest(&count, "lists");
    assert_eq!([votes(lists, "22"), votes(lists, "5"), votes(lists, "7")], [657_829, 642_165, 292_514]);
    // The parliament of July 2021 as published: ITN 65, GERB-SDS 63, BSP 36, DB 34, DPS 29, ISMV 13.
    let seats = |list: &str| count["result"]["seats"][list].as_u64();
    assert_eq!(["22", "5", "4", "23", "7", "8"].map(seats), [65, 63, 36, 34, 29, 13].map(Some));
    let compared = desk.json(&["compare", "record", "--sources", "hand,machine"]);
    assert_eq!(compared["contests"][0]["compared"], 9_580);
    assert_eq!(compared["contests"][0]["differ"], 6);
    let controls = desk.json(&["controls", "record"]);
    let broken = |code: &str| {
        let codes = controls["by_code"].as_array().unwrap();
        codes.iter().find(|c| c["control"] == code).unwrap()["broken"].as_u64().unwrap()
    };
    assert_eq!([broken("voted-is-found"), broken("voted-within-register")], [23, 14]);
}

#[test]
fn russia_2018_leaves_out_annulled_stations_with_their_register() {
    let Some(desk) = record("russia-2018", "russia_2018.csv.zst") else { return };
    let count = desk.json(&["count", "record"]);
    let president = contest(&count, "president");
    assert_eq!(stations(president, "annulled_after_certification"), 4);
    assert_eq!(president["totals"]["lines"]["registered"], 109_001_306);
    assert_eq!(votes(president, "putin"), 56_426_519);
}

#[test]
fn russia_2021_takes_rows_without_data_as_absent() {
    let Some(desk) = record("russia-2021", "russia_2021.csv.zst") else { return };
    let count = desk.json(&["count", "record"]);
    let lists = contest(&count, "lists");
    assert_eq!(lists["coverage"]["expected"], 96_325);
    assert_eq!(lists["coverage"]["received"], 96_325 - 17);
    assert_eq!(votes(lists, "er"), 28_064_200);
}
