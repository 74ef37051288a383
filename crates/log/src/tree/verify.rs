//! Verifying proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2, draft-ietf-plants-merkle-tree-certs section 4.4).

use super::path::{Path, Side, is_empty, path};
use super::{ProofError, check_size};
use crate::hash::{Hash, empty_root, node_hash};

/// The most hashes that a proof may be written with (tlog-witness); within [`crate::MAX_SIZE`] no proof needs more than 49.
pub const MAX_PROOF: usize = 63;

/// Verifies that the entry with leaf hash `leaf` is entry `index` (from 0) of the tree of `size` entries with this root.
///
/// # Errors
/// [`ProofError`].
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    check_size(size)?;
    let end = index.checked_add(1).filter(|end| *end <= size).ok_or(ProofError::IndexOutOfRange { index, size })?;
    let (_, found) = rebuild(&path(index, end, size)?, leaf, proof)?;
    if found == *root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

/// Verifies that the tree of `new` entries begins with the tree of `old` entries.
///
/// `old` may be 0: every tree begins with the empty one, so the proof must be empty and `old_root` the empty root (tlog-witness, add-checkpoint).
/// Equal sizes need an empty proof and equal roots.
///
/// # Errors
/// [`ProofError`].
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    check_size(new)?;
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    if old > 0 {
        return verify_subtree_consistency(0, old, new, old_root, new_root, proof);
    }
    check_vacuous(old_root, proof)?;
    if new == 0 && *new_root != empty_root() {
        return Err(ProofError::RootMismatch);
    }
    Ok(())
}

/// Verifies that the leaves `[start, end)` of the tree of `size` entries with root `root` form the subtree with root `subtree_root`.
///
/// An empty subtree has the root of the empty tree and is part of every tree that reaches so far: the proof must be empty, and `root` is not looked at.
///
/// # Errors
/// [`ProofError`]; [`ProofError::NotASubtree`] unless `start` is a multiple of `end - start` rounded up to a power of two.
pub fn verify_subtree_consistency(
    start: u64,
    end: u64,
    size: u64,
    subtree_root: &Hash,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if is_empty(start, end, size)? {
        return check_vacuous(subtree_root, proof);
    }
    let (found_subtree, found_root) = rebuild(&path(start, end, size)?, subtree_root, proof)?;
    if found_subtree != *subtree_root {
        return Err(ProofError::OldRootMismatch);
    }
    if found_root != *root {
        return Err(ProofError::RootMismatch);
    }
    Ok(())
}

/// What holds of nothing needs no proof, but its root is known.
fn check_vacuous(root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::Length { found: proof.len(), expected: 0 });
    }
    if *root == empty_root() { Ok(()) } else { Err(ProofError::OldRootMismatch) }
}

/// Climbs the path with the hashes of the proof: the roots of subtree and tree that they lead to.
fn rebuild(path: &Path, given: &Hash, proof: &[Hash]) -> Result<(Hash, Hash), ProofError> {
    let wrong_length = ProofError::Length { found: proof.len(), expected: path.proof_len() };
    if proof.len() != path.proof_len() {
        return Err(wrong_length);
    }
    let (base, siblings) = if path.given { (given, proof) } else { proof.split_first().ok_or(wrong_length)? };
    let (mut subtree, mut tree) = (*base, *base);
    for (step, sibling) in path.steps.iter().rev().zip(siblings) {
        match step.side {
            Side::Right => tree = node_hash(&tree, sibling),
            Side::Left => tree = node_hash(sibling, &tree),
            Side::Shared => {
                subtree = node_hash(sibling, &subtree);
                tree = node_hash(sibling, &tree);
            }
        }
    }
    Ok((subtree, tree))
}
