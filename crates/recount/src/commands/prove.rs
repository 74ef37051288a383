//! `recount prove`: a receipt says "this statement is in the record of that checkpoint" (C2SP tlog-proof).

use std::path::{Path, PathBuf};

use recount_log::Receipt;
use recount_store::{DirSource, Reader};
use serde_json::json;

use super::Record;
use crate::error::{CliError, Outcome};
use crate::{read, show};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    /// Index of the statement.
    #[arg(long, value_name = "INDEX")]
    statement: u64,
    /// Where the receipt goes; by default standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = read::open(&args.record.record, &args.record.how())?;
    let receipt = text_of(&opened.reader.receipt(args.statement)?);
    if let Some(path) = &args.output {
        crate::output::file(path, &receipt)?;
    }
    if as_json {
        return show::json(&json!({ "statement": args.statement, "size": opened.size(), "receipt": receipt }));
    }
    if let Some(path) = &args.output {
        show::line(format!("{}: receipt of statement {} at size {}", path.display(), args.statement, opened.size()));
    } else {
        show::line(receipt.trim_end());
    }
    Ok(())
}

/// The receipts of statements that were just filed.
pub fn receipts(dir: &Path, indices: impl Iterator<Item = u64>) -> Outcome<Vec<String>> {
    let source = DirSource::open(dir).map_err(CliError::from)?;
    let reader = Reader::open(source, None, None)?;
    indices.map(|index| Ok(text_of(&reader.receipt(index)?))).collect()
}

/// A receipt is text.
fn text_of(receipt: &Receipt) -> String {
    String::from_utf8_lossy(&receipt.format()).into_owned()
}
