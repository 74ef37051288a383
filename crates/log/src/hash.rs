//! SHA-256 and the three hashes of an RFC 6962 tree (RFC 6962 section 2.1).

use std::fmt;

use sha2::{Digest, Sha256};

use crate::base64;

/// The largest tree this crate handles: 2^48 entries. Larger sizes are refused when they are read.
pub const MAX_SIZE: u64 = 1 << 48;

/// The largest entry, in bytes: an entry bundle counts with two bytes (tlog-tiles, "Log entries").
pub const MAX_ENTRY: usize = 65_535;

/// A SHA-256 hash. `Display` and `Debug` write 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Reads exactly 64 hexadecimal digits, either case.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Hash> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut out = [0u8; 32];
        for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = hex_digit(*high)? << 4 | hex_digit(*low)?;
        }
        Some(Hash(out))
    }

    /// 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        self.to_string()
    }

    /// Reads strict Base64 of exactly 32 bytes: 44 characters, no loose padding bits.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Hash> {
        base64::decode_array(text).map(Hash)
    }

    /// 44 characters of standard Base64, as checkpoints and proofs write a hash.
    #[must_use]
    pub fn to_base64(&self) -> String {
        base64::encode(&self.0)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The value of one hexadecimal digit.
pub(crate) fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// SHA-256 of `data`.
#[must_use]
pub fn sha256(data: &[u8]) -> Hash {
    Hash(Sha256::digest(data).into())
}

/// The leaf of an entry: SHA-256(0x00 || entry).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x00]);
    hasher.update(entry);
    Hash(hasher.finalize().into())
}

/// An inner node: SHA-256(0x01 || left || right).
#[must_use]
pub fn node_hash(l: &Hash, r: &Hash) -> Hash {
    let mut input = [0x01u8; 65];
    let (_, children) = input.split_at_mut(1);
    let (left, right) = children.split_at_mut(32);
    left.copy_from_slice(&l.0);
    right.copy_from_slice(&r.0);
    sha256(&input)
}

/// The root of the tree without entries: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    sha256(b"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(empty_root().to_base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        let leaf = leaf_hash(b"");
        assert_eq!(leaf.to_hex(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        let zero = leaf_hash(&[0]);
        assert_eq!(
            node_hash(&leaf, &zero).to_hex(),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
    }

    #[test]
    fn text_forms_round_trip_and_are_strict() {
        let hash = sha256(b"x");
        assert_eq!(Hash::from_hex(&hash.to_hex()), Some(hash));
        assert_eq!(Hash::from_hex(&hash.to_hex().to_uppercase()), Some(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
        assert_eq!(format!("{hash:?}"), hash.to_hex());
        assert_eq!(Hash::from_hex(&hash.to_hex()[1..]), None);
        assert_eq!(Hash::from_hex(&"g".repeat(64)), None);
        assert_eq!(Hash::from_hex(&"é".repeat(32)), None);
        let mut loose = hash.to_base64();
        loose.replace_range(42..43, if &loose[42..43] == "B" { "C" } else { "B" });
        assert_eq!(Hash::from_base64(&loose), None);
    }
}
