//! Samplers of other tools.

use crate::AuditError;
use crate::sample::{number, sha256};

/// Rivest's sampler (also Stark's `sha256Rand` and Colorado's): the k-th number is
/// `min + SHA256(seed "," k) mod (max - min + 1)`; without replacement, repeats are passed over.
///
/// # Errors
/// [`AuditError::Parameter`] if the range is empty, or holds fewer numbers than are wanted without replacement.
pub fn rivest(seed: &str, min: u64, max: u64, count: usize, replacement: bool) -> Result<Vec<u64>, AuditError> {
    let size = max
        .checked_sub(min)
        .and_then(|d| d.checked_add(1))
        .ok_or(AuditError::Parameter { what: "range", why: "must hold at least one number, and fewer than 2^64" })?;
    if !replacement && u64::try_from(count).map_or(true, |count| count > size) {
        return Err(AuditError::Parameter { what: "count", why: "more numbers than the range holds" });
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut picks = Vec::new();
    let mut k = 0;
    while picks.len() < count {
        k += 1;
        let pick = min + number(seed, k, size)?;
        if replacement || seen.insert(pick) {
            picks.push(pick);
        }
    }
    Ok(picks)
}

/// The k-th (from 0) 256-bit sample number of cryptorandom 0.4, as SHANGRLA assigns them: SHA-256 of
/// `seed ","` followed by k bytes 0.
pub fn sample_number(seed: &str, k: usize) -> [u8; 32] {
    let mut text = format!("{seed},").into_bytes();
    text.resize(text.len() + k, 0);
    sha256(&text)
}

/// A ticket of the consistent sampler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    /// `0.` and decimal digits; compares as text.
    pub number: String,
    /// Whose ticket.
    pub id: String,
    /// Which of the identifier's tickets, from 1.
    pub generation: u64,
}

/// Decimal digits of a 256-bit integer, least significant first, at least 64.
fn reversed_digits(digest: &[u8; 32]) -> String {
    let mut bytes = *digest;
    let mut digits = String::new();
    while bytes.iter().any(|b| *b != 0) {
        let mut rest = 0_u16;
        for byte in &mut bytes {
            let value = rest * 256 + u16::from(*byte);
            *byte = u8::try_from(value / 10).unwrap_or(0);
            rest = value % 10;
        }
        digits.push(char::from(b'0' + u8::try_from(rest).unwrap_or(0)));
    }
    while digits.len() < 64 {
        digits.push('0');
    }
    digits
}

fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// The next ticket number after `x`: leading nines stay, the rest are digits of `SHA256(x ":" i)` for
/// the first i = 1, 2, ... that gives a larger number (Rivest, arXiv 1808.10016).
///
/// # Errors
/// [`AuditError::Parameter`] if `x` is not `0.` and digits.
pub fn next_fraction(x: &str) -> Result<String, AuditError> {
    let bad = AuditError::Parameter { what: "ticket", why: "must be `0.` and decimal digits" };
    let digits = x.strip_prefix("0.").filter(|d| d.bytes().all(|b| b.is_ascii_digit())).ok_or(bad.clone())?;
    let nines: String = digits.chars().take_while(|c| *c == '9').collect();
    // Each try succeeds with chance of at least one in ten: the first digit kept free is below 9.
    for i in 1..=100_000_u32 {
        let next = format!("0.{nines}{}", reversed_digits(&sha256(format!("{x}:{i}").as_bytes())));
        if next.as_str() > x {
            return Ok(next);
        }
    }
    Err(bad)
}

/// An identifier's first ticket number: the digits of `SHA256(hex(SHA256(seed)) id)`.
pub fn first_fraction(seed: &str, id: &str) -> String {
    keyed_fraction(&hex(&sha256(seed.as_bytes())), id)
}

fn keyed_fraction(key: &str, id: &str) -> String {
    format!("0.{}", reversed_digits(&sha256(format!("{key}{id}").as_bytes())))
}

/// The first `take` tickets of the consistent sampler, lowest first.
///
/// # Errors
/// [`AuditError::Parameter`], as [`next_fraction`].
pub fn tickets(seed: &str, ids: &[&str], take: usize, replacement: bool) -> Result<Vec<Ticket>, AuditError> {
    let key = hex(&sha256(seed.as_bytes()));
    let first = |id: &&str| Ticket { number: keyed_fraction(&key, id), id: (*id).to_owned(), generation: 1 };
    let mut waiting: std::collections::BTreeSet<Ticket> = ids.iter().map(first).collect();
    let mut taken = Vec::new();
    while taken.len() < take {
        let Some(lowest) = waiting.pop_first() else { break };
        if replacement {
            let number = next_fraction(&lowest.number)?;
            waiting.insert(Ticket { number, id: lowest.id.clone(), generation: lowest.generation + 1 });
        }
        taken.push(lowest);
    }
    Ok(taken)
}
