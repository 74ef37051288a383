//! `recount sign`: adds one signature line, offline, on the signer's own machine.

use std::path::PathBuf;

use recount_record::statement::TYPE_LINE;
use serde_json::json;

use crate::error::{CliError, Outcome, input, read_bytes};
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
    let shown = args.statement.display();
    // A draft is read first: what is wrong with it is said of the draft, not of the note that it is not yet.
    if let Ok(text) = std::str::from_utf8(&bytes)
        && text.starts_with(TYPE_LINE)
        && !text.contains("\n\n")
    {
        recount_record::entry::parse_text(text)
            .map_err(|why| CliError::Input(format!("{shown}: this is no statement: {why}")))?;
    }
    if let Ok(entry) = recount_record::Entry::parse(&bytes)
        && entry.lines.iter().any(|line| line.name() == key.name())
    {
        return input(format!("{shown}: {} has signed it already; nothing was changed", key.name()));
    }
    let signed = match recount_record::entry::add_signature(&bytes, &key) {
        Ok(signed) => signed,
        Err(why) => return input(format!("{shown}: {why}")),
    };
    let output = args.output.as_ref().unwrap_or(&args.statement);
    crate::output::file(output, &signed)?;
    if as_json {
        return show::json(&json!({ "file": output, "signer": key.name() }));
    }
    show::line(format!("{} signed by {}", output.display(), key.name()));
    Ok(())
}
