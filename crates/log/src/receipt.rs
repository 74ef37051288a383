//! Receipts (C2SP tlog-proof): "this entry is in the log of this checkpoint", checkable without a network.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! index 73894
//! gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
//! (further hashes, from the leaf's sibling up)
//!
//! example.com/fancylog
//! 109482
//! (the checkpoint with its signatures, verbatim)
//! ```

use crate::base64;
use crate::checkpoint::{Checkpoint, CheckpointError, parse_decimal};
use crate::hash::{Hash, MAX_SIZE};
use crate::key::VerifierKey;
use crate::note::{MAX_NOTE, Note};
use crate::policy::{Policy, PolicyError};
use crate::tree::{ProofError, verify_inclusion};
use crate::witness::parse_proof;

/// The first line of every receipt.
pub const RECEIPT_HEADER: &str = "c2sp.org/tlog-proof@v1";
/// The largest receipt that is read, in bytes; `extra` data counts too.
pub const MAX_RECEIPT: usize = MAX_NOTE * 2;

/// Why a receipt was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// More than [`MAX_RECEIPT`] bytes.
    #[error("the receipt holds {0} bytes; at most {MAX_RECEIPT} are read")]
    TooLarge(usize),
    /// The first line is another one.
    #[error("not a receipt: the first line must be \"{RECEIPT_HEADER}\"")]
    Header,
    /// The `extra` line is not strict Base64.
    #[error("the receipt's \"extra\" line is not Base64")]
    Extra,
    /// No `index` line where it belongs, or not a plain number below 2^48.
    #[error("the receipt's \"index\" line is missing or not a plain decimal number")]
    Index,
    /// A proof line is not the Base64 of 32 bytes, or there are more than 63.
    #[error("the receipt's proof must be at most 63 lines, each the Base64 of 32 bytes")]
    Proof,
    /// There is no empty line in front of the checkpoint.
    #[error("the receipt has no empty line in front of its checkpoint: it was cut off")]
    NoCheckpoint,
    /// The checkpoint was refused.
    #[error("the receipt's checkpoint was refused: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The proof does not hold.
    #[error("the receipt does not prove this entry: {0}")]
    Inclusion(#[from] ProofError),
    /// The policy is not met.
    #[error("the receipt's checkpoint does not meet the policy: {0}")]
    Policy(#[from] PolicyError),
}

/// A receipt. Nothing in it is verified before [`Receipt::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Data for the application. It is not covered by any signature.
    pub extra: Option<Vec<u8>>,
    /// The entry's index in the log, from 0.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: Vec<u8>,
}

impl Receipt {
    /// Reads a receipt. The checkpoint must be a well-formed note with a checkpoint's text; signatures are not verified yet.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn parse(bytes: &[u8]) -> Result<Receipt, ReceiptError> {
        if bytes.len() > MAX_RECEIPT {
            return Err(ReceiptError::TooLarge(bytes.len()));
        }
        // Up to the empty line everything is ASCII; the checkpoint behind it checks its own encoding.
        let end = bytes.windows(2).position(|pair| pair == b"\n\n");
        let (head, rest) = match end.and_then(|end| bytes.split_at_checked(end)) {
            Some((head, rest)) => (head, rest.get(2..)),
            None => (bytes, None),
        };
        let mut lines = std::str::from_utf8(head).map_err(|_| ReceiptError::Header)?.split('\n').peekable();
        if lines.next() != Some(RECEIPT_HEADER) {
            return Err(ReceiptError::Header);
        }
        let extra = match lines.next_if(|line| line.starts_with("extra ")).and_then(|line| line.strip_prefix("extra "))
        {
            Some(data) => Some(base64::decode(data).ok_or(ReceiptError::Extra)?),
            None => None,
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(parse_decimal);
        let index = index.filter(|index| *index < MAX_SIZE).ok_or(ReceiptError::Index)?;
        let proof = parse_proof(lines).ok_or(ReceiptError::Proof)?;
        let checkpoint = rest.ok_or(ReceiptError::NoCheckpoint)?.to_vec();
        let receipt = Receipt { extra, index, proof, checkpoint };
        receipt.stated()?;
        Ok(receipt)
    }

    /// Writes what [`Receipt::parse`] reads.
    #[must_use]
    pub fn format(&self) -> Vec<u8> {
        let mut head = format!("{RECEIPT_HEADER}\n");
        if let Some(extra) = &self.extra {
            head.push_str(&format!("extra {}\n", base64::encode(extra)));
        }
        head.push_str(&format!("index {}\n", self.index));
        for hash in &self.proof {
            head.push_str(&hash.to_base64());
            head.push('\n');
        }
        head.push('\n');
        let mut out = head.into_bytes();
        out.extend_from_slice(&self.checkpoint);
        out
    }

    /// What the checkpoint states, unverified.
    ///
    /// # Errors
    /// [`ReceiptError::Checkpoint`].
    pub fn stated(&self) -> Result<Checkpoint, ReceiptError> {
        let note = Note::parse(&self.checkpoint).map_err(CheckpointError::from)?;
        Ok(Checkpoint::parse_body(note.text())?)
    }

    /// Verifies that the entry with leaf hash `leaf` is entry [`Receipt::index`] of the log whose origin is `log_key`'s name and that signs with
    /// `log_key`; with a policy, also that enough witnesses have cosigned.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify(
        &self,
        leaf: &Hash,
        log_key: &VerifierKey,
        policy: Option<&Policy>,
    ) -> Result<Checkpoint, ReceiptError> {
        self.verify_for(leaf, log_key.name(), log_key, policy)
    }

    /// As [`Receipt::verify`], for a log whose origin is not the name of its key.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify_for(
        &self,
        leaf: &Hash,
        origin: &str,
        log_key: &VerifierKey,
        policy: Option<&Policy>,
    ) -> Result<Checkpoint, ReceiptError> {
        let (checkpoint, note) = Checkpoint::open_for(&self.checkpoint, origin, log_key)?;
        if let Some(policy) = policy {
            policy.require(&note)?;
        }
        verify_inclusion(self.index, checkpoint.size, leaf, &self.proof, &checkpoint.root)?;
        Ok(checkpoint)
    }
}
