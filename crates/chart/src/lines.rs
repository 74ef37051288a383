//! Lines over a common axis: shares against the size of a record, votes against turnout.

use std::fmt::Write;

use crate::Label;
use crate::mark::{colour, dash, mark};
use crate::scale::{grouped, place, round_up};
use crate::svg::Svg;

const WIDTH: u64 = 1_000;
const HEIGHT: u64 = 460;
const LEFT: u64 = 76;
const TOP: u64 = 16;
const PLOT_WIDTH: u64 = WIDTH - LEFT - 210;
/// Letters of a name that fit beside the plot; the table beside the picture has it whole.
const NAME: usize = 24;
const PLOT_HEIGHT: u64 = HEIGHT - TOP - 44;
/// Where the names begin, how far apart they stand at least, and how far their base line lies below their middle.
const NAMES: u64 = LEFT + PLOT_WIDTH + 28;
const APART: u64 = 18;
const RISE: u64 = 5;
/// Numbers at the horizontal axis at most, less one.
const TICKS: u64 = 5;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its name, written at its end.
    pub name: &'a str,
    /// Gives colour, dash and mark.
    pub series: usize,
    /// Points from left to right; between two of them nothing is known, so steps are drawn.
    pub points: &'a [(u64, u64)],
}

/// Lines, with one level that all are compared with if there is one (a threshold).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// The lines.
    pub lines: &'a [Line<'a>],
    /// The value at the left edge.
    pub x_min: u64,
    /// The value at the right edge.
    pub x_max: u64,
    /// The value at the top; 0: the highest point, rounded up.
    pub y_max: u64,
    /// By how much the numbers at the vertical axis are divided (10,000 for shares in hundredths of a percent).
    pub y_unit: u64,
    /// A level with its name.
    pub level: Option<(u64, &'a str)>,
}

impl Lines<'_> {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let points = self.lines.iter().flat_map(|line| line.points);
        let highest = points.map(|(_, y)| *y).chain(self.level.map(|(level, _)| level)).max().unwrap_or(0);
        let top = if self.y_max > 0 { self.y_max } else { round_up(highest, 4) };
        let mut svg = Svg::open("lines", WIDTH, HEIGHT, &self.label);
        self.axes(&mut svg, top);
        if let Some((level, name)) = self.level {
            let y = y(level, top);
            svg.line("level", (LEFT, y), (LEFT + PLOT_WIDTH, y));
            svg.text("level-name", LEFT + 6, y.saturating_sub(6), "start", name);
        }
        for (line, at) in self.lines.iter().zip(self.ends(top)) {
            svg.path(&format!("{} {}", colour(line.series), dash(line.series)), &self.steps(line, top));
            if let Some((x, y)) = line.points.last() {
                let (x, y) = (self.x(*x), self::y(*y, top));
                svg.put(format_args!("{}", mark(Some(line.series), x, y, 6)));
                svg.line("grid", (x + 8, y), (NAMES - 4, at - RISE));
            }
            svg.text("name", NAMES, at, "start", shorter(line.name));
        }
        svg.close()
    }

    fn x(&self, value: u64) -> u64 {
        let span = self.x_max.saturating_sub(self.x_min);
        LEFT + place(value.saturating_sub(self.x_min), span, PLOT_WIDTH)
    }

    fn steps(&self, line: &Line<'_>, top: u64) -> String {
        let mut path = String::new();
        for (at, (x, value)) in line.points.iter().enumerate() {
            let (x, y) = (self.x(*x), y(*value, top));
            let _ = if at == 0 { write!(path, "M{x} {y}") } else { write!(path, "H{x}V{y}") };
        }
        path
    }

    /// Where the names stand: at the height of the last point; where some would overlap, around the middle of their points.
    fn ends(&self, top: u64) -> Vec<u64> {
        let last = |line: &Line<'_>| line.points.last().map_or(TOP + PLOT_HEIGHT, |(_, value)| y(*value, top));
        let mut order: Vec<(u64, usize)> = self.lines.iter().map(last).zip(0usize..).collect();
        order.sort_unstable();
        let mut groups: Vec<Group> = Vec::new();
        for (height, _) in &order {
            let mut own = Group { names: 1, heights: *height };
            while let Some(above) = groups.pop_if(|above| above.bottom() + APART > own.first()) {
                own = Group { names: own.names + above.names, heights: own.heights + above.heights };
            }
            groups.push(own);
        }
        let heights = groups.iter().flat_map(|own| (0..own.names).map(|name| own.first() + name * APART));
        let mut ends = vec![0; self.lines.len()];
        for ((_, line), height) in order.iter().zip(heights) {
            if let Some(end) = ends.get_mut(*line) {
                *end = height + RISE;
            }
        }
        ends
    }

    fn axes(&self, svg: &mut Svg, top: u64) {
        for part in 0..=4 {
            let height = y(place(part, 4, top), top);
            svg.line("grid", (LEFT, height), (LEFT + PLOT_WIDTH, height));
            svg.text("tick", LEFT - 10, height + 5, "end", grouped(place(part, 4, top) / self.y_unit.max(1)));
        }
        let step = round_up(self.x_max.saturating_sub(self.x_min), TICKS) / TICKS;
        let first = self.x_min.div_ceil(step.max(1));
        let ticks = (0..=TICKS).filter_map(|at| first.checked_add(at)?.checked_mul(step));
        for value in ticks.filter(|value| *value <= self.x_max) {
            let x = self.x(value);
            svg.line("grid", (x, TOP + PLOT_HEIGHT), (x, TOP + PLOT_HEIGHT + 6));
            svg.text("tick", x, TOP + PLOT_HEIGHT + 26, "middle", grouped(value));
        }
    }
}

/// Names that stand close, around the middle of their points.
struct Group {
    names: u64,
    heights: u64,
}

impl Group {
    /// The middle of the first name: within the picture.
    fn first(&self) -> u64 {
        let span = (self.names - 1) * APART;
        let lowest = (TOP + PLOT_HEIGHT).saturating_sub(span).max(TOP);
        (self.heights / self.names).saturating_sub(span / 2).clamp(TOP, lowest)
    }

    /// The middle of the last name.
    fn bottom(&self) -> u64 {
        self.first() + (self.names - 1) * APART
    }
}

fn shorter(name: &str) -> String {
    if name.chars().count() <= NAME { name.to_owned() } else { name.chars().take(NAME - 1).chain(['…']).collect() }
}

fn y(value: u64, top: u64) -> u64 {
    TOP + PLOT_HEIGHT - place(value, top, PLOT_HEIGHT)
}
