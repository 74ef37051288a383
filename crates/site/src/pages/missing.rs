//! Which stations are not countable: where, why, how many voters; and what they could still change.

use std::collections::BTreeMap;

use maud::{Markup, html};

use recount_election::UnitIx;

use super::shell::pager;
use super::station::statement;
use super::{Cx, front};
use crate::facts::missing::MissingStation;
use crate::facts::root;
use crate::locale::{iso, say};
use crate::path::{Single, View};

/// Stations on one page.
const STATIONS: usize = 120;

pub(crate) fn pages(stations: usize) -> usize {
    stations.div_ceil(STATIONS).max(1)
}

pub(crate) fn page(cx: &Cx<'_>) -> Markup {
    html! {
        h1 { (cx.t.word("title-missing")) }
        p.lead { (cx.t.word("missing-lead")) }
        (front::missing(cx))
        (by_unit(cx))
        (list(cx, 1))
    }
}

pub(crate) fn more(cx: &Cx<'_>, page: usize) -> Option<(String, Markup)> {
    let title = cx.t.word("title-missing");
    let all = pages(cx.site.facts.missing.stations.len());
    (2..=all).contains(&page).then(|| (title.clone(), html! { h1 { (title) } (list(cx, page)) }))
}

/// Not countable stations by unit of the second level.
fn by_unit(cx: &Cx<'_>) -> Markup {
    let geography = cx.counted().ledger().register().geography();
    let Some((root, count)) = root(cx.counted()).zip(cx.site.facts.by_law()) else { return html! {} };
    let units: Vec<(UnitIx, _)> =
        geography.children(root).iter().filter_map(|unit| Some((*unit, &count.totals.get(unit)?.coverage))).collect();
    let open: Vec<_> = units.iter().filter(|(_, own)| own.countable < own.expected).collect();
    if open.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="by-unit" {
            h2 #by-unit { (cx.t.word("by-unit")) }
            div.scroll role="group" tabindex="0" aria-labelledby="by-unit" { table.units.sortable {
                thead { tr {
                    th scope="col" { (cx.t.word("unit")) }
                    th.n scope="col" { (cx.t.word("expected")) }
                    th.n scope="col" { (cx.t.word("not-countable-short")) }
                    th.n scope="col" { (cx.t.word("registered-voters")) }
                    th scope="col" { (cx.t.word("reasons")) }
                } }
                tbody { @for (unit, own) in &open { tr {
                    th scope="row" { a href=(cx.to(&View::Place(*unit, 1))) { bdi { (cx.unit(*unit)) } } }
                    td.n { (cx.n(own.expected)) }
                    td.n { (cx.n(own.expected - own.countable)) }
                    td.n { (cx.n(own.voters_uncounted)) }
                    td { @for (n, (reason, stations)) in own.reasons.iter().enumerate() { @if n > 0 { ", " } (cx.n(*stations)) " " (cx.reason(reason)) } }
                } } }
            } }
        }
    }
}

fn list(cx: &Cx<'_>, page: usize) -> Markup {
    let stations = &cx.site.facts.missing.stations;
    if stations.is_empty() {
        return html! { p { (cx.t.word("nothing-missing")) } };
    }
    let geography = cx.counted().ledger().register().geography();
    let shown: Vec<&MissingStation> = stations.iter().skip((page - 1) * STATIONS).take(STATIONS).collect();
    // Where there is one contest, its name says nothing.
    let contests: BTreeMap<_, _> = cx.counted().contests().collect();
    let some_late = stations.iter().any(|own| own.late.is_some());
    html! {
        section aria-labelledby="stations" {
            h2 #stations { (say!(cx.t, "missing-stations", n = stations.len())) }
            @if some_late { p.small { (cx.t.word("late-is")) } }
            div.scroll role="group" tabindex="0" aria-labelledby="stations" { table.units {
                thead { tr {
                    th scope="col" { (cx.t.word("station")) }
                    th scope="col" { (cx.t.word("unit")) }
                    @if contests.len() > 1 { th scope="col" { (cx.t.word("contest")) } }
                    th scope="col" { (cx.t.word("reason")) }
                    th.n scope="col" { (cx.t.word("registered-voters")) }
                    @if some_late { th scope="col" { (cx.t.word("late-since")) } }
                } }
                tbody { @for own in shown { tr {
                    @let unit = geography.station(own.station).map(|station| station.unit);
                    th scope="row" { a href=(cx.to(&View::Station(own.station))) { (cx.station(own.station)) } }
                    td { @if let Some(unit) = unit { bdi { (cx.unit(unit)) } } }
                    @if contests.len() > 1 { td { bdi { (cx.contest(own.contest)) } } }
                    td { (cx.reason(own.reason.code())) @if let Some(ruling) = own.reason.ruling() { ", " (say!(cx.t, "ruling-number", index = ruling.to_string())) } }
                    td.n { (own.voters.map_or_else(|| "–".to_owned(), |voters| cx.n(voters))) }
                    @if some_late { td { (late(cx, own)) } }
                } } }
            } }
            (pager(cx, Single::Missing, pages(stations.len()), page))
        }
    }
}

/// Since when a station is late: the clock of the record where it has one, and the statement.
fn late(cx: &Cx<'_>, own: &MissingStation) -> Markup {
    let Some(index) = own.late else { return html! { "–" } };
    let time = cx.site.fold.chronicle().and_then(|history| history.clock_at(index));
    html! {
        @if let Some(time) = time { time datetime=(iso(time)) { (cx.t.time(time)) } ", " }
        (statement(cx, index))
    }
}
