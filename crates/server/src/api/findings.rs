//! What is missing, and what is wrong in itself.

use recount_election::{Check, StationIx, WHOLE};
use recount_tally::{Fold, View};
use serde_json::{Value, json};

use super::{Call, paged, station_id, unit_id};
use crate::problem::Problem;

/// `/api/v1/missing`.
pub(super) fn missing(call: &Call) -> Result<String, Problem> {
    let fold = call.fold();
    let (unit, contests) = (call.unit("unit")?, call.contests()?);
    let (after, limit) = (call.number("after")?.unwrap_or(0), call.limit()?);
    let register = fold.ledger().register();
    let geography = register.geography();
    let stations = (0u32..).map(StationIx).zip(geography.stations());
    let within = stations.filter(|(ix, _)| unit.is_none_or(|unit| geography.station_is_within(*ix, unit)));
    let rows = within.flat_map(|(ix, station)| {
        let held = contests.iter().filter(move |(contest, _)| fold.is_expected(ix, *contest));
        held.filter_map(move |(contest, state)| {
            let count = fold.count_station(ix, *contest, View::LAW);
            let reason = count.reason?;
            Some(json!({
                "station": station.id, "in": unit_id(fold, station.unit), "contest": state.id, "poll": count.poll,
                "reason": reason.code(), "ruling": reason.ruling(), "received": count.received,
                "voters": register.voters(ix, u64::from(count.poll)),
            }))
        })
    });
    let (rows, next) = paged(rows, after, limit);
    Ok(call.answer(json!({ "missing": rows, "next": next })))
}

/// `/api/v1/controls`.
pub(super) fn controls(call: &Call) -> Result<String, Problem> {
    let fold = call.fold();
    let (after, limit) = (call.number("after")?.unwrap_or(0), call.limit()?);
    let all = call.edition.controls.get_or_init(|| {
        let found = fold.broken_controls();
        found
            .iter()
            .map(|own| {
                json!({
                    "station": station_id(fold, own.station),
                    "contest": fold.contest(own.slot.contest).map(|state| &state.id),
                    "poll": own.slot.poll, "source": fold.source_name(own.slot),
                    "part": own.slot.part.map(|part| fold.parts().get(part)),
                    "form": own.form, "control": own.control.code, "figures": own.figures,
                })
            })
            .collect()
    });
    let (rows, next) = paged(all.iter(), after, limit);
    Ok(call.answer(json!({ "broken": all.len(), "controls": rows, "next": next })))
}

/// Controls that the figures of one protocol or copy break.
pub(crate) fn broken_by(fold: &Fold, index: u64) -> Vec<Value> {
    let noted = usize::try_from(index).ok().and_then(|at| fold.noted().get(at));
    let filed = noted.and_then(|noted| noted.station).and_then(|station| fold.station(station));
    let claim = filed.and_then(|own| own.claims.iter().chain(&own.copies).find(|claim| claim.index == index));
    let (Some(claim), Some(law)) = (claim, fold.law()) else { return Vec::new() };
    let Some(state) = fold.contest(claim.slot.contest) else { return Vec::new() };
    let part = claim.slot.part.map_or(WHOLE, |part| fold.parts().get(part));
    let Some(form) = law.forms.form_for(&state.id, fold.source_name(claim.slot), part) else { return Vec::new() };
    let findings = form.check(&state.columns, &claim.figures);
    let broken = findings.into_iter().filter(|own| matches!(own.check, Check::Broken { .. } | Check::Overflow));
    broken
        .map(|own| {
            let figures = own.control.formula.explain(&state.columns, &claim.figures);
            json!({ "form": form.id, "control": own.control.code, "figures": figures })
        })
        .collect()
}
