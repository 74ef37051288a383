//! Differences between sizes, results as if, and tables that come back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/cli.rs"]
mod cli;

use cli::Desk;
use serde_json::{Value, json};

/// The small record with both stations, the second of them replaced once. Returns the sizes before, between and after.
fn counted(desk: &Desk) -> [u64; 3] {
    let before = desk.small()["size"].as_u64().unwrap();
    desk.protocol("1001", 300, 112);
    let first = desk.protocol("1002", 90, 200);
    let index = first["filed"][0]["index"].as_u64().unwrap();
    let text = std::fs::read_to_string(desk.path("statement.txt")).unwrap();
    let text = text.split("\n\n").next().unwrap().to_owned() + "\n";
    desk.write("first.txt", &text);
    let id = sha256(&desk.path("first.txt"));
    let supersedes = format!("supersedes:={{\"index\":{index},\"text\":\"{id}\"}}");
    let sets = [
        "poll=1",
        "contest=lists",
        "station=1002",
        "source=hand",
        "lines.valid=290",
        "votes.a=190",
        "votes.b=100",
        &supersedes,
    ];
    let second = desk.say("small", "protocol", "commission.key", &sets);
    assert_eq!(second["filed"][0]["void"], json!(null));
    [before, index + 1, second["size"].as_u64().unwrap()]
}

/// The hash of a file by the system's own tool.
fn sha256(path: &std::path::Path) -> String {
    let out = std::process::Command::new("sha256sum").arg(path).output().unwrap();
    cli::text(&out.stdout).split(' ').next().unwrap().to_owned()
}

#[test]
fn what_came_and_what_was_replaced() {
    let desk = Desk::new();
    let [before, between, after] = counted(&desk);
    let diff = |from: u64, to: u64| desk.json(&["diff", "small", "--from", &from.to_string(), "--to", &to.to_string()]);
    let new = diff(before, between);
    assert_eq!(new["contests"][0]["causes"], json!({ "new": { "stations": 2, "in_votes": 2, "only_in_lines": 0 } }));
    assert_eq!(new["contests"][0]["sums"]["votes.a"], json!({ "came": 390, "went": 0 }));
    let replaced = diff(between, after);
    assert_eq!(replaced["contests"][0]["causes"]["superseded"]["stations"], 1);
    assert_eq!(replaced["contests"][0]["sums"]["votes.b"], json!({ "came": 0, "went": 100 }));
    assert_eq!(replaced["contests"][0]["stations"][0]["columns"], json!([["votes.a", 90, 190], ["votes.b", 200, 100]]));
    assert_ne!(replaced["parliament"]["before"], replaced["parliament"]["after"]);
    let told = desk.expect(0, &["diff", "small", "--from", &between.to_string()]);
    assert!(told.contains("1002: changed") && told.contains("a 90 to 190"), "{told}");
    assert!(cli::too_wide(&told).is_empty(), "{:#?}", cli::too_wide(&told));
    desk.refused(2, &["diff", "small", "--from", &after.to_string()]);
    desk.refused(2, &["diff", "small", "--from", "1", "--contest", "none"]);
}

#[test]
fn as_if_and_nothing_is_written() {
    let desk = Desk::new();
    let [_, _, size] = counted(&desk);
    let checkpoint = || std::fs::read(desk.path("small/public/checkpoint")).unwrap();
    let was = checkpoint();
    let countable = |told: &Value| told["contests"][0]["after"]["countable"].clone();
    let votes = |told: &Value| told["contests"][0]["after"]["votes"]["a"].clone();
    let told = desk.json(&["what-if", "small", "--annul", "station:1002"]);
    assert_eq!((countable(&told), votes(&told)), (json!(1), json!(300)));
    assert_eq!(countable(&desk.json(&["what-if", "small", "--annul", "unit:country"])), 0);
    assert_eq!(countable(&desk.json(&["what-if", "small", "--annul", "poll"])), 0);
    // Taking the later protocol out brings the earlier one back.
    let last = format!("statement:{}", size - 1);
    assert_eq!(votes(&desk.json(&["what-if", "small", "--annul", &last])), 390);
    desk.write(
        "correct.json",
        r#"{"contest":"lists","station":"1001","source":"hand","lines":{"valid":10},"votes":{"a":10,"b":0}}"#,
    );
    assert_eq!(votes(&desk.json(&["what-if", "small", "--correct", "correct.json"])), 200);
    assert_eq!(checkpoint(), was);
    for wrong in [
        vec!["what-if", "small"],
        vec!["what-if", "small", "--annul", "station:9999"],
        vec!["what-if", "small", "--annul", "1001"],
        vec!["what-if", "small", "--recount", "statement:1"],
        vec!["what-if", "small", "--exclude", "0"],
        vec!["what-if", "small", "--correct", "none.json"],
    ] {
        desk.refused(2, &wrong);
    }
    desk.write("correct.json", r#"{"contest":"lists","station":"1001","source":"hand","vote":{"a":10}}"#);
    let why = desk.refused(2, &["what-if", "small", "--correct", "correct.json"]);
    assert!(why.contains("\"vote\" is not known here"), "{why}");
}

#[test]
fn tables_in_both_formats() {
    let desk = Desk::new();
    let [_, between, _] = counted(&desk);
    let units: Value =
        serde_json::from_str(&desk.expect(0, &["export", "small", "--format", "json", "--what", "units"])).unwrap();
    assert_eq!(
        (&units[0]["countable"], &units[0]["votes.a"], &units[0]["valid"]),
        (&json!(2), &json!(490), &json!(702))
    );
    let at = between.to_string();
    let early = desk.expect(0, &["export", "small", "--format", "json", "--what", "units", "--at", &at]);
    let early: Value = serde_json::from_str(&early).unwrap();
    assert_eq!(early[0]["votes.a"], 390);
    let statements = desk.expect(0, &["export", "small", "--format", "csv", "--what", "statements"]);
    assert!(
        statements.contains("protocol,superseded,commission.small.example,1002,replaced by statement"),
        "{statements}"
    );
    let tally: Value =
        serde_json::from_str(&desk.expect(0, &["export", "small", "--format", "json", "--what", "tally"])).unwrap();
    assert_eq!(tally["schema"], "recount-tally/1");
    assert_eq!(tally["totals"][0]["votes"], json!({ "a": 490, "b": 212 }));
    desk.refused(2, &["export", "small", "--format", "csv", "--source", "machine"]);
    desk.expect(0, &["export", "small", "--format", "csv", "-o", "out.csv"]);
    assert!(
        std::fs::read_to_string(desk.path("out.csv"))
            .unwrap()
            .starts_with("contest,station,unit,voters,poll,status,valid,votes.a")
    );
}

#[test]
fn an_exported_tally_goes_through_the_rulebook_alone() {
    let desk = Desk::new();
    counted(&desk);
    desk.expect(0, &["export", "small", "--format", "json", "--what", "tally", "-o", "tally.json"]);
    let alone = desk.json(&["seats", "rulebook.toml", "tally.json"]);
    let text = alone.to_string();
    // 490 and 212 votes for 5 seats: 490, 245, 212, 163, 122 against 212, 106.
    let seats = find(&alone, "seats").unwrap_or_else(|| panic!("{text}"));
    assert_eq!((&seats["a"], &seats["b"]), (&json!(4), &json!(1)));
}

/// The first object under this key that counts seats by list.
fn find(value: &Value, key: &str) -> Option<Value> {
    match value {
        Value::Object(pairs) => match pairs.get(key).filter(|found| found.get("a").is_some()) {
            Some(found) => Some(found.clone()),
            None => pairs.values().find_map(|inner| find(inner, key)),
        },
        Value::Array(items) => items.iter().find_map(|inner| find(inner, key)),
        _ => None,
    }
}

/// 20 October 2019 in Bolivia, two preliminary rounds and the final count, from the table beside this repository.
#[test]
fn what_the_final_count_changed_in_bolivia() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let table = root.join("../shared/data/bolivia2019.csv.zst");
    if !table.exists() {
        eprintln!("SKIPPED: {} is not there", table.display());
        return;
    }
    let file = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let (charter, map) = (root.join("elections/bolivia2019/charter.toml"), root.join("elections/bolivia2019/map.toml"));
    let desk = Desk::new();
    desk.expect(0, &["key", "new", "bo-2019.reconstruction.example", "-o", "log.key"]);
    desk.expect(0, &["key", "new", "filer.example", "-o", "filer.key"]);
    desk.expect(0, &["init", "bo", "--charter", &file(&charter), "--key", "filer.key", "--log-key", "log.key"]);
    let filed = desk.json(&["import", "bo", &file(&table), "--map", &file(&map), "--key", "filer.key"]);
    let size = filed["size"].as_u64().unwrap();
    let final_count = 34_555;
    let diff = desk.json(&["diff", "bo", "--from", &(size - final_count).to_string()]);
    let causes = &diff["contests"][0]["causes"];
    assert_eq!(causes["superseded"], json!({ "stations": 706, "in_votes": 546, "only_in_lines": 160 }));
    assert_eq!(causes["new"]["stations"], 1_749);
    assert_eq!(diff["contests"][0]["after"]["votes"]["mas_ipsp"], 2_889_359);
    assert_eq!(diff["contests"][0]["after"]["votes"]["cc"], 2_240_920);
    let second_round = 3_831;
    let from = (size - final_count - second_round).to_string();
    let rounds = desk.json(&["diff", "bo", "--from", &from, "--to", &(size - final_count).to_string()]);
    assert_eq!(
        rounds["contests"][0]["causes"],
        json!({ "new": { "stations": 3_831, "in_votes": 3_831, "only_in_lines": 0 } })
    );
}
