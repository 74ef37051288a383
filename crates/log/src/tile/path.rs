//! Paths of tiles, such as `tile/0/x001/x234/067.p/5`.

use std::fmt;
use std::str::FromStr;

use super::{MAX_TILE_LEVEL, TILE_WIDTH, Tile, TileError};
use crate::checkpoint::{parse_decimal, shorten};

impl Tile {
    /// The path below the record's prefix. Defined for widths 1 to 256.
    #[must_use]
    pub fn path(&self) -> String {
        let mut out = match self {
            Tile::Hashes { level, .. } => format!("tile/{level}/"),
            Tile::Entries { .. } => "tile/entries/".to_owned(),
        };
        push_index(&mut out, self.index());
        if !self.is_full() {
            out.push_str(".p/");
            out.push_str(&self.width().to_string());
        }
        out
    }

    /// Reads a path. Only the one canonical spelling of a tile is accepted, so that no two paths name the same tile.
    ///
    /// # Errors
    /// [`TileError::Path`].
    pub fn parse_path(path: &str) -> Result<Tile, TileError> {
        parse(path).ok_or_else(|| TileError::Path(shorten(path)))
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

impl FromStr for Tile {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Tile, TileError> {
        Tile::parse_path(path)
    }
}

/// Groups of three digits; all but the last begin with `x`.
fn push_index(out: &mut String, index: u64) {
    if index >= 1000 {
        push_high_groups(out, index / 1000);
    }
    out.push_str(&format!("{:03}", index % 1000));
}

fn push_high_groups(out: &mut String, high: u64) {
    if high >= 1000 {
        push_high_groups(out, high / 1000);
    }
    out.push_str(&format!("x{:03}/", high % 1000));
}

fn parse(path: &str) -> Option<Tile> {
    let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, parse_width(width)?),
        None => (rest, TILE_WIDTH),
    };
    let index = parse_index(index)?;
    if level == "entries" {
        return Some(Tile::Entries { index, width });
    }
    let level = parse_decimal(level).and_then(|level| u8::try_from(level).ok())?;
    (level <= MAX_TILE_LEVEL).then_some(Tile::Hashes { level, index, width })
}

fn parse_width(text: &str) -> Option<u16> {
    let width = parse_decimal(text).and_then(|width| u16::try_from(width).ok())?;
    (1..TILE_WIDTH).contains(&width).then_some(width)
}

fn parse_index(text: &str) -> Option<u64> {
    let mut groups = text.split('/').peekable();
    let mut index = 0u64;
    let mut first = true;
    while let Some(group) = groups.next() {
        let last = groups.peek().is_none();
        let digits = if last { group } else { group.strip_prefix('x')? };
        // A leading group of zeros would be a second spelling of the same index.
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) || (first && !last && digits == "000") {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        first = false;
    }
    Some(index)
}
