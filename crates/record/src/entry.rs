//! An entry of the log as a statement: a C2SP signed note whose text is a type line and one line of canonical JSON.
//!
//! ```text
//! recount/statement/v1
//! {"charter":"6f0c…","code":"observation","kind":"note"}
//!
//! — cec.2020.example kkMbS3…
//! ```
//!
//! An entry is *identified by the SHA-256 of its text*, not by its leaf: the same text under other signatures is the same
//! statement. Signature lines are sorted by key name and unique, so that there is one encoding of each set of signers.

use recount_log::SigningKey;
use recount_log::{Hash, MAX_ENTRY, sha256};
use recount_log::{LineRef, Note, NoteError, NoteRef};
use thiserror::Error;

use crate::fields::ShapeError;
use crate::json::{JsonError, Value};
use crate::statement::{Statement, TYPE_LINE};

/// Base64 length of an Ed25519 signature line's payload: 4 bytes of key id and 64 of signature.
const LINE_BASE64: usize = 92;

/// Why an entry is no statement. Such an entry stays visible in the log and is void.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntryError {
    /// Longer than a tile entry may be.
    #[error("{0} bytes: an entry has at most 65,535")]
    TooLarge(usize),
    /// Not a signed note.
    #[error("not a signed note: {0}")]
    Note(#[from] NoteError),
    /// The first line is not the type line of a statement.
    #[error("the first line is not \"recount/statement/v1\"")]
    Type,
    /// The text is not exactly two lines.
    #[error("the text is not one line of JSON after the type line")]
    Lines,
    /// The JSON is not canonical.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The JSON is not a statement of a known kind.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Signature lines are out of order, doubled or no Ed25519 signatures.
    #[error("the signature lines are not sorted by key name, unique and Ed25519")]
    Signatures,
}

/// An entry that reads as a statement. Whether its signatures hold, the [`crate::ledger::Ledger`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The signed text.
    pub text: &'a str,
    /// SHA-256 of the text: the statement's identity.
    pub id: Hash,
    /// Signature lines, sorted by key name.
    pub lines: Vec<LineRef<'a>>,
    /// What it says.
    pub statement: Statement<'a>,
}

impl<'a> Entry<'a> {
    /// Reads an entry. Nothing is re-serialised: the parser accepts canonical text only.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Entry<'a>, EntryError> {
        if bytes.len() > MAX_ENTRY {
            return Err(EntryError::TooLarge(bytes.len()));
        }
        let note = NoteRef::parse(bytes)?;
        let text = note.text();
        let lines: Vec<LineRef<'a>> = note.lines().collect();
        let sorted = lines.windows(2).all(|pair| pair[0].name() < pair[1].name());
        if !sorted || lines.iter().any(|line| line.base64().len() != LINE_BASE64) {
            return Err(EntryError::Signatures);
        }
        Ok(Entry { text, id: sha256(text.as_bytes()), lines, statement: parse_text(text)? })
    }
}

/// Reads the text of a statement, before anyone has signed it.
///
/// # Errors
/// See [`EntryError`].
pub fn parse_text(text: &str) -> Result<Statement<'_>, EntryError> {
    let json = text.strip_prefix(TYPE_LINE).and_then(|rest| rest.strip_prefix('\n')).ok_or(EntryError::Type)?;
    let json = json.strip_suffix('\n').filter(|line| !line.contains('\n')).ok_or(EntryError::Lines)?;
    Ok(Statement::from_value(Value::parse(json)?)?)
}

/// The entry's bytes: `text` with one signature line for each key, in order of their names.
///
/// # Errors
/// The text is no statement, a key signs twice, or the whole is too large.
pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<Vec<u8>, EntryError> {
    let mut keys: Vec<&SigningKey> = keys.to_vec();
    keys.sort_by(|a, b| a.name().cmp(b.name()));
    let bytes = Note::new(text, keys.iter().map(|key| key.sign(text)).collect())?.to_bytes();
    // Nothing is handed out that does not read back as a statement with this text.
    match Entry::parse(&bytes)? {
        entry if entry.text == text => Ok(bytes),
        _ => Err(EntryError::Lines),
    }
}

/// Adds one signature line to an entry (or to a bare text): each signer does this on a machine of their own.
///
/// # Errors
/// The bytes are neither an entry nor the text of one, or the key has signed already.
pub fn add_signature(bytes: &[u8], key: &SigningKey) -> Result<Vec<u8>, EntryError> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && parse_text(text).is_ok()
    {
        return sign(text, &[key]);
    }
    let entry = Entry::parse(bytes)?;
    let mut lines: Vec<_> = entry.lines.iter().map(|line| line.to_owned()).collect();
    lines.push(key.sign(entry.text));
    lines.sort_by(|a, b| a.name.cmp(&b.name));
    let out = Note::new(entry.text, lines)?.to_bytes();
    Entry::parse(&out)?;
    Ok(out)
}
