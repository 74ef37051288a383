//! A tally of one contest of lists in the whole: what most theorems, examples and benches need.

use std::collections::BTreeMap;

use recount_seats::{List, Tally, Total, Unit};

/// Lists by id, each with its votes; an id is also the name.
pub fn tally(votes: impl IntoIterator<Item = (String, u64)>) -> Tally {
    let votes: Vec<(String, u64)> = votes.into_iter().collect();
    Tally {
        schema: Tally::SCHEMA.to_owned(),
        units: vec![Unit { id: "all".into(), level: "national".into(), ..Unit::default() }],
        lists: votes.iter().map(|(id, _)| List { id: id.clone(), name: id.clone(), ..List::default() }).collect(),
        totals: vec![Total {
            contest: "lists".into(),
            unit: "all".into(),
            votes: votes.into_iter().collect(),
            ..Total::default()
        }],
        register: BTreeMap::new(),
        nominees: Vec::new(),
        ballots: Vec::new(),
        missing: Vec::new(),
    }
}
