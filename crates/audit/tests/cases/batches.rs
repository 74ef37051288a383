//! Families of stations: MACRO, and batch comparison of party lists.

use recount_audit::batch::{Batches, Comparison, Finding, Macro, Station, Way};
use recount_audit::risk::{Fraction, kaplan_markov};
use recount_audit::{Assertion, BallotRule, Ratio};
use serde_json::{Value, json};

use super::read::{Case, Trouble, count, missing, votes};

pub fn run(case: &Case) -> Result<Value, Trouble> {
    match case.family {
        "macro_batch" => arlo(case),
        "batch_party_list" => lists(case),
        _ => Err(case.pending()),
    }
}

/// The stations that the case describes in words, as one contest sees them: votes of winner and loser.
fn described(contest: &str) -> Result<Vec<Station>, Trouble> {
    let mut all = Vec::new();
    for i in 0..200_u64 {
        let (held, loser) = match contest {
            "Contest A" => (true, [180, 90]),
            "Contest B" => (i < 100, [160, 80]),
            "Contest C" => (i < 30 || (100..130).contains(&i), [140, 70]),
            other => return Err(Trouble::Pending(format!("contest `{other}`"))),
        };
        for (suffix, winner, loser, n) in [("", 200, loser[0], 400), (" AV", 100, loser[1], 200)] {
            let (votes, cards) = if held { (vec![winner, loser], n) } else { (vec![0, 0], 0) };
            all.push(Station { name: format!("Batch {i}{suffix}"), cards, found: cards, votes });
        }
    }
    Ok(all)
}

fn arlo(case: &Case) -> Result<Value, Trouble> {
    let contest = case.text("contest")?;
    let batches = Batches::new(described(contest)?, BallotRule::SINGLE)?;
    let pair = Assertion::new("winner > loser", [(0, Ratio::ONE), (1, Ratio::whole(-1))])?;
    let pairs = [Comparison::new(&batches, &pair)?];
    let all = Macro::new(&pairs)?;
    if let Some(totals) = case.inputs.get("totals") {
        for (at, key) in ["winner", "loser"].iter().enumerate() {
            if count(totals, key)? != batches.votes()[at] {
                return Err(Trouble::Failed(format!("the description gives another total for the {key}")));
            }
        }
    }
    if !case.has("sample") {
        let draws = all.draws(case.number("risk_limit")?);
        let first = all.bound(0);
        return Ok(json!({
            "U": all.total(), "n_exact": draws, "n_with_arlo_plus_1": draws + 1.0, "u_of_Batch_0": first,
        }));
    }
    let findings = sampled(case.text("sample")?, contest, &batches)?;
    let p = all.risk(&findings, false)?;
    Ok(json!({ "p": p.history.last() }))
}

/// The sample in words: 30 clean stations and six with errors in contest A and none of contest B's ballots.
fn sampled(words: &str, contest: &str, batches: &Batches) -> Result<Vec<(usize, Finding)>, Trouble> {
    let place = |name: &str| batches.stations().iter().position(|s| s.name == name).ok_or_else(|| missing(name));
    let counted = |found: u64, votes: [u64; 2]| Finding::Counted { found, votes: votes.to_vec() };
    let clean = |at: usize| {
        let station = &batches.stations()[at];
        Finding::Counted { found: station.found, votes: station.votes.clone() }
    };
    let mut found = Vec::new();
    for i in 0..30 {
        let at = place(&format!("Batch {i}"))?;
        found.push((at, clean(at)));
    }
    for i in 100..106 {
        let at = place(&format!("Batch {i}"))?;
        let finding = if contest == "Contest A" { counted(400, [190, 190]) } else { clean(at) };
        found.push((at, finding));
    }
    if contest == "Contest A" {
        // "Batch 0 audited 150/230, Batch 1 199/181, ...": as stated on top of the sample above.
        for part in words.split(',').filter(|part| part.contains("Batch")) {
            let Some((name, figures)) = part
                .trim()
                .trim_start_matches("as above but ")
                .split_once(" audited ")
                .or_else(|| part.trim().rsplit_once(' ').filter(|(_, f)| f.contains('/')))
            else {
                continue;
            };
            let figures = figures.split_whitespace().next().unwrap_or("");
            let Some((winner, loser)) = figures.split_once('/') else { continue };
            let (Ok(winner), Ok(loser)) = (winner.parse(), loser.parse()) else { continue };
            if !batches.stations().iter().any(|s| s.name == name) {
                continue;
            }
            let at = place(name)?;
            if let Some(entry) = found.iter_mut().find(|f| f.0 == at) {
                entry.1 = counted(400, [winner, loser]);
            }
        }
    }
    Ok(found)
}

struct Data {
    batches: Batches,
    findings: Vec<Finding>,
    with: Vec<usize>,
    without: Vec<usize>,
    names: Vec<String>,
}

fn data(case: &Case) -> Result<Data, Trouble> {
    let data = &case.file["batch_party_list_data"];
    let reported = data["batches"].as_object().ok_or_else(|| missing("batches"))?;
    let names: Vec<String> = votes(&data["totals"])?.into_iter().map(|v| v.0).collect();
    let row = |of: &Value| -> Result<Vec<u64>, Trouble> { names.iter().map(|name| count(of, name)).collect() };
    let (mut stations, mut findings) = (Vec::new(), Vec::new());
    for (name, batch) in reported {
        let cards = count(batch, "n")?;
        let votes = row(&batch["rep"])?;
        let audited = data["audited"].get(name).map_or(Ok(votes.clone()), &row)?;
        findings.push(Finding::Counted { found: cards, votes: audited });
        stations.push(Station { name: name.clone(), cards, found: cards, votes });
    }
    let places = |key: &str| -> Result<Vec<usize>, Trouble> {
        let list = data[key].as_array().ok_or_else(|| missing(key))?;
        let place = |name: &Value| stations.iter().position(|s| Some(s.name.as_str()) == name.as_str());
        list.iter().map(|name| place(name).ok_or_else(|| missing(key))).collect()
    };
    let (with, without) = (places("sample_with_replacement")?, places("sample_without_replacement")?);
    Ok(Data { batches: Batches::new(stations, BallotRule::SINGLE)?, findings, with, without, names })
}

fn lists(case: &Case) -> Result<Value, Trouble> {
    let data = data(case)?;
    let mut terms = Vec::new();
    for (name, by) in case.inputs["coef"].as_object().ok_or_else(|| missing("coef"))? {
        let at = data.names.iter().position(|n| n == name).ok_or_else(|| missing(name))?;
        terms.push((at, by.as_str().unwrap_or("").parse::<Ratio>()?));
    }
    let assertion = Assertion::new(case.text("assertion")?, terms)?;
    let comparison = Comparison::new(&data.batches, &assertion)?;
    let taints =
        data.with.iter().map(|at| comparison.taint(*at, &data.findings[*at])).collect::<Result<Vec<_>, _>>()?;
    let values =
        data.with.iter().map(|at| comparison.value(*at, &data.findings[*at])).collect::<Result<Vec<_>, _>>()?;
    let signed: Vec<f64> = taints.iter().map(|t| 1.0 - t).collect();
    let cut: Vec<f64> = taints.iter().map(|t| 1.0 - t.max(0.0)).collect();
    let null = 1.0 - 1.0 / comparison.bounds();
    let wealth = |way: Way, again: bool| -> Result<Vec<Value>, Trouble> {
        let mut test = comparison.test(way, again, Fraction(0.9))?;
        let mut all = Vec::new();
        for at in if again { &data.with } else { &data.without } {
            test.push(*at, &data.findings[*at])?;
            all.push(if test.wealth().is_infinite() { json!("inf") } else { json!(test.wealth()) });
        }
        Ok(all)
    };
    let first = data.batches.stations().iter().position(|s| s.name == "S00").unwrap_or(0);
    Ok(json!({
        "total_margin_G": comparison.total(),
        "U": comparison.bounds(),
        "u_S00": comparison.bound(first)?,
        "taints": taints,
        "kaplan_markov_p_signed_taints": kaplan_markov(&signed, null, 0.0)?.history.last(),
        "kaplan_markov_p_understatements_as_0": kaplan_markov(&cut, null, 0.0)?.history.last(),
        "wr_betting_lam0.9_T": wealth(Way::Bounds, true)?,
        "wor_pps_betting_lam0.9_T": wealth(Way::Bounds, false)?,
        "n_noerror_KM": comparison.least_draws(0.05),
        "common_weights": {
            "v": comparison.margin(),
            "w": comparison.top(),
            "X": values,
            "wr_betting_lam0.9_T": wealth(Way::Ballots, true)?,
            "wor_betting_lam0.9_T": wealth(Way::Ballots, false)?,
        },
    }))
}
