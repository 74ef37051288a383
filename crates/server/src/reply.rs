//! Answers: status, headers, body. Every answer carries the same security headers.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

use crate::pack;

/// What files and documents may do in a browser: nothing.
pub(crate) const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
/// What changes with every size.
pub(crate) const FRESH: &str = "public, max-age=1, must-revalidate";
/// What belongs to one size for good. Another version of the program may word it otherwise, so not for ever.
pub(crate) const SETTLED: &str = "public, max-age=3600";
/// What nobody keeps.
pub(crate) const NEVER: &str = "no-store";

pub(crate) const JSON: &str = "application/json";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

const CROSS_ORIGIN: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// What an answer is beside its body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Label<'a> {
    pub(crate) status: StatusCode,
    pub(crate) media_type: &'a str,
    pub(crate) cache: &'static str,
    pub(crate) policy: &'a str,
}

impl<'a> Label<'a> {
    /// A document that does nothing in a browser.
    pub(crate) fn document(media_type: &'a str, cache: &'static str) -> Label<'a> {
        Label { status: StatusCode::OK, media_type, cache, policy: NOTHING }
    }
}

/// An answer of bytes.
pub(crate) fn bytes(label: Label<'_>, body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let length = body.len() as u64;
    let mut response = stream(label, Body::from(body));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// Many bytes, given piece by piece; whoever holds this turn holds it until the last piece is taken.
pub(crate) fn pieces(label: Label<'_>, body: Bytes, turn: OwnedSemaphorePermit) -> Response {
    let length = body.len() as u64;
    let mut response = stream(label, Body::new(Pieces { left: body, _turn: turn }));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// How much of a large body is handed on at a time.
const PIECE: usize = 64 * 1024;

/// The rest of a large body.
struct Pieces {
    left: Bytes,
    _turn: OwnedSemaphorePermit,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        let next = this.left.split_to(this.left.len().min(PIECE));
        Poll::Ready((!next.is_empty()).then(|| Ok(Frame::data(next))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

/// An answer whose length is not known, or set by the caller.
pub(crate) fn stream(label: Label<'_>, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = label.status;
    let headers = response.headers_mut();
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (CROSS_ORIGIN, "cross-origin"),
        (REFERRER_POLICY, "no-referrer"),
        (PERMISSIONS, "camera=(), geolocation=(), microphone=(), payment=()"),
        (CACHE_CONTROL, label.cache),
    ];
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    for (name, value) in [(CONTENT_TYPE, label.media_type), (CONTENT_SECURITY_POLICY, label.policy)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// A short text.
pub(crate) fn text(status: StatusCode, says: impl Into<Bytes>) -> Response {
    bytes(Label { status, ..Label::document(TEXT, NEVER) }, says)
}

/// Where TLS is spoken, browsers are told to stay with it.
pub(crate) fn strict_transport(response: &mut Response) {
    response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
}

/// The tag that the reader has, if it is this one, of the plain or the packed form.
pub(crate) fn tag_of(asked: &HeaderMap, etag: &str) -> Option<String> {
    let known =
        asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(','));
    let packed = pack::packed_tag(etag);
    known.map(str::trim).find_map(|own| {
        let own = own.strip_prefix("W/").unwrap_or(own);
        let known = if own == "*" { etag } else { own };
        (known == etag || known == packed).then(|| known.to_owned())
    })
}

/// Says that readers who take other encodings get other bytes.
pub(crate) fn varies(response: &mut Response) {
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
}

/// Says that the body is in gzip.
pub(crate) fn packed(response: &mut Response) {
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
}

/// "Not modified".
pub(crate) fn not_modified(label: Label<'_>, etag: &str) -> Response {
    let mut response = stream(Label { status: StatusCode::NOT_MODIFIED, ..label }, Body::empty());
    response.headers_mut().remove(CONTENT_TYPE);
    tag(&mut response, etag);
    response
}

/// Puts the tag on an answer.
pub(crate) fn tag(response: &mut Response, etag: &str) {
    if let Ok(value) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(ETAG, value);
    }
}
