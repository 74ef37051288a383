//! Counts in a thousand narrow bins, with the band of what chance gives and the bins that rise out of it.

use std::fmt::Write;

use crate::Label;
use crate::scale::{grouped, place, steps};
use crate::svg::Svg;

/// Wide enough for two places a bin.
const WIDTH: u64 = 2_200;
const HEIGHT: u64 = 800;
const LEFT: u64 = 140;
const TOP: u64 = 50;
const PLOT_WIDTH: u64 = 2_010;
const PLOT_HEIGHT: u64 = HEIGHT - TOP - 100;
/// The vertical axis has at most so many steps.
const MOST_STEPS: u64 = 6;
/// At most so many spikes are named; the table beside the picture has them all.
const NAMED: usize = 12;

/// Counts in tenths of a percent, from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spikes<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// Counts of the bins, from left to right.
    pub bins: &'a [u64],
    /// For each bin the least and the most that chance alone would give.
    pub band: &'a [(u64, u64)],
    /// Bins that stand out, with what is written above them; the first ones are named.
    pub marked: &'a [(usize, String)],
    /// What the horizontal axis says.
    pub x: &'a str,
    /// What the vertical axis says.
    pub y: &'a str,
}

impl Spikes<'_> {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        // Everybody or nobody is a place of its own: a hundredth of the bins at each end may leave the picture at its top.
        let ends = self.bins.len() / 100;
        let inner = ends..self.bins.len().saturating_sub(ends);
        let band = self.band.get(inner.clone()).unwrap_or_default().iter().map(|(_, most)| *most);
        let highest = band.chain(self.bins.get(inner).unwrap_or_default().iter().copied()).max().unwrap_or(0);
        let (step, parts) = steps(highest, MOST_STEPS);
        let top = step * parts;
        let mut svg = Svg::open("spikes", WIDTH, HEIGHT, &self.label);
        self.axes(&mut svg, step, parts);
        svg.path("band", &self.band_path(top));
        svg.path("outline", &self.outline(top));
        self.marks(&mut svg, top);
        svg.close()
    }

    fn x(&self, bin: usize) -> u64 {
        let (bin, bins) = (u64::try_from(bin).unwrap_or(u64::MAX), u64::try_from(self.bins.len()).unwrap_or(u64::MAX));
        LEFT + place(bin, bins, PLOT_WIDTH)
    }

    fn y(count: u64, top: u64) -> u64 {
        TOP + PLOT_HEIGHT - place(count, top, PLOT_HEIGHT)
    }

    /// One open line along the tops of the bins.
    fn outline(&self, top: u64) -> String {
        let mut path = String::new();
        for (bin, count) in self.bins.iter().enumerate() {
            let _ = write!(
                path,
                "{}{} {}H{}",
                if bin == 0 { 'M' } else { 'L' },
                self.x(bin),
                Self::y(*count, top),
                self.x(bin + 1)
            );
        }
        path
    }

    fn band_path(&self, top: u64) -> String {
        let mut path = String::new();
        for (bin, (_, most)) in self.band.iter().enumerate() {
            let start = if bin == 0 { 'M' } else { 'L' };
            let _ = write!(path, "{start}{} {}H{}", self.x(bin), Self::y(*most, top), self.x(bin + 1));
        }
        for (bin, (least, _)) in self.band.iter().enumerate().rev() {
            let _ = write!(path, "L{} {}H{}", self.x(bin + 1), Self::y(*least, top), self.x(bin));
        }
        if !path.is_empty() {
            path.push('Z');
        }
        path
    }

    /// A triangle above each marked bin; names where they do not run into each other.
    fn marks(&self, svg: &mut Svg, top: u64) {
        const APART: u64 = 90;
        let mut path = String::new();
        let mut taken: Vec<(u64, u64)> = Vec::new();
        for (at, (bin, name)) in self.marked.iter().enumerate() {
            let (x, count) = ((self.x(*bin) + self.x(bin + 1)) / 2, self.bins.get(*bin).copied().unwrap_or(0));
            let y = Self::y(count, top).saturating_sub(6);
            let _ = write!(path, "M{x} {y}l-9 -16h18z");
            let free = taken.iter().all(|(own, height)| own.abs_diff(x) > APART || height.abs_diff(y) > 34);
            if at < NAMED && free {
                svg.text("name", x, y.saturating_sub(22), "middle", name);
                taken.push((x, y));
            }
        }
        svg.path("spike", &path);
    }

    fn axes(&self, svg: &mut Svg, step: u64, parts: u64) {
        for part in 0..=parts {
            let value = step * part;
            let height = Self::y(value, step * parts);
            svg.line("grid", (LEFT, height), (LEFT + PLOT_WIDTH, height));
            svg.text("tick", LEFT - 16, height + 10, "end", grouped(value));
        }
        for part in 0..=20u64 {
            let x = LEFT + place(part, 20, PLOT_WIDTH);
            svg.line("grid", (x, TOP + PLOT_HEIGHT), (x, TOP + PLOT_HEIGHT + 10));
            if part % 2 == 0 {
                svg.text("tick", x, TOP + PLOT_HEIGHT + 44, "middle", format_args!("{}\u{202f}%", part * 5));
            }
        }
        svg.text("axis", LEFT + PLOT_WIDTH / 2, HEIGHT - 12, "middle", self.x);
        svg.text("axis", 0, 30, "start", self.y);
    }
}
