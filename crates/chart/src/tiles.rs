//! A tile grid: one square for each unit, whatever its area. The level is written into the tile.

use crate::Label;
use crate::svg::{Svg, Text};

const SIDE: u64 = 100;
const GAP: u64 = 6;
/// More rows or columns than this are no map for reading.
const MOST: u64 = 200;

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile<'a> {
    /// Its name, for those who point at it or hear it.
    pub name: &'a str,
    /// A few letters that stand in the tile.
    pub short: &'a str,
    /// The figure that stands below them.
    pub figure: &'a str,
    /// From 0 to 8: the class of the tile's shade; none: no figure yet, and the tile is hatched by the stylesheet.
    pub level: Option<u64>,
    /// Column and row, from 0.
    pub place: (u64, u64),
    /// The page about it.
    pub href: Option<&'a str>,
}

/// The units of a country, each at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileGrid<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// The tiles. Those beyond 200 columns or rows are left out.
    pub tiles: &'a [Tile<'a>],
}

impl TileGrid<'_> {
    /// Places for units that have none: row by row, in a nearly square grid.
    #[must_use]
    pub fn places(units: usize) -> Vec<(u64, u64)> {
        let units = u64::try_from(units).unwrap_or(u64::MAX).min(MOST * MOST);
        let columns = (units.isqrt() + u64::from(units.isqrt().pow(2) < units)).max(1);
        (0..units).map(|unit| (unit % columns, unit / columns)).collect()
    }

    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let tiles = || self.tiles.iter().filter(|tile| tile.place.0 < MOST && tile.place.1 < MOST);
        let columns = tiles().map(|tile| tile.place.0 + 1).max().unwrap_or(1);
        let rows = tiles().map(|tile| tile.place.1 + 1).max().unwrap_or(1);
        let mut svg = Svg::open("tiles", columns * (SIDE + GAP), rows * (SIDE + GAP), &self.label);
        for tile in tiles() {
            let (x, y) = (tile.place.0 * (SIDE + GAP), tile.place.1 * (SIDE + GAP));
            if let Some(href) = tile.href {
                svg.put(format_args!("<a href=\"{}\">", Text(href)));
            }
            let class = tile.level.map_or_else(|| "none".to_owned(), |level| format!("h{}", level.min(8)));
            svg.put(format_args!(
                "<g class=\"tile {class}\"><title>{}: {}</title><rect x=\"{x}\" y=\"{y}\" width=\"{SIDE}\" \
                 height=\"{SIDE}\" rx=\"8\"/>",
                Text(tile.name),
                Text(tile.figure)
            ));
            svg.text("short", x + SIDE / 2, y + 44, "middle", tile.short);
            svg.text("figure", x + SIDE / 2, y + 76, "middle", tile.figure);
            svg.put(format_args!("</g>"));
            if tile.href.is_some() {
                svg.put(format_args!("</a>"));
            }
        }
        svg.close()
    }
}
