//! `recount export`: tables of the result at a size.

mod table;
mod what;

use std::path::PathBuf;

use clap::ValueEnum;

use super::Record;
use super::diff::sides;
use crate::error::{CliError, Outcome, file_error, input};
use crate::show;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    /// The format; a tally is always JSON.
    #[arg(long, value_enum)]
    format: Format,
    /// What is exported.
    #[arg(long, value_enum, default_value_t = What::Stations)]
    what: What,
    /// One contest alone.
    #[arg(long)]
    contest: Option<String>,
    /// One source alone; by default what the law counts.
    #[arg(long)]
    source: Option<String>,
    /// The poll; by default the latest at each station.
    #[arg(long)]
    poll: Option<u16>,
    /// Where it goes; by default standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One header row, then one row each; an empty cell is absent, never zero.
    Csv,
    /// An array of objects; what is absent has no key.
    Json,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// What each station contributes, and why some contribute nothing.
    Stations,
    /// Totals and coverage of every unit.
    Units,
    /// Every statement, and what has become of it.
    Statements,
    /// What is put through the rulebook: the input of `recount seats`.
    Tally,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.record.open()?;
    let fold = &opened.fold;
    let view = sides::view(fold, args.source.as_deref(), args.poll)?;
    if let Some(contest) = &args.contest
        && fold.contest_ix(contest).is_none()
    {
        return input(format!("the record has no contest \"{contest}\""));
    }
    let chosen = what::Chosen { fold, view, contest: args.contest.as_deref() };
    let table = match args.what {
        What::Stations => chosen.stations(),
        What::Units => chosen.units()?,
        What::Statements => chosen.statements(),
        What::Tally => {
            let text =
                serde_json::to_string_pretty(&chosen.tally()?).map_err(|e| CliError::Environment(e.to_string()))?;
            return write(args, &format!("{text}\n"));
        }
    };
    let json = as_json || args.format == Format::Json;
    write(args, &if json { table.json()? } else { table.csv() })
}

fn write(args: &Args, text: &str) -> Outcome {
    match &args.output {
        Some(path) => std::fs::write(path, text).map_err(|e| file_error(path, &e)),
        None => {
            show::line(text.trim_end_matches('\n'));
            Ok(())
        }
    }
}
