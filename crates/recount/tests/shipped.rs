//! Every rulebook of `rulebooks/` gives its country's known results through `recount seats RULEBOOK TALLY`: the cases of
//! the library's own tests, each tally written to a file and put through the program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "common/cli.rs"]
mod cli;
#[macro_use]
#[path = "../../seats/tests/shipped/list.rs"]
mod list;
#[path = "../../seats/tests/shipped/national.rs"]
mod national;
#[path = "../../seats/tests/shipped/people.rs"]
mod people;
#[path = "../../seats/tests/shipped/ranked.rs"]
mod ranked;
#[path = "../../seats/tests/shipped/support.rs"]
mod support;
#[path = "../../seats/tests/shipped/tiers.rs"]
mod tiers;
#[path = "../../seats/tests/shipped/wards.rs"]
mod wards;
#[path = "../../seats/tests/cases/words.rs"]
#[allow(dead_code, reason = "shared with the reference cases")]
mod words;

use std::collections::BTreeSet;
use std::path::Path;

/// Puts each tally that the library has seen through the program too.
mod seen {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use recount_seats::{Outcome, RunOptions, Tally};
    use serde_json::Value;

    use super::cli::Desk;

    /// Rulebooks whose results the program has given.
    pub static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

    /// The program says what the library says.
    pub fn seen(name: &str, tally: &Tally, options: &RunOptions, outcome: &Outcome) {
        let desk = Desk::new();
        desk.write("tally.json", &serde_json::to_string(tally).unwrap());
        let rulebook = format!("{}/../../rulebooks/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let mut args = vec!["seats", &rulebook, "tally.json", "--json", "--no-seat-margins"];
        if options.assume_units_pass {
            args.push("--assume-units-pass");
        }
        // A tie that nothing settles is told by the exit code.
        let said = desk.expect(i32::from(!outcome.undetermined.is_empty()), &args);
        let said: Value = serde_json::from_str(&said).unwrap();
        let (program, library) = (&said["result"], serde_json::to_value(outcome).unwrap());
        for (field, value) in library.as_object().unwrap() {
            assert_eq!(&program[field], value, "{name}: `{field}` of recount seats");
        }
        assert_eq!(program.as_object().unwrap().len(), library.as_object().unwrap().len(), "{name}");
        SEEN.lock().unwrap().insert(name.to_owned());
    }
}

/// Rulebooks without a case of their own, each with the reason.
const WITHOUT: [(&str, &str); 0] = [];

macro_rules! calls {
    ($($module:ident::$case:ident)*) => {
        [$((stringify!($case), $module::$case as fn())),*]
    };
}

#[test]
fn every_rulebook_gives_its_known_results_through_the_program() {
    for (name, case) in every_case!(calls) {
        eprintln!("{name}");
        case();
    }
    if support::case("kg-2021-final").is_none() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let shipped: BTreeSet<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let seen = seen::SEEN.lock().unwrap().clone();
    let excused = |name: &&String| WITHOUT.iter().any(|(other, _)| other == name);
    let without: Vec<&String> = shipped.difference(&seen).filter(|name| !excused(name)).collect();
    assert!(without.is_empty(), "no known result is run through the program for {without:?}");
    println!("{} of {} rulebooks give their known results through recount seats", seen.len(), shipped.len());
}
