//! The repository tests itself: no crate reaches up, no file outgrows one sitting, pure crates compute only, nothing unfinished.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Which crates each crate may use, besides those that these use (see ARCHITECTURE.md).
const MAY_USE: &[(&str, &[&str])] = &[
    ("recount-log", &[]),
    ("recount-election", &[]),
    ("recount-chart", &[]),
    ("recount-rulebook", &[]),
    ("recount-seats", &["recount-election", "recount-rulebook"]),
    ("recount-forensics", &["recount-election"]),
    ("recount-audit", &["recount-election", "recount-seats"]),
    ("recount-record", &["recount-log", "recount-election"]),
    ("recount-store", &["recount-log"]),
    ("recount-tally", &["recount-record", "recount-seats"]),
    ("recount-assessment", &["recount-tally", "recount-audit"]),
    ("recount-exchange", &["recount-tally"]),
    ("recount-site", &["recount-exchange", "recount-chart", "recount-forensics", "recount-audit"]),
    ("recount-keeper", &["recount-tally", "recount-store"]),
    ("recount-server", &["recount-site", "recount-keeper"]),
    ("recount-report", &["recount-exchange", "recount-forensics", "recount-chart"]),
    ("recount-kg2020", &["recount-election"]),
    ("recount-wasm", &["recount-tally"]),
    ("recount-python", &["recount-report"]),
    ("recount", &["recount-server", "recount-kg2020", "recount-report", "recount-assessment"]),
];

fn reach(name: &str) -> Vec<&'static str> {
    let direct = MAY_USE.iter().find(|(own, _)| *own == name).map_or(&[][..], |(_, used)| used);
    let mut all: Vec<&'static str> = direct.to_vec();
    for used in direct {
        all.extend(reach(used));
    }
    all
}

fn manifests() -> Vec<PathBuf> {
    let crates = std::fs::read_dir(root().join("crates")).unwrap();
    let mut found: Vec<PathBuf> = crates.map(|entry| entry.unwrap().path().join("Cargo.toml")).collect();
    found.push(root().join("elections/kg-2020/Cargo.toml"));
    found.retain(|path| path.exists());
    found.sort();
    found
}

#[test]
fn no_crate_reaches_up() {
    let mut seen = 0;
    for path in manifests() {
        let manifest: toml::Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        let allowed = reach(&name);
        assert!(MAY_USE.iter().any(|(own, _)| *own == name), "{name} has no place in the house");
        let used = manifest.get("dependencies").and_then(|d| d.as_table()).into_iter().flat_map(|d| d.keys());
        for used in used.filter(|used| used.starts_with("recount")) {
            assert!(allowed.contains(&used.as_str()), "{name} reaches up to {used}");
        }
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} crates were looked at");
}

#[test]
fn pure_crates_do_nothing_but_compute() {
    let pure = [
        "log",
        "election",
        "chart",
        "rulebook",
        "seats",
        "audit",
        "assessment",
        "record",
        "tally",
        "forensics",
        "site",
        "wasm",
    ];
    for name in pure {
        for path in sources(&root().join("crates").join(name).join("src")) {
            let text = std::fs::read_to_string(&path).unwrap();
            for word in ["std::fs", "std::net", "SystemTime", "Instant::now", "std::env", "std::process", "std::thread"]
            {
                assert!(!text.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn files_fit_one_sitting_and_are_finished() {
    let folders = [root().join("crates"), root().join("elections")];
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| sources(folder)).collect();
    assert!(files.len() > 100);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        assert!(lines <= 600, "{} has {lines} lines: it holds two things", path.display());
        let own = path.ends_with("tests/tidy.rs");
        for word in ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!(", "Not written yet"] {
            assert!(own || !text.contains(word), "{} holds {word}", path.display());
        }
    }
}
