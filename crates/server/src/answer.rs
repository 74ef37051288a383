//! One request, one answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderName, IF_NONE_MATCH, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use recount_log::sha256;
use recount_store::layout::CHECKPOINT;

use crate::file::{self, FileBody, Kind};
use crate::page::Pages;

/// What files of a record may do in a browser: nothing.
const FILE_POLICY: &str = "default-src 'none'; sandbox";

const CROSS_ORIGIN: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What every request needs.
pub(crate) struct Site {
    pub(crate) public: PathBuf,
    pub(crate) pages: Pages,
    pub(crate) timeout: Duration,
}

/// Answers within the time limit.
pub(crate) async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (method, head) = (request.method().clone(), request.method() == Method::HEAD);
    if method != Method::GET && !head {
        let mut refused = short(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered\n");
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let path = request.uri().path();
    let found = tokio::time::timeout(site.timeout, find(&site, path, request.headers())).await;
    let mut response = found.unwrap_or_else(|_| {
        let mut late = short(StatusCode::SERVICE_UNAVAILABLE, "not ready yet; ask again in a few seconds\n");
        late.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        late
    });
    if head {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn find(site: &Site, path: &str, asked: &HeaderMap) -> Response {
    match path {
        "/" => page(site, asked).await,
        "/style.css" => stylesheet(asked),
        _ => match path.strip_prefix('/').and_then(|path| Some((path, Kind::of_path(path)?))) {
            Some((path, kind)) => record_file(site, path, kind).await,
            None => not_found(),
        },
    }
}

async fn record_file(site: &Site, path: &str, kind: Kind) -> Response {
    match file::open(&site.public.join(path), kind.cap()).await {
        Ok((file, length)) => {
            let body = Body::new(FileBody::new(file, length));
            reply(StatusCode::OK, kind.content_type(), kind.cache_control(), FILE_POLICY, length, body)
        }
        Err(why) if is_absent(&why) => not_found(),
        Err(why) => {
            tracing::error!(path, %why, "a file of the record could not be read");
            short(StatusCode::INTERNAL_SERVER_ERROR, "the file cannot be read just now\n")
        }
    }
}

fn is_absent(why: &std::io::Error) -> bool {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(why.kind(), NotFound | NotADirectory | IsADirectory)
}

async fn page(site: &Site, asked: &HeaderMap) -> Response {
    let checkpoint = file::read(&site.public.join(CHECKPOINT), Kind::Checkpoint.cap()).await;
    let made = match checkpoint {
        Ok(checkpoint) => site.pages.get(&checkpoint).await,
        Err(why) => {
            tracing::error!(%why, "the checkpoint could not be read");
            None
        }
    };
    let Some(made) = made else {
        return short(StatusCode::SERVICE_UNAVAILABLE, "there is no page of this record yet\n");
    };
    let body = Body::from(made.html.clone());
    let policy = recount_site::CONTENT_SECURITY_POLICY;
    let full = reply(
        StatusCode::OK,
        "text/html; charset=utf-8",
        "public, max-age=2, must-revalidate",
        policy,
        length(made.html.len()),
        body,
    );
    tagged(full, &made.etag, asked)
}

fn stylesheet(asked: &HeaderMap) -> Response {
    let css = recount_site::STYLESHEET;
    let etag = format!("\"{}\"", sha256(css.as_bytes()).to_hex());
    let full = reply(
        StatusCode::OK,
        "text/css; charset=utf-8",
        "public, max-age=60",
        FILE_POLICY,
        length(css.len()),
        Body::from(css),
    );
    tagged(full, &etag, asked)
}

/// Puts the tag on an answer, and turns it into "not modified" where the reader has it already.
fn tagged(mut full: Response, etag: &str, asked: &HeaderMap) -> Response {
    let known =
        asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(','));
    let mut known = known.map(str::trim);
    if known.any(|own| own == "*" || own.strip_prefix("W/").unwrap_or(own) == etag) {
        *full.status_mut() = StatusCode::NOT_MODIFIED;
        *full.body_mut() = Body::empty();
        full.headers_mut().remove(CONTENT_LENGTH);
        full.headers_mut().remove(CONTENT_TYPE);
    }
    if let Ok(value) = HeaderValue::from_str(etag) {
        full.headers_mut().insert(ETAG, value);
    }
    full
}

fn not_found() -> Response {
    short(StatusCode::NOT_FOUND, "there is no such file in this record\n")
}

fn short(status: StatusCode, says: &'static str) -> Response {
    reply(status, "text/plain; charset=utf-8", "no-store", FILE_POLICY, length(says.len()), Body::from(says))
}

fn length(bytes: usize) -> u64 {
    bytes as u64
}

fn reply(
    status: StatusCode,
    content_type: &'static str,
    cache: &'static str,
    policy: &'static str,
    length: u64,
    body: Body,
) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let fixed = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, cache),
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (CROSS_ORIGIN, "cross-origin"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
