//! The files of an audit of cards.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use recount_exchange::cvr::{Batch, CastVotes, Format, read, read_manifest};
use recount_exchange::table::Options;

use crate::error::{CliError, Outcome, file_error, read_text};

/// Reads the name of a format; help lists all of them.
pub fn format() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.map(|own| PossibleValue::new(own.name()).help(own.description()));
    // What is no name of one has been refused before.
    let of = |name: String| Format::ALL.into_iter().find(|own| own.name() == name).ok_or("no such format");
    PossibleValuesParser::new(names).try_map(of)
}

/// What was reported.
#[derive(Debug, Clone, clap::Args)]
pub struct Source {
    /// Cast-vote records.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["totals", "pools"])]
    pub cvr: Option<PathBuf>,
    /// Their format.
    #[arg(long, value_parser = format(), default_value = "plain")]
    pub format: Format,
    /// Published totals instead of records, for polling: CSV with the columns choice, votes.
    #[arg(long, value_name = "FILE", conflicts_with = "cvr")]
    pub totals: Option<PathBuf>,
    /// Totals of batches whose cards have no records: CSV with the columns batch, choice, votes. Their papers are compared
    /// with the mean of their batch (ONEAudit).
    #[arg(long, value_name = "FILE", conflicts_with = "totals")]
    pub pools: Option<PathBuf>,
    /// The manifest: CSV with the batches and their numbers of cards. Needed for polling.
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Cards that hold the contest at most, where that is known: fewer phantoms.
    #[arg(long, value_name = "CARDS")]
    pub at_most: Option<u64>,
    /// The contest, where the records hold several.
    #[arg(long)]
    pub contest: Option<String>,
    /// How it is decided.
    #[arg(long, value_enum, default_value = "plurality")]
    pub rule: RuleName,
    /// How many win.
    #[arg(long, default_value_t = 1)]
    pub winners: usize,
    /// Marks on a card at most; by default what the records say, else as many as win.
    #[arg(long)]
    pub marks: Option<u32>,
}

/// How a contest is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuleName {
    /// Most votes.
    Plurality,
    /// Instant-runoff.
    Runoff,
}

fn open(path: &Path) -> Outcome<File> {
    File::open(path).map_err(|why| file_error(path, &why))
}

fn named(path: &Path) -> impl Fn(recount_exchange::cvr::CvrError) -> CliError + '_ {
    move |why| CliError::Input(format!("{}: {why}", path.display()))
}

/// Reads cast-vote records.
pub fn records(path: &Path, format: Format) -> Outcome<CastVotes> {
    read(open(path)?, format, &Options::default()).map_err(named(path))
}

/// Reads a manifest.
pub fn manifest(path: &Path) -> Outcome<Vec<Batch>> {
    read_manifest(open(path)?, &Options::default()).map_err(named(path))
}

/// Reads published totals: a head `choice,votes`, and a line for each choice. A name may hold commas.
pub fn totals(path: &Path) -> Outcome<Vec<(String, u64)>> {
    let text = read_text(path)?;
    let wrong = |line: usize, what: &str| CliError::Input(format!("{}: line {line}: {what}", path.display()));
    let mut lines = text.lines().enumerate();
    if lines.next().is_none_or(|(_, head)| head.trim().trim_start_matches('\u{feff}') != "choice,votes") {
        return Err(wrong(1, "the head should be choice,votes"));
    }
    let mut all: Vec<(String, u64)> = Vec::new();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let row =
            line.rsplit_once(',').and_then(|(name, votes)| Some((name.trim(), votes.trim().parse::<u64>().ok()?)));
        let Some((name, votes)) = row else { return Err(wrong(at + 1, "a name and a number of votes belong here")) };
        let name = name.trim_matches('"').to_owned();
        if name.is_empty() || all.iter().any(|own| own.0 == name) {
            return Err(wrong(at + 1, "a choice without a name, or named twice"));
        }
        all.push((name, votes));
    }
    Ok(all)
}
