//! Horizontal bars with their figures, and a line that they must reach.

use crate::Label;
use crate::mark::{colour, mark};
use crate::scale::place;
use crate::svg::Svg;

const WIDTH: u64 = 1_000;
const ROW: u64 = 34;
const NAMES: u64 = 300;
const LENGTH: u64 = 500;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar<'a> {
    /// Its name.
    pub name: &'a str,
    /// Gives colour and shape.
    pub series: usize,
    /// Its length.
    pub value: u64,
    /// What stands at its end, such as "24.5 % · 487,685".
    pub figure: &'a str,
}

/// Bars from the top, as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// The bars.
    pub bars: &'a [Bar<'a>],
    /// A value with its name, drawn across all bars: a threshold.
    pub line: Option<(u64, &'a str)>,
}

impl Bars<'_> {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let rows = u64::try_from(self.bars.len()).unwrap_or(0);
        let top = if self.line.is_some() { 30 } else { 6 };
        let most = self.bars.iter().map(|bar| bar.value).chain(self.line.map(|(at, _)| at)).max().unwrap_or(0);
        let mut svg = Svg::open("bars", WIDTH, top + rows * ROW + 6, &self.label);
        for (bar, row) in self.bars.iter().zip(0u64..) {
            let y = top + row * ROW;
            let length = place(bar.value, most, LENGTH);
            svg.put(format_args!("{}", mark(Some(bar.series), 14, y + ROW / 2, 9)));
            svg.text("name", 32, y + ROW / 2 + 6, "start", shorter(bar.name));
            svg.path(&colour(bar.series), &format!("M{NAMES} {}h{length}v{}h-{length}z", y + 6, ROW - 12));
            svg.text("figure", NAMES + length + 8, y + ROW / 2 + 6, "start", bar.figure);
        }
        if let Some((at, name)) = self.line {
            let x = NAMES + place(at, most, LENGTH);
            svg.line("level", (x, top - 4), (x, top + rows * ROW));
            svg.text("level-name", x, top - 10, "middle", name);
        }
        svg.close()
    }
}

/// A name that fits its column; the table beside the picture has it whole.
fn shorter(name: &str) -> String {
    const MOST: usize = 30;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    let mut text: String = name.chars().take(MOST - 1).collect();
    text.push('…');
    text
}
