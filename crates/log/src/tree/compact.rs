//! The right edge of a tree: all that is needed to append.

use super::{ProofError, check_size, fold};
use crate::hash::{Hash, MAX_SIZE, empty_root, node_hash};

/// The complete subtrees that a tree of some size consists of, largest first: at most 49 hashes, whatever the size.
///
/// ```
/// use recount_log::{CompactRange, leaf_hash};
/// let mut range = CompactRange::new();
/// range.push(leaf_hash(b"first"))?;
/// range.push(leaf_hash(b"second"))?;
/// assert_eq!(range.size(), 2);
/// assert_eq!(range.hashes(), [range.root()]);
/// # Ok::<(), recount_log::ProofError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompactRange {
    size: u64,
    hashes: Vec<Hash>,
}

impl CompactRange {
    /// The tree without entries.
    #[must_use]
    pub fn new() -> CompactRange {
        CompactRange::default()
    }

    /// The tree of `size` entries whose complete subtrees have these roots, largest (leftmost) first: one per set bit of `size`.
    ///
    /// # Errors
    /// [`ProofError::SizeTooLarge`], [`ProofError::Edge`].
    pub fn from_parts(size: u64, hashes: Vec<Hash>) -> Result<CompactRange, ProofError> {
        check_size(size)?;
        if usize::try_from(size.count_ones()) != Ok(hashes.len()) {
            return Err(ProofError::Edge { found: hashes.len(), size });
        }
        Ok(CompactRange { size, hashes })
    }

    /// Appends one leaf (a leaf hash, see [`crate::leaf_hash`]).
    ///
    /// # Errors
    /// [`ProofError::SizeTooLarge`] if the tree is full.
    pub fn push(&mut self, leaf: Hash) -> Result<(), ProofError> {
        self.push_with(leaf, |_, _, _| {})
    }

    /// Appends one leaf and reports every node that it completes, from the leaf upwards: level (leaves have level 0), index within the level, hash.
    ///
    /// A writer derives tiles from it: nodes of level 8 n are the hashes of tiles of level n.
    ///
    /// # Errors
    /// [`ProofError::SizeTooLarge`] if the tree is full; nothing is reported then.
    pub fn push_with(&mut self, leaf: Hash, mut completed: impl FnMut(u8, u64, Hash)) -> Result<(), ProofError> {
        if self.size >= MAX_SIZE {
            return Err(ProofError::SizeTooLarge(self.size.saturating_add(1)));
        }
        let (mut level, mut index, mut hash) = (0u8, self.size, leaf);
        completed(level, index, hash);
        // A set lowest bit means that a complete left sibling waits on the stack.
        while index & 1 == 1
            && let Some(left) = self.hashes.pop()
        {
            hash = node_hash(&left, &hash);
            index >>= 1;
            level = level.saturating_add(1);
            completed(level, index, hash);
        }
        self.hashes.push(hash);
        self.size = self.size.saturating_add(1);
        Ok(())
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree's root.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(&self.hashes).unwrap_or_else(empty_root)
    }

    /// The roots of the complete subtrees, largest first: what [`CompactRange::from_parts`] takes.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }
}
