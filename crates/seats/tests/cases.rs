//! Runs the seat cases: known results of real elections, edges, and inputs that must be refused.
//!
//! A general translator turns a case's `rules` into a rulebook (`cases/rules.rs`) and its `input`
//! into a tally and lots (`cases/input.rs`). It knows the words of the case files' vocabulary, never
//! an id, name or country; a key that it does not know is refused by name and the case fails.
//!
//! `RECOUNT_SEAT_CASES` names the file; without it the shared one is read, and skipped if absent.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "cases/compare.rs"]
mod compare;
#[path = "cases/input.rs"]
mod input;
#[path = "cases/later_stages.rs"]
mod later_stages;
#[path = "cases/people.rs"]
mod people;
#[path = "cases/ranked.rs"]
mod ranked;
#[path = "cases/rules.rs"]
mod rules;
#[path = "cases/tiers.rs"]
mod tiers;
#[path = "cases/words.rs"]
mod words;

use serde_json::Value;

use words::Trouble;

fn path() -> (String, bool) {
    let root = env!("CARGO_MANIFEST_DIR");
    match std::env::var("RECOUNT_SEAT_CASES") {
        Ok(path) => (found(path, root), true),
        Err(_) => (format!("{root}/../../../shared/cases/seats.json"), false),
    }
}

/// A relative path is one from where the test runs, from where it was asked for, or from the workspace, whichever has
/// the file.
fn found(path: String, root: &str) -> String {
    let asked = std::env::var("PWD").unwrap_or_default();
    let places = [path.clone(), format!("{asked}/{path}"), format!("{root}/../../{path}")];
    places.into_iter().find(|place| std::path::Path::new(place).is_file()).unwrap_or(path)
}

/// One case, start to finish.
fn case(case: &Value) -> Result<(), Trouble> {
    let field = |name: &str| case.get(name).ok_or_else(|| Trouble::Failed(format!("the case has no `{name}`")));
    // A case that must be refused may be refused while its words are read: what is no share, no number, no known word.
    let must_fail = case.get("expected").is_some_and(|expected| expected.get("error").is_some());
    match read_and_run(&field) {
        Err(Trouble::Failed(_) | Trouble::Pending(_)) if must_fail => Ok(()),
        done => done,
    }
}

/// The case by the family that its words belong to.
fn read_and_run<'a>(field: &dyn Fn(&str) -> Result<&'a Value, Trouble>) -> Result<(), Trouble> {
    let (rules, input) = (known(field("rules")?), known(field("input")?));
    let expected = field("expected")?;
    if let Some(done) = tiers::case(&rules, &input, expected) {
        return done;
    }
    if let Some(done) = people::case(&rules, &input, expected) {
        return done;
    }
    if let Some(done) = ranked::case(&rules, &input, expected) {
        return done;
    }
    let translated = rules::translate(&rules, &input)?;
    compare::compare(&translated, expected)
}

/// Without what is null: a figure that nobody has, a rule that there is not.
fn known(part: &Value) -> Value {
    let mut part = part.clone();
    if let Some(map) = part.as_object_mut() {
        map.retain(|_, value| !value.is_null());
    }
    part
}

/// Runs all cases of a file.
fn run(path: &str, text: &str) {
    let file: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases = file.get("cases").unwrap_or(&file).as_array().unwrap_or_else(|| panic!("{path}: no cases"));
    let (mut passed, mut failed) = (0, Vec::new());
    for one in cases {
        let id = one.get("id").and_then(Value::as_str).unwrap_or("(without id)");
        match case(one) {
            Ok(()) => passed += 1,
            // A known word where nothing translates it is as bad as an unknown one: no case is skipped.
            Err(Trouble::Pending(why) | Trouble::Failed(why) | Trouble::Accepted(why)) => {
                failed.push(format!("  FAILED {id}: {why}"));
            }
        }
    }
    println!("{path}: {passed} of {} passed", cases.len());
    for line in &failed {
        println!("{line}");
    }
    assert!(!cases.is_empty(), "{path} holds no cases");
    assert!(failed.is_empty(), "{} cases failed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn all_cases() {
    let (path, named) = path();
    match std::fs::read_to_string(&path) {
        Ok(text) => run(&path, &text),
        Err(error) if named => panic!("{path} cannot be read: {error}"),
        Err(_) => eprintln!("SKIPPED: {path} is not there"),
    }
}

/// Small cases of our own, counted by hand or by a few lines of exact fractions: every word, option and value that
/// the vocabulary names, alone and in combinations.
#[test]
fn every_word_of_the_vocabulary() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/vocabulary.json");
    run(path, &std::fs::read_to_string(path).unwrap());
}

/// A word that is not in the vocabulary fails by its name, and a result where a refusal is due fails.
#[test]
fn unknown_words_and_missing_refusals_fail() {
    let formula = serde_json::json!({"family": "divisor", "rule": "dhondt"});
    let of = |rules: Value, expected: Value| {
        case(&serde_json::json!({"rules": rules, "input": {"votes": {"A": 1}}, "expected": expected}))
    };
    let plain = serde_json::json!({"seats": 1, "formula": formula, "threshold": []});
    assert!(of(plain.clone(), serde_json::json!({"seats": {"A": 1}})).is_ok());
    assert!(matches!(of(plain.clone(), serde_json::json!({"error": "x"})), Err(Trouble::Accepted(_))));
    let mut unknown = plain;
    unknown["treshold"] = serde_json::json!([]);
    let why = of(unknown, serde_json::json!({"seats": {"A": 1}}));
    assert!(matches!(&why, Err(Trouble::Failed(why)) if why.contains("treshold")), "{why:?}");
}
