//! Tallies of ranked papers, unit by unit.

use recount_seats::{Outcome, Tally};
use serde_json::{Value, json};

/// A tally with papers per unit: `(unit, seats, papers)`.
pub fn tally(level: &str, units: &[(&str, u64, &[&str])]) -> Tally {
    let mut tally = json!({"schema": "recount-tally/1", "units": [], "lists": [{"id": "L", "name": "L"}],
        "totals": [], "nominees": [], "ballots": [], "register": {}});
    for (unit, seats, papers) in units {
        let mut names: Vec<&str> = Vec::new();
        let mut groups = Vec::new();
        for paper in *papers {
            let (count, ranking) = paper.split_once(' ').unwrap();
            let ranking: Vec<&str> = ranking.split('>').collect();
            names.extend(&ranking);
            groups.push(json!([count.parse::<u64>().unwrap(), ranking]));
        }
        names.sort_unstable();
        names.dedup();
        let push = |key: &str, value: Value, tally: &mut Value| tally[key].as_array_mut().unwrap().push(value);
        for name in names {
            let mut nominee = json!({"id": name, "name": name, "contest": "ballots", "unit": unit});
            if name.starts_with('L') {
                nominee["list"] = json!("L");
            }
            push("nominees", nominee, &mut tally);
        }
        push("units", json!({"id": unit, "level": level}), &mut tally);
        push("ballots", json!({"contest": "ballots", "unit": unit, "papers": groups}), &mut tally);
        tally["register"][unit] = json!({"seats": seats});
    }
    Tally::parse(&tally.to_string()).unwrap()
}

pub fn seated(outcome: &Outcome) -> Vec<(&str, &str)> {
    let members = outcome.members.iter();
    members.map(|m| (m.unit.as_deref().unwrap_or(""), m.candidate.as_deref().unwrap_or(""))).collect()
}

pub const WARD: &[&str] = &["6 A>B", "3 A>C", "2 A", "3 B", "4 C", "2 D>C"];
