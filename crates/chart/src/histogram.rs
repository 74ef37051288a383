//! A histogram as one path, with an optional band of what chance alone would give.

use std::fmt::Write;

use crate::Label;
use crate::scale::{grouped, place, round_up};
use crate::svg::Svg;

const WIDTH: u64 = 1_000;
const HEIGHT: u64 = 420;
const LEFT: u64 = 76;
const TOP: u64 = 16;
const PLOT_WIDTH: u64 = WIDTH - LEFT - 16;
const PLOT_HEIGHT: u64 = HEIGHT - TOP - 44;

/// Counts in equal bins from 0 to `x_max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Histogram<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// The value at the right edge, such as 100 for percent.
    pub x_max: u64,
    /// How many fall into each bin, from left to right.
    pub bins: &'a [u64],
    /// For each bin the least and the most that chance alone would give, as computed elsewhere.
    pub band: Option<&'a [(u64, u64)]>,
    /// Into how many parts the horizontal axis is divided.
    pub ticks: u64,
}

impl Histogram<'_> {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let highest =
            self.band.unwrap_or_default().iter().map(|(_, most)| *most).chain(self.bins.iter().copied()).max();
        let top = round_up(highest.unwrap_or(0), 4);
        let mut svg = Svg::open("histogram", WIDTH, HEIGHT, &self.label);
        axes(&mut svg, self.x_max, self.ticks, top);
        if let Some(band) = self.band {
            svg.path("band", &self.band_path(band, top));
        }
        svg.path("outline", &self.outline(top));
        svg.close()
    }

    fn x(&self, bin: usize) -> u64 {
        let (bin, bins) = (u64::try_from(bin).unwrap_or(u64::MAX), u64::try_from(self.bins.len()).unwrap_or(u64::MAX));
        LEFT + place(bin, bins, PLOT_WIDTH)
    }

    /// One closed path along the tops of the bins.
    fn outline(&self, top: u64) -> String {
        if self.bins.is_empty() {
            return String::new();
        }
        let mut path = format!("M{LEFT} {}", y(0, top));
        let mut at = None;
        for (bin, count) in self.bins.iter().enumerate() {
            let height = y(*count, top);
            if at != Some(height) {
                let _ = write!(path, "V{height}");
                at = Some(height);
            }
            let _ = write!(path, "H{}", self.x(bin + 1));
        }
        let _ = write!(path, "V{}Z", y(0, top));
        path
    }

    /// Along the upper edge of the band and back along the lower one.
    fn band_path(&self, band: &[(u64, u64)], top: u64) -> String {
        let mut path = String::new();
        for (bin, (_, most)) in band.iter().enumerate() {
            let _ = write!(
                path,
                "{}{} {}H{}",
                if bin == 0 { 'M' } else { 'L' },
                self.x(bin),
                y(*most, top),
                self.x(bin + 1)
            );
        }
        for (bin, (least, _)) in band.iter().enumerate().rev() {
            let _ = write!(path, "L{} {}H{}", self.x(bin + 1), y(*least, top), self.x(bin));
        }
        if !path.is_empty() {
            path.push('Z');
        }
        path
    }
}

fn y(count: u64, top: u64) -> u64 {
    TOP + PLOT_HEIGHT - place(count, top, PLOT_HEIGHT)
}

/// Horizontal ticks of the counts and vertical ones of the value, with their numbers.
fn axes(svg: &mut Svg, x_max: u64, ticks: u64, top: u64) {
    for part in 0..=4 {
        let value = top / 4 * part;
        let height = y(value, top);
        svg.line("grid", (LEFT, height), (LEFT + PLOT_WIDTH, height));
        svg.text("tick", LEFT - 10, height + 5, "end", grouped(value));
    }
    let ticks = ticks.clamp(1, 50);
    for part in 0..=ticks {
        let x = LEFT + place(part, ticks, PLOT_WIDTH);
        svg.line("grid", (x, TOP + PLOT_HEIGHT), (x, TOP + PLOT_HEIGHT + 6));
        svg.text("tick", x, TOP + PLOT_HEIGHT + 26, "middle", grouped(place(part, ticks, x_max)));
    }
}
