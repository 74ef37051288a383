//! Signed notes (C2SP signed-note v1.0.0): a text, an empty line, signature lines.
//!
//! ```text
//! This is an example message.
//!
//! — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
//! ```
//! A text means nothing until [`Note::verify`] has succeeded with keys that the reader already trusts.

use std::fmt;

use crate::base64;
use crate::key::{VerifierKey, is_valid_name};

/// The largest note that is read, in bytes.
pub const MAX_NOTE: usize = 1_000_000;
/// The largest number of signature lines in a note (the specification asks for at least 16).
pub const MAX_SIGNATURES: usize = 100;

/// What every signature line starts with: em dash (U+2014) and a space.
const DASH: &str = "— ";
/// Room for the raw bytes of the signatures that this crate verifies: key id 4, time 8, Ed25519 64.
const RAW: usize = 96;

/// Why a note was refused. Lines are counted from 1, the first signature line being line 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// More than [`MAX_NOTE`] bytes.
    #[error("the note holds {0} bytes; at most {MAX_NOTE} are read")]
    TooLarge(usize),
    /// Not UTF-8.
    #[error("the note is not UTF-8 (byte {0})")]
    NotUtf8(usize),
    /// A byte below U+0020 other than newline: carriage returns and tabs are refused too.
    #[error("the note holds a control character (byte {0}); only newlines are allowed")]
    ControlCharacter(usize),
    /// No empty line, or nothing behind it.
    #[error("the note has no signatures: expected the text, an empty line and at least one line \"— name base64\"")]
    NoSignatures,
    /// The text is empty or does not end with a newline.
    #[error("the text of a note must end with a newline")]
    Text,
    /// A signature line does not have the form `— name base64`.
    #[error(
        "signature line {0} is malformed: expected \"— name base64\" with at least five bytes in strict Base64, and a newline"
    )]
    Line(usize),
    /// More than [`MAX_SIGNATURES`] lines.
    #[error("the note has more than {MAX_SIGNATURES} signature lines")]
    TooManySignatures,
    /// A line with the name and id of a known key does not verify: the whole note is refused.
    #[error("invalid signature by {name}+{id:08x} (signature line {line})")]
    BadSignature {
        /// Which signature line.
        line: usize,
        /// The key's name.
        name: String,
        /// The key's id.
        id: u32,
    },
    /// Two different known keys have the same name and id.
    #[error("two different known keys are both called {name}+{id:08x}: remove one")]
    AmbiguousKey {
        /// The name that both have.
        name: String,
        /// The id that both have.
        id: u32,
    },
    /// No line is by a known key.
    #[error("the note has no signature by a known key")]
    NoKnownKey,
}

/// One signature: `— name base64(id || signature)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignatureLine {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// The bytes behind the id: 64 for Ed25519; 8 of time and 64 for a cosignature.
    pub signature: Vec<u8>,
}

impl SignatureLine {
    /// Reads one line, without its newline.
    ///
    /// # Errors
    /// [`NoteError::Line`] with number 1.
    pub fn parse(line: &str) -> Result<SignatureLine, NoteError> {
        LineRef::checked(line).map(|line| line.to_owned()).ok_or(NoteError::Line(1))
    }

    fn is_valid(&self) -> bool {
        is_valid_name(&self.name) && !self.signature.is_empty()
    }
}

impl fmt::Display for SignatureLine {
    /// The line without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut raw = Vec::with_capacity(self.signature.len().saturating_add(4));
        raw.extend_from_slice(&self.id.to_be_bytes());
        raw.extend_from_slice(&self.signature);
        write!(f, "{DASH}{} {}", self.name, base64::encode(&raw))
    }
}

/// Which signature lines of a note were verified. Lines are counted from 0, as in [`Note::signatures`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// The lines by known keys; every one of them verified.
    pub verified: Vec<usize>,
    /// The lines by keys that were not given; they say nothing.
    pub unknown: Vec<usize>,
}

/// A signed note that owns its text and lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

impl Note {
    /// Reads a note. Nothing is verified yet.
    ///
    /// # Errors
    /// [`NoteError`]: anything that is not exactly the format is refused.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        NoteRef::parse(bytes).map(|note| note.to_owned())
    }

    /// A note from a text (which must end with a newline) and at least one signature line. Nothing is verified.
    ///
    /// # Errors
    /// [`NoteError`], under the same rules as [`Note::parse`].
    pub fn new(text: impl Into<String>, signatures: Vec<SignatureLine>) -> Result<Note, NoteError> {
        let note = Note { text: text.into(), signatures };
        check_text(&note.text)?;
        check_controls(note.text.as_bytes())?;
        if note.signatures.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        if note.signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        if let Some(bad) = note.signatures.iter().position(|line| !line.is_valid()) {
            return Err(NoteError::Line(bad.saturating_add(1)));
        }
        let length = note.to_bytes().len();
        if length > MAX_NOTE {
            return Err(NoteError::TooLarge(length));
        }
        Ok(note)
    }

    /// The signed text; it ends with a newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// The note's bytes: exactly those that [`Note::parse`] read.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::with_capacity(self.text.len().saturating_add(self.signatures.len().saturating_mul(160)));
        out.push_str(&self.text);
        out.push('\n');
        for line in &self.signatures {
            out.push_str(&line.to_string());
            out.push('\n');
        }
        out.into_bytes()
    }

    /// Verifies every line by one of `keys` and ignores all others.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] if a known key's line does not verify, [`NoteError::NoKnownKey`] if there is no line by a known key,
    /// [`NoteError::AmbiguousKey`].
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Verified, NoteError> {
        judge(&self.text, keys, self.signatures.iter())
    }
}

/// A signed note that borrows from the bytes it was read from. Reading allocates nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteRef<'a> {
    text: &'a str,
    block: &'a str,
}

impl<'a> NoteRef<'a> {
    /// Reads a note under the same rules as [`Note::parse`].
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn parse(bytes: &'a [u8]) -> Result<NoteRef<'a>, NoteError> {
        if bytes.len() > MAX_NOTE {
            return Err(NoteError::TooLarge(bytes.len()));
        }
        let whole = std::str::from_utf8(bytes).map_err(|e| NoteError::NotUtf8(e.valid_up_to()))?;
        check_controls(bytes)?;
        // The text keeps its own newline; the second newline is the empty line. Both are ASCII, so the cuts are character boundaries.
        let end = bytes.windows(2).rposition(|two| two == b"\n\n").ok_or(NoteError::NoSignatures)?.saturating_add(1);
        let (text, rest) = whole.split_at_checked(end).ok_or(NoteError::NoSignatures)?;
        let block = rest.strip_prefix('\n').ok_or(NoteError::NoSignatures)?;
        if block.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        let mut number = 0usize;
        for line in block.split_inclusive('\n') {
            number = number.saturating_add(1);
            if number > MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            line.strip_suffix('\n').and_then(LineRef::checked).ok_or(NoteError::Line(number))?;
        }
        Ok(NoteRef { text, block })
    }

    /// The signed text; it ends with a newline.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The signature lines, in their order.
    pub fn lines(&self) -> impl Iterator<Item = LineRef<'a>> + use<'a> {
        self.block.lines().filter_map(LineRef::split)
    }

    /// As [`Note::verify`].
    ///
    /// # Errors
    /// As [`Note::verify`].
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Verified, NoteError> {
        judge(self.text, keys, self.lines())
    }

    /// A note that owns its bytes.
    #[must_use]
    pub fn to_owned(&self) -> Note {
        Note { text: self.text.to_owned(), signatures: self.lines().map(|line| line.to_owned()).collect() }
    }
}

/// One signature line of a [`NoteRef`], still in Base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRef<'a> {
    name: &'a str,
    id: u32,
    base64: &'a str,
}

impl<'a> LineRef<'a> {
    /// Takes a line apart; the Base64 beyond the key id is not looked at.
    fn split(line: &'a str) -> Option<LineRef<'a>> {
        let (name, base64) = line.strip_prefix(DASH)?.split_once(' ')?;
        let (_, id) = base64::check(base64.get(..8)?)?;
        Some(LineRef { name, id: u32::from_be_bytes(id), base64 })
    }

    /// Takes a line apart and checks all of it.
    fn checked(line: &'a str) -> Option<LineRef<'a>> {
        let line = LineRef::split(line)?;
        let (length, _) = base64::check(line.base64)?;
        (is_valid_name(line.name) && length > 4).then_some(line)
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The key's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The Base64 of key id and signature, as written.
    #[must_use]
    pub fn base64(&self) -> &'a str {
        self.base64
    }

    /// Whether this line is `key`'s (same name and id) and its signature of `text` verifies.
    #[must_use]
    pub fn is_verified_by(&self, key: &VerifierKey, text: &str) -> bool {
        self.name == key.name() && self.id == key.id() && self.verify(key, text)
    }

    /// A line that owns its bytes.
    #[must_use]
    pub fn to_owned(&self) -> SignatureLine {
        let mut signature = base64::decode(self.base64).unwrap_or_default();
        signature.drain(..signature.len().min(4));
        SignatureLine { name: self.name.to_owned(), id: self.id, signature }
    }
}

/// What verification needs of a line, owned or borrowed.
trait Line {
    fn name(&self) -> &str;
    fn id(&self) -> u32;
    fn verify(&self, key: &VerifierKey, text: &str) -> bool;
}

impl Line for &SignatureLine {
    fn name(&self) -> &str {
        &self.name
    }
    fn id(&self) -> u32 {
        self.id
    }
    fn verify(&self, key: &VerifierKey, text: &str) -> bool {
        key.verify(text.as_bytes(), &self.signature)
    }
}

impl Line for LineRef<'_> {
    fn name(&self) -> &str {
        self.name
    }
    fn id(&self) -> u32 {
        self.id
    }
    fn verify(&self, key: &VerifierKey, text: &str) -> bool {
        let mut buffer = [0u8; RAW];
        // What does not fit is longer than any signature that a VerifierKey accepts.
        match base64::decode_into(self.base64, &mut buffer).and_then(<[u8]>::split_first_chunk::<4>) {
            Some((_, signature)) => key.verify(text.as_bytes(), signature),
            None => false,
        }
    }
}

/// The rules of signed-note, "Signatures".
fn judge<L: Line>(text: &str, keys: &[VerifierKey], lines: impl Iterator<Item = L>) -> Result<Verified, NoteError> {
    let mut out = Verified::default();
    for (number, line) in lines.enumerate() {
        match known_key(keys, line.name(), line.id())? {
            None => out.unknown.push(number),
            Some(key) if line.verify(key, text) => out.verified.push(number),
            Some(_) => {
                let (name, id) = (line.name().to_owned(), line.id());
                return Err(NoteError::BadSignature { line: number.saturating_add(1), name, id });
            }
        }
    }
    if out.verified.is_empty() { Err(NoteError::NoKnownKey) } else { Ok(out) }
}

fn known_key<'k>(keys: &'k [VerifierKey], name: &str, id: u32) -> Result<Option<&'k VerifierKey>, NoteError> {
    let mut matching = keys.iter().filter(|key| key.id() == id && key.name() == name);
    let first = matching.next();
    if let Some(first) = first
        && matching.any(|other| other != first)
    {
        return Err(NoteError::AmbiguousKey { name: name.to_owned(), id });
    }
    Ok(first)
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.ends_with('\n') { Ok(()) } else { Err(NoteError::Text) }
}

fn check_controls(bytes: &[u8]) -> Result<(), NoteError> {
    let control = |b: &u8| (*b < b' ') & (*b != b'\n');
    // All bytes without stopping, many at a time; only a note that is refused is searched for the place.
    if !bytes.iter().fold(false, |any, b| any | control(b)) {
        return Ok(());
    }
    bytes.iter().position(control).map_or(Ok(()), |at| Err(NoteError::ControlCharacter(at)))
}
