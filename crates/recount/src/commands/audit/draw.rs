//! `recount audit draw`: the sample, as anyone derives it.

use std::path::PathBuf;

use recount_assessment::assess::sample;
use recount_assessment::manifest::Row;
use recount_assessment::trail::{DRAW, Trail};
use serde_json::json;

use super::open::{Which, audit, trail_of};
use super::write::{Desk, note};
use crate::commands::Record;
use crate::error::{Outcome, input};
use crate::show::{self, Align, Table};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// Stations to be opened in all. By default as many as were asked for, or 20.
    #[arg(long, value_name = "N")]
    stations: Option<u64>,
    /// Closes the contributions to the seed, or asks for more stations: the key of whoever runs the audit.
    #[arg(long, value_name = "FILE")]
    sign: Vec<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    if !args.sign.is_empty() {
        close(args)?;
    }
    // What was just filed lies beyond any size that was asked for.
    let at = args.which.record.at.filter(|_| args.sign.is_empty());
    let opened = Record { at, ..args.which.record.clone() }.open()?;
    let trail = trail_of(&opened.fold, args.which.plan)?;
    let audit = audit(&opened.reader, &opened.fold, &trail)?;
    let Some(closing) = &trail.closing else {
        return input("contributions to the seed are not closed yet: whoever runs the audit closes them with --sign");
    };
    let count = args.stations.unwrap_or(closing.stations);
    let draws =
        sample(&trail, &audit.manifest, usize::try_from(count).unwrap_or(usize::MAX)).map_err(super::open::refused)?;
    let seed = trail.seed().unwrap_or_default();
    let rows =
        draws.iter().zip(1_u64..).filter_map(|(draw, n)| Some((n, draw.k, audit.manifest.rows.get(draw.place)?)));
    if as_json {
        let sample = rows.map(|(n, k, row)| {
            json!({ "draw": n, "number": k, "station": row.station, "stratum": row.stratum, "units": row.units, "bound": row.bound })
        });
        return show::json(&json!({
            "plan": trail.index, "seed": seed, "contributions": contributions(&trail),
            "stated": closing.stated, "seed_holds": closing.stated.as_ref().is_none_or(|own| *own == seed),
            "sample": sample.collect::<Vec<_>>(),
        }));
    }
    show::heading("Seed");
    for own in &trail.contributions {
        show::item(format!("statement {}, {}: {}", own.index, own.by, own.text));
    }
    show::paragraph(format!("SHA-256 of the plan's hash and of these, in this order: {seed}"));
    for (index, why) in &trail.ignored {
        show::item(format!("statement {index} has no part in it: {why}"));
    }
    show::heading("Sample");
    show::paragraph(if audit.plan.strata.is_some() {
        "In each stratum in proportion to bounds, without replacement: the k-th number is SHA-256(seed,stratum,k) modulo the \
         ballots of the stratum. Open the stations in this order; a gap stops its stratum there."
    } else {
        "In proportion to bounds, without replacement: the k-th number is SHA-256(seed,k) modulo the ballots of the manifest. \
         Open the stations in this order; a gap stops the audit there."
    });
    let place = |row: &Row| if row.stratum.is_empty() { row.units.join(", ") } else { row.stratum.clone() };
    let rows: Vec<(u64, u64, &Row)> = rows.collect();
    let placed = rows.iter().any(|(_, _, row)| !place(row).is_empty());
    let mut head = vec![("draw", Align::Right), ("k", Align::Right), ("station", Align::Left)];
    head.extend(placed.then_some(("in", Align::Left)));
    head.push(("ballots at most", Align::Right));
    let mut table = Table::new(&head);
    for (n, k, row) in rows {
        let mut cells = vec![show::number(n), show::number(k), row.station.clone()];
        cells.extend(placed.then(|| place(row)));
        cells.push(show::number(row.bound));
        table.row(cells);
    }
    table.print();
    Ok(())
}

fn contributions(trail: &Trail) -> Vec<serde_json::Value> {
    trail.contributions.iter().map(|c| json!({ "statement": c.index, "by": c.by, "text": c.text })).collect()
}

fn close(args: &Args) -> Outcome {
    let mut desk = Desk::open(&args.which.record.record, &args.sign)?;
    let trail = trail_of(desk.recorder.fold(), args.which.plan)?;
    if trail.contributions.is_empty() {
        return input("nobody has contributed to the seed: throw dice and file them with `recount audit seed`");
    }
    let mut stated = trail.clone();
    let already = trail.closing.as_ref().map_or(0, |closing| closing.stations);
    let stations = args.stations.unwrap_or(already.max(20));
    if trail.closing.is_some() && stations <= already {
        return input(format!("{already} stations are drawn already: ask for more with --stations"));
    }
    if stated.closing.is_none() {
        stated.closing = Some(recount_assessment::trail::Closing { index: 0, stated: None, stations });
    }
    let mut closing = note(DRAW, trail.index);
    closing.sources = stated.seed().into_iter().collect();
    closing.figures =
        vec![("contributions".to_owned(), trail.contributions.len() as u64), ("stations".to_owned(), stations)];
    desk.note(closing).map(|_| ())
}
