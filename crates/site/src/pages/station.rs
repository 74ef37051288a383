//! A station: every version of its figures from every source, the controls on them, what was said about it, and how to check it.

mod controls;
pub(crate) mod said;
mod versions;

use maud::{Markup, html};

use recount_election::StationIx;
use recount_log::leaf_hash;
use recount_tally::View as CountView;
use recount_tally::claim::ContestIx;

use super::{Cx, place};
use crate::locale::say;
use crate::path::{Single, View};
pub(crate) use controls::severity;
use versions::Version;

/// Contests that a station shows in full.
const CONTESTS: usize = 12;

pub(crate) fn page(cx: &Cx<'_>, station: StationIx) -> Option<(String, Markup)> {
    let fold = &*cx.site.fold;
    let register = fold.ledger().register();
    let own = register.geography().station(station)?;
    let name = cx.station(station);
    let contests: Vec<ContestIx> =
        fold.contests().map(|(contest, _)| contest).filter(|own| fold.is_expected(station, *own)).collect();
    let body = html! {
        (place::crumbs(cx, Some(own.unit), Some(station)))
        h1 { bdi { (name) } }
        dl.facts {
            div { dt { (cx.t.word("unit")) } dd { a href=(cx.to(&View::Place(own.unit, 1))) { bdi { (cx.unit(own.unit)) } } } }
            @if let Some(voters) = register.voters(station, 1) { div { dt { (cx.t.word("registered-voters")) } dd { (cx.n(voters)) } } }
            @if !register.parts(station).is_empty() { div { dt { (cx.t.word("parts")) } dd { (register.parts(station).join(", ")) } } }
        }
        @if register.is_dropped(station) { p.notice { (cx.t.word("station-dropped")) } }
        @for contest in contests.iter().take(CONTESTS) { (one(cx, station, *contest, contests.len() > 1)) }
        @if contests.len() > CONTESTS { p.small { (say!(cx.t, "and-more-contests", more = contests.len() - CONTESTS)) } }
        (said::section(cx, station))
        (check(cx, station))
    };
    Some((name, body))
}

/// One contest: whether the station counts, the versions side by side, the controls.
fn one(cx: &Cx<'_>, station: StationIx, contest: ContestIx, titled: bool) -> Markup {
    let fold = &*cx.site.fold;
    let count = fold.count_station(station, contest, CountView::LAW);
    let versions = versions::of(cx, station, contest);
    let id = format!("versions-{}", contest.0);
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (cx.t.word("versions")) @if titled { ": " bdi { (cx.contest(contest)) } } }
            p class=(if count.reason.is_none() { "state declared" } else { "state preliminary" }) {
                @match count.reason {
                    None => (cx.t.word("station-counts")),
                    Some(reason) => {
                        (say!(cx.t, "station-does-not-count", reason = cx.reason(reason.code())))
                        @if let Some(ruling) = reason.ruling() { " " (say!(cx.t, "by-ruling", ruling = ruling.to_string())) }
                    },
                }
                @if let Some(ruling) = count.by_ruling { " " (say!(cx.t, "figures-by-ruling", ruling = ruling.to_string())) }
                @if count.rivals > 0 { " " strong { (say!(cx.t, "rivals", n = u64::from(count.rivals))) } }
                @if count.suspect { " " strong { (cx.t.word("suspect-key")) } }
            }
            @if versions.is_empty() { p.empty { (cx.t.word("nothing-received")) } }
            @else { (versions::table(cx, (station, contest), &versions, &id)) (controls::section(cx, contest, &versions)) }
        }
    }
}

/// How anybody checks this page, and the leaf of the station's tree.
fn check(cx: &Cx<'_>, station: StationIx) -> Markup {
    let fold = &*cx.site.fold;
    let id = fold.ledger().register().geography().station(station).map_or("", |own| own.id.as_str());
    let url = cx.site.frame.base_url.as_deref().unwrap_or("RECORD-URL");
    let leaf = fold.station_leaf(station).unwrap_or_default();
    html! {
        section aria-labelledby="check" {
            h2 #check { (cx.t.word("check-this")) }
            p { (cx.t.word("check-station")) " " a href=(cx.to(&View::Single(Single::Check))) { (cx.t.word("check-in-browser")) } }
            pre tabindex="0" { code { "recount explain " (url) " --station " (id) " --at " (cx.since()) } }
            details {
                summary { (cx.t.word("station-leaf")) }
                p.small { (say!(cx.t, "station-leaf-place", place = u64::from(station.0) + 1)) }
                pre tabindex="0" { code { (leaf) } }
                p.small { (cx.t.word("leaf-hash")) " " code { (leaf_hash(leaf.as_bytes()).to_hex()) } }
            }
        }
    }
}

/// A statement by number, leading to the page that checks it.
pub(crate) fn statement(cx: &Cx<'_>, index: u64) -> Markup {
    let href = format!("{}#statement={index}", cx.to(&View::Single(Single::Check)));
    html! { a.statement href=(href) { (say!(cx.t, "statement-number", index = index.to_string())) } }
}

/// The versions that stand.
fn standing<'a, 'b>(versions: &'b [Version<'a>]) -> impl Iterator<Item = &'b Version<'a>> {
    versions.iter().filter(|own| own.stands)
}
