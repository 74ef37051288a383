//! Changes: every correction, conflict, ruling and void statement with its cause and its effect, and shares over the sizes.

use maud::{Markup, PreEscaped, html};
use recount_chart::{Label, Line, Lines};

use recount_election::AGAINST_ALL;
use recount_tally::chronicle::{Change, ChangeKind, Chronicle, Moved, Point};

use super::shell::pager;
use super::station::{said, statement};
use super::{Cx, declared, result};
use crate::base::base_at;
use crate::facts::conflicts::{Alternative, Conflict};
use crate::frame::Versions;
use crate::locale::{iso, say};
use crate::names;
use crate::path::{Single, View};

/// Changes on one page.
const CHANGES: usize = 60;
/// Conflicts that are shown one by one.
const CONFLICTS: usize = 20;
/// Columns of a change that are named.
const MOVED: usize = 8;
/// Lists in the timeline.
const LINES: usize = 7;

pub(crate) fn pages(history: Option<&Chronicle>) -> usize {
    history.map_or(0, |history| history.changes().len()).div_ceil(CHANGES).max(1)
}

pub(crate) fn page(cx: &Cx<'_>) -> Markup {
    html! {
        h1 { (cx.t.word("title-changes")) }
        p.lead { (cx.t.word("changes-intro")) }
        (timeline(cx))
        (conflicts(cx))
        (list(cx, 1))
    }
}

pub(crate) fn more(cx: &Cx<'_>, page: usize) -> Option<(String, Markup)> {
    let history = cx.site.fold.chronicle();
    let title = cx.t.word("title-changes");
    (2..=pages(history)).contains(&page).then(|| (title.clone(), html! { h1 { (title) } (list(cx, page)) }))
}

fn list(cx: &Cx<'_>, page: usize) -> Markup {
    let Some(history) = cx.site.fold.chronicle() else {
        return html! { p.notice { (cx.t.word("no-history")) } };
    };
    let all = history.changes().len();
    let shown = history.changes().iter().rev().skip((page - 1) * CHANGES).take(CHANGES);
    html! {
        section aria-labelledby="changes" {
            h2 #changes { (say!(cx.t, "changes-count", n = all)) }
            @if all == 0 { p.empty { (cx.t.word("no-changes")) } }
            ol.changes reversed start=(all.saturating_sub((page - 1) * CHANGES)) { @for change in shown { li { (item(cx, change)) } } }
            (pager(cx, Single::Changes, pages(Some(history)), page))
        }
    }
}

/// The latest changes, for the front page; none if there are none or no history is known.
pub(crate) fn latest(cx: &Cx<'_>, most: usize) -> Option<Markup> {
    let changes = cx.site.fold.chronicle()?.changes();
    let shown = changes.iter().rev().filter(|own| own.kind != ChangeKind::Agreement).take(most);
    (!changes.is_empty()).then(|| html! { ul.changes { @for change in shown { li { (item(cx, change)) } } } })
}

/// One change: what it was, and what it did.
fn item(cx: &Cx<'_>, change: &Change) -> Markup {
    let time = cx.site.fold.chronicle().and_then(|history| history.clock_at(change.index));
    html! {
        p.what {
            span class={ "tag " (change.kind.name()) } { (cx.t.word(&format!("change-{}", change.kind.name()))) } " "
            (statement(cx, change.index))
            @if let Some(time) = time { " · " time datetime=(iso(time)) { (cx.t.time(time)) } }
            @if let Some(station) = change.station { " · " a href=(cx.to(&View::Station(station))) { (cx.station(station)) } ", " bdi { (place_of(cx, station)) } }
        }
        p { (cause(cx, change)) }
        (effect(cx, change))
    }
}

fn place_of(cx: &Cx<'_>, station: recount_election::StationIx) -> String {
    let own = cx.site.fold.ledger().register().geography().station(station);
    own.map_or_else(String::new, |own| cx.unit(own.unit))
}

/// Why, in words.
fn cause(cx: &Cx<'_>, change: &Change) -> Markup {
    let fold = &*cx.site.fold;
    match change.kind {
        ChangeKind::Ruling | ChangeKind::Void => said::words(cx, change.index),
        ChangeKind::Declaration => {
            let own = fold.declarations().iter().find(|own| own.index == change.index);
            html! { @if let Some(own) = own { (say!(cx.t, "declared-by", by = names::body(fold, &own.declaration.by), size = own.declaration.size)) " " (declared::verdict(cx, &own.check)) } }
        }
        ChangeKind::Lot => {
            let own = fold.events().lots.iter().find(|own| own.index == change.index);
            let drawn = own.map(|own| own.what.drawn.iter().map(|id| cx.any_list(id)).collect::<Vec<_>>().join(", "));
            html! { (say!(cx.t, "lot-drawn", drawn = drawn.unwrap_or_default())) }
        }
        ChangeKind::Revocation | ChangeKind::Register => {
            html! { (cx.t.word(&format!("cause-{}", change.kind.name()))) }
        }
        ChangeKind::Correction | ChangeKind::Conflict | ChangeKind::Agreement => {
            html! { (cx.t.word(&format!("cause-{}", change.kind.name()))) ". " (cx.status(change.index)) "." }
        }
    }
}

/// What it did to votes and seats.
pub(crate) fn effect(cx: &Cx<'_>, change: &Change) -> Markup {
    let (then, now) = change.countable;
    let lists: Vec<&Moved> = change.moved.iter().filter(|own| own.is_list).collect();
    html! {
        @if change.moved.is_empty() && then == now { p.small { (cx.t.word("effect-none")) } }
        @else {
            dl.lines {
                @if then != now { div { dt { (cx.t.word("countable")) } dd { (arrow(cx, Some(then), Some(now))) } } }
                @for own in lists.iter().take(MOVED) { div { dt { bdi { (cx.list(own.contest, &own.name)) } } dd { (arrow(cx, own.before, own.after)) } } }
                @for own in change.moved.iter().filter(|own| !own.is_list).take(MOVED) { div { dt { bdi { (cx.line(&own.name)) } } dd { (arrow(cx, own.before, own.after)) } } }
            }
            @if lists.len() > MOVED { p.small { (say!(cx.t, "and-more", more = lists.len() - MOVED)) } }
        }
        @match &change.seats {
            Some((before, after)) => p { strong { (cx.t.word("effect-seats")) } " " (cx.seats(before)) " → " (cx.seats(after)) "." },
            None if change.seats_computed => p.small { (cx.t.word("effect-seats-stay")) },
            None => {},
        }
    }
}

pub(crate) fn arrow(cx: &Cx<'_>, before: Option<u64>, after: Option<u64>) -> String {
    let figure = |n: Option<u64>| n.map_or_else(|| "–".to_owned(), |n| cx.n(n));
    let by = i128::from(after.unwrap_or(0)) - i128::from(before.unwrap_or(0));
    format!("{} → {} ({})", figure(before), figure(after), cx.t.signed(by))
}

/// Conflicts that stand: what counts, what says otherwise, and the seats under it.
fn conflicts(cx: &Cx<'_>) -> Markup {
    let conflicts = &cx.site.facts.conflicts.0;
    if conflicts.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="conflicts" {
            h2 #conflicts { (say!(cx.t, "conflicts-count", n = conflicts.len())) }
            p { (cx.t.word("conflicts-intro")) }
            ul.items { @for own in conflicts.iter().take(CONFLICTS) { li { (conflict(cx, own)) } } }
            @if conflicts.len() > CONFLICTS { p.small { (say!(cx.t, "and-more", more = conflicts.len() - CONFLICTS)) } }
        }
    }
}

fn conflict(cx: &Cx<'_>, own: &Conflict) -> Markup {
    html! {
        h3 { a href=(cx.to(&View::Station(own.station))) { (cx.station(own.station)) } ", " bdi { (place_of(cx, own.station)) } }
        p { (cx.source(cx.site.fold.source_name(own.slot))) ": " (say!(cx.t, "stands-against", stands = own.stands.to_string(), other = own.index.to_string())) }
        (differences(cx, own))
        p.small { @match &own.alternative {
            Alternative::NotCounted => (cx.t.word("alternative-not-counted")),
            Alternative::Same => (cx.t.word("alternative-same")),
            Alternative::Seats(seats) => { (cx.t.word("alternative-seats")) " " (cx.seats(seats)) "." },
            Alternative::None(why) => { (cx.t.word("no-seats-because")) " " (why) "." },
            Alternative::NotTried => (cx.t.word("alternative-not-tried")),
        } }
    }
}

/// The figures in which the two differ.
fn differences(cx: &Cx<'_>, own: &Conflict) -> Markup {
    let fold = cx.counted();
    let Some(state) = fold.contest(own.slot.contest) else { return html! {} };
    let claims = fold.station(own.station).map_or(&[][..], |state| &state.claims);
    let other = claims.iter().find(|claim| claim.index == own.index).map(|claim| &claim.figures);
    let stands = fold.stand(own.station, own.slot).map(|stand| stand.figures);
    let Some((stands, other)) = stands.zip(other) else { return html! {} };
    let lines = state.columns.lines().map(|(column, name)| (column, name, false));
    let lists = state.columns.lists().map(|(column, name)| (column, name, true));
    let differ: Vec<_> = lines.chain(lists).filter(|(column, ..)| stands.get(*column) != other.get(*column)).collect();
    html! {
        dl.lines { @for (column, name, is_list) in differ.iter().take(MOVED) {
            div { dt { bdi { (cx.column(own.slot.contest, name, *is_list)) } } dd { (arrow(cx, stands.get(*column), other.get(*column))) } }
        } }
        @if differ.len() > MOVED { p.small { (say!(cx.t, "and-more", more = differ.len() - MOVED)) } }
    }
}

/// Shares of the leading lists against the size of the record.
fn timeline(cx: &Cx<'_>) -> Markup {
    let Some((history, count)) = cx.site.fold.chronicle().zip(cx.site.facts.by_law()) else { return html! {} };
    let mut points: Vec<Point> = history.points().to_vec();
    points.push(Point::made(cx.counted(), count.contest, &count.whole));
    points.retain(|point| point.size <= cx.counted().size());
    let points: Vec<(Point, u64)> = points
        .into_iter()
        .filter_map(|point| {
            let base = base_at(cx.counted(), count.contest, &point)?;
            (base > 0).then_some((point, base))
        })
        .collect();
    if points.len() < 3 {
        return html! {};
    }
    let rows = result::rows(cx, count.contest, &count.whole);
    let lists: Vec<String> =
        rows.into_iter().filter(|row| row.id != AGAINST_ALL).take(LINES).map(|row| row.id).collect();
    let names: Vec<String> = lists.iter().map(|id| cx.list(count.contest, id)).collect();
    let shares: Vec<Vec<(u64, u64)>> =
        lists.iter().map(|id| points.iter().filter_map(|(point, base)| share(point, *base, id)).collect()).collect();
    let lines: Vec<Line<'_>> = lists
        .iter()
        .zip(&names)
        .zip(&shares)
        .map(|((id, name), points)| Line { name, series: cx.mark(count.contest, id).unwrap_or(0), points })
        .collect();
    let (title, desc) = (cx.t.word("timeline-title"), cx.t.word("timeline-desc"));
    let size = cx.counted().size();
    let svg = Lines {
        label: Label { id: "timeline", title: &title, desc: &desc },
        lines: &lines,
        // What comes before (register, keys, law) has no shares.
        x_min: points.first().map_or(0, |(point, _)| point.size),
        x_max: size,
        y_max: 0,
        y_unit: 100,
        level: None,
    }
    .svg();
    let every = points.len().div_ceil(12).max(1);
    html! {
        section aria-labelledby="timeline" {
            h2 #timeline { (title) }
            figure { (PreEscaped(svg)) figcaption { (desc) } }
            details {
                summary { (cx.t.word("as-table")) }
                div.scroll role="group" tabindex="0" aria-labelledby="timeline" { table.compare {
                    thead { tr { th.n scope="col" { (cx.t.word("size")) } th.n scope="col" { (cx.t.word("countable")) } @for name in &names { th.n scope="col" { bdi { (name) } } } } }
                    tbody { @for (point, base) in points.iter().rev().step_by(every) { tr {
                        th.n scope="row" { (size_since(cx, point.size)) }
                        td.n { (cx.n(point.countable)) }
                        @for id in &lists { td.n { (point.list(id).and_then(|votes| cx.t.percent(votes, *base)).unwrap_or_else(|| "–".to_owned())) } }
                    } } }
                } }
            }
        }
    }
}

/// A size; where earlier sizes are kept, a link to what changed since.
fn size_since(cx: &Cx<'_>, size: u64) -> Markup {
    let kept = cx.site.frame.versions != Versions::Latest && size < cx.site.size();
    html! {
        @if kept { a href=(cx.to(&View::Since(size))) title=(cx.t.word("since-link")) { (cx.n(size)) } }
        @else { (cx.n(size)) }
    }
}

/// The share of a list at a point, in hundredths of a percent.
fn share(point: &Point, base: u64, list: &str) -> Option<(u64, u64)> {
    let share = (u128::from(point.list(list)?) * 10_000).checked_div(u128::from(base))?;
    Some((point.size, u64::try_from(share).ok()?))
}
