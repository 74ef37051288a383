//! Two step lines and the area by which the upper one exceeds the lower: votes by turnout, and votes not accounted for.

use std::fmt::Write;

use crate::Label;
use crate::mark::{colour, dash};
use crate::scale::{grouped, place, round_up};
use crate::svg::Svg;

const WIDTH: u64 = 1_000;
const HEIGHT: u64 = 450;
const LEFT: u64 = 110;
const TOP: u64 = 40;
const PLOT_WIDTH: u64 = WIDTH - LEFT - 40;
const PLOT_HEIGHT: u64 = HEIGHT - TOP - 70;

/// Values in equal bins from 0 to 100 percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excess<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// Name and values of the line that is looked at.
    pub upper: (&'a str, &'a [u64]),
    /// Name and values of the line that it is compared with; none: no comparison is drawn, and no area.
    pub lower: Option<(&'a str, &'a [u64])>,
    /// A bin that is the point of reference, with its name.
    pub reference: Option<(usize, &'a str)>,
    /// What the horizontal axis says.
    pub x: &'a str,
    /// What the vertical axis says.
    pub y: &'a str,
}

impl Excess<'_> {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let lower = self.lower.map_or(&[][..], |(_, values)| values);
        let top = round_up(self.upper.1.iter().chain(lower).copied().max().unwrap_or(0), 4);
        let mut svg = Svg::open("excess", WIDTH, HEIGHT, &self.label);
        self.axes(&mut svg, top);
        svg.path("area", &self.area(top));
        // Below the names, which may be long.
        if let Some((bin, name)) = self.reference {
            let x = self.x(bin, self.upper.1.len());
            svg.line("level", (x, TOP), (x, TOP + PLOT_HEIGHT));
            svg.text("level-name", x, TOP - 8, "middle", name);
        }
        // The names stand on the side where the point of reference is not.
        let is_left = self.reference.is_some_and(|(bin, _)| 2 * bin < self.upper.1.len());
        let (anchor, beside) = if is_left { ("end", LEFT + PLOT_WIDTH - 8) } else { ("start", LEFT + 8) };
        if let Some((name, values)) = self.lower {
            svg.path(&format!("line {} {}", colour(1), dash(1)), &self.steps(values, top));
            svg.text("name lower", beside, TOP + 44, anchor, format_args!("╌╌ {name}"));
        }
        svg.path(&format!("line {} {}", colour(0), dash(0)), &self.steps(self.upper.1, top));
        svg.text("name upper", beside, TOP + 20, anchor, format_args!("── {}", self.upper.0));
        svg.close()
    }

    fn x(&self, bin: usize, bins: usize) -> u64 {
        let whole = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        LEFT + place(whole(bin), whole(bins), PLOT_WIDTH)
    }

    fn y(value: u64, top: u64) -> u64 {
        TOP + PLOT_HEIGHT - place(value, top, PLOT_HEIGHT)
    }

    fn steps(&self, values: &[u64], top: u64) -> String {
        let mut path = String::new();
        for (bin, value) in values.iter().enumerate() {
            let start = if bin == 0 { 'M' } else { 'L' };
            let (x, next) = (self.x(bin, values.len()), self.x(bin + 1, values.len()));
            let _ = write!(path, "{start}{x} {}H{next}", Self::y(*value, top));
        }
        path
    }

    /// One rectangle for each bin in which the upper line is higher, from the point of reference on.
    fn area(&self, top: u64) -> String {
        let mut path = String::new();
        let Some((_, lower)) = self.lower else { return path };
        let from = self.reference.map_or(0, |(bin, _)| bin);
        for (bin, (high, low)) in self.upper.1.iter().zip(lower).enumerate().filter(|(bin, _)| *bin >= from) {
            if high > low {
                let (x, next) = (self.x(bin, self.upper.1.len()), self.x(bin + 1, self.upper.1.len()));
                let _ = write!(path, "M{x} {}H{next}V{}H{x}Z", Self::y(*high, top), Self::y(*low, top));
            }
        }
        path
    }

    fn axes(&self, svg: &mut Svg, top: u64) {
        for part in 0..=4 {
            let value = top / 4 * part;
            let height = Self::y(value, top);
            svg.line("grid", (LEFT, height), (LEFT + PLOT_WIDTH, height));
            svg.text("tick", LEFT - 10, height + 5, "end", grouped(value));
        }
        for part in 0..=10u64 {
            let x = LEFT + place(part, 10, PLOT_WIDTH);
            svg.line("grid", (x, TOP + PLOT_HEIGHT), (x, TOP + PLOT_HEIGHT + 6));
            svg.text("tick", x, TOP + PLOT_HEIGHT + 26, "middle", format_args!("{}\u{202f}%", part * 10));
        }
        svg.text("axis", LEFT + PLOT_WIDTH / 2, HEIGHT - 12, "middle", self.x);
        svg.text("axis", 0, 18, "start", self.y);
    }
}
