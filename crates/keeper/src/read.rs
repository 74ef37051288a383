//! Reading a record: one frozen checkpoint, every leaf hashed, signatures checked on all processors, one fold.

use recount_log::{Hash, NoteError, VerifierKey};
use recount_record::{Entry, Kind, VoidReason};
use recount_store::{Head, Memory, Reader, Source, StoreError, open_source};
use recount_tally::Fold;

use crate::error::KeeperError;
use crate::fold::{Told, advance};

/// Raised whenever reading checks more: what an older program verified is then verified again.
pub const CHECKS: u32 = 1;

/// A record's source, wherever it lives.
pub type AnySource = Box<dyn Source + Send>;

/// How a record is to be read.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// The signed checkpoint that covers this size.
    pub at: Option<u64>,
    /// The log's verifier key, from outside.
    pub key: Option<VerifierKey>,
    /// The charter's hash, from outside.
    pub charter: Option<Hash>,
    /// Check every signature again, whatever was verified before.
    pub afresh: bool,
    /// Hand out the fold at this earlier size too, if the record is as large.
    pub earlier: Option<u64>,
    /// Remember what each statement did, for those who show it.
    pub chronicle: bool,
}

impl How {
    /// An empty fold as it was asked for.
    pub(crate) fn fold(&self, origin: &str) -> Fold {
        let fold = Fold::new(origin);
        if self.chronicle { fold.keep_chronicle() } else { fold }
    }
}

/// A record that has been read.
pub struct Opened {
    /// The reader, with its frozen checkpoint.
    pub reader: Reader<AnySource>,
    /// The fold of every statement up to the size asked for.
    pub fold: Fold,
    /// The fold at the earlier size that was asked for.
    pub earlier: Option<Fold>,
    /// The log's key, as the charter names it.
    pub log_key: VerifierKey,
    /// The charter's hash.
    pub charter: Hash,
    /// Key and charter were given from outside and are the record's.
    pub author_proved: bool,
    /// Up to which size the signatures had been verified before, by this reader.
    pub trusted_to: u64,
    /// What this reader saw before of other logs of the same origin, with other keys; not looked for if the key came from outside.
    pub namesakes: Vec<Head>,
}

impl Opened {
    /// The size that was folded.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.fold.size()
    }
}

/// Opens a record (a directory or a web address) and folds it.
///
/// # Errors
/// [`KeeperError::No`] if it is another record or its charter has no effect; as [`Reader::open`] and [`Reader::scan`].
pub fn open(place: &str, how: &How, told: Told<'_>) -> Result<Opened, KeeperError> {
    if how.at == Some(0) {
        return Err(KeeperError::Input("size 0 holds no statement: ask for size 1 or more".to_owned()));
    }
    check_place(place)?;
    let source = open_source(place)?;
    let (log_key, charter) = first_words(place, how)?;
    let reader = Reader::open(source, Some(&log_key), how.at)?;
    if let Some(expected) = &how.charter
        && *expected != charter
    {
        return Err(KeeperError::No(format!(
            "this is another record: its charter is {charter}, and you asked for {expected}"
        )));
    }
    let memory = memory_of(&reader, &log_key);
    let seen = match &memory {
        Some(memory) => reader.check_memory(memory)?,
        None => None,
    };
    let namesakes = match &memory {
        Some(memory) if how.key.is_none() => memory.namesakes(&reader.checkpoint().origin),
        _ => Vec::new(),
    };
    let trusted_to = seen
        .and_then(|seen| seen.verified)
        .filter(|verified| verified.checks >= CHECKS && !how.afresh)
        .map_or(0, |verified| verified.head.size);
    let earlier = how.earlier.filter(|size| *size <= reader.size());
    let mut fold = how.fold(&reader.checkpoint().origin);
    let earlier = match earlier {
        Some(size) => {
            advance(&mut fold, &reader, size, trusted_to, told)?;
            Some(fold.clone())
        }
        None => None,
    };
    advance(&mut fold, &reader, reader.size(), trusted_to, told)?;
    check_charter(&fold, &charter)?;
    if let Some(memory) = &memory {
        // A record that holds wrong signatures is verified anew each time: then nothing needs to be remembered about them.
        let forged =
            fold.noted().iter().any(|noted| matches!(noted.void.as_deref(), Some(VoidReason::BadSignature { .. })));
        reader.remember(memory, if forged { 0 } else { CHECKS })?;
    }
    let author_proved = how.key.is_some() && how.charter.is_some();
    Ok(Opened { reader, fold, earlier, log_key, charter, author_proved, trusted_to, namesakes })
}

/// Whether this can be the place of a record at all: a path, or an address with a host in it.
///
/// # Errors
/// [`KeeperError::Input`] if it is empty or the address names no host.
pub fn check_place(place: &str) -> Result<(), KeeperError> {
    let wrong = |why: &str| Err(KeeperError::Input(format!("\"{place}\": {why}")));
    let rest = place.strip_prefix("http://").or_else(|| place.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or("").rsplit('@').next().unwrap_or(""));
    match host {
        None if place.trim().is_empty() => wrong("no record is named: name a record's directory or address"),
        None => Ok(()),
        Some(host) => {
            let bare = host.strip_prefix('[').map_or(Some(host), |rest| rest.contains(']').then_some(rest));
            let good = bare.is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace));
            if good { Ok(()) } else { wrong("no address: write http://HOST/PATH or https://HOST/PATH") }
        }
    }
}

/// What was folded begins with the charter that was looked at: a source may answer differently the second time.
fn check_charter(fold: &Fold, charter: &Hash) -> Result<(), KeeperError> {
    match (fold.ledger().charter(), fold.noted().first().and_then(|noted| noted.void.as_deref())) {
        (Some((folded, _)), None) if folded == charter => Ok(()),
        (_, Some(why)) => Err(KeeperError::No(format!("the record's charter has no effect: {why}"))),
        _ => Err(KeeperError::No("the record changed its charter while it was read".to_owned())),
    }
}

/// The memory of this reader for this log, where there is a home to keep it in.
#[must_use]
pub fn memory_of(reader: &Reader<AnySource>, log_key: &VerifierKey) -> Option<Memory> {
    Memory::default_folder().map(|folder| Memory::new(&folder, &reader.checkpoint().origin, log_key))
}

/// The charter's hash and the log key that it names. With a key from outside, nothing is read before that key has signed for it.
fn first_words(place: &str, how: &How) -> Result<(VerifierKey, Hash), KeeperError> {
    let reader = Reader::open(open_source(place)?, how.key.as_ref(), None).map_err(|why| other_key(why, how))?;
    if reader.size() == 0 {
        return Err(KeeperError::Input(format!("{place}: the record is empty: it has no charter yet")));
    }
    let bytes = reader.entry(0)?;
    let entry = Entry::parse(&bytes)
        .map_err(|why| KeeperError::No(format!("the record does not begin with a charter: {why}")))?;
    let Kind::Charter(charter) = &entry.statement.kind else {
        return Err(KeeperError::No("the record does not begin with a charter".to_owned()));
    };
    if let Some(key) = &how.key
        && *key != charter.log
    {
        return Err(KeeperError::No(format!("the charter names another log key: {}", charter.log)));
    }
    Ok((charter.log.clone(), entry.id))
}

/// A checkpoint that the key from outside has not signed: which key that was.
fn other_key(why: StoreError, how: &How) -> KeeperError {
    match (why, &how.key) {
        (StoreError::Note { path, why }, Some(key)) if why == NoteError::NoKnownKey.to_string() => {
            let why = format!("not signed by the log key that you gave, {}: another key or another record", key.name());
            StoreError::Note { path, why }.into()
        }
        (why, _) => why.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::check_place;

    #[test]
    fn a_place_is_a_path_or_an_address_with_a_host() {
        for good in [
            "record",
            "/",
            "http://127.0.0.1:8080/",
            "https://a.example/2027",
            "http://u:p@a.example/",
            "http://[::1]:80/",
        ] {
            assert!(check_place(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "http://", "https:///x", "http://[::1", "http://a b/", "http://u@/"] {
            assert!(check_place(bad).is_err(), "{bad}");
        }
    }
}
