//! From the report's figures to pictures.

use recount_chart::{Excess, HeatMap, Label, Lines, Multiples, Small, Spikes};
use recount_forensics::dispersion::Percentage;
use recount_forensics::report::{Accounts, Report};
use recount_forensics::shpilkin::Verdict;
use recount_forensics::spectrum::Spectrum;

use crate::lang::{Lang, fill};

/// A float as a count for a picture: never below zero.
fn counted(x: f64) -> u64 {
    if x > 0.0 && x.is_finite() { format!("{x:.0}").parse().unwrap_or(0) } else { 0 }
}

/// Stations by tenths of a percent with the band of two standard deviations.
pub(super) fn spikes(t: &Lang, spectrum: &Spectrum, desc: &str) -> String {
    let (id, title, x) = match spectrum.percentage {
        Percentage::Turnout => ("spikes-turnout", t.say("Stations by turnout"), t.say("turnout")),
        Percentage::Share => ("spikes-share", t.say("Stations by share"), t.say("share of the leader")),
    };
    let bins: Vec<u64> = spectrum.observed.iter().map(|count| u64::from(*count)).collect();
    let band: Vec<(u64, u64)> = spectrum
        .mean
        .iter()
        .zip(&spectrum.sd)
        .map(|(mean, sd)| (counted(mean - 2.0 * sd), counted(mean + 2.0 * sd)))
        .collect();
    let mut largest: Vec<_> = spectrum.spikes.iter().collect();
    largest.sort_by(|a, b| (f64::from(b.observed) - b.mean).total_cmp(&(f64::from(a.observed) - a.mean)));
    let name = |tenths: u32| {
        if tenths.is_multiple_of(10) {
            format!("{} %", tenths / 10)
        } else {
            format!("{}.{} %", tenths / 10, tenths % 10)
        }
    };
    let marked: Vec<(usize, String)> =
        largest.iter().map(|spike| (usize::try_from(spike.tenths).unwrap_or(usize::MAX), name(spike.tenths))).collect();
    let label = Label { id, title, desc };
    Spikes { label, bins: &bins, band: &band, marked: &marked, x, y: t.say("stations in 0.1 points") }.svg()
}

/// Stations by turnout and share.
pub(super) fn comet(t: &Lang, report: &Report, desc: &str) -> String {
    let print = &report.fingerprint;
    let side = usize::try_from(print.side).unwrap_or(1).max(1);
    // Cells lie by turnout, then share; rows of the picture are shares from below.
    let rows: Vec<Vec<u64>> = (0..side)
        .map(|share| (0..side).map(|turnout| print.cells.get(turnout * side + share).copied().unwrap_or(0)).collect())
        .collect();
    let mut filled: Vec<u64> = print.cells.iter().copied().filter(|count| *count > 0).collect();
    filled.sort_unstable();
    // The strongest shade begins at the 99th of a hundred filled cells: one corner must not swallow the rest.
    let strongest = filled.get(filled.len() * 99 / 100).copied().unwrap_or(1).max(8);
    let label = Label { id: "comet", title: t.say("Stations by turnout and share"), desc };
    HeatMap { label, x: t.say("turnout, %"), y: t.say("share, %"), rows: &rows, strongest }.svg()
}

/// Each station beside its neighbours.
pub(super) fn standardised(t: &Lang, report: &Report, desc: &str) -> String {
    let side = recount_forensics::standard::SIDE;
    let cells = &report.standardised.cells;
    let row = |share: usize| (0..side).map(|turnout| cells.get(turnout * side + share).copied().unwrap_or(0)).collect();
    let rows: Vec<Vec<u64>> = (0..side).map(row).collect();
    let strongest = cells.iter().copied().max().unwrap_or(1).max(8);
    let label = Label { id: "standardised", title: t.say("Stations beside their neighbours"), desc };
    let x = t.say("turnout: 50 is the mean of the district, 12.5 one standard deviation");
    let y = t.say("share");
    HeatMap { label, x, y, rows: &rows, strongest }.svg()
}

/// The leader's votes by turnout, beside the others' scaled to meet them left of the reference point where there is one.
pub(super) fn votes(t: &Lang, accounts: &Accounts, leader: &str, desc: &str) -> String {
    let label = Label { id: "votes", title: t.say("Votes by turnout"), desc };
    let (x, y) = (t.say("turnout"), t.say("votes in 1 point"));
    match &accounts.whole.verdict {
        Verdict::Estimate { account, .. } => {
            let scaled: Vec<u64> = accounts.others.iter().map(|own| counted(account.k * *own as f64)).collect();
            let bin = usize::try_from(counted(account.t0 - 0.5)).unwrap_or(0);
            let name = fill!(t, "reference point {} %", bin);
            let lower = Some((t.say("all others, scaled to meet it left of the reference point"), &scaled[..]));
            Excess { label, upper: (leader, &accounts.leader), lower, reference: Some((bin, &name)), x, y }.svg()
        }
        Verdict::Refused { .. } => {
            let lower = Some((t.say("all others"), &accounts.others[..]));
            // Without a point of reference nothing may be shaded.
            let nowhere = Some((accounts.leader.len(), ""));
            Excess { label, upper: (leader, &accounts.leader), lower, reference: nowhere, x, y }.svg()
        }
    }
}

/// What the account would be for every other reference point; below zero is drawn as zero.
pub(super) fn curve(t: &Lang, accounts: &Accounts, desc: &str) -> String {
    let points: Vec<(u64, u64)> =
        accounts.whole.curve.iter().map(|own| (counted(own.t0), counted(own.anomalous))).collect();
    let label = Label { id: "curve", title: t.say("Votes not accounted for, by reference point"), desc };
    let line = recount_chart::Line { name: t.say("thousands of votes"), series: 0, points: &points };
    Lines { label, lines: &[line], x_min: 0, x_max: 100, y_max: 0, y_unit: 1_000, level: None }.svg()
}

/// Every region's stations by turnout and share.
pub(super) fn regions(t: &Lang, report: &Report, desc: &str) -> String {
    let all: Vec<Small<'_>> =
        report.regions.iter().map(|own| Small { name: report.region(own.key), cells: &own.cells }).collect();
    let label = Label { id: "regions-small", title: t.say("Turnout and share, region by region"), desc };
    Multiples { label, side: 50, all: &all }.svg()
}
