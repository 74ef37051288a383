//! Units and stations.

use recount_election::{StationIx, UnitIx};
use recount_tally::Fold;
use recount_tally::claim::Claim;
use serde_json::{Value, json};

use super::{Call, counted, coverage, failed, figures, paged, station_id, status, totals_of, unit_id};
use crate::problem::Problem;

/// `/api/v1/units`.
pub(super) fn units(call: &Call) -> Result<String, Problem> {
    let fold = call.fold();
    let geography = fold.ledger().register().geography();
    let within = call.unit("in")?;
    let (after, limit) = (call.number("after")?.unwrap_or(0), call.limit()?);
    let totals = call.edition.totals().map_err(failed)?;
    let all = (0u32..).map(UnitIx).zip(geography.units());
    let wanted = all.filter(|(ix, _)| within.is_none_or(|outer| *ix != outer && geography.is_within(*ix, outer)));
    let rows = wanted.map(|(ix, unit)| {
        let covered = fold.contests().filter_map(|(contest, state)| {
            let total = totals.get(&contest)?.get(&ix)?;
            Some(json!({ "contest": state.id, "coverage": coverage(&total.coverage) }))
        });
        json!({
            "unit": unit.id, "level": unit.level, "name": unit.name,
            "in": unit.parent.map(|parent| unit_id(fold, parent)),
            "contests": covered.collect::<Vec<_>>(),
        })
    });
    let (rows, next) = paged(rows, after, limit);
    Ok(call.answer(json!({ "units": rows, "next": next })))
}

/// `/api/v1/units/{unit}`.
pub(super) fn unit(call: &Call) -> Result<String, Problem> {
    let fold = call.fold();
    let geography = fold.ledger().register().geography();
    let nothing = || Problem::not_found(format!("no unit \"{}\"", call.value()));
    let ix = geography.unit_ix(call.value()).ok_or_else(nothing)?;
    let unit = geography.unit(ix).ok_or_else(nothing)?;
    let stations: Vec<&str> = geography.stations_of(ix).iter().map(|own| station_id(fold, *own)).collect();
    let inner: Vec<&str> = geography.children(ix).iter().map(|own| unit_id(fold, *own)).collect();
    Ok(call.answer(json!({
        "unit": unit.id, "level": unit.level, "name": unit.name,
        "in": unit.parent.map(|parent| unit_id(fold, parent)),
        "units": inner, "stations": stations,
        "contests": totals_of(call, ix)?,
    })))
}

/// `/api/v1/station/{station}`.
pub(super) fn station(call: &Call) -> Result<String, Problem> {
    let fold = call.fold();
    let register = fold.ledger().register();
    let nothing = || Problem::not_found(format!("no station \"{}\"", call.value()));
    let ix = register.geography().station_ix(call.value()).ok_or_else(nothing)?;
    let station = register.geography().station(ix).ok_or_else(nothing)?;
    let above: Vec<&str> = register.geography().ancestors(station.unit).map(|unit| unit_id(fold, unit)).collect();
    let expected = fold.contests().filter(|(contest, _)| fold.is_expected(ix, *contest));
    let contests: Vec<Value> = expected.map(|(contest, state)| counted(fold, ix, contest, state)).collect();
    let (claims, copies) = fold.station(ix).map_or((&[][..], &[][..]), |own| (&own.claims, &own.copies));
    Ok(call.answer(json!({
        "station": station.id, "name": station.name, "in": above,
        "voters": register.voters(ix, 1),
        "dropped": register.is_dropped(ix),
        "parts": register.parts(ix),
        "contests": contests,
        "protocols": versions(fold, claims),
        "copies": versions(fold, copies),
        "about": about(fold, ix),
        "leaf": fold.station_leaf(ix),
    })))
}

/// Every version that was filed, with what it is now.
fn versions(fold: &Fold, claims: &[Claim]) -> Vec<Value> {
    let each = claims.iter().map(|claim| {
        let state = fold.contest(claim.slot.contest);
        let signers: Vec<&str> = claim.signers().map(|key| fold.ledger().keys().name(key)).collect();
        json!({
            "statement": claim.index,
            "contest": state.map(|state| &state.id),
            "poll": claim.slot.poll,
            "source": fold.source_name(claim.slot),
            "part": claim.slot.part.map(|part| fold.parts().get(part)),
            "signers": signers,
            "supersedes": claim.supersedes,
            "figures": state.map(|state| figures(state, &claim.figures)),
            "now": fold.status(claim.index).as_ref().map(status),
        })
    });
    each.collect()
}

/// Every statement about a station, void ones too.
fn about(fold: &Fold, station: StationIx) -> Vec<u64> {
    let noted = (0u64..).zip(fold.noted());
    noted.filter(|(_, noted)| noted.station == Some(station)).map(|(index, _)| index).collect()
}
