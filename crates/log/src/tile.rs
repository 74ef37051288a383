//! Tiles and entry bundles: the files that a log consists of (C2SP tlog-tiles).
//!
//! A tile holds up to 256 consecutive hashes of one level of the tree; level `l` of the tiles is level `8 l` of the tree. An entry bundle holds the
//! entries whose hashes are in the level 0 tile of the same index.

mod bundle;
mod layout;
mod path;

pub use bundle::{Bundle, decode_bundle, encode_bundle, encode_bundle_into};
pub use layout::{LevelLayout, TileNode, layout, tile_of_node, tiles_at};

use crate::hash::Hash;

/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;
/// The highest level a tile's path may name.
pub const MAX_TILE_LEVEL: u8 = 63;

/// Why a tile, bundle or path was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not the canonical path of any tile.
    #[error(
        "{0:?} is not the path of a tile: expected such as \"tile/0/x001/234\", \"tile/1/000.p/17\" or \"tile/entries/067\""
    )]
    Path(String),
    /// A width of 0 or above 256.
    #[error("a tile or bundle is 1 to 256 wide, not {0}")]
    Width(usize),
    /// A hash tile whose length is not 32 bytes times its width.
    #[error("a tile of width {width} must hold {expected} bytes; it holds {found}")]
    HashesLength {
        /// The width asked for.
        width: u16,
        /// 32 bytes times the width.
        expected: usize,
        /// The bytes that are there.
        found: usize,
    },
    /// An entry of more than 65,535 bytes.
    #[error("entry {0} of the bundle is longer than 65,535 bytes")]
    EntryTooLong(usize),
    /// A bundle that ends within an entry.
    #[error("the bundle ends within its entry {0}: it was cut off or damaged")]
    CutOff(usize),
    /// Bytes behind a bundle's last entry.
    #[error("the bundle holds {0} bytes behind its last entry")]
    Trailing(usize),
    /// A size above [`crate::MAX_SIZE`], or a node outside any tree of that size.
    #[error("tile or tree beyond the limit of 2^48 entries")]
    TooLarge,
}

/// One file of the tree. `width` is 1 to 256; a tile of width 256 is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tile {
    /// Up to 256 hashes, 32 bytes each.
    Hashes {
        /// 0 holds leaf hashes; each hash of level `l + 1` is the root of a full tile of level `l`.
        level: u8,
        /// Which tile of the level, from 0.
        index: u64,
        /// How many hashes.
        width: u16,
    },
    /// Up to 256 entries.
    Entries {
        /// Which bundle, from 0.
        index: u64,
        /// How many entries.
        width: u16,
    },
}

impl Tile {
    /// How many hashes or entries.
    #[must_use]
    pub fn width(&self) -> u16 {
        match self {
            Tile::Hashes { width, .. } | Tile::Entries { width, .. } => *width,
        }
    }

    /// Which tile of its level, from 0.
    #[must_use]
    pub fn index(&self) -> u64 {
        match self {
            Tile::Hashes { index, .. } | Tile::Entries { index, .. } => *index,
        }
    }

    /// Whether the tile has all 256 hashes or entries.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.width() == TILE_WIDTH
    }

    /// The full tile at the same place: what a reader falls back to when a partial tile is gone.
    #[must_use]
    pub fn full(&self) -> Tile {
        match *self {
            Tile::Hashes { level, index, .. } => Tile::Hashes { level, index, width: TILE_WIDTH },
            Tile::Entries { index, .. } => Tile::Entries { index, width: TILE_WIDTH },
        }
    }
}

/// The hashes of a tile file, checked to be exactly `width` of them.
///
/// # Errors
/// [`TileError::Width`], [`TileError::HashesLength`].
pub fn decode_hashes(bytes: &[u8], width: u16) -> Result<Vec<Hash>, TileError> {
    if width == 0 || width > TILE_WIDTH {
        return Err(TileError::Width(usize::from(width)));
    }
    let expected = usize::from(width).saturating_mul(32);
    let (hashes, rest) = bytes.as_chunks::<32>();
    if bytes.len() != expected || !rest.is_empty() {
        return Err(TileError::HashesLength { width, expected, found: bytes.len() });
    }
    Ok(hashes.iter().map(|hash| Hash(*hash)).collect())
}

/// The bytes of a tile file.
#[must_use]
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
