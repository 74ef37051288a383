//! Proofs out of tiles that have themselves been proved: every tile is checked up to the root before a hash of it is used.

use std::collections::BTreeMap;

use recount_log::{
    CompactRange, Hash, HashReader, ProveError, Tile, consistency_proof, inclusion_proof, root_at, tile_of_node,
};

use crate::edge::{hashes_of, partial_tiles};
use crate::error::{Head, StoreError};
use crate::source::Source;

/// Tiles kept in memory; beyond that the memory is emptied and filled again.
const MOST_TILES: usize = 1024;

/// Makes proofs for one checkpoint. Keeps the tiles it has checked.
pub struct Prover<R> {
    head: Head,
    read: R,
    edge: BTreeMap<(u8, u64), Vec<Hash>>,
    checked: BTreeMap<(u8, u64), Vec<Hash>>,
}

/// Where a prover reads tiles. What it returns is not trusted.
pub trait TileReader {
    /// The bytes of exactly this tile.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read_tile(&mut self, tile: &Tile) -> Result<Vec<u8>, StoreError>;
}

impl<S: Source> TileReader for &S {
    fn read_tile(&mut self, tile: &Tile) -> Result<Vec<u8>, StoreError> {
        self.tile(tile)
    }
}

fn root_of(hashes: &[Hash]) -> Option<Hash> {
    let mut range = CompactRange::new();
    for hash in hashes {
        range.push(*hash).ok()?;
    }
    Some(range.root())
}

impl<R: TileReader> Prover<R> {
    /// A prover for the tree of this size and root; tiles are read from `read`.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] if the tiles at the right edge do not give the root; whatever `read` reports.
    pub fn new(head: Head, mut read: R) -> Result<Prover<R>, StoreError> {
        let mut edge = BTreeMap::new();
        for tile in partial_tiles(head.size) {
            if let Tile::Hashes { level, index, .. } = tile {
                edge.insert((level, index), hashes_of(&tile, &read.read_tile(&tile)?)?);
            }
        }
        let mut prover = Prover { head, read, edge, checked: BTreeMap::new() };
        if prover.root_at(head.size)? != head.root {
            let names: Vec<String> = partial_tiles(head.size).map(|tile| tile.path()).collect();
            let why = "the tiles at the right edge do not give the checkpoint's root";
            return Err(StoreError::tampered(names.join(", "), why));
        }
        Ok(prover)
    }

    /// The checked hashes of the tile of this level and index, as far as this tree reaches.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] if it does not belong to the tree; whatever `read` reports.
    pub fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], StoreError> {
        let place = (level, index);
        if !self.edge.contains_key(&place) && !self.checked.contains_key(&place) {
            self.check(level, index)?;
        }
        let found = self.edge.get(&place).or_else(|| self.checked.get(&place));
        found.map(Vec::as_slice).ok_or_else(|| outside(level, index))
    }

    fn check(&mut self, level: u8, index: u64) -> Result<(), StoreError> {
        let tile =
            Tile::hashes_at(level, index, self.head.size).filter(Tile::is_full).ok_or_else(|| outside(level, index))?;
        let hashes = hashes_of(&tile, &self.read.read_tile(&tile)?)?;
        let above = self.tile(level.saturating_add(1), index >> 8)?;
        let place = usize::try_from(index & 255).unwrap_or(usize::MAX);
        if root_of(&hashes).as_ref() != above.get(place) {
            return Err(StoreError::tampered(tile.path(), "does not belong to the checkpoint's tree"));
        }
        if self.checked.len() >= MOST_TILES {
            self.checked.clear();
        }
        self.checked.insert((level, index), hashes);
        Ok(())
    }

    /// The proof that entry `index` is in the tree.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`]; [`StoreError::Tampered`]; whatever `read` reports.
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, StoreError> {
        let size = self.head.size;
        if index >= size {
            return Err(StoreError::NotCovered { what: "entry", asked: index, size });
        }
        inclusion_proof(index, size, self).map_err(flatten)
    }

    /// The proof that the tree begins with that of `old` entries.
    ///
    /// # Errors
    /// As [`Prover::inclusion`].
    pub fn consistency(&mut self, old: u64) -> Result<Vec<Hash>, StoreError> {
        let size = self.head.size;
        if old > size {
            return Err(StoreError::NotCovered { what: "size", asked: old, size });
        }
        consistency_proof(old, size, self).map_err(flatten)
    }

    /// The root of the first `size` entries.
    ///
    /// # Errors
    /// As [`Prover::inclusion`].
    pub fn root_at(&mut self, size: u64) -> Result<Hash, StoreError> {
        if size > self.head.size {
            return Err(StoreError::NotCovered { what: "size", asked: size, size: self.head.size });
        }
        root_at(size, self).map_err(flatten)
    }
}

impl<R: TileReader> HashReader for Prover<R> {
    type Error = StoreError;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, StoreError> {
        let node = tile_of_node(level, index).map_err(|error| StoreError::tampered("tile", error.to_string()))?;
        node.hash(self.tile(node.level, node.index)?).ok_or_else(|| outside(node.level, node.index))
    }
}

fn outside(level: u8, index: u64) -> StoreError {
    StoreError::tampered(format!("tile {index} of level {level}"), "lies outside the tree")
}

fn flatten(error: ProveError<StoreError>) -> StoreError {
    match error {
        ProveError::Proof(error) => StoreError::Invalid(error.to_string()),
        ProveError::Read(error) => error,
    }
}
