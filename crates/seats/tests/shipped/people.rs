//! Rulebooks of people and of councils: Kyrgyzstan, the Netherlands, Czech councils, Georgia and the apportionment of
//! the House, each with its known results.

use std::collections::BTreeSet;

use recount_seats::{Declared, Follows, Lots, RunOptions, Tally, VacatedSeat, check_nomination, run_with, successor};
use serde_json::{Map, Value, json};

use super::support::{case, flat, nationwide, outcome, rulebook, seats, with};

pub fn kyrgyzstan_2010_to_2020() {
    let lists = [
        ("kg-jk-2010", "kg-2010-cec-12oct", ("registered", "base.registered")),
        ("kg-jk-2015", "kg-2015-final-six", ("valid", "base.implied_valid")),
        ("kg-jk-2015", "kg-2015-scanner-all-lists", ("valid", "base.valid_incl_against_all")),
        ("kg-jk-2020", "kg-2020-scanner-took-part", ("voters_took_part", "base.took_part")),
    ];
    for (name, id, line) in lists {
        let Some(case) = case(id) else { return };
        seats(id, &nationwide(name, &flat(&case, &[line], &[])), &case["expected"]["seats"]);
    }
}

/// A tally of kg-jk-2021: the lists of the case, with candidates, and two single seats.
fn mixed(case: &Value) -> Tally {
    let flat = flat(case, &[("voters_took_part", "base.took_part")], &[]);
    let mut tally = serde_json::to_value(&flat).unwrap();
    for list in tally["lists"].as_array_mut().unwrap() {
        let id = list["id"].as_str().unwrap().to_owned();
        // Every fourth is a woman; earlier ones have more preferences.
        let candidate = |place: u64| {
            let gender = if place.is_multiple_of(4) { "f" } else { "m" };
            let name = format!("{id} {place}");
            json!({"id": name, "name": name, "attributes": {"gender": gender, "votes": (1000 - place).to_string()}})
        };
        list["candidates"] = (1..=54).map(candidate).collect();
    }
    for (district, against) in [("d1", 10u64), ("d2", 90)] {
        tally["units"].as_array_mut().unwrap().push(json!({"id": district, "level": "district"}));
        for (name, votes) in [("x", 60u64), ("y", 50)] {
            let id = format!("{district} {name}");
            let totals = tally["totals"].as_array_mut().unwrap();
            if name == "x" {
                totals.push(json!({"contest": "single", "unit": district, "votes": {}, "against_all": against}));
            }
            totals.last_mut().unwrap()["votes"][&id] = json!(votes);
            if tally["nominees"].is_null() {
                tally["nominees"] = json!([]);
            }
            let nominees = tally["nominees"].as_array_mut().unwrap();
            nominees.push(json!({"id": id, "name": id, "contest": "single", "unit": district}));
        }
    }
    Tally::parse(&tally.to_string()).unwrap()
}

pub fn kyrgyzstan_2021_lists_and_single_seats() {
    let Some(case) = case("kg-2021-final") else { return };
    let tally = mixed(&case);
    let result = nationwide("kg-jk-2021", &tally);
    let lists = result.stages.iter().find(|stage| stage.id == "cap").unwrap();
    for (list, wanted) in case["expected"]["seats"].as_object().unwrap() {
        assert_eq!(lists.seats[list.as_str()], wanted.as_u64().unwrap(), "{list}");
        let members = |women: bool| {
            let mut of_list = result.members.iter().filter(|member| member.list.as_ref() == Some(list));
            let women_of = |id: &str| id.rsplit(' ').next().unwrap().parse::<u64>().unwrap().is_multiple_of(4);
            of_list.by_ref().filter(|member| !women || women_of(member.candidate.as_deref().unwrap())).count() as u64
        };
        assert_eq!(members(false), wanted.as_u64().unwrap());
        assert_eq!(members(true), (wanted.as_u64().unwrap() * 3).div_ceil(10), "women of {list}");
    }
    // In the second district most are against all.
    let single: Vec<&str> = result
        .members
        .iter()
        .filter(|member| member.stage == "single_seats")
        .filter_map(|member| member.candidate.as_deref())
        .collect();
    assert_eq!(single, ["d1 x"]);
    let declared: Vec<_> = result.declared.iter().map(|one| (one.what, one.unit.as_deref())).collect();
    assert_eq!(declared, [(Declared::RepeatElection, Some("d2"))]);
    let leaver = result.members.iter().find(|member| member.list.is_some()).unwrap().candidate.clone().unwrap();
    let seat = VacatedSeat { candidate: leaver, ..VacatedSeat::default() };
    let follows = successor(&rulebook("kg-jk-2021"), &tally, &result, &seat).unwrap().follows;
    assert!(matches!(follows, Follows::Candidate { .. }), "{follows:?}");
}

/// A district of three seats in the form of kg-jk-2025.
fn district(candidates: &Value) -> Tally {
    let (mut nominees, mut votes) = (Vec::new(), Map::new());
    for candidate in candidates.as_array().unwrap() {
        let id = candidate[0].as_str().unwrap();
        votes.insert(id.to_owned(), candidate[2].clone());
        nominees.push(json!({
            "id": id, "name": id, "contest": "districts", "unit": "d1", "attributes": {"gender": candidate[1]},
        }));
    }
    let tally = json!({
        "schema": "recount-tally/1", "units": [{"id": "d1", "level": "district"}], "lists": [],
        "nominees": nominees, "totals": [{"contest": "districts", "unit": "d1", "votes": votes}],
    });
    Tally::parse(&tally.to_string()).unwrap()
}

pub fn kyrgyzstan_2025_districts() {
    for id in ["kg-2025-rule-three-men", "kg-2025-rule-mixed", "kg-2025-rule-one-gender"] {
        let Some(case) = case(id) else { return };
        let result = nationwide("kg-jk-2025", &district(&case["input"]["candidates"]));
        let expected = &case["expected"];
        let elected: BTreeSet<&str> = result.members.iter().filter_map(|one| one.candidate.as_deref()).collect();
        let wanted: BTreeSet<&str> =
            expected["elected"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!(elected, wanted, "{id}");
        let not_held = result.declared.iter().any(|one| one.what == Declared::NotHeld);
        assert_eq!(not_held, expected["outcome"] == "district_election_not_held", "{id}");
        // One district cannot have 30 mandates for each gender.
        assert!(result.declared.iter().any(|one| one.what == Declared::NotValid), "{id}");
    }
    let Some(case) = case("kg-2025-rule-vacancy-woman") else { return };
    let tally = district(&case["input"]["candidates"]);
    let seat = VacatedSeat { candidate: "D".to_owned(), ..VacatedSeat::default() };
    let result = nationwide("kg-jk-2025", &tally);
    let succession = successor(&rulebook("kg-jk-2025"), &tally, &result, &seat).unwrap();
    assert_eq!(succession.follows, Follows::Candidate { id: "E".to_owned(), name: "E".to_owned() });
}

pub fn the_next_on_the_list_follows() {
    let Some(case) = case("kg-list-vacancy") else { return };
    let withdrawn = case["input"]["withdrawn_before_allocation"].as_array().unwrap();
    let candidates: Vec<Value> = case["input"]["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| json!({"id": name, "name": name, "withdrawn": withdrawn.contains(name)}))
        .collect();
    let tally = json!({
        "schema": "recount-tally/1", "units": [{"id": "kg", "level": "national"}],
        "lists": [{"id": "L", "name": "L", "candidates": candidates}, {"id": "M", "name": "M"}],
        "totals": [{"contest": "lists", "unit": "kg", "votes": {"L": 3, "M": 117}, "against_all": 0,
                    "lines": {"voters_took_part": 120}}],
    });
    let text = std::fs::read_to_string(format!("{}/../../rulebooks/kg-jk-2020.toml", env!("CARGO_MANIFEST_DIR")));
    // Without the threshold and the cap, three votes of 120 are three seats.
    let text = text.unwrap().replace("\"7/100\"", "\"1/100\"").replace("max_seats = 65", "max_seats = 117");
    let rules = recount_seats::Rulebook::parse(&text).unwrap();
    let tally = Tally::parse(&tally.to_string()).unwrap();
    let options = RunOptions { assume_units_pass: true, readings: false, ..RunOptions::default() };
    let result = run_with(&rules, &tally, &Lots::none(), &options).unwrap();
    let of_list = result.members.iter().filter(|member| member.list.as_deref() == Some("L"));
    let elected: Vec<&str> = of_list.filter_map(|member| member.candidate.as_deref()).collect();
    assert_eq!(json!(elected), case["input"]["elected"]);
    let seat = VacatedSeat { candidate: "C".to_owned(), ..VacatedSeat::default() };
    let succession = successor(&rules, &tally, &result, &seat).unwrap();
    assert_eq!(json!(case["expected"]["successor"]), json!("E"));
    assert!(matches!(&succession.follows, Follows::Candidate { id, .. } if id == "E"), "{succession:?}");
    // The same list against the rules of nomination: too short, and nobody has an attribute.
    let findings = check_nomination(&rules, &tally);
    let length = findings.iter().find(|one| one.list == "L" && one.rule == "list_length").unwrap();
    assert_eq!(length.met, Some(false));
}

pub fn dutch_parliament() {
    let Some(case) = case("nl-tk-2023") else { return };
    let mut tally = serde_json::to_value(flat(&case, &[], &[])).unwrap();
    for list in tally["lists"].as_array_mut().unwrap() {
        let of_list = &case["input"]["candidate_votes_above_quarter"][list["id"].as_str().unwrap()];
        let candidates = of_list.as_object().into_iter().flatten();
        list["candidates"] = candidates
            .map(|(name, votes)| json!({"id": name, "name": name, "attributes": {"votes": votes.to_string()}}))
            .collect();
    }
    // Only those above a quarter of the quota are in the case: lists without one are taken as long enough.
    let text = tally.to_string();
    let parsed = Tally::parse(&text).unwrap();
    let result = with("nl-tk", &parsed, RunOptions::default());
    let full = result.stages.iter().find(|stage| stage.id == "majority").unwrap();
    for (list, wanted) in case["expected"]["seats"].as_object().unwrap() {
        assert_eq!(full.seats[list.as_str()], wanted.as_u64().unwrap(), "{list}");
    }
    for (list, names) in case["expected"]["elected_by_preference"].as_object().unwrap() {
        let of_list = result.members.iter().filter(|one| one.list.as_ref() == Some(list) && one.by_preference);
        let found: BTreeSet<&str> = of_list.filter_map(|one| one.candidate.as_deref()).collect();
        let wanted: BTreeSet<&str> = names.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(found, wanted, "{list}");
    }
}

pub fn dutch_councils() {
    for number in [1, 2, 3, 4, 5, 6, 7, 9, 12] {
        let id = format!("nl-kieswet-{number:02}");
        let Some(case) = case(&id) else { return };
        let size = case["rules"]["seats"].as_u64().unwrap();
        let name = if size < 19 { "nl-raad-small" } else { "nl-raad-large" };
        seats(&id, &outcome(name, &flat(&case, &[], &[("seats", size)])), &case["expected"]["seats"]);
    }
    let Some(case) = case("nl-kieswet-p9-lot") else { return };
    let tally = flat(&case, &[], &[("seats", 15)]);
    let result = with("nl-raad-small", &tally, RunOptions::default());
    assert_eq!(json!(result.undetermined[0].between), case["expected"]["tie"]["between"]);
    assert_eq!((result.undetermined[0].stage.as_str(), result.seats["1"]), ("majority", 8));
}

pub fn czech_council() {
    let Some(case) = case("cz-nove-mesto-2018") else { return };
    let (mut lists, mut votes) = (Vec::new(), Map::new());
    for (list, candidates) in case["input"]["lists"].as_object().unwrap() {
        let candidates = candidates.as_array().unwrap();
        votes.insert(list.clone(), json!(candidates.iter().map(|one| one[1].as_u64().unwrap()).sum::<u64>()));
        let candidates: Vec<Value> = candidates
            .iter()
            .map(|one| json!({"id": one[0], "name": one[0], "attributes": {"votes": one[1].to_string()}}))
            .collect();
        lists.push(json!({"id": list, "name": list, "candidates": candidates}));
    }
    let tally = json!({
        "schema": "recount-tally/1", "units": [{"id": "obec", "level": "national"}], "lists": lists,
        "totals": [{"contest": "lists", "unit": "obec", "votes": votes}], "register": {"obec": {"seats": 21}},
    });
    let result = outcome("cz-obec", &Tally::parse(&tally.to_string()).unwrap());
    seats("cz-obec", &result, &case["expected"]["seats"]);
    for (list, names) in case["expected"]["elected"].as_object().unwrap() {
        let of_list = result.members.iter().filter(|one| one.list.as_ref() == Some(list));
        let found: BTreeSet<&str> = of_list.filter_map(|one| one.candidate.as_deref()).collect();
        let wanted: BTreeSet<&str> = names.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(found, wanted, "{list}");
    }
}

pub fn georgia_2020() {
    let Some(case) = case("ge-2020") else { return };
    let result = outcome("ge-2020", &flat(&case, &[("valid", "total_valid")], &[]));
    seats("ge-2020", &result, &case["expected"]["seats"]);
}

pub fn seats_of_the_states() {
    let Some(case) = case("us-house-2000") else { return };
    let mut tally = serde_json::to_value(flat(&case, &[], &[])).unwrap();
    tally["totals"][0]["contest"] = json!("population");
    let result = outcome("us-house", &Tally::parse(&tally.to_string()).unwrap());
    seats("us-house", &result, &case["expected"]["seats"]);
}
