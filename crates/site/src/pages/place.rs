//! A unit: its totals and coverage, the units below it, its stations.

use maud::{Markup, html};

use recount_election::{StationIx, UnitIx};

use super::shell::Cx;
use crate::names;
use crate::path::View;

/// Stations on one page.
pub(crate) const STATIONS: usize = 150;

/// How many pages a unit with so many stations of its own has.
pub(crate) fn pages(stations: usize) -> usize {
    stations.div_ceil(STATIONS).max(1)
}

pub(crate) fn page(cx: &Cx<'_>, unit: UnitIx, page: usize) -> Option<(String, Markup)> {
    let geography = cx.site.fold.ledger().register().geography();
    let stations = geography.stations_of(unit);
    if page > pages(stations.len()) {
        return None;
    }
    let name = names::unit(&cx.site.fold, unit);
    let shown: Vec<StationIx> = stations.iter().skip((page - 1) * STATIONS).take(STATIONS).copied().collect();
    let body = html! {
        h1 { bdi { (name) } }
        ul { @for child in geography.children(unit) { li { a href=(cx.to(&View::Place(*child, 1))) { (names::unit(&cx.site.fold, *child)) } } } }
        ul { @for station in shown { li { a href=(cx.to(&View::Station(station))) { (names::station(&cx.site.fold, station)) } } } }
    };
    Some((name, body))
}
