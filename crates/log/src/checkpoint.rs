//! Checkpoints (C2SP tlog-checkpoint v1.0.0): a signed note that states origin, size and root of a log.

use crate::hash::{Hash, MAX_SIZE, empty_root, sha256};
use crate::key::{SigningKey, VerifierKey};
use crate::note::{Note, NoteError, SignatureLine};

/// Bytes of randomness in a grease line: as long as a key id and an Ed25519 signature.
pub const GREASE_LEN: usize = 68;
/// The key name of grease lines. The top-level domain `invalid` is reserved: nobody's key can be called so.
pub const GREASE_NAME: &str = "grease.invalid";

/// Why a checkpoint was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The signed note around the checkpoint was refused.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer than three lines, or no newline at the end.
    #[error("not a checkpoint: expected the lines origin, size and root hash, each ended by a newline")]
    Lines,
    /// The origin is empty or holds a control character.
    #[error("the checkpoint's origin (line 1) is empty or holds a control character")]
    Origin,
    /// The size is not a decimal number in its shortest form, or above [`MAX_SIZE`].
    #[error("the checkpoint's size (line 2) is not a plain decimal number of at most 2^48: {0:?}")]
    Size(String),
    /// The root is not the Base64 of 32 bytes.
    #[error("the checkpoint's root hash (line 3) is not the Base64 of 32 bytes")]
    Root,
    /// A checkpoint of size 0 must have the root of the empty tree.
    #[error("the checkpoint states size 0, but its root is not that of the empty tree")]
    EmptyRoot,
    /// An extension line is empty or holds a control character.
    #[error("extension line {0} of the checkpoint is empty or holds a control character")]
    Extension(usize),
    /// The checkpoint is of another log than expected.
    #[error("the checkpoint is of the log {found:?}, expected {expected:?}")]
    OtherOrigin {
        /// The origin that the checkpoint states.
        found: String,
        /// The origin that the reader asked for.
        expected: String,
    },
}

/// What a log states about itself: "at `size` entries my root is `root`".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name. It often equals the name of the log's key, but need not.
    pub origin: String,
    /// How many entries the log has; at most [`MAX_SIZE`].
    pub size: u64,
    /// The root of the RFC 6962 tree over them.
    pub root: Hash,
    /// Further lines, opaque. Recount's logs write none.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Reads the text of a checkpoint's note.
    ///
    /// # Errors
    /// [`CheckpointError`]. A root that does not fit size 0 is *not* refused here (a witness must answer it differently): see [`Checkpoint::open`].
    pub fn parse_body(text: &str) -> Result<Checkpoint, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?.split('\n');
        let origin = lines.next().ok_or(CheckpointError::Lines)?;
        let size = lines.next().ok_or(CheckpointError::Lines)?;
        let root = lines.next().ok_or(CheckpointError::Lines)?;
        if !is_line(origin) {
            return Err(CheckpointError::Origin);
        }
        let size =
            parse_decimal(size).filter(|size| *size <= MAX_SIZE).ok_or_else(|| CheckpointError::Size(shorten(size)))?;
        let root = Hash::from_base64(root).ok_or(CheckpointError::Root)?;
        let mut extensions = Vec::new();
        for line in lines {
            if !is_line(line) {
                return Err(CheckpointError::Extension(extensions.len().saturating_add(1)));
            }
            extensions.push(line.to_owned());
        }
        Ok(Checkpoint { origin: origin.to_owned(), size, root, extensions })
    }

    /// Writes the text of the checkpoint's note.
    #[must_use]
    pub fn to_body(&self) -> String {
        let mut out = format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64());
        for line in &self.extensions {
            out.push_str(line);
            out.push('\n');
        }
        out
    }

    /// Reads a signed checkpoint and verifies the log's signature. Lines by other keys are ignored.
    ///
    /// The origin is not compared with anything: a caller who knows it uses [`Checkpoint::open_for`].
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &[u8], log_key: &VerifierKey) -> Result<(Checkpoint, Note), CheckpointError> {
        let note = Note::parse(note)?;
        note.verify(std::slice::from_ref(log_key))?;
        let checkpoint = Checkpoint::parse_body(note.text())?;
        checkpoint.check_empty_root()?;
        Ok((checkpoint, note))
    }

    /// As [`Checkpoint::open`], and the origin must be the one expected. One key may serve several logs; this keeps them apart.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open_for(note: &[u8], origin: &str, log_key: &VerifierKey) -> Result<(Checkpoint, Note), CheckpointError> {
        let (checkpoint, note) = Checkpoint::open(note, log_key)?;
        if checkpoint.origin != origin {
            return Err(CheckpointError::OtherOrigin { found: checkpoint.origin, expected: origin.to_owned() });
        }
        Ok((checkpoint, note))
    }

    /// Signs the checkpoint as the log and returns the note's bytes.
    ///
    /// `extra` are further lines, such as cosignatures. `grease`, [`GREASE_LEN`] random bytes, becomes one line that no key can verify, so that clients
    /// learn to ignore lines they do not know. `shuffle` is a random seed: the lines are put in an order that depends on nothing else, so that clients
    /// learn not to rely on one. Without it the log's line comes first, then `extra`, then grease.
    ///
    /// # Errors
    /// [`CheckpointError`] if the checkpoint could not be read back.
    pub fn sign(
        &self,
        key: &SigningKey,
        grease: Option<[u8; GREASE_LEN]>,
        extra: &[SignatureLine],
        shuffle: Option<[u8; 32]>,
    ) -> Result<Vec<u8>, CheckpointError> {
        let text = self.to_body();
        if Checkpoint::parse_body(&text)? != *self {
            return Err(CheckpointError::Lines); // a line break hidden in a field
        }
        self.check_empty_root()?;
        let mut lines = vec![key.sign(&text)];
        lines.extend_from_slice(extra);
        lines.extend(grease.map(grease_line));
        if let Some(seed) = shuffle {
            lines.sort_by_cached_key(|line| sha256(&[&seed[..], line.to_string().as_bytes()].concat()));
        }
        Ok(Note::new(text, lines)?.to_bytes())
    }

    pub(crate) fn check_empty_root(&self) -> Result<(), CheckpointError> {
        if self.size == 0 && self.root != empty_root() { Err(CheckpointError::EmptyRoot) } else { Ok(()) }
    }
}

fn grease_line(random: [u8; GREASE_LEN]) -> SignatureLine {
    let [a, b, c, d, signature @ ..] = random;
    SignatureLine { name: GREASE_NAME.to_owned(), id: u32::from_be_bytes([a, b, c, d]), signature: signature.to_vec() }
}

/// Not empty and without control characters below U+0020.
fn is_line(line: &str) -> bool {
    !line.is_empty() && !line.bytes().any(|b| b < b' ')
}

/// A decimal number in its only accepted form: ASCII digits, no leading zero, no sign.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok()
}

/// The start of a text that goes into an error message.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}
