//! What other tools compute: samplers, BRAVO, SUITE.

use recount_audit::peers::{
    Bravo, PollingStratum, first_fraction, next_fraction, rivest, sample_number, suite_p, tickets,
};
use serde_json::{Value, json};

use super::read::{Case, Trouble, count, missing};

pub fn run(case: &Case) -> Result<Value, Trouble> {
    match (case.family, case.word()) {
        ("prng", word) if word.starts_with("SHANGRLA sample_num") => numbers(case),
        ("prng", word) if word.starts_with("Rivest sampler") => {
            let take = usize::try_from(case.count("n")?).map_err(|_| missing("n"))?;
            let again = case.inputs.get("with_replacement").and_then(Value::as_bool).unwrap_or(true);
            let picks = rivest(case.text("seed")?, case.count("min")?, case.count("max")?, take, again)?;
            Ok(json!({ "numbers": picks }))
        }
        ("prng", "consistent_sampler.next_fraction") => Ok(json!({ "fraction": next_fraction(case.text("x")?)? })),
        ("prng", "consistent_sampler.first_fraction") => {
            Ok(json!({ "fraction": first_fraction(case.text("seed")?, case.text("id")?) }))
        }
        ("prng", word) if word.starts_with("consistent_sampler") => consistent(case, word.contains("with replacement")),
        ("suite", _) => suite(case),
        ("bravo", word) if word.starts_with("BRAVO round size") => round(case),
        ("bravo", word) if word.starts_with("BRAVO test statistic") => statistic(case),
        _ => Err(case.pending()),
    }
}

fn numbers(case: &Case) -> Result<Value, Trouble> {
    let seed = case.text("seed")?;
    let all: Vec<[u8; 32]> = (0..64).map(|k| sample_number(seed, k)).collect();
    let hex = |n: &[u8; 32]| n.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let fraction = |n: &[u8; 32]| n.iter().rev().fold(0.0, |sum, b| (sum + f64::from(*b)) / 256.0);
    let wanted = case.expected["sample_nums_hex"].as_array().map_or(4, Vec::len);
    Ok(json!({
        "sample_nums_hex": all.iter().take(wanted).map(hex).collect::<Vec<_>>(),
        "first_as_fraction": fraction(&all[0]),
        "second": fraction(&all[1]),
    }))
}

/// Rivest's sampler passes over the first `drop` tickets and shows `digits` of a number after its leading nines.
fn consistent(case: &Case, again: bool) -> Result<Value, Trouble> {
    let list = case.inputs["ids"].as_array().ok_or_else(|| missing("ids"))?;
    let ids: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    let optional = |key| case.inputs.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let take = usize::try_from(case.count("take")?).map_err(|_| missing("take"))?;
    let (drop, digits) = (optional("drop").unwrap_or(0), optional("digits"));
    let found: Vec<_> = tickets(case.text("seed")?, &ids, drop + take, again)?.into_iter().skip(drop).collect();
    let nines = |n: &str| n.chars().skip(2).take_while(|c| *c == '9').count();
    let short = |n: &str| n.chars().take(digits.map_or(usize::MAX, |d| 2 + nines(n) + d)).collect::<String>();
    Ok(json!({
        "ids": found.iter().map(|t| t.id.clone()).collect::<Vec<_>>(),
        "tickets": found.iter().map(|t| json!([short(&t.number), t.id, t.generation])).collect::<Vec<_>>(),
    }))
}

fn suite(case: &Case) -> Result<Value, Trouble> {
    let reported = &case.inputs["votes"];
    let (winner, loser) = (count(reported, "winner")?, count(reported, "loser")?);
    let rounds = case.inputs["sample"].as_object().ok_or_else(|| missing("sample"))?;
    let mut sampled = (0, 0);
    for round in rounds.values() {
        sampled = (sampled.0 + count(round, "winner")?, sampled.1 + count(round, "loser")?);
    }
    let stratum = PollingStratum {
        ballots: case.count("num_ballots")?,
        reported: (winner, loser),
        sampled,
        sample: case.count("sample_size")?,
    };
    // The share `lambda` of the margin is allotted to the stratum: the null margin is what is left.
    #[allow(clippy::cast_precision_loss, reason = "small figures")]
    let null = (1.0 - case.number("null_lambda")?) * (winner as f64 - loser as f64);
    Ok(json!({ "p": suite_p(stratum, null)? }))
}

fn round(case: &Case) -> Result<Value, Trouble> {
    let bravo = Bravo::new(case.number("p_w")?, case.number("p_r")?)?;
    let before = (case.count("sample_w")?, case.count("sample_r")?);
    Ok(json!({ "n": bravo.round(case.number("alpha")?, before, case.number("p_completion")?)? }))
}

fn statistic(case: &Case) -> Result<Value, Trouble> {
    let ballots = case.number("ballots")?;
    let bravo = Bravo::new(case.number("winner")? / ballots, case.number("loser")? / ballots)?;
    let t = bravo.statistic(case.count("sample_w")?, case.count("sample_l")?);
    Ok(json!({ "T": t, "p": (1.0 / t).min(1.0), "ASN": bravo.average(case.number("alpha")?)? }))
}
