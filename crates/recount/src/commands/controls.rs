//! `recount controls`: broken controls of a record, or straight of a table, with formula and figures.

mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;

use recount_election::Severity;
use recount_log::{Hash, VerifierKey};
use recount_tally::Fold;
use serde_json::{Value, json};

use super::{parse_hash, parse_key};
use crate::error::{CliError, Outcome};
use crate::read::{self, How};
use crate::show::{self, Align, Table};
use crate::view::{names, opening};

/// Findings shown without `--all`.
const SHOWN: usize = 30;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A record (directory or http(s) address), or a table of station results.
    #[arg(value_name = "DIR|URL|TABLE")]
    what: String,
    /// Read the record as it stood at this size.
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
    /// For a table: what its columns and rows mean.
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    /// For a table: the protocol forms with their controls; by default those that the map names.
    #[arg(long, value_name = "FORMS.toml")]
    forms: Option<PathBuf>,
    /// Exit with code 1 if any control is broken.
    #[arg(long)]
    strict: bool,
    /// List every broken control.
    #[arg(long)]
    all: bool,
}

/// One broken control.
#[derive(Debug, Clone)]
pub struct Finding {
    station: String,
    contest: String,
    place: String,
    form: String,
    code: String,
    severity: Severity,
    law: String,
    note: String,
    formula: String,
    figures: String,
}

/// What was checked.
struct Report {
    checked: u64,
    what: &'static str,
    findings: Vec<Finding>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let is_table = args.map.is_some() || std::path::Path::new(&args.what).is_file();
    let (report, record) = if is_table {
        let report = table::check(&PathBuf::from(&args.what), args.map.as_deref(), args.forms.as_deref())?;
        (report, None)
    } else {
        let how = How { at: args.at, key: args.key.clone(), charter: args.charter, afresh: false, ..How::default() };
        let opened = read::open(&args.what, &how)?;
        let report =
            Report { checked: places(&opened.fold), what: "protocols that stand", findings: of_record(&opened.fold) };
        (report, Some(opened))
    };
    if as_json {
        let findings: Vec<Value> = report.findings.iter().map(json_of).collect();
        show::json(&json!({
            "record": record.as_ref().map(opening::json),
            "checked": report.checked,
            "broken": report.findings.len(),
            "stations": stations(&report),
            "by_code": by_code(&report).into_iter().map(|((code, form, severity), n)| json!({ "control": code, "form": form, "severity": severity, "broken": n })).collect::<Vec<_>>(),
            "findings": findings,
        }))?;
    } else {
        if let Some(opened) = &record {
            opening::print(opened);
        }
        print(args, &report);
    }
    if args.strict && !report.findings.is_empty() { Err(CliError::Shown(1)) } else { Ok(()) }
}

fn places(fold: &Fold) -> u64 {
    let stations = fold.ledger().register().geography().stations().iter().zip(0u32..);
    let standing = stations.map(|(_, n)| {
        let station = recount_election::StationIx(n);
        fold.slots(station).into_iter().filter(|slot| fold.stand(station, *slot).is_some()).count() as u64
    });
    standing.sum()
}

fn of_record(fold: &Fold) -> Vec<Finding> {
    let each = fold.broken_controls().into_iter().map(|own| Finding {
        station: names::station_id(fold, own.station),
        contest: fold.contest(own.slot.contest).map_or_else(String::new, |state| state.id.clone()),
        place: names::slot(fold, own.slot),
        form: own.form.to_owned(),
        code: own.control.code.clone(),
        severity: own.control.severity,
        law: own.control.law.clone(),
        note: own.control.note.clone(),
        formula: own.control.formula.text().to_owned(),
        figures: own.figures,
    });
    each.collect()
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Signal => "signal",
    }
}

fn by_code(report: &Report) -> BTreeMap<(String, String, &'static str), u64> {
    let mut codes = BTreeMap::new();
    for own in &report.findings {
        *codes.entry((own.code.clone(), own.form.clone(), word(own.severity))).or_insert(0) += 1;
    }
    codes
}

fn stations(report: &Report) -> usize {
    let mut stations: Vec<&str> = report.findings.iter().map(|own| own.station.as_str()).collect();
    stations.sort_unstable();
    stations.dedup();
    stations.len()
}

fn print(args: &Args, report: &Report) {
    show::paragraph(format!(
        "{} {} checked: {} broken at {}.",
        show::number(report.checked),
        report.what,
        show::count(report.findings.len() as u64, "control", "controls"),
        show::count(stations(report) as u64, "station", "stations")
    ));
    if report.findings.is_empty() {
        return;
    }
    show::paragraph(
        "A broken control is a contradiction within one protocol. It is shown, never repaired; only a ruling changes what counts.",
    );
    show::heading("By control");
    let mut table = Table::new(&[
        ("control", Align::Left),
        ("form", Align::Left),
        ("severity", Align::Left),
        ("broken", Align::Right),
    ]);
    for ((code, form, severity), n) in by_code(report) {
        table.row([code, form, severity.to_owned(), show::number(n)]);
    }
    table.print();
    show::heading("By station");
    let shown = if args.all { report.findings.len() } else { report.findings.len().min(SHOWN) };
    for own in report.findings.iter().take(shown) {
        let law = if own.law.is_empty() { String::new() } else { format!(" [{}]", own.law) };
        show::item(format!(
            "{} ({}, {}): {} ({}): {} is {}.{law}",
            own.station,
            own.contest,
            own.place,
            own.code,
            word(own.severity),
            own.formula,
            own.figures
        ));
    }
    if shown < report.findings.len() {
        show::paragraph(format!(
            "... {} more: --all lists every one.",
            show::number((report.findings.len() - shown) as u64)
        ));
    }
}

fn json_of(own: &Finding) -> Value {
    json!({
        "station": own.station, "contest": own.contest, "place": own.place, "form": own.form, "control": own.code,
        "severity": word(own.severity), "law": own.law, "note": own.note, "formula": own.formula, "figures": own.figures,
    })
}
