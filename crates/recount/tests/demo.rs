//! The demo: its key figures, in both worlds, read from the record.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/cli.rs"]
mod cli;

use cli::{Desk, too_wide};
use serde_json::{Value, json};

fn seats(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|pair| pair[1].as_u64().unwrap()).collect()
}

fn check(world: &str, differ: u64) {
    let desk = Desk::new();
    let told = desk.json(&["demo", "--world", world, "--dir", "kg", "--seed", "1"]);
    let found = &told["found"];
    let briefing = &found["briefing"];
    the_parliaments_of_that_morning(briefing);
    how_near_the_line_is(briefing);
    before_the_briefing(found);
    what_can_be_checked(&found["checks"], differ);
    the_ruling(&found["ruling"]);
    assert_eq!(told["verify"]["verified"], true);

    // What was kept can be explored with the other commands.
    let at = briefing["size"].to_string();
    let compared = desk.json(&["compare", "kg", "--at", &at, "--sources", "machine,hand"]);
    assert_eq!(compared["contests"][0]["differ"], differ);
    let diff = desk.json(&["diff", "kg", "--from", &at]);
    assert_eq!(diff["contests"][0]["causes"]["ruling"]["stations"], 2_475);
    assert_eq!(diff["parliament"]["before"]["seats"]["mekenim"], 43);
    let changes = desk.expect(0, &["export", "kg", "--what", "changes", "--format", "csv"]);
    let mut rows = changes.lines();
    let header: Vec<&str> = rows.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|own| *own == name).unwrap();
    let (change, countable) = (at("change"), at("countable"));
    let rulings: Vec<Vec<&str>> =
        rows.map(|row| row.split(',').collect()).filter(|row: &Vec<&str>| row[change] == "ruling").collect();
    assert_eq!(rulings.len(), 1, "the one that has effect");
    assert_eq!(rulings[0][countable], "-1558", "what was counted by hand that morning");
}

fn the_parliaments_of_that_morning(briefing: &Value) {
    assert_eq!(briefing["machine"]["stations"], 2_429);
    assert_eq!(briefing["machine"]["took_part"], 1_990_753);
    assert_eq!(briefing["machine"]["expected"], 2_475);
    assert_eq!(briefing["hand"]["stations"], 1_558);
    let votes: Vec<u64> =
        briefing["machine"]["parties"].as_array().unwrap().iter().map(|p| p["votes"].as_u64().unwrap()).collect();
    assert_eq!(votes[..5], [487_685, 475_372, 174_317, 141_940, 136_276]);
    // The parliaments that one morning offered.
    assert_eq!(seats(&briefing["machine"]["seats"]), [46, 45, 16, 13]);
    assert_eq!(seats(&briefing["machine_by_list_votes"]), [41, 40, 15, 12, 12]);
    assert_eq!(seats(&briefing["hand"]["seats"]), [43, 34, 16, 14, 13]);
    assert_eq!(seats(&briefing["hand_within_rounding"]), [43, 34, 17, 14, 12]);
}

fn how_near_the_line_is(briefing: &Value) {
    let line = |name: &str| {
        let all = briefing["line"].as_array().unwrap();
        all.iter().find(|line| line["name"] == name).unwrap_or_else(|| panic!("{name} is not at the line")).clone()
    };
    assert_eq!(line("Butun Kyrgyzstan")["margin"], 2_587);
    assert_eq!(line("Mekenchil")["margin"], -3_077);
    assert_eq!(line("Mekenchil")["lacking_if_new"], 3_309);
    // What the missing stations can still change: one list can enter, none can fall.
    assert_eq!(briefing["missing"]["stations"], 46);
    let turns = briefing["missing"]["lists"].as_array().unwrap();
    let turn = |name: &str| turns.iter().find(|turn| turn["name"] == name).unwrap_or(&Value::Null).clone();
    assert_eq!(turn("Mekenchil")["at_highest_turnout"], true);
    assert_eq!(turn("Butun Kyrgyzstan")["if_everyone"], false);
    assert_eq!(turns.iter().filter(|turn| turn["in_now"] == false && turn["at_highest_turnout"] == true).count(), 1);
}

fn before_the_briefing(found: &Value) {
    // The register and its late change.
    assert_eq!(found["register"]["stations_before"], 2_506);
    assert_eq!(found["register"]["stations"], 2_475);
    assert_eq!(found["register"]["gone"], 32);
    assert_eq!(found["register"]["new"], 1);
    assert_eq!(found["register"]["voters"], 3_523_554);
    assert_eq!(found["form_2"]["citizens"], 496_239);
    // Contradictions stand as they were published.
    assert_eq!(found["turnout"][0]["voted"], 990_492);
    assert_eq!(found["turnout"][0]["sum_of_regions"], 990_522);
    assert_eq!(found["night"]["stations"], 2_339);
    assert_eq!(found["night"]["said"]["stations_printed_share"], 8_238);
    assert_eq!(found["night"]["over"].as_array().unwrap().len(), 5);
}

fn what_can_be_checked(checks: &Value, differ: u64) {
    // Everything published holds, and the worlds differ where they should.
    for pair in ["published", "published_in_regions"] {
        let pair = &checks[pair];
        assert_eq!(pair[0], pair[1]);
        assert!(pair[1].as_u64().unwrap() > 30);
    }
    assert_eq!(checks["counts_differ"], differ);
    assert_eq!(checks["both_counts"], 1_558);
    assert_eq!((&checks["copies"], &checks["copies_differ"]), (&json!(48), &json!(14)));
    assert_eq!(checks["control_stations"], 36);
}

fn the_ruling(ruling: &Value) {
    // The ruling: void as it was published; with a majority assumed, nothing stays.
    assert!(ruling["reason"].as_str().unwrap().contains("1 of \"cec\" signed, 7 are needed"), "{ruling}");
    assert_eq!(ruling["countable_after"], ruling["countable_before"]);
    assert_eq!((&ruling["assumed_annulled"], &ruling["assumed_countable"]), (&json!(2_475), &json!(0)));
    assert_eq!(ruling["complaints_answered"], 0);
}

#[test]
fn the_same_counts_at_the_same_stations() {
    check("same", 0);
}

#[test]
fn other_counts_at_the_same_stations() {
    check("differs", 780);
}

#[test]
fn the_story_fits_a_terminal_and_leaves_nothing_behind() {
    let desk = Desk::new();
    let out = desk.expect(0, &["demo"]);
    assert!(too_wide(&out).is_empty(), "{:#?}", too_wide(&out));
    for word in ["SYNTHETIC", "ASSUMED", "PUBLISHED", "VERIFIED", "+2,587", "-3,077", "-3,309", "957", "VOID"] {
        assert!(out.contains(word), "{word} is not in:\n{out}");
    }
    let left: Vec<_> = std::fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["home"], "the record of a demo without --dir goes away");
}

#[test]
fn a_record_that_is_there_is_never_written_over() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("kg/public")).unwrap();
    let why = desk.refused(2, &["demo", "--dir", "kg"]);
    assert!(why.contains("a record is there already"), "{why}");
}
