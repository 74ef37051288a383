//! Areas with a shade each, from outlines that the operator supplies.

use std::fmt::Write;

use crate::Label;
use crate::dots::Frame;
use crate::svg::{Svg, Text};

/// One unit's area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area<'a> {
    /// The unit's name.
    pub name: &'a str,
    /// The figure that the shade stands for, in words.
    pub figure: &'a str,
    /// From 0 to 8; none: no figure.
    pub level: Option<u64>,
    /// Rings of longitude and latitude in millionths of a degree; holes are rings too.
    pub rings: Vec<Vec<(i32, i32)>>,
    /// The page about it.
    pub href: Option<&'a str>,
}

/// Areas that make a country. A ring must not cross the antimeridian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choropleth<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// The areas.
    pub areas: &'a [Area<'a>],
}

impl Choropleth<'_> {
    /// The picture; none without outlines.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let frame = Frame::around(self.areas.iter().flat_map(|area| area.rings.iter().flatten().copied()))?;
        let mut svg = Svg::open("choropleth", 1_000, frame.height, &self.label);
        for area in self.areas {
            let class = area.level.map_or_else(|| "none".to_owned(), |level| format!("h{}", level.min(8)));
            if let Some(href) = area.href {
                svg.put(format_args!("<a href=\"{}\">", Text(href)));
            }
            svg.put(format_args!(
                "<g class=\"area {class}\"><title>{}: {}</title>",
                Text(area.name),
                Text(area.figure)
            ));
            svg.path("shape", &outline(&area.rings, &frame));
            svg.put(format_args!("</g>"));
            if area.href.is_some() {
                svg.put(format_args!("</a>"));
            }
        }
        Some(svg.close())
    }
}

/// The rings as one path. Points that fall on the place before them are left out: that is all the simplifying
/// that a picture of this size needs. A ring that shrinks to less than a triangle is left out whole.
fn outline(rings: &[Vec<(i32, i32)>], frame: &Frame) -> String {
    let mut path = String::new();
    for ring in rings {
        let mut places: Vec<(u64, u64)> = ring.iter().map(|(x, y)| frame.place(*x, *y)).collect();
        places.dedup();
        if places.first() == places.last() {
            places.pop();
        }
        if places.len() < 3 {
            continue;
        }
        for (at, (x, y)) in places.iter().enumerate() {
            let _ = write!(path, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
        }
        path.push('Z');
    }
    path
}
