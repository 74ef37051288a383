//! Statements: what each is, who signed it, and what has become of it.

use recount_tally::Fold;
use serde_json::{Value, json};

use super::names;

/// One statement in short.
pub struct Short {
    /// Its index.
    pub index: u64,
    /// Its kind; `unreadable` if it is none.
    pub kind: &'static str,
    /// Its first signer, where one is known.
    pub signer: String,
    /// The station that it is about.
    pub station: String,
    /// `effective`, `superseded`, `contested` or `void`.
    pub status: &'static str,
    /// Why, in a word with the index of the other statement: `conflict 5`.
    pub why: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// A statement in short; `None` beyond the size.
pub fn short(fold: &Fold, index: u64) -> Option<Short> {
    let noted = fold.noted().get(usize::try_from(index).ok()?)?;
    let status = fold.status(index)?;
    Some(Short {
        index,
        kind: if noted.kind.is_empty() { "unreadable" } else { noted.kind },
        signer: noted.signer.map_or_else(String::new, |ix| names::key(fold, ix)),
        station: noted.station.map_or_else(String::new, |ix| names::station_id(fold, ix)),
        status: status.word(),
        why: status.by().map_or_else(|| status.code().to_owned(), |by| format!("{} {by}", status.code())),
        reason: status.reason(),
    })
}

/// The same for scripts.
pub fn json(short: &Short) -> Value {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "statement": short.index, "kind": short.kind, "signer": some(&short.signer), "station": some(&short.station),
        "status": short.status, "why": some(&short.why), "reason": some(&short.reason),
    })
}
