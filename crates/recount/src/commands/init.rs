//! `recount init`: opens a record.

use std::path::PathBuf;

use recount_seats::Rulebook;
use serde_json::json;

use crate::charter::{open_record, read_charter};
use crate::error::Outcome;
use crate::{keys, show};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The new record's directory.
    dir: PathBuf,
    /// The charter file: it names election, rulebook, forms, keys, bodies and register tables.
    #[arg(long, value_name = "FILE")]
    charter: PathBuf,
    /// The commission's key, which opens the record.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The log's own key; a copy is kept in the record's private folder.
    #[arg(long, value_name = "FILE")]
    log_key: PathBuf,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let commission = keys::read(&args.key)?;
    let log = keys::read(&args.log_key)?;
    let opening = read_charter(&args.charter, &commission, &log)?;
    let (recorder, hash) = open_record(&args.dir, &opening, &commission, &log)?;
    let register = recorder.fold().ledger().register();
    let seal = register.seal(1);
    let readings = Rulebook::parse(&opening.rulebook).map_or(0, |rulebook| rulebook.readings.len());
    if as_json {
        return show::json(&json!({
            "dir": args.dir,
            "origin": opening.charter.origin,
            "key": log.verifier().to_string(),
            "charter": hash.to_hex(),
            "size": recorder.size(),
            "stations": seal.stations,
            "units": seal.units,
            "lists": seal.lists,
            "sealed": register.sealed(1).is_some(),
        }));
    }
    show::line(format!("The record {} is open at size {}.", opening.charter.origin, recorder.size()));
    if register.sealed(1).is_some() {
        show::line(format!(
            "Register sealed: {} units, {} stations, {} lists.",
            show::number(seal.units),
            show::number(seal.stations),
            show::number(seal.lists)
        ));
    } else {
        show::paragraph("No register yet: coverage will say \"register incomplete\" until one is filed and sealed.");
    }
    if readings > 0 {
        let readings = show::count(readings as u64, "other reading; it", "other readings; each");
        show::paragraph(format!("The rulebook declares {readings} will be shown beside the result."));
    }
    show::line("");
    show::paragraph("Hand these two to everyone who is to verify the record, by a way that the log does not control:");
    show::line(format!("  --key {}", log.verifier()));
    show::line(format!("  --charter {hash}"));
    Ok(())
}
