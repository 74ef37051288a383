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
use recount_forensics::report::{DigitTests, Model, Report, Topic};
use recount_forensics::slopes::Slopes;

use super::numbers::{count, fixed, n, p, percent, percents, rate, signed, tail, whole};
use super::places::{station, told};
use super::{cannot, caution, words};
use crate::lang::{Lang, fill};

const SHOWN: usize = 20;

/// The model of Klimek and others.
pub(super) fn model(t: &Lang, report: &Report) -> Markup {
    html! {
        p { (told(t, report, Topic::Model)) }
        @if let Model::Fitted { fit, .. } = &report.model {
            p { (fill!(
                t,
                "The fitted curve misses the histogram of shares by {} of stations, a curve without any additions by {}.",
                percent(t, fit.distance / 2.0, 1.0, 1),
                percent(t, fit.distance_without / 2.0, 1.0, 1)
            )) }
        }
        (caution(t, Topic::Model, &[klimek::Fit::CANNOT_SHOW]))
    }
}

/// Slopes, sizes, outliers.
pub(super) fn section(t: &Lang, report: &Report) -> Markup {
    let slopes = &report.slopes;
    let (turnout, share) = &report.outliers;
    html! {
        p { (fill!(
            t,
            "For each point of turnout, {} gains {} points of the registered voters and all others {}. If turnout and preference had nothing to do with each other, these would be the average share and its rest.",
            report.overview.leader,
            fixed(t, slopes.leader_weighted.slope, 2),
            fixed(t, slopes.others_weighted.slope, 2)
        )) " "
            @if slopes.others_weighted.slope < 0.0 { (t.say("Here the others lose where turnout rises.")) " " }
            (t.say("Any difference between places that moves both does the same, so no test is made of it.")) }
        p { (size(t, true, report.sizes.0)) " " (size(t, false, report.sizes.1)) }
        p { (fill!(t, "{} stations were compared with the others of their district. Those furthest from them:", count(t, turnout.compared))) }
        div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            thead { tr { th scope="col" { (t.say("Station")) } th scope="col" { (t.say("Percentage")) } th.n scope="col" { (t.say("Here")) } th.n scope="col" { (t.say("District")) } th.n scope="col" { (t.say("Distance in spreads")) } } }
            tbody {
                @for (word, own) in [(t.say("turnout"), turnout), (t.say("share"), share)] { @for outlier in own.outliers.iter().take(SHOWN / 2) { tr {
                    th scope="row" { (station(t, report, outlier.place)) } td { (word) } td.n { (percents(t, outlier.percent, 1)) }
                    td.n { (percents(t, outlier.median, 1)) } td.n { (fixed(t, outlier.z, 1)) }
                } } }
            }
        } }
        (cannot(t, &[Slopes::CANNOT_SHOW, SizeEffect::CANNOT_SHOW, Outliers::CANNOT_SHOW]))
    }
}

fn size(t: &Lang, turnout: bool, own: SizeEffect) -> String {
    let (difference, error) = (signed(t, own.difference, 1), fixed(t, 1.96 * own.error, 1));
    let districts = count(t, own.districts);
    if turnout {
        fill!(
            t,
            "Turnout at the smaller stations of a district is {} ± {} points against the larger ones ({} districts).",
            difference,
            error,
            districts
        )
    } else {
        fill!(
            t,
            "Share at the smaller stations of a district is {} ± {} points against the larger ones ({} districts).",
            difference,
            error,
            districts
        )
    }
}

/// Early and mobile voting.
pub(super) fn outside(t: &Lang, report: &Report) -> Option<Markup> {
    if report.outside.is_empty() {
        return None;
    }
    Some(html! {
        @for (way, own) in &report.outside {
            h3 { (t.say(words::way(*way))) }
            (one_way(t, report, own))
        }
        (cannot(t, &[Outside::CANNOT_SHOW]))
    })
}

fn one_way(t: &Lang, report: &Report, own: &Outside) -> Markup {
    html! {
        p { (fill!(
            t,
            "{} ballots, {} of all, at {} stations. At the quarter of ballots with the least such voting {} has {}, at the quarter with the most {}.",
            n(t, own.ballots),
            percent(t, own.ballots as f64, own.issued as f64, 2),
            count(t, own.stations),
            report.overview.leader,
            percents(t, own.leader.0, 1),
            percents(t, own.leader.1, 1)
        )) }
        p { (fill!(
            t,
            "Their share of the ballots is a whole percent at {} of {} stations; chance gives {} (p = {}).",
            n(t, own.round.observed),
            count(t, own.tested),
            whole(t, own.round.mean),
            tail(t, own.tail)
        )) }
        details { summary { (t.say("Regions with the largest share")) } table { tbody { @for (key, ballots, of) in largest(own).into_iter().take(SHOWN) { tr {
            th scope="row" { (report.region(*key)) } td.n { (n(t, *ballots)) } td.n { (percent(t, *ballots as f64, *of as f64, 1)) }
        } } } } }
    }
}

/// Regions by their share of such ballots, the largest first.
fn largest(own: &Outside) -> Vec<&(u32, u64, u64)> {
    let mut regions: Vec<&(u32, u64, u64)> = own.regions.iter().collect();
    let cross = |part: u64, of: u64| u128::from(part) * u128::from(of.max(1));
    regions.sort_by(|a, b| cross(b.1, a.2).cmp(&cross(a.1, b.2)).then(a.0.cmp(&b.0)));
    regions
}

/// Changes since an earlier election.
pub(super) fn between(t: &Lang, report: &Report) -> Option<Markup> {
    if report.between.is_empty() {
        return None;
    }
    Some(html! {
        @for own in &report.between {
            p { (changed(t, own)) }
            @if !own.jumps.is_empty() { div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
                thead { tr { th scope="col" { (t.say("Station")) } th.n scope="col" { (t.say("Before")) } th.n scope="col" { (t.say("After")) } th.n scope="col" { (t.say("Distance in spreads")) } } }
                tbody { @for jump in own.jumps.iter().take(SHOWN) { tr {
                    th scope="row" { (station(t, report, jump.place)) } td.n { (percents(t, jump.percent.0, 1)) } td.n { (percents(t, jump.percent.1, 1)) } td.n { (fixed(t, jump.z, 1)) }
                } } }
            } } }
        }
        (cannot(t, &[Changes::CANNOT_SHOW]))
    })
}

fn changed(t: &Lang, own: &Changes) -> String {
    let (median, compared) = (signed(t, own.median, 1), count(t, own.compared));
    let (spread, jumps) = (fixed(t, own.spread, 1), count(t, own.jumps.len()));
    match own.percentage {
        Percentage::Turnout => fill!(
            t,
            "Turnout changed by {} points at the station in the middle of {} that were matched; half of them lie within {} points of that. {} stations changed unlike the others of their district.",
            median,
            compared,
            spread,
            jumps
        ),
        Percentage::Share => fill!(
            t,
            "Share changed by {} points at the station in the middle of {} that were matched; half of them lie within {} points of that. {} stations changed unlike the others of their district.",
            median,
            compared,
            spread,
            jumps
        ),
    }
}

/// Digit tests, with warning and control.
pub(super) fn digits(t: &Lang, report: &Report) -> Option<Markup> {
    let own = report.digits.as_ref()?;
    Some(html! {
        p.notice { (t.say(words::DIGITS_WARNING)) }
        div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            thead { tr { th scope="col" { (t.say("Test")) } th.n scope="col" { (t.say("Leader’s votes, p")) } th.n scope="col" { (t.say("0 and 5")) } th.n scope="col" { (t.say("Registered voters, p")) } th.n scope="col" { (t.say("0 and 5")) } th scope="col" { (t.say("Standing")) } } }
            tbody { (digit_rows(t, report, own)) }
        } }
        (cannot(t, &[Digits::CANNOT_SHOW]))
    })
}

fn digit_rows(t: &Lang, report: &Report, own: &DigitTests) -> Markup {
    let standing = |check: Check| match report.calibrated(check).map(|own| (&own.standing, own.rate)) {
        Some((Standing::Greyed { .. }, at)) => {
            fill!(t, "not usable here: rejects {} of clean elections", rate(t, at))
        }
        Some((_, at)) => fill!(t, "rejects {} of clean elections", rate(t, at)),
        None => t.say("not calibrated").to_owned(),
    };
    let row = |name: &str, check: Check, figure: &Digits, control: &Digits| {
        html! { tr {
            th scope="row" { (name) } td.n { (p(t, figure.p)) } td.n { (rate(t, figure.zero_or_five)) } td.n { (p(t, control.p)) } td.n { (rate(t, control.zero_or_five)) }
            td { (standing(check)) @if control.p < report.settings.alpha { (t.say("; the control fails as well, so it says nothing")) } }
        } }
    };
    html! {
        (row(t.say("Last digit"), Check::LastDigit, &own.last.figure, &own.last.registered))
        (row(t.say("Second digit"), Check::SecondDigit, &own.second.figure, &own.second.registered))
        tr { th scope="row" { (t.say("Repeated last pairs")) } td.n { (p(t, own.pairs.p_repeated())) } td.n { (fill!(t, "{} pairs", rate(t, own.pairs.repeated))) }
            td.n { (p(t, own.pairs_registered.p_repeated())) } td.n { (fill!(t, "{} pairs", rate(t, own.pairs_registered.repeated))) } td { (standing(Check::RepeatedPairs)) } }
    }
}

/// The mixture beside its control.
pub(super) fn mixture(t: &Lang, report: &Report) -> Option<Markup> {
    let (drawn, fit) = report.mixture.as_ref()?;
    let Some(fit) = fit else {
        return Some(html! { p { (fill!(t, "Refused: {} stations are too few for it.", count(t, *drawn))) } });
    };
    let parts = |own: [f64; 3]| {
        fill!(
            t,
            "{} honest, {} with some votes added, {} with nearly all",
            rate(t, own[0]),
            rate(t, own[1]),
            rate(t, own[2])
        )
    };
    Some(html! {
        p.notice { (t.say(words::MIXTURE_WARNING)) }
        p { (fill!(t, "On {} stations drawn from the table: {}.", count(t, fit.stations), parts(fit.parameters.parts)))
            @if let Some(control) = &fit.control { " " (fill!(t, "The same fit to a clean simulated election: {}.", parts(control.parts))) } }
        p { (fill!(t, "The parts that are not honest raise the logarithm of the likelihood by {}.", fixed(t, fit.gain, 1)))
            @if let Some(control) = &fit.control { " " (fill!(t, "In the clean election, where there are none, they raise it by {}.", fixed(t, control.gain, 1))) } }
        (mixture_width(t, fit))
        (cannot(t, &[mixture::Fit::CANNOT_SHOW]))
    })
}

/// The intervals of the altered kinds, or why there are none.
fn mixture_width(t: &Lang, fit: &mixture::Fit) -> Markup {
    let own = match &fit.width {
        mixture::Width::Known(own) => own,
        mixture::Width::Singular => {
            return html! { p { (t.say("No intervals: these stations do not tell the parts of the model from each other.")) } };
        }
        mixture::Width::Uneven { .. } => {
            return html! { p { (t.say("No intervals: the figures around the best fit are too uneven to be drawn from.")) } };
        }
    };
    let cell = |value: f64, interval: Option<(f64, f64)>, none: &'static str| {
        html! { td.n { (rate(t, value)) br; span.small {
        @if let Some((low, high)) = interval { (fill!(t, "{} to {}", rate(t, low), rate(t, high))) } @else { (t.say(none)) } } } }
    };
    let row = |name: &'static str, at: usize, extents: (f64, f64), intervals: [Option<(f64, f64)>; 2]| {
        html! { tr { th scope="row" { (t.say(name)) }
        (cell(fit.parameters.parts[at + 1], own.parts[at], "not told from none"))
        (cell(extents.0, intervals[0], "not known"))
        (cell(extents.1, intervals[1], "not known")) } }
    };
    html! {
        p { (fill!(t, "With 95 % intervals from weighted draws around the best fit, which are worth {} independent ones. A kind counts as told from none if leaving it out makes the figures clearly less likely (Schwarz's criterion). The intervals hold only if the model does.", fixed(t, own.effective, 0))) }
        div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            thead { tr { th scope="col" { (t.say("Kind")) } th.n scope="col" { (t.say("Part of the stations")) }
                th.n scope="col" { (t.say("Of those who stayed at home, added")) } th.n scope="col" { (t.say("Of the others' votes, moved")) } } }
            tbody {
                (row("some votes added", 0, fit.parameters.incremental, own.incremental))
                (row("nearly all added", 1, fit.parameters.extreme, own.extreme))
            } } }
    }
}
