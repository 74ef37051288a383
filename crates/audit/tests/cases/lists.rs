//! Families of party lists: allocations and their assertions.

use recount_audit::generate::{
    Base, Condition, Contest, Divisors, Excluded, Group, highest_averages, largest_remainder, party_list,
};
use recount_audit::{Assertion, BallotRule, Ratio};
use serde_json::{Map, Value, json};

use super::read::{Case, Trouble, missing};

pub fn run(case: &Case) -> Result<Value, Trouble> {
    match case.family {
        "party_list_dhondt" => dhondt(case),
        "party_list_hamilton" => hamilton(case),
        "party_list_highest_averages" => averages(case),
        _ => Err(case.pending()),
    }
}

fn contest(case: &Case, ballots: Option<u64>, rule: BallotRule) -> Result<Contest, Trouble> {
    let votes = case.votes("votes")?;
    let figures: Vec<u64> = votes.iter().map(|v| v.1).collect();
    let ballots = ballots.unwrap_or_else(|| figures.iter().sum());
    let contest = Contest {
        choices: votes.into_iter().map(|v| v.0).collect(),
        votes: figures,
        found: ballots,
        cards: ballots,
        rule,
    };
    contest.check()?;
    Ok(contest)
}

fn allocation(groups: &[Group], seats: &[u64]) -> Value {
    Value::Object(groups.iter().zip(seats).map(|(g, s)| (g.name.clone(), json!(s))).collect::<Map<_, _>>())
}

/// No-error sample size of a comparison of single ballots with the largest bet.
fn no_error(relative: Ratio, alpha: f64) -> f64 {
    (libm_ln(alpha) / (-relative.to_f64()).ln_1p()).ceil()
}

#[allow(clippy::disallowed_methods, reason = "a test compares with a tolerance")]
fn libm_ln(x: f64) -> f64 {
    x.ln()
}

/// Assorter mean, upper bound, no-error value.
fn scales(contest: &Contest, assertion: &Assertion) -> Result<(f64, f64, f64), Trouble> {
    let assorter = assertion.assorter(contest.rule, contest.cards)?;
    let (v, u) = (assorter.margin(&contest.votes, contest.found)?.to_f64(), assorter.upper()?.to_f64());
    Ok((f64::midpoint(1.0, v), u, 1.0 / (2.0 - v / u)))
}

fn dhondt(case: &Case) -> Result<Value, Trouble> {
    let contest = contest(case, None, BallotRule::SINGLE)?;
    let groups = Group::each(&contest);
    let share: Ratio = case.text("threshold")?.split_whitespace().next().unwrap_or("").parse()?;
    let all = Base::Votes((0..groups.len()).collect());
    let conditions = vec![Condition::share(share, all); groups.len()];
    let (seats, divisors) = (case.count("seats")?, Divisors::DHondt);
    let set = party_list(&contest, &groups, &conditions, seats, &divisors, Excluded::Cheapest)?;
    let full = {
        let mut set = party_list(&contest, &groups, &conditions, seats, &divisors, Excluded::Below)?;
        // The full set asks for the threshold of lists without a seat, too.
        for (at, group) in groups.iter().enumerate() {
            if conditions[at].met(&contest, group)? && set.seats[at] == 0 {
                set.assertions.extend(conditions[at].proof(&contest, group)?);
            }
        }
        set
    };
    let (hardest, relative) = set.hardest(&contest)?.ok_or_else(|| missing("assertions"))?;
    let (full_hardest, full_relative) = full.hardest(&contest)?.ok_or_else(|| missing("assertions"))?;
    let (mean, upper, clean) = scales(&contest, hardest)?;
    let seated: Map<String, Value> =
        groups.iter().zip(&set.seats).filter(|(_, s)| **s > 0).map(|(g, s)| (g.name.clone(), json!(s))).collect();
    Ok(json!({
        "allocation": seated,
        "hardest_assertion": hardest.name,
        "assorter_upper": upper,
        "assorter_mean": mean,
        "noerror": clean,
        "rel_margin_gbar_over_range": relative.to_f64(),
        "n_noerror_lambda2": no_error(relative, case.number("alpha")?),
        "full_set_hardest_assertion": full_hardest.name,
        "full_set_hardest_rel_margin": full_relative.to_f64(),
        "full_set_n_assertions": full.assertions.len(),
    }))
}

fn hamilton(case: &Case) -> Result<Value, Trouble> {
    let most = u32::try_from(case.count("votes_per_ballot_max")?).map_err(|_| missing("votes_per_ballot_max"))?;
    let contest = contest(case, Some(case.count("ballots_incl_invalid")?), BallotRule::cumulative(most))?;
    let groups = Group::each(&contest);
    let free = vec![Condition::Free; groups.len()];
    let set = largest_remainder(&contest, &groups, &free, case.count("seats")?, 0)?;
    let (hardest, relative) = set.hardest(&contest)?.ok_or_else(|| missing("assertions"))?;
    let (mean, upper, clean) = scales(&contest, hardest)?;
    let mut margins = Vec::new();
    for assertion in &set.assertions {
        margins.push(2.0 * scales(&contest, assertion)?.0 - 1.0);
    }
    Ok(json!({
        "allocation": allocation(&groups, &set.seats),
        "hardest_assertion": hardest.name,
        "margin": 2.0 * mean - 1.0,
        "upper": upper,
        "noerror": clean,
        "n_noerror_lambda2": no_error(relative, case.number("alpha")?),
        "all_margins_in_party_order_pairs": margins,
    }))
}

fn averages(case: &Case) -> Result<Value, Trouble> {
    let contest = contest(case, Some(case.count("ballots")?), BallotRule::SINGLE)?;
    let groups = Group::each(&contest);
    let divisors = match case.text("method")? {
        "dhondt" => Divisors::DHondt,
        "sainte_lague" => Divisors::SainteLague,
        "danish" => Divisors::Danish,
        "imperiali" => Divisors::Imperiali,
        word => match word.strip_prefix("modified_sl_") {
            Some(first) => Divisors::ModifiedSainteLague(first.parse()?),
            None => return Err(Trouble::Pending(format!("method `{word}`"))),
        },
    };
    let set = highest_averages(&contest, &groups, case.count("seats")?, &divisors)?;
    let mut found = Map::new();
    for assertion in &set.assertions {
        let (mean, upper, _) = scales(&contest, assertion)?;
        found.insert(assertion.name.clone(), json!({ "mean": mean, "upper": upper }));
    }
    Ok(json!({ "allocation": allocation(&groups, &set.seats), "assertions": found }))
}
