//! `recount audit assess`: the risk of every assertion now, and what is still to do.

use std::path::PathBuf;

use recount_assessment::assess::{Assessment, ItemState};
use recount_assessment::check::{Opened, figures, millionths};
use recount_assessment::trail::{ASSESSED, COMPLETED};
use serde_json::{Value, json};

use super::open::{Which, assessed};
use super::write::{Desk, note};
use crate::error::{CliError, Outcome, input};
use crate::show::{self, Align, Table};

/// Assertions shown without `--all`.
const SHOWN: usize = 20;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// Show every assertion, also those that only sharpen partial certificates.
    #[arg(long)]
    all: bool,
    /// File what came out, signed by whoever runs the audit: `verify` computes it again.
    #[arg(long, value_name = "FILE")]
    sign: Vec<PathBuf>,
    /// Say with it that the audit is over.
    #[arg(long, requires = "sign")]
    complete: bool,
}

/// A risk in percent, rounded up.
pub fn risk(risk: f64) -> String {
    let parts = millionths(risk);
    if parts == 0 && risk > 0.0 {
        return "below 0.0001 %".to_owned();
    }
    format!("{}.{:04} %", parts / 10_000, parts % 10_000)
}

/// A margin in percent.
fn margin(of: f64) -> String {
    format!("{:.3} %", of * 100.0)
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let (opened, audit, now) = assessed(&args.which)?;
    let mut filed = None;
    if !args.sign.is_empty() {
        if args.complete && !(now.complete || now.full_count) {
            return input("the audit is not over: not everything is proved, and not every station was counted again");
        }
        if opened.size() != opened.reader.size() {
            return input("only the record as it now stands is assessed with a signature: leave out --at");
        }
        let mut desk = Desk::open(&args.which.record.record, &args.sign)?;
        let code = if args.complete { COMPLETED } else { ASSESSED };
        let mut claim = note(code, audit.trail.index);
        claim.figures = figures(&now);
        claim.figures.push(("size".to_owned(), now.size));
        claim.figures.sort();
        filed = Some(desk.note(claim)?);
    }
    if as_json {
        show::json(&to_json(audit.trail.index, &audit.plan.limit, &now, filed))?;
    } else {
        print(args, &audit, &now, filed);
    }
    if now.wrong(&audit.plan) || !now.exceptions.is_empty() { Err(CliError::Shown(1)) } else { Ok(()) }
}

fn state(item: &ItemState) -> String {
    match (item.proved, item.refuted, item.more) {
        (true, _, _) => "proved".to_owned(),
        (_, true, _) => "FALSE".to_owned(),
        (_, _, Some(more)) => format!("{} more", show::number(more as u64)),
        _ => "full count".to_owned(),
    }
}

fn print(args: &Args, audit: &Opened, now: &Assessment, filed: Option<u64>) {
    for exception in &now.exceptions {
        show::paragraph(format!("EXCEPTION: {exception}"));
    }
    let needed = now.items.iter().filter(|item| item.needed).count();
    show::heading("Where the audit stands");
    show::item(format!("Risk limit {}; the largest risk now: {}.", audit.plan.limit, risk(now.risk())));
    show::item(format!("{} of {needed} assertions are proved.", now.proved()));
    show::item(format!(
        "{} assessed of {} drawn, with at most {} ballots.",
        show::count(now.assessed as u64, "station", "stations"),
        show::number(now.sample.len() as u64),
        show::number(now.ballots)
    ));
    if let Some(next) = now.waiting.first() {
        show::item(format!(
            "{} without a finding; the next in order is {next}.",
            show::count(now.waiting.len() as u64, "station is", "stations are")
        ));
    }
    match now.items.iter().filter(|item| item.needed && !item.proved).map(|item| item.more).collect::<Option<Vec<_>>>()
    {
        Some(more) if !more.is_empty() => show::item(format!(
            "If all further stations agree with their protocols, {} more must be opened.",
            show::number(more.into_iter().max().unwrap_or(0) as u64)
        )),
        None => show::item("Not even all stations would prove everything if they agree: plan a full count."),
        _ => {}
    }
    let mut items: Vec<&ItemState> = now.items.iter().filter(|item| item.needed || args.all).collect();
    items.sort_by(|a, b| b.risk.total_cmp(&a.risk).then(a.margin.total_cmp(&b.margin)));
    show::heading("Assertions, the least certain first");
    let mut table = Table::new(&[
        ("assertion", Align::Left),
        ("margin", Align::Right),
        ("found so far", Align::Right),
        ("risk", Align::Right),
        ("", Align::Left),
    ]);
    let shown = if args.all { items.len() } else { items.len().min(SHOWN) };
    for item in items.iter().take(shown) {
        table.row([
            item.name.clone(),
            margin(item.margin),
            item.estimate.map_or("-".to_owned(), margin),
            risk(item.risk),
            state(item),
        ]);
    }
    table.print();
    if shown < items.len() {
        show::line(format!("... {} more: --all shows every one.", show::number((items.len() - shown) as u64)));
    }
    discrepancies(audit, now);
    for remark in &now.remarks {
        show::paragraph(remark);
    }
    if let Some(Ok(seats)) = &now.recounted {
        let seats: Vec<String> = seats.iter().filter(|(_, n)| **n > 0).map(|(l, n)| format!("{l} {n}")).collect();
        show::paragraph(format!("Every station was counted again. The recount gives: {}.", seats.join(", ")));
    }
    if let Some(index) = filed {
        show::line(format!("Filed as statement {index}."));
    }
}

fn discrepancies(audit: &Opened, now: &Assessment) {
    if now.discrepancies.is_empty() {
        return;
    }
    show::heading("Figures that a recount found to be others");
    let mut table = Table::new(&[
        ("station", Align::Left),
        ("choice", Align::Left),
        ("reported", Align::Right),
        ("found", Align::Right),
    ]);
    for own in now.discrepancies.iter().take(SHOWN) {
        let choice = audit.words_of(&own.choice);
        table.row([own.station.clone(), choice, show::number(own.reported), show::figure(own.found)]);
    }
    table.print();
    if now.discrepancies.len() > SHOWN {
        show::line(format!("... {} more in --json.", show::number((now.discrepancies.len() - SHOWN) as u64)));
    }
}

/// An assessment for scripts.
pub fn to_json(plan: u64, limit: &str, now: &Assessment, filed: Option<u64>) -> Value {
    json!({
        "plan": plan, "size": now.size, "limit": limit, "seed": now.seed, "sample": now.sample, "assessed": now.assessed,
        "waiting": now.waiting, "exceptions": now.exceptions, "complete": now.complete, "risk": now.risk(),
        "proved": now.proved(), "needed": now.items.iter().filter(|item| item.needed).count(),
        "assertions": now.items.iter().map(|item| json!({
            "name": item.name, "unit": item.unit, "needed": item.needed, "margin": item.margin, "estimate": item.estimate,
            "risk": item.risk, "proved": item.proved, "false": item.refuted, "more": item.more,
        })).collect::<Vec<_>>(),
        "lists": now.ranges.lists.iter().map(|l| json!({
            "list": l.list, "name": l.name, "reported": l.reported, "low": l.low, "high": l.high,
        })).collect::<Vec<_>>(),
        "ranges_tight": now.ranges.tight,
        "discrepancies": now.discrepancies.iter().map(|d| json!({
            "station": d.station, "choice": d.choice, "reported": d.reported, "found": d.found,
        })).collect::<Vec<_>>(),
        "full_count": now.full_count,
        "recounted": now.recounted.as_ref().map(|r| match r { Ok(seats) => json!(seats), Err(why) => json!({ "why": why }) }),
        "remarks": now.remarks, "filed": filed,
    })
}
