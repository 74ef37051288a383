//! The result: state, totals, outcome; and coverage.

use recount_exchange::declarations;
use recount_site::State;
use recount_tally::{Fold, View};
use serde_json::{Value, json};

use super::{Call, coverage as coverage_of, failed, totals_of};
use crate::problem::Problem;

/// `/api/v1/result`.
pub(super) fn result(call: &Call) -> Result<String, Problem> {
    let fold = call.fold();
    let root = fold.ledger().register().geography().root();
    let contests = root.map_or_else(|| Ok(Vec::new()), |root| totals_of(call, root))?;
    let election = fold.ledger().charter().map(|(_, charter)| &charter.election);
    Ok(call.answer(json!({
        "election": election.map(|own| json!({ "id": own.id, "title": own.title, "polling_day": own.polling_day })),
        "state": state(fold),
        "declarations": declarations(fold),
        "contests": contests,
        "outcome": call.edition.outcome.get_or_init(|| outcome(fold)),
    })))
}

fn state(fold: &Fold) -> Value {
    match recount_site::state(fold) {
        State::NoCharter => json!({ "state": "no_charter" }),
        State::Annulled { ruling, repeat } => json!({ "state": "annulled", "ruling": ruling, "repeat": repeat }),
        State::Declared(own) => json!({ "state": "declared", "declaration": own.index }),
        State::Preliminary => json!({ "state": "preliminary" }),
    }
}

/// What the rulebook makes of the totals, or why nothing.
fn outcome(fold: &Fold) -> Value {
    match fold.outcome(View::LAW) {
        Ok(outcome) => serde_json::to_value(&outcome).unwrap_or_else(|why| json!({ "none": why.to_string() })),
        Err(why) => json!({ "none": why.to_string() }),
    }
}

/// `/api/v1/coverage`.
pub(super) fn coverage(call: &Call) -> Result<String, Problem> {
    let fold = call.fold();
    let root = fold.ledger().register().geography().root();
    let unit = call.unit("unit")?.or(root);
    let totals = call.edition.totals().map_err(failed)?;
    let of = |(ix, state): (_, &recount_tally::fold::ContestState)| {
        let total = totals.get(&ix)?.get(&unit?)?;
        Some(json!({ "contest": state.id, "title": state.title, "coverage": coverage_of(&total.coverage) }))
    };
    let contests: Vec<Value> = fold.contests().filter_map(of).collect();
    let register = fold.ledger().register();
    Ok(call.answer(json!({
        "unit": unit.map(|unit| super::unit_id(fold, unit)),
        "contests": contests,
        "register_sealed_by": register.sealed(1),
        "register_changes_waiting": register.waiting().collect::<Vec<_>>(),
    })))
}
