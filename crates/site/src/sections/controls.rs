//! Broken controls, counted by code.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use recount_election::{Control, Severity, StationIx};
use recount_tally::Fold;

use crate::names;
use crate::number::grouped;
use crate::words;

/// The breaks of one control of one form.
struct Group<'a> {
    control: &'a Control,
    breaks: u64,
    stations: BTreeSet<StationIx>,
    example: (StationIx, String),
}

pub(crate) fn section(fold: &Fold) -> Option<Markup> {
    let broken = fold.broken_controls();
    let mut groups: BTreeMap<(&str, &str), Group<'_>> = BTreeMap::new();
    for own in &broken {
        let group = groups.entry((own.form, own.control.code.as_str())).or_insert_with(|| Group {
            control: own.control,
            breaks: 0,
            stations: BTreeSet::new(),
            example: (own.station, own.figures.clone()),
        });
        group.breaks = group.breaks.saturating_add(1);
        group.stations.insert(own.station);
    }
    let checked = fold.law().is_some_and(|law| law.forms.forms.iter().any(|form| !form.controls.is_empty()));
    if groups.is_empty() {
        return checked.then(|| html! { p { (words::CONTROLS_HOLD) } });
    }
    Some(html! {
        p { (words::CONTROLS_INTRO) }
        ul.items { @for ((form, code), group) in &groups { li { (item(fold, form, code, group)) } } }
    })
}

fn item(fold: &Fold, form: &str, code: &str, group: &Group<'_>) -> Markup {
    let control = group.control;
    html! {
        h3 { code { (code) } " " span class={ "tag " (severity(control.severity).0) } { (severity(control.severity).1) } }
        p { (words::broken_at(&grouped(group.breaks), &grouped(group.stations.len() as u64), form)) }
        dl.lines {
            div { dt { (words::FORMULA) } dd { code { (control.formula) } } }
            div { dt { (words::EXAMPLE) } dd { (names::station(fold, group.example.0)) ": " code { (group.example.1) } } }
            @if !control.law.is_empty() { div { dt { (words::LAW) } dd { (control.law) } } }
        }
        @if !control.note.is_empty() { p.small { (control.note) } }
    }
}

fn severity(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("error", words::SEVERITY_ERROR),
        Severity::Warning => ("warning", words::SEVERITY_WARNING),
        Severity::Signal => ("signal", words::SEVERITY_SIGNAL),
    }
}
