//! Entries, bundle by bundle.

use std::ops::Range;

use recount_log::{CompactRange, Hash, Tile, leaf_hash};

use super::Reader;
use crate::edge::{TILE_WIDTH, bundle_of};
use crate::error::StoreError;
use crate::parallel::ordered;
use crate::source::Source;

/// Some consecutive entries, at most 256, in one piece of memory that can go to another thread.
#[derive(Debug, Clone)]
pub struct Entries {
    first: u64,
    bytes: Vec<u8>,
    /// Where each entry lies in `bytes`.
    places: Vec<Range<usize>>,
}

impl Entries {
    /// Splits the bytes of a bundle and keeps the entries of `wanted`.
    fn new(tile: &Tile, bytes: Vec<u8>, wanted: &Range<u64>) -> Result<(Entries, Vec<Hash>), StoreError> {
        let mut index = tile.index().saturating_mul(TILE_WIDTH);
        let first = index.max(wanted.start);
        let mut at = 0usize;
        let mut places = Vec::with_capacity(usize::from(tile.width()));
        let mut leaves = Vec::with_capacity(usize::from(tile.width()));
        for entry in bundle_of(tile, &bytes)?.iter() {
            let start = at.saturating_add(2);
            at = start.saturating_add(entry.len());
            if wanted.contains(&index) {
                places.push(start..at);
            }
            leaves.push(leaf_hash(entry));
            index = index.saturating_add(1);
        }
        Ok((Entries { first, bytes, places }, leaves))
    }

    /// The index of the first of them.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Each entry with its index.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let entries = self.places.iter().map(|place| self.bytes.get(place.clone()).unwrap_or_default());
        (self.first..).zip(entries)
    }
}

impl<S: Source> Reader<S> {
    /// Reads the entries of `range` on `threads` threads: `work` runs on those threads, one bundle at a time, and `sink` gets its results
    /// in order on this thread.
    ///
    /// Every leaf is hashed. A part of the record is checked tile by tile before `sink` sees it. For the whole record (0 to the
    /// checkpoint's size) the root is computed anew instead: then **nothing that `sink` got counts before this returns without an error**.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`]; [`StoreError::Tampered`], [`StoreError::Missing`]; as [`Source::get`]; what `sink` returns.
    pub fn scan<T, E>(
        &self,
        range: Range<u64>,
        threads: usize,
        work: impl Fn(Entries) -> T + Sync,
        mut sink: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E>
    where
        T: Send,
        E: From<StoreError> + Send,
    {
        let size = self.checkpoint().size;
        if range.end > self.size() {
            return Err(StoreError::NotCovered { what: "entry", asked: range.end, size: self.size() }.into());
        }
        if range.is_empty() {
            return Ok(());
        }
        let start = range.start / TILE_WIDTH;
        let count = range.end.div_ceil(TILE_WIDTH).saturating_sub(start);
        let read = |n: u64| {
            let tile = Tile::entries_at(start.saturating_add(n), size).ok_or(StoreError::NotCovered {
                what: "entry",
                asked: range.start,
                size,
            })?;
            let (entries, leaves) = Entries::new(&tile, self.source().tile(&tile)?, &range)?;
            Ok::<_, E>((leaves, work(entries)))
        };
        if range == (0..size) {
            let mut tree = CompactRange::new();
            ordered(count, threads, read, |_, (leaves, result)| {
                for leaf in leaves {
                    tree.push(leaf).map_err(|_| StoreError::Full)?;
                }
                sink(result)
            })?;
            let fits = tree.root() == self.checkpoint().root;
            return if fits { Ok(()) } else { Err(other_root().into()) };
        }
        let mut prover = self.prover()?;
        ordered(count, threads, read, |n, (leaves, result)| {
            let index = start.saturating_add(n);
            if prover.tile(0, index)? != leaves {
                let path = Tile::entries_at(index, size).map_or(String::new(), |tile| tile.path());
                return Err(StoreError::tampered(path, "its entries do not belong to the checkpoint's tree").into());
            }
            sink(result)
        })
    }

    /// Reads the entries of `range`, one after the other, on this thread. As [`Reader::scan`].
    ///
    /// # Errors
    /// As [`Reader::scan`].
    pub fn entries<E: From<StoreError> + Send>(
        &self,
        range: Range<u64>,
        mut each: impl FnMut(u64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.scan(
            range,
            1,
            |entries| entries,
            |entries: Entries| entries.iter().try_for_each(|(index, entry)| each(index, entry)),
        )
    }

    /// One entry.
    ///
    /// # Errors
    /// As [`Reader::scan`].
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, StoreError> {
        let mut found = Vec::new();
        let end = index.checked_add(1).ok_or(StoreError::Full)?;
        self.entries(index..end, |_, entry| {
            found = entry.to_vec();
            Ok::<_, StoreError>(())
        })?;
        Ok(found)
    }
}

pub(super) fn other_root() -> StoreError {
    StoreError::tampered("tile/entries", "the entries do not give the checkpoint's root")
}
