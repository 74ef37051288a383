//! The `add-checkpoint` call of a witness (C2SP tlog-witness) as a pure state machine.
//!
//! A witness keeps one [`TreeHead`] per log. For each request: [`AddCheckpoint::parse`]; then, *in one atomic step* (a database transaction, a lock),
//! read the head that is kept, call [`AddCheckpoint::check`], and store the head it returns; only then cosign and answer. Were the step not atomic, two
//! requests could overtake each other and roll the witness back.
//!
//! ```text
//! old 20852014                                    the size the witness has, as the log believes
//! PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=    consistency proof, at most 63 hashes
//!
//! example.com/behind-the-sofa                     the signed checkpoint
//! ...
//! ```

use crate::checkpoint::{Checkpoint, parse_decimal};
use crate::hash::{Hash, MAX_SIZE, empty_root};
use crate::key::VerifierKey;
use crate::note::{MAX_NOTE, Note, NoteError, SignatureLine};
use crate::tree::{MAX_PROOF, verify_consistency};

/// The largest request body that is read, in bytes.
pub const MAX_REQUEST: usize = MAX_NOTE + 64 * 64;

/// What a witness remembers of a log: the largest tree that it has cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// How many entries.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// A parsed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size from which the proof leads.
    pub old: u64,
    /// The consistency proof.
    pub proof: Vec<Hash>,
    /// What the checkpoint states; not verified yet.
    pub checkpoint: Checkpoint,
    /// The checkpoint's note.
    pub note: Note,
}

/// What a witness answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// 200: the witness's cosignatures.
    Ok(Vec<SignatureLine>),
    /// 400: the request is malformed, or its old size is above the checkpoint's.
    BadRequest(String),
    /// 403: no valid signature by a key that the witness trusts for this log.
    Forbidden(String),
    /// 404: the witness does not know the log.
    NotFound(String),
    /// 409: the old size is not that of the tree cosigned last, which is given.
    Conflict(u64),
    /// 422: the proof does not hold, or the roots of equal sizes differ.
    Unprocessable(String),
}

impl Response {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Response::Ok(_) => 200,
            Response::BadRequest(_) => 400,
            Response::Forbidden(_) => 403,
            Response::NotFound(_) => 404,
            Response::Conflict(_) => 409,
            Response::Unprocessable(_) => 422,
        }
    }

    /// The `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        match self {
            Response::Conflict(_) => "text/x.tlog.size",
            _ => "text/plain; charset=utf-8",
        }
    }

    /// The body: signature lines, the known size, or what was wrong; always ended by a newline.
    #[must_use]
    pub fn body(&self) -> String {
        match self {
            Response::Ok(lines) => lines.iter().map(|line| format!("{line}\n")).collect(),
            Response::Conflict(size) => format!("{size}\n"),
            Response::BadRequest(why)
            | Response::Forbidden(why)
            | Response::NotFound(why)
            | Response::Unprocessable(why) => {
                format!("{why}\n")
            }
        }
    }
}

impl AddCheckpoint {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`Response::BadRequest`]; [`Response::Forbidden`] if a signature line cannot be read.
    pub fn parse(body: &[u8]) -> Result<AddCheckpoint, Response> {
        if body.len() > MAX_REQUEST {
            return Err(bad_request("the request is too large"));
        }
        let text = std::str::from_utf8(body).map_err(|_| bad_request("not UTF-8"))?;
        if !text.ends_with('\n') {
            return Err(bad_request("the last line does not end with a newline"));
        }
        let (head, note) = text.split_once("\n\n").ok_or_else(|| bad_request("no empty line behind the proof"))?;
        let mut lines = head.split('\n');
        let old = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(parse_decimal)
            .filter(|old| *old <= MAX_SIZE);
        let old = old.ok_or_else(|| bad_request("the first line must be \"old SIZE\""))?;
        let proof = parse_proof(lines)
            .ok_or_else(|| bad_request("the proof must be at most 63 lines of Base64, 32 bytes each"))?;
        let note = Note::parse(note.as_bytes()).map_err(|error| match error {
            // An unreadable signature is no valid one: the specification's 403.
            NoteError::Line(_) => Response::Forbidden(format!("invalid signature: {error}")),
            other => bad_request(&other.to_string()),
        })?;
        let checkpoint = Checkpoint::parse_body(note.text()).map_err(|e| bad_request(&e.to_string()))?;
        Ok(AddCheckpoint { old, proof, checkpoint, note })
    }

    /// Writes a request body: what a log sends to its witnesses. `checkpoint` is the signed note.
    #[must_use]
    pub fn format(old: u64, proof: &[Hash], checkpoint: &[u8]) -> Vec<u8> {
        let mut out = format!("old {old}\n").into_bytes();
        for hash in proof {
            out.extend_from_slice(hash.to_base64().as_bytes());
            out.push(b'\n');
        }
        out.push(b'\n');
        out.extend_from_slice(checkpoint);
        out
    }

    /// The log that the request is about: look up its keys and its head by this.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.checkpoint.origin
    }

    /// Decides, given the keys trusted for this origin (none: the log is unknown) and the head kept for it (none: never cosigned).
    ///
    /// # Errors
    /// The [`Response`] with which to refuse. On success, the head to store *before* cosigning [`AddCheckpoint::body`] and answering.
    pub fn check(&self, keys: &[VerifierKey], kept: Option<&TreeHead>) -> Result<TreeHead, Response> {
        if keys.is_empty() {
            return Err(Response::NotFound(format!("unknown log {:?}", self.origin())));
        }
        self.note.verify(keys).map_err(|error| match error {
            NoteError::NoKnownKey => {
                Response::Forbidden("no signature by a key trusted for this log: invalid signature".to_owned())
            }
            other => Response::Forbidden(other.to_string()),
        })?;
        let new = TreeHead { size: self.checkpoint.size, root: self.checkpoint.root };
        if self.old > new.size {
            return Err(bad_request("the old size is above the checkpoint's"));
        }
        let kept = kept.copied().unwrap_or(TreeHead { size: 0, root: empty_root() });
        if self.old != kept.size {
            return Err(Response::Conflict(kept.size));
        }
        verify_consistency(kept.size, new.size, &kept.root, &new.root, &self.proof)
            .map_err(|error| Response::Unprocessable(format!("bad consistency proof: {error}")))?;
        Ok(new)
    }

    /// The checkpoint body that is cosigned.
    #[must_use]
    pub fn body(&self) -> &str {
        self.note.text()
    }
}

/// Reads the body of a 200 answer: signature lines, each ended by a newline. They are not verified.
///
/// # Errors
/// [`NoteError`], under the rules for the signature lines of a note.
pub fn parse_cosignatures(body: &[u8]) -> Result<Vec<SignatureLine>, NoteError> {
    // "To parse the response, the client may concatenate it to the checkpoint": any text will do for the form.
    let note = Note::parse(&[b"x\n\n", body].concat())?;
    if note.text() != "x\n" {
        return Err(NoteError::Line(1));
    }
    Ok(note.signatures().to_vec())
}

/// Reads the body of a 409 answer: the size that the witness has.
#[must_use]
pub fn parse_conflict(body: &[u8]) -> Option<u64> {
    let size = std::str::from_utf8(body).ok()?.strip_suffix('\n')?;
    parse_decimal(size).filter(|size| *size <= MAX_SIZE)
}

/// Base64 lines of one hash each, at most [`MAX_PROOF`].
pub(crate) fn parse_proof<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Vec<Hash>> {
    let mut proof = Vec::new();
    for line in lines {
        if proof.len() >= MAX_PROOF {
            return None;
        }
        proof.push(Hash::from_base64(line)?);
    }
    Some(proof)
}

fn bad_request(why: &str) -> Response {
    Response::BadRequest(format!("invalid input: {why}"))
}
