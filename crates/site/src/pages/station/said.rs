//! What was said about a station beside its figures: complaints, rulings, notes, turnout, void statements; and its scans.

use maud::{Markup, html};

use recount_election::StationIx;
use recount_log::Hash;

use super::{Cx, statement};
use crate::locale::say;

/// Statements shown one by one.
const SHOWN: usize = 60;

pub(crate) fn section(cx: &Cx<'_>, station: StationIx) -> Markup {
    let events = cx.site.facts.events_at(station);
    let scans = scans(cx, station);
    html! {
        @if !scans.is_empty() { section aria-labelledby="scans" {
            h2 #scans { (cx.t.word("scans")) }
            ul.plain { @for (index, blob) in &scans { li {
                (statement(cx, *index)) ": "
                @if cx.site.fold.effects().is_withheld(blob) { (cx.t.word("withheld-blob")) " " code { (blob.to_hex()) } }
                @else { a href={ (cx.root) "blob/sha256/" (blob.to_hex()) } { code { (blob.to_hex()) } } }
            } } }
        } }
        @if !events.is_empty() { section aria-labelledby="said" {
            h2 #said { (cx.t.word("said")) }
            ul.events { @for index in events.iter().rev().take(SHOWN) { li { (statement(cx, *index)) " " (words(cx, *index)) } } }
            @if events.len() > SHOWN { p.small { (say!(cx.t, "and-more", more = events.len() - SHOWN)) } }
        } }
    }
}

/// Blobs that the statements about a station name.
fn scans(cx: &Cx<'_>, station: StationIx) -> Vec<(u64, Hash)> {
    let state = cx.site.fold.station(station);
    let claims = state.into_iter().flat_map(|own| own.claims.iter().chain(&own.copies)).map(|claim| claim.index);
    let events = cx.site.facts.events_at(station).iter().copied();
    let mut indices: Vec<u64> = claims.chain(events).collect();
    indices.sort_unstable();
    indices.dedup();
    indices.into_iter().flat_map(|index| cx.site.facts.blobs_of(index).iter().map(move |blob| (index, *blob))).collect()
}

/// A statement in words: what it is, and what it says.
pub(crate) fn words(cx: &Cx<'_>, index: u64) -> Markup {
    let fold = &*cx.site.fold;
    let events = fold.events();
    let noted = usize::try_from(index).ok().and_then(|at| fold.noted().get(at));
    if let Some(void) = noted.and_then(|noted| noted.void.as_deref()) {
        let kind = noted.map_or("", |noted| noted.kind);
        return html! { strong { (cx.t.word("void")) } ": " (kind) ", " (void) };
    }
    if let Some(state) = fold.rulings().get(&index) {
        let effects: Vec<String> = state.ruling.effects.iter().take(4).map(|effect| cx.effect(effect)).collect();
        let more = state.ruling.effects.len().saturating_sub(effects.len());
        return html! {
            (cx.t.word("kind-ruling")) ", " bdi { (cx.body(state.ruling.by.as_ref())) } ": " (effects.join("; "))
            @if more > 0 { " " (say!(cx.t, "and-more", more = more)) }
        };
    }
    if let Ok(at) = events.complaints.binary_search_by_key(&index, |own| own.index)
        && let Some(own) = events.complaints.get(at)
    {
        return html! { (cx.t.word("kind-complaint")) ": " code { (own.what.code) } };
    }
    if let Ok(at) = events.notes.binary_search_by_key(&index, |own| own.index)
        && let Some(own) = events.notes.get(at)
    {
        return html! { (cx.t.word("kind-note")) ": " code { (own.what.code) } };
    }
    if let Ok(at) = events.turnouts.binary_search_by_key(&index, |own| own.index)
        && let Some(own) = events.turnouts.get(at)
    {
        return html! { (cx.t.word("kind-turnout")) ": " (cx.n(own.what.voted)) ", " (cx.t.time(own.what.time)) };
    }
    html! { (noted.map_or("", |noted| noted.kind)) }
}
