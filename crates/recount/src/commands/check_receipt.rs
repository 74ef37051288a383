//! `recount check-receipt`: checks a receipt offline, against nothing but the log's verifier key.

use std::path::PathBuf;

use recount_log::{Receipt, VerifierKey, leaf_hash, sha256};
use serde_json::json;

use super::parse_key;
use crate::error::{CliError, Outcome, read_bytes};
use crate::show::{self, number};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The receipt (C2SP tlog-proof).
    receipt: PathBuf,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: VerifierKey,
    /// The signed statement that the receipt is of.
    #[arg(long, value_name = "NOTE")]
    statement: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let wrong = |why: &dyn std::fmt::Display| CliError::Input(format!("{}: {why}", args.receipt.display()));
    let receipt = Receipt::parse(&read_bytes(&args.receipt)?).map_err(|why| wrong(&why))?;
    let refused = |why: &dyn std::fmt::Display| CliError::No(format!("{}: {why}", args.receipt.display()));
    let Some(path) = &args.statement else {
        // Without the statement only the checkpoint can be checked: whose receipt it is stays open.
        let (checkpoint, _) =
            recount_log::Checkpoint::open(&receipt.checkpoint, &args.key).map_err(|why| refused(&why))?;
        if as_json {
            show::json(
                &json!({ "proved": false, "index": receipt.index, "size": checkpoint.size, "checkpoint_signed": true }),
            )?;
        } else {
            show::line(format!("The checkpoint of size {} is signed by {}.", number(checkpoint.size), args.key.name()));
            show::line("Of which statement the receipt is cannot be told without it: --statement NOTEFILE.");
        }
        return Err(CliError::Shown(1));
    };
    let note = read_bytes(path)?;
    let entry = recount_record::Entry::parse(&note);
    let entry = entry.map_err(|why| CliError::Input(format!("{}: not a signed statement: {why}", path.display())))?;
    let checkpoint = receipt.verify(&leaf_hash(&note), &args.key, None).map_err(|why| refused(&why))?;
    let (kind, id) = (entry.statement.kind.name(), sha256(entry.text.as_bytes()));
    if as_json {
        return show::json(&json!({
            "proved": true,
            "index": receipt.index,
            "size": checkpoint.size,
            "origin": checkpoint.origin,
            "kind": kind,
            "statement": id.to_hex(),
        }));
    }
    show::line(format!(
        "Proved: this {kind} is statement {} of {}, in the tree of size {} that the log signed.",
        number(receipt.index),
        checkpoint.origin,
        number(checkpoint.size)
    ));
    show::line("Not proved by a receipt: whether it had effect. That is seen in the whole record (recount verify).");
    Ok(())
}
