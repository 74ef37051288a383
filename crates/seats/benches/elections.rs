//! How long whole elections take, from a parsed rulebook and tally, with the full trace: those of the shared
//! seat cases, read by the same translator as in `tests/cases.rs`. Skipped, loudly, where the file is absent
//! (`RECOUNT_SEAT_CASES` names another one). `cargo bench -p recount-seats --bench elections`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench that cannot start says why")]
#![allow(dead_code, reason = "the translator's comparisons are not used here")]

#[path = "../tests/cases/compare.rs"]
mod compare;
#[path = "../tests/cases/input.rs"]
mod input;
#[path = "../tests/cases/later_stages.rs"]
mod later_stages;
#[path = "../tests/cases/rules.rs"]
mod rules;
#[path = "../tests/cases/tiers.rs"]
mod tiers;
#[path = "../tests/cases/words.rs"]
mod words;

use std::sync::LazyLock;

use recount_seats::{Lots, Rulebook, RunOptions, Tally, margins, run_with};
use serde_json::Value;

static CASES: LazyLock<Option<Value>> = LazyLock::new(|| {
    let shared = format!("{}/../../../shared/cases/seats.json", env!("CARGO_MANIFEST_DIR"));
    let path = std::env::var("RECOUNT_SEAT_CASES").unwrap_or(shared);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))),
        Err(error) => {
            eprintln!("SKIPPED: {path}: {error}");
            None
        }
    }
});

/// The rulebook and tally of a case, if the file is there.
fn case(id: &str) -> Option<(Rulebook, Tally)> {
    let cases = CASES.as_ref()?.get("cases")?.as_array()?;
    let case = cases.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"));
    let texts = tiers::texts(&case["rules"], &case["input"]);
    let (rulebook, tally) = texts.unwrap_or_else(|_| panic!("{id} is not an election in tiers"));
    Some((Rulebook::parse(&rulebook).unwrap(), Tally::parse(&tally).unwrap()))
}

/// The elections measured: those whose id holds the text of `RECOUNT_BENCH`, or all.
fn elections() -> Vec<&'static str> {
    let all = [
        "es-congreso-2016",
        "no-2025",
        "dk-full-2015",
        "ch-zurich-2006",
        "de-bt-2017",
        "de-bt-2021-repeat",
        "de-bt-2025",
    ];
    let asked = std::env::var("RECOUNT_BENCH").unwrap_or_default();
    all.into_iter().filter(|id| id.contains(&asked)).collect()
}

// As the program does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench(args = elections())]
fn election(bencher: divan::Bencher<'_, '_>, id: &str) {
    let Some((rulebook, tally)) = case(id) else { return };
    let options = RunOptions { readings: false, ..RunOptions::default() };
    let outcome = run_with(&rulebook, &tally, &Lots::none(), &options).unwrap_or_else(|why| panic!("{id}: {why}"));
    assert!(!outcome.steps.is_empty(), "{id} has no trace");
    bencher.bench(|| run_with(&rulebook, &tally, &Lots::none(), &options));
}

/// All margins, of admission and of seats, in every unit.
#[divan::bench(args = elections(), sample_count = 3, sample_size = 1)]
fn margins_of(bencher: divan::Bencher<'_, '_>, id: &str) {
    let Some((rulebook, tally)) = case(id) else { return };
    bencher.bench(|| margins(&rulebook, &tally));
}
