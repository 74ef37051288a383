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
    match std::env::var("RECOUNT_SEAT_CASES") {
        Ok(path) => (path, true),
        Err(_) => {
            let root = env!("CARGO_MANIFEST_DIR");
            (format!("{root}/../../../shared/cases/seats.json"), false)
        }
    }
}

/// One case, start to finish.
fn case(case: &Value) -> Result<(), Trouble> {
    let field = |name: &str| case.get(name).ok_or_else(|| Trouble::Failed(format!("the case has no `{name}`")));
    if let Some(done) = tiers::case(field("rules")?, field("input")?, field("expected")?) {
        return done;
    }
    if let Some(done) = people::case(field("rules")?, field("input")?, field("expected")?) {
        return done;
    }
    if let Some(done) = ranked::case(field("rules")?, field("input")?, field("expected")?) {
        return done;
    }
    let translated = rules::translate(field("rules")?, field("input")?)?;
    compare::compare(&translated, field("expected")?)
}

#[test]
fn all_cases() {
    let (path, named) = path();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if named => panic!("{path} cannot be read: {error}"),
        Err(_) => {
            eprintln!("SKIPPED: {path} is not there");
            return;
        }
    };
    let file: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases = file.get("cases").and_then(Value::as_array).unwrap_or_else(|| panic!("{path}: no cases"));
    let (mut passed, mut failed) = (0, Vec::new());
    for one in cases {
        let id = one.get("id").and_then(Value::as_str).unwrap_or("(without id)");
        match case(one) {
            Ok(()) => passed += 1,
            // A known word where nothing translates it is as bad as an unknown one: no case is skipped.
            Err(Trouble::Pending(why) | Trouble::Failed(why)) => failed.push(format!("  FAILED {id}: {why}")),
        }
    }
    println!("{path}: {passed} of {} passed", cases.len());
    for line in &failed {
        println!("{line}");
    }
    assert!(!cases.is_empty(), "{path} holds no cases");
    assert!(failed.is_empty(), "{} cases failed:\n{}", failed.len(), failed.join("\n"));
}
