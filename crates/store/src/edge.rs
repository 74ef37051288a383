//! The right edge of a record: what is needed to derive the next batch's tiles and bundles, and nothing else.
//!
//! Deriving is pure: the same edge and the same entries give the same files, so that a batch can be derived again after a crash.

use recount_log::{
    Bundle, CompactRange, Hash, Tile, decode_bundle, decode_hashes, encode_hashes, leaf_hash, tile_of_node,
};

use crate::error::StoreError;

/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;

/// A file that a batch gives rise to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Path relative to the public side.
    pub path: String,
    /// The whole content.
    pub bytes: Vec<u8>,
}

/// What one batch gives rise to.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files to write, in the order in which they were completed; partial ones last.
    pub files: Vec<Derived>,
    /// Folders of partial tiles that full tiles have replaced.
    pub replaced: Vec<String>,
}

/// The partial tile of each level, the partial bundle, and the tree's compact range.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    range: CompactRange,
    bundle: Vec<u8>,
    levels: Vec<Vec<Hash>>,
}

/// The first part of `size` that fits whole tiles of `level`, and what is left over.
fn split(size: u64, level: u8) -> (u64, u16) {
    let nodes = size.checked_shr(u32::from(level).saturating_mul(8)).unwrap_or(0);
    (nodes / TILE_WIDTH, u16::try_from(nodes % TILE_WIDTH).unwrap_or(0))
}

/// The partial hash tiles at the right edge of a tree, lowest level first.
pub fn partial_tiles(size: u64) -> impl Iterator<Item = Tile> {
    (0u8..8).filter_map(move |level| {
        let (index, width) = split(size, level);
        (width > 0).then_some(Tile::Hashes { level, index, width })
    })
}

/// The partial bundle at the right edge of a tree.
#[must_use]
pub fn partial_bundle(size: u64) -> Option<Tile> {
    let (index, width) = split(size, 0);
    (width > 0).then_some(Tile::Entries { index, width })
}

/// The root of the complete subtree that bit `bit` of a tree's size stands for, from the partial tiles.
fn peak(size: u64, bit: u8, levels: &[Vec<Hash>]) -> Option<Hash> {
    let nodes = size.checked_shr(u32::from(bit))?;
    if nodes & 1 == 0 {
        return None;
    }
    let node = tile_of_node(bit, nodes.checked_sub(1)?).ok()?;
    node.hash(levels.get(usize::from(node.level))?)
}

impl Edge {
    /// The edge of a tree of `size` entries from its partial tiles. `read` returns a tile's bytes.
    ///
    /// # Errors
    /// Whatever `read` reports; [`StoreError::Tampered`] if bundle and tile disagree.
    pub fn load(size: u64, mut read: impl FnMut(&Tile) -> Result<Vec<u8>, StoreError>) -> Result<Edge, StoreError> {
        let mut levels: Vec<Vec<Hash>> = Vec::new();
        for tile in partial_tiles(size) {
            let Tile::Hashes { level, .. } = tile else { continue };
            levels.resize(usize::from(level), Vec::new());
            levels.push(hashes_of(&tile, &read(&tile)?)?);
        }
        let peaks: Vec<Hash> = (0..64u8).rev().filter_map(|bit| peak(size, bit, &levels)).collect();
        let range = CompactRange::from_parts(size, peaks)
            .map_err(|error| StoreError::tampered("tile", format!("the right edge is incomplete: {error}")))?;
        let mut bundle = Vec::new();
        if let Some(tile) = partial_bundle(size) {
            bundle = read(&tile)?;
            let leaves: Vec<Hash> = bundle_of(&tile, &bundle)?.iter().map(leaf_hash).collect();
            if levels.first() != Some(&leaves) {
                return Err(StoreError::tampered(tile.path(), "its entries do not have the leaf hashes of the tile"));
            }
        }
        Ok(Edge { range, bundle, levels })
    }

    /// The number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.range.size()
    }

    /// The tree's root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.range.root()
    }

    /// The edge after `entries`, and the files that they give rise to.
    ///
    /// # Errors
    /// [`StoreError::EntryTooLong`], [`StoreError::Full`].
    pub fn extend<E: AsRef<[u8]>>(&self, entries: &[E]) -> Result<(Edge, Plan), StoreError> {
        let mut next = self.clone();
        let mut plan = Plan::default();
        for (position, entry) in entries.iter().enumerate() {
            next.push(position, entry.as_ref(), &mut plan)?;
        }
        next.add_partials(self.size(), &mut plan);
        self.note_replaced(next.size(), &mut plan);
        Ok((next, plan))
    }

    fn push(&mut self, position: usize, entry: &[u8], plan: &mut Plan) -> Result<(), StoreError> {
        let length =
            u16::try_from(entry.len()).map_err(|_| StoreError::EntryTooLong { position, length: entry.len() })?;
        let levels = &mut self.levels;
        let files = &mut plan.files;
        self.range
            .push_with(leaf_hash(entry), |level, index, hash| {
                if level % 8 == 0 {
                    collect(levels, files, level / 8, index, hash);
                }
            })
            .map_err(|_| StoreError::Full)?;
        self.bundle.extend_from_slice(&length.to_be_bytes());
        self.bundle.extend_from_slice(entry);
        let size = self.range.size();
        if size.is_multiple_of(TILE_WIDTH) {
            let tile = Tile::Entries { index: size / TILE_WIDTH - 1, width: 256 };
            plan.files.push(Derived { path: tile.path(), bytes: std::mem::take(&mut self.bundle) });
        }
        Ok(())
    }

    /// The partial tiles of the new size, as far as the batch changed them.
    fn add_partials(&self, old: u64, plan: &mut Plan) {
        for tile in partial_tiles(self.size()) {
            let Tile::Hashes { level, .. } = tile else { continue };
            let Some(hashes) = self.levels.get(usize::from(level)) else { continue };
            if split(old, level) != split(self.size(), level) {
                plan.files.push(Derived { path: tile.path(), bytes: encode_hashes(hashes) });
            }
        }
        if let Some(tile) = partial_bundle(self.size())
            && old != self.size()
        {
            plan.files.push(Derived { path: tile.path(), bytes: self.bundle.clone() });
        }
    }

    /// The folders of partial tiles whose full tile the batch completed.
    fn note_replaced(&self, new: u64, plan: &mut Plan) {
        for tile in partial_tiles(self.size()).chain(partial_bundle(self.size())) {
            let level = if let Tile::Hashes { level, .. } = tile { level } else { 0 };
            if split(new, level).0 > tile.index() {
                plan.replaced.push(format!("{}.p", tile.full().path()));
            }
        }
    }
}

fn collect(levels: &mut Vec<Vec<Hash>>, files: &mut Vec<Derived>, level: u8, index: u64, hash: Hash) {
    if levels.len() <= usize::from(level) {
        levels.resize(usize::from(level).saturating_add(1), Vec::new());
    }
    let Some(row) = levels.get_mut(usize::from(level)) else { return };
    row.push(hash);
    if row.len() == 256 {
        let tile = Tile::Hashes { level, index: index / TILE_WIDTH, width: 256 };
        files.push(Derived { path: tile.path(), bytes: encode_hashes(row) });
        row.clear();
    }
}

/// The hashes in the bytes of a tile.
///
/// # Errors
/// [`StoreError::Tampered`] if the length is wrong.
pub fn hashes_of(tile: &Tile, bytes: &[u8]) -> Result<Vec<Hash>, StoreError> {
    decode_hashes(bytes, tile.width()).map_err(|error| StoreError::tampered(tile.path(), error.to_string()))
}

/// The entries in the bytes of a bundle.
///
/// # Errors
/// [`StoreError::Tampered`] if the bytes are not exactly as many entries as the tile is wide.
pub fn bundle_of<'a>(tile: &Tile, bytes: &'a [u8]) -> Result<Bundle<'a>, StoreError> {
    decode_bundle(bytes, tile.width()).map_err(|error| StoreError::tampered(tile.path(), error.to_string()))
}

/// The length in bytes of the first `width` entries of a bundle.
#[must_use]
pub fn bundle_prefix(bytes: &[u8], width: u16) -> Option<usize> {
    let mut at = 0usize;
    for _ in 0..width {
        let length = bytes.get(at..)?.first_chunk::<2>()?;
        at = at.checked_add(2)?.checked_add(usize::from(u16::from_be_bytes(*length)))?;
    }
    (at <= bytes.len()).then_some(at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn entries(from: u64, to: u64) -> Vec<Vec<u8>> {
        (from..to).map(|n| format!("entry {n}").into_bytes()).collect()
    }

    #[test]
    fn batches_of_any_size_give_the_same_tree_and_an_edge_can_be_loaded_again() {
        let (whole, _) = Edge::default().extend(&entries(0, 70_000)).unwrap();
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut edge = Edge::default();
        for to in [1, 2, 255, 256, 257, 511, 512, 1_000, 65_535, 65_536, 65_537, 70_000] {
            let (next, plan) = edge.extend(&entries(edge.size(), to)).unwrap();
            for file in plan.files {
                assert!(files.insert(file.path.clone(), file.bytes).is_none(), "{} twice", file.path);
            }
            edge = next;
            let loaded = Edge::load(to, |tile| Ok(files[&tile.path()].clone())).unwrap();
            assert_eq!(loaded.root(), edge.root(), "size {to}");
            assert_eq!(loaded.bundle, edge.bundle);
        }
        assert_eq!(edge.root(), whole.root());
        assert_eq!(edge.size(), 70_000);
        // 70,000 = 273 full tiles and 112; 1 full tile of level 1 and 17; 1 hash at level 2.
        for path in [
            "tile/0/272",
            "tile/0/273.p/112",
            "tile/1/000",
            "tile/1/001.p/17",
            "tile/2/000.p/1",
            "tile/entries/273.p/112",
        ] {
            assert!(files.contains_key(path), "{path}");
        }
    }

    #[test]
    fn full_tiles_name_the_partials_that_they_replace() {
        let (edge, _) = Edge::default().extend(&entries(0, 200)).unwrap();
        let (_, plan) = edge.extend(&entries(200, 255)).unwrap();
        assert!(plan.replaced.is_empty());
        let (_, plan) = edge.extend(&entries(200, 300)).unwrap();
        assert_eq!(plan.replaced, ["tile/0/000.p", "tile/entries/000.p"]);
    }

    #[test]
    fn the_prefix_of_a_bundle_ends_with_an_entry() {
        assert_eq!(bundle_prefix(b"\0\x01a\0\0", 1), Some(3));
        assert_eq!(bundle_prefix(b"\0\x01a\0\0", 2), Some(5));
        assert_eq!(bundle_prefix(b"\0\x01a\0\0", 3), None);
        assert_eq!(bundle_prefix(b"\0\x05a", 1), None);
    }
}
