//! The family of instant-runoff sets.

use recount_audit::irv::{Claim, Rankings, raire};
use serde_json::{Map, Value, json};

use super::read::{Case, Trouble, missing};

pub fn run(case: &Case) -> Result<Value, Trouble> {
    let list = case.inputs["votes"].as_array().ok_or_else(|| missing("votes"))?;
    let mut names: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for row in list {
        let ballots = row[0].as_u64().ok_or_else(|| missing("votes"))?;
        let mut ranking = Vec::new();
        for name in row[1].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let at = names.iter().position(|n| n == name).unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            ranking.push(at);
        }
        rows.push((ballots, ranking));
    }
    let ballots = Rankings::new(names.len(), rows)?;
    let total = case.number("total_auditable_ballots")?;
    // How much work a margin is: ballots over the lead, or its square, as raire-rs offers.
    let squared = match case.inputs.get("difficulty").and_then(Value::as_str) {
        None | Some("1/diluted margin") => false,
        Some("1/diluted margin^2" | "1/diluted margin squared") => true,
        Some(other) => return Err(Trouble::Pending(format!("difficulty `{other}`"))),
    };
    let set = raire(&ballots, 1_000_000)?;
    if names[set.order[names.len() - 1]] != case.text("winner")? {
        return Err(Trouble::Failed("another winner".into()));
    }
    #[allow(clippy::cast_precision_loss, reason = "test figures")]
    let difficulty = |lead: i128| {
        let one = total / lead as f64;
        if squared { one * one } else { one }
    };
    let mut map = Map::new();
    map.insert("elimination_order".into(), json!(set.order.iter().map(|c| names[*c].clone()).collect::<Vec<_>>()));
    map.insert("max_difficulty".into(), json!(difficulty(set.least_lead)));
    map.insert("n_assertions".into(), json!(set.claims.len()));
    for (w, winner) in names.iter().enumerate() {
        for (l, loser) in names.iter().enumerate().filter(|(l, _)| *l != w) {
            let lead = Claim::NotBefore { winner: w, loser: l }.lead(&ballots);
            map.insert(format!("NEB({winner},{loser})_difficulty"), json!(difficulty(lead)));
        }
    }
    Ok(Value::Object(map))
}
