//! Families of single cards: assorters, overstatements, pools.

use std::collections::BTreeMap;

use recount_audit::comparison::{Audited, Overstatement, Reported, Style, overstatement};
use recount_audit::generate::{Base, Contest, supermajority};
use recount_audit::oneaudit::Pool;
use recount_audit::{Assertion, BallotRule, Ratio};
use serde_json::{Map, Value, json};

use super::read::{Case, Trouble, exact, missing, votes};

pub fn run(case: &Case) -> Result<Value, Trouble> {
    match (case.family, case.word()) {
        ("overstatement", "overstatement_assorter_mean") => mean(case),
        ("overstatement", "B") => values(case),
        ("overstatement", word) if word.starts_with("omega") => omegas(case),
        ("assorter", word) if word.starts_with("supermajority assorter f=") => supermajority_values(case, word),
        ("assorter", "margin from tally") => margins(case),
        ("assorter", "plurality assorter") => plurality_values(case),
        ("oneaudit", _) => pools(case),
        _ => Err(case.pending()),
    }
}

fn scale(case: &Case) -> Result<Overstatement, Trouble> {
    Ok(Overstatement::new(exact(&case.inputs["u"])?, exact(&case.inputs["v"])?)?)
}

fn mean(case: &Case) -> Result<Value, Trouble> {
    let mean = scale(case)?.mean_with(exact(&case.inputs["rate_1"])?, exact(&case.inputs["rate_2"])?)?;
    Ok(json!({ "mean": mean.to_f64() }))
}

/// The value of a ballot in plurality of A against B.
fn plurality_value(word: &str) -> Result<Ratio, Trouble> {
    let pair = Assertion::new("A > B", [(0, Ratio::ONE), (1, Ratio::whole(-1))])?;
    let votes = [u64::from(word == "A"), u64::from(word == "B")];
    Ok(pair.assorter(BallotRule::SINGLE, 1)?.value(&votes)?)
}

fn values(case: &Case) -> Result<Value, Trouble> {
    let scale = scale(case)?;
    let pairs = case.inputs["cases"].as_array().ok_or_else(|| missing("cases"))?;
    let mut found = Vec::new();
    for pair in pairs {
        let word = |at: usize| pair.get(at).and_then(Value::as_str).ok_or_else(|| missing("cases"));
        let omega = overstatement(
            Reported::Value(plurality_value(word(1)?)?),
            Audited::Value(plurality_value(word(0)?)?),
            Style::Sampled,
        )?;
        found.push(scale.value(omega)?.to_f64());
    }
    Ok(json!({ "B": found }))
}

fn omegas(case: &Case) -> Result<Value, Trouble> {
    let list = case.inputs["cases"].as_array().ok_or_else(|| missing("cases"))?;
    let mut found = Vec::new();
    for one in list {
        let word = |key: &str| one.get(key).and_then(Value::as_str).ok_or_else(|| missing(key));
        let audited = match word("mvr")? {
            "contest absent" => Audited::NoContest,
            "phantom" => Audited::NotFound,
            ballot => Audited::Value(plurality_value(ballot)?),
        };
        let reported = match word("cvr")? {
            "phantom" => Reported::Phantom,
            ballot => Reported::Value(plurality_value(ballot)?),
        };
        let style = if one.get("use_style") == Some(&Value::Bool(false)) { Style::Ignored } else { Style::Sampled };
        found.push(overstatement(reported, audited, style)?.to_f64());
    }
    Ok(json!({ "omega": found }))
}

/// A ballot with more than one name is not a vote for anybody; a name that nobody reported is no choice.
fn supermajority_values(case: &Case, word: &str) -> Result<Value, Trouble> {
    let share: Ratio = word.split("f=").nth(1).and_then(|f| f.parse().ok()).ok_or_else(|| missing("f"))?;
    let choices = ["Alice", "Bob", "Candy"];
    let winner = case.text("winner")?;
    let at = choices.iter().position(|c| *c == winner).ok_or_else(|| missing("winner"))?;
    let contest = Contest {
        choices: choices.map(str::to_owned).to_vec(),
        votes: vec![1; 3],
        found: 3,
        cards: 3,
        rule: BallotRule::SINGLE,
    };
    let assertion = supermajority(&contest, at, share, &Base::Votes(vec![0, 1, 2]))?;
    let assorter = assertion.assorter(BallotRule::SINGLE, 3)?;
    let mut found = Vec::new();
    for ballot in case.inputs["votes"].as_array().ok_or_else(|| missing("votes"))? {
        let names: Vec<&str> = ballot.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let marked: Vec<u64> = choices.map(|c| u64::from(names == [c])).to_vec();
        found.push(assorter.value(&marked)?.to_f64());
    }
    Ok(json!({ "A": found }))
}

/// Names that get a vote each; of more names than one for each, as in plurality of a single seat, none counts.
fn plurality_values(case: &Case) -> Result<Value, Trouble> {
    let (winner, loser) = (case.text("winner")?, case.text("loser")?);
    let most = if case.has("votes_allowed") { case.count("votes_allowed")? } else { 1 };
    let pair = Assertion::new("pair", [(0, Ratio::ONE), (1, Ratio::whole(-1))])?;
    let assorter = pair.assorter(BallotRule::vote_for(u32::try_from(most).unwrap_or(u32::MAX)), 1)?;
    let mut found = Vec::new();
    for ballot in case.inputs["votes"].as_array().ok_or_else(|| missing("votes"))? {
        let names: Vec<&str> = ballot.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let counts = u64::try_from(names.len()).is_ok_and(|n| n <= most);
        let marked = [winner, loser].map(|name| u64::from(counts && names.contains(&name)));
        found.push(assorter.value(&marked)?.to_f64());
    }
    Ok(json!({ "A": found }))
}

fn margins(case: &Case) -> Result<Value, Trouble> {
    let (tally, cards) = (case.votes("tally")?, case.count("cards")?);
    let figures: Vec<u64> = tally.iter().map(|t| t.1).collect();
    let mut map = Map::new();
    for (w, (winner, _)) in tally.iter().enumerate() {
        for (l, (loser, _)) in tally.iter().enumerate().filter(|(l, _)| figures[*l] < figures[w]) {
            let pair = Assertion::new("pair", [(w, Ratio::ONE), (l, Ratio::whole(-1))])?;
            let margin = pair.assorter(BallotRule::SINGLE, cards)?.margin(&figures, cards)?;
            map.insert(format!("{winner} v {loser}"), json!(margin.to_f64()));
        }
    }
    Ok(Value::Object(map))
}

fn pools(case: &Case) -> Result<Value, Trouble> {
    let (winner, loser) = (case.text("winner")?, case.text("loser")?);
    let pair = Assertion::new("pair", [(0, Ratio::ONE), (1, Ratio::whole(-1))])?;
    let pick = |of: &[(String, u64)], name: &str| of.iter().find(|v| v.0 == name).map_or(0, |v| v.1);
    let mut groups: BTreeMap<String, (u64, [u64; 2])> = BTreeMap::new();
    for (name, pool) in case.inputs["pools"].as_object().ok_or_else(|| missing("pools"))? {
        let pool = votes(pool)?;
        let ballots = pool.iter().map(|v| v.1).sum();
        groups.insert(name.clone(), (ballots, [pick(&pool, winner), pick(&pool, loser)]));
    }
    let singles = votes(&case.inputs["cvrs"])?;
    let cards = case.count("cards")?;
    let pools: Vec<(&String, Pool)> =
        groups.iter().map(|(name, (ballots, of))| (name, Pool { ballots: *ballots, votes: of.to_vec() })).collect();
    let mut all: Vec<u64> = vec![pick(&singles, winner), pick(&singles, loser)];
    for (_, pool) in &pools {
        all = all.iter().zip(&pool.votes).map(|(a, b)| a + b).collect();
    }
    let assorter = pair.assorter(BallotRule::SINGLE, cards)?;
    let scale = Overstatement::new(assorter.upper()?, assorter.margin(&all, cards)?)?;
    let papers = [("A", [1, 0]), ("B", [0, 1]), ("none", [0, 0])];
    let papers = papers.map(|(name, of)| match name {
        "A" => (winner, of),
        "B" => (loser, of),
        _ => (name, of),
    });
    let (mut means, mut table) = (Map::new(), Map::new());
    let mut rows: Vec<(String, Ratio)> = Vec::new();
    for (name, pool) in &pools {
        let mean = pool.mean(&assorter)?;
        means.insert((*name).clone(), json!(mean.to_f64()));
        rows.push(((*name).clone(), mean));
    }
    for (name, of) in &papers {
        rows.push((format!("cvr_{name}"), assorter.value(of)?));
    }
    for (name, claimed) in rows {
        let mut row = Map::new();
        for (paper, of) in &papers {
            let omega = overstatement(Reported::Value(claimed), Audited::Value(assorter.value(of)?), Style::Sampled)?;
            row.insert((*paper).to_owned(), json!(scale.value(omega)?.to_f64()));
        }
        table.insert(name, Value::Object(row));
    }
    let margin = assorter.margin(&all, cards)?.to_f64();
    let clean = scale.no_error()?.to_f64();
    Ok(json!({ "margin": margin, "pool_means": means, "B[pool][mvr]": table, "mean_B_if_no_errors": clean }))
}
