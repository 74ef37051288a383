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
use super::numbers::{count, n, p};
use super::words;

const SHOWN: usize = 20;

/// The sentence of a topic from the summary.
fn told(report: &Report, topic: Topic) -> String {
    report.findings.iter().find(|own| own.topic == topic).map_or_else(String::new, |own| sentence(report, own))
}

/// A station by name with its region.
pub(super) fn station(report: &Report, place: usize) -> Markup {
    html! { @if let Some(own) = report.stations_named.get(&place) {
        (own.name) " " span.small { (report.district(own.district)) }
    } @else { "a station that was left out" } }
}

/// Districts that agree too well.
pub(super) fn agreement(report: &Report) -> Markup {
    html! {
        p { "Stations of one district that are counted separately differ, by chance alone and because their voters differ. Where twenty stations \
             of different size print the same percentage to the second decimal, the figures were hardly counted one by one." }
        @for own in &report.agreement { (agreeing(report, own)) }
        (caution(Topic::AgreementTurnout, &[Agreement::CANNOT_SHOW]))
    }
}

fn agreeing(report: &Report, own: &Agreement) -> Markup {
    let (word, topic) = match own.percentage {
        Percentage::Turnout => ("Turnout", Topic::AgreementTurnout),
        Percentage::Share => ("Share", Topic::AgreementShare),
    };
    html! {
        h3 { (word) }
        p { (told(report, topic)) " In the district in the middle, stations vary " (format!("{:.1}", own.median_dispersion)) " times as much as pure chance." }
        div.scroll { table {
            caption { "The most uniform districts" }
            thead { tr { th scope="col" { "District" } th.n scope="col" { "Stations" } th.n scope="col" { "Together, %" } th.n scope="col" { "Variation (1 = chance)" } th.n scope="col" { "p" } th scope="col" { "Flagged" } } }
            tbody { @for district in own.districts.iter().take(own.flagged.clamp(5, SHOWN)) { tr {
                th scope="row" { (report.district(district.key)) } td.n { (count(district.stations)) } td.n { (format!("{:.2}", 100.0 * district.pooled)) }
                td.n { (format!("{:.3}", district.dispersion())) } td.n { (p(district.p)) } td { @if district.flagged { "yes" } @else { "no" } }
            } } }
        } }
    }
}

/// Twins and edits.
pub(super) fn copies(report: &Report) -> Markup {
    html! {
        h3 { "Same figures" }
        p { (told(report, Topic::Twins)) " As many or more come by chance with p = " (p(report.twins.p)) "." }
        @if !report.twins.groups.is_empty() {
            details { summary { "The stations" } ul { @for group in report.twins.groups.iter().take(2 * SHOWN) { li {
                @for (at, place) in group.iter().enumerate() { @if at > 0 { " = " } (station(report, *place)) }
            } } } }
        }
        h3 { "One digit apart" }
        p { (told(report, Topic::Edits)) " Permutations with as many: p = " (p(report.edits.p)) "." }
        @if !report.edits.edits.is_empty() {
            details { summary { "The pairs" } ul { @for edit in report.edits.edits.iter().take(2 * SHOWN) { li {
                (station(report, edit.pair.0)) " and " (station(report, edit.pair.1)) ": " (report.lists_named.get(edit.list).map_or("", String::as_str)) ", by " (edit.by)
            } } } }
        }
        (caution(Topic::Twins, &[Identical::CANNOT_SHOW, Edits::CANNOT_SHOW]))
    }
}

/// The 1-2-1-2 pattern.
pub(super) fn small_lists(report: &Report) -> Markup {
    html! {
        p { "A list with about one vote a station gets none at many of them by chance. Where nearly every station has one or two, small figures were \
             not left to chance. " (told(report, Topic::Heaps)) }
        @if !report.heaps.heaps.is_empty() { div.scroll { table {
            caption { "Flagged, or met by the published rule (more than 20 ones, more than 20 twos, fewer than 10 zeros)" }
            thead { tr { th scope="col" { "District" } th scope="col" { "List" } th.n scope="col" { "Stations" } th.n scope="col" { "with 0" } th.n scope="col" { "with 1" } th.n scope="col" { "with 2" } th.n scope="col" { "p" } } }
            tbody { @for heap in report.heaps.heaps.iter().take(2 * SHOWN) { tr {
                th scope="row" { (report.district(heap.key)) } td { (report.lists_named.get(heap.list).map_or("", String::as_str)) }
                td.n { (count(heap.stations)) } td.n { (count(heap.zeros)) } td.n { (count(heap.ones)) } td.n { (count(heap.twos)) } td.n { (p(heap.p)) }
            } } }
        } } }
        (caution(Topic::Heaps, &[Heaps::CANNOT_SHOW]))
    }
}

/// Impossible and extreme figures.
pub(super) fn extremes(report: &Report) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Kind" } th.n scope="col" { "Stations" } } }
            tbody { @for kind in &report.extremes { tr { th scope="row" { (words::extreme(kind.kind)) } td.n { (count(kind.count)) } } } }
        }
        @for kind in report.extremes.iter().filter(|kind| kind.kind.is_impossible() && kind.count > 0) {
            details { summary { (words::extreme(kind.kind)) } ul { @for place in kind.places.iter().take(2 * SHOWN) { li {
                (station(report, *place))
                @if let Some(own) = report.stations_named.get(place) {
                    ": registered " (own.figures.registered) ", issued " (own.figures.issued) ", found " (own.figures.found) ", leader " (own.figures.leader)
                }
            } } } }
        }
        (caution(Topic::Impossible, &[Extremes::CANNOT_SHOW]))
    }
}

/// Machine and hand, protocol and copy.
pub(super) fn compared(report: &Report) -> Option<Markup> {
    let (compared, columns) = report.compared.as_ref()?;
    let class = |class: Class| match class {
        Class::Equal => "Equal in every figure that both state",
        Class::DigitEdit => "One or two figures differ by a slip of one digit",
        Class::FewFigures => "One or two figures differ otherwise",
        Class::Rewrite => "Three figures or more differ",
    };
    let classes = [Class::Equal, Class::DigitEdit, Class::FewFigures, Class::Rewrite];
    let moved: Vec<(usize, &i64)> = compared.net.iter().enumerate().filter(|(_, net)| **net != 0).collect();
    Some(html! {
        table {
            caption { (count(compared.stations)) " places with both counts" }
            thead { tr { th scope="col" { "How they compare" } th.n scope="col" { "Places" } } }
            tbody { @for (own, number) in classes.into_iter().zip(compared.classes) { tr { th scope="row" { (class(own)) } td.n { (count(number)) } } } }
        }
        @if !moved.is_empty() { table {
            caption { "Net difference over the places compared (second count less first); it is not scaled up" }
            thead { tr { th scope="col" { "Figure" } th.n scope="col" { "Net" } th.n scope="col" { "Sum of differences" } } }
            tbody { @for (column, net) in moved { tr {
                th scope="row" { (columns.get(column).map_or("", String::as_str)) } td.n { @if *net > 0 { "+" } (net) }
                td.n { (n(compared.absolute.get(column).copied().unwrap_or(0))) }
            } } }
        } }
        @if !compared.differences.is_empty() { details { summary { "The places that differ" } ul {
            @for own in compared.differences.iter().take(5 * SHOWN) { li {
                (station(report, own.place)) ": "
                @for (at, (column, a, b)) in own.columns.iter().take(8).enumerate() { @if at > 0 { ", " } (columns.get(*column).map_or("", String::as_str)) " " (a) " → " (b) }
                @if own.columns.len() > 8 { " and " (count(own.columns.len() - 8)) " more" }
            } }
        } } }
        (caution(Topic::Compared, &[Compared::CANNOT_SHOW]))
    })
}
