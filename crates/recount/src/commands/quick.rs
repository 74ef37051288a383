//! `recount quick`: quick counts (parallel vote tabulation). A sample that everybody can draw again from its seed, and estimates with
//! intervals from what its stations report.

mod draw;
mod estimate;
mod frame;
mod plan;
mod print;
mod sheet;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use recount_log::{Hash, VerifierKey};
use recount_report::input::{Choice, Sheet};

use super::forensics::{record, table};
use super::{parse_hash, parse_key};
use crate::error::Outcome;
use crate::read::How;

/// The form of what both commands print as JSON, and of the sheet.
pub const SCHEMA: &str = "recount-quick/1";
/// Level of every interval.
pub const LEVEL: f64 = 0.95;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Draws the sample and writes the sheet that is filled in on election night.
    Draw(Box<draw::Args>),
    /// Estimates the shares from a sheet that was filled in, wholly or in part.
    Estimate(Box<estimate::Args>),
}

/// How the register is read.
#[derive(Debug, clap::Args)]
pub struct Origin {
    /// For a table: what its columns and rows mean. Russian tables as published need none.
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    /// The contest, where there are several.
    #[arg(long, value_name = "ID")]
    contest: Option<String>,
    /// Read the record as it stood at this size.
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
}

impl Origin {
    /// Every station of a table or of a record, with figures where it has any.
    fn register(&self, what: &str) -> Outcome<Sheet> {
        let choice = Choice { contest: self.contest.clone(), ..Choice::default() };
        if self.map.is_some() || Path::new(what).is_file() {
            return table::register(Path::new(what), self.map.as_deref(), &choice);
        }
        let how = How { at: self.at, key: self.key.clone(), charter: self.charter, ..How::default() };
        record::register(what, &how, &choice)
    }
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    match &args.what {
        What::Draw(args) => draw::run(args, as_json),
        What::Estimate(args) => estimate::run(args, as_json),
    }
}
