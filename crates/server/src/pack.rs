//! Answers in gzip, for readers that take them: texts of some length, packed once for all readers of an edition.

use std::io::Write;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Below this, packing saves no packet.
const LEAST: usize = 1024;

/// Bytes, and the same in gzip once somebody asked for them so.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    plain: Bytes,
    packed: Arc<OnceLock<Bytes>>,
}

impl Body {
    pub(crate) fn new(plain: impl Into<Bytes>) -> Body {
        Body { plain: plain.into(), packed: Arc::default() }
    }

    pub(crate) fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// Bytes that it takes in memory, packed form included.
    pub(crate) fn weight(&self) -> usize {
        self.plain.len().saturating_add(self.plain.len() / 3)
    }

    /// In gzip, if that was made before.
    pub(crate) fn packed(&self) -> Option<Bytes> {
        self.packed.get().cloned()
    }

    /// In gzip. A packed page tells nothing of a secret by its length: there is none on it.
    pub(crate) fn pack(&self) -> Bytes {
        let made = self.packed.get_or_init(|| {
            let mut packer = GzEncoder::new(Vec::with_capacity(self.plain.len() / 3), Compression::fast());
            // A vector takes every byte; were it not so, readers would get the plain form.
            let packed = packer.write_all(&self.plain).and_then(|()| packer.finish());
            packed.map_or_else(|_| self.plain.clone(), Bytes::from)
        });
        made.clone()
    }
}

/// Whether an answer of this type and length is given in gzip where that is taken.
pub(crate) fn worth(media_type: &str, length: usize) -> bool {
    let kind = media_type.split(';').next().unwrap_or("").trim();
    let text = kind.starts_with("text/") || ["json", "xml", "javascript", "wasm"].iter().any(|end| kind.ends_with(end));
    text && length >= LEAST
}

/// Whether the reader takes gzip (RFC 9110, section 12.5.3).
pub(crate) fn accepted(asked: &HeaderMap) -> bool {
    let all = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut star = false;
    for coding in all.flat_map(|list| list.split(',')) {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or("");
        let refused = parts.any(|own| {
            let weight = own.strip_prefix("q=").or_else(|| own.strip_prefix("Q="));
            weight.is_some_and(|own| !own.bytes().any(|digit| (b'1'..=b'9').contains(&digit)))
        });
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            return !refused;
        }
        star |= name == "*" && !refused;
    }
    star
}

/// The tag of the packed form: other bytes, another tag.
pub(crate) fn packed_tag(etag: &str) -> String {
    etag.strip_suffix('"').map_or_else(|| etag.to_owned(), |own| format!("{own}-gz\""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Read;

    use super::*;

    fn takes(value: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, value.parse().unwrap());
        accepted(&headers)
    }

    #[test]
    fn readers_say_what_they_take() {
        for yes in ["gzip", "br, GZIP;q=0.5", "*", "deflate, *;q=0.1", "gzip;q=1.0, *;q=0"] {
            assert!(takes(yes), "{yes}");
        }
        for no in ["", "br", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "gzipp"] {
            assert!(!takes(no), "{no}");
        }
        assert!(!accepted(&HeaderMap::new()));
    }

    #[test]
    fn packed_bytes_are_the_same_bytes() {
        let body = Body::new(b"one list, two lists ".repeat(400));
        assert_eq!(body.packed(), None);
        let packed = body.pack();
        assert!(packed.len() * 10 < body.plain().len());
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&*packed).read_to_end(&mut plain).unwrap();
        assert_eq!(&plain, body.plain());
        assert_eq!(body.packed(), Some(packed));
    }

    #[test]
    fn texts_of_some_length_are_packed() {
        assert!(
            worth("text/html; charset=utf-8", 5000) && worth("image/svg+xml", 5000) && worth("application/json", 1024)
        );
        assert!(!worth("text/html", 100) && !worth("application/octet-stream", 5000) && !worth("image/png", 5000));
        assert_eq!(packed_tag("\"7-ab\""), "\"7-ab-gz\"");
    }
}
