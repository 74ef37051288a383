//! A heat map: counts in cells of a square, one path for each level.

use std::fmt::Write;

use crate::Label;
use crate::scale::{grouped, place};
use crate::svg::Svg;

const LEFT: u64 = 60;
const TOP: u64 = 36;
const SIDE: u64 = 800;
const LEVELS: usize = 9;

/// Counts of cells, row by row from below. All rows are as long as the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeatMap<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// What the horizontal axis says, from 0 to 100.
    pub x: &'a str,
    /// What the vertical axis says, from 0 to 100.
    pub y: &'a str,
    /// The counts.
    pub rows: &'a [Vec<u64>],
    /// The count at which the strongest level begins. The same number keeps two pictures comparable.
    pub strongest: u64,
}

impl HeatMap<'_> {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut svg = Svg::open("heat", LEFT + SIDE + 90, TOP + SIDE + 60, &self.label);
        for part in 0..=5u64 {
            let (value, at) = (part * 20, place(part, 5, SIDE));
            svg.line("grid", (LEFT + at, TOP), (LEFT + at, TOP + SIDE));
            svg.line("grid", (LEFT, TOP + SIDE - at), (LEFT + SIDE, TOP + SIDE - at));
            svg.text("tick", LEFT + at, TOP + SIDE + 24, "middle", value);
            svg.text("tick", LEFT - 8, TOP + SIDE - at + 5, "end", value);
        }
        for (level, path) in self.paths().iter().enumerate() {
            svg.path(&format!("h{level}"), path);
        }
        svg.text("axis", LEFT + SIDE / 2, TOP + SIDE + 50, "middle", self.x);
        svg.text("axis", 0, TOP - 14, "start", self.y);
        self.key(&mut svg);
        svg.close()
    }

    /// The cells of each level above nothing.
    fn paths(&self) -> Vec<String> {
        let mut paths = vec![String::new(); LEVELS];
        let columns = self.rows.first().map_or(0, Vec::len);
        let edge = |at: usize, of: usize| {
            place(u64::try_from(at).unwrap_or(u64::MAX), u64::try_from(of).unwrap_or(u64::MAX), SIDE)
        };
        for (row, counts) in self.rows.iter().enumerate() {
            let (low, high) = (edge(row, self.rows.len()), edge(row + 1, self.rows.len()));
            for (column, count) in counts.iter().enumerate().take(columns) {
                let Some(path) = self.level(*count).and_then(|level| paths.get_mut(level)) else { continue };
                let (left, right) = (edge(column, columns), edge(column + 1, columns));
                let _ = write!(
                    path,
                    "M{} {}h{}v{}h-{}z",
                    LEFT + left,
                    TOP + SIDE - high,
                    right - left,
                    high - low,
                    right - left
                );
            }
        }
        paths
    }

    /// The level of a count: equal steps up to the strongest.
    fn level(&self, count: u64) -> Option<usize> {
        if count == 0 {
            return None;
        }
        let top = u64::try_from(LEVELS - 1).unwrap_or(0);
        usize::try_from(place(count, self.strongest, top)).ok()
    }

    /// The levels beside the picture, with the counts at which they begin.
    fn key(&self, svg: &mut Svg) {
        let top = u64::try_from(LEVELS - 1).unwrap_or(0);
        for (level, step) in (0..LEVELS).zip(0u64..) {
            let y = TOP + SIDE - (step + 1) * 40;
            svg.path(&format!("h{level}"), &format!("M{} {y}h24v36h-24z", LEFT + SIDE + 12));
            // The least count of the level: the first whose share of the strongest reaches the step.
            let least = (u128::from(step) * u128::from(self.strongest)).div_ceil(u128::from(top)).max(1);
            svg.text("tick", LEFT + SIDE + 40, y + 24, "start", grouped(u64::try_from(least).unwrap_or(u64::MAX)));
        }
    }
}
