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
        self.drawn(None)
    }

    /// The picture with a short text in the middle of each area that has room for it, and hatching where there is no figure: nothing
    /// is said by the shade alone. Texts are in the order of the areas.
    #[must_use]
    pub fn marked(&self, marks: &[&str]) -> Option<String> {
        self.drawn(Some(marks))
    }

    fn drawn(&self, marks: Option<&[&str]>) -> Option<String> {
        let frame = Frame::around(self.areas.iter().flat_map(|area| area.rings.iter().flatten().copied()))?;
        let mut svg = Svg::open("choropleth", 1_000, frame.height, &self.label);
        let id = Text(self.label.id);
        if marks.is_some() {
            svg.put(format_args!(
                "<defs><pattern id=\"{id}-hatch\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\" \
                 patternTransform=\"rotate(45)\"><path class=\"hatching\" d=\"M0 0V12\"/></pattern></defs>"
            ));
        }
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
            let shape = outline(&area.rings, &frame);
            svg.path("shape", &shape);
            if marks.is_some() && area.level.is_none() && !shape.is_empty() {
                svg.put(format_args!("<path class=\"hatch\" fill=\"url(#{id}-hatch)\" d=\"{shape}\"/>"));
            }
            svg.put(format_args!("</g>"));
            if area.href.is_some() {
                svg.put(format_args!("</a>"));
            }
        }
        // After all areas, so that no neighbour covers a text.
        for (area, mark) in self.areas.iter().zip(marks.unwrap_or_default()) {
            if let Some((x, y)) = middle(&area.rings, &frame, mark) {
                svg.text("mark", x, y, "middle", mark);
            }
        }
        Some(svg.close())
    }
}

/// Places that a letter of a mark takes, and the height of a line.
const LETTER: i64 = 14;
const LINE: i64 = 24;

/// Where the text of an area begins from below: the centre of gravity of its largest ring, if that has room for it.
fn middle(rings: &[Vec<(i32, i32)>], frame: &Frame, mark: &str) -> Option<(u64, u64)> {
    let letters = i64::try_from(mark.chars().count()).ok()?;
    let whole = |place: (u64, u64)| Some((i64::try_from(place.0).ok()?, i64::try_from(place.1).ok()?));
    let largest = rings.iter().filter_map(|ring| {
        let places: Vec<(i64, i64)> = ring.iter().filter_map(|(x, y)| whole(frame.place(*x, *y))).collect();
        let next = places.iter().cycle().skip(1);
        // Twice the area, and six times its moments (the shoelace formula). Places are below a million.
        let (mut area, mut x, mut y) = (0, 0, 0);
        for ((ax, ay), (bx, by)) in places.iter().zip(next) {
            let cross = ax * by - bx * ay;
            (area, x, y) = (area + cross, x + (ax + bx) * cross, y + (ay + by) * cross);
        }
        let wide = places.iter().map(|own| own.0).max()? - places.iter().map(|own| own.0).min()?;
        (area != 0).then(|| (area.abs(), (x / (3 * area), y / (3 * area)), wide))
    });
    let (area, (x, y), wide) = largest.max_by_key(|own| own.0)?;
    let room = letters > 0 && wide > letters * LETTER && area > 2 * letters * LETTER * LINE;
    room.then_some((u64::try_from(x).ok()?, u64::try_from(y + LINE / 3).ok()?))
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
