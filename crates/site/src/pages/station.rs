//! A station: every version of its protocol from every source, and what was said about it.

use maud::{Markup, html};

use recount_election::StationIx;

use super::shell::Cx;
use crate::names;

pub(crate) fn page(cx: &Cx<'_>, station: StationIx) -> Option<(String, Markup)> {
    let fold = &*cx.site.fold;
    fold.ledger().register().geography().station(station)?;
    let name = names::station(fold, station);
    let body = html! {
        h1 { bdi { (name) } }
        ul { @for claim in fold.station(station).map_or(&[][..], |state| &state.claims) { li {
            (fold.source_name(claim.slot)) ": " (cx.n(claim.index)) " " (fold.status(claim.index).map_or("", |status| status.word()))
        } } }
        ul { @for index in cx.site.facts.events_at(station) { li { (cx.n(*index)) } } }
    };
    Some((name, body))
}
