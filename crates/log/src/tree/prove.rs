//! Making proofs from stored nodes.

use super::path::{is_empty, path};
use super::{ProofError, check_size, fold};
use crate::hash::{Hash, empty_root};

/// A source of the tree's complete nodes: tiles on disk, an HTTP client, a vector in a test.
pub trait HashReader {
    /// What can go wrong when reading.
    type Error;

    /// The root of the complete subtree of 2^`level` leaves that starts at leaf `index` * 2^`level`.
    ///
    /// # Errors
    /// If the node cannot be read or is not there.
    fn node(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// Why a proof could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// The question makes no sense for this tree.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// A node could not be read.
    #[error("a node of the tree could not be read: {0}")]
    Read(E),
}

/// The proof that entry `index` is in the tree of the first `size` entries: hashes from the leaf's sibling up.
///
/// # Errors
/// [`ProveError`].
pub fn inclusion_proof<R: HashReader>(
    index: u64,
    size: u64,
    reader: &mut R,
) -> Result<Vec<Hash>, ProveError<R::Error>> {
    check_size(size)?;
    let end = index.checked_add(1).filter(|end| *end <= size).ok_or(ProofError::IndexOutOfRange { index, size })?;
    subtree_consistency_proof(index, end, size, reader)
}

/// The proof that the tree of `new` entries begins with that of `old` entries; empty if `old` is 0 or equal to `new`.
///
/// # Errors
/// [`ProveError`].
pub fn consistency_proof<R: HashReader>(old: u64, new: u64, reader: &mut R) -> Result<Vec<Hash>, ProveError<R::Error>> {
    check_size(new)?;
    if old > new {
        return Err(ProofError::Shrunk { old, new }.into());
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    subtree_consistency_proof(0, old, new, reader)
}

/// The proof that `[start, end)` is a subtree of the tree of `size` entries; empty for an empty subtree.
///
/// # Errors
/// [`ProveError`].
pub fn subtree_consistency_proof<R: HashReader>(
    start: u64,
    end: u64,
    size: u64,
    reader: &mut R,
) -> Result<Vec<Hash>, ProveError<R::Error>> {
    if is_empty(start, end, size)? {
        return Ok(Vec::new());
    }
    let path = path(start, end, size)?;
    let mut proof = Vec::with_capacity(path.proof_len());
    if !path.given {
        let (from, to) = path.base;
        proof.push(range_root(from, to, reader)?);
    }
    for step in path.steps.iter().rev() {
        proof.push(range_root(step.from, step.to, reader)?);
    }
    Ok(proof)
}

/// The root of the first `size` entries.
///
/// # Errors
/// [`ProveError`].
pub fn root_at<R: HashReader>(size: u64, reader: &mut R) -> Result<Hash, ProveError<R::Error>> {
    check_size(size)?;
    range_root(0, size, reader)
}

/// The root of the subtree `[start, end)`; that of the empty tree if there is nothing between them.
///
/// # Errors
/// [`ProveError`]; [`ProofError::NotASubtree`] under the same rule as for proofs.
pub fn subtree_root<R: HashReader>(start: u64, end: u64, reader: &mut R) -> Result<Hash, ProveError<R::Error>> {
    if !is_empty(start, end, end)? {
        path(start, end, end)?;
    }
    range_root(start, end, reader)
}

/// The root over `[from, to)`, where `from` is a multiple of the width rounded up to a power of two (every range that a path names is so).
fn range_root<R: HashReader>(from: u64, to: u64, reader: &mut R) -> Result<Hash, ProveError<R::Error>> {
    let mut subtrees = Vec::with_capacity(49);
    let mut at = from;
    while at < to {
        let Some(level) = to.saturating_sub(at).checked_ilog2().and_then(|level| u8::try_from(level).ok()) else {
            break;
        };
        subtrees.push(reader.node(level, at >> level).map_err(ProveError::Read)?);
        at = at.saturating_add(1 << level);
    }
    Ok(fold(&subtrees).unwrap_or_else(empty_root))
}
