//! `recount audit sheets`: the list of stations to open, and what a team takes along to each box, to print. No sheet shows a
//! reported figure.

mod words;

use std::path::PathBuf;

use recount_assessment::assess::sample;
use recount_assessment::manifest::Row;
use recount_audit::law::Choice;
use recount_seats::Language;
use recount_tally::base::line_title;
use serde_json::json;

use self::words::{Words, fill, words};
use super::open::{Which, audit, refused, trail_of};
use crate::error::{CliError, Outcome};
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
    /// Language: en, ru or ky.
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = crate::show::language)]
    lang: Language,
}

const STYLE: &str = "@page{size:A4;margin:14mm}body{font:10.5pt/1.35 sans-serif;color:#000;margin:0}\
section{break-after:page}section:last-child{break-after:auto}h1{font-size:15pt;margin:0 0 1mm}\
.head{display:flex;justify-content:space-between;gap:6mm;align-items:baseline}.copy{white-space:nowrap}\
p{margin:1.5mm 0}table{border-collapse:collapse;width:100%;margin:3mm 0}thead{display:table-header-group}\
tr{break-inside:avoid}th,td{border:0.3mm solid #000;padding:1mm 2mm;text-align:left;vertical-align:middle}\
td.w{width:38%}td.w small{display:block;font:8pt monospace;overflow-wrap:anywhere}td.n{width:24mm;height:7.5mm}\
td.r,th.r{text-align:right}.sign{display:flex;gap:8mm;margin-top:12mm;break-inside:avoid}\
.sign div{flex:1;border-top:0.3mm solid #000;padding-top:1mm;font-size:9pt}";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A drawn station.
struct Drawn<'a> {
    place: usize,
    row: &'a Row,
    name: String,
    units: String,
}

/// Something to be counted: in words, and the key that it is entered under.
struct Counted {
    title: String,
    key: String,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.which.record.open()?;
    let trail = trail_of(&opened.fold, args.which.plan)?;
    let audit = audit(&opened.reader, &opened.fold, &trail)?;
    let stations = trail.closing.as_ref().map_or(0, |closing| closing.stations);
    let draws = sample(&trail, &audit.manifest, usize::try_from(stations).unwrap_or(usize::MAX)).map_err(refused)?;
    let words = words(args.lang);
    let counted = |choice: &Choice| match choice {
        Choice::List(id) => {
            Counted { title: names::list(&opened.fold, &audit.plan.contest, id), key: format!("votes.{id}") }
        }
        Choice::AgainstAll => Counted { title: words.against_all.to_owned(), key: "votes.against_all".to_owned() },
        Choice::Line(code) => Counted { title: line_title(&opened.fold, code), key: format!("lines.{code}") },
    };
    let mut rows: Vec<Counted> = audit.manifest.choices.iter().map(counted).collect();
    // Lines that make up the content of the box, and are not votes.
    let lines = audit.plan.found.split(['+', '-']).map(str::trim);
    for line in lines.filter(|line| !["votes", "against_all"].contains(line)) {
        if !rows.iter().any(|row| row.key == format!("lines.{line}")) {
            rows.push(counted(&Choice::Line(line.to_owned())));
        }
    }
    let all: Vec<Drawn<'_>> = draws
        .iter()
        .enumerate()
        .skip(args.skip)
        .filter_map(|(at, draw)| {
            let row = audit.manifest.rows.get(draw.place)?;
            let (name, units) = (station_name(&opened.fold, &row.station), unit_names(&opened.fold, &row.units));
            Some(Drawn { place: at + 1, row, name, units })
        })
        .collect();
    if all.is_empty() {
        return Err(CliError::Input("no station is drawn yet".to_owned()));
    }
    let page = page(words, &audit.plan.title, trail.index, &all, &rows);
    crate::output::file(&args.output, &page)?;
    let count = all.len() as u64;
    if as_json {
        return show::json(&json!({ "file": args.output, "sheets": count }));
    }
    show::paragraph(format!(
        "{}: the list, and two copies of a sheet for {}. Print it: two people fill in a copy each.",
        args.output.display(),
        show::count(count, "station", "stations")
    ));
    Ok(())
}

fn station_name(fold: &recount_tally::Fold, id: &str) -> String {
    let geography = fold.ledger().register().geography();
    let station = geography.station_ix(id).and_then(|ix| geography.station(ix));
    station.and_then(|station| station.name.clone()).unwrap_or_default()
}

/// Names of units, the smallest first.
fn unit_names(fold: &recount_tally::Fold, ids: &[String]) -> String {
    let geography = fold.ledger().register().geography();
    let name = |id: &String| {
        let unit = geography.unit_ix(id).and_then(|ix| geography.unit(ix));
        unit.map_or_else(|| id.clone(), |unit| unit.name.clone())
    };
    ids.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn page(words: &Words, title: &str, plan: u64, all: &[Drawn<'_>], rows: &[Counted]) -> String {
    let mut page = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{}: {}</title><style>{STYLE}</style>",
        words.tag,
        words.title,
        escape(title)
    );
    page.push_str(&list(words, title, all));
    for drawn in all {
        for copy in words.copies {
            page.push_str(&sheet(words, title, plan, drawn, rows, copy));
        }
    }
    page.push_str("</html>\n");
    page
}

fn number(words: &Words, n: u64) -> String {
    show::number(n).replace(',', words.thousands)
}

fn list(words: &Words, title: &str, all: &[Drawn<'_>]) -> String {
    let places = all.iter().any(|own| !own.units.is_empty());
    let place =
        |open: &str, text: &str, close: &str| if places { format!("{open}{text}{close}") } else { String::new() };
    let rows: String = all
        .iter()
        .map(|own| {
            format!(
                "<tr><td class=\"r\">{}</td><td>{} {}</td>{}<td class=\"r\">{}</td><td>☐</td></tr>",
                own.place,
                escape(&own.row.station),
                escape(&own.name),
                place("<td>", &escape(&own.units), "</td>"),
                number(words, own.row.bound)
            )
        })
        .collect();
    format!(
        "<section class=\"list\"><h1>{}</h1><p>{}</p><p>{}</p><table><thead><tr><th class=\"r\">{}</th><th>{}</th>{}\
         <th class=\"r\">{}</th><th>{}</th></tr></thead>{rows}</table></section>",
        words.list,
        escape(title),
        words.list_text,
        words.draw,
        words.station,
        place("<th>", words.place, "</th>"),
        words.bound,
        words.done
    )
}

fn sheet(words: &Words, title: &str, plan: u64, own: &Drawn<'_>, rows: &[Counted], copy: &str) -> String {
    let cells: String = rows
        .iter()
        .map(|row| {
            format!(
                "<tr><td class=\"w\">{}<small>{}</small></td><td></td><td class=\"n\"></td></tr>",
                escape(&row.title),
                escape(&row.key)
            )
        })
        .collect();
    format!(
        "<section class=\"sheet\"><div class=\"head\"><h1>{} {} {}</h1><b class=\"copy\">{copy}</b></div>\
         <p>{}{}<br>{}</p><p><b>{}</b></p><p>{} {}</p>\
         <table><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>{cells}</table>\
         <div class=\"sign\"><div>{}</div><div>{}</div><div>{}</div></div></section>",
        words.station,
        escape(&own.row.station),
        escape(&own.name),
        if own.units.is_empty() { String::new() } else { format!("{}<br>", escape(&own.units)) },
        escape(title),
        fill(words.audit, &[&plan.to_string(), &own.place.to_string()]),
        fill(words.at_most, &[&number(words, own.row.bound)]),
        words.seal,
        words.count,
        words.what,
        words.marks,
        words.all,
        words.counted_by,
        words.witness,
        words.when,
    )
}
