//! Reading the body of a request: never more than it may have, never longer than it may take.

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;

use crate::problem::Problem;

/// The whole body, at most `most` bytes.
pub(crate) async fn read(headers: &HeaderMap, body: Body, most: usize, time: Duration) -> Result<Vec<u8>, Problem> {
    let too_large = || Problem::new("too-large", format!("a statement has at most {most} bytes"));
    let said = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|n| n.parse::<u64>().ok());
    if said.is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let reading = async {
        let mut body = pin!(body);
        let mut bytes = Vec::new();
        while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            let frame = frame.map_err(|why| Problem::new("bad-request", format!("the body broke off: {why}")))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len().saturating_add(data.len()) > most {
                return Err(too_large());
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes)
    };
    let late = |_| Err(Problem::new("too-slow", "the statement did not arrive in time"));
    tokio::time::timeout(time, reading).await.unwrap_or_else(late)
}
