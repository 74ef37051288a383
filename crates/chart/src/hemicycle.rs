//! A parliament as a half circle of seats: a picture of a table that stands beside it.
//!
//! Every list has a colour *and* a shape, so that the picture reads without colour. Integers only: the same bytes everywhere.

use std::fmt::Write;

use crate::mark::mark;
use crate::svg::Text;

/// The largest house that is drawn; beyond it seats would be dots.
const MOST: u64 = 1_000;
const OUTER: u64 = 462;
const INNER: u64 = 190;
const CENTRE: u64 = 500;
const MOST_ROWS: u64 = 16;

/// Seats of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bench {
    /// Its name.
    pub name: String,
    /// Its seats.
    pub seats: u64,
    /// Its place in the order of the ballot: gives colour and shape.
    pub mark: usize,
}

/// The half circle. `open` seats belong to nobody (vacant, or hanging on a tie) and stand last, hollow. `id` makes the element's
/// identifiers unique on the page. `None` for an empty house and for one of more than a thousand seats.
#[must_use]
pub fn hemicycle(id: &str, title: &str, desc: &str, benches: &[Bench], open: u64) -> Option<String> {
    let taken = benches.iter().try_fold(0u64, |sum, bench| sum.checked_add(bench.seats))?;
    let house = taken.checked_add(open)?;
    if house == 0 || house > MOST {
        return None;
    }
    let (seats, size) = places(house);
    let owners = benches.iter().flat_map(|bench| (0..bench.seats).map(move |_| Some(bench.mark)));
    let owners = owners.chain((0..open).map(|_| None));
    let (id, title, desc) = (Text(id), Text(title), Text(desc));
    let mut svg = format!(
        "<svg class=\"hemicycle\" viewBox=\"0 0 1000 520\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
         <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{desc}</desc>"
    );
    for ((x, y), owner) in seats.into_iter().zip(owners) {
        svg.push_str(&mark(owner, x, y, size));
    }
    let _ = write!(svg, "<text x=\"500\" y=\"488\" text-anchor=\"middle\">{house}</text></svg>");
    Some(svg)
}

/// Where the seats of a house are, from left to right, and half their size.
fn places(house: u64) -> (Vec<(u64, u64)>, u64) {
    let rows = (1..MOST_ROWS).find(|rows| gap(*rows) <= spacing(*rows, house)).unwrap_or(MOST_ROWS);
    let size = (spacing(rows, house).min(gap(rows)) * 42 / 100).clamp(4, 30);
    let mut seats: Vec<(u64, u64, u64)> = Vec::new();
    for (row, count) in (0..rows).zip(row_counts(rows, house)) {
        for at in 0..count {
            let angle = (at * 180_000).checked_div(count.saturating_sub(1)).unwrap_or(90_000);
            seats.push((angle, row, radius(row, rows)));
        }
    }
    seats.sort_unstable();
    (seats.into_iter().map(|(angle, _, radius)| on_circle(angle, radius)).collect(), size)
}

fn radius(row: u64, rows: u64) -> u64 {
    OUTER - (OUTER - INNER) * row / (rows - 1).max(1)
}

/// The distance between rows.
fn gap(rows: u64) -> u64 {
    (OUTER - INNER) / (rows - 1).max(1)
}

/// The distance between seats of a row.
fn spacing(rows: u64, house: u64) -> u64 {
    let length: u64 = (0..rows).map(|row| radius(row, rows) * 355 / 113).sum();
    length / house.max(1)
}

/// Seats per row, in proportion to its length; what is left over goes to the outer rows.
fn row_counts(rows: u64, house: u64) -> Vec<u64> {
    let all: u64 = (0..rows).map(|row| radius(row, rows)).sum();
    let mut counts: Vec<u64> = (0..rows).map(|row| house * radius(row, rows) / all.max(1)).collect();
    let given: u64 = counts.iter().sum();
    let left = house.saturating_sub(given);
    for (_, count) in (0..left).zip(counts.iter_mut()) {
        *count += 1;
    }
    counts
}

/// The point at an angle in thousandths of a degree, 0 on the left. The sine is Bhaskara's fraction (within 0.002); the cosine
/// follows from it, so that the point lies on the circle.
fn on_circle(angle: u64, radius: u64) -> (u64, u64) {
    const ONE: u64 = 1_000_000;
    let product = angle * 180_000u64.saturating_sub(angle);
    let sine = (4 * product).saturating_mul(1_000) / ((40_500_000_000 - product) / 1_000);
    let sine = sine.min(ONE);
    let cosine = (ONE * ONE - sine * sine).isqrt();
    let across = radius * cosine / ONE;
    let x = if angle < 90_000 { CENTRE.saturating_sub(across) } else { CENTRE + across };
    (x, CENTRE.saturating_sub(radius * sine / ONE))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "test support")]
mod tests {
    use super::*;

    #[test]
    fn every_house_has_as_many_places_as_seats_all_inside_the_picture() {
        for house in 1..=MOST {
            let (seats, size) = places(house);
            assert_eq!(seats.len() as u64, house);
            assert!(seats.iter().all(|(x, y)| (30..=970).contains(x) && (30..=500).contains(y)), "{house}");
            assert!(size >= 4);
        }
    }

    #[test]
    fn seats_do_not_overlap() {
        for house in [5, 46, 75, 120, 300, 450, 630] {
            let (seats, size) = places(house);
            for (i, a) in seats.iter().enumerate() {
                for b in seats.iter().skip(i + 1) {
                    let far = a.0.abs_diff(b.0).pow(2) + a.1.abs_diff(b.1).pow(2);
                    assert!(far.isqrt() >= size * 3 / 2, "{house} seats: {a:?} and {b:?} with size {size}");
                }
            }
        }
    }

    #[test]
    fn every_list_and_every_open_seat_is_drawn_and_named() {
        let benches = [
            Bench { name: "A".into(), seats: 3, mark: 0 }, //
            Bench { name: "B".into(), seats: 2, mark: 2 },
        ];
        let drawn = hemicycle("h", "Six <seats>", "A 3, B 2", &benches, 1).expect("a small house");
        assert_eq!(drawn.matches("class=\"c0\"").count(), 3);
        assert_eq!(drawn.matches("class=\"c2\"").count(), 2);
        assert_eq!(drawn.matches("class=\"open\"").count(), 1);
        assert!(drawn.contains("<title id=\"h-t\">Six &lt;seats&gt;</title>"));
        assert!(drawn.contains("role=\"img\"") && drawn.contains("A 3, B 2</desc>"));
    }

    #[test]
    fn no_picture_of_nothing_or_of_too_much() {
        assert!(hemicycle("h", "", "", &[], 0).is_none());
        assert!(hemicycle("h", "", "", &[], MOST + 1).is_none());
        let huge = Bench { name: String::new(), seats: u64::MAX, mark: 0 };
        assert!(hemicycle("h", "", "", &[huge], 1).is_none());
    }
}
