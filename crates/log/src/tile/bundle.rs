//! Entry bundles: entries, each behind its length in two big-endian bytes.

use super::{TILE_WIDTH, TileError};

/// Writes a bundle of 1 to 256 entries of at most 65,535 bytes each.
///
/// # Errors
/// [`TileError::Width`], [`TileError::EntryTooLong`].
pub fn encode_bundle<I>(entries: I) -> Result<Vec<u8>, TileError>
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    let mut out = Vec::new();
    let mut count = 0usize;
    for entry in entries {
        encode_bundle_into(&mut out, entry.as_ref()).map_err(|_| TileError::EntryTooLong(count))?;
        count = count.saturating_add(1);
        if count > usize::from(TILE_WIDTH) {
            return Err(TileError::Width(count));
        }
    }
    if count == 0 { Err(TileError::Width(0)) } else { Ok(out) }
}

/// Appends one entry to the bytes of a bundle.
///
/// # Errors
/// [`TileError::EntryTooLong`] with number 0.
pub fn encode_bundle_into(out: &mut Vec<u8>, entry: &[u8]) -> Result<(), TileError> {
    let length = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong(0))?;
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(entry);
    Ok(())
}

/// Reads a bundle of exactly `width` entries. Nothing is copied.
///
/// # Errors
/// [`TileError`]: too few bytes, too many, or a width outside 1 to 256.
pub fn decode_bundle(bytes: &[u8], width: u16) -> Result<Bundle<'_>, TileError> {
    if width == 0 || width > TILE_WIDTH {
        return Err(TileError::Width(usize::from(width)));
    }
    let mut rest = bytes;
    for number in 0..usize::from(width) {
        (_, rest) = split_entry(rest).ok_or(TileError::CutOff(number))?;
    }
    if !rest.is_empty() {
        return Err(TileError::Trailing(rest.len()));
    }
    Ok(Bundle { bytes, width })
}

fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// A checked bundle that borrows its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundle<'a> {
    bytes: &'a [u8],
    width: u16,
}

impl<'a> Bundle<'a> {
    /// How many entries.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.bytes;
        std::iter::from_fn(move || {
            let (entry, after) = split_entry(rest)?;
            rest = after;
            Some(entry)
        })
    }

    /// The entry at this place, from 0.
    #[must_use]
    pub fn get(&self, place: u16) -> Option<&'a [u8]> {
        self.iter().nth(usize::from(place))
    }
}
