//! The result with everything that belongs to it.

use crate::cli::too_wide;
use crate::island::{counted, flat, steady, whole};

#[test]
fn the_whole_story_reads_the_same_each_time() {
    insta::assert_snapshot!("count", steady(&whole().expect(0, &["count", "rec"])));
}

#[test]
fn steps_and_members_come_on_demand() {
    let out = whole().expect(0, &["count", "rec", "--steps", "--members"]);
    assert!(
        flat(&out).contains(
            "Seat 10: Alliance, by its remainder of 1,220/10 = 122 votes. Next in line: Centre with 805/10 = 80.50."
        ),
        "{out}"
    );
    assert!(flat(&out).contains("A 5"), "{out}");
    assert!(too_wide(&out).is_empty(), "{:?}", too_wide(&out));
}

#[test]
fn figures_for_scripts_are_integers_under_stable_keys() {
    let json = whole().json(&["count", "rec"]);
    assert_eq!(json["record"]["author_proved"], false);
    assert_eq!(json["source"], "hand");
    assert_eq!(json["state"]["state"], "preliminary");
    let contest = &json["contests"][0];
    let coverage = &contest["coverage"];
    assert_eq!(
        (&coverage["expected"], &coverage["received"], &coverage["countable"]),
        (&12.into(), &11.into(), &9.into())
    );
    let excluded =
        coverage["not_countable"].as_array().unwrap().iter().find(|own| own["reason"] == "excluded").unwrap();
    assert_eq!(excluded["grounds"], "in_process");
    assert_eq!(excluded["votes_not_counted"]["a"], 190);
    assert_eq!(contest["totals"]["lists"][0]["votes"], 1220);
    assert_eq!(contest["totals"]["bases"][0]["value"], 2921);
    assert_eq!(json["result"]["seats"]["a"], 5);
    assert_eq!(json["result"]["admission"][3]["tests"][0]["margin"], -30);
    assert!(
        json["missing_can_change"].as_array().unwrap().iter().any(|own| own["list"] == "d" && own["can_turn"] == true)
    );
    assert_eq!(json["conflicts"][0]["seats_changed"].as_array().unwrap().len(), 0);
}

#[test]
fn sources_never_mix() {
    let machine = whole().json(&["count", "rec", "--source", "machine"]);
    assert_eq!(machine["contests"][0]["totals"]["lists"][0]["votes"], 1120);
    assert_eq!(machine["contests"][0]["coverage"]["countable"], 6);
    let preliminary = whole().json(&["count", "rec", "--source", "preliminary"]);
    assert_eq!(preliminary["contests"], machine["contests"]);
    let copies = whole().json(&["count", "rec", "--source", "copies"]);
    assert_eq!(copies["contests"][0]["totals"]["lists"][0]["votes"], 212);
}

#[test]
fn units_alone_and_units_of_a_level() {
    let south = whole().json(&["count", "rec", "--unit", "south"]);
    assert_eq!(south["contests"][0]["coverage"]["expected"], 4);
    assert_eq!(south["result"], serde_json::Value::Null);
    let by = whole().json(&["count", "rec", "--by", "region"]);
    let units = by["contests"][0]["units"].as_array().unwrap();
    let votes: Vec<u64> = units
        .iter()
        .map(|unit| {
            unit["totals"]["lists"].as_array().unwrap().iter().find(|l| l["list"] == "a").unwrap()["votes"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert_eq!(votes, [790, 330, 100]);
    insta::assert_snapshot!("by_region", steady(&whole().expect(0, &["count", "rec", "--by", "region"])));
}

#[test]
fn with_key_and_charter_the_author_is_proved_and_a_wrong_one_is_refused() {
    let desk = counted();
    let key = desk.expect(0, &["key", "show", "log.island.example.key"]);
    let charter = desk.json(&["status", "rec"])["charter"].as_str().unwrap().to_owned();
    let out = desk.expect(0, &["count", "rec", "--key", key.trim(), "--charter", &charter]);
    assert!(flat(&out).contains("Author: proved"), "{out}");
    let other = desk.expect(0, &["key", "show", "north.island.example.key"]);
    desk.refused(2, &["count", "rec", "--key", other.trim(), "--charter", &charter]);
    desk.refused(1, &["count", "rec", "--charter", &"0".repeat(64)]);
}

#[test]
fn before_any_protocol_there_are_no_seats_and_no_failure() {
    let out = whole().expect(0, &["count", "rec", "--at", "3"]);
    assert!(flat(&out).contains("12 expected, 0 received, 0 countable"), "{out}");
    assert!(flat(&out).contains("No result"), "{out}");
}

#[test]
fn an_earlier_size_keeps_its_result() {
    let then = whole().json(&["count", "rec", "--at", "18"]);
    assert_eq!(then["record"]["size"], 18);
    assert_eq!(then["contests"][0]["coverage"]["conflicts"], 0);
}
