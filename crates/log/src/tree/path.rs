//! The way from the root down to a subtree.

use super::{ProofError, check_size, split_point};

/// Where a sibling stands, and to whom it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// To the left, outside the subtree.
    Left,
    /// To the right, outside the subtree.
    Right,
    /// To the left, and part of the subtree: it counts towards both roots.
    Shared,
}

/// One turn: the sibling covers the leaves `[from, to)`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub side: Side,
    pub from: u64,
    pub to: u64,
}

/// The whole way, root first, and where it ends.
#[derive(Debug)]
pub(super) struct Path {
    pub steps: Vec<Step>,
    /// The leaves at the end of the way.
    pub base: (u64, u64),
    /// Whether the end is the subtree itself, whose hash the verifier has. Otherwise its hash is the first of the proof.
    pub given: bool,
}

impl Path {
    /// How many hashes a proof along this path has: at most 49.
    pub fn proof_len(&self) -> usize {
        self.steps.len().saturating_add(usize::from(!self.given))
    }
}

/// Whether `[start, end)` is an empty subtree of a tree of `size` leaves. No path leads to it: it holds nothing that could be elsewhere.
///
/// The draft has admitted empty subtrees since its sixth version, so that every interval can be covered by two subtrees.
pub(super) fn is_empty(start: u64, end: u64, size: u64) -> Result<bool, ProofError> {
    check_size(size)?;
    if start == end && end > size {
        return Err(ProofError::NotASubtree { start, end, size });
    }
    Ok(start == end)
}

/// The path from a tree of `size` leaves to its subtree `[start, end)`.
///
/// Subtrees that hold something, as in draft-ietf-plants-merkle-tree-certs, section 4.1; the proof order is that of RFC 6962 section 2.1.2 (`SUBPROOF`).
pub(super) fn path(start: u64, end: u64, size: u64) -> Result<Path, ProofError> {
    check_size(size)?;
    let not_a_subtree = ProofError::NotASubtree { start, end, size };
    let Some(width) = end.checked_sub(start).filter(|width| *width > 0 && end <= size) else {
        return Err(not_a_subtree);
    };
    if !start.is_multiple_of(width.next_power_of_two()) {
        return Err(not_a_subtree);
    }
    let mut steps = Vec::with_capacity(49);
    let mut given = true;
    let (mut low, mut high) = (0, size);
    // `start` can fall below `low` only through a Shared step, after which all leaves up to `end` belong to the subtree.
    while end < high || low < start {
        let middle = low.saturating_add(split_point(high.saturating_sub(low)));
        if end <= middle {
            steps.push(Step { side: Side::Right, from: middle, to: high });
            high = middle;
        } else if start >= middle {
            steps.push(Step { side: Side::Left, from: low, to: middle });
            low = middle;
        } else {
            steps.push(Step { side: Side::Shared, from: low, to: middle });
            low = middle;
            given = false;
        }
    }
    Ok(Path { steps, base: (low, high), given })
}
