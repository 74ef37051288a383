//! Broken controls by code, with the stations where they break.

use std::collections::BTreeMap;

use maud::{Markup, html};

use recount_election::{Control, UnitIx, title_in};

use super::Cx;
use super::station::severity;
use crate::facts::broken::{self, BrokenControl};
use crate::locale::say;
use crate::path::{View, escape};

/// Units of one control that are named.
const UNITS: usize = 12;

pub(crate) fn page(cx: &Cx<'_>) -> Markup {
    let broken = &cx.site.facts.broken;
    let forms = cx.counted().law().map(|law| law.forms.forms.as_slice()).unwrap_or_default();
    let controls: usize = forms.iter().map(|form| form.controls.len()).sum();
    html! {
        h1 { (cx.t.word("title-controls")) }
        p.lead { (cx.t.word("controls-intro")) }
        @if controls == 0 { p.empty { (cx.t.word("no-controls")) } }
        @else if broken.is_empty() { p { (cx.t.word("controls-hold")) } }
        @for own in broken { (group(cx, own)) }
        @if controls > 0 { details {
            summary { (say!(cx.t, "all-controls", n = controls)) }
            @for form in forms.iter().filter(|form| !form.controls.is_empty()) {
                h3 { bdi { (title_in(&form.title, &form.titles, cx.t.tag())) } }
                ul.plain { @for control in &form.controls { li { code { (control.code) } ": " code { (control.formula) } " " (note(cx, control)) } } }
            }
        } }
    }
}

/// What a break may come from, in words.
fn note(cx: &Cx<'_>, control: &Control) -> Markup {
    html! { bdi { (title_in(&control.note, &control.notes, cx.t.tag())) } }
}

fn group(cx: &Cx<'_>, own: &BrokenControl) -> Markup {
    let Some(control) = broken::control(cx.counted(), &own.form, &own.code) else { return html! {} };
    let id = format!("control-{}-{}", escape(&own.form), escape(&own.code));
    let geography = cx.counted().ledger().register().geography();
    let mut units: BTreeMap<UnitIx, u64> = BTreeMap::new();
    for station in &own.stations {
        // The unit of the second level, or the lowest there is above it.
        let above: Vec<UnitIx> =
            geography.station(*station).map(|own| geography.ancestors(own.unit).collect()).unwrap_or_default();
        if let Some(unit) = above.len().checked_sub(2).and_then(|at| above.get(at)).or(above.first()) {
            *units.entry(*unit).or_default() += 1;
        }
    }
    let mut units: Vec<(UnitIx, u64)> = units.into_iter().collect();
    units.sort_by_key(|(unit, n)| (u64::MAX - n, *unit));
    let more = own.stations.len().saturating_sub(own.figures.len());
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { code { (own.code) } " " span.tag { (cx.t.word(severity(control.severity))) } }
            p { (say!(cx.t, "broken-at", breaks = own.breaks, stations = own.stations.len(), form = &own.form)) }
            dl.lines.long {
                div { dt { (cx.t.word("formula")) } dd { code { (control.formula) } } }
                @if !control.law.is_empty() { div { dt { (cx.t.word("law")) } dd { bdi { (control.law) } } } }
                @if !control.note.is_empty() { div { dt { (cx.t.word("note")) } dd { (note(cx, control)) } } }
                div { dt { (cx.t.word("by-unit")) } dd {
                    @for (n, (unit, stations)) in units.iter().take(UNITS).enumerate() { @if n > 0 { ", " } a href=(cx.to(&View::Place(*unit, 1))) { bdi { (cx.unit(*unit)) } } " " (cx.n(*stations)) }
                    @if units.len() > UNITS { " " (say!(cx.t, "and-more", more = units.len() - UNITS)) }
                } }
            }
            details {
                summary { (cx.t.word("where-broken")) }
                ul.plain { @for (station, figures) in own.stations.iter().zip(&own.figures) { li {
                    a href=(cx.to(&View::Station(*station))) { (cx.station(*station)) } ": " code { (figures) }
                } } }
                @if more > 0 { p.small { (say!(cx.t, "and-more", more = more)) } }
            }
        }
    }
}
