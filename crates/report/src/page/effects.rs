//! Sizes without tests, and what was asked for besides: model, slopes, neighbours, voting outside, changes, digits, mixture.

use maud::{Markup, html};
use recount_forensics::Limits;
use recount_forensics::between::Changes;
use recount_forensics::calibrate::{Check, Standing};
use recount_forensics::digits::Digits;
use recount_forensics::dispersion::Percentage;
use recount_forensics::klimek;
use recount_forensics::mixture;
use recount_forensics::neighbours::{Outliers, SizeEffect};
use recount_forensics::outside::Outside;
use recount_forensics::report::{Model, Report, Topic};
use recount_forensics::slopes::Slopes;

use super::findings::sentence;
use super::numbers::{count, n, p, percent, rate, tail};
use super::places::station;
use super::{caution, words};

const SHOWN: usize = 20;

/// The model of Klimek and others.
pub(super) fn model(report: &Report) -> Markup {
    let told = report
        .findings
        .iter()
        .find(|own| own.topic == Topic::Model)
        .map_or_else(String::new, |own| sentence(report, own));
    html! {
        p { (told) }
        @if let Model::Fitted { fit, .. } = &report.model {
            p { "The fitted curve misses the histogram of shares by " (percent(fit.distance / 2.0, 1.0, 1)) " of stations, a curve without any additions by "
                (percent(fit.distance_without / 2.0, 1.0, 1)) "." }
        }
        (caution(Topic::Model, &[klimek::Fit::CANNOT_SHOW]))
    }
}

/// Slopes, sizes, outliers.
pub(super) fn section(report: &Report) -> Markup {
    let slopes = &report.slopes;
    let (turnout, share) = &report.outliers;
    html! {
        p { "For each point of turnout, " (report.overview.leader) " gains " (format!("{:.2}", slopes.leader_weighted.slope)) " points of the registered voters and all others "
            (format!("{:.2}", slopes.others_weighted.slope)) ". If turnout and preference had nothing to do with each other, these would be the average share and its rest. "
            @if slopes.others_weighted.slope < 0.0 { "Here the others lose where turnout rises. " }
            "Any difference between places that moves both does the same, so no test is made of it." }
        p { (size("Turnout", report.sizes.0)) " " (size("Share", report.sizes.1)) }
        p { (count(turnout.compared)) " stations were compared with the others of their district. Those furthest from them:" }
        div.scroll { table {
            thead { tr { th scope="col" { "Station" } th scope="col" { "Percentage" } th.n scope="col" { "Here" } th.n scope="col" { "District" } th.n scope="col" { "Distance in spreads" } } }
            tbody {
                @for (word, own) in [("turnout", turnout), ("share", share)] { @for outlier in own.outliers.iter().take(SHOWN / 2) { tr {
                    th scope="row" { (station(report, outlier.place)) } td { (word) } td.n { (format!("{:.1} %", outlier.percent)) }
                    td.n { (format!("{:.1} %", outlier.median)) } td.n { (format!("{:.1}", outlier.z)) }
                } } }
            }
        } }
        div.caution { h3 { "What this cannot show" } @for text in [Slopes::CANNOT_SHOW, SizeEffect::CANNOT_SHOW, Outliers::CANNOT_SHOW] { p { (text) } } }
    }
}

fn size(word: &str, own: SizeEffect) -> String {
    format!(
        "{word} at the smaller stations of a district is {:+.1} ± {:.1} points against the larger ones ({} districts).",
        own.difference,
        1.96 * own.error,
        count(own.districts)
    )
}

/// Early and mobile voting.
pub(super) fn outside(report: &Report) -> Option<Markup> {
    if report.outside.is_empty() {
        return None;
    }
    Some(html! {
        @for (way, own) in &report.outside {
            h3 { (words::way(*way)) }
            p { (n(own.ballots)) " ballots, " (percent(own.ballots as f64, own.issued as f64, 2)) " of all, at " (count(own.stations)) " stations. At the quarter of ballots with the least such voting "
                (report.overview.leader) " has " (format!("{:.1} %", own.leader.0)) ", at the quarter with the most " (format!("{:.1} %", own.leader.1)) "." }
            p { "Their share of the ballots is a whole percent at " (n(own.round.observed)) " of " (count(own.tested)) " stations; chance gives " (format!("{:.0}", own.round.mean))
                " (p " (tail(own.tail)) ")." }
            details { summary { "Regions with the largest share" } table { tbody { @for (key, ballots, of) in largest(own).into_iter().take(SHOWN) { tr {
                th scope="row" { (report.region(*key)) } td.n { (n(*ballots)) } td.n { (percent(*ballots as f64, *of as f64, 1)) }
            } } } } }
        }
        div.caution { h3 { "What this cannot show" } p { (Outside::CANNOT_SHOW) } }
    })
}

/// Regions by their share of such ballots, the largest first.
fn largest(own: &Outside) -> Vec<&(u32, u64, u64)> {
    let mut regions: Vec<&(u32, u64, u64)> = own.regions.iter().collect();
    let cross = |part: u64, of: u64| u128::from(part) * u128::from(of.max(1));
    regions.sort_by(|a, b| cross(b.1, a.2).cmp(&cross(a.1, b.2)).then(a.0.cmp(&b.0)));
    regions
}

/// Changes since an earlier election.
pub(super) fn between(report: &Report) -> Option<Markup> {
    if report.between.is_empty() {
        return None;
    }
    Some(html! {
        @for own in &report.between {
            @let word = match own.percentage { Percentage::Turnout => "Turnout", Percentage::Share => "Share" };
            p { (word) " changed by " (format!("{:+.1}", own.median)) " points at the station in the middle of " (count(own.compared)) " that were matched; half of them lie within "
                (format!("{:.1}", own.spread)) " points of that. " (count(own.jumps.len())) " stations changed unlike the others of their district." }
            @if !own.jumps.is_empty() { div.scroll { table {
                thead { tr { th scope="col" { "Station" } th.n scope="col" { "Before" } th.n scope="col" { "After" } th.n scope="col" { "Distance in spreads" } } }
                tbody { @for jump in own.jumps.iter().take(SHOWN) { tr {
                    th scope="row" { (station(report, jump.place)) } td.n { (format!("{:.1} %", jump.percent.0)) } td.n { (format!("{:.1} %", jump.percent.1)) } td.n { (format!("{:.1}", jump.z)) }
                } } }
            } } }
        }
        div.caution { h3 { "What this cannot show" } p { (Changes::CANNOT_SHOW) } }
    })
}

/// Digit tests, with warning and control.
pub(super) fn digits(report: &Report) -> Option<Markup> {
    let own = report.digits.as_ref()?;
    let standing = |check: Check| match report.calibrated(check).map(|own| (&own.standing, own.rate)) {
        Some((Standing::Greyed { .. }, at)) => format!("not usable here: rejects {} of clean elections", rate(at)),
        Some((_, at)) => format!("rejects {} of clean elections", rate(at)),
        None => "not calibrated".to_owned(),
    };
    let row = |name: &str, check: Check, figure: &Digits, control: &Digits| {
        html! { tr {
            th scope="row" { (name) } td.n { (p(figure.p)) } td.n { (rate(figure.zero_or_five)) } td.n { (p(control.p)) } td.n { (rate(control.zero_or_five)) }
            td { (standing(check)) @if control.p < report.settings.alpha { "; the control fails as well, so it says nothing" } }
        } }
    };
    Some(html! {
        p.notice { (words::DIGITS_WARNING) }
        div.scroll { table {
            thead { tr { th scope="col" { "Test" } th.n scope="col" { "Leader’s votes, p" } th.n scope="col" { "0 and 5" } th.n scope="col" { "Registered voters, p" } th.n scope="col" { "0 and 5" } th scope="col" { "Standing" } } }
            tbody {
                (row("Last digit", Check::LastDigit, &own.last.figure, &own.last.registered))
                (row("Second digit", Check::SecondDigit, &own.second.figure, &own.second.registered))
                tr { th scope="row" { "Repeated last pairs" } td.n { (p(own.pairs.p_repeated())) } td.n { (rate(own.pairs.repeated)) " pairs" }
                    td.n { (p(own.pairs_registered.p_repeated())) } td.n { (rate(own.pairs_registered.repeated)) " pairs" } td { (standing(Check::RepeatedPairs)) } }
            }
        } }
        div.caution { h3 { "What this cannot show" } p { (Digits::CANNOT_SHOW) } }
    })
}

/// The mixture beside its control.
pub(super) fn mixture(report: &Report) -> Option<Markup> {
    let (drawn, fit) = report.mixture.as_ref()?;
    let Some(fit) = fit else {
        return Some(html! { p { "Refused: " (count(*drawn)) " stations are too few for it." } });
    };
    let parts = |own: [f64; 3]| {
        format!("{} honest, {} with some votes added, {} with nearly all", rate(own[0]), rate(own[1]), rate(own[2]))
    };
    Some(html! {
        p.notice { (words::MIXTURE_WARNING) }
        p { "On " (count(fit.stations)) " stations drawn from the table: " (parts(fit.parameters.parts)) "."
            @if let Some(control) = &fit.control { " The same fit to a clean simulated election: " (parts(control.parts)) "." } }
        p { "The parts that are not honest raise the logarithm of the likelihood by " (format!("{:.1}", fit.gain))
            @if let Some(control) = &fit.control { "; in the clean election, where there are none, by " (format!("{:.1}", control.gain)) } "." }
        div.caution { h3 { "What this cannot show" } p { (mixture::Fit::CANNOT_SHOW) } }
    })
}
