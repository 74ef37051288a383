//! Where the public side of a record is read from: a directory, a web server, or memory.

mod dir;
mod http;
mod memory;

use recount_log::{Hash, MAX_ENTRY, MAX_NOTE, Tile};

use crate::edge::bundle_prefix;
use crate::error::StoreError;
use crate::layout::{CHECKPOINT, blob_path, checkpoint_path};

pub use dir::DirSource;
pub(crate) use http::agent;
pub use http::{HttpLimits, HttpSource};
pub use memory::MemorySource;

/// The public side of a record. What it returns is not to be trusted.
pub trait Source: Sync {
    /// The file at `path` (relative to the record's prefix), or `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] if it has more than `most` bytes; [`StoreError::Io`], [`StoreError::Http`], [`StoreError::Limit`].
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// Every file, sorted; `None` if this source cannot tell, as a plain web server.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    fn list(&self) -> Result<Option<Vec<String>>, StoreError> {
        Ok(None)
    }

    /// What to call this source in messages.
    fn name(&self) -> String;

    /// The newest checkpoint.
    ///
    /// # Errors
    /// [`StoreError::NotARecord`] if there is none; as [`Source::get`].
    fn checkpoint(&self) -> Result<Vec<u8>, StoreError> {
        let found = self.get(CHECKPOINT, note_cap())?;
        found.ok_or_else(|| StoreError::NotARecord(self.name().into()))
    }

    /// The published checkpoint of exactly this size.
    ///
    /// # Errors
    /// As [`Source::get`].
    fn checkpoint_at(&self, size: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&checkpoint_path(size), note_cap())
    }

    /// The bytes of a tile. If a partial tile is gone they are taken from the full one.
    ///
    /// # Errors
    /// [`StoreError::Missing`]; [`StoreError::Tampered`] if a full tile is too short; as [`Source::get`].
    fn tile(&self, tile: &Tile) -> Result<Vec<u8>, StoreError> {
        let path = tile.path();
        if let Some(bytes) = self.get(&path, tile_cap(tile))? {
            return Ok(bytes);
        }
        let full = tile.full();
        if full == *tile {
            return Err(StoreError::Missing { path });
        }
        let mut bytes = self.get(&full.path(), tile_cap(&full))?.ok_or(StoreError::Missing { path })?;
        let length =
            tile_prefix(tile, &bytes).ok_or_else(|| StoreError::tampered(full.path(), "too short for the tree"))?;
        bytes.truncate(length);
        Ok(bytes)
    }

    /// A blob of at most `most` bytes, checked against its hash; `None` if it is not there.
    ///
    /// # Errors
    /// [`StoreError::Tampered`]; as [`Source::get`].
    fn blob(&self, hash: &Hash, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let path = blob_path(hash);
        let Some(bytes) = self.get(&path, most)? else { return Ok(None) };
        if recount_log::sha256(&bytes) != *hash {
            return Err(StoreError::tampered(path, "its bytes do not have the hash that is its name"));
        }
        Ok(Some(bytes))
    }
}

impl<S: Source + ?Sized> Source for Box<S>
where
    Box<S>: Sync,
{
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).get(path, most)
    }

    fn list(&self) -> Result<Option<Vec<String>>, StoreError> {
        (**self).list()
    }

    fn name(&self) -> String {
        (**self).name()
    }
}

/// Opens what a person named: a web address, or a directory.
///
/// # Errors
/// [`StoreError::NotARecord`], [`StoreError::Invalid`].
pub fn open_source(place: &str) -> Result<Box<dyn Source + Send>, StoreError> {
    if place.starts_with("http://") || place.starts_with("https://") {
        return Ok(Box::new(HttpSource::new(place, HttpLimits::default())?));
    }
    Ok(Box::new(DirSource::open(std::path::Path::new(place))?))
}

pub(crate) fn note_cap() -> u64 {
    u64::try_from(MAX_NOTE).unwrap_or(u64::MAX)
}

/// The most bytes that a tile can have.
pub(crate) fn tile_cap(tile: &Tile) -> u64 {
    let each = match tile {
        Tile::Hashes { .. } => 32,
        Tile::Entries { .. } => u64::try_from(MAX_ENTRY).unwrap_or(u64::MAX).saturating_add(2),
    };
    u64::from(tile.width()).saturating_mul(each)
}

/// How many bytes of a wider tile belong to this one.
pub(crate) fn tile_prefix(tile: &Tile, bytes: &[u8]) -> Option<usize> {
    match tile {
        Tile::Hashes { width, .. } => Some(usize::from(*width).saturating_mul(32)).filter(|end| *end <= bytes.len()),
        Tile::Entries { width, .. } => bundle_prefix(bytes, *width),
    }
}
