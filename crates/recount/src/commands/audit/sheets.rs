//! `recount audit sheets`: what a team takes along to a box, to print. No sheet shows a reported figure.

use std::path::PathBuf;

use recount_assessment::assess::sample;
use recount_assessment::manifest::Row;
use recount_audit::law::Choice;
use serde_json::json;

use super::open::{Which, audit, refused, trail_of};
use crate::error::{CliError, Outcome, file_error};
use crate::show;
use crate::view::names;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// Where the page goes.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Leave out this many stations of the draw: those of earlier rounds.
    #[arg(long, default_value_t = 0)]
    skip: usize,
}

const STYLE: &str = "@page{size:A4;margin:14mm}body{font:11pt/1.35 sans-serif;color:#000;margin:0}\
section{break-after:page;padding:4mm}section:last-child{break-after:auto}h1{font-size:15pt;margin:0 0 1mm}\
p{margin:1mm 0}table{border-collapse:collapse;width:100%;margin:3mm 0}th,td{border:0.3mm solid #000;padding:1mm 2mm;\
text-align:left;vertical-align:middle}td.t{width:45%}td.n{width:26mm;height:7mm}.sign{display:flex;gap:8mm;margin-top:8mm}\
.sign div{flex:1;border-top:0.3mm solid #000;padding-top:1mm;font-size:9pt}";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.which.record.open()?;
    let trail = trail_of(&opened.fold, args.which.plan)?;
    let audit = audit(&opened.reader, &opened.fold, &trail)?;
    let stations = trail.closing.as_ref().map_or(0, |closing| closing.stations);
    let draws = sample(&trail, &audit.manifest, usize::try_from(stations).unwrap_or(usize::MAX)).map_err(refused)?;
    let label = |choice: &Choice| match choice {
        Choice::List(id) => format!("{} (votes.{id})", names::list(&opened.fold, &audit.plan.contest, id)),
        Choice::AgainstAll => "Against all (votes.against_all)".to_owned(),
        Choice::Line(code) => format!("lines.{code}"),
    };
    let mut rows: Vec<String> = audit.manifest.choices.iter().map(label).collect();
    // Lines that make up the content of the box, and are not votes.
    let lines = audit.plan.found.split(['+', '-']).map(str::trim);
    for line in lines.filter(|line| !["votes", "against_all"].contains(line)) {
        let label = format!("lines.{line}");
        if !rows.contains(&label) {
            rows.push(label);
        }
    }
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tally sheets: {}</title><style>{STYLE}</style>",
        escape(&audit.plan.title)
    );
    let mut count = 0_u64;
    for (at, draw) in draws.iter().enumerate().skip(args.skip) {
        if let Some(row) = audit.manifest.rows.get(draw.place) {
            let name = station_name(&opened.fold, &row.station);
            page.push_str(&sheet(&audit.plan.title, trail.index, at + 1, row, &name, &rows));
            count += 1;
        }
    }
    page.push_str("</html>\n");
    std::fs::write(&args.output, &page).map_err(|e| file_error(&args.output, &e))?;
    if count == 0 {
        return Err(CliError::Input("no station is drawn yet".to_owned()));
    }
    if as_json {
        return show::json(&json!({ "file": args.output, "sheets": count }));
    }
    show::paragraph(format!(
        "{}: {}. Print it, two copies of each: two people fill in a copy each.",
        args.output.display(),
        show::count(count, "sheet", "sheets")
    ));
    Ok(())
}

fn station_name(fold: &recount_tally::Fold, id: &str) -> String {
    let geography = fold.ledger().register().geography();
    let station = geography.station_ix(id).and_then(|ix| geography.station(ix));
    station.and_then(|station| station.name.clone()).unwrap_or_default()
}

fn sheet(title: &str, plan: u64, place: usize, row: &Row, name: &str, rows: &[String]) -> String {
    let cells: String = rows
        .iter()
        .map(|label| format!("<tr><td>{}</td><td class=\"t\"></td><td class=\"n\"></td></tr>", escape(label)))
        .collect();
    format!(
        "<section><h1>Station {} {}</h1><p>{} &middot; audit of statement {plan} &middot; draw {place} &middot; in {}</p>\
         <p>Bound on the ballots, fixed before the draw: <b>{}</b>. If there are more, stop and say so: nothing is clipped.</p>\
         <p>Seal of the box unbroken: &#9744; yes &#9744; no. Sort by list, count every pile, write down every line, also 0. \
         The second person fills in another copy and does not see this one.</p>\
         <table><tr><th>To be counted</th><th>Tally marks</th><th>In all</th></tr>{cells}</table>\
         <div class=\"sign\"><div>Counted by</div><div>Witness</div><div>Date, time, new seal</div></div></section>",
        escape(&row.station),
        escape(name),
        escape(title),
        escape(&row.units.join(", ")),
        show::number(row.bound),
    )
}
