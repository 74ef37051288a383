//! `recount file`: appends signed statements and prints index and receipt.

use std::path::PathBuf;

use recount_keeper::Refusal;
use serde_json::json;

use crate::commands::prove;
use crate::error::{CliError, Outcome, input, read_bytes};
use crate::show;
use crate::write::{Filed, Recorder};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's directory.
    dir: PathBuf,
    /// Signed statements.
    #[arg(required = true)]
    notes: Vec<PathBuf>,
    /// Blobs that the statements name: stored before them.
    #[arg(long, value_name = "FILE")]
    blob: Vec<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let mut entries = Vec::with_capacity(args.notes.len());
    for path in &args.notes {
        let bytes = read_bytes(path)?;
        recount_record::Entry::parse(&bytes).map_err(|why| CliError::Input(format!("{}: {why}", path.display())))?;
        entries.push(bytes);
    }
    let mut recorder = Recorder::open(&args.dir)?;
    for path in &args.blob {
        recorder.put_blob(&read_bytes(path)?)?;
    }
    let (filed, refusal) = recorder.file_until_refused(entries)?;
    let receipts = prove::receipts(&args.dir, filed.iter().map(|filed| filed.index))?;
    if as_json {
        let each = filed.iter().zip(&receipts).map(|(filed, receipt)| {
            json!({ "index": filed.index, "duplicate": filed.duplicate, "void": filed.void, "receipt": receipt })
        });
        show::json(&json!({
            "size": recorder.size(),
            "filed": each.collect::<Vec<_>>(),
            "refused": refusal.as_ref().map(|why| json!({ "code": why.code(), "reason": why.to_string() })),
        }))?;
        return verdict(args, &filed, refusal);
    }
    for ((path, filed), receipt) in args.notes.iter().zip(&filed).zip(&receipts) {
        let what = match (&filed.void, filed.duplicate) {
            (_, true) => " (it was there already)".to_owned(),
            (Some(why), _) => format!(" (VOID: {why})"),
            (None, false) => String::new(),
        };
        show::line(format!("{}: statement {}{what}", path.display(), filed.index));
        show::line(receipt);
    }
    verdict(args, &filed, refusal)
}

/// A statement that was refused, or is in the record in vain, was a wrong input.
fn verdict(args: &Args, filed: &[Filed], refusal: Option<Refusal>) -> Outcome {
    if let Some(why) = refusal {
        let name = args.notes.get(filed.len()).map_or_else(String::new, |path| path.display().to_string());
        let rest = args.notes.len().saturating_sub(filed.len());
        let left = if rest > 1 {
            format!("; the {} notes from it on were not filed", show::number(rest as u64))
        } else {
            String::new()
        };
        return input(format!("{name}: refused: {why}{left}"));
    }
    let void: Vec<String> = filed.iter().filter(|own| own.void.is_some()).map(|own| own.index.to_string()).collect();
    if void.is_empty() {
        return Ok(());
    }
    input(format!(
        "in the record, but VOID and without effect: statement {}; `recount explain DIR --statement INDEX` says why",
        void.join(", ")
    ))
}
