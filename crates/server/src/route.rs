//! The table of everything that answers besides pages, and how a request finds its row. The OpenAPI document is made from the same table, so
//! no row can be missing there, and what is in no row is answered by nobody.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::ALLOW;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::api::{self, Run};
use crate::app::App;
use crate::edition::{Edition, content_tag};
use crate::file::{self, FileBody, Kind};
use crate::problem::Problem;
use crate::reply::{self, FRESH, JSON, Label, NEVER, SETTLED};
use crate::{earlier, events, shown, statements};

/// What a row does.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    /// Figures of an edition.
    Api(Run),
    /// The OpenAPI document.
    OpenApi,
    /// Files a statement.
    File,
    /// A file of the record.
    Record,
    /// Server-sent events.
    Events,
    /// Whether the process lives.
    Health,
    /// Whether readers are served, with details.
    Ready,
    /// Figures about the service.
    Metrics,
}

/// One row: what answers at a path.
pub(crate) struct Route {
    /// The path; `{name}` stands for one segment.
    pub(crate) path: &'static str,
    /// A name for programs.
    pub(crate) id: &'static str,
    /// One sentence for people.
    pub(crate) summary: &'static str,
    /// Parameters in the query, by name (those in the path are in the path).
    pub(crate) query: &'static [&'static str],
    /// Media type of the answer.
    pub(crate) media_type: &'static str,
    /// Name of the answer's schema.
    pub(crate) schema: &'static str,
    pub(crate) does: Does,
}

impl Route {
    pub(crate) fn method(&self) -> Method {
        if matches!(self.does, Does::File) { Method::POST } else { Method::GET }
    }

    /// The values of the path's parameters, decoded; `None` if the path is another.
    fn fits(&self, path: &str) -> Option<Vec<String>> {
        let (mut own, mut asked) = (self.path.split('/'), path.split('/'));
        let mut values = Vec::new();
        loop {
            match (own.next(), asked.next()) {
                (None, None) => return Some(values),
                (Some(own), Some(asked)) if own.starts_with('{') => {
                    values.push(api::decode(asked).filter(|value| !value.is_empty())?);
                }
                (Some(own), Some(asked)) if own == asked => {}
                _ => return None,
            }
        }
    }
}

/// Every row that is no page.
pub(crate) fn routes() -> impl Iterator<Item = &'static Route> {
    api::ROUTES.iter().chain(OTHERS)
}

const OTHERS: &[Route] = &[
    Route {
        path: "/statements",
        id: "fileStatement",
        summary: "Files a signed statement: it is durable and published when this answers. The same bytes again give the same index.",
        query: &[],
        media_type: JSON,
        schema: "Filed",
        does: Does::File,
    },
    Route {
        path: "/api/v1/openapi.json",
        id: "openapi",
        summary: "This document.",
        query: &[],
        media_type: JSON,
        schema: "Document",
        does: Does::OpenApi,
    },
    Route {
        path: "/events",
        id: "events",
        summary: "Server-sent events: `size`, with the size whose pages are up now. Where it is not to be had, look at /checkpoint.",
        query: &[],
        media_type: "text/event-stream",
        schema: "Text",
        does: Does::Events,
    },
    record("/checkpoint", "checkpoint", "The newest signed checkpoint (C2SP tlog-checkpoint).", reply::TEXT),
    record(
        "/checkpoints/{size}",
        "checkpointAt",
        "The signed checkpoint that was published at this size.",
        reply::TEXT,
    ),
    record(
        "/tile/{level}/{n}",
        "tile",
        "A hash tile (C2SP tlog-tiles); longer paths for higher numbers and partial tiles.",
        BYTES,
    ),
    record("/tile/entries/{n}", "entries", "An entry bundle (C2SP tlog-tiles).", BYTES),
    record("/blob/sha256/{hash}", "blob", "A blob that statements name by its SHA-256.", BYTES),
    Route {
        path: "/healthz",
        id: "health",
        summary: "The process lives.",
        query: &[],
        media_type: reply::TEXT,
        schema: "Text",
        does: Does::Health,
    },
    Route {
        path: "/readyz",
        id: "ready",
        summary: "Whether readers are served, what the pages rest on, and the alarm if a size is withheld.",
        query: &[],
        media_type: JSON,
        schema: "Ready",
        does: Does::Ready,
    },
    Route {
        path: "/metrics",
        id: "metrics",
        summary: "Figures about the service, for Prometheus.",
        query: &[],
        media_type: "text/plain; version=0.0.4; charset=utf-8",
        schema: "Text",
        does: Does::Metrics,
    },
];

const BYTES: &str = "application/octet-stream";

const fn record(path: &'static str, id: &'static str, summary: &'static str, media_type: &'static str) -> Route {
    let schema = if matches!(media_type.as_bytes(), b"application/octet-stream") { "Bytes" } else { "Text" };
    Route { path, id, summary, query: &[], media_type, schema, does: Does::Record }
}

/// Answers within the time limit, and counts the answer.
pub(crate) async fn answer(State(app): State<Arc<App>>, request: Request) -> Response {
    let head = request.method() == Method::HEAD;
    let found = tokio::time::timeout(app.timeout, find(&app, request)).await;
    let late = || Err(Problem::new("not-ready", "not ready yet; ask again in a few seconds").after(5));
    let mut response = match found.unwrap_or_else(|_| late()) {
        Ok(response) => response,
        Err(problem) => problem.response(app.signer.as_ref()),
    };
    if head {
        *response.body_mut() = Body::empty();
    }
    if app.tls {
        reply::strict_transport(&mut response);
    }
    app.metrics.answered(response.status().as_u16());
    response
}

async fn find(app: &Arc<App>, request: Request) -> Result<Response, Problem> {
    // The body is apart: only the desk's door reads one.
    let (asked, body) = request.into_parts();
    let path = asked.uri.path().to_owned();
    let Some((row, values)) = routes().find_map(|row| Some((row, row.fits(&path)?))) else {
        return readable(app, &asked, &path).await;
    };
    let reads = matches!(asked.method, Method::GET | Method::HEAD);
    if row.method() == Method::POST {
        return if asked.method == Method::POST {
            Ok(statements::post(app, &asked.headers, body).await)
        } else {
            Ok(other_method("POST"))
        };
    }
    if !reads {
        return Ok(other_method("GET, HEAD"));
    }
    match row.does {
        Does::Api(_) | Does::OpenApi => {
            let edition = current(app)?;
            shown::figures(app, &edition, row, values, &asked).await
        }
        Does::Events => events::open(app),
        Does::Record | Does::File => record_file(app, &asked.headers, &path).await,
        Does::Health => Ok(reply::text(StatusCode::OK, "ok\n")),
        Does::Ready => Ok(ready(app)),
        Does::Metrics => Ok(reply::bytes(Label::document(row.media_type, NEVER), app.metrics.text())),
    }
}

/// What is in no row: files of the record with longer paths, earlier sizes, pages.
async fn readable(app: &Arc<App>, asked: &Parts, path: &str) -> Result<Response, Problem> {
    if !matches!(asked.method, Method::GET | Method::HEAD) {
        return Ok(other_method("GET, HEAD"));
    }
    let Some(path) = path.strip_prefix('/') else { return Err(Problem::not_found("there is no such page")) };
    if Kind::of_path(path).is_some() {
        return record_file(app, &asked.headers, &format!("/{path}")).await;
    }
    if let Some(rest) = path.strip_prefix("at/") {
        let (size, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let number = api::number(size).ok_or_else(|| Problem::not_found("after at/ stands a size of the record"))?;
        let edition = earlier::get(app, number).await?;
        let whole = format!("/{rest}");
        let api = api::ROUTES.iter().find_map(|row| Some((row, row.fits(&whole)?)));
        return match api {
            Some((row, values)) => shown::figures(app, &edition, row, values, asked).await,
            None => shown::page(app, &edition, rest, asked, SETTLED).await,
        };
    }
    let edition = current(app)?;
    shown::page(app, &edition, path, asked, FRESH).await
}

fn current(app: &App) -> Result<Arc<Edition>, Problem> {
    app.current().ok_or_else(|| Problem::new("not-ready", "there is no page of this record yet").after(5))
}

fn other_method(allowed: &'static str) -> Response {
    let mut response = Problem::new("method", format!("this path answers {allowed}")).response(None);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

async fn record_file(app: &App, asked: &HeaderMap, path: &str) -> Result<Response, Problem> {
    let nothing = || Problem::not_found("there is no such file in this record");
    let path = path.strip_prefix('/').ok_or_else(nothing)?;
    let kind = Kind::of_path(path).ok_or_else(nothing)?;
    let label = Label::document(kind.content_type(), kind.cache_control());
    match file::open(&app.public.join(path), kind.cap()).await {
        // Readers without events look at it every few seconds: most of them know it already.
        Ok((file, length)) if kind == Kind::Checkpoint => {
            let bytes = file::whole(file, length).await.map_err(|why| unreadable(path, &why))?;
            let etag = content_tag(&bytes);
            if reply::tag_of(asked, &etag).is_some() {
                return Ok(reply::not_modified(label, &etag));
            }
            let mut response = reply::bytes(label, bytes);
            reply::tag(&mut response, &etag);
            Ok(response)
        }
        Ok((file, length)) => {
            let mut response = reply::stream(label, Body::new(FileBody::new(file, length)));
            response.headers_mut().insert(axum::http::header::CONTENT_LENGTH, HeaderValue::from(length));
            Ok(response)
        }
        Err(why) if is_absent(&why) => Err(nothing()),
        Err(why) => Err(unreadable(path, &why)),
    }
}

fn unreadable(path: &str, why: &std::io::Error) -> Problem {
    tracing::error!(path, why = %why, "a file of the record could not be read");
    Problem::new("failed", "the file cannot be read just now")
}

fn is_absent(why: &std::io::Error) -> bool {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(why.kind(), NotFound | NotADirectory | IsADirectory)
}

fn ready(app: &App) -> Response {
    let edition = app.current();
    let status = if edition.is_some() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let document = serde_json::json!({
        "ready": edition.is_some(),
        "record_size": app.filed(),
        "pages_size": edition.map(|edition| edition.size()),
        "takes_statements": app.desk.is_some(),
        "writable": app.desk.is_some() && app.metrics.writable.get() == 1,
        "alarm": app.alarm(),
    });
    reply::bytes(Label { status, ..Label::document(JSON, NEVER) }, document.to_string())
}
