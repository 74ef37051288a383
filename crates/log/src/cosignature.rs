//! Timestamped Ed25519 cosignatures of checkpoints: tlog-cosignature v1, signature type 0x04.
//!
//! A cosignature says: "as of this time, this is the largest consistent tree that I have seen of this origin." It says nothing about what the entries mean.
//! The signed message does not name the cosigner, so a key must serve one cosigner only and must never be used as a 0x01 key as well.

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::key::{KeyKind, Secret, VerifierKey, secret_key};
use crate::note::SignatureLine;

/// The latest time a cosignature may state: 2^63 - 1 seconds.
pub const MAX_TIME: u64 = i64::MAX as u64;

/// Why a cosignature was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CosignError {
    /// The text is not the body of a checkpoint.
    #[error("only a checkpoint can be cosigned: {0}")]
    Body(#[from] CheckpointError),
    /// The time is zero or above 2^63 - 1.
    #[error("time {0} cannot be cosigned: it must lie between 1 and 2^63 - 1 seconds since 1970")]
    Time(u64),
    /// A name is too long for the signed message.
    #[error("the name {0:?} is longer than 255 bytes")]
    Name(String),
    /// The signature could not be made.
    #[error("the signature could not be made")]
    Signature,
}

/// The bytes that a v1 cosignature signs: header, time, then the whole checkpoint body with its extension lines.
#[must_use]
pub fn message(time: u64, checkpoint_body: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{checkpoint_body}")
}

/// Verifies what follows the key id in a cosignature line (8 bytes of time, 64 of signature) and returns the time, in seconds since 1970.
///
/// `None` if the key is not a [`KeyKind::Cosignature`] key, the text is not a checkpoint body, the time is above 2^63 - 1, or the signature is wrong.
#[must_use]
pub fn verify(key: &VerifierKey, checkpoint_body: &str, signature: &[u8]) -> Option<u64> {
    if key.kind() != KeyKind::Cosignature {
        return None;
    }
    let (time, signature) = signature.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    if time > MAX_TIME || signature.len() != 64 {
        return None;
    }
    Checkpoint::parse_body(checkpoint_body).ok()?;
    key.verify_raw(message(time, checkpoint_body).as_bytes(), signature).then_some(time)
}

/// Like [`verify`], for a whole line: `None` also if the line is not by this key.
#[must_use]
pub fn verify_line(key: &VerifierKey, checkpoint_body: &str, line: &SignatureLine) -> Option<u64> {
    if line.name != key.name() || line.id != key.id() {
        return None;
    }
    verify(key, checkpoint_body, &line.signature)
}

/// A witness's secret key for v1 cosignatures. The secret is wiped on drop; `Debug` does not show it.
pub struct CosigningKey(Secret);

secret_key!(CosigningKey, KeyKind::Cosignature, "PRIVATE+KEY+name+hhhhhhhh+base64(0x04 || seed)");

impl CosigningKey {
    /// Cosigns a checkpoint body at `time` (seconds since 1970). Whoever calls this has checked consistency first: see [`crate::witness`].
    ///
    /// # Errors
    /// [`CosignError`].
    pub fn cosign(&self, checkpoint_body: &str, time: u64) -> Result<SignatureLine, CosignError> {
        if time == 0 || time > MAX_TIME {
            return Err(CosignError::Time(time));
        }
        Checkpoint::parse_body(checkpoint_body)?;
        let mut signature = time.to_be_bytes().to_vec();
        signature.extend_from_slice(&self.0.sign(message(time, checkpoint_body).as_bytes()));
        let verifier = self.0.verifier();
        Ok(SignatureLine { name: verifier.name().to_owned(), id: verifier.id(), signature })
    }
}
