//! Small multiples: one small heat map for each unit, all on the same scale.

use std::fmt::Write;

use crate::Label;
use crate::scale::place;
use crate::svg::Svg;

const COLUMNS: usize = 5;
const SIDE: u64 = 180;
const CELL: u64 = SIDE + 20;
const ROW: u64 = SIDE + 44;
const LEVELS: usize = 9;
/// A name is cut after so many characters; the table beside the picture has it whole.
const NAME: usize = 22;

/// One small picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Small<'a> {
    /// Its name.
    pub name: &'a str,
    /// Counts of its cells: (column, row from below, count).
    pub cells: &'a [(u32, u32, u64)],
}

/// Small pictures, row by row, in the order given. The shade of a cell is its count's part of the fullest cell of its own picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multiples<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// Cells along each side of a picture.
    pub side: u32,
    /// The pictures.
    pub all: &'a [Small<'a>],
}

impl Multiples<'_> {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let rows = u64::try_from(self.all.len().div_ceil(COLUMNS)).unwrap_or(0);
        let columns = u64::try_from(COLUMNS).unwrap_or(1);
        let mut svg = Svg::open("multiples", columns * CELL, rows * ROW + 4, &self.label);
        let mut paths = vec![String::new(); LEVELS];
        let mut frames = String::new();
        for (at, small) in self.all.iter().enumerate() {
            let whole = |n: usize| u64::try_from(n).unwrap_or(0);
            let (x, y) = (whole(at % COLUMNS) * CELL + 10, whole(at / COLUMNS) * ROW + 26);
            let _ = write!(frames, "M{x} {y}h{SIDE}v{SIDE}h-{SIDE}z");
            svg.text("name", x, y - 7, "start", shorter(small.name));
            self.cells(small, (x, y), &mut paths);
        }
        for (level, path) in paths.iter().enumerate() {
            svg.path(&format!("h{level}"), path);
        }
        svg.path("frame", &frames);
        svg.close()
    }

    fn cells(&self, small: &Small<'_>, (x, y): (u64, u64), paths: &mut [String]) {
        let most = small.cells.iter().map(|(_, _, count)| *count).max().unwrap_or(0);
        let edge = |at: u32| place(u64::from(at), u64::from(self.side), SIDE);
        for (column, row, count) in small.cells.iter().filter(|(c, r, _)| *c < self.side && *r < self.side) {
            let level = place(*count, most, u64::try_from(LEVELS - 1).unwrap_or(0));
            let Some(path) = usize::try_from(level).ok().and_then(|level| paths.get_mut(level)) else { continue };
            let (left, right) = (edge(*column), edge(column + 1));
            let (low, high) = (edge(*row), edge(row + 1));
            let (left_at, top) = (x + left, y + SIDE - high);
            let _ = write!(path, "M{left_at} {top}h{}v{}h-{}z", right - left, high - low, right - left);
        }
    }
}

fn shorter(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let mut text: String = name.chars().take(NAME - 1).collect();
    text.push('…');
    text
}
