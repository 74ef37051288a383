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

/// The only stations that are described so far.
const STATIONS: &str = "200 pairs of batches: 'Batch i' {w:200,l:180,n:400} and 'Batch i AV' {100,90,200} in contest A for i<200; \
     B {200,160,400}/{100,80,200} for i<100; C {200,140,400}/{100,70,200} for i<30 and 100<=i<130";

/// The sample that "as above" means.
const ABOVE: &str = "Batches 0..29 clean in A,B,C; Batches 100..105: A audited 190/190, C clean, B absent";

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
    case.says("batches", STATIONS)?;
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

/// The sample in words: ranges of stations that are clean, hold other figures, or lack the contest; "as above but"
/// names single stations on top of the sample that the file describes first.
fn sampled(words: &str, contest: &str, batches: &Batches) -> Result<Vec<(usize, Finding)>, Trouble> {
    let (base, more) = match words.strip_prefix("as above but ") {
        Some(more) => (ABOVE, more),
        None => (words, ""),
    };
    let letter = contest.trim_start_matches("Contest ");
    let mut found = Vec::new();
    for part in base.split("; ") {
        let unknown = || Trouble::Pending(format!("sample `{part}`"));
        let text = part.strip_prefix("Batches ").ok_or_else(unknown)?;
        let end = text.find([' ', ':']).ok_or_else(unknown)?;
        let (range, about) = text.split_at(end);
        let (first, last) = range.split_once("..").ok_or_else(unknown)?;
        let (first, last): (u64, u64) = (first.parse().map_err(|_| unknown())?, last.parse().map_err(|_| unknown())?);
        let finding = own_words(about, letter).ok_or_else(unknown)?;
        for i in first..=last {
            let at = place(batches, &format!("Batch {i}"))?;
            let station = &batches.stations()[at];
            let votes = finding.map_or_else(|| station.votes.clone(), |votes| votes.to_vec());
            found.push((at, Finding::Counted { found: station.found, votes }));
        }
    }
    let mut audited = false;
    for part in more.split(", ").filter(|part| !part.is_empty()) {
        let unknown = || Trouble::Pending(format!("sample `{part}`"));
        // The last may be followed by a remark in brackets.
        let part = part.split(" (").next().unwrap_or(part).trim();
        let (name, figures) = part.rsplit_once(' ').ok_or_else(unknown)?;
        audited |= name.ends_with(" audited");
        let at = place(batches, name.trim_end_matches(" audited"))?;
        let votes = figures_of(figures).filter(|_| audited).ok_or_else(unknown)?;
        let ballots = batches.stations()[at].found;
        let slot = found.iter_mut().find(|own| own.0 == at).ok_or_else(unknown)?;
        slot.1 = Finding::Counted { found: ballots, votes: votes.to_vec() };
    }
    Ok(found)
}

fn place(batches: &Batches, name: &str) -> Result<usize, Trouble> {
    batches.stations().iter().position(|s| s.name == name).ok_or_else(|| missing(name))
}

/// `150/230`.
fn figures_of(text: &str) -> Option<[u64; 2]> {
    let (winner, loser) = text.split_once('/')?;
    Some([winner.parse().ok()?, loser.parse().ok()?])
}

/// What a part says about a contest: `Some(None)` as reported, `Some(Some(votes))` other figures, `None` unknown words.
fn own_words(about: &str, letter: &str) -> Option<Option<[u64; 2]>> {
    if let Some(contests) = about.strip_prefix(" clean in ") {
        return contests.split(',').any(|own| own.trim() == letter).then_some(None);
    }
    for part in about.trim_start_matches(':').split(',') {
        let (own, what) = part.trim().split_once(' ')?;
        if own == letter {
            return match what {
                "clean" | "absent" => Some(None),
                _ => Some(Some(figures_of(what.strip_prefix("audited ")?)?)),
            };
        }
    }
    None
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
