//! What was asked of which data, how the tests behave, and by which methods.

use maud::{Markup, html};
use recount_forensics::calibrate::{Calibrated, Standing, altered_elections};
use recount_forensics::report::Report;
use recount_forensics::simulate::Alteration;

use super::numbers::{count, large, n, percent, rate};
use super::words;
use crate::lang::{Lang, fill};

/// Question, data, exclusions.
pub(super) fn data(t: &Lang, report: &Report) -> Markup {
    let subject = &report.subject;
    html! {
        p { (t.say(words::QUESTION)) }
        dl.facts {
            div { dt { (t.say("Source")) } dd { (subject.source) } }
            div { dt { "SHA-256" } dd { code { (subject.hash) } } }
            div { dt { (t.say("Rows")) } dd { (n(t, subject.rows)) } }
            @for (figure, lines) in &subject.figures { div { dt { (t.known(figure)) } dd { (lines) } } }
            div { dt { (t.say("Seed")) } dd { (n(t, report.settings.seed)) } }
        }
        (sums(t, report))
        h3 { (t.say("Left out")) }
        @if subject.left_out.is_empty() { p { (t.say("No row was left out before the tests.")) } }
        @else {
            table { thead { tr { th scope="col" { (t.say("Before all tests, because")) } th.n scope="col" { (t.say("Rows")) } } }
                tbody { @for (reason, rows) in &subject.left_out { tr { td { (t.known(reason)) } td.n { (n(t, *rows)) } } } } }
        }
        table { thead { tr { th scope="col" { (t.say("For the tests of percentages, because")) } th.n scope="col" { (t.say("Stations")) } th.n scope="col" { (t.say("Registered voters")) } } }
            tbody { @for own in &report.rounding.excluded { tr { td { (t.known(&own.reason)) } td.n { (count(t, own.stations)) } td.n { (n(t, own.registered)) } } } }
            tfoot { tr { th scope="row" { (t.say("Tested")) } td.n { (count(t, report.rounding.tested)) } td {} } } }
    }
}

fn sums(t: &Lang, report: &Report) -> Markup {
    let sums = &report.overview;
    let votes = |x: u64| large(t, x as f64);
    let share = |part: u64, of: u64| percent(t, part as f64, of as f64, 2);
    let sizes = fill!(
        t,
        "of {} to {} registered voters, half of them below {}",
        n(t, u64::from(sums.sizes.0)),
        n(t, u64::from(sums.sizes.2)),
        n(t, u64::from(sums.sizes.1))
    );
    html! {
        table.sums {
            caption { (t.say("What the tables below rest on")) }
            tbody {
                tr { th scope="row" { (t.say("Stations")) } td.n { (count(t, sums.stations)) } td { (sizes) } }
                tr { th scope="row" { (t.say("Registered voters")) } td.n { (votes(sums.registered)) } td {} }
                tr { th scope="row" { (t.say("Ballots issued")) } td.n { (votes(sums.issued)) } td { (fill!(t, "turnout {}", share(sums.issued, sums.registered))) } }
                tr { th scope="row" { (t.say("Ballots found")) } td.n { (votes(sums.found)) } td {} }
                tr { th scope="row" { (fill!(t, "Votes for {}", sums.leader)) } td.n { (votes(sums.leader_votes)) } td { (fill!(t, "{} of the ballots found", share(sums.leader_votes, sums.found))) } }
            }
        }
    }
}

/// Rates on clean elections, and what would have been noticed.
pub(super) fn calibration(t: &Lang, report: &Report) -> Markup {
    let altered = [Alteration::RoundFive, Alteration::Stuff, Alteration::Steal];
    let clean = report.settings.elections;
    html! {
        p { (t.say(words::CALIBRATION)) }
        p { (t.say(words::DETECTS)) }
        div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            caption { (fill!(t, "{} clean elections and {} of each altered kind were simulated; every second clean one lets turnout and share go together.", n(t, clean), n(t, altered_elections(clean)))) }
            thead { tr {
                th scope="col" { (t.say("Test")) } th.n scope="col" { (t.say("Clean elections rejected")) } th scope="col" { (t.say("Standing")) }
                @for own in altered { th.n scope="col" { (fill!(t, "{}: noticed from", t.say(words::alteration(own)))) } }
            } }
            tbody { @for own in &report.calibration { (calibrated(t, own, &altered)) } }
        } }
    }
}

fn calibrated(t: &Lang, own: &Calibrated, altered: &[Alteration]) -> Markup {
    let (class, word, why) = match &own.standing {
        Standing::Calibrated => ("nothing", t.say("Usable"), None),
        Standing::Conservative => {
            ("nothing", t.say("Cautious"), Some(t.say("it rejects clean elections less often than it may").to_owned()))
        }
        Standing::Greyed { reason } => ("grey", t.say("Not usable here"), Some(t.known(reason))),
    };
    let detects = |wanted: &Alteration| {
        let found = own.detects.iter().find(|(own, _)| own == wanted);
        match found {
            None => t.say("not measured").to_owned(),
            Some((_, None)) => "–".to_owned(),
            Some((_, Some(fraction))) => rate(t, *fraction),
        }
    };
    html! {
        tr class=[matches!(own.standing, Standing::Greyed { .. }).then_some("greyed")] {
            th scope="row" { (t.say(words::check(own.check))) }
            td.n { (rate(t, own.rate)) br; span.small { (fill!(t, "{} to {}", rate(t, own.interval.0), rate(t, own.interval.1))) } }
            td { span class={ "tag " (class) } { (word) } @if let Some(why) = why { " " span.small { (why) } } }
            @for kind in altered { td.n { (detects(kind)) } }
        }
    }
}

/// Sources, and how to repeat all this.
pub(super) fn methods(t: &Lang, report: &Report) -> Markup {
    let own = &report.settings;
    html! {
        ul { @for text in words::METHODS { li { (t.say(text)) } } }
        p { (t.say(words::REPEATED)) " " (fill!(
            t,
            "Least numbers of stations: {} for a region, {} for a district; level {}, false discovery rate {}, {} draws where something is drawn.",
            count(t, own.regions_from),
            count(t, own.districts_from),
            rate(t, own.alpha),
            rate(t, own.q),
            count(t, own.draws)
        )) }
    }
}
