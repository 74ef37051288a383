//! A unit: its totals and coverage, the units below it, its stations.

use maud::{Markup, PreEscaped, html};
use recount_chart::{Label, Tile, TileGrid, swatch};

use recount_election::{AGAINST_ALL, Geography, StationIx, Unit, UnitIx};
use recount_tally::View as CountView;
use recount_tally::claim::ContestIx;
use recount_tally::totals::UnitTotal;

use super::shell::pager_of;
use super::{Cx, declared, map, result};
use crate::base::base_of;
use crate::counts::Count;
use crate::locale::say;
use crate::path::View;

/// Stations on one page.
const STATIONS: usize = 150;
/// Units below on one page.
const UNITS: usize = 100;
/// Lists with a column of their own.
const COLUMNS: usize = 6;
/// Units whose figures are named, for scripts that derive them again.
const NAMED: usize = 60;
/// Contests that a unit shows in full.
const CONTESTS: usize = 4;

/// How many pages a unit has, by the units directly below it and its own stations.
pub(crate) fn pages(geography: &Geography, unit: UnitIx) -> usize {
    let units = geography.children(unit).len().div_ceil(UNITS);
    units.max(geography.stations_of(unit).len().div_ceil(STATIONS)).max(1)
}

pub(crate) fn page(cx: &Cx<'_>, unit: UnitIx, page: usize) -> Option<(String, Markup)> {
    let geography = cx.site.fold.ledger().register().geography();
    let stations = geography.stations_of(unit);
    let all = pages(geography, unit);
    if page > all {
        return None;
    }
    let counts: Vec<(&Count, &UnitTotal)> = cx
        .site
        .facts
        .contests
        .iter()
        .filter_map(|own| own.counts.iter().find(|count| count.decides))
        .filter_map(|count| Some((count, count.totals.get(&unit)?)))
        .collect();
    let name = cx.unit(unit);
    let children = geography.children(unit);
    let body = html! {
        (crumbs(cx, Some(unit), None))
        h1 { bdi { (name) } }
        @if page == 1 {
            @for (count, total) in counts.iter().take(CONTESTS) {
                section.contest {
                    @if counts.len() > 1 { h2 { bdi { (cx.contest(count.contest)) } } }
                    p.byline { (cx.source(&count.source)) ", " (cx.t.word("decides")) }
                    (result::coverage(cx, count, Some(unit), &total.coverage))
                    @if total.coverage.countable == 0 { p.empty { (cx.t.word("nothing-counts")) } }
                    @else { div.spread {
                        div.main { (result::unit_lists(cx, count, unit, total)) }
                        div.side { @if children.is_empty() { (result::lines(cx, count, Some(unit), total, true)) } @else { (tiles(cx, count, unit)) } }
                    } }
                }
            }
            @if counts.len() > CONTESTS { p.small { (say!(cx.t, "and-more-contests", more = counts.len() - CONTESTS)) } }
        }
        @if page == 1 { (declared::section(cx, unit)) }
        @if let Some((count, _)) = counts.first() {
            @if children.len() > (page - 1) * UNITS { (units(cx, count, unit, page)) }
            @if page == 1 { (map::section(cx, count, unit)) }
        }
        @if !stations.is_empty() {
            @let contest = counts.first().map(|(count, _)| count.contest);
            @if stations.len() > (page - 1) * STATIONS { (station_table(cx, unit, page, contest)) }
        }
        (pager_of(cx, all, page, |other| View::Place(unit, other)))
    };
    Some((name, body))
}

/// The way from the whole down to here.
pub(crate) fn crumbs(cx: &Cx<'_>, unit: Option<UnitIx>, station: Option<StationIx>) -> Markup {
    let geography = cx.site.fold.ledger().register().geography();
    let mut above: Vec<UnitIx> = unit.map(|unit| geography.ancestors(unit).collect()).unwrap_or_default();
    above.reverse();
    let last = above.len().saturating_sub(1);
    if above.len() < 2 && station.is_none() {
        return html! {};
    }
    html! {
        nav.crumbs aria-label=(cx.t.word("breadcrumbs")) { ol {
            @for (n, unit) in above.iter().enumerate() { li {
                @if n == last && station.is_none() { span aria-current="page" { bdi { (cx.unit(*unit)) } } }
                @else { a href=(cx.to(&View::Place(*unit, 1))) { bdi { (cx.unit(*unit)) } } }
            } }
            @if let Some(station) = station { li { span aria-current="page" { (cx.station(station)) } } }
        } }
    }
}

/// The lists with most votes in a unit, "against all" aside.
fn leading(cx: &Cx<'_>, contest: ContestIx, total: &UnitTotal) -> Vec<String> {
    let rows = result::rows(cx, contest, total).into_iter().filter(|row| row.id != AGAINST_ALL);
    rows.take(COLUMNS).map(|row| row.id).collect()
}

fn votes(cx: &Cx<'_>, contest: ContestIx, total: &UnitTotal, list: &str) -> Option<u64> {
    total.sums.list(&cx.counted().contest(contest)?.columns, list)
}

fn figure(cx: &Cx<'_>, n: Option<u64>) -> String {
    n.map_or_else(|| "–".to_owned(), |n| cx.n(n))
}

/// The units directly below, in the count by law.
fn units(cx: &Cx<'_>, count: &Count, unit: UnitIx, page: usize) -> Markup {
    let geography = cx.site.fold.ledger().register().geography();
    let Some(whole) = count.totals.get(&unit) else { return html! {} };
    let lists = leading(cx, count.contest, whole);
    // Names of figures are long; a page of very many units does without, and its links lead to pages that have them.
    let few = geography.children(unit).len() <= NAMED;
    let named =
        |unit: UnitIx, list: &str| cx.figure("votes", count.contest, count.view(), Some(unit), list).filter(|_| few);
    let shown = geography.children(unit).iter().skip((page - 1) * UNITS).take(UNITS);
    let below = shown.filter_map(|child| Some((*child, count.totals.get(child)?)));
    html! {
        section aria-labelledby="units" {
            h2 #units { (cx.t.word("by-unit")) }
            div.scroll role="group" tabindex="0" aria-labelledby="units" { table.units.sortable {
                thead { tr {
                    th scope="col" { (cx.t.word("unit")) }
                    th.n scope="col" { (cx.t.word("coverage-column")) }
                    @for list in &lists { (list_head(cx, count.contest, list)) }
                } }
                tbody { @for (child, total) in below { tr {
                    th scope="row" { a href=(cx.to(&View::Place(child, 1))) { bdi { (cx.unit(child)) } } }
                    td.n { (cx.n(total.coverage.countable)) " / " (cx.n(total.coverage.expected)) }
                    @for list in &lists { @let own = votes(cx, count.contest, total, list); td.n data-figure=[named(child, list)] { (figure(cx, own)) } }
                } } }
                tfoot { tr {
                    th scope="row" { (cx.t.word("total")) }
                    td.n { (cx.n(whole.coverage.countable)) " / " (cx.n(whole.coverage.expected)) }
                    @for list in &lists { td.n { (figure(cx, votes(cx, count.contest, whole, list))) } }
                } }
            } }
        }
    }
}

fn list_head(cx: &Cx<'_>, contest: ContestIx, list: &str) -> Markup {
    html! { th.n scope="col" { (PreEscaped(swatch(cx.mark(contest, list)))) " " bdi { (cx.list(contest, list)) } } }
}

/// A tile for each unit below: the share of the list that leads here.
fn tiles(cx: &Cx<'_>, count: &Count, unit: UnitIx) -> Markup {
    let geography = cx.site.fold.ledger().register().geography();
    let children = geography.children(unit);
    let leader = count.totals.get(&unit).and_then(|total| leading(cx, count.contest, total).into_iter().next());
    let Some(leader) = leader.filter(|_| (2..=120).contains(&children.len())) else { return html! {} };
    let rows: Vec<TileText> = children.iter().map(|child| TileText::of(cx, count, *child, &leader)).collect();
    let most = rows.iter().filter_map(|row| row.share).max().unwrap_or(0).max(1);
    // A register may say where a unit's tile lies (`tile = "3,1"`: column and row from 0); else they stand row by row.
    let placed: Option<Vec<(u64, u64)>> = children.iter().map(|child| tile_place(geography.unit(*child)?)).collect();
    let places = placed.unwrap_or_else(|| TileGrid::places(rows.len()));
    let tiles: Vec<Tile<'_>> = rows
        .iter()
        .zip(places)
        .map(|(row, place)| Tile {
            name: &row.name,
            short: &row.short,
            figure: &row.figure,
            level: row.share.map(|share| share * 8 / most),
            place,
            href: Some(&row.href),
        })
        .collect();
    let list = cx.list(count.contest, &leader);
    let title = say!(cx.t, "tiles-title", list = &list);
    let desc = cx.t.word("tiles-desc");
    let svg = TileGrid { label: Label { id: "tiles", title: &title, desc: &desc }, tiles: &tiles }.svg();
    html! { figure { (PreEscaped(svg)) figcaption { (title) ". " (desc) } } }
}

fn tile_place(unit: &Unit) -> Option<(u64, u64)> {
    let (column, row) = unit.attributes.get("tile")?.split_once(',')?;
    Some((column.trim().parse().ok()?, row.trim().parse().ok()?))
}

struct TileText {
    name: String,
    short: String,
    figure: String,
    href: String,
    /// In ten-thousandths of the base.
    share: Option<u64>,
}

impl TileText {
    fn of(cx: &Cx<'_>, count: &Count, unit: UnitIx, list: &str) -> TileText {
        let name = cx.unit(unit);
        let total = count.totals.get(&unit).filter(|total| total.coverage.countable > 0);
        let base = total.and_then(|total| {
            let base = base_of(cx.counted(), count.contest, total)?;
            (!result::exceeds(&result::rows(cx, count.contest, total), &base)).then_some(base)
        });
        let own = total.and_then(|total| votes(cx, count.contest, total, list));
        let share = own.zip(base).and_then(|(votes, base)| {
            u64::try_from((u128::from(votes) * 10_000).checked_div(u128::from(base.votes))?).ok()
        });
        TileText {
            short: short(&name),
            // A tile has room for whole percents.
            figure: share
                .map_or_else(|| "–".to_owned(), |share| say!(cx.t, "percent", n = ((share + 50) / 100).to_string())),
            href: cx.to(&View::Place(unit, 1)),
            name,
            share,
        }
    }
}

/// A few letters of a name.
fn short(name: &str) -> String {
    let word = name.split_whitespace().next().unwrap_or(name);
    if word.chars().count() <= 7 { word.to_owned() } else { word.chars().take(6).chain(['.']).collect() }
}

/// The stations of a unit: whether each counts, and its figures.
fn station_table(cx: &Cx<'_>, unit: UnitIx, page: usize, contest: Option<ContestIx>) -> Markup {
    let fold = cx.counted();
    let geography = cx.site.fold.ledger().register().geography();
    let stations = geography.stations_of(unit);
    let total = contest.and_then(|contest| {
        let count = cx.site.facts.contest(contest)?.counts.iter().find(|count| count.decides)?;
        count.totals.get(&unit)
    });
    let lists = contest.zip(total).map(|(contest, total)| leading(cx, contest, total)).unwrap_or_default();
    let shown = stations.iter().skip((page - 1) * STATIONS).take(STATIONS);
    html! {
        section aria-labelledby="stations" {
            h2 #stations { (cx.t.word("stations")) }
            div.scroll role="group" tabindex="0" aria-labelledby="stations" { table.units.sortable {
                thead { tr {
                    th scope="col" { (cx.t.word("station")) }
                    th scope="col" { (cx.t.word("standing")) }
                    th.n scope="col" { (cx.t.word("registered-voters")) }
                    @if let Some(contest) = contest { @for list in &lists { (list_head(cx, contest, list)) } }
                } }
                tbody { @for station in shown {
                    @let count = contest.filter(|contest| fold.is_expected(*station, *contest)).map(|contest| fold.count_station(*station, contest, CountView::LAW));
                    @let voters = cx.site.fold.ledger().register().voters(*station, count.as_ref().map_or(1, |count| u64::from(count.poll)));
                    tr {
                        th scope="row" { a href=(cx.to(&View::Station(*station))) { (cx.station(*station)) } }
                        td { @match &count {
                            None => (cx.t.word("not-expected")),
                            Some(count) => {
                                @match count.reason { None => (cx.t.word("counts")), Some(reason) => strong { (cx.reason(reason.code())) } }
                                @if count.rivals > 0 { ", " strong { (cx.t.word("in-conflict")) } }
                            },
                        } }
                        td.n { (figure(cx, voters)) }
                        @for list in &lists {
                            @let own = count.as_ref().and_then(|count| count.figures.as_ref()).zip(contest.and_then(|contest| fold.contest(contest))).and_then(|(figures, state)| figures.votes(&state.columns, list));
                            td.n { (figure(cx, own)) }
                        }
                    }
                } }
            } }
        }
    }
}
