//! Statements, and their receipts.

use recount_record::{Entry, entry};
use recount_tally::Fold;
use serde_json::{Value, json};

use super::{Call, failed, number, station_id, status};
use crate::press;
use crate::problem::Problem;

/// A statement in short.
fn short(fold: &Fold, index: u64) -> Option<Value> {
    let noted = fold.noted().get(usize::try_from(index).ok()?)?;
    let keys = fold.ledger().keys();
    let signers: Vec<&str> = noted.signer.iter().chain(&noted.cosigners).map(|key| keys.name(*key)).collect();
    Some(json!({
        "statement": index,
        "kind": if noted.kind.is_empty() { "unreadable" } else { noted.kind },
        "signers": signers,
        "station": noted.station.map(|station| station_id(fold, station)),
        "now": fold.status(index).as_ref().map(status),
    }))
}

/// `/api/v1/statements`.
pub(super) fn statements(call: &Call) -> Result<String, Problem> {
    let fold = call.fold();
    let (after, limit) = (call.number("after")?.unwrap_or(0), call.limit()? as u64);
    let end = after.saturating_add(limit).min(fold.size());
    let rows: Vec<Value> = (after..end).filter_map(|index| short(fold, index)).collect();
    let next = (end < fold.size() && after < end).then_some(end);
    Ok(call.answer(json!({ "statements": rows, "next": next })))
}

fn index(call: &Call) -> Result<u64, Problem> {
    let size = call.fold().size();
    let found = number(call.value()).filter(|index| *index < size);
    found.ok_or_else(|| Problem::not_found(format!("no statement \"{}\" at size {size}", call.value())))
}

/// `/api/v1/statements/{index}`.
pub(super) fn statement(call: &Call) -> Result<String, Problem> {
    let index = index(call)?;
    let reader = press::reader(&call.app, Some(call.fold().size())).map_err(failed)?;
    let bytes = reader.entry(index).map_err(failed)?;
    let entry = Entry::parse(&bytes);
    let mut members = short(call.fold(), index).unwrap_or_default();
    if let Some(members) = members.as_object_mut() {
        members.insert("entry".to_owned(), json!(String::from_utf8_lossy(&bytes)));
        members.insert("leaf".to_owned(), json!(recount_log::leaf_hash(&bytes).to_hex()));
        members.insert("id".to_owned(), json!(entry.as_ref().ok().map(|entry: &entry::Entry<'_>| entry.id.to_hex())));
        members.insert("broken_controls".to_owned(), json!(super::broken_by(call.fold(), index)));
        members.insert("receipt".to_owned(), json!(format!("statements/{index}/receipt")));
    }
    Ok(call.answer(members))
}

/// `/api/v1/statements/{index}/receipt`.
pub(super) fn receipt(call: &Call) -> Result<String, Problem> {
    let index = index(call)?;
    let reader = press::reader(&call.app, Some(call.fold().size())).map_err(failed)?;
    let receipt = reader.receipt(index).map_err(failed)?;
    Ok(String::from_utf8_lossy(&receipt.format()).into_owned())
}
