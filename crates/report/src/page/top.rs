//! What was asked of which data, how the tests behave, and by which methods.

use maud::{Markup, html};
use recount_forensics::calibrate::{Calibrated, Standing, altered_elections};
use recount_forensics::report::Report;
use recount_forensics::simulate::Alteration;

use super::findings::votes;
use super::numbers::{count, n, percent, rate};
use super::words;

/// Question, data, exclusions.
pub(super) fn data(report: &Report) -> Markup {
    let (subject, sums) = (&report.subject, &report.overview);
    html! {
        p { (words::QUESTION) }
        dl.facts {
            div { dt { "Source" } dd { (subject.source) } }
            div { dt { "SHA-256" } dd { code { (subject.hash) } } }
            div { dt { "Rows" } dd { (n(subject.rows)) } }
            @for (figure, lines) in &subject.figures { div { dt { (figure) } dd { (lines) } } }
            div { dt { "Seed" } dd { (n(report.settings.seed)) } }
        }
        table {
            caption { "What the tables below rest on" }
            tbody {
                tr { th scope="row" { "Stations" } td.n { (count(sums.stations)) } td { "of " (sums.sizes.0) " to " (n(u64::from(sums.sizes.2))) " registered voters, half of them below " (n(u64::from(sums.sizes.1))) } }
                tr { th scope="row" { "Registered voters" } td.n { (votes(sums.registered)) } td {} }
                tr { th scope="row" { "Ballots issued" } td.n { (votes(sums.issued)) } td { "turnout " (percent(sums.issued as f64, sums.registered as f64, 2)) } }
                tr { th scope="row" { "Ballots found" } td.n { (votes(sums.found)) } td {} }
                tr { th scope="row" { "Votes for " (sums.leader) } td.n { (votes(sums.leader_votes)) } td { (percent(sums.leader_votes as f64, sums.found as f64, 2)) " of the ballots found" } }
            }
        }
        h3 { "Left out" }
        @if subject.left_out.is_empty() { p { "No row was left out before the tests." } }
        @else {
            table { thead { tr { th scope="col" { "Before all tests, because" } th.n scope="col" { "Rows" } } }
                tbody { @for (reason, rows) in &subject.left_out { tr { td { (reason) } td.n { (n(*rows)) } } } } }
        }
        table { thead { tr { th scope="col" { "For the tests of percentages, because" } th.n scope="col" { "Stations" } th.n scope="col" { "Registered voters" } } }
            tbody { @for own in &report.rounding.excluded { tr { td { (own.reason) } td.n { (count(own.stations)) } td.n { (n(own.registered)) } } } }
            tfoot { tr { th scope="row" { "Tested" } td.n { (count(report.rounding.tested)) } td {} } } }
    }
}

/// Rates on clean elections, and what would have been noticed.
pub(super) fn calibration(report: &Report) -> Markup {
    let altered = [Alteration::RoundFive, Alteration::Stuff, Alteration::Steal];
    html! {
        p { (words::CALIBRATION) }
        p { (words::DETECTS) }
        div.scroll { table {
            caption { (n(report.settings.elections)) " clean elections and " (n(altered_elections(report.settings.elections))) " of each altered kind were simulated; every second clean one lets turnout and share go together." }
            thead { tr {
                th scope="col" { "Test" } th.n scope="col" { "Clean elections rejected" } th scope="col" { "Standing" }
                @for own in altered { th.n scope="col" { (words::alteration(own)) ": noticed from" } }
            } }
            tbody { @for own in &report.calibration { (calibrated(own, &altered)) } }
        } }
    }
}

fn calibrated(own: &Calibrated, altered: &[Alteration]) -> Markup {
    let (class, word, why) = match &own.standing {
        Standing::Calibrated => ("nothing", "Usable", None),
        Standing::Conservative => ("nothing", "Cautious", Some("it rejects clean elections less often than it may")),
        Standing::Greyed { reason } => ("grey", "Not usable here", Some(reason.as_str())),
    };
    let detects = |wanted: &Alteration| {
        let found = own.detects.iter().find(|(own, _)| own == wanted);
        match found {
            None => "not measured".to_owned(),
            Some((_, None)) => "–".to_owned(),
            Some((_, Some(fraction))) => rate(*fraction),
        }
    };
    html! {
        tr class=[matches!(own.standing, Standing::Greyed { .. }).then_some("greyed")] {
            th scope="row" { (words::check(own.check)) }
            td.n { (rate(own.rate)) br; span.small { (rate(own.interval.0)) " to " (rate(own.interval.1)) } }
            td { span class={ "tag " (class) } { (word) } @if let Some(why) = why { " " span.small { (why) } } }
            @for kind in altered { td.n { (detects(kind)) } }
        }
    }
}

/// Sources, and how to repeat all this.
pub(super) fn methods(report: &Report) -> Markup {
    html! {
        ul { @for text in words::METHODS { li { (text) } } }
        p { "The same file, map and seed give the same report to the last byte, on any machine and any number of threads. \
             Least numbers of stations: " (count(report.settings.regions_from)) " for a region, " (count(report.settings.districts_from)) " for a district; \
             level " (rate(report.settings.alpha)) ", false discovery rate " (rate(report.settings.q)) ", " (count(report.settings.draws)) " draws where something is drawn." }
    }
}
