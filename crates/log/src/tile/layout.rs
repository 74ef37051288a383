//! Which tiles a tree of some size has, and where a node is found in them.

use super::{TILE_WIDTH, Tile, TileError};
use crate::hash::{Hash, MAX_SIZE};
use crate::tree::CompactRange;

/// How many tiles one level of a tree has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelLayout {
    /// The tile level.
    pub level: u8,
    /// How many full tiles.
    pub full: u64,
    /// The width of the partial tile behind them; 0 if there is none.
    pub partial: u16,
}

/// The tiles of a tree of `size` entries by level, lowest first; none for an empty tree. Level 0 also gives the entry bundles.
///
/// For 70,000 entries: 273 full and 112 wide, 1 full and 17 wide, 1 wide. This is arithmetic only, and right for every size.
#[must_use]
pub fn layout(size: u64) -> Vec<LevelLayout> {
    let mut levels = Vec::new();
    let (mut level, mut hashes) = (0u8, size);
    while hashes > 0 {
        let width = u64::from(TILE_WIDTH);
        let partial = u16::try_from(hashes % width).unwrap_or(0);
        levels.push(LevelLayout { level, full: hashes / width, partial });
        hashes /= width;
        level = level.saturating_add(1);
    }
    levels
}

/// Every file of a tree of `size` entries: first the bundles, then the tiles level by level, each by index, the partial one last.
///
/// # Errors
/// [`TileError::TooLarge`] above [`MAX_SIZE`].
pub fn tiles_at(size: u64) -> Result<impl Iterator<Item = Tile>, TileError> {
    if size > MAX_SIZE {
        return Err(TileError::TooLarge);
    }
    let levels = layout(size);
    let bundles = levels.first().copied().into_iter().flat_map(|level| {
        level_tiles(level).map(|(index, width)| Tile::Entries { index, width }) //
    });
    let hashes = levels.into_iter().flat_map(|level| {
        level_tiles(level).map(move |(index, width)| Tile::Hashes { level: level.level, index, width }) //
    });
    Ok(bundles.chain(hashes))
}

fn level_tiles(level: LevelLayout) -> impl Iterator<Item = (u64, u16)> {
    let partial = (level.partial > 0).then_some((level.full, level.partial));
    (0..level.full).map(|index| (index, TILE_WIDTH)).chain(partial)
}

impl Tile {
    /// The hash tile at this place in a tree of `size` entries: full, partial, or none.
    #[must_use]
    pub fn hashes_at(level: u8, index: u64, size: u64) -> Option<Tile> {
        let hashes = size.checked_shr(u32::from(level).saturating_mul(8))?;
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = hashes.checked_sub(before)?.min(u64::from(TILE_WIDTH));
        let width = u16::try_from(width).ok().filter(|width| *width > 0)?;
        Some(Tile::Hashes { level, index, width })
    }

    /// The entry bundle at this place in a tree of `size` entries: full, partial, or none.
    #[must_use]
    pub fn entries_at(index: u64, size: u64) -> Option<Tile> {
        let width = Tile::hashes_at(0, index, size)?.width();
        Some(Tile::Entries { index, width })
    }
}

/// Where a complete node is found: it is the root of `count` hashes of one tile, starting at `first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileNode {
    /// The tile's level.
    pub level: u8,
    /// The tile's index.
    pub index: u64,
    /// The first hash in the tile.
    pub first: u16,
    /// How many hashes: a power of two, 1 to 128.
    pub count: u16,
}

impl TileNode {
    /// The tile to read, of a tree of `size` entries; `None` if the node is not complete in that tree.
    #[must_use]
    pub fn tile(&self, size: u64) -> Option<Tile> {
        Tile::hashes_at(self.level, self.index, size)
            .filter(|tile| tile.width() >= self.first.saturating_add(self.count))
    }

    /// Computes the node from the tile's hashes; `None` if the tile is too narrow.
    #[must_use]
    pub fn hash(&self, tile: &[Hash]) -> Option<Hash> {
        let first = usize::from(self.first);
        let row = tile.get(first..first.checked_add(usize::from(self.count))?)?;
        let mut range = CompactRange::new();
        for hash in row {
            range.push(*hash).ok()?;
        }
        Some(range.root())
    }
}

/// The place of the node at `level` of the tree (leaves have level 0) with this index within its level.
///
/// # Errors
/// [`TileError::TooLarge`] if no tree of at most [`MAX_SIZE`] entries has the node.
pub fn tile_of_node(level: u8, index: u64) -> Result<TileNode, TileError> {
    let end = index.checked_add(1).ok_or(TileError::TooLarge)?;
    // 48 is the level of the root of a full tree.
    if level > 48 || end > MAX_SIZE >> level {
        return Err(TileError::TooLarge);
    }
    let above = level % 8;
    let first_hash = index << above;
    let width = u64::from(TILE_WIDTH);
    let first = u16::try_from(first_hash % width).map_err(|_| TileError::TooLarge)?;
    Ok(TileNode { level: level / 8, index: first_hash / width, first, count: 1 << above })
}
