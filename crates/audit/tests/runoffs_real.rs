//! Instant-runoffs of real ballots: a folder of contests in the JSON of raire-rs (candidates, rankings with their
//! numbers of ballots) beside the results of that program. `RECOUNT_AUDIT_RUNOFFS` names the folder; the mayoral
//! contests of New South Wales in 2021 are among the examples of raire-rs. Prints what each takes, the fastest of nine.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "test support")]

use std::path::Path;
use std::time::Instant;

use recount_audit::irv::{Rankings, raire};
use serde_json::Value;

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn number(of: &Value) -> usize {
    usize::try_from(of.as_u64().unwrap()).unwrap()
}

#[test]
fn the_same_difficulty_as_another_program() {
    let Ok(folder) = std::env::var("RECOUNT_AUDIT_RUNOFFS") else {
        println!("SKIPPED: RECOUNT_AUDIT_RUNOFFS names no folder");
        return;
    };
    let is_result = |path: &Path| path.to_string_lossy().ends_with("_out.json");
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "json") && !is_result(path));
    paths.sort();
    let mut sum = 0.0;
    for path in &paths {
        let problem = read(path);
        let result = read(&path.with_file_name(format!("{}_out.json", path.file_stem().unwrap().to_string_lossy())));
        let ranking = |row: &Value| row["prefs"].as_array().unwrap().iter().map(number).collect::<Vec<_>>();
        let rows: Vec<_> =
            problem["votes"].as_array().unwrap().iter().map(|row| (row["n"].as_u64().unwrap(), ranking(row))).collect();
        let mut fastest = f64::MAX;
        let mut found = None;
        for _ in 0..9 {
            let rows = rows.clone();
            let start = Instant::now();
            let ballots = Rankings::new(number(&problem["num_candidates"]), rows).unwrap();
            found = Some(raire(&ballots, 1_000_000).unwrap());
            fastest = fastest.min(start.elapsed().as_secs_f64());
        }
        let found = found.unwrap();
        let theirs = &result["solution"]["Ok"];
        let (own, other) = (found.claims.len(), theirs["assertions"].as_array().unwrap().len());
        println!("{fastest:.6} s, {own} assertions ({other}), lead {}: {}", found.least_lead, path.display());
        assert_eq!(found.order.last(), Some(&number(&theirs["winner"])));
        assert_eq!(found.least_lead, i128::from(theirs["margin"].as_u64().unwrap()));
        sum += fastest;
    }
    println!("{} contests, {sum:.6} s", paths.len());
    assert!(!paths.is_empty());
}
