//! Maps: dots where stations have coordinates, outlines where the operator gave them.

use maud::{Markup, PreEscaped, html};
use recount_chart::{Area, Choropleth, Dot, Dots, Label};

use recount_election::{Station, UnitIx};
use recount_tally::View as CountView;

use super::Cx;
use crate::counts::Count;
use crate::locale::say;
use crate::path::View;

/// More dots than this are no picture, and too long a page.
const DOTS: u64 = 4_000;

pub(crate) fn section(cx: &Cx<'_>, count: &Count, unit: UnitIx) -> Markup {
    let drawn = [areas(cx, count, unit), dots(cx, count, unit)];
    html! { @for figure in drawn.into_iter().flatten() { section { (figure) } } }
}

/// Outlines of the units below, shaded by how much of each is counted.
fn areas(cx: &Cx<'_>, count: &Count, unit: UnitIx) -> Option<Markup> {
    let outlines = cx.site.frame.outlines.as_deref()?;
    let geography = cx.site.fold.ledger().register().geography();
    let below = geography.children(unit).iter().filter_map(|child| {
        let rings = outlines.of(&geography.unit(*child)?.id)?;
        let coverage = count.totals.get(child).map(|total| &total.coverage);
        let figure =
            coverage.map_or_else(String::new, |own| format!("{} / {}", cx.n(own.countable), cx.n(own.expected)));
        let level = coverage.filter(|own| own.expected > 0).map(|own| own.countable * 8 / own.expected);
        Some((cx.unit(*child), figure, level, rings, cx.to(&View::Place(*child, 1))))
    });
    let below: Vec<_> = below.collect();
    let areas: Vec<Area<'_>> = below
        .iter()
        .map(|(name, figure, level, rings, href)| Area {
            name,
            figure,
            level: *level,
            rings: rings.to_vec(),
            href: Some(href),
        })
        .collect();
    let (title, desc) = (cx.t.word("map-coverage"), cx.t.word("map-desc"));
    let svg = Choropleth { label: Label { id: "areas", title: &title, desc: &desc }, areas: &areas }.svg()?;
    Some(html! { figure { (PreEscaped(svg)) figcaption { (title) ". " (desc) } } })
}

/// Stations with coordinates in degrees (`lat`, `lon`): filled where they count, pale where they do not.
fn dots(cx: &Cx<'_>, count: &Count, unit: UnitIx) -> Option<Markup> {
    let geography = cx.site.fold.ledger().register().geography();
    // Looking at every station below is for units where there is something to see.
    let few = count.totals.get(&unit).is_some_and(|total| total.coverage.expected <= DOTS);
    if !cx.site.facts.located || !few {
        return None;
    }
    let within = geography.stations_within(unit);
    let mut counted = 0u64;
    let dots: Vec<Dot> = within
        .iter()
        .filter_map(|station| {
            let (latitude, longitude) = place(geography.station(*station)?)?;
            let counts = cx.counted().count_station(*station, count.contest, CountView::LAW).reason.is_none();
            counted += u64::from(counts);
            Some(Dot { longitude, latitude, level: if counts { 7 } else { 1 } })
        })
        .collect();
    let title = cx.t.word("dots-title");
    let desc = say!(cx.t, "dots-desc", counted = counted, stations = dots.len());
    let svg = Dots { label: Label { id: "dots", title: &title, desc: &desc }, dots: &dots }.svg()?;
    Some(html! { figure { (PreEscaped(svg)) figcaption { (title) ". " (desc) } } })
}

pub(crate) fn place(station: &Station) -> Option<(i32, i32)> {
    let degrees =
        |name: &str| station.attributes.iter().find(|(own, _)| *own == name).and_then(|(_, text)| millionths(text));
    Some((degrees("lat")?, degrees("lon")?))
}

/// Decimal degrees as millionths, without floats: `-42.87461` is -42,874,610. Beyond 180 degrees there is no place.
pub(crate) fn millionths(text: &str) -> Option<i32> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || !is_number(whole) || !is_number(rest) {
        return None;
    }
    let whole: i32 = whole.parse().ok()?;
    let rest: String = rest.chars().chain("000000".chars()).take(6).collect();
    let value = whole * 1_000_000 + rest.parse::<i32>().ok()?;
    (value <= 180_000_000).then_some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::millionths;

    #[test]
    fn degrees_are_read_exactly() {
        assert_eq!(millionths("42.87461"), Some(42_874_610));
        assert_eq!(millionths("-0.0000019"), Some(-1));
        assert_eq!(millionths("180"), Some(180_000_000));
        for wrong in ["", "-", "1e5", "181", "4 2", "42.8.7", "+3", "NaN"] {
            assert_eq!(millionths(wrong), None, "{wrong}");
        }
    }
}
