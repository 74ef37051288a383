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
    Some(record_of(Desk::new(), set, &table))
}

fn record_of(desk: Desk, set: &str, table: &Path) -> (Desk, Value) {
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
    (desk, opened)
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

/// Every `step`-th row of the Bulgarian table, written on a desk, and the stations with a machine: they have a second
/// part. `None`, loudly, where the table or the program that unpacks it is not there.
fn bulgaria(step: usize) -> Option<(Desk, PathBuf, BTreeSet<String>)> {
    let table = root().join("../shared/data/bulgaria_20210711.csv.zst");
    let output = std::process::Command::new("zstdcat").arg(&table).output().ok().filter(|own| own.status.success());
    let Some(output) = output else {
        eprintln!("SKIPPED: {} is not beside the repository, or zstdcat is not installed", table.display());
        return None;
    };
    let text = cli::text(&output.stdout);
    let mut lines = text.lines();
    let first = lines.next()?;
    let head: Vec<&str> = first.split(',').collect();
    let at = |name: &str| head.iter().position(|own| *own == name);
    let (id, machines) = (at("station_id")?, at("machines")?);
    // Names of places may hold commas; no column behind them does.
    let behind = head.len() - machines;
    let rows: Vec<&str> = lines.step_by(step).collect();
    let cells = rows.iter().map(|line| line.split(',').collect::<Vec<_>>());
    let cells = cells.filter(|cells| cells.len().checked_sub(behind).and_then(|at| cells.get(at)) != Some(&"0"));
    let with_machine = cells.map(|cells| cells[id].to_owned()).collect();
    let desk = Desk::new();
    let path = desk.write("bulgaria.csv", &format!("{first}\n{}\n", rows.join("\n")));
    Some((desk, path, with_machine))
}

/// One station in six of the real set, which an unoptimised build can audit in seconds; all of it with
/// `RECOUNT_AUDIT_FULL=1`.
#[test]
fn bulgaria_july_2021() {
    let whole = std::env::var("RECOUNT_AUDIT_FULL").is_ok();
    let Some((desk, table, machines)) = bulgaria(if whole { 1 } else { 6 }) else { return };
    let (desk, opened) = record_of(desk, "bulgaria-20210711", &table);
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
    let seats: BTreeMap<String, u64> = serde_json::from_value(plan["plan"]["seats"].clone()).unwrap();
    if whole {
        assert_eq!(seats["22"], 65);
    }
    let reported = boxes(&desk, "plan");
    let drawn = sample(&desk, "record", 500);
    let wrong = twin(&desk, "record", "filer.key");
    let found: Vec<Box> = drawn.iter().map(|id| reported[id].clone()).collect();
    form.file(&desk, "record", charter, "filer.key", &found);
    let partial = certificate(&desk, "record");
    assert_eq!(partial["assessed"], 500);
    let of = |list: &str| range(&partial, list);
    println!("bulgaria, 500 stations of {}: {}", reported.len(), partial["lists"]);
    let own: Vec<(&str, u64)> = seats.iter().map(|(list, n)| (list.as_str(), *n)).collect();
    holds(&partial, &own);
    // A good part of a house of 240 is proved, and not all of it.
    assert!(
        of("22").1 >= 30 && of("22").2 <= 120 && of("7").2 <= 90 && of("22").1 < of("22").2,
        "{}",
        partial["lists"]
    );
    let own = &verify(&desk, "record", key, charter, 0)["audits"][0];
    assert_eq!((&own["holds"], &own["assessed"]), (&true.into(), &500.into()));
    // Every box: the seats as they were reported, to the last.
    let rest = |boxes: &BTreeMap<String, Box>| -> Vec<Box> {
        boxes.values().filter(|own| !drawn.contains(&own.station)).cloned().collect()
    };
    form.file(&desk, "record", charter, "filer.key", &rest(&reported));
    let told = desk.expect(0, &["audit", "certificate", "record"]);
    assert!(told.contains("CERTIFIED: EVERY SEAT"), "{told}");

    // The same sample with other boxes: votes of the second were written down for the first, and two seats with them.
    let boxes = moved(&reported, "22", "5", 35);
    let found: Vec<Box> = drawn.iter().map(|id| boxes[id].clone()).collect();
    form.file(&wrong, "record", charter, "filer.key", &found);
    let now = certificate(&wrong, "record");
    let admitted: Vec<&str> = seats.iter().filter(|own| *own.1 > 0).map(|own| own.0.as_str()).collect();
    let (before, truth) = (hare(&reported, &admitted, 240), hare(&boxes, &admitted, 240));
    assert!(before.iter().all(|(list, n)| seats[*list] == *n), "{before:?}");
    println!("bulgaria, in the boxes: {truth:?}");
    assert!(truth["5"] > seats["5"] && truth["22"] < seats["22"], "{truth:?}");
    caught(&now, &truth.iter().map(|(list, n)| (*list, *n)).collect::<Vec<_>>());
    form.file(&wrong, "record", charter, "filer.key", &rest(&boxes));
    let told = wrong.expect(1, &["audit", "certificate", "record"]);
    assert!(told.contains("NOT CERTIFIED: THE RECOUNT GIVES OTHER SEATS"), "{told}");
    let own = &verify(&wrong, "record", key, charter, 0)["audits"][0];
    assert_eq!((&own["holds"], &own["wrong"]), (&true.into(), &true.into()), "{own}");
}

/// One of so many votes for one list lies in the boxes for another.
fn moved(reported: &BTreeMap<String, Box>, from: &str, to: &str, one_of: u64) -> BTreeMap<String, Box> {
    let mut boxes = reported.clone();
    for own in boxes.values_mut() {
        let moved = own.figures.get(&format!("list:{from}")).map_or(0, |votes| votes / one_of);
        if moved > 0 {
            *own.figures.get_mut(&format!("list:{from}")).unwrap() -= moved;
            *own.figures.entry(format!("list:{to}")).or_default() += moved;
        }
    }
    boxes
}

/// Seats by Hare's quota and largest remainders, of the sums of boxes.
fn hare<'a>(boxes: &BTreeMap<String, Box>, lists: &[&'a str], seats: u64) -> BTreeMap<&'a str, u64> {
    let votes = |list: &str| boxes.values().map(|own| own.figures.get(&format!("list:{list}")).unwrap_or(&0)).sum();
    let votes: Vec<u64> = lists.iter().map(|list| votes(list)).collect();
    let all: u64 = votes.iter().sum();
    let mut won: Vec<u64> = votes.iter().map(|n| n * seats / all).collect();
    let mut order: Vec<usize> = (0..lists.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(votes[*at] * seats % all));
    let left = seats - won.iter().sum::<u64>();
    order.iter().take(usize::try_from(left).unwrap()).for_each(|at| won[*at] += 1);
    lists.iter().copied().zip(won).collect()
}

/// The audit does not certify, an assertion looks false, and what is proved leaves room for the truth.
fn caught(now: &Value, truth: &[(&str, u64)]) {
    assert_eq!(now["complete"], false);
    let items = now["assertions"].as_array().unwrap().iter().filter(|own| own["needed"] == true);
    let suspect: Vec<&str> =
        items.filter(|own| own["estimate"].as_f64().is_some_and(|n| n < 0.0)).map(|own| text(own, "name")).collect();
    println!("looks false: {suspect:?}");
    assert!(!suspect.is_empty(), "no assertion looks false");
    holds(now, truth);
}

/// A second copy of a record with its key on another desk, as another machine would see it: this one would refuse the
/// shorter of two copies as rolled back.
fn twin(desk: &Desk, record: &str, key: &str) -> Desk {
    fn folder(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            let (path, target) = (entry.path(), to.join(entry.file_name()));
            if path.is_dir() {
                folder(&path, &target);
            } else {
                std::fs::copy(path, target).unwrap();
            }
        }
    }
    let other = Desk::new();
    folder(&desk.path(record), &other.path(record));
    for name in [key, "log.key"].iter().filter(|name| desk.path(name).exists()) {
        std::fs::copy(desk.path(name), other.path(name)).unwrap();
    }
    other
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
    let wrong = twin(&desk, "kg", "commission.key");
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
    // Every box: the seats as they were reported.
    let rest = |boxes: &BTreeMap<String, Box>| -> Vec<Box> {
        boxes.values().filter(|own| !drawn.contains(&own.station)).cloned().collect()
    };
    form.file(&desk, "kg", charter, "commission.key", &rest(&reported));
    let told = desk.expect(0, &["audit", "certificate", "kg"]);
    assert!(told.contains("CERTIFIED: EVERY SEAT"), "{told}");

    // The same sample with other boxes: the largest list has votes that the best of those without a seat was given.
    let votes = |list: &str| reported.values().filter_map(|own| own.figures.get(&format!("list:{list}"))).sum::<u64>();
    let without = range_names(&partial).into_iter().filter(|list| seats.get(list).copied().unwrap_or(0) == 0);
    let next = without.max_by_key(|list| votes(list)).unwrap();
    let boxes = moved(&reported, largest, &next, 30);
    let found: Vec<Box> = drawn.iter().map(|id| boxes[id].clone()).collect();
    form.file(&wrong, "kg", charter, "commission.key", &found);
    let now = certificate(&wrong, "kg");
    form.file(&wrong, "kg", charter, "commission.key", &rest(&boxes));
    let full: Value = serde_json::from_str(&wrong.expect(1, &["audit", "assess", "kg", "--json"])).unwrap();
    let truth: BTreeMap<String, u64> = serde_json::from_value(full["recounted"].clone()).unwrap();
    println!("kg-2020, in the boxes: {truth:?}");
    assert_eq!(full["full_count"], true);
    assert_ne!(truth, seats, "other seats lie in the boxes");
    caught(&now, &truth.iter().map(|(list, n)| (list.as_str(), *n)).collect::<Vec<_>>());
    let told = wrong.expect(1, &["audit", "certificate", "kg"]);
    assert!(told.contains("NOT CERTIFIED: THE RECOUNT GIVES OTHER SEATS"), "{told}");
    let own = &verify(&wrong, "kg", key, charter, 0)["audits"][0];
    assert_eq!((&own["holds"], &own["wrong"]), (&true.into(), &true.into()), "{own}");
}

/// The lists of a certificate.
fn range_names(certificate: &Value) -> Vec<String> {
    certificate["lists"].as_array().unwrap().iter().map(|own| text(own, "list").to_owned()).collect()
}
