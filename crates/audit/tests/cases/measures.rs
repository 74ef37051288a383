//! Families of risk measures.

use recount_audit::peers;
use recount_audit::risk::{
    Agrapa, Alpha, Bet, Constant, Estimator, FixedBet, FixedMean, Null, Population, Progress, ShrinkTrunc,
    kaplan_kolmogorov, kaplan_markov, kaplan_wald, measure, optimal_comparison_mean,
};
use serde_json::{Map, Value, json};

use super::read::{Case, Trouble};

pub fn run(case: &Case) -> Result<Value, Trouble> {
    match (case.family, case.word()) {
        ("kaplan_markov", "kaplan_markov") => {
            kaplan(case, kaplan_markov(&case.values()?, case.number("t")?, case.number("g")?)?)
        }
        ("kaplan_wald", "kaplan_wald") => {
            kaplan(case, kaplan_wald(&case.values()?, case.number("t")?, case.number("g")?)?)
        }
        ("kaplan_kolmogorov", "kaplan_kolmogorov") => {
            let (x, size) = (case.values()?, case.count("N")?);
            kaplan(case, kaplan_kolmogorov(&x, size, case.number("t")?, case.number("g")?)?)
        }
        ("wald_sprt", word) if word.starts_with("wald_sprt with") => sprt(case),
        ("null_mean", "mu_j") => null_mean(case),
        ("alpha_mart", "alpha_mart/fixed_alternative_mean") => {
            let bet = Alpha(FixedMean::new(case.number("eta")?, case.population()?));
            whole(measure(null(case)?, bet, &case.values()?)?)
        }
        ("alpha_mart", "alpha_mart/shrink_trunc") => {
            whole(measure(null(case)?, Alpha(shrink(case)?), &case.values()?)?)
        }
        ("alpha_mart", "shrink_trunc eta_j") => etas(case),
        ("betting_mart", "betting_mart/fixed_bet") => {
            whole(measure(null(case)?, FixedBet(case.number("lam")?), &case.values()?)?)
        }
        ("betting_mart", "betting_mart/agrapa") => agrapa(case),
        ("comparison", word) if word.starts_with("alpha_mart/optimal_comparison") => comparison(case),
        _ => Err(case.pending()),
    }
}

fn null(case: &Case) -> Result<Null, Trouble> {
    Ok(Null::new(case.population()?, case.number("t")?, case.number("u")?)?)
}

fn shrink(case: &Case) -> Result<ShrinkTrunc, Trouble> {
    let number = |key, otherwise| case.number_or(key, otherwise);
    Ok(ShrinkTrunc::new(
        case.number("eta")?,
        number("c", (case.number("eta")? - case.number("t")?) / 2.0)?,
        number("d", 100.0)?,
        number("f", 0.0)?,
        number("minsd", 1e-6)?,
    ))
}

/// All figures of a sequential measure.
fn fields(progress: &Progress) -> Map<String, Value> {
    let at: Map<String, Value> =
        progress.history.iter().enumerate().map(|(i, p)| ((i + 1).to_string(), json!(p))).collect();
    let mut map = Map::new();
    map.insert("p".into(), json!(progress.risk));
    map.insert("p_history".into(), json!(progress.history));
    map.insert("p_history_at".into(), Value::Object(at));
    map.insert("p_history_last".into(), json!(progress.history.last()));
    map.insert("p_last".into(), json!(progress.history.last()));
    map
}

fn whole(progress: Progress) -> Result<Value, Trouble> {
    Ok(Value::Object(fields(&progress)))
}

fn kaplan(case: &Case, progress: Progress) -> Result<Value, Trouble> {
    let mut map = fields(&progress);
    if case.inputs.get("random_order") == Some(&Value::Bool(false)) {
        map.insert("p".into(), json!(progress.history.last()));
    }
    Ok(Value::Object(map))
}

fn sprt(case: &Case) -> Result<Value, Trouble> {
    if case.population()? != Population::Infinite {
        // The same ratio, of the two means of what is left.
        let bet = Alpha(FixedMean::new(case.number("eta")?, case.population()?));
        return whole(measure(null(case)?, bet, &case.values()?)?);
    }
    let values = case.values()?;
    whole(peers::wald_sprt(&values, case.number("t")?, case.number("u")?, case.number("eta")?)?)
}

fn null_mean(case: &Case) -> Result<Value, Trouble> {
    let values = case.values()?;
    let upper = values.iter().copied().fold(1.0, f64::max);
    let mut null = Null::new(case.population()?, case.number("t")?, upper)?;
    let mut means = Vec::new();
    for x in values {
        means.push(null.remaining_mean());
        null.see(x)?;
    }
    Ok(json!({ "mu": means }))
}

fn etas(case: &Case) -> Result<Value, Trouble> {
    let (mut null, mut rule) = (null(case)?, shrink(case)?);
    let mut etas = Vec::new();
    for x in case.values()? {
        etas.push(rule.estimate(null.remaining_mean(), null.upper()));
        rule.see(x);
        null.see(x)?;
    }
    Ok(json!({ "eta_j": etas }))
}

fn agrapa(case: &Case) -> Result<Value, Trouble> {
    let number = |key| case.number(key);
    let rule = Agrapa::new(number("lam")?, number("c_grapa_0")?, number("c_grapa_max")?, number("c_grapa_grow")?);
    let values = case.values()?;
    let mut map = fields(&measure(null(case)?, rule, &values)?);
    let (mut rule, mut null, mut bets) = (rule, null(case)?, Vec::new());
    for x in values {
        let mu = null.remaining_mean();
        bets.push(rule.bet(mu, null.upper()));
        rule.see(x, mu);
        null.see(x)?;
    }
    map.insert("lambda_first10".into(), json!(bets.iter().take(10).collect::<Vec<_>>()));
    Ok(Value::Object(map))
}

fn comparison(case: &Case) -> Result<Value, Trouble> {
    let (v, draws) = (case.number("margin_v")?, case.count("n")?);
    let clean = 1.0 / (2.0 - v / case.number("assorter_u")?);
    let places = |key: &str| -> Vec<u64> {
        let list = case.inputs.get(key).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_u64).collect()
    };
    let (one, two) = (places("o1_at_0based"), places("o2_at_0based"));
    let value = |at: u64| {
        if two.contains(&at) {
            0.0
        } else if one.contains(&at) {
            clean / 2.0
        } else {
            clean
        }
    };
    let values: Vec<f64> = (0..draws).map(value).collect();
    let upper = case.number("u_test")?;
    let eta = optimal_comparison_mean(upper, case.number("error_rate_2")?);
    let mut map = fields(&measure(Null::new(case.population()?, 0.5, upper)?, Alpha(Constant(eta)), &values)?);
    map.insert("eta".into(), json!(eta));
    Ok(Value::Object(map))
}
