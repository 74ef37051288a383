//! `recount sign`: adds one signature line, offline, on the signer's own machine.

use std::path::PathBuf;

use serde_json::json;

use crate::error::{Outcome, file_error, input, read_bytes};
use crate::{keys, show};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The statement: a draft, or a note that others have signed already.
    statement: PathBuf,
    /// The signer's key file.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where the signed note goes; by default it replaces the statement.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let key = keys::read(&args.key)?;
    let bytes = read_bytes(&args.statement)?;
    let signed = match recount_record::entry::add_signature(&bytes, &key) {
        Ok(signed) => signed,
        Err(why) => return input(format!("{}: {why}", args.statement.display())),
    };
    let output = args.output.as_ref().unwrap_or(&args.statement);
    std::fs::write(output, &signed).map_err(|e| file_error(output, &e))?;
    if as_json {
        return show::json(&json!({ "file": output, "signer": key.name() }));
    }
    show::line(format!("{} signed by {}", output.display(), key.name()));
    Ok(())
}
