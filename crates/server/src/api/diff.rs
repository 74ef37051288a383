//! What changed between an earlier size and this one.

use recount_tally::diff::{Changed, between};
use recount_tally::{Fold, View};
use serde_json::{Map, Value, json};

use super::{Call, bad, paged, station_id};
use crate::problem::Problem;

/// `/api/v1/changes`.
pub(super) fn changes(call: &Call) -> Result<String, Problem> {
    let later = call.fold();
    let Some(from) = &call.from else { return Err(bad("from=SIZE is missing")) };
    let (after, limit) = (call.number("after")?.unwrap_or(0), call.limit()?);
    let (mut sums, mut rows) = (Vec::new(), Vec::new());
    for (_, state) in call.contests()? {
        let difference = between(from.fold(), later, &state.id, View::LAW);
        let columns =
            difference.sums.iter().map(|(name, (came, went))| (name.clone(), json!({ "came": came, "went": went })));
        let causes: Map<String, Value> =
            difference.by_cause().into_iter().map(|(cause, n)| (cause.name().to_owned(), json!(n))).collect();
        sums.push(json!({ "contest": state.id, "stations": causes, "sums": columns.collect::<Map<_, _>>() }));
        rows.extend(difference.stations.iter().map(|own| changed(later, &state.id, own)));
    }
    let (rows, next) = paged(rows.into_iter(), after, limit);
    Ok(call.answer(json!({
        "from": from.size(), "to": later.size(), "contests": sums, "stations": rows, "next": next,
    })))
}

fn changed(fold: &Fold, contest: &str, own: &Changed) -> Value {
    let columns: Vec<Value> =
        own.columns.iter().map(|(name, before, now)| json!({ "column": name, "before": before, "now": now })).collect();
    json!({
        "station": station_id(fold, own.station),
        "contest": contest,
        "cause": own.cause.name(),
        "statements": own.statements,
        "in_votes": own.in_votes(),
        "reason": own.after.reason.map(recount_tally::Reason::code),
        "columns": columns,
    })
}
