//! Families of sample sizes and of SuperSimple.

use recount_audit::plan::{Mix, cards};
use recount_audit::risk::{
    Alpha, Constant, Discrepancies, ErrorRates, FixedMean, InVotes, Null, Population, ShrinkTrunc, SuperSimple,
    kaplan_wald, optimal_comparison_mean, sample_size,
};
use serde_json::{Value, json};

use super::read::{Case, Trouble, count, missing};

pub fn run(case: &Case) -> Result<Value, Trouble> {
    match (case.family, case.word()) {
        ("sample_size", "sample_size alpha_mart/fixed eta") => {
            let (size, values) = (case.count("N")?, tiled(case)?);
            let null = Null::new(Population::Finite(size), case.number("t")?, case.number("u")?)?;
            let bet = Alpha(FixedMean::new(case.number("eta")?, Population::Finite(size)));
            Ok(json!({ "n": sample_size(null, bet, values, case.number("alpha")?)? }))
        }
        ("sample_size", "sample_size kaplan_wald") => {
            let risks = kaplan_wald(&tiled(case)?, case.number("t")?, case.number("g")?)?.history;
            let alpha = case.number("alpha")?;
            Ok(json!({ "n": risks.iter().position(|p| *p <= alpha).map(|at| at + 1) }))
        }
        ("sample_size", "card comparison") => comparison(case),
        ("sample_size", "ballot polling") => polling(case),
        ("sample_size_stochastic", "ballot polling") => simulated(case),
        ("supersimple", word) if word.starts_with("Colorado optimistic") => {
            let found = discrepancies(case)?;
            let draws = measure(case)?.draws(case.number("alpha")?, found)?;
            Ok(json!({ "n": draws }))
        }
        ("supersimple", word) if word.starts_with("Kaplan-Markov p-value") => {
            let p = measure(case)?.risk(case.count("n")?, discrepancies(case)?);
            Ok(json!({ "p": p, "p_unrounded": p }))
        }
        ("supersimple", word) if word.starts_with("Arlo SuperSimple") => arlo(case),
        _ => Err(case.pending()),
    }
}

fn tiled(case: &Case) -> Result<Vec<f64>, Trouble> {
    let size = usize::try_from(case.count("N")?).map_err(|_| missing("N"))?;
    Ok(case.values()?.into_iter().cycle().take(size).collect())
}

/// Votes for the two choices of the tally, the larger first.
fn pair(case: &Case) -> Result<(u64, u64), Trouble> {
    let mut votes: Vec<u64> = case.votes("tally")?.iter().map(|v| v.1).collect();
    votes.sort_unstable_by(|a, b| b.cmp(a));
    Ok((votes[0], votes[1]))
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "test figures")]
fn comparison(case: &Case) -> Result<Value, Trouble> {
    let ((winner, loser), cards) = (pair(case)?, case.count("cards")?);
    let v = (winner - loser) as f64 / cards as f64;
    let upper = 2.0 / (2.0 - v);
    let every = |key: &str| -> Result<Option<u64>, Trouble> {
        let rate = case.number(key)?;
        Ok((rate > 0.0).then(|| (1.0 / rate) as u64))
    };
    let (one, two) = (every("rate_1")?, every("rate_2")?);
    let hit = |step: Option<u64>, at: u64| step.is_some_and(|step| at.is_multiple_of(step));
    let value = |at: u64| {
        if hit(two, at) {
            0.0
        } else if hit(one, at) {
            0.5 / (2.0 - v)
        } else {
            1.0 / (2.0 - v)
        }
    };
    let null = Null::new(Population::Finite(cards), 0.5, upper)?;
    let rate = case.text("risk_fn")?.strip_prefix("alpha_mart/optimal_comparison, error_rate_2=");
    let Some(rate) = rate.and_then(|rate| rate.parse().ok()) else {
        return Err(Trouble::Pending(format!("risk_fn `{}`", case.text("risk_fn")?)));
    };
    let bet = Alpha(Constant(optimal_comparison_mean(upper, rate)));
    let n = sample_size(null, bet, (0..cards).map(value), case.number("alpha")?)?;
    Ok(json!({ "n": n, "margin": v }))
}

/// The reported cards in a fixed order: first the loser's, then always the kind with the largest share left; in a tie
/// the winner's before the others, and the loser's before cards for neither.
#[allow(clippy::cast_precision_loss, reason = "test figures")]
fn interleaved(small: u64, medium: u64, big: u64) -> Vec<f64> {
    let all = [(0.0, small), (0.5, medium), (1.0, big)];
    let mut left = [small, medium, big];
    let share = |left: [u64; 3], kind: usize| left[kind] as f64 / all[kind].1.max(1) as f64;
    let mut order = Vec::new();
    while left.iter().any(|n| *n > 0) {
        let first = (0..3).find(|kind| left[*kind] > 0).filter(|_| order.is_empty());
        let [s, m, b] = [share(left, 0), share(left, 1), share(left, 2)];
        let largest = match (s > b, m > b) {
            (true, _) if m > s => 1,
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        let kind = first.unwrap_or(largest);
        left[kind] -= 1;
        order.push(all[kind].0);
    }
    order
}

fn polling(case: &Case) -> Result<Value, Trouble> {
    let ((winner, loser), cards) = (pair(case)?, case.count("cards")?);
    case.says("risk_fn", "alpha_mart/shrink_trunc")?;
    let values = interleaved(loser, cards - winner - loser, winner);
    let number = |key| case.number(key);
    let rule = ShrinkTrunc::new(number("eta")?, number("c")?, number("d")?, number("f")?, 1e-6);
    let null = Null::new(Population::Finite(cards), 0.5, 1.0)?;
    let first: Vec<f64> = values.iter().take(20).copied().collect();
    let n = sample_size(null, Alpha(rule), values, number("alpha")?)?;
    Ok(json!({ "n": n, "x_first20": first }))
}

/// By simulation; other random numbers than the peer's, so only the size is comparable.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a percentage")]
fn simulated(case: &Case) -> Result<Value, Trouble> {
    let ((winner, loser), all) = (pair(case)?, case.count("cards")?);
    let number = |key| case.number(key);
    let mix = Mix::new(&[(1.0, winner), (0.0, loser), (0.5, all - winner - loser)])?;
    let rule = Alpha(ShrinkTrunc::new(number("eta")?, number("c")?, number("d")?, number("f")?, 1e-6));
    let null = Null::new(Population::Finite(all), 0.5, 1.0)?;
    let sizes = cards(&mix, &null, &rule, number("alpha")?, "cases", 300)?;
    Ok(json!({ "n": sizes.percent((number("quantile")? * 100.0).round() as usize) }))
}

fn measure(case: &Case) -> Result<SuperSimple, Trouble> {
    Ok(SuperSimple::new(case.number("diluted_margin")?, case.number("gamma")?)?)
}

fn discrepancies(case: &Case) -> Result<Discrepancies, Trouble> {
    Ok(Discrepancies {
        over1: case.count("o1")?,
        over2: case.count("o2")?,
        under1: case.count("u1")?,
        under2: case.count("u2")?,
    })
}

/// `o1=u1=.001,o2=u2=.0001`.
fn rates(words: &str) -> Result<ErrorRates, Trouble> {
    let mut rates = ErrorRates { over1: 0.0, over2: 0.0, under1: 0.0, under2: 0.0 };
    let unknown = || Trouble::Pending(format!("rates `{words}`"));
    for part in words.split(',') {
        let (names, rate) = part.trim().rsplit_once('=').ok_or_else(unknown)?;
        let rate: f64 = rate.parse().map_err(|_| unknown())?;
        for name in names.split('=') {
            match name.trim() {
                "o1" => rates.over1 = rate,
                "o2" => rates.over2 = rate,
                "u1" => rates.under1 = rate,
                "u2" => rates.under2 = rate,
                _ => return Err(unknown()),
            }
        }
    }
    Ok(rates)
}

/// Arlo: diluted margin of the weakest winner over the strongest loser, planned with expected rates.
#[allow(clippy::cast_precision_loss, reason = "test figures")]
fn arlo(case: &Case) -> Result<Value, Trouble> {
    let contest = case.inputs["contest"].as_object().ok_or_else(|| missing("contest"))?;
    let of = |prefix: &str| -> Vec<u64> {
        contest.iter().filter(|(key, _)| key.starts_with(prefix)).filter_map(|(_, v)| v.as_u64()).collect()
    };
    let weakest = of("winner").into_iter().min().ok_or_else(|| missing("winner"))?;
    let strongest = of("loser").into_iter().max().unwrap_or(0);
    let ballots = count(&case.inputs["contest"], "ballots")?;
    let contest = InVotes { ballots, margin: weakest - strongest };
    let measure = SuperSimple::new(contest.margin as f64 / ballots as f64, case.number("gamma")?)?;
    let rates = rates(case.text("expected_rates")?)?;
    case.says("sample", "n ballots, errors in one of them")?;
    let n = measure.planned(case.number("risk_limit")?, rates)?;
    let with = |over1, over2| measure.risk_in(contest, n, Discrepancies { over1, over2, ..Discrepancies::default() });
    Ok(json!({ "n": n, "p_clean": with(0, 0), "p_one_o1": with(1, 0), "p_one_o2": with(0, 1) }))
}
