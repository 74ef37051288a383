//! Rulings: what was asked, what was decided, by whom, with which quorum proved and which only claimed, and what it did.

use maud::{Markup, html};

use recount_tally::effects::{Force, RulingState};

use super::Cx;
use super::shell::pager;
use super::station::statement;
use crate::locale::say;
use crate::names;
use crate::path::{Single, View};

/// Rulings on one page.
const RULINGS: usize = 40;
/// Effects of one ruling that are named.
const EFFECTS: usize = 8;
/// Complaints without a ruling that are named.
const COMPLAINTS: usize = 100;

pub(crate) fn pages(rulings: usize) -> usize {
    rulings.div_ceil(RULINGS).max(1)
}

pub(crate) fn page(cx: &Cx<'_>) -> Markup {
    let fold = &*cx.site.fold;
    html! {
        h1 { (cx.t.word("title-rulings")) }
        p.lead { (say!(cx.t, "open-rulings", n = fold.rulings().len(), complaints = fold.events().complaints.len())) }
        (list(cx, 1))
        (complaints(cx))
    }
}

pub(crate) fn more(cx: &Cx<'_>, page: usize) -> Option<(String, Markup)> {
    let title = cx.t.word("title-rulings");
    (2..=pages(cx.site.fold.rulings().len()))
        .contains(&page)
        .then(|| (title.clone(), html! { h1 { (title) } (list(cx, page)) }))
}

fn list(cx: &Cx<'_>, page: usize) -> Markup {
    let rulings = cx.site.fold.rulings();
    let shown = rulings.iter().rev().skip((page - 1) * RULINGS).take(RULINGS);
    html! {
        @if rulings.is_empty() { p.empty { (cx.t.word("no-rulings")) } }
        ul.items { @for (index, state) in shown { li id={ "ruling-" (index) } { (item(cx, *index, state)) } } }
        (pager(cx, Single::Rulings, pages(rulings.len()), page))
    }
}

fn item(cx: &Cx<'_>, index: u64, state: &RulingState) -> Markup {
    let ruling = &state.ruling;
    html! {
        h2 { bdi { (cx.body(ruling.by.as_ref())) } }
        p.small { (statement(cx, index)) " · " (force(cx, state.force)) }
        ul.plain { @for effect in ruling.effects.iter().take(EFFECTS) { li { (cx.effect(effect)) } } }
        @if ruling.effects.len() > EFFECTS { p.small { (say!(cx.t, "and-more", more = ruling.effects.len() - EFFECTS)) } }
        dl.lines {
            @if !ruling.complaints.is_empty() { div { dt { (cx.t.word("asked-by")) } dd { @for (n, complaint) in ruling.complaints.iter().take(EFFECTS).enumerate() { @if n > 0 { ", " } (statement(cx, *complaint)) } } } }
            div { dt { (cx.t.word("grounds")) } dd { code { (ruling.reason) } @if let Some(law) = &ruling.law { ", " bdi { (names::law(&cx.site.fold, law)) } } } }
            (quorum(cx, state))
        }
        (effect(cx, index))
    }
}

/// What it did to the result, where that is known.
fn effect(cx: &Cx<'_>, index: u64) -> Markup {
    let changes = cx.site.fold.chronicle().map(|history| history.changes()).unwrap_or_default();
    let Some(change) = changes.binary_search_by_key(&index, |own| own.index).ok().and_then(|at| changes.get(at)) else {
        return html! {};
    };
    super::changes::effect(cx, change)
}

fn quorum(cx: &Cx<'_>, state: &RulingState) -> Markup {
    let claimed = state.ruling.claimed;
    let body = state.ruling.by.as_ref().and_then(|id| cx.site.fold.ledger().bodies().get(id));
    let said = [
        (claimed.present, "claimed-present"),
        (claimed.votes_for, "claimed-for"),
        (claimed.against, "claimed-against"),
    ];
    let said: Vec<String> = said.into_iter().filter_map(|(n, key)| n.map(|n| say!(cx.t, key, n = n))).collect();
    html! {
        div { dt { (cx.t.word("signed-proved")) } dd { @match body {
            Some(body) => (say!(cx.t, "seats-signed", signed = state.signed, seats = body.seats.len(), quorum = body.quorum, majority = body.majority)),
            None => (cx.t.word("no-quorum")),
        } } }
        @if !said.is_empty() { div { dt { (cx.t.word("claimed-not-proved")) } dd { (said.join(", ")) } } }
    }
}

fn force(cx: &Cx<'_>, force: Force) -> String {
    match force {
        Force::InForce => cx.t.word("in-force"),
        Force::Suspended(by) => say!(cx.t, "suspended-by", by = by.to_string()),
        Force::Reversed(by) => say!(cx.t, "reversed-by", by = by.to_string()),
    }
}

/// Complaints that no ruling names.
fn complaints(cx: &Cx<'_>) -> Markup {
    let fold = &*cx.site.fold;
    let mut answered: Vec<u64> =
        fold.rulings().values().flat_map(|state| state.ruling.complaints.iter().copied()).collect();
    answered.sort_unstable();
    let open: Vec<_> =
        fold.events().complaints.iter().filter(|own| answered.binary_search(&own.index).is_err()).collect();
    let geography = fold.ledger().register().geography();
    html! { @if !open.is_empty() {
        section aria-labelledby="open" {
            h2 #open { (say!(cx.t, "complaints-open", n = open.len())) }
            ul.plain { @for own in open.iter().rev().take(COMPLAINTS) { li {
                (statement(cx, own.index)) ": " code { (own.what.code) } ", "
                @match &own.what.about {
                    recount_record::statement::About::Station { id, .. } if geography.station_ix(id).is_some() => {
                        @if let Some(station) = geography.station_ix(id) { a href=(cx.to(&View::Station(station))) { (cx.about(&own.what.about)) } }
                    },
                    about => bdi { (cx.about(about)) },
                }
            } } }
            @if open.len() > COMPLAINTS { p.small { (say!(cx.t, "and-more", more = open.len() - COMPLAINTS)) } }
        }
    } }
}
