//! A record on a web server.

use std::io::Read as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use ureq::http::HeaderMap;
use ureq::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};

use super::Source;
use crate::error::StoreError;

/// What a hostile web server may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpLimits {
    /// Time for one file, redirects included (60 s).
    pub request: Duration,
    /// Time for the whole run (6 h).
    pub run: Duration,
    /// Bytes for the whole run (256 GiB).
    pub bytes: u64,
    /// Redirects for one file (3). A https address is never redirected to http.
    pub redirects: u32,
    /// How often one file is tried again after a failure of the network or of the server (2).
    pub retries: u32,
}

impl Default for HttpLimits {
    fn default() -> HttpLimits {
        HttpLimits {
            request: Duration::from_secs(60),
            run: Duration::from_secs(6 * 3600),
            bytes: 256 << 30,
            redirects: 3,
            retries: 2,
        }
    }
}

/// The public side of a record behind an http or https address.
///
/// Entry bundles are asked for in gzip too, and any answer in gzip is unpacked: tlog-tiles lets a log send bundles so without being asked. The cap of a
/// file counts for the unpacked bytes, so that a small answer cannot grow beyond it. Other codings are refused.
#[derive(Debug)]
pub struct HttpSource {
    base: String,
    agent: ureq::Agent,
    limits: HttpLimits,
    started: Instant,
    received: AtomicU64,
}

pub(crate) fn agent(url: &str, time: Duration, redirects: u32) -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(time))
        .max_redirects(redirects)
        .https_only(url.starts_with("https://"))
        .http_status_as_error(false)
        .user_agent("recount")
        .build()
        .into()
}

/// Whether an answer is in gzip, or the name of a coding that nobody asked for.
fn in_gzip(headers: &HeaderMap) -> Result<bool, String> {
    let mut gzip = false;
    for value in headers.get_all(CONTENT_ENCODING) {
        match value.to_str().unwrap_or("?").trim().to_ascii_lowercase().as_str() {
            "" | "identity" => {}
            "gzip" | "x-gzip" if !gzip => gzip = true,
            other => return Err(other.chars().take(40).collect()),
        }
    }
    Ok(gzip)
}

/// The most bytes that a file of `most` bytes takes in gzip: packing what cannot be packed adds little.
fn packed_cap(most: u64) -> u64 {
    most.saturating_add(most / 64).saturating_add(1024)
}

/// Unpacks one byte more than `most`, at the most.
fn unpack(packed: &[u8], most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

enum Failure {
    Try(String),
    Final(StoreError),
}

impl HttpSource {
    /// The record at `base`, the address of the folder that holds `checkpoint`.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] if it is not an http(s) address, or has a query.
    pub fn new(base: &str, limits: HttpLimits) -> Result<HttpSource, StoreError> {
        let known = base.starts_with("https://") || base.starts_with("http://");
        if !known || base.contains(['?', '#']) || base.bytes().any(|byte| byte <= b' ') {
            return Err(StoreError::Invalid(format!("`{base}`: not a plain http(s) address of a record's folder")));
        }
        let base = base.trim_end_matches('/').to_owned();
        let agent = agent(&base, limits.request, limits.redirects);
        Ok(HttpSource { base, agent, limits, started: Instant::now(), received: AtomicU64::new(0) })
    }

    fn check_limits(&self) -> Result<(), StoreError> {
        let limit = |why: String| Err(StoreError::Limit { name: self.base.clone(), why });
        if self.started.elapsed() > self.limits.run {
            return limit(format!("{} s", self.limits.run.as_secs()));
        }
        if self.received.load(Ordering::Relaxed) > self.limits.bytes {
            return limit(format!("{} bytes", self.limits.bytes));
        }
        Ok(())
    }

    fn try_once(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, Failure> {
        let url = format!("{}/{path}", self.base);
        let codings = if path.starts_with("tile/entries/") { "gzip, identity" } else { "identity" };
        let request = self.agent.get(&url).header(ACCEPT_ENCODING, codings);
        let mut response = request.call().map_err(|error| Failure::Try(error.to_string()))?;
        match response.status().as_u16() {
            200 => {}
            404 | 410 => return Ok(None),
            status @ (408 | 429 | 500..) => return Err(Failure::Try(format!("status {status}"))),
            status => {
                return Err(Failure::Final(StoreError::Http { url, why: format!("status {status}") }));
            }
        }
        let gzip = in_gzip(response.headers()).map_err(|coding| {
            Failure::Final(StoreError::Http { url, why: format!("answers in the coding {coding:?}, not asked for") })
        })?;
        // One byte more than allowed tells "exactly at the cap" from "above it".
        let cap = if gzip { packed_cap(most) } else { most };
        let read = response.body_mut().with_config().limit(cap.saturating_add(1)).read_to_vec();
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(ureq::Error::BodyExceedsLimit(_)) => return Err(Failure::Final(too_large(path, most))),
            Err(error) => return Err(Failure::Try(error.to_string())),
        };
        self.received.fetch_add(length(&bytes), Ordering::Relaxed);
        let bytes = if gzip { unpack(&bytes, most).map_err(|e| Failure::Try(format!("gzip: {e}")))? } else { bytes };
        if length(&bytes) > most { Err(Failure::Final(too_large(path, most))) } else { Ok(Some(bytes)) }
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn too_large(path: &str, most: u64) -> StoreError {
    StoreError::TooLarge { path: path.to_owned(), most }
}

impl Source for HttpSource {
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let mut tried = 0;
        loop {
            self.check_limits()?;
            match self.try_once(path, most) {
                Ok(found) => return Ok(found),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Try(why)) if tried >= self.limits.retries => {
                    return Err(StoreError::Http { url: format!("{}/{path}", self.base), why });
                }
                Err(Failure::Try(why)) => {
                    tracing::warn!(path, why, "trying again");
                    tried = tried.saturating_add(1);
                    std::thread::sleep(Duration::from_millis(200).saturating_mul(tried));
                }
            }
        }
    }

    fn name(&self) -> String {
        self.base.clone()
    }
}
