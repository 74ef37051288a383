//! Runs the audit cases: published numbers of other tools, and numbers derived from the papers.
//!
//! Dispatches on a case's `family`, then on the words of its `function` before the first comma or
//! bracket. A family's runner returns every figure it knows; only those in `expected` are compared,
//! each within the case's own tolerance. A runner never sees what is expected.
//!
//! `RECOUNT_AUDIT_CASES` names the file; without it the shared one is read, and skipped if absent.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "cases/batches.rs"]
mod batches;
#[path = "cases/cards.rs"]
mod cards;
#[path = "cases/compare.rs"]
mod compare;
#[path = "cases/lists.rs"]
mod lists;
#[path = "cases/measures.rs"]
mod measures;
#[path = "cases/order.rs"]
mod order;
#[path = "cases/others.rs"]
mod others;
#[path = "cases/read.rs"]
mod read;
#[path = "cases/runoff.rs"]
mod runoff;
#[path = "cases/sizes.rs"]
mod sizes;

use read::{Case, Trouble};
use serde_json::Value;

/// One case, start to finish.
fn run(case: &Case) -> Result<(), Trouble> {
    let computed = match case.family {
        "alpha_mart" | "betting_mart" | "kaplan_markov" | "kaplan_wald" | "kaplan_kolmogorov" | "wald_sprt"
        | "null_mean" | "comparison" => measures::run(case)?,
        "overstatement" | "assorter" | "oneaudit" => cards::run(case)?,
        "sample_size" | "sample_size_stochastic" | "supersimple" => sizes::run(case)?,
        "prng" | "suite" | "bravo" => others::run(case)?,
        "party_list_dhondt" | "party_list_hamilton" | "party_list_highest_averages" => lists::run(case)?,
        "macro_batch" | "batch_party_list" => batches::run(case)?,
        "raire" => runoff::run(case)?,
        other => return Err(Trouble::Pending(format!("family `{other}`"))),
    };
    if let Some(key) = case.inputs.unread() {
        return Err(Trouble::Pending(format!("input `{key}`")));
    }
    compare::compare(case, &computed)
}

fn path() -> (String, bool) {
    match std::env::var("RECOUNT_AUDIT_CASES") {
        Ok(path) => (found(path), true),
        Err(_) => (format!("{}/../../../shared/cases/audit.json", env!("CARGO_MANIFEST_DIR")), false),
    }
}

/// A relative path is one from where the test runs, from where it was asked for, or from the workspace, whichever has
/// the file.
fn found(path: String) -> String {
    let (asked, root) = (std::env::var("PWD").unwrap_or_default(), env!("CARGO_MANIFEST_DIR"));
    let places = [path.clone(), format!("{asked}/{path}"), format!("{root}/../../{path}")];
    places.into_iter().find(|place| std::path::Path::new(place).is_file()).unwrap_or(path)
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
    let vectors = file.get("vectors").and_then(Value::as_array).unwrap_or_else(|| panic!("{path}: no vectors"));
    let orders = order::votes(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (mut passed, mut pending, mut failed) = (0, Vec::new(), Vec::new());
    for (vector, order) in vectors.iter().zip(orders) {
        let case = Case::new(&file, vector, order);
        match run(&case) {
            Ok(()) => passed += 1,
            Err(Trouble::Pending(why)) => pending.push(format!("{}: {why}", case.id)),
            Err(Trouble::Failed(why)) => failed.push(format!("{}: {why}", case.id)),
        }
    }
    println!("{path}: {passed} of {} passed", vectors.len());
    for line in &pending {
        println!("pending {line}");
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(!named || pending.is_empty(), "{} of the named file's cases are not computed", pending.len());
}
