//! Districts, twins, small lists, impossible figures, and two counts of the same ballots.

use maud::{Markup, html};
use recount_forensics::Limits;
use recount_forensics::controls::Extremes;
use recount_forensics::dispersion::{Agreement, Percentage};
use recount_forensics::heaping::Heaps;
use recount_forensics::pairs::{Class, Compared};
use recount_forensics::report::{Report, Topic};
use recount_forensics::twins::{Edits, Identical};

use super::caution;
use super::findings::sentence;
use super::numbers::{count, fixed, n, p};
use super::words;
use crate::lang::{Lang, fill};

const SHOWN: usize = 20;

/// The sentence of a topic from the summary.
pub(super) fn told(t: &Lang, report: &Report, topic: Topic) -> String {
    report.findings.iter().find(|own| own.topic == topic).map_or_else(String::new, |own| sentence(t, report, own))
}

/// A station by name with its region.
pub(super) fn station(t: &Lang, report: &Report, place: usize) -> Markup {
    html! { @if let Some(own) = report.stations_named.get(&place) {
        (own.name) " " span.small { (report.district(own.district)) }
    } @else { (t.say("a station that was left out")) } }
}

fn list(report: &Report, place: usize) -> &str {
    report.lists_named.get(place).map_or("", String::as_str)
}

/// Districts that agree too well.
pub(super) fn agreement(t: &Lang, report: &Report) -> Markup {
    html! {
        p { (t.say(words::AGREEMENT)) }
        @for own in &report.agreement { (agreeing(t, report, own)) }
        (caution(t, Topic::AgreementTurnout, &[Agreement::CANNOT_SHOW]))
    }
}

fn agreeing(t: &Lang, report: &Report, own: &Agreement) -> Markup {
    let (word, topic) = match own.percentage {
        Percentage::Turnout => (t.say("Turnout"), Topic::AgreementTurnout),
        Percentage::Share => (t.say("Share"), Topic::AgreementShare),
    };
    html! {
        h3 { (word) }
        p { (told(t, report, topic)) " " (fill!(t, "In the district in the middle, stations vary {} times as much as pure chance.", fixed(t, own.median_dispersion, 1))) }
        div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            caption { (t.say("The most uniform districts")) }
            thead { tr { th scope="col" { (t.say("District")) } th.n scope="col" { (t.say("Stations")) } th.n scope="col" { (t.say("Together, %")) } th.n scope="col" { (t.say("Variation (1 = chance)")) } th.n scope="col" { "p" } th scope="col" { (t.say("Stands out")) } } }
            tbody { @for district in own.districts.iter().take(own.flagged.clamp(5, SHOWN)) { tr {
                th scope="row" { (report.district(district.key)) } td.n { (count(t, district.stations)) } td.n { (fixed(t, 100.0 * district.pooled, 2)) }
                td.n { (fixed(t, district.dispersion(), 3)) } td.n { (p(t, district.p)) } td { @if district.flagged { (t.say("yes")) } @else { (t.say("no")) } }
            } } }
        } }
    }
}

/// Twins and edits.
pub(super) fn copies(t: &Lang, report: &Report) -> Markup {
    html! {
        h3 { (t.say("Same figures")) }
        p { (told(t, report, Topic::Twins)) " " (fill!(t, "As many or more come by chance with p = {}.", p(t, report.twins.p))) }
        @if !report.twins.groups.is_empty() {
            details { summary { (t.say("The stations")) } ul { @for group in report.twins.groups.iter().take(2 * SHOWN) { li {
                @for (at, place) in group.iter().enumerate() { @if at > 0 { " = " } (station(t, report, *place)) }
            } } } }
        }
        h3 { (t.say("One digit apart")) }
        p { (told(t, report, Topic::Edits)) " " (fill!(t, "As many or more come by chance with p = {}.", p(t, report.edits.p))) }
        @if !report.edits.edits.is_empty() {
            details { summary { (t.say("The pairs")) } ul { @for edit in report.edits.edits.iter().take(2 * SHOWN) { li {
                (station(t, report, edit.pair.0)) " = " (station(t, report, edit.pair.1)) ": " (list(report, edit.list)) " (" (edit.by) ")"
            } } } }
        }
        (caution(t, Topic::Twins, &[Identical::CANNOT_SHOW, Edits::CANNOT_SHOW]))
    }
}

/// The 1-2-1-2 pattern.
pub(super) fn small_lists(t: &Lang, report: &Report) -> Markup {
    html! {
        p { (t.say(words::SMALL)) " " (told(t, report, Topic::Heaps)) }
        @if !report.heaps.heaps.is_empty() { div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            caption { (t.say("Lists that stand out, and those that the published rule meets, which chance makes too (more than 20 ones, more than 20 twos, fewer than 10 zeros)")) }
            thead { tr { th scope="col" { (t.say("District")) } th scope="col" { (t.say("List")) } th.n scope="col" { (t.say("Stations")) } th.n scope="col" { (t.say("with 0")) } th.n scope="col" { (t.say("with 1")) } th.n scope="col" { (t.say("with 2")) } th.n scope="col" { "p" } th scope="col" { (t.say("Stands out")) } } }
            tbody { @for heap in report.heaps.heaps.iter().take(2 * SHOWN) { tr {
                th scope="row" { (report.district(heap.key)) } td { (list(report, heap.list)) }
                td.n { (count(t, heap.stations)) } td.n { (count(t, heap.zeros)) } td.n { (count(t, heap.ones)) } td.n { (count(t, heap.twos)) } td.n { (p(t, heap.p)) }
                td { @if heap.flagged { (t.say("yes")) } @else { (t.say("no")) } }
            } } }
        } } }
        (caution(t, Topic::Heaps, &[Heaps::CANNOT_SHOW]))
    }
}

/// Impossible and extreme figures.
pub(super) fn extremes(t: &Lang, report: &Report) -> Markup {
    let figures = |own: &recount_forensics::Station| {
        fill!(t, "registered {}, issued {}, found {}, leader {}", own.registered, own.issued, own.found, own.leader)
    };
    html! {
        table {
            thead { tr { th scope="col" { (t.say("Kind")) } th.n scope="col" { (t.say("Stations")) } } }
            tbody { @for kind in &report.extremes { tr { th scope="row" { (t.say(words::extreme(kind.kind))) } td.n { (count(t, kind.count)) } } } }
        }
        @for kind in report.extremes.iter().filter(|kind| kind.kind.is_impossible() && kind.count > 0) {
            details { summary { (t.say(words::extreme(kind.kind))) } ul { @for place in kind.places.iter().take(2 * SHOWN) { li {
                (station(t, report, *place))
                @if let Some(own) = report.stations_named.get(place) { ": " (figures(&own.figures)) }
            } } } }
        }
        (caution(t, Topic::Impossible, &[Extremes::CANNOT_SHOW]))
    }
}

/// Machine and hand, protocol and copy.
pub(super) fn compared(t: &Lang, report: &Report) -> Option<Markup> {
    let (compared, columns) = report.compared.as_ref()?;
    let class = |class: Class| match class {
        Class::Equal => t.say("Equal in every figure that both state"),
        Class::DigitEdit => t.say("One or two figures differ by a slip of one digit"),
        Class::FewFigures => t.say("One or two figures differ otherwise"),
        Class::Rewrite => t.say("Three figures or more differ"),
    };
    let classes = [Class::Equal, Class::DigitEdit, Class::FewFigures, Class::Rewrite];
    let moved: Vec<(usize, &i64)> = compared.net.iter().enumerate().filter(|(_, net)| **net != 0).collect();
    Some(html! {
        table {
            caption { (fill!(t, "{} places with both counts", count(t, compared.stations))) }
            thead { tr { th scope="col" { (t.say("How they compare")) } th.n scope="col" { (t.say("Places")) } } }
            tbody { @for (own, number) in classes.into_iter().zip(compared.classes) { tr { th scope="row" { (class(own)) } td.n { (count(t, number)) } } } }
        }
        @if !moved.is_empty() { table {
            caption { (t.say("Net difference over the places compared (second count less first); it is not scaled up")) }
            thead { tr { th scope="col" { (t.say("Figure")) } th.n scope="col" { (t.say("Net")) } th.n scope="col" { (t.say("Sum of differences")) } } }
            tbody { @for (column, net) in moved { tr {
                th scope="row" { (columns.get(column).map_or("", String::as_str)) } td.n { @if *net > 0 { "+" } (net) }
                td.n { (n(t, compared.absolute.get(column).copied().unwrap_or(0))) }
            } } }
        } }
        @if !compared.differences.is_empty() { details { summary { (t.say("The places that differ")) } ul {
            @for own in compared.differences.iter().take(5 * SHOWN) { li {
                (station(t, report, own.place)) ": "
                @for (at, (column, a, b)) in own.columns.iter().take(8).enumerate() { @if at > 0 { ", " } (columns.get(*column).map_or("", String::as_str)) " " (a) " → " (b) }
                @if own.columns.len() > 8 { " " (fill!(t, "and {} more", count(t, own.columns.len() - 8))) }
            } }
        } } }
        (caution(t, Topic::Compared, &[Compared::CANNOT_SHOW]))
    })
}
