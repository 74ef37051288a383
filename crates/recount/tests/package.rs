//! The data package of a record: every table in three formats that agree, described, hashed, and the same bytes each time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/cli.rs"]
mod cli;

use std::collections::BTreeMap;
use std::path::Path;

use cli::Desk;
use recount_exchange::{Options, Table};
use serde_json::{Value, json};

/// The small record with both stations, a protocol that says otherwise than one of them, and a note.
fn record() -> Desk {
    let desk = Desk::new();
    desk.small();
    desk.protocol("1001", 300, 100);
    desk.protocol("1002", 190, 112);
    desk.protocol("1002", 10, 10);
    desk.say("small", "note", "commission.key", &["code=synthetic"]);
    desk
}

/// A table as rows of text, an absent value being empty.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut table = Table::open(path, b',', &Options::default()).unwrap();
    let mut rows = vec![table.header().to_vec()];
    while let Some(row) = table.next_row().unwrap() {
        rows.push((0..row.len()).map(|at| row.text(at).unwrap().to_owned()).collect());
    }
    rows
}

/// The rows of a JSON table in the order of a header.
fn json_rows(path: &Path, header: &[String]) -> Vec<Vec<String>> {
    let rows: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let of = |row: &Value| {
        assert_eq!(row.as_object().unwrap().len(), header.len());
        header.iter().map(|name| text(&row[name])).collect()
    };
    rows.iter().map(of).collect()
}

/// Decimals lose zeros behind the point on their way through other formats.
fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| match text.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{whole}.{}", rest.trim_end_matches('0')).trim_end_matches('.').to_owned()
        }
        _ => text.to_owned(),
    };
    plain(a) == plain(b)
}

fn agree(folder: &Path, name: &str, what: &str, csv: &[Vec<String>], other: &[Vec<String>]) {
    assert_eq!(csv.len(), other.len(), "{name} {what}");
    for (row, other) in csv.iter().zip(other) {
        assert_eq!(row.len(), other.len());
        assert!(
            row.iter().zip(other).all(|(a, b)| same(a, b)),
            "{} {name} {what}:\n{row:?}\n{other:?}",
            folder.display()
        );
    }
}

/// Checks a package against itself; returns its descriptor.
fn check(folder: &Path) -> Value {
    let package: Value = serde_json::from_slice(&std::fs::read(folder.join("datapackage.json")).unwrap()).unwrap();
    let mut formats: BTreeMap<String, u32> = BTreeMap::new();
    for resource in package["resources"].as_array().unwrap() {
        let files = std::iter::once(resource).chain(resource["alternates"].as_array().unwrap());
        for file in files {
            let bytes = std::fs::read(folder.join(file["path"].as_str().unwrap())).unwrap();
            assert_eq!(file["bytes"], bytes.len());
            assert_eq!(file["hash"], format!("sha256:{}", recount_log::sha256(&bytes).to_hex()));
            *formats.entry(file["format"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let path = folder.join(resource["path"].as_str().unwrap());
        let name = resource["name"].as_str().unwrap();
        let csv = rows(&path);
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let named: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(csv[0], named, "{name}");
        for (at, field) in fields.iter().enumerate() {
            assert!(field["description"].as_str().is_some_and(|text| text.len() > 5), "{name}: {field}");
            let required = field["constraints"]["required"] == true;
            assert!(!required || csv[1..].iter().all(|row| !row[at].is_empty()), "{name}: {field} is absent in a row");
        }
        agree(folder, name, "parquet", &csv, &rows(&path.with_extension("parquet")));
        agree(folder, name, "json", &csv[1..], &json_rows(&path.with_extension("json"), &csv[0]));
    }
    assert_eq!(formats["csv"], formats["json"]);
    assert_eq!(formats["csv"], formats["parquet"]);
    package
}

#[test]
fn a_package_of_a_small_record() {
    let desk = record();
    let told = desk.json(&[
        "export",
        "small",
        "--dir",
        "data",
        "--licence",
        "CC0-1.0",
        "--base-url",
        "https://results.example/",
    ]);
    let package = check(&desk.path("data"));
    assert_eq!(package["licenses"], json!([{ "name": "CC0-1.0" }]));
    assert_eq!(package["homepage"], "https://results.example");
    assert_eq!(package["recount"]["origin"], "small.example");
    assert_eq!(package["recount"]["size"], told["size"]);
    assert!(package["recount"]["root"].as_str().is_some_and(|root| root.len() == 44));
    let names: Vec<&str> =
        package["resources"].as_array().unwrap().iter().map(|own| own["name"].as_str().unwrap()).collect();
    for name in
        ["result", "seats", "units", "stations", "protocols", "statements", "missing", "controls", "rulings", "changes"]
    {
        assert!(names.contains(&name), "{name}");
    }
    let result = rows(&desk.path("data/result.csv"));
    let cell = |row: &[String], name: &str| row[result[0].iter().position(|own| own == name).unwrap()].clone();
    let a = &result[1];
    assert_eq!(
        [cell(a, "list"), cell(a, "votes"), cell(a, "share"), cell(a, "percent")],
        ["a", "490", "490/702", "69.800570"]
    );
    assert_eq!([cell(a, "seats"), cell(a, "admitted"), cell(a, "countable")], ["4", "true", "2"]);
    let changes = rows(&desk.path("data/changes.csv"));
    let at = |name: &str| changes[0].iter().position(|own| own == name).unwrap();
    let told: Vec<[&str; 4]> = changes[1..]
        .iter()
        .map(|row| ["change", "station", "countable", "votes.a"].map(|name| row[at(name)].as_str()))
        .collect();
    assert_eq!(told, [["conflict", "1002", "0", ""]], "first figures are no change; what says otherwise moves nothing");
    // Whatever else is in the package is written again the same.
    let before: BTreeMap<String, Vec<u8>> = cli::files(&desk.path("data"))
        .into_iter()
        .map(|name| (name.clone(), std::fs::read(desk.path("data").join(name)).unwrap()))
        .collect();
    desk.expect(
        0,
        &["export", "small", "--dir", "data", "--licence", "CC0-1.0", "--base-url", "https://results.example"],
    );
    for (name, bytes) in &before {
        assert_eq!(&std::fs::read(desk.path("data").join(name)).unwrap(), bytes, "{name}");
    }
    assert_eq!(cli::files(&desk.path("data")).len(), before.len(), "nothing is left over");
}

#[test]
fn a_folder_with_other_files_is_left_alone() {
    let desk = record();
    std::fs::create_dir(desk.path("mine")).unwrap();
    desk.write("mine/table.csv", "a\n1\n");
    desk.refused(2, &["export", "small", "--dir", "mine"]);
    assert_eq!(cli::files(&desk.path("mine")), ["table.csv"]);
    desk.refused(2, &["export", "small"]);
    desk.refused(2, &["export", "small", "--dir", "x", "--format", "csv"]);
}

#[test]
fn one_table_in_parquet() {
    let desk = record();
    desk.expect(0, &["export", "small", "--what", "stations", "--format", "parquet", "-o", "stations.parquet"]);
    desk.expect(0, &["export", "small", "--what", "stations", "--format", "csv", "-o", "stations.csv"]);
    assert_eq!(rows(&desk.path("stations.parquet")), rows(&desk.path("stations.csv")));
    for what in [
        "result",
        "admission",
        "seats",
        "members",
        "protocols",
        "missing",
        "controls",
        "rulings",
        "complaints",
        "declarations",
    ] {
        let out = desk.expect(0, &["export", "small", "--what", what, "--format", "csv"]);
        assert!(out.lines().count() >= 1 && out.contains(','), "{what}");
    }
}

#[test]
fn a_synthetic_record_and_the_demo() {
    let desk = Desk::new();
    desk.synth("s", 150);
    desk.expect(0, &["export", "s", "--dir", "data"]);
    check(&desk.path("data"));
    let stations = rows(&desk.path("data/stations.csv"));
    assert_eq!(stations.len(), 151);
}
