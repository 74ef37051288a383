//! Synthetic records: the same from the same seed, of any shape, and refused where they make no sense.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/cli.rs"]
mod cli;

use cli::Desk;

#[test]
fn the_same_seed_gives_the_same_record() {
    let (one, two) = (Desk::new(), Desk::new());
    let (a, b) = (one.synth("s", 120), two.synth("s", 120));
    assert_eq!(a["charter"], b["charter"]);
    assert_eq!(a["key"], b["key"]);
    let bundle = "s/public/tile/entries/000.p";
    let read = |desk: &Desk| {
        let entry = std::fs::read_dir(desk.path(bundle)).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
        std::fs::read(entry).unwrap()
    };
    assert_eq!(read(&one), read(&two));
}

#[test]
fn every_station_counts_and_every_control_holds() {
    let desk = Desk::new();
    let made = desk.synth("s", 301);
    let stations = desk.expect(0, &["export", "s", "--format", "json"]);
    let stations: Vec<serde_json::Value> = serde_json::from_str(&stations).unwrap();
    assert_eq!(stations.len(), 301);
    for station in &stations {
        assert_eq!(station["status"], "countable");
        let line = |code: &str| station[code].as_u64().unwrap();
        assert_eq!(line("valid") + line("invalid"), line("voters_took_part"));
        assert!(line("voters_took_part") <= line("registered"));
        assert_eq!(station["registered"], station["voters"]);
        let votes: u64 = (1..=5).map(|n| line(&format!("votes.list-{n:03}"))).sum();
        assert_eq!(votes, line("valid"));
    }
    assert!(made["size"].as_u64().unwrap() > 301);
}

#[test]
fn protocols_can_need_three_signatures() {
    let desk = Desk::new();
    desk.json(&["synth", "s", "--stations", "40", "--seed", "1", "--signatures", "3", "--territories", "2"]);
    let rows = desk.expect(0, &["export", "s", "--format", "json", "--what", "statements"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&rows).unwrap();
    let protocols: Vec<_> = rows.iter().filter(|row| row["kind"] == "protocol").collect();
    assert_eq!(protocols.len(), 40);
    assert!(protocols.iter().all(|row| row["status"] == "effective"), "{protocols:?}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let desk = Desk::new();
    desk.refused(2, &["synth", "s", "--stations", "0", "--seed", "1"]);
    desk.refused(2, &["synth", "s", "--stations", "10", "--seed", "1", "--signatures", "4"]);
    let why = desk.refused(2, &["synth", "s", "--stations", "10", "--seed", "1", "--territories", "11"]);
    assert!(why.contains("some would have none"), "{why}");
    assert!(!desk.path("s").exists());
}
