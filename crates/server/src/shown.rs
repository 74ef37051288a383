//! Answers from an edition: pages, tables and figures, made once for all readers, in gzip for those who take it.

use std::sync::Arc;
use std::time::Instant;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use tokio::sync::OwnedSemaphorePermit;

use crate::api::{self, Call};
use crate::app::App;
use crate::edition::{Edition, Rendered};
use crate::problem::Problem;
use crate::reply::{self, FRESH, Label, NOTHING};
use crate::route::{Does, Route};
use crate::{earlier, openapi, pack};

/// Stylesheets and scripts change with the program alone.
const ASSET: &str = "public, max-age=300";

/// Figures of an edition: a row of the API.
pub(crate) async fn figures(
    app: &Arc<App>,
    edition: &Arc<Edition>,
    row: &'static Route,
    values: Vec<String>,
    asked: &Parts,
) -> Result<Response, Problem> {
    let query = asked.uri.query().unwrap_or("");
    let call = Call::read(app, edition, row, values, query).await?;
    let key = format!("{}?{query}", asked.uri.path());
    let label = Label::document(row.media_type, FRESH);
    if let Some(known) = known(label, &edition.etag, &asked.headers) {
        return Ok(known);
    }
    let made = match edition.kept(&key) {
        Some(kept) => kept,
        None => {
            let made = match row.does {
                Does::Api(run) => blocking(app, move || run(&call)).await??,
                _ => openapi::document().to_string(),
            };
            let made = Rendered { media_type: row.media_type, body: pack::Body::new(made), embed: false, etag: None };
            edition.keep(&key, &made);
            made
        }
    };
    content(app, label, &made.body, &edition.etag, &asked.headers, None).await
}

/// "Not modified", for a reader who has this tag, in either form.
fn known(label: Label<'_>, etag: &str, asked: &HeaderMap) -> Option<Response> {
    let own = reply::tag_of(asked, etag)?;
    let mut response = reply::not_modified(label, &own);
    reply::varies(&mut response);
    Some(response)
}

/// An answer of bytes that were made for all readers: with its tag, in gzip for those who take it. What has a turn holds it until its
/// last piece is sent.
async fn content(
    app: &Arc<App>,
    label: Label<'_>,
    body: &pack::Body,
    etag: &str,
    asked: &HeaderMap,
    turn: Option<OwnedSemaphorePermit>,
) -> Result<Response, Problem> {
    let worth = pack::worth(label.media_type, body.plain().len());
    let packs = worth && pack::accepted(asked);
    let bytes = match (packs, body.packed()) {
        (false, _) => body.plain().clone(),
        (true, Some(packed)) => packed,
        (true, None) => {
            let body = body.clone();
            blocking(app, move || body.pack()).await?
        }
    };
    let mut response = match turn {
        None => reply::bytes(label, bytes),
        Some(turn) => reply::pieces(label, bytes, turn),
    };
    if packs {
        reply::packed(&mut response);
        reply::tag(&mut response, &pack::packed_tag(etag));
    } else {
        reply::tag(&mut response, etag);
    }
    if worth {
        reply::varies(&mut response);
    }
    Ok(response)
}

/// Work that takes a while, a few at a time, away from the threads that answer.
async fn blocking<T: Send + 'static>(app: &Arc<App>, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let turn = Arc::clone(&app.rendering).acquire_owned().await;
    let app = Arc::clone(app);
    let made = tokio::task::spawn_blocking(move || {
        let started = Instant::now();
        let made = work();
        app.metrics.page_time.note(started.elapsed());
        drop(turn);
        made
    });
    made.await.map_err(|why| {
        tracing::error!(why = %why, "an answer broke off");
        Problem::new("failed", "the answer could not be made")
    })
}

/// A page or file of an edition.
pub(crate) async fn page(
    app: &Arc<App>,
    edition: &Arc<Edition>,
    path: &str,
    asked: &Parts,
    cache: &'static str,
) -> Result<Response, Problem> {
    let kept = edition.kept(path);
    let is_table = kept.is_none() && edition.is_table(path);
    if is_table && let Some(known) = known(Label::document("", cache), &edition.etag, &asked.headers) {
        return Ok(known);
    }
    // Whoever asks for large tables waits for each other, and never for longer than any request may; pages do not wait for them.
    let turn = if is_table { Arc::clone(&app.tables).acquire_owned().await.ok() } else { None };
    let found = match (kept, since(path)) {
        (Some(kept), _) => Some(kept),
        (None, Some((language, size))) => {
            let older = earlier::get(app, size).await?;
            let (work, wanted, language) = (Arc::clone(edition), path.to_owned(), language.to_owned());
            blocking(app, move || work.render_since(&wanted, &older, &language)).await?
        }
        (None, None) => {
            let (work, wanted) = (Arc::clone(edition), path.to_owned());
            blocking(app, move || work.render(&wanted)).await?
        }
    };
    let Some(found) = found else { return moved(app, edition, path).await };
    // What all readers share takes no more memory for each of them.
    let turn = turn.filter(|_| edition.kept(path).is_none());
    page_answer(app, &found, edition, &asked.headers, cache, turn).await
}

/// Language and size of a path `en/changes/since-4711/`.
fn since(path: &str) -> Option<(&str, u64)> {
    let (language, rest) = path.split_once('/')?;
    let size = rest.strip_prefix("changes/since-")?.strip_suffix('/')?;
    Some((language, api::number(size)?))
}

async fn page_answer(
    app: &Arc<App>,
    found: &Rendered,
    edition: &Edition,
    asked: &HeaderMap,
    cache: &'static str,
    turn: Option<OwnedSemaphorePermit>,
) -> Result<Response, Problem> {
    let html = found.media_type.starts_with("text/html");
    let everywhere;
    let policy = match (html, found.embed) {
        (false, _) => NOTHING,
        (true, false) => recount_site::CONTENT_SECURITY_POLICY,
        (true, true) => {
            everywhere = recount_site::CONTENT_SECURITY_POLICY.replace("frame-ancestors 'self'", "frame-ancestors *");
            &everywhere
        }
    };
    let etag = found.etag.as_ref().unwrap_or(&edition.etag);
    let cache = if found.etag.is_some() { ASSET } else { cache };
    let label = Label { status: StatusCode::OK, media_type: found.media_type, cache, policy };
    if let Some(known) = known(label, etag, asked) {
        return Ok(known);
    }
    content(app, label, &found.body, etag, asked, turn).await
}

/// Not a page; but where a folder of that name is one, the reader is sent there.
async fn moved(app: &Arc<App>, edition: &Arc<Edition>, path: &str) -> Result<Response, Problem> {
    let nothing = || Problem::not_found("there is no such page of this record");
    let last = path.rsplit('/').next().unwrap_or("");
    if last.is_empty() {
        return Err(nothing());
    }
    let (work, folder) = (Arc::clone(edition), format!("{path}/"));
    let target = HeaderValue::from_str(&format!("{last}/")).map_err(|_| nothing())?;
    blocking(app, move || work.render(&folder)).await?.ok_or_else(nothing)?;
    let mut response = reply::text(StatusCode::PERMANENT_REDIRECT, "");
    response.headers_mut().insert(axum::http::header::LOCATION, target);
    Ok(response)
}
