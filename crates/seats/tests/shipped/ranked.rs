//! Rulebooks of ranked ballots.

use recount_seats::Tally;
use serde_json::{Value, json};

use super::support::{beside, case, outcome};
use super::wards::{WARD, seated, tally};

/// No published count is at hand for three of these laws: two wards counted by hand, which all four must agree on.
pub fn two_wards() {
    for (name, level) in
        [("ie-dail", "constituency"), ("au-senate", "state"), ("gb-sco-local", "ward"), ("nz-local-stv", "ward")]
    {
        let tally = tally(level, &[("east", 2, WARD), ("west", 1, &["5 L1>L2", "4 L2", "3 L3>L2"])]);
        let outcome = outcome(name, &tally);
        assert_eq!(seated(&outcome), [("east", "A"), ("east", "C"), ("west", "L2")], "{name}");
        assert_eq!((outcome.seats["L"], outcome.house, outcome.vacant), (1, 3, 0), "{name}");
        let stage = &outcome.stages[0];
        assert_eq!((stage.kind, stage.counts.len(), stage.units.len()), ("rank", 2, 2), "{name}");
        assert!(outcome.describe().contains("is elected"), "{name}");
        assert_eq!(outcome.notes.iter().any(|note| note.contains("whole papers")), name == "ie-dail", "{name}");
    }
}

/// The Northern Territory, 21 May 2022: every paper.
pub fn australia() {
    let Some(case) = case("au-senate-nt-2022") else { return };
    let file = beside(case["input"]["ballots_file"].as_str().unwrap());
    let candidates = file["candidates"].as_object().unwrap();
    let name = |letter: &str| candidates[letter].clone();
    let nominees: Vec<Value> =
        candidates.values().map(|name| json!({"id": name, "name": name, "contest": "ballots", "unit": "nt"})).collect();
    let papers = file["ballots"].as_array().unwrap().iter().map(|pair| {
        let ranking: Vec<Value> = match &pair[1] {
            Value::String(letters) => letters.chars().map(|letter| name(&letter.to_string())).collect(),
            keys => keys.as_array().unwrap().iter().map(|key| name(key.as_str().unwrap())).collect(),
        };
        json!([pair[0], ranking])
    });
    let tally = json!({
        "schema": "recount-tally/1", "units": [{"id": "nt", "level": "state"}], "lists": [], "nominees": nominees,
        "ballots": [{"contest": "ballots", "unit": "nt", "papers": papers.collect::<Vec<_>>()}],
        "totals": [{"contest": "ballots", "unit": "nt", "votes": {}, "lines": {"valid": case["input"]["formal"]}}],
        "register": {"nt": {"seats": 2}},
    });
    let outcome = outcome("au-senate", &Tally::parse(&tally.to_string()).unwrap());
    let elected: Vec<&str> = seated(&outcome).into_iter().map(|(_, who)| who).collect();
    assert_eq!(json!(elected), case["expected"]["elected"]);
    let quota = outcome.stages[0].counts[0].sheet.quota.as_ref().unwrap().to_whole();
    assert_eq!(json!(quota), case["expected"]["quota"]);
}

pub fn ireland() {
    let tally = json!({
        "schema": "recount-tally/1", "units": [], "lists": [], "totals": [],
        "nominees": (["Currie", "Lenihan", "Robinson"].map(|id| json!({"id": id, "name": id, "contest": "ballots"}))),
        "ballots": [{"contest": "ballots", "papers": [[612_265, ["Robinson"]], [694_484, ["Lenihan"]],
            [36_789, ["Currie", "Lenihan"]], [205_565, ["Currie", "Robinson"]], [25_548, ["Currie"]]]}],
    });
    let outcome = outcome("ie-president", &Tally::parse(&tally.to_string()).unwrap());
    assert_eq!(seated(&outcome), [("", "Robinson")]);
}
