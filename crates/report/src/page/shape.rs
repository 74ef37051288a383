//! Pictures of turnout and share: the comet, the neighbours, the account of votes by turnout, the regions.

use maud::{Markup, html};
use recount_forensics::Limits;
use recount_forensics::comet::{Cleanness, Core};
use recount_forensics::fingerprint::Fingerprint;
use recount_forensics::report::{Report, Topic};
use recount_forensics::shpilkin::{Account, Regional, Regions, Verdict};
use recount_forensics::standard::Standardised;

use super::numbers::{count, fixed, large, n, percent, percents, rate, whole};
use super::places::told;
use super::{cannot, caution, charts, figure, words};
use crate::lang::{Lang, fill};

/// The comet and its core.
pub(super) fn section(t: &Lang, report: &Report) -> Markup {
    let print = &report.fingerprint;
    let stations = u64::try_from(print.stations).unwrap_or(1);
    let corner = print.corner(90);
    let comet = fill!(
        t,
        "Each cell holds the stations of one percent of turnout and one percent of share; {} stations with at least 100 voters. {} of them ({}) lie at 90 % or more in both.",
        n(t, stations),
        n(t, corner),
        percent(t, corner as f64, stations as f64, 2)
    );
    let own = &report.standardised;
    let beside = fill!(
        t,
        "Each station beside the mean of its district, in standard deviations; {} stations of {} districts. {} lie more than two above their district in both, {} more than two below in both. Honest neighbours differ to all sides alike.",
        count(t, own.stations),
        count(t, own.districts),
        count(t, own.high_high),
        count(t, own.low_low)
    );
    html! {
        p { (t.say(words::SHAPE)) }
        (figure(t, &charts::comet(t, report, &comet), &comet, &cells(t, report)))
        (figure(t, &charts::standardised(t, report, &beside), &beside, &html! { table { tbody {
            tr { th scope="row" { (t.say("More than two above in both")) } td.n { (count(t, own.high_high)) } }
            tr { th scope="row" { (t.say("More than two below in both")) } td.n { (count(t, own.low_low)) } }
        } } }))
        @if let Some((core, cleanness)) = &report.core { p { (core_told(t, *core, cleanness)) } }
        (cannot(t, &[Fingerprint::CANNOT_SHOW, Standardised::CANNOT_SHOW, Core::CANNOT_SHOW]))
    }
}

fn core_told(t: &Lang, core: Core, cleanness: &Cleanness) -> String {
    let where_it_lies = fill!(
        t,
        "Half of all voters lie nearest to a turnout of {} and a share of {}.",
        percents(t, core.raw.0, 1),
        percents(t, core.raw.1, 1)
    );
    let what_it_is = match cleanness {
        Cleanness::Possible => {
            t.say("This core lies left of the overall turnout, so it may stand for the part without added votes.")
        }
        Cleanness::Impossible { .. } => t.say(
            "This core does not lie left of the overall turnout, so it cannot stand for a part without added votes.",
        ),
    };
    format!("{where_it_lies} {what_it_is}")
}

/// Stations by steps of ten points.
fn cells(t: &Lang, report: &Report) -> Markup {
    let print = &report.fingerprint;
    let side = usize::try_from(print.side).unwrap_or(1).max(1);
    let step = side.div_ceil(10);
    let sum = |turnout: usize, share: usize| {
        let rows = turnout * step..((turnout + 1) * step).min(side);
        let all = rows.flat_map(|t| (share * step..((share + 1) * step).min(side)).map(move |s| t * side + s));
        all.filter_map(|place| print.cells.get(place)).sum::<u64>()
    };
    html! { table {
        caption { (t.say("Stations by steps of ten points: turnout across, share down")) }
        thead { tr { th scope="col" { (t.say("Share, %")) } @for turnout in 0..10 { th.n scope="col" { (10 * turnout) "–" (10 * turnout + 10) } } } }
        tbody { @for share in (0..10).rev() { tr { th scope="row" { (10 * share) "–" (10 * share + 10) } @for turnout in 0..10 { td.n { (n(t, sum(turnout, share))) } } } } }
    } }
}

/// The account of votes by turnout.
pub(super) fn account(t: &Lang, report: &Report) -> Markup {
    let accounts = &report.accounts;
    let leader = &report.overview.leader;
    let picture = match &accounts.whole.verdict {
        Verdict::Estimate { account, .. } => fill!(
            t,
            "Votes for {} by turnout, and the votes of all others times {}, which makes the two meet left of the reference point of {} %. The shaded part is {} votes.",
            leader,
            fixed(t, account.k, 2),
            whole(t, account.t0 - 0.5),
            large(t, account.anomalous)
        ),
        Verdict::Refused { .. } => fill!(
            t,
            "Votes for {} and for all others by turnout. Nothing is shaded, because no reference point is singled out.",
            leader
        ),
    };
    let estimated = accounts.regions.regions.len().saturating_sub(accounts.regions.refused);
    html! {
        p { (told(t, report, Topic::Account)) }
        (figure(t, &charts::votes(t, accounts, leader, &picture), &picture, &html! { table {
            thead { tr { th.n scope="col" { (t.say("Turnout, %")) } th.n scope="col" { (leader) } th.n scope="col" { (t.say("All others")) } } }
            tbody { @for (percent, (own, others)) in accounts.leader.iter().zip(&accounts.others).enumerate() { tr { td.n { (percent) "–" (percent + 1) } td.n { (n(t, *own)) } td.n { (n(t, *others)) } } } }
        } }))
        @if !accounts.whole.curve.is_empty() {
            @let text = t.say(words::CURVE);
            (figure(t, &charts::curve(t, accounts, text), text, &html! { table {
                thead { tr { th.n scope="col" { (t.say("Reference point, %")) } th.n scope="col" { (t.say("Votes")) } } }
                tbody { @for own in &accounts.whole.curve { tr { td.n { (fixed(t, own.t0, 1)) } td.n { (whole(t, own.anomalous)) } } } }
            } }))
        }
        @if estimated > 0 && accounts.regions.regions.len() > 1 {
            p { (fill!(
                t,
                "Region by region: {} of {} regions have a reference point of their own; together {} votes. The others are refused and not in that sum.",
                count(t, estimated),
                count(t, accounts.regions.regions.len()),
                large(t, accounts.regions.sum)
            )) }
        }
        (caution(t, Topic::Account, &[Account::CANNOT_SHOW, Regions::CANNOT_SHOW]))
    }
}

/// Small multiples and a table of all regions.
pub(super) fn regions(t: &Lang, report: &Report) -> Option<Markup> {
    if report.regions.len() < 2 {
        return None;
    }
    let text = t.say(words::REGIONS);
    Some(figure(t, &charts::regions(t, report, text), text, &regions_table(t, report)))
}

fn regions_table(t: &Lang, report: &Report) -> Markup {
    let rounding = |key: u32| report.rounding.regions.groups.iter().find(|own| own.key == key);
    let account = |key: u32| report.accounts.regions.regions.iter().find(|own: &&Regional| own.key == key);
    html! { table {
        thead { tr {
            th scope="col" { (t.say("Region")) } th.n scope="col" { (t.say("Stations")) } th.n scope="col" { (t.say("Registered")) } th.n scope="col" { (t.say("Turnout")) } th.n scope="col" { (t.say("Share")) }
            th.n scope="col" { (t.say("Voters at stations of 90 % and more in both")) } th.n scope="col" { (t.say("Round stations too many")) } th.n scope="col" { (t.say("Votes by turnout")) }
        } }
        tbody { @for own in &report.regions { tr {
            th scope="row" { (report.region(own.key)) } td.n { (count(t, own.stations)) } td.n { (n(t, own.registered)) }
            td.n { (percent(t, own.issued as f64, own.registered as f64, 1)) } td.n { (percent(t, own.leader as f64, own.found as f64, 1)) }
            td.n { (rate(t, own.corner as f64 / 1e6)) }
            td.n { @match rounding(own.key) { Some(group) => { (whole(t, group.excess.excess)) @if group.flagged { " " (t.say("(stands out)")) } }, None => { (t.say("too few")) } } }
            td.n { @match account(own.key).map(|own| &own.verdict) { Some(Verdict::Estimate { account, .. }) => (whole(t, account.anomalous)), _ => (t.say("refused")) } }
        } } }
    } }
}
