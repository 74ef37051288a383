//! What changed between two sizes of a record: votes, seats, and every station with its cause.

use maud::{Markup, html};

use recount_tally::View as CountView;
use recount_tally::diff::{self, Changed, Difference};

use super::changes::arrow;
use super::station::statement;
use super::{Cx, result};
use crate::counts::Count;
use crate::locale::say;
use crate::path::View;
use crate::site::Site;

/// Stations that are named.
const STATIONS: usize = 150;
/// Contests that are compared.
const CONTESTS: usize = 6;

pub(crate) fn page(cx: &Cx<'_>, older: &Site) -> (String, Markup) {
    let title = say!(cx.t, "since-title", from = older.size(), to = cx.site.size());
    let counts = cx.site.facts.contests.iter().filter_map(|own| own.counts.iter().find(|count| count.decides));
    let body = html! {
        h1 { (title) }
        p.lead { (cx.t.word("since-intro")) }
        (seats(cx, older))
        @for count in counts.take(CONTESTS) { (one(cx, older, count)) }
    };
    (title, body)
}

fn seats(cx: &Cx<'_>, older: &Site) -> Markup {
    let Some(now) = cx.site.facts.outcome().filter(|outcome| outcome.house > 0) else { return html! {} };
    html! {
        @match older.facts.outcome() {
            Some(then) if then.seats == now.seats => p { (cx.t.word("effect-seats-stay")) },
            Some(then) => p { strong { (cx.t.word("effect-seats")) } " " (cx.seats(&then.seats)) " → " (cx.seats(&now.seats)) "." },
            None => p { strong { (cx.t.word("effect-seats")) } " " (cx.t.word("no-seats")) " → " (cx.seats(&now.seats)) "." },
        }
    }
}

/// One contest: its totals, then its stations by cause.
fn one(cx: &Cx<'_>, older: &Site, count: &Count) -> Markup {
    let Some(state) = cx.counted().contest(count.contest) else { return html! {} };
    let difference = diff::between(older.counted(), cx.counted(), &state.id, CountView::LAW);
    let old = older
        .facts
        .contests
        .iter()
        .find(|own| older.counted().contest(own.contest).is_some_and(|old| old.id == state.id));
    let old = old.and_then(|own| own.counts.iter().find(|count| count.decides));
    let votes = |list: &str| {
        let old = old?;
        old.whole.sums.list(&older.counted().contest(old.contest)?.columns, list)
    };
    html! {
        section {
            h2 { bdi { (cx.contest(count.contest)) } }
            dl.lines {
                div { dt { (cx.t.word("countable")) } dd { (arrow(cx, old.map(|own| own.whole.coverage.countable), Some(count.whole.coverage.countable))) } }
                @for row in result::rows(cx, count.contest, &count.whole) { @if votes(&row.id) != Some(row.votes) {
                    div { dt { bdi { (cx.list(count.contest, &row.id)) } } dd { (arrow(cx, votes(&row.id), Some(row.votes))) } }
                } }
            }
            (stations(cx, &difference))
        }
    }
}

fn stations(cx: &Cx<'_>, difference: &Difference) -> Markup {
    let causes: Vec<String> = difference
        .by_cause()
        .iter()
        .map(|(cause, n)| format!("{} {}", cx.t.word(&format!("since-{}", cause.name())), cx.n(*n)))
        .collect();
    html! {
        h3 { (say!(cx.t, "since-stations", n = difference.stations.len())) }
        @if !causes.is_empty() { p { (causes.join(", ")) "." } }
        ul.plain { @for own in difference.stations.iter().take(STATIONS) { li { (item(cx, own)) } } }
        @if difference.stations.len() > STATIONS { p.small { (say!(cx.t, "and-more", more = difference.stations.len() - STATIONS)) } }
    }
}

fn item(cx: &Cx<'_>, own: &Changed) -> Markup {
    html! {
        a href=(cx.to(&View::Station(own.station))) { (cx.station(own.station)) } ": " (cx.t.word(&format!("since-{}", own.cause.name())))
        @for index in &own.statements { ", " (statement(cx, *index)) }
        @match (own.before.reason, own.after.reason) {
            (_, Some(reason)) => { "; " (cx.reason(reason.code())) },
            (Some(_), None) => { "; " (cx.t.word("counts")) },
            (None, None) => {},
        }
    }
}
