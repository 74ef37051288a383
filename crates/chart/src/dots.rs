//! Stations as dots where they lie, in an equirectangular projection: one path for each level.

use std::fmt::Write;

use crate::Label;
use crate::svg::Svg;

const WIDTH: u64 = 1_000;
const MOST_HEIGHT: u64 = 1_400;

/// One place. Degrees are in millionths: east and north are positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dot {
    /// Longitude.
    pub longitude: i32,
    /// Latitude.
    pub latitude: i32,
    /// From 0 to 8: the class of its shade.
    pub level: u64,
}

/// Dots over a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dots<'a> {
    /// Its title and description.
    pub label: Label<'a>,
    /// The dots.
    pub dots: &'a [Dot],
}

impl Dots<'_> {
    /// The picture; none without dots.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let frame = Frame::around(self.dots.iter().map(|dot| (dot.longitude, dot.latitude)))?;
        let mut svg = Svg::open("dots", WIDTH, frame.height, &self.label);
        let mut paths = vec![String::new(); 9];
        for dot in self.dots {
            let (x, y) = frame.place(dot.longitude, dot.latitude);
            if let Some(path) = usize::try_from(dot.level.min(8)).ok().and_then(|level| paths.get_mut(level)) {
                // A stroke of no length with a round cap: the stylesheet gives the size.
                let _ = write!(path, "M{x} {y}h0");
            }
        }
        for (level, path) in paths.iter().enumerate() {
            svg.path(&format!("h{level}"), path);
        }
        Some(svg.close())
    }
}

/// From degrees to places: longitudes are narrowed by the cosine of the middle latitude.
pub(crate) struct Frame {
    west: i64,
    north: i64,
    /// Millionths of a degree of latitude, or of narrowed longitude, that make one place, times 1,000.
    unit: i64,
    /// The narrowing, in thousandths.
    narrow: i64,
    pub height: u64,
}

impl Frame {
    pub(crate) fn around(points: impl Iterator<Item = (i32, i32)>) -> Option<Self> {
        let mut bounds: Option<(i64, i64, i64, i64)> = None;
        for (x, y) in points {
            let (x, y) = (i64::from(x), i64::from(y));
            let (west, east, south, north) = bounds.unwrap_or((x, x, y, y));
            bounds = Some((west.min(x), east.max(x), south.min(y), north.max(y)));
        }
        let (west, east, south, north) = bounds?;
        let narrow = cosine((south + north) / 2);
        let wide = ((east - west) * narrow / 1_000).max(1);
        let high = (north - south).max(1);
        let by_width = wide * 1_000 / i64::try_from(WIDTH - 20).ok()?;
        let by_height = high * 1_000 / i64::try_from(MOST_HEIGHT - 20).ok()?;
        let unit = by_width.max(by_height).max(1);
        let height = u64::try_from(high * 1_000 / unit).ok()? + 20;
        Some(Self { west, north, unit, narrow, height })
    }

    pub(crate) fn place(&self, longitude: i32, latitude: i32) -> (u64, u64) {
        let x = (i64::from(longitude) - self.west) * self.narrow / self.unit;
        let y = (self.north - i64::from(latitude)) * 1_000 / self.unit;
        let within = |place: i64| u64::try_from(place).unwrap_or(0) + 10;
        (within(x), within(y))
    }
}

/// The cosine of a latitude in millionths of a degree, in thousandths, by Bhaskara's fraction (within 0.002); at
/// least 0.05, so that a picture of a pole stays one.
fn cosine(latitude: i64) -> i64 {
    let tenths = latitude.abs().min(90_000_000) / 100_000;
    let squared = tenths * tenths;
    // cos x is about (32400 - 4 x x) / (32400 + x x) in degrees; here in tenths of a degree.
    let value = (3_240_000 - 4 * squared) * 1_000 / (3_240_000 + squared);
    value.max(50)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cosine_is_near_enough() {
        for (degrees, thousandths) in [(0, 1_000i64), (30, 866), (42, 743), (60, 500), (80, 173)] {
            assert!((cosine(degrees * 1_000_000) - thousandths).abs() <= 3, "{degrees}");
        }
    }

    #[test]
    fn all_places_lie_in_the_picture() {
        let corners = [
            (69_000_000, 39_000_000),
            (80_000_000, 43_000_000),
            (-180_000_000, -90_000_000),
            (180_000_000, 90_000_000),
        ];
        for points in [&corners[..2], &corners[..]] {
            let frame = Frame::around(points.iter().copied()).unwrap();
            for (x, y) in points {
                let (x, y) = frame.place(*x, *y);
                assert!(x <= WIDTH && y <= frame.height && frame.height <= MOST_HEIGHT, "{x} {y} {}", frame.height);
            }
        }
        assert!(Frame::around(std::iter::empty()).is_none());
    }
}
