//! `recount file`: appends signed statements and prints index and receipt.

use std::path::PathBuf;

use serde_json::json;

use crate::commands::prove;
use crate::error::{CliError, Outcome, read_bytes};
use crate::show;
use crate::write::Recorder;

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
    let filed = recorder.file(entries)?;
    let receipts = prove::receipts(&args.dir, filed.iter().map(|filed| filed.index))?;
    if as_json {
        let each = filed.iter().zip(&receipts).map(|(filed, receipt)| {
            json!({ "index": filed.index, "duplicate": filed.duplicate, "void": filed.void, "receipt": receipt })
        });
        return show::json(&json!({ "size": recorder.size(), "filed": each.collect::<Vec<_>>() }));
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
    Ok(())
}
