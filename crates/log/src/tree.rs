//! The RFC 6962 tree: appending, proofs and their verification.
//!
//! One shape serves all three proofs. An inclusion proof of entry `i` is the proof that the subtree `[i, i+1)` belongs to the tree; a consistency proof
//! from an old size `m` is the proof that the subtree `[0, m)` does. `path` walks from the root down to the subtree and notes the sibling at each turn;
//! making a proof reads those siblings, verifying one hashes them together again.

mod compact;
mod path;
mod prove;
mod verify;

pub use compact::CompactRange;
pub use prove::{
    HashReader, ProveError, consistency_proof, inclusion_proof, root_at, subtree_consistency_proof, subtree_root,
};
pub use verify::{MAX_PROOF, verify_consistency, verify_inclusion, verify_subtree_consistency};

use crate::hash::{Hash, MAX_SIZE};

/// Why a proof was refused, or cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// A size above [`MAX_SIZE`].
    #[error("tree size {0} is above the limit of 2^48")]
    SizeTooLarge(u64),
    /// An entry that the tree does not have.
    #[error("entry {index} is not in a tree of {size} entries")]
    IndexOutOfRange {
        /// The entry.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// The old tree is larger than the new one.
    #[error("the old size {old} is above the new size {new}: a log never shrinks")]
    Shrunk {
        /// The old size.
        old: u64,
        /// The new size.
        new: u64,
    },
    /// `[start, end)` ends before it begins or lies outside the tree, or `start` is not a multiple of the subtree's width rounded up to a power of two.
    #[error("[{start}, {end}) is not a subtree of a tree of {size} entries")]
    NotASubtree {
        /// The first entry.
        start: u64,
        /// The entry after the last.
        end: u64,
        /// The tree's size.
        size: u64,
    },
    /// The proof has too many or too few hashes.
    #[error("the proof holds {found} hashes, expected {expected}")]
    Length {
        /// How many it holds.
        found: usize,
        /// How many belong there.
        expected: usize,
    },
    /// The proof does not lead to the root.
    #[error("the proof does not lead to the root hash")]
    RootMismatch,
    /// The proof does not lead to the old root (or the root of the subtree).
    #[error("the proof does not lead to the old root hash")]
    OldRootMismatch,
    /// A compact range was given a number of hashes that does not fit its size.
    #[error("a right edge of {found} hashes does not fit size {size}")]
    Edge {
        /// How many hashes were given.
        found: usize,
        /// The stated size.
        size: u64,
    },
}

fn check_size(size: u64) -> Result<(), ProofError> {
    if size > MAX_SIZE { Err(ProofError::SizeTooLarge(size)) } else { Ok(()) }
}

/// The largest power of two below `n`, for `n` of at least 2: where RFC 6962 splits a tree of `n` leaves.
fn split_point(n: u64) -> u64 {
    1 << n.saturating_sub(1).checked_ilog2().unwrap_or(0)
}

/// Folds complete subtrees, largest (leftmost) first, into one root; `None` without any.
fn fold(subtrees: &[Hash]) -> Option<Hash> {
    let (last, rest) = subtrees.split_last()?;
    Some(rest.iter().rev().fold(*last, |right, left| crate::hash::node_hash(left, &right)))
}
