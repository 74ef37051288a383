//! Audits of real sets and of the demo, from the command line, with boxes that hold what was reported and boxes that do
//! not: a wrong seat is caught, a right one certified, a partial certificate read off, and all of it derived again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "common/audit.rs"]
mod audit;
#[path = "common/cli.rs"]
mod cli;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use audit::{Box, Form, begin, boxes, range, sample};
use cli::Desk;
use recount_log::{SigningKey, sha256};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A record of a set, with key and charter; `None`, loudly, where the table is not there.
fn record(set: &str, table: &str) -> Option<(Desk, Value)> {
    let table = root().join("../shared/data").join(table);
    if !table.exists() {
        eprintln!("SKIPPED: {} is not beside the repository", table.display());
        return None;
    }
    let desk = Desk::new();
    let folder = root().join("elections").join(set);
    desk.expect(0, &["key", "new", "log.example", "-o", "log.key"]);
    desk.expect(0, &["key", "new", "filer.example", "-o", "filer.key"]);
    let charter = folder.join("charter.toml");
    let opened = desk.json(&[
        "init",
        "record",
        "--charter",
        charter.to_str().unwrap(),
        "--key",
        "filer.key",
        "--log-key",
        "log.key",
    ]);
    let map = folder.join("map.toml");
    desk.json(&["import", "record", table.to_str().unwrap(), "--map", map.to_str().unwrap(), "--key", "filer.key"]);
    Some((desk, opened))
}

fn verify(desk: &Desk, record: &str, key: &str, charter: &str, code: i32) -> Value {
    serde_json::from_str(&desk.expect(code, &["verify", record, "--key", key, "--charter", charter, "--json"])).unwrap()
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap()
}

/// Every range holds these seats.
fn holds(certificate: &Value, seats: &[(&str, u64)]) {
    for (list, seats) in seats {
        let (_, low, high) = range(certificate, list);
        assert!(low <= *seats && *seats <= high, "{list}: {seats} not within {low} to {high}");
    }
}

fn certificate(desk: &Desk, record: &str) -> Value {
    let output = desk.run(&["audit", "certificate", record, "--json"]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", cli::text(&output.stderr)))
}

const GD: &str = "41_georgian_dream";
const UNM: &str = "5_united_national_movement";
const PATRIOTS: &str = "8_alliance_of_patriots";
const FREE: &str = "27_free_democrats";

fn georgian() -> Form<'static> {
    Form {
        contest: "lists",
        source: "recount",
        part: None,
        lines: &|own, valid| vec![("valid", valid), ("invalid", own.found - valid)],
        empty: &|_| Vec::new(),
    }
}

#[test]
fn georgia_2016_lacks_three_votes_and_no_sample_can_tell() {
    let Some((desk, opened)) = record("georgia2016-pr", "georgia2016_pr.csv.zst") else { return };
    let (key, charter) = (text(&opened, "key"), text(&opened, "charter"));
    let plan = begin(&desk, "record", "filer.key", 700, &["--bound", "issued"]);
    assert_eq!((plan["plan"]["seats"][GD].as_u64(), plan["plan"]["seats"][UNM].as_u64()), (Some(47), Some(30)));
    assert_eq!(plan["stations"]["full_counts"], 1, "2.3 votes decide about the Patriots");
    let reported = boxes(&desk, "plan");
    let drawn = sample(&desk, "record", 700);
    let found: Vec<Box> = drawn.iter().map(|id| reported[id].clone()).collect();
    georgian().file(&desk, "record", charter, "filer.key", &found);
    let partial = certificate(&desk, "record");
    assert_eq!(partial["complete"], false);
    println!(
        "georgia, 700 stations: GD {:?}, UNM {:?}, Patriots {:?}",
        range(&partial, GD),
        range(&partial, UNM),
        range(&partial, PATRIOTS)
    );
    // Both parliaments are still possible: with the Patriots in, and without them.
    holds(&partial, &[(GD, 47), (UNM, 30), (PATRIOTS, 0)]);
    holds(&partial, &[(GD, 44), (UNM, 27), (PATRIOTS, 6)]);
    assert!(range(&partial, GD).1 >= 35 && range(&partial, UNM).2 <= 36, "the rest is proved");
    let own = &verify(&desk, "record", key, charter, 0)["audits"][0];
    assert_eq!((&own["holds"], &own["assessed"]), (&true.into(), &700.into()));
    // Every box: the seats as they were reported, to the last vote.
    let rest: Vec<Box> = reported.values().filter(|own| !drawn.contains(&own.station)).cloned().collect();
    georgian().file(&desk, "record", charter, "filer.key", &rest);
    let told = desk.expect(0, &["audit", "certificate", "record"]);
    assert!(told.contains("CERTIFIED: EVERY SEAT"), "{told}");
}

#[test]
fn georgia_2016_with_votes_moved_to_a_list_below_the_threshold() {
    let Some((desk, opened)) = record("georgia2016-pr", "georgia2016_pr.csv.zst") else { return };
    let (key, charter) = (text(&opened, "key"), text(&opened, "charter"));
    begin(&desk, "record", "filer.key", 500, &["--bound", "issued"]);
    // In the boxes the Free Democrats have votes that were written down for the two largest: 5.4 percent, and six seats.
    let mut boxes = boxes(&desk, "plan");
    for own in boxes.values_mut() {
        let moved = (own.figures[&format!("list:{GD}")] / 35).min(own.figures[&format!("list:{GD}")]);
        *own.figures.get_mut(&format!("list:{GD}")).unwrap() -= moved;
        *own.figures.get_mut(&format!("list:{FREE}")).unwrap() += moved;
    }
    let drawn = sample(&desk, "record", 500);
    let found: Vec<Box> = drawn.iter().map(|id| boxes[id].clone()).collect();
    georgian().file(&desk, "record", charter, "filer.key", &found);
    let now = desk.json(&["audit", "assess", "record"]);
    let below = now["assertions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"].as_str().unwrap().starts_with("Free Democrats below 1/20") && a["needed"] == true);
    let below = below.unwrap();
    assert!(below["proved"] == false && below["estimate"].as_f64().unwrap() < 0.0, "{below}");
    assert_eq!(now["complete"], false);
    holds(&now, &[(FREE, 6)]);
    verify(&desk, "record", key, charter, 0);
    let drawn: BTreeSet<String> = drawn.into_iter().collect();
    let rest: Vec<Box> = boxes.values().filter(|own| !drawn.contains(&own.station)).cloned().collect();
    georgian().file(&desk, "record", charter, "filer.key", &rest);
    let told = desk.expect(1, &["audit", "certificate", "record"]);
    assert!(told.contains("NOT CERTIFIED: THE RECOUNT GIVES OTHER SEATS"), "{told}");
    let now: Value = serde_json::from_str(&desk.expect(1, &["audit", "assess", "record", "--json"])).unwrap();
    assert_eq!(now["recounted"][FREE], 6);
}

/// Stations of the table with a machine: they have a second part.
fn with_machines() -> Option<BTreeSet<String>> {
    let table = root().join("../shared/data/bulgaria_20210711.csv.zst");
    let output = std::process::Command::new("zstdcat").arg(table).output().ok()?;
    let text = cli::text(&output.stdout);
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next()?.split(',').collect();
    let at = |name: &str| head.iter().position(|own| *own == name);
    let (id, machines) = (at("station_id")?, at("machines")?);
    // Names of places may hold commas; no column behind them does.
    let behind = head.len() - machines;
    let rows = lines.map(|line| line.split(',').collect::<Vec<_>>());
    let rows = rows.filter(|cells| cells.len().checked_sub(behind).and_then(|at| cells.get(at)) != Some(&"0"));
    Some(rows.map(|cells| cells[id].to_owned()).collect())
}

#[test]
fn bulgaria_july_2021() {
    let Some((desk, opened)) = record("bulgaria-20210711", "bulgaria_20210711.csv.zst") else { return };
    let Some(machines) = with_machines() else {
        eprintln!("SKIPPED: zstdcat is not installed");
        return;
    };
    let (key, charter) = (text(&opened, "key"), text(&opened, "charter"));
    let empty = |station: &str| {
        if machines.contains(station) {
            vec![("machine", vec!["in_box", "none_of_the_above", "valid"])]
        } else {
            Vec::new()
        }
    };
    let form = Form {
        contest: "lists",
        source: "recount",
        part: Some("paper"),
        lines: &|own, valid| {
            let nobody = own.figures.get("line:none_of_the_above").copied().unwrap_or(0);
            let invalid = own.found - valid - nobody;
            vec![
                ("registered_initial", 0),
                ("registered", 0),
                ("added_on_day", 0),
                ("ballots_received", own.found),
                ("voters_took_part", own.found),
                ("unused", 0),
                ("cancelled", 0),
                ("in_box", own.found),
                ("invalid", invalid),
                ("none_of_the_above", nobody),
                ("valid", valid),
            ]
        },
        empty: &empty,
    };
    let plan = begin(&desk, "record", "filer.key", 500, &["--without-missing", "--limit", "1/10"]);
    assert_eq!(plan["plan"]["seats"]["22"], 65);
    let reported = boxes(&desk, "plan");
    let drawn = sample(&desk, "record", 500);
    let found: Vec<Box> = drawn.iter().map(|id| reported[id].clone()).collect();
    form.file(&desk, "record", charter, "filer.key", &found);
    let partial = certificate(&desk, "record");
    assert_eq!(partial["assessed"], 500);
    let shown: BTreeMap<&str, _> = ["22", "5", "4", "23", "7", "8"].map(|list| (list, range(&partial, list))).into();
    println!("bulgaria, 500 stations: {shown:?}");
    holds(&partial, &[("22", 65), ("5", 63), ("4", 36), ("23", 34), ("7", 29), ("8", 13)]);
    // Half of a house of 240 is proved with one station in twenty-six.
    assert!(shown["22"].1 >= 30 && shown["22"].2 <= 120 && shown["7"].2 <= 90, "{shown:?}");
    let own = &verify(&desk, "record", key, charter, 0)["audits"][0];
    assert_eq!((&own["holds"], &own["assessed"]), (&true.into(), &500.into()));
}

/// Writes a key of the demo, as its seed gives it.
fn demo_key(desk: &Desk, name: &str, file: &str, seed: u64) {
    let seed = sha256(format!("recount demo seed {seed}").as_bytes()).0;
    let mut material = b"recount demo key\n".to_vec();
    material.extend_from_slice(&seed);
    material.extend_from_slice(name.as_bytes());
    let key = SigningKey::from_seed(name, sha256(&material).0).unwrap();
    desk.write(file, &format!("{}\n", key.encode()));
}

#[test]
fn the_demo_of_october_2020() {
    let desk = Desk::new();
    let played = desk.json(&["demo", "--seed", "7", "--dir", "kg"]);
    let (key, charter) = (text(&played, "key"), text(&played, "charter"));
    demo_key(&desk, "commission.kg-2020.example", "commission.key", 7);
    // The result of the briefing, before the ruling that annulled it.
    let protocols = desk.json(&["list", "kg", "--kind", "protocol", "--limit", "1"]);
    let before = (protocols["statements"][0]["statement"].as_u64().unwrap() + 1).to_string();
    let asked = ["--at", &before, "--without-missing", "--limit", "1/10"];
    let plan = begin(&desk, "kg", "commission.key", 300, &asked);
    let seats: BTreeMap<String, u64> = serde_json::from_value(plan["plan"]["seats"].clone()).unwrap();
    assert_eq!(seats.values().sum::<u64>(), 120);
    assert_eq!(plan["plan"]["bases"]["voters_took_part"], "document: the signed register");
    let reported = boxes(&desk, "plan");
    let drawn = sample(&desk, "kg", 300);
    let form = Form {
        contest: "lists",
        source: "recount",
        part: None,
        lines: &|own, valid| {
            vec![
                ("registered", own.bound),
                ("ballots_received", own.bound),
                ("issued_station", own.bound),
                ("issued_outside", 0),
                ("cancelled", 0),
                ("in_portable", 0),
                ("in_stationary", own.found),
                ("valid", valid),
                ("invalid", own.found - valid),
            ]
        },
        empty: &|_| Vec::new(),
    };
    let found: Vec<Box> = drawn.iter().map(|id| reported[id].clone()).collect();
    form.file(&desk, "kg", charter, "commission.key", &found);
    let partial = certificate(&desk, "kg");
    println!("kg-2020, 300 stations: {}", partial["lists"]);
    for (list, seats) in &seats {
        holds(&partial, &[(list.as_str(), *seats)]);
    }
    let largest = seats.iter().max_by_key(|own| own.1).unwrap().0;
    assert!(range(&partial, largest).1 > 20, "a list far above the threshold is proved to have seats");
    let own = &verify(&desk, "kg", key, charter, 0)["audits"][0];
    assert_eq!((&own["holds"], &own["assessed"]), (&true.into(), &300.into()), "{own}");
}
