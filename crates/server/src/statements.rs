//! `POST /statements`: the door in front of the desk. What is wrong in itself is refused here; the rest is decided by the desk, in order.

use std::sync::mpsc::TrySendError;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use recount_keeper::{Refusal, Submission};
use recount_log::{Hash, MAX_ENTRY, sha256};
use recount_record::{Entry, EntryError};
use serde_json::json;
use tokio::sync::oneshot;

use crate::api;
use crate::app::App;
use crate::body;
use crate::desk::{Accepted, Task, Verdict};
use crate::problem::Problem;
use crate::reply::{self, JSON, Label, NEVER};

/// Files what the request brings.
pub(crate) async fn post(app: &Arc<App>, headers: &HeaderMap, body: Body) -> Response {
    let started = Instant::now();
    let mut hash = None;
    let verdict = match body::read(headers, body, MAX_ENTRY, app.timeout).await {
        Ok(bytes) => {
            hash = Some(sha256(&bytes));
            file(app, bytes).await
        }
        Err(problem) => Err(problem),
    };
    app.metrics.filing_time.note(started.elapsed());
    match verdict {
        Ok((accepted, id)) => {
            let duplicate = accepted.filed.duplicate;
            app.metrics.statement(if duplicate { "duplicate" } else { "filed" });
            answer(&accepted, &id)
        }
        Err(problem) => {
            app.metrics.statement(problem.code());
            problem.about(hash, app.filed()).response(app.signer.as_ref())
        }
    }
}

async fn file(app: &Arc<App>, bytes: Vec<u8>) -> Result<(Accepted, Hash), Problem> {
    let Some(desk) = &app.desk else {
        let says = "this service only shows the record: file where the record is kept";
        return Err(Problem::new("not-a-writer", says));
    };
    let (id, verified) = check(app, &bytes)?;
    let (reply, verdict) = oneshot::channel();
    desk.try_send(Task::File(Submission { bytes, verified }, reply)).map_err(|why| match why {
        TrySendError::Full(_) => Problem::busy("many statements are waiting to be filed; file this again in a moment"),
        TrySendError::Disconnected(_) => Problem::new("not-durable", "the service is stopping").after(5),
    })?;
    let unknown = || {
        let says =
            "the disk did not take it in time, and it may or may not be in the record: file the same bytes again";
        Problem::new("not-durable", says).after(2)
    };
    match verdict.await {
        Ok(Verdict::Accepted(accepted)) => Ok((*accepted, id)),
        Ok(Verdict::Refused(why)) => Err(Problem::of(&why)),
        Ok(Verdict::Unknown) | Err(_) => Err(unknown()),
    }
}

/// What can be said without the desk: form, signatures of known keys, quotas. Returns the statement's identity, and whether all signatures are
/// known to be right (else a signer is new, and the desk decides).
fn check(app: &App, bytes: &[u8]) -> Result<(Hash, bool), Problem> {
    let entry = Entry::parse(bytes).map_err(|why| match why {
        EntryError::TooLarge(_) => Problem::of(&Refusal::Malformed(why)),
        other => Problem::of(&Refusal::Malformed(other)),
    })?;
    // What stands in the record already costs nobody's quota: statements are public, and anybody can file them again.
    if app.current().is_some_and(|edition| edition.fold().ledger().find(&entry.id).is_some()) {
        return Ok((entry.id, false));
    }
    let mut known = Vec::with_capacity(entry.lines.len());
    {
        let keys = app.keys.read().unwrap_or_else(PoisonError::into_inner);
        known.extend(entry.lines.iter().filter_map(|line| keys.get(line.name()).cloned()));
    }
    if known.len() != entry.lines.len() || known.is_empty() {
        return Ok((entry.id, false));
    }
    for (line, key) in entry.lines.iter().zip(&known) {
        if key.verifier.id() != line.id() || !line.is_verified_by(&key.verifier, entry.text) {
            return Err(Problem::of(&Refusal::BadSignature(line.name().to_owned())));
        }
    }
    let now = Instant::now();
    for key in &known {
        let quota = if key.wide { app.quotas.wide } else { app.quotas.station };
        app.buckets.take(key.verifier.name(), quota, now).map_err(|wait| {
            let says = format!("\"{}\" may file {quota} statements a minute", key.verifier.name());
            Problem::new("over-quota", says).after(wait.as_secs().saturating_add(1))
        })?;
    }
    Ok((entry.id, true))
}

fn answer(accepted: &Accepted, id: &Hash) -> Response {
    let filed = &accepted.filed;
    let document = json!({
        "index": filed.index,
        "duplicate": filed.duplicate,
        "id": id.to_hex(),
        "kind": accepted.kind,
        "size": accepted.size,
        "now": accepted.status.as_ref().map(api::status),
        "broken_controls": accepted.broken,
        "receipt": accepted.receipt,
    });
    let status = if filed.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = reply::bytes(Label { status, ..Label::document(JSON, NEVER) }, document.to_string());
    if let Ok(at) = format!("/api/v1/statements/{}", filed.index).parse() {
        response.headers_mut().insert(LOCATION, at);
    }
    response
}
