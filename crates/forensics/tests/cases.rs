//! Runs the forensics cases: reference figures computed from real elections with the peers' own scripts.
//!
//! The harness knows the words of the case files' vocabulary, never an id or a year. A method that is not yet
//! computed is *pending* and listed; every key of `expected` must be produced, or the case fails.
//!
//! `RECOUNT_FORENSICS_CASES` names the file; without it the shared one is read, and skipped if absent. Data
//! files are resolved relative to the case file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "cases/compare.rs"]
mod compare;
#[path = "cases/data.rs"]
mod data;
#[path = "cases/fits.rs"]
mod fits;
#[path = "cases/methods.rs"]
mod methods;
#[path = "cases/pictures.rs"]
mod pictures;
#[path = "cases/rounding.rs"]
mod rounding;
#[path = "cases/simulated.rs"]
mod simulated;
#[path = "cases/stations.rs"]
mod stations;

use std::path::Path;

use serde_json::Value;

/// Why a case did not pass.
#[derive(Debug)]
pub enum Trouble {
    /// The method is not computed by this version.
    Pending(String),
    /// A figure is wrong, or the case cannot be read.
    Failed(String),
}

/// A relative path is one from where the test runs, from where it was asked for, or from the workspace, whichever has
/// the file.
fn found(path: String) -> String {
    let (asked, root) = (std::env::var("PWD").unwrap_or_default(), env!("CARGO_MANIFEST_DIR"));
    let places = [path.clone(), format!("{asked}/{path}"), format!("{root}/../../{path}")];
    places.into_iter().find(|place| Path::new(place).is_file()).unwrap_or(path)
}

#[test]
fn all_cases() {
    let named = std::env::var("RECOUNT_FORENSICS_CASES");
    let path = named
        .clone()
        .map(found)
        .unwrap_or_else(|_| format!("{}/../../../shared/cases/forensics.json", env!("CARGO_MANIFEST_DIR")));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if named.is_ok() => panic!("{path} cannot be read: {error}"),
        Err(_) => {
            eprintln!("SKIPPED: {path} is not there");
            return;
        }
    };
    let file: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases = file["refs"].as_array().unwrap_or_else(|| panic!("{path}: no refs"));
    let only = std::env::var("RECOUNT_FORENSICS_ONLY").unwrap_or_default();
    let mut library = data::Library::new(Path::new(&path).parent().unwrap_or(Path::new(".")));
    let (mut passed, mut pending, mut failed) = (0, Vec::new(), Vec::new());
    let cases: Vec<&Value> = cases.iter().filter(|one| one["id"].as_str().unwrap_or("").contains(&only)).collect();
    for one in &cases {
        let id = one["id"].as_str().unwrap_or("(without id)");
        match methods::run(one, &mut library) {
            Ok(()) => passed += 1,
            Err(Trouble::Pending(reason)) => pending.push(format!("{id}: {reason}")),
            Err(Trouble::Failed(reason)) => failed.push(format!("{id}: {reason}")),
        }
    }
    println!("{path}: {passed} of {} passed", cases.len());
    for line in &pending {
        println!("pending {line}");
    }
    for line in &failed {
        println!("FAILED {line}");
    }
    assert!(failed.is_empty(), "{} cases failed", failed.len());
    assert!(named.is_err() || pending.is_empty(), "{} cases are pending", pending.len());
}
