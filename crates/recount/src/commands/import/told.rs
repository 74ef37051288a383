//! What an import came to, for people and for scripts.

use std::collections::BTreeMap;

use recount_exchange::plan::Import;
use serde_json::json;

use super::{CORRECT, Report, SHOWN};
use crate::error::Outcome;
use crate::show;
use crate::write::Recorder;

/// For scripts: every row that was refused, filed in vain or left out, with its line.
pub fn json(recorder: &Recorder, import: &Import, report: &Report) -> Outcome {
    let refused = import.refused.iter().map(|row| {
        json!({ "line": row.line, "station": row.station, "column": row.column, "value": row.value, "reason": row.reason.to_string() })
    });
    let unlisted = report.unlisted.iter().map(|(line, station)| {
        json!({ "line": line, "station": station, "column": null, "value": station, "reason": "the sealed register does not list this station" })
    });
    let absent = import.absent.iter().map(|row| {
        let station = import.stations.get(row.station).map(|station| station.id.clone());
        json!({ "line": row.line, "station": station, "reason": row.reason })
    });
    let passes = import.passes.iter().map(|pass| {
        json!({ "pass": pass.id, "source": pass.source, "part": pass.part, "rows": pass.rows, "filed": pass.filed, "replacing": pass.replacing, "unchanged": pass.unchanged })
    });
    let void = report.void.iter().map(|(line, index, why)| json!({ "line": line, "statement": index, "reason": why }));
    show::json(&json!({
        "size": recorder.size(),
        "rows": import.rows,
        "filed": report.protocols,
        "already_there": report.duplicates,
        "rulings": report.rulings,
        "register_rows": report.register_rows,
        "unchanged": import.unchanged,
        "passes": passes.collect::<Vec<_>>(),
        "contested": report.contested,
        "void": void.collect::<Vec<_>>(),
        "refused": refused.chain(unlisted).collect::<Vec<_>>(),
        "absent": absent.collect::<Vec<_>>(),
    }))
}

/// For people.
pub fn text(recorder: &Recorder, import: &Import, report: &Report) {
    let n = show::number;
    show::line(format!("{}: {} rows read.", import.set, n(import.rows)));
    if report.register_rows > 0 {
        show::line(format!("Register: {} rows filed and sealed.", n(report.register_rows)));
    }
    let mut table = show::Table::new(&[
        ("pass", show::Align::Left),
        ("source", show::Align::Left),
        ("part", show::Align::Left),
        ("rows", show::Align::Right),
        ("to file", show::Align::Right),
        ("replacing", show::Align::Right),
        ("unchanged", show::Align::Right),
    ]);
    for pass in &import.passes {
        table.row([
            pass.id.clone(),
            pass.source.clone(),
            pass.part.clone(),
            n(pass.rows),
            n(pass.filed),
            n(pass.replacing),
            n(pass.unchanged),
        ]);
    }
    table.print();
    show::line(format!(
        "Filed {} statements of figures ({} were there already) and {} rulings. The record is at size {}.",
        n(report.protocols),
        n(report.duplicates),
        n(report.rulings),
        n(recorder.size())
    ));
    if !import.absent.is_empty() {
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        for absent in &import.absent {
            *reasons.entry(&absent.reason).or_default() += 1;
        }
        let words: Vec<String> = reasons.iter().map(|(reason, count)| format!("{} {reason}", n(*count))).collect();
        show::line(format!("Rows without a protocol: {}.", words.join(", ")));
    }
    if report.contested > 0 {
        let many = show::count(report.contested, "of them contradicts", "of them contradict");
        show::paragraph(format!(
            "CONFLICTS: {many} what was filed for the same place before. What came first counts until a ruling decides; `recount count` \
             shows both."
        ));
    }
    for (line, index, why) in report.void.iter().take(SHOWN) {
        show::paragraph(format!("line {line}: statement {index} is VOID: {why}"));
    }
    more(report.void.len());
    refused(import, report);
}

/// Rows that were refused, each with its place and reason.
fn refused(import: &Import, report: &Report) {
    if !import.refused.is_empty() {
        let many = show::count(import.refused.len() as u64, "row was", "rows were");
        show::line(format!(
            "{many} refused; nothing of {} was filed:",
            if import.refused.len() == 1 { "it" } else { "them" }
        ));
        for row in import.refused.iter().take(SHOWN) {
            let station = row.station.as_deref().map_or(String::new(), |id| format!(", station {id}"));
            let column = row.column.as_deref().map_or(String::new(), |column| format!(", column {column}"));
            let value = if row.value.is_empty() { String::new() } else { format!(" ({:?})", row.value) };
            show::line(format!("  line {}{station}{column}: {}{value}", row.line, row.reason));
        }
        more(import.refused.len());
    }
    if !report.unlisted.is_empty() {
        let many = show::count(report.unlisted.len() as u64, "row is of a station", "rows are of stations");
        show::paragraph(format!("{many} that the sealed register does not list, and was refused. {CORRECT}:"));
        for (line, station) in report.unlisted.iter().take(SHOWN) {
            show::line(format!("  line {line}, station {station}"));
        }
        more(report.unlisted.len());
    }
}

fn more(all: usize) {
    if all > SHOWN {
        show::line(format!("  ... and {} more with --json", show::number((all - SHOWN) as u64)));
    }
}
