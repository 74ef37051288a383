//! Pictures of turnout and share: the comet, the neighbours, the account of votes by turnout, the regions.

use maud::{Markup, html};
use recount_forensics::Limits;
use recount_forensics::comet::{Cleanness, Core};
use recount_forensics::fingerprint::Fingerprint;
use recount_forensics::report::{Report, Topic};
use recount_forensics::shpilkin::{Account, Regional, Regions, Verdict};
use recount_forensics::standard::Standardised;

use super::findings::sentence;
use super::numbers::{count, large, n, percent, rate, whole};
use super::{caution, charts, figure};

/// Registered voters of stations of 90 % and more in turnout and share.
fn corner(report: &Report) -> u64 {
    report.fingerprint.corner(90)
}

/// The comet and its core.
pub(super) fn section(report: &Report) -> Markup {
    let print = &report.fingerprint;
    let stations = u64::try_from(print.stations).unwrap_or(1);
    let comet = format!(
        "Each cell holds the stations of one percent of turnout and one percent of share; {} stations with at least 100 voters. {} of them ({}) \
         lie at 90 % or more in both.",
        n(stations),
        n(corner(report)),
        percent(corner(report) as f64, stations as f64, 2)
    );
    let own = &report.standardised;
    let beside = format!(
        "Each station beside the mean of its district, in standard deviations; {} stations of {} districts. {} lie more than two above their \
         district in both, {} more than two below in both. Honest neighbours differ to all sides alike.",
        count(own.stations),
        count(own.districts),
        count(own.high_high),
        count(own.low_low)
    );
    html! {
        p { "One compact cloud is what similar places give; regions of different kinds give several. A tail to the upper right means that high turnout \
             and high share go together: because of added votes, or because such places differ honestly. These are pictures, not tests." }
        (figure(&charts::comet(report, &comet), &comet, &cells(report)))
        (figure(&charts::standardised(report, &beside), &beside, &html! { table { tbody {
            tr { th scope="row" { "More than two above in both" } td.n { (count(own.high_high)) } }
            tr { th scope="row" { "More than two below in both" } td.n { (count(own.low_low)) } }
        } } }))
        @if let Some((core, cleanness)) = &report.core {
            p { "Half of all voters lie nearest to a turnout of " (format!("{:.1}", core.raw.0)) " % and a share of " (format!("{:.1}", core.raw.1)) " %. "
                @match cleanness {
                    Cleanness::Possible => "This core lies left of the overall turnout, so it may stand for the part without added votes.",
                    Cleanness::Impossible { .. } => "This core does not lie left of the overall turnout, so it cannot stand for a part without added votes.",
                } }
        }
        div.caution { h3 { "What this cannot show" } @for text in [Fingerprint::CANNOT_SHOW, Standardised::CANNOT_SHOW, Core::CANNOT_SHOW] { p { (text) } } }
    }
}

/// Stations by steps of ten points.
fn cells(report: &Report) -> Markup {
    let print = &report.fingerprint;
    let side = usize::try_from(print.side).unwrap_or(1).max(1);
    let step = side.div_ceil(10);
    let sum = |turnout: usize, share: usize| {
        let rows = turnout * step..((turnout + 1) * step).min(side);
        let all = rows.flat_map(|t| (share * step..((share + 1) * step).min(side)).map(move |s| t * side + s));
        all.filter_map(|place| print.cells.get(place)).sum::<u64>()
    };
    html! { table {
        caption { "Stations by steps of ten points: turnout across, share down" }
        thead { tr { th scope="col" { "Share, %" } @for turnout in 0..10 { th.n scope="col" { (10 * turnout) "–" (10 * turnout + 10) } } } }
        tbody { @for share in (0..10).rev() { tr { th scope="row" { (10 * share) "–" (10 * share + 10) } @for turnout in 0..10 { td.n { (n(sum(turnout, share))) } } } } }
    } }
}

/// The account of votes by turnout.
pub(super) fn account(report: &Report) -> Markup {
    let accounts = &report.accounts;
    let told = report
        .findings
        .iter()
        .find(|own| own.topic == Topic::Account)
        .map_or_else(String::new, |own| sentence(report, own));
    let leader = &report.overview.leader;
    let picture = match &accounts.whole.verdict {
        Verdict::Estimate { account, .. } => format!(
            "Votes for {leader} by turnout, and the votes of all others times {:.2}, which makes the two meet left of the reference point of {:.0} %. \
             The shaded part is {} votes.",
            account.k,
            account.t0 - 0.5,
            large(account.anomalous)
        ),
        Verdict::Refused { .. } => format!(
            "Votes for {leader} and for all others by turnout. Nothing is shaded, because no reference point is singled out."
        ),
    };
    html! {
        p { (told) }
        (figure(&charts::votes(accounts, leader, &picture), &picture, &html! { table {
            thead { tr { th.n scope="col" { "Turnout, %" } th.n scope="col" { (leader) } th.n scope="col" { "All others" } } }
            tbody { @for (percent, (own, others)) in accounts.leader.iter().zip(&accounts.others).enumerate() { tr { td.n { (percent) "–" (percent + 1) } td.n { (n(*own)) } td.n { (n(*others)) } } } }
        } }))
        @if !accounts.whole.curve.is_empty() {
            @let text = "What the account would be for every other reference point (turnout in percent, across). Where the curve is flat the choice matters little; where it is steep the figure is a matter of choice. Below zero is drawn as zero.";
            (figure(&charts::curve(accounts, text), text, &html! { table {
                thead { tr { th.n scope="col" { "Reference point, %" } th.n scope="col" { "Votes" } } }
                tbody { @for own in &accounts.whole.curve { tr { td.n { (format!("{:.1}", own.t0)) } td.n { (whole(own.anomalous)) } } } }
            } }))
        }
        @let estimated = accounts.regions.regions.len().saturating_sub(accounts.regions.refused);
        @if estimated > 0 && accounts.regions.regions.len() > 1 {
            p { "Region by region: " (count(estimated)) " of " (count(accounts.regions.regions.len())) " regions have a reference point of their own; together " (large(accounts.regions.sum)) " votes. The others are refused and not in that sum." }
        }
        (caution(Topic::Account, &[Account::CANNOT_SHOW, Regions::CANNOT_SHOW]))
    }
}

/// Small multiples and a table of all regions.
pub(super) fn regions(report: &Report) -> Option<Markup> {
    if report.regions.len() < 2 {
        return None;
    }
    let text = format!("Turnout (across) and share (up), 0 to 100 % each, in {} regions.", count(report.regions.len()));
    let rounding = |key: u32| report.rounding.regions.groups.iter().find(|own| own.key == key);
    let account = |key: u32| report.accounts.regions.regions.iter().find(|own: &&Regional| own.key == key);
    let table = html! { table {
        thead { tr {
            th scope="col" { "Region" } th.n scope="col" { "Stations" } th.n scope="col" { "Registered" } th.n scope="col" { "Turnout" } th.n scope="col" { "Share" }
            th.n scope="col" { "Voters at stations of 90 % and more in both" } th.n scope="col" { "Round stations too many" } th.n scope="col" { "Votes by turnout" }
        } }
        tbody { @for own in &report.regions { tr {
            th scope="row" { (report.region(own.key)) } td.n { (count(own.stations)) } td.n { (n(own.registered)) }
            td.n { (percent(own.issued as f64, own.registered as f64, 1)) } td.n { (percent(own.leader as f64, own.found as f64, 1)) }
            td.n { (rate(own.corner as f64 / 1e6)) }
            td.n { @match rounding(own.key) { Some(group) => { (format!("{:.0}", group.excess.excess)) @if group.flagged { " (flagged)" } }, None => { "too few" } } }
            td.n { @match account(own.key).map(|own| &own.verdict) { Some(Verdict::Estimate { account, .. }) => (whole(account.anomalous)), _ => "refused" } }
        } } }
    } };
    Some(html! {
        (figure(&charts::regions(report, &text), &text, &table))
    })
}
