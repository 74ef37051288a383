//! Accessible SVG from plain data: histograms, heat maps, lines, bars, hemicycles, tile grids and maps.
//!
//! Every chart is a pure function from integers to a text of SVG: the same figures give the same bytes on any
//! machine. Colours, fonts and line widths are the stylesheet's: marks carry classes (`c0` to `c7` for series,
//! `h0` to `h8` for levels), so that dark mode, print and high contrast are one file of CSS. Nothing is said by
//! colour alone: series differ in dash or shape, levels are written into tiles, and every chart has a title and
//! a description. A page shows the same figures as a table beside it.
//!
//! What it is not: it computes no statistics, chooses no bins, knows no language and no election.
//!
//! ```
//! use recount_chart::{Histogram, Label};
//!
//! let label = Label { id: "turnout", title: "Stations by turnout", desc: "Most stations lie near half." };
//! let svg = Histogram { label, x_max: 100, bins: &[0, 3, 9, 4], band: None, ticks: 5 }.svg();
//! assert!(svg.starts_with("<svg") && svg.contains("<title id=\"turnout-t\">"));
//! ```

mod bars;
mod choropleth;
mod dots;
mod excess;
mod heat;
mod hemicycle;
mod histogram;
mod lines;
mod mark;
mod multiples;
mod scale;
mod spikes;
mod svg;
mod tiles;

pub use bars::{Bar, Bars};
pub use choropleth::{Area, Choropleth};
pub use dots::{Dot, Dots};
pub use excess::Excess;
pub use heat::HeatMap;
pub use hemicycle::{Bench, hemicycle};
pub use histogram::Histogram;
pub use lines::{Line, Lines};
pub use mark::swatch;
pub use multiples::{Multiples, Small};
pub use spikes::Spikes;
pub use tiles::{Tile, TileGrid};

/// What a chart is called, for those who do not see it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label<'a> {
    /// Makes the identifiers of its parts unique on the page. Letters, digits and hyphens.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// What is to be seen in it, in a sentence or two.
    pub desc: &'a str,
}
