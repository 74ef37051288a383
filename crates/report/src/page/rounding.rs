//! Round percentages and spikes, at length.

use maud::{Markup, html};
use recount_forensics::Limits;
use recount_forensics::integer::{Excess, Groups, Robustness, Which};
use recount_forensics::report::{Report, Rounded, Topic};
use recount_forensics::spectrum::Spectrum;

use super::numbers::{count, large, n, p, percent, tail, whole};
use super::{caution, charts, figure};

/// Rows of the tables of groups.
const SHOWN: usize = 25;

fn which(which: Which) -> &'static str {
    match which {
        Which::Either => "Turnout or share",
        Which::Turnout => "Turnout",
        Which::Share => "Share",
    }
}

/// An excess with half the length of its 95 % interval.
fn reach(excess: Excess) -> String {
    format!("{} ± {}", large(excess.excess), large(1.96 * excess.sd))
}

/// The test of round percentages.
pub(super) fn section(report: &Report) -> Markup {
    let rounding = &report.rounding;
    let flagged = rounding.regions.groups.iter().filter(|group| group.flagged).count();
    html! {
        p { "People who make figures up like whole percentages. A station counts as round when its turnout or share lies within 0.05 points of a \
             whole percent. For every station it is known exactly how often a count would land there by chance, so nothing has to be \
             simulated: mean, spread and tail are exact, given the published rates." }
        (table("Whole percentages", &rounding.whole, rounding.tested))
        (table("Multiples of five percent", &rounding.five, rounding.tested))
        (robustness(&rounding.robustness))
        p.small { "Cross-check by the published simulation: " (count(rounding.drawn.replicates)) " elections drawn with this seed give a mean of "
            (whole(rounding.drawn.mean)) " stations and a standard deviation of " (format!("{:.1}", rounding.drawn.sd)) "; the exact figures are "
            @if let Some(own) = rounding.whole.first() { (whole(own.stations.mean)) " and " (format!("{:.1}", own.stations.sd)) } "." }
        p { (count(flagged)) " of " (count(rounding.regions.groups.len())) " regions and " (count(rounding.districts.groups.len())) " of "
            (count(rounding.districts_tested)) " districts are flagged as families (" (count(rounding.regions.too_small)) " regions have fewer than "
            (count(rounding.regions.at_least)) " stations and were not tested)." }
        (groups("Regions with the largest excess", &rounding.regions, &|key| report.region(key).to_owned()))
        @if !rounding.districts.groups.is_empty() {
            (groups("Flagged districts", &rounding.districts, &|key| report.district(key).to_owned()))
        }
        (caution(Topic::Rounding, &[Excess::CANNOT_SHOW, Groups::CANNOT_SHOW]))
    }
}

fn table(title: &str, rows: &[Rounded], tested: usize) -> Markup {
    html! {
        div.scroll { table {
            caption { (title) ", " (count(tested)) " stations" }
            thead { tr {
                th scope="col" { "Percentage" } th.n scope="col" { "Round stations" } th.n scope="col" { "By chance" }
                th.n scope="col" { "Excess in stations" } th.n scope="col" { "of those tested" } th.n scope="col" { "Chance gives as many with p" }
                th.n scope="col" { "Excess in registered voters" } th.n scope="col" { "in the leader’s votes" }
            } }
            tbody { @for own in rows { tr {
                th scope="row" { (which(own.which)) }
                td.n { (n(own.stations.observed)) }
                td.n { (whole(own.stations.mean)) " ± " (whole(1.96 * own.stations.sd)) }
                td.n { (reach(own.stations)) }
                td.n { (percent(own.stations.excess, tested as f64, 2)) }
                td.n { (tail(own.tail)) }
                td.n { (reach(own.registered)) }
                td.n { (reach(own.leader)) }
            } } }
        } }
    }
}

fn robustness(own: &Robustness) -> Markup {
    html! {
        div.scroll { table {
            caption { "Does it hold among larger stations? Small stations have coarse fractions of their own." }
            thead { tr { th scope="col" { "Registered voters at least" } th.n scope="col" { "Stations" } th.n scope="col" { "Excess in stations" } th.n scope="col" { "p" } } }
            tbody { @for level in &own.levels { tr {
                th scope="row" { (level.at_least) } td.n { (count(level.stations)) } td.n { (reach(level.excess)) } td.n { (tail(level.tail)) }
            } } }
            tfoot { tr { th scope="row" colspan="4" { @if own.robust { "It holds at every size: it may be called robust." } @else { "It does not hold at every size: it is not called a finding." } } } }
        } }
    }
}

fn groups(title: &str, own: &Groups, name: &dyn Fn(u32) -> String) -> Markup {
    let mut order: Vec<_> = own.groups.iter().collect();
    order.sort_by(|a, b| b.excess.z.total_cmp(&a.excess.z).then(a.key.cmp(&b.key)));
    html! {
        div.scroll { table {
            caption { (title) @if order.len() > SHOWN { ", the first " (SHOWN) " of " (count(order.len())) } }
            thead { tr { th scope="col" { "Name" } th.n scope="col" { "Stations" } th.n scope="col" { "Round" } th.n scope="col" { "By chance" } th.n scope="col" { "Exact p" } th scope="col" { "Flagged" } } }
            tbody { @for group in order.iter().take(SHOWN) { tr {
                th scope="row" { (name(group.key)) } td.n { (count(group.stations)) } td.n { (n(group.excess.observed)) }
                td.n { (format!("{:.1}", group.excess.mean)) } td.n { (tail(group.tail)) } td { @if group.flagged { "yes" } @else { "no" } }
            } } }
        } }
    }
}

/// Spikes with their charts.
pub(super) fn spikes(report: &Report) -> Markup {
    html! {
        p { "Stations are counted in bins of 0.1 points. The shaded band is what chance gives (mean ± two standard deviations, exact given the \
             published rates); a triangle marks bins that stand out of it after all bins were judged together." }
        @for spectrum in &report.spikes { (one(spectrum)) }
        (caution(Topic::SpikesTurnout, &[Spectrum::CANNOT_SHOW]))
    }
}

fn one(spectrum: &Spectrum) -> Markup {
    let word = match spectrum.percentage {
        recount_forensics::dispersion::Percentage::Turnout => "turnout",
        recount_forensics::dispersion::Percentage::Share => "share",
    };
    let text = if spectrum.spikes.is_empty() {
        format!("No bin of {word} stands out of what chance gives, among {} stations.", count(spectrum.stations))
    } else {
        format!(
            "{} bins of {word} stand out of what chance gives, among {} stations; together {} stations too many.",
            count(spectrum.spikes.len()),
            count(spectrum.stations),
            large(spectrum.excess())
        )
    };
    let table = html! {
        table {
            caption { "Bins that stand out" }
            thead { tr { th.n scope="col" { "Percent" } th.n scope="col" { "Stations" } th.n scope="col" { "By chance" } th.n scope="col" { "p" } } }
            tbody { @for spike in &spectrum.spikes { tr {
                td.n { (format!("{:.1}", f64::from(spike.tenths) / 10.0)) } td.n { (n(u64::from(spike.observed))) }
                td.n { (format!("{:.1} ± {:.1}", spike.mean, 2.0 * spike.sd)) } td.n { (p(spike.p)) }
            } } }
        }
        table {
            caption { "All bins, in whole percents" }
            thead { tr { th.n scope="col" { "Percent" } th.n scope="col" { "Stations within 0.05 points" } th.n scope="col" { "By chance" } } }
            tbody { @for percent in 0..=100_usize { tr {
                td.n { (percent) } td.n { (n(u64::from(spectrum.observed.get(10 * percent).copied().unwrap_or(0)))) }
                td.n { (format!("{:.1}", spectrum.mean.get(10 * percent).copied().unwrap_or(0.0))) }
            } } }
        }
    };
    figure(&charts::spikes(spectrum, &text), &text, &table)
}
