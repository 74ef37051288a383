//! What was drawn and what was estimated, in a terminal.

use std::path::Path;

use super::plan::{Plan, word};
use super::{draw, estimate};
use crate::show::{self, Align, Table, count, number};

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn range((low, high): (f64, f64)) -> String {
    format!("{:.2} to {:.2} %", 100.0 * low, 100.0 * high)
}

fn many(n: usize) -> String {
    number(n as u64)
}

fn head(title: &str, source: &str, hash: &str, plan: &Plan) {
    show::line(show::bold(title));
    show::paragraph(format!("Register: {source}"));
    show::line(format!("SHA-256 {hash}"));
    show::paragraph(format!("Sample: {}", plan.text()));
}

/// The sample.
pub fn drawn(answer: &draw::Answer, sheet: &Path) {
    head(&answer.title, &answer.source, &answer.hash, &answer.plan);
    let stages = answer.plan.units > 0;
    show::heading(&format!("{} drawn", count(answer.drawn as u64, "station", "stations")));
    let mut table = Table::new(&[
        ("stratum", Align::Left),
        ("stations", Align::Right),
        (if stages { "units" } else { "" }, Align::Right),
        ("drawn", Align::Right),
    ]);
    for own in &answer.strata {
        let units = if stages { many(own.units) } else { String::new() };
        table.row([own.name.clone(), many(own.stations), units, many(own.drawn)]);
    }
    table.print();
    show::line("");
    if answer.drawn > answer.plan.stations {
        show::paragraph(format!(
            "More than the {} asked for: each stratum needs two, and each unit as many as the others.",
            many(answer.plan.stations)
        ));
    }
    if answer.drawn < answer.plan.stations {
        show::paragraph(format!(
            "Fewer than the {} asked for: there are no more, or units have fewer stations than would be drawn in each.",
            many(answer.plan.stations)
        ));
    }
    match &answer.expected {
        Some(own) => show::paragraph(format!(
            "With the results in this register, where {} has {}, such samples give its share within {:.2} percentage points either \
             way (95 %, {} samples). Another election may differ more between stations.",
            own.list,
            percent(own.share),
            100.0 * own.half_width,
            own.samples
        )),
        None => {
            show::paragraph("How wide the intervals will be cannot be said: the register holds no earlier results.")
        }
    }
    show::line("");
    show::paragraph(format!(
        "The sheet: {}. Publish its hash before the vote. Shares will be of {}. Everybody draws the same stations from the same register \
         and seed.",
        sheet.display(),
        of(&answer.plan)
    ));
}

fn of(plan: &Plan) -> &'static str {
    match word(plan.of) {
        "valid" => "valid votes",
        "cast" => "ballots cast",
        _ => "registered voters",
    }
}

/// The estimate.
pub fn estimated(answer: &estimate::Answer) {
    head(&answer.title, &answer.source, &answer.hash, &answer.plan);
    show::heading(&format!("{} of {} drawn stations have reported", many(answer.reported), many(answer.drawn)));
    let mut table = Table::new(&[
        ("stratum", Align::Left),
        ("stations", Align::Right),
        ("drawn", Align::Right),
        ("reported", Align::Right),
        ("", Align::Left),
    ]);
    for own in &answer.strata {
        let few = if own.enough { "" } else { "FEWER THAN TWO" };
        table.row([own.name.clone(), many(own.stations), many(own.drawn), many(own.reported), few.to_owned()]);
    }
    table.print();
    show::heading(&format!("Shares of {}, with 95 % intervals", of(&answer.plan)));
    shares(answer);
    for why in answer.lists.iter().filter_map(|own| own.not_estimable.as_ref()).take(1) {
        show::paragraph(format!("No estimate: {why}."));
    }
    lead(answer);
    if !answer.warnings.is_empty() {
        show::heading("Be careful");
        answer.warnings.iter().for_each(show::item);
    }
    show::heading("What this cannot show");
    show::paragraph(answer.cannot_show);
    show::paragraph("Each interval is for its list alone.");
}

fn shares(answer: &estimate::Answer) {
    let partial = answer.reported < answer.drawn;
    let effect = answer.plan.units > 0;
    let mut table = Table::new(&[
        ("list", Align::Left),
        ("share", Align::Right),
        ("interval", Align::Right),
        (if partial { "whatever is missing" } else { "" }, Align::Right),
        (if effect { "design effect" } else { "" }, Align::Right),
    ]);
    for own in &answer.lists {
        let widest = own.bounds_with_drawing.or(own.bounds.map(|own| own.between));
        table.row([
            own.list.clone(),
            own.estimate.map_or_else(|| "-".to_owned(), |own| percent(own.share)),
            own.estimate.map_or_else(|| "-".to_owned(), |own| range(own.interval)),
            widest.map_or_else(String::new, range),
            own.design_effect.map_or_else(String::new, |own| format!("{own:.2}")),
        ]);
    }
    table.print();
}

fn lead(answer: &estimate::Answer) {
    let Some(own) = &answer.lead else { return };
    show::line("");
    let judged = if own.too_close { " Too close to call." } else { "" };
    show::paragraph(format!(
        "{} leads {} by {:.2} percentage points ({:.2} to {:.2}).{judged}",
        own.first,
        own.second,
        100.0 * own.estimate.share,
        100.0 * own.estimate.interval.0,
        100.0 * own.estimate.interval.1
    ));
}
