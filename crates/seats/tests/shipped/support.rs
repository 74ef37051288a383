//! Reference cases as tallies, without their rules: what a user of `recount seats` would hand in.

use std::collections::BTreeMap;

use recount_seats::{Lots, Outcome, Rulebook, RunOptions, Tally, run_with};
use serde_json::{Map, Value, json};

/// A rulebook that the repository ships.
pub fn rulebook(name: &str) -> Rulebook {
    let path = format!("{}/../../rulebooks/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A file beside the reference cases, which are there.
pub fn beside(name: &str) -> Value {
    let path = format!("{}/../../../shared/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))).unwrap()
}

/// A reference case; `None`, said aloud, if the cases are not there.
pub fn case(id: &str) -> Option<Value> {
    let path = format!("{}/../../../shared/cases/seats.json", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: {path} is not there, so {id} was not run");
        return None;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let found = file["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).cloned();
    Some(found.unwrap_or_else(|| panic!("there is no case {id}")))
}

/// A case with one total for the whole: votes, and figures of the input as lines of the form, by
/// `(line, key of the input)`. A key may be `base.NAME`. `stands` are attributes that every list has.
pub fn flat(case: &Value, lines: &[(&str, &str)], register: &[(&str, u64)]) -> Tally {
    let input = &case["input"];
    let mut figures = Map::new();
    for (line, key) in lines {
        let value = key.split('.').fold(input, |value, key| &value[key]);
        assert!(value.is_u64(), "{}: no figure `{key}`", case["id"]);
        figures.insert((*line).to_owned(), value.clone());
    }
    let votes = input["votes"].as_object().unwrap();
    let lists: Vec<Value> =
        votes.keys().map(|name| json!({"id": name, "name": name, "attributes": attributes(input, name)})).collect();
    let mut total = json!({"contest": "lists", "unit": "whole", "votes": votes, "lines": figures});
    if input["against_all"].is_u64() {
        total["against_all"] = input["against_all"].clone();
    }
    let numbers: BTreeMap<&str, u64> = register.iter().copied().collect();
    let tally = json!({
        "schema": "recount-tally/1",
        "units": [{"id": "whole", "level": "national"}],
        "lists": lists,
        "totals": [total],
        "register": {"whole": numbers},
    });
    Tally::parse(&tally.to_string()).unwrap()
}

/// Published figures with one total for the whole.
pub fn published(votes: &[(&str, u64)], lines: &[(&str, u64)], register: &[(&str, u64)]) -> Tally {
    let lists: Vec<Value> = votes.iter().map(|(list, _)| json!({"id": list, "name": list})).collect();
    let map = |pairs: &[(&str, u64)]| pairs.iter().map(|(key, n)| ((*key).to_owned(), *n)).collect::<BTreeMap<_, _>>();
    let tally = json!({
        "schema": "recount-tally/1",
        "units": [{"id": "whole", "level": "national"}],
        "lists": lists,
        "totals": [{"contest": "lists", "unit": "whole", "votes": map(votes), "lines": map(lines)}],
        "register": {"whole": map(register)},
    });
    Tally::parse(&tally.to_string()).unwrap()
}

/// What the input says of one list.
fn attributes(input: &Value, list: &str) -> Map<String, Value> {
    let mut attributes = Map::new();
    for key in ["coalition_members", "single_member", "constituency_seats"] {
        if let Some(number) = input[key].get(list) {
            attributes.insert(key.to_owned(), json!(number.to_string()));
        }
    }
    let in_list = |key: &str| input[key].as_array().is_some_and(|names| names.iter().any(|name| name == list));
    for (key, attribute) in [("admitted", "admitted"), ("minority_parties", "national_minority")] {
        if in_list(key) {
            attributes.insert(attribute.to_owned(), json!("true"));
        }
    }
    for (place, group) in input["groups"].as_array().into_iter().flatten().enumerate() {
        if group.as_array().unwrap().iter().any(|member| member == list) {
            attributes.insert("group".to_owned(), json!(place.to_string()));
        }
    }
    attributes
}

/// Runs a rulebook; a tie or refusal is a failure.
pub fn outcome(name: &str, tally: &Tally) -> Outcome {
    let outcome = with(name, tally, RunOptions::default());
    assert!(outcome.undetermined.is_empty(), "{name}: {:?}", outcome.undetermined);
    outcome
}

/// The file as it stands; lists are taken to pass in every region.
pub fn nationwide(name: &str, tally: &Tally) -> Outcome {
    with(name, tally, RunOptions { assume_units_pass: true, ..RunOptions::default() })
}

/// What the library makes of a rulebook and a tally, after the test at hand has had its own look at both.
pub fn with(name: &str, tally: &Tally, options: RunOptions) -> Outcome {
    let outcome = run_with(&rulebook(name), tally, &Lots::none(), &options);
    let outcome = outcome.unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    crate::seen::seen(name, tally, &options, &outcome);
    outcome
}

/// The seats of those who have any are those expected.
pub fn seats(name: &str, outcome: &Outcome, expected: &Value) {
    let found: BTreeMap<&str, u64> =
        outcome.seats.iter().filter(|(_, seats)| **seats > 0).map(|(list, seats)| (list.as_str(), *seats)).collect();
    let wanted: BTreeMap<&str, u64> = expected
        .as_object()
        .unwrap()
        .iter()
        .map(|(list, seats)| (list.as_str(), seats.as_u64().unwrap()))
        .filter(|(_, seats)| *seats > 0)
        .collect();
    assert_eq!(found, wanted, "{name}");
}
