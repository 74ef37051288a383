//! Checking every byte of a record's public side that the checkpoint vouches for.

use std::collections::{BTreeMap, BTreeSet};

use recount_log::{CompactRange, Hash, Tile, empty_root, encode_hashes, leaf_hash};

use super::Reader;
use super::entries::other_root;
use crate::edge::{TILE_WIDTH, bundle_of, partial_tiles};
use crate::error::{Head, StoreError};
use crate::layout::{CHECKPOINT, checkpoint_path, parse_blob_path, parse_checkpoint_path};
use crate::parallel::ordered;
use crate::source::{Source, tile_cap, tile_prefix};

/// What was checked, and what nobody vouches for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TreeReport {
    /// Entries hashed.
    pub entries: u64,
    /// Bytes of bundles read.
    pub bytes: u64,
    /// Tile and bundle files compared byte for byte.
    pub tiles: u64,
    /// Kept checkpoints whose signature and root were checked (only if the source can list its files).
    pub checkpoints: u64,
    /// Files that belong to a later checkpoint than the frozen one: the record grew meanwhile, or an earlier size was asked for.
    pub later: Vec<String>,
    /// Files that nobody vouches for and no part of a record: ignored by every reader.
    pub strays: Vec<String>,
}

/// What became of the blobs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlobReport {
    /// Blobs whose bytes have the hash that is their name.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// A hash tile or a bundle, whatever its width. Bundles stand apart from the hashes of level 0.
type Place = (Option<u8>, u64);

fn place_of(tile: &Tile) -> Place {
    match tile {
        Tile::Hashes { level, index, .. } => (Some(*level), *index),
        Tile::Entries { index, .. } => (None, *index),
    }
}

fn tile_at(place: Place, size: u64) -> Option<Tile> {
    match place {
        (Some(level), index) => Tile::hashes_at(level, index, size),
        (None, index) => Tile::entries_at(index, size),
    }
}

/// The files of a source, sorted by what they are.
#[derive(Default)]
struct Inventory {
    /// Tile files beside those that the frozen tree consists of: other partial widths.
    others: BTreeMap<Place, Vec<Tile>>,
    checkpoints: BTreeSet<u64>,
    report: TreeReport,
}

impl Inventory {
    fn of(files: Vec<String>, size: u64) -> Inventory {
        let mut found = Inventory::default();
        for path in files {
            if let Some(kept) = parse_checkpoint_path(&path) {
                if kept <= size {
                    found.checkpoints.insert(kept);
                } else {
                    found.report.later.push(path);
                }
            } else if let Ok(tile) = Tile::parse_path(&path) {
                match tile_at(place_of(&tile), size) {
                    None => found.report.later.push(path),
                    Some(expected) if expected == tile => {}
                    Some(_) => found.others.entry(place_of(&tile)).or_default().push(tile),
                }
            } else if path != CHECKPOINT && parse_blob_path(&path).is_none() {
                found.report.strays.push(path);
            }
        }
        found
    }
}

/// One bundle after its own check.
struct Checked {
    leaves: Vec<Hash>,
    bytes: u64,
    tiles: u64,
    later: Vec<String>,
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl<S: Source> Reader<S> {
    /// Computes the root anew from every entry of the frozen checkpoint, and compares every tile file with it byte for byte: the files that
    /// the tree consists of, and if the source can list its files also older partial tiles and every kept checkpoint.
    ///
    /// `progress` gets the number of entries done. Memory stays bounded: one row of hashes per level.
    ///
    /// # Errors
    /// The first file that does not fit: [`StoreError::Tampered`], [`StoreError::Missing`], [`StoreError::Note`]; as [`Source::get`].
    pub fn verify_tree(&self, threads: usize, mut progress: impl FnMut(u64)) -> Result<TreeReport, StoreError> {
        let size = self.checkpoint().size;
        let mut inventory = Inventory::of(self.source().list()?.unwrap_or_default(), size);
        let mut report = std::mem::take(&mut inventory.report);
        let mut tree = Growing { range: CompactRange::new(), rows: Vec::new() };
        let mut kept = inventory.checkpoints.iter().copied().peekable();
        if kept.next_if_eq(&0).is_some() {
            self.check_kept(Head { size: 0, root: empty_root() })?;
            report.checkpoints = report.checkpoints.saturating_add(1);
        }
        let work = |n: u64| self.check_bundle(n, &inventory);
        ordered(size.div_ceil(TILE_WIDTH), threads, work, |_, checked| {
            for leaf in checked.leaves {
                tree.push(leaf, |tile, bytes| self.compare(tile, bytes, &inventory, &mut report))?;
                report.entries = tree.range.size();
                if kept.next_if_eq(&report.entries).is_some() {
                    self.check_kept(Head { size: report.entries, root: tree.range.root() })?;
                    report.checkpoints = report.checkpoints.saturating_add(1);
                }
            }
            report.bytes = report.bytes.saturating_add(checked.bytes);
            report.tiles = report.tiles.saturating_add(checked.tiles);
            report.later.extend(checked.later);
            progress(report.entries);
            Ok(())
        })?;
        for tile in partial_tiles(size) {
            if let Tile::Hashes { level: level @ 1.., .. } = tile {
                let row = tree.rows.get(usize::from(level)).map(|row| encode_hashes(row)).unwrap_or_default();
                self.compare(tile, &row, &inventory, &mut report)?;
            }
        }
        if tree.range.root() != self.checkpoint().root {
            return Err(other_root());
        }
        report.later.sort();
        Ok(report)
    }

    /// Reads one bundle and compares the hash tile beside it.
    fn check_bundle(&self, index: u64, inventory: &Inventory) -> Result<Checked, StoreError> {
        let size = self.checkpoint().size;
        let tile = Tile::entries_at(index, size).ok_or(StoreError::Full)?;
        let bytes = self.source().tile(&tile)?;
        let leaves: Vec<Hash> = bundle_of(&tile, &bytes)?.iter().map(leaf_hash).collect();
        let mut report = TreeReport { bytes: length(&bytes), tiles: 1, ..TreeReport::default() };
        self.compare_others(tile, &bytes, inventory, &mut report)?;
        let hashes = Tile::Hashes { level: 0, index, width: tile.width() };
        self.compare(hashes, &encode_hashes(&leaves), inventory, &mut report)?;
        Ok(Checked { leaves, bytes: report.bytes, tiles: report.tiles, later: report.later })
    }

    /// Compares a tile file, and the other widths of it, with the bytes that belong there.
    fn compare(
        &self,
        tile: Tile,
        expected: &[u8],
        inventory: &Inventory,
        report: &mut TreeReport,
    ) -> Result<(), StoreError> {
        if self.source().tile(&tile)? != expected {
            return Err(StoreError::tampered(tile.path(), "is not what the entries give"));
        }
        report.tiles = report.tiles.saturating_add(1);
        self.compare_others(tile, expected, inventory, report)
    }

    fn compare_others(
        &self,
        tile: Tile,
        expected: &[u8],
        inventory: &Inventory,
        report: &mut TreeReport,
    ) -> Result<(), StoreError> {
        for other in inventory.others.get(&place_of(&tile)).into_iter().flatten() {
            let path = other.path();
            // It may have gone since it was listed: full tiles replace partial ones.
            let Some(found) = self.source().get(&path, tile_cap(other))? else { continue };
            let narrower = if other.width() < tile.width() { other } else { &tile };
            let fits = if other.width() < tile.width() {
                tile_prefix(narrower, expected).and_then(|end| expected.get(..end)) == Some(&found[..])
            } else {
                report.later.push(path.clone());
                tile_prefix(narrower, &found).and_then(|end| found.get(..end)) == Some(expected)
            };
            if !fits {
                return Err(StoreError::tampered(path, "is not what the entries give"));
            }
            report.tiles = report.tiles.saturating_add(1);
        }
        Ok(())
    }

    /// Checks the checkpoint kept under a size against the tree.
    fn check_kept(&self, head: Head) -> Result<(), StoreError> {
        let path = checkpoint_path(head.size);
        let bytes =
            self.source().checkpoint_at(head.size)?.ok_or_else(|| StoreError::Missing { path: path.clone() })?;
        let kept = self.kept(head.size, bytes)?;
        if kept.head().root != head.root {
            return Err(StoreError::tampered(
                path,
                format!("states another root than {head}: the log signed two histories"),
            ));
        }
        Ok(())
    }

    /// Hashes every blob that the source can list. Which blobs the statements name is not this crate's question.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] for the first blob whose bytes do not have the hash that is its name; as [`Source::get`].
    pub fn verify_blobs(
        &self,
        threads: usize,
        most: u64,
        mut progress: impl FnMut(u64),
    ) -> Result<BlobReport, StoreError> {
        let files = self.source().list()?.unwrap_or_default();
        let hashes: Vec<Hash> = files.iter().filter_map(|path| parse_blob_path(path)).collect();
        let mut report = BlobReport::default();
        let count = u64::try_from(hashes.len()).unwrap_or(u64::MAX);
        let work = |n: u64| match usize::try_from(n).ok().and_then(|n| hashes.get(n)) {
            Some(hash) => self.source().blob(hash, most),
            None => Ok(None),
        };
        ordered(count, threads, work, |_, blob| {
            if let Some(bytes) = blob {
                report.blobs = report.blobs.saturating_add(1);
                report.bytes = report.bytes.saturating_add(length(&bytes));
            }
            progress(report.blobs);
            Ok(())
        })?;
        Ok(report)
    }
}

/// The tree as it is computed anew, with the open row of hashes of each tile level above 0.
struct Growing {
    range: CompactRange,
    rows: Vec<Vec<Hash>>,
}

impl Growing {
    /// Adds a leaf; `full` gets every tile above level 0 that it completes.
    fn push(
        &mut self,
        leaf: Hash,
        mut full: impl FnMut(Tile, &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut nodes: Vec<(u8, u64, Hash)> = Vec::new();
        self.range
            .push_with(leaf, |level, index, hash| {
                if level % 8 == 0 && level > 0 {
                    nodes.push((level / 8, index, hash));
                }
            })
            .map_err(|_| StoreError::Full)?;
        for (level, index, hash) in nodes {
            let wanted = usize::from(level).saturating_add(1);
            if self.rows.len() < wanted {
                self.rows.resize(wanted, Vec::new());
            }
            let Some(row) = self.rows.get_mut(usize::from(level)) else { continue };
            row.push(hash);
            if row.len() == 256 {
                full(Tile::Hashes { level, index: index / TILE_WIDTH, width: 256 }, &encode_hashes(row))?;
                row.clear();
            }
        }
        Ok(())
    }
}
