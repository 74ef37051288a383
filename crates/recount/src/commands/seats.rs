//! `recount seats`: a rulebook applied to a tally; no record is needed.

mod ballots;
mod check;
mod people;
mod vacancy;
mod words;

use std::path::{Path, PathBuf};

use recount_seats::{Language, Lots, Outcome as Parliament, Reason, Refusal, Rulebook, RunOptions, Tally};
use serde_json::json;

use crate::charter::read_rulebook;
use crate::error::{CliError, Outcome, input, read_text};
use crate::show;
use crate::view::computed;
use crate::view::outcome::{self, Extras, Shown};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rulebook.
    #[arg(value_name = "RULEBOOK.toml", required_unless_present = "schema")]
    rulebook: Option<PathBuf>,
    /// The tally (schema recount-tally/1); `recount export --what tally` writes one.
    #[arg(value_name = "TALLY.json", required_unless_present_any = ["check", "schema", "ballots"])]
    tally: Option<PathBuf>,
    /// Ranked ballots of the whole or of one unit, as .blt, .soc, .soi or .csv; may be given several times. Without a tally,
    /// units and seats come from these files.
    #[arg(long, value_name = "[UNIT=]FILE")]
    ballots: Vec<String>,
    /// Lots that were drawn: `[{"stage": .., "between": [..], "drawn": [..]}]`.
    #[arg(long, value_name = "LOTS.json")]
    lots: Option<PathBuf>,
    /// Only check the rulebook: say in words what it does, what is doubtful and what it leaves open.
    #[arg(long)]
    check: bool,
    /// Print the JSON Schema (draft 2020-12) of rulebooks.
    #[arg(long, conflicts_with_all = ["check", "explain"])]
    schema: bool,
    /// The whole computation, to follow with a pencil: in words, as JSON, or as a table for spreadsheets.
    #[arg(long, value_name = "FORMAT", conflicts_with = "check")]
    explain: Option<Format>,
    /// The language of --explain and --check: en, ru or ky.
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = crate::show::language)]
    lang: Language,
    /// How each seat came about.
    #[arg(long)]
    steps: bool,
    /// The people on the seats.
    #[arg(long)]
    members: bool,
    /// Do not search for the fewest votes that would change a seat: for many runs in a row.
    #[arg(long)]
    no_seat_margins: bool,
    /// Who follows if this member leaves the seat, by the rulebook's [vacancy].
    #[arg(long, value_name = "CANDIDATE")]
    vacancy: Option<String>,
    /// With --vacancy: who has left or cannot follow (may be repeated).
    #[arg(long, value_name = "CANDIDATE", requires = "vacancy")]
    left: Vec<String>,
    /// With --vacancy: who sits now, where others have followed since the result (may be repeated).
    #[arg(long, value_name = "CANDIDATE", requires = "vacancy")]
    seated: Vec<String>,
    /// With --vacancy: lots that were drawn for this seat, `[{"between": [..], "drawn": [..]}]`.
    #[arg(long, value_name = "LOTS.json", requires = "vacancy")]
    vacancy_lots: Option<PathBuf>,
    /// Where a share is asked in every unit and the tally has no totals of units: take it that every list passes, and say so.
    #[arg(long)]
    assume_units_pass: bool,
}

/// How an explanation is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// Sentences.
    Text,
    /// The outcome with every test and step.
    Json,
    /// A row for each test, step and seat.
    Csv,
}

/// A seat that someone leaves.
pub(super) struct Vacant<'a> {
    rulebook: &'a Rulebook,
    tally: &'a Tally,
    outcome: &'a Parliament,
    candidate: &'a str,
    args: &'a Args,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    if args.schema {
        return show::json(&recount_seats::rulebook_schema());
    }
    let Some(path) = &args.rulebook else {
        return input(words::rulebook_needed(args.lang));
    };
    there(path, args.lang, words::name_a_rulebook(args.lang))?;
    let (_, rulebook) = read_rulebook(path)?;
    if args.check {
        return check::run(&rulebook, args.lang, as_json);
    }
    if args.tally.is_none() && args.ballots.is_empty() {
        return input(words::tally_needed(args.lang));
    }
    let (tally, outcome) = compute(args, &rulebook, args.tally.as_ref())?;
    if let Some(candidate) = &args.vacancy {
        return vacancy::run(
            &Vacant { rulebook: &rulebook, tally: &tally, outcome: &outcome, candidate, args },
            as_json,
        );
    }
    match (args.explain, as_json) {
        (Some(Format::Text), false) => show::line(outcome.describe_in(args.lang).trim_end()),
        (Some(Format::Csv), false) => show::line(outcome.table_in(args.lang).trim_end()),
        (Some(_), _) => show::json(&outcome)?,
        (None, _) => print(args, &rulebook, &tally, &outcome, as_json)?,
    }
    if outcome.undetermined.is_empty() { Ok(()) } else { Err(CliError::Shown(1)) }
}

/// Where a file is not there, what should be.
fn there(path: &Path, language: Language, what: &str) -> Outcome {
    if path.exists() {
        return Ok(());
    }
    input(format!("{}: {}\n  help: {what}", path.display(), words::no_such_file(language)))
}

/// Lots from a file.
fn lots<T: serde::de::DeserializeOwned>(file: &Path, language: Language) -> Outcome<T> {
    serde_json::from_str(&read_text(file)?).map_err(|why| {
        let why = Reason::unreadable(&why).say(language);
        CliError::Input(format!("{}: {}: {why}", file.display(), words::lots_unreadable(language)))
    })
}

/// The tally through the rulebook, with its margins.
fn compute(args: &Args, rulebook: &Rulebook, path: Option<&PathBuf>) -> Outcome<(Tally, Parliament)> {
    let refused = |path: &PathBuf| {
        let path = path.display().to_string();
        move |why: Refusal| CliError::Input(format!("{path}: {}", why.describe_in(args.lang)))
    };
    let tally = match path {
        Some(path) => {
            there(path, args.lang, words::name_a_tally(args.lang))?;
            Some(Tally::parse(&read_text(path)?).map_err(refused(path))?)
        }
        None => None,
    };
    let tally = ballots::add(rulebook, tally, &args.ballots, args.lang)?;
    // Without a tally, what a refusal is about are the files of ballots.
    let path = path.or(args.rulebook.as_ref()).cloned().unwrap_or_default();
    let lots = match &args.lots {
        None => Lots::none(),
        Some(file) => lots(file, args.lang)?,
    };
    let options = RunOptions { assume_units_pass: args.assume_units_pass, ..RunOptions::default() };
    let mut outcome = recount_seats::run_with(rulebook, &tally, &lots, &options).map_err(refused(&path))?;
    if !args.no_seat_margins {
        outcome.margins = computed::margins(rulebook, &tally, &outcome);
        outcome.notes.extend(recount_seats::without_margins(rulebook));
    }
    Ok((tally, outcome))
}

fn print(args: &Args, rulebook: &Rulebook, tally: &Tally, outcome: &Parliament, as_json: bool) -> Outcome {
    let possible = computed::possible_changes(rulebook, tally);
    if as_json {
        return show::json(&json!({ "result": outcome, "missing_can_change": possible }));
    }
    show::title(&rulebook.title);
    outcome::print(
        Shown { rulebook, tally, outcome },
        Extras { steps: args.steps, members: args.members, language: args.lang },
    );
    ballots::print(outcome, args.steps, args.lang);
    people::print(outcome, args.lang);
    outcome::possible(&possible);
    Ok(())
}
