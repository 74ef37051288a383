//! Runs a file of log cases. Each case has a `kind`, an `input` and what to `expect`; every expected field is compared.
//!
//! The file is the one named by `RECOUNT_LOG_CASES`, or `../shared/cases/log.json` beside the repository. A named file that cannot be read, a kind that
//! is not known and an expected field that nothing computes are failures. Only without the variable may the file be absent.

#[path = "cases/facts.rs"]
mod facts;
#[path = "cases/input.rs"]
mod input;
#[path = "cases/logs.rs"]
mod logs;
#[path = "cases/notes.rs"]
mod notes;
#[path = "cases/proofs.rs"]
mod proofs;
#[path = "cases/witness.rs"]
mod witness;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use facts::Facts;
use input::Input;
use serde_json::Value;

const VARIABLE: &str = "RECOUNT_LOG_CASES";

/// What can be computed about a case, by its kind.
fn facts_of(kind: &str, input: &Input, expect: &Value) -> Result<Facts, String> {
    match kind {
        "note_verify" | "note_malformed" | "note_open" | "note_parse" => notes::verify(input),
        "note_sign" => notes::sign(input),
        "key_id" | "vkey" | "vkey_parse" | "vkey_reject" => notes::keys(input),
        "checkpoint_verify" | "checkpoint" | "checkpoint_malformed" | "checkpoint_parse" | "cosignature" => {
            notes::checkpoint(input)
        }
        "checkpoint_sign" => notes::sign(input),
        "mldsa44_cosignature" => notes::mldsa44(input),
        "inclusion" => proofs::inclusion(input, expect),
        "consistency" => proofs::consistency(input, expect),
        "subtree_consistency" => proofs::subtree_consistency(input, expect),
        "inclusion_all" | "consistency_all" | "tree" | "roots" => proofs::whole_tree(input),
        "proof" | "tlog_proof" | "receipt" | "tlog_proof_verify" => proofs::receipt(input),
        "log_build" => logs::build(input, expect),
        "tile_layout" => logs::layout_facts(input),
        "tile_path" | "tile_path_parse" => logs::paths(input),
        "tile_path_reject" => logs::rejected_paths(input),
        "bundle" | "entry_bundle" | "bundle_encode" | "bundle_decode" => logs::bundle(input),
        "witness_add_checkpoint_trace" | "witness_trace" => witness::trace(input, expect),
        other => Err(format!("no test for the kind {other:?}")),
    }
}

/// Prints past the test harness, which would hold back the output of a passing test.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn case_file() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        // Tests run in the crate's folder; a relative name is usually meant from the repository's root.
        let named = PathBuf::from(named);
        let from_root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(&named);
        return Some(if !named.exists() && from_root.exists() { from_root } else { named });
    }
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/log.json");
    if shared.exists() {
        return Some(shared);
    }
    say(&format!("SKIPPED: log cases: {VARIABLE} is not set and ../shared/cases/log.json is absent"));
    None
}

fn run(case: &Value, folder: &Path) -> Result<(), String> {
    let kind = case["kind"].as_str().ok_or("the case has no kind")?;
    let expect = input::with_files(&case["expect"], folder)?;
    let input = Input(input::with_files(&case["input"], folder)?);
    facts_of(kind, &input, &expect)?.compare(&expect)
}

#[test]
fn all_cases_pass() {
    let Some(file) = case_file() else { return };
    let shown = file.display();
    let text = std::fs::read(&file).unwrap_or_else(|e| panic!("cannot read the cases {shown}: {e}"));
    let value: Value = serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{shown} is not JSON: {e}"));
    let cases = ["vectors", "cases"].iter().find_map(|key| value[key].as_array()).or(value.as_array());
    let cases = cases.unwrap_or_else(|| panic!("{shown} has no list \"vectors\" or \"cases\""));
    assert!(!cases.is_empty(), "{shown} holds no case");

    let folder = file.parent().unwrap_or(Path::new("."));
    let mut failed = 0usize;
    for case in cases {
        if let Err(why) = run(case, folder) {
            failed += 1;
            say(&format!("FAILED {} ({}): {why}", case["id"], case["kind"]));
        }
    }
    let line = format!("{} of {} passed: {shown}", cases.len() - failed, cases.len());
    say(&line);
    println!("{line}");
    assert_eq!(failed, 0, "{line}");
}
