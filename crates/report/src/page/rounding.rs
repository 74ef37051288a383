//! Round percentages and spikes, at length.

use maud::{Markup, html};
use recount_forensics::Limits;
use recount_forensics::dispersion::Percentage;
use recount_forensics::integer::{Excess, Groups, Robustness, Which};
use recount_forensics::report::{Report, Rounded, Topic};
use recount_forensics::spectrum::Spectrum;

use super::numbers::{count, fixed, large, n, p, percent, tail, whole};
use super::{caution, charts, figure, words};
use crate::lang::{Lang, fill};

/// Rows of the tables of groups.
const SHOWN: usize = 25;

fn which(t: &Lang, which: Which) -> &str {
    match which {
        Which::Either => t.say("Turnout or share"),
        Which::Turnout => t.say("Turnout"),
        Which::Share => t.say("Share"),
    }
}

/// An excess with half the length of its 95 % interval.
fn reach(t: &Lang, excess: Excess) -> String {
    format!("{} ± {}", large(t, excess.excess), large(t, 1.96 * excess.sd))
}

fn yes(t: &Lang, flagged: bool) -> &str {
    if flagged { t.say("yes") } else { t.say("no") }
}

/// The test of round percentages.
pub(super) fn section(t: &Lang, report: &Report) -> Markup {
    let rounding = &report.rounding;
    let flagged = rounding.regions.groups.iter().filter(|group| group.flagged).count();
    let exact = rounding.whole.first().map(|own| own.stations);
    let drawn = &rounding.drawn;
    html! {
        p { (t.say(words::ROUNDING)) }
        (table(t, t.say("Whole percentages"), &rounding.whole, rounding.tested))
        (table(t, t.say("Multiples of five percent"), &rounding.five, rounding.tested))
        (robustness(t, &rounding.robustness))
        @if let Some(exact) = exact { p.small { (fill!(
            t,
            "Cross-check by the published simulation: {} elections drawn with this seed give a mean of {} stations and a standard deviation of {}; the exact figures are {} and {}.",
            count(t, drawn.replicates),
            whole(t, drawn.mean),
            fixed(t, drawn.sd, 1),
            whole(t, exact.mean),
            fixed(t, exact.sd, 1)
        )) } }
        p { (fill!(
            t,
            "{} of {} regions and {} of {} districts stand out when all of them are judged together ({} regions have fewer than {} stations and were not tested).",
            count(t, flagged),
            count(t, rounding.regions.groups.len()),
            count(t, rounding.districts.groups.len()),
            count(t, rounding.districts_tested),
            count(t, rounding.regions.too_small),
            count(t, rounding.regions.at_least)
        )) }
        (groups(t, t.say("Regions with the largest excess"), &rounding.regions, &|key| report.region(key).to_owned()))
        @if !rounding.districts.groups.is_empty() {
            (groups(t, t.say("Districts that stand out"), &rounding.districts, &|key| report.district(key).to_owned()))
        }
        (caution(t, Topic::Rounding, &[Excess::CANNOT_SHOW, Groups::CANNOT_SHOW]))
    }
}

fn table(t: &Lang, title: &str, rows: &[Rounded], tested: usize) -> Markup {
    html! {
        div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            caption { (fill!(t, "{}, {} stations", title, count(t, tested))) }
            thead { tr {
                th scope="col" { (t.say("Percentage")) } th.n scope="col" { (t.say("Round stations")) } th.n scope="col" { (t.say("By chance")) }
                th.n scope="col" { (t.say("Too many stations")) } th.n scope="col" { (t.say("of those tested")) } th.n scope="col" { (t.say("Chance gives as many with p")) }
                th.n scope="col" { (t.say("Too many in registered voters")) } th.n scope="col" { (t.say("in the leader’s votes")) }
            } }
            tbody { @for own in rows { tr {
                th scope="row" { (which(t, own.which)) }
                td.n { (n(t, own.stations.observed)) }
                td.n { (whole(t, own.stations.mean)) " ± " (whole(t, 1.96 * own.stations.sd)) }
                td.n { (reach(t, own.stations)) }
                td.n { (percent(t, own.stations.excess, tested as f64, 2)) }
                td.n { (tail(t, own.tail)) }
                td.n { (reach(t, own.registered)) }
                td.n { (reach(t, own.leader)) }
            } } }
        } }
    }
}

fn robustness(t: &Lang, own: &Robustness) -> Markup {
    let verdict = if own.robust {
        t.say("It holds at every size: it may be called robust.")
    } else {
        t.say("It does not hold at every size: it is not called a finding.")
    };
    html! {
        div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            caption { (t.say("Does it hold among larger stations? Small stations have coarse fractions of their own.")) }
            thead { tr { th scope="col" { (t.say("Registered voters at least")) } th.n scope="col" { (t.say("Stations")) } th.n scope="col" { (t.say("Too many stations")) } th.n scope="col" { "p" } } }
            tbody { @for level in &own.levels { tr {
                th scope="row" { (level.at_least) } td.n { (count(t, level.stations)) } td.n { (reach(t, level.excess)) } td.n { (tail(t, level.tail)) }
            } } }
            tfoot { tr { th scope="row" colspan="4" { (verdict) } } }
        } }
    }
}

fn groups(t: &Lang, title: &str, own: &Groups, name: &dyn Fn(u32) -> String) -> Markup {
    let mut order: Vec<_> = own.groups.iter().collect();
    order.sort_by(|a, b| b.excess.z.total_cmp(&a.excess.z).then(a.key.cmp(&b.key)));
    let shown = if order.len() > SHOWN {
        fill!(t, "{}, the first {} of {}", title, SHOWN, count(t, order.len()))
    } else {
        title.to_owned()
    };
    html! {
        div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { table {
            caption { (shown) }
            thead { tr { th scope="col" { (t.say("Name")) } th.n scope="col" { (t.say("Stations")) } th.n scope="col" { (t.say("Round stations")) } th.n scope="col" { (t.say("By chance")) } th.n scope="col" { (t.say("Exact p")) } th scope="col" { (t.say("Stands out")) } } }
            tbody { @for group in order.iter().take(SHOWN) { tr {
                th scope="row" { (name(group.key)) } td.n { (count(t, group.stations)) } td.n { (n(t, group.excess.observed)) }
                td.n { (fixed(t, group.excess.mean, 1)) } td.n { (tail(t, group.tail)) } td { (yes(t, group.flagged)) }
            } } }
        } }
    }
}

/// Spikes with their charts.
pub(super) fn spikes(t: &Lang, report: &Report) -> Markup {
    html! {
        p { (t.say(words::SPIKES)) }
        @for spectrum in &report.spikes { (one(t, spectrum)) }
        (caution(t, Topic::SpikesTurnout, &[Spectrum::CANNOT_SHOW]))
    }
}

fn one(t: &Lang, spectrum: &Spectrum) -> Markup {
    let (stations, bins) = (count(t, spectrum.stations), count(t, spectrum.spikes.len()));
    let text = match (spectrum.percentage, spectrum.spikes.is_empty()) {
        (Percentage::Turnout, true) => {
            fill!(t, "No bin of turnout stands out of what chance gives, among {} stations.", stations)
        }
        (Percentage::Share, true) => {
            fill!(t, "No bin of share stands out of what chance gives, among {} stations.", stations)
        }
        (Percentage::Turnout, false) => fill!(
            t,
            "Bins of turnout that stand out of what chance gives, among {} stations: {}; together {} stations too many.",
            stations,
            bins,
            large(t, spectrum.excess())
        ),
        (Percentage::Share, false) => fill!(
            t,
            "Bins of share that stand out of what chance gives, among {} stations: {}; together {} stations too many.",
            stations,
            bins,
            large(t, spectrum.excess())
        ),
    };
    figure(t, &charts::spikes(t, spectrum, &text), &text, &bins_table(t, spectrum))
}

fn bins_table(t: &Lang, spectrum: &Spectrum) -> Markup {
    html! {
        table {
            caption { (t.say("Bins that stand out")) }
            thead { tr { th.n scope="col" { (t.say("Percent")) } th.n scope="col" { (t.say("Stations")) } th.n scope="col" { (t.say("By chance")) } th.n scope="col" { "p" } } }
            tbody { @for spike in &spectrum.spikes { tr {
                td.n { (fixed(t, f64::from(spike.tenths) / 10.0, 1)) } td.n { (n(t, u64::from(spike.observed))) }
                td.n { (fixed(t, spike.mean, 1)) " ± " (fixed(t, 2.0 * spike.sd, 1)) } td.n { (p(t, spike.p)) }
            } } }
        }
        table {
            caption { (t.say("All bins, in whole percents")) }
            thead { tr { th.n scope="col" { (t.say("Percent")) } th.n scope="col" { (t.say("Stations within 0.05 points")) } th.n scope="col" { (t.say("By chance")) } } }
            tbody { @for percent in 0..=100_usize { tr {
                td.n { (percent) } td.n { (n(t, u64::from(spectrum.observed.get(10 * percent).copied().unwrap_or(0)))) }
                td.n { (fixed(t, spectrum.mean.get(10 * percent).copied().unwrap_or(0.0), 1)) }
            } } }
        }
    }
}
