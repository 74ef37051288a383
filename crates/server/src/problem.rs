//! Problem documents (RFC 9457), and how refusals are signed.
//!
//! A refusal of a statement carries, besides the members of the RFC, the member `refusal`: a C2SP signed note by the log's key, so that
//! whoever was refused can show it. Its text is a type line and one line of canonical JSON: the code, the SHA-256 of the bytes that came
//! (absent if they were too many to be read), and the size of the record at that moment:
//!
//! ```text
//! recount/refusal/v1
//! {"code":"unknown-signer","entry":"9c…","size":4711,"status":403}
//!
//! — results.example.org/2027 8Sx…
//! ```

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use recount_keeper::Refusal;
use recount_log::{Hash, Note, SigningKey};
use recount_record::json::Value;
use serde_json::json;

use crate::reply::{self, Label, NEVER};

/// The first line of the text of a signed refusal.
pub const PROBLEM_TYPE_LINE: &str = "recount/refusal/v1";
const MEDIA_TYPE: &str = "application/problem+json";

/// Every code with its status and title. Codes below `not-found` are not about statements.
const CODES: &[(&str, u16, &str)] = &[
    ("malformed", 400, "Not a statement"),
    ("bad-signature", 403, "A signature is wrong"),
    ("unknown-signer", 403, "A signer is not known to the record"),
    ("not-a-writer", 403, "This service takes no statements"),
    ("too-slow", 408, "The request did not come in time"),
    ("too-large", 413, "Too large for a statement"),
    ("other-record", 422, "A statement of another record"),
    ("no-charter", 422, "The record does not begin with this"),
    ("over-quota", 429, "Over the quota of a signer"),
    ("busy", 503, "Too much at once"),
    ("not-durable", 503, "The record cannot be written just now"),
    ("not-found", 404, "Not here"),
    ("bad-request", 400, "Not a request that this path answers"),
    ("method", 405, "Not a method that this path answers"),
    ("not-ready", 503, "Not ready yet"),
    ("failed", 500, "The service failed"),
];

/// Every code of a problem with its status and title.
pub fn problem_codes() -> impl Iterator<Item = (&'static str, u16, &'static str)> {
    CODES.iter().copied()
}

/// Something that is not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    code: &'static str,
    detail: String,
    retry_after_s: Option<u64>,
    /// Of a statement: the hash of its bytes, and the record's size.
    about: Option<(Option<Hash>, u64)>,
}

impl Problem {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Problem {
        Problem { code, detail: detail.into(), retry_after_s: None, about: None }
    }

    pub(crate) fn of(refusal: &Refusal) -> Problem {
        Problem::new(refusal.code(), refusal.to_string())
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Problem {
        Problem::new("not-found", what)
    }

    pub(crate) fn busy(detail: &str) -> Problem {
        Problem::new("busy", detail).after(1)
    }

    /// The same, to be asked again after so many seconds.
    pub(crate) fn after(mut self, seconds: u64) -> Problem {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The same, about a statement whose bytes have this hash, at this size of the record.
    pub(crate) fn about(mut self, entry: Option<Hash>, size: u64) -> Problem {
        self.about = Some((entry, size));
        self
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    fn row(&self) -> (StatusCode, &'static str) {
        let found = CODES.iter().find(|(code, _, _)| *code == self.code);
        let (status, title) = found.map_or((500, "The service failed"), |(_, status, title)| (*status, *title));
        (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), title)
    }

    /// The answer, signed where it is about a statement and there is a key.
    pub(crate) fn response(&self, key: Option<&SigningKey>) -> Response {
        let (status, title) = self.row();
        let mut document = json!({
            "type": format!("urn:recount:problem:{}", self.code),
            "title": title,
            "status": status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let (Some((entry, size)), Some(all)) = (&self.about, document.as_object_mut()) {
            all.insert("size".to_owned(), json!(size));
            all.insert("entry".to_owned(), json!(entry.map(|hash| hash.to_hex())));
            if let Some(note) = key.and_then(|key| self.signed(key, *entry, *size, status)) {
                all.insert("refusal".to_owned(), json!(note));
            }
        }
        let label = Label { status, ..Label::document(MEDIA_TYPE, NEVER) };
        let mut response = reply::bytes(label, document.to_string());
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn signed(&self, key: &SigningKey, entry: Option<Hash>, size: u64, status: StatusCode) -> Option<String> {
        let size = i64::try_from(size).ok()?;
        let mut members = vec![
            ("code", Value::str(self.code)),
            ("size", Value::Int(size)),
            ("status", Value::Int(i64::from(status.as_u16()))),
        ];
        members.extend(entry.map(|hash| ("entry", Value::str(hash.to_hex()))));
        let text = format!("{PROBLEM_TYPE_LINE}\n{}\n", Value::object(members));
        let note = Note::new(text.clone(), vec![key.sign(&text)]).ok()?;
        String::from_utf8(note.to_bytes()).ok()
    }
}
