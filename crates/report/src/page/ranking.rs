//! The ranked list of stations, with the documents to ask for.

use maud::{Markup, html};
use recount_forensics::report::{Ranked, Reason, Report};

use super::numbers::{count, n, percents};
use super::places::station;
use super::words;
use crate::lang::{Lang, fill};

/// Rows shown at once; the others are below a fold.
const FIRST: usize = 25;

/// Stations with reasons and documents.
pub(super) fn section(t: &Lang, report: &Report) -> Option<Markup> {
    if report.ranking.is_empty() {
        return None;
    }
    let (first, rest) = report.ranking.split_at(report.ranking.len().min(FIRST));
    Some(html! {
        p { (t.say(words::RANKING)) }
        (table(t, report, first, 1))
        @if !rest.is_empty() { details { summary { (fill!(t, "The next {}", count(t, rest.len()))) } (table(t, report, rest, FIRST + 1)) } }
    })
}

fn table(t: &Lang, report: &Report, rows: &[Ranked], from: usize) -> Markup {
    html! { div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table.ranking {
        thead { tr {
            th.n scope="col" { (t.say("No.")) } th scope="col" { (t.say("Station")) } th.n scope="col" { (t.say("Registered")) } th.n scope="col" { (t.say("Turnout")) } th.n scope="col" { (t.say("Share")) }
            th scope="col" { (t.say("Why")) } th scope="col" { (t.say("Documents to ask for")) }
        } }
        tbody { @for (at, own) in rows.iter().enumerate() { tr {
            td.n data-label=(t.say("No.")) { (from + at) }
            th scope="row" { (station(t, report, own.place)) }
            @if let Some(named) = report.stations_named.get(&own.place) {
                td.n data-label=(t.say("Registered")) { (n(t, u64::from(named.figures.registered))) }
                td.n data-label=(t.say("Turnout")) { (percents(t, 100.0 * named.figures.turnout(), 2)) }
                td.n data-label=(t.say("Share")) { (percents(t, 100.0 * named.figures.share(), 2)) }
            } @else { td {} td {} td {} }
            td.said data-label=(t.say("Why")) { ul.plain { @for reason in &own.reasons { li { (why(t, report, *reason)) } } } }
            td.said data-label=(t.say("Documents to ask for")) { ul.plain { @for document in documents(&own.reasons) { li { (t.say(document)) } } } }
        } } }
    } } }
}

fn why(t: &Lang, report: &Report, reason: Reason) -> Markup {
    let text = match reason {
        Reason::Impossible { ways: 1 } => t.say("figures contradict each other"),
        Reason::Impossible { ways } => return html! { (fill!(t, "figures contradict each other in {} ways", ways)) },
        Reason::DistrictTurnout => t.say("its district agrees too well in turnout"),
        Reason::DistrictShare => t.say("its district agrees too well in share"),
        Reason::RoundTurnout => t.say("whole percent of turnout in a flagged district"),
        Reason::RoundShare => t.say("whole percent of share in a flagged district"),
        Reason::Twin { with } => return html! { (t.say("same figures as")) " " (station(t, report, with)) },
        Reason::Edit { with, list } => {
            let list = report.lists_named.get(list).map_or("", String::as_str);
            return html! { (t.say("one digit from")) " " (station(t, report, with)) " (" (list) ")" };
        }
        Reason::OutlierTurnout => t.say("turnout far from its district"),
        Reason::OutlierShare => t.say("share far from its district"),
        Reason::MostlyOutside => t.say("most ballots issued early or outside"),
        Reason::JumpTurnout => t.say("turnout changed unlike its neighbours"),
        Reason::JumpShare => t.say("share changed unlike its neighbours"),
        Reason::Rewritten => t.say("two counts differ in three figures or more"),
        Reason::Differs => t.say("two counts differ"),
    };
    html! { (text) }
}

/// Which papers settle the reasons, each once.
fn documents(reasons: &[Reason]) -> Vec<&'static str> {
    let mut all = Vec::new();
    for reason in reasons {
        let own: &[&str] = match reason {
            Reason::Impossible { .. } | Reason::Twin { .. } | Reason::Edit { .. } => &[words::PROTOCOL, words::ENTRY],
            Reason::DistrictTurnout | Reason::RoundTurnout | Reason::OutlierTurnout | Reason::JumpTurnout => {
                &[words::PROTOCOL, words::LISTS]
            }
            Reason::DistrictShare | Reason::RoundShare | Reason::OutlierShare | Reason::JumpShare => {
                &[words::PROTOCOL, words::BALLOTS]
            }
            Reason::MostlyOutside => &[words::OUTSIDE, words::LISTS],
            Reason::Rewritten | Reason::Differs => &[words::PROTOCOL, words::OBSERVERS, words::ENTRY],
        };
        for document in own {
            if !all.contains(document) {
                all.push(*document);
            }
        }
    }
    all
}
