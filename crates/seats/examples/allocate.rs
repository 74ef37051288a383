//! Allocates one case per line of standard input, for comparison with programs of others.
//!
//! A line is `{"formula": "...", "seats": N, "votes": [..]}`, the formula as in a rulebook; the answer
//! `{"seats": [..], "tied": [..], "left": N}`, by place in `votes`, or `{"refused": "..."}`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "an example that cannot go on says why")]

#[path = "../tests/common/flat.rs"]
mod flat;

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use recount_seats::{Lots, Rulebook, Tally, run};
use serde_json::{Value, json};

fn rulebook(formula: &str, seats: u64) -> Rulebook {
    let text = format!(
        "schema = \"recount-rulebook/1\"\nid = \"x\"\ntitle = \"x\"\n[units]\nlevels = [\"national\"]\n\
         [contest.lists]\nkind = \"list\"\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\nseats = {seats}\n\
         formula = {{ {formula} }}\n"
    );
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Lists named by their place, so that ids sort as places do.
fn tally(votes: &[u64]) -> Tally {
    flat::tally(votes.iter().enumerate().map(|(place, votes)| (format!("{place:06}"), *votes)))
}

fn answer(rulebook: &Rulebook, votes: &[u64]) -> Value {
    match run(rulebook, &tally(votes), &Lots::none()) {
        Err(refusal) => json!({ "refused": refusal.to_string() }),
        Ok(outcome) => {
            let tie = outcome.undetermined.first();
            let tied = tie.map_or(&[][..], |tie| &tie.between).iter().map(|id| id.parse::<usize>().unwrap());
            json!({
                "seats": outcome.seats.values().collect::<Vec<_>>(),
                "tied": tied.collect::<Vec<_>>(),
                "left": tie.map_or(0, |tie| tie.seats),
            })
        }
    }
}

fn main() {
    let mut rulebooks: BTreeMap<(String, u64), Rulebook> = BTreeMap::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let (formula, seats) = (case["formula"].as_str().expect("formula"), case["seats"].as_u64().expect("seats"));
        let votes: Vec<u64> =
            case["votes"].as_array().expect("votes").iter().map(|votes| votes.as_u64().expect("votes")).collect();
        let rulebook = rulebooks.entry((formula.to_owned(), seats)).or_insert_with(|| rulebook(formula, seats));
        writeln!(out, "{}", answer(rulebook, &votes)).expect("standard output");
    }
}
