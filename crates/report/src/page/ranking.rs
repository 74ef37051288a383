//! The ranked list of stations, with the documents to ask for.

use maud::{Markup, html};
use recount_forensics::report::{Reason, Report};

use super::numbers::n;
use super::places::station;
use super::words;

/// Rows shown at once; the others are below a fold.
const FIRST: usize = 25;

/// Stations with reasons and documents.
pub(super) fn section(report: &Report) -> Option<Markup> {
    if report.ranking.is_empty() {
        return None;
    }
    let (first, rest) = report.ranking.split_at(report.ranking.len().min(FIRST));
    Some(html! {
        p { (words::RANKING) }
        (table(report, first, 1))
        @if !rest.is_empty() { details { summary { "The next " (rest.len()) } (table(report, rest, FIRST + 1)) } }
    })
}

fn table(report: &Report, rows: &[recount_forensics::report::Ranked], from: usize) -> Markup {
    html! { div.scroll { table.ranking {
        thead { tr {
            th.n scope="col" { "No." } th scope="col" { "Station" } th.n scope="col" { "Registered" } th.n scope="col" { "Turnout" } th.n scope="col" { "Share" }
            th scope="col" { "Why" } th scope="col" { "Documents to ask for" }
        } }
        tbody { @for (at, own) in rows.iter().enumerate() { tr {
            td.n { (from + at) }
            th scope="row" { (station(report, own.place)) }
            @if let Some(named) = report.stations_named.get(&own.place) {
                td.n { (n(u64::from(named.figures.registered))) } td.n { (format!("{:.2} %", 100.0 * named.figures.turnout())) } td.n { (format!("{:.2} %", 100.0 * named.figures.share())) }
            } @else { td {} td {} td {} }
            td { ul.plain { @for reason in &own.reasons { li { (why(report, *reason)) } } } }
            td { ul.plain { @for document in documents(&own.reasons) { li { (document) } } } }
        } } }
    } } }
}

fn why(report: &Report, reason: Reason) -> Markup {
    match reason {
        Reason::Impossible => html! { "figures contradict each other" },
        Reason::DistrictTurnout => html! { "its district agrees too well in turnout" },
        Reason::DistrictShare => html! { "its district agrees too well in share" },
        Reason::RoundTurnout => html! { "whole percent of turnout in a flagged district" },
        Reason::RoundShare => html! { "whole percent of share in a flagged district" },
        Reason::Twin { with } => html! { "same figures as " (station(report, with)) },
        Reason::Edit { with, list } => {
            html! { "one digit from " (station(report, with)) " (" (report.lists_named.get(list).map_or("", String::as_str)) ")" }
        }
        Reason::OutlierTurnout => html! { "turnout far from its district" },
        Reason::OutlierShare => html! { "share far from its district" },
        Reason::MostlyOutside => html! { "most ballots issued early or outside" },
        Reason::JumpTurnout => html! { "turnout changed unlike its neighbours" },
        Reason::JumpShare => html! { "share changed unlike its neighbours" },
        Reason::Rewritten => html! { "two counts differ in three figures or more" },
        Reason::Differs => html! { "two counts differ" },
    }
}

const PROTOCOL: &str = "signed protocol and its enlarged copy";
const LISTS: &str = "voters’ list with signatures";
const OUTSIDE: &str = "register of requests to vote outside, and its act";
const BALLOTS: &str = "counted ballots in their sealed packets";
const ENTRY: &str = "log of data entry at the district";
const OBSERVERS: &str = "copies held by observers and parties";

/// Which papers settle the reasons, each once.
fn documents(reasons: &[Reason]) -> Vec<&'static str> {
    let mut all = Vec::new();
    for reason in reasons {
        let own: &[&str] = match reason {
            Reason::Impossible | Reason::Twin { .. } | Reason::Edit { .. } => &[PROTOCOL, ENTRY],
            Reason::DistrictTurnout | Reason::RoundTurnout | Reason::OutlierTurnout | Reason::JumpTurnout => {
                &[PROTOCOL, LISTS]
            }
            Reason::DistrictShare | Reason::RoundShare | Reason::OutlierShare | Reason::JumpShare => {
                &[PROTOCOL, BALLOTS]
            }
            Reason::MostlyOutside => &[OUTSIDE, LISTS],
            Reason::Rewritten | Reason::Differs => &[PROTOCOL, OBSERVERS, ENTRY],
        };
        for document in own {
            if !all.contains(document) {
                all.push(*document);
            }
        }
    }
    all
}
