#![no_main]
//! A rulebook is read or refused with a place that lies in its text; one that was read is run on a small tally, and seats,
//! vacancies and open ties never exceed the house.

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use recount_seats::{Lots, Rulebook, RunOptions, StepKind, Tally, run_with, what_missing_can_change};

/// Ties, a list without votes, one with few candidates, a group, regions and one unit abroad.
static TALLY: LazyLock<Tally> = LazyLock::new(|| {
    let text = r#"{"schema":"recount-tally/1",
      "units":[{"id":"all","level":"national"},{"id":"r1","level":"region"},{"id":"r2","level":"region"},
               {"id":"abroad","level":"region","attributes":{"abroad":"true"}}],
      "lists":[{"id":"A","name":"A","attributes":{"group":"g","coalition_members":"2"},
                "candidates":[{"id":"a1","name":"a1","attributes":{"votes":"9"}},{"id":"a2","name":"a2","attributes":{"votes":"9"},"withdrawn":true}]},
               {"id":"B","name":"B","attributes":{"group":"g"}},{"id":"C","name":"C","attributes":{"held":"3"}},{"id":"D","name":"D"}],
      "totals":[{"contest":"lists","unit":"all","votes":{"A":600,"B":200,"C":200,"D":0},"against_all":30,"lines":{"voters_took_part":1100,"registered":2000,"blank":7}},
                {"contest":"lists","unit":"r1","votes":{"A":300,"B":200},"against_all":10,"lines":{"voters_took_part":600,"registered":1000,"blank":3}},
                {"contest":"lists","unit":"r2","votes":{"A":200,"C":200},"against_all":20,"lines":{"voters_took_part":400,"registered":900,"blank":4}},
                {"contest":"lists","unit":"abroad","votes":{"A":100},"against_all":0,"lines":{"voters_took_part":100,"registered":100,"blank":0}}],
      "missing":[{"unit":"r2","stations":3,"expected_voters":500}]}"#;
    Tally::parse(text).expect("the tally above")
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let rulebook = match Rulebook::parse(text) {
        Ok(rulebook) => rulebook,
        Err(error) => {
            if let Some(span) = error.span() {
                assert!(text.get(span).is_some());
            }
            return assert!(!error.to_string().is_empty());
        }
    };
    let options = RunOptions { assume_units_pass: true, ..RunOptions::default() };
    match run_with(&rulebook, &TALLY, &Lots::none(), &options) {
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
        Ok(outcome) => {
            let given: u64 = outcome.seats.values().sum();
            let seats = |tie: &&recount_seats::Tie| !matches!(tie.what, StepKind::CandidateVotes | StepKind::Bonus);
            let open = outcome.undetermined.iter().any(|tie| seats(&tie));
            assert!(given + outcome.vacant <= outcome.house || open);
            assert!(!outcome.describe().is_empty());
        }
    }
    let _ = what_missing_can_change(&rulebook, &TALLY);
});
