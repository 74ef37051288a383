//! `recount count`: the result with its coverage: totals, admission, seats, margins, readings, conflicts.

mod contests;
mod part;

use recount_election::UnitIx;
use recount_tally::claim::ContestIx;
use recount_tally::effects::Act;
use recount_tally::{Fold, NoOutcome, Source, View};
use serde_json::{Value, json};

use super::Record;
use crate::error::{CliError, Outcome, input};
use crate::read::Opened;
use crate::show;
use crate::view::computed::{self, Computed};
use crate::view::outcome::{Extras, Shown};
use crate::view::{self, conflicts, coverage, names, opening, state, totals};

/// Contests that are shown one after the other; more are shown in a table.
const AT_LENGTH: usize = 3;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    #[command(flatten)]
    which: Which,
    /// Totals of this unit alone.
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,
    /// One line for each unit of this level.
    #[arg(long, value_name = "LEVEL")]
    by: Option<String>,
    /// Only this contest.
    #[arg(long, value_name = "CONTEST")]
    contest: Option<String>,
    /// How each seat came about.
    #[arg(long)]
    steps: bool,
    /// The people on the seats.
    #[arg(long)]
    members: bool,
    /// The language of --steps: en, ru or ky.
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = crate::show::language)]
    lang: recount_seats::Language,
}

/// Which figures are counted.
#[derive(Debug, Clone, clap::Args)]
pub struct Which {
    /// Another source than the one that decides by law: preliminary, machine, hand, recount, copies ...
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,
    /// One poll alone; by default the latest at each station.
    #[arg(long, value_name = "N")]
    pub poll: Option<u16>,
}

impl Which {
    /// The view of a fold that is meant.
    pub fn view(&self, fold: &Fold) -> Outcome<View> {
        let source = match self.source.as_deref() {
            None | Some("deciding") => Source::Deciding,
            Some("copies") => Source::Copies,
            Some(word) => self.only(fold, word)?,
        };
        if let Some(poll) = self.poll {
            poll_is_open(fold, u64::from(poll))?;
        }
        Ok(View { source, poll: self.poll })
    }

    fn only(&self, fold: &Fold, word: &str) -> Outcome<Source> {
        if let Some(source) = fold.sources().find(word) {
            return Ok(Source::Only(source));
        }
        // "preliminary" is what the rulebook calls so, unless a source has that very name.
        let preliminary = fold.law().map_or(&[][..], |law| &law.rulebook.standing.preliminary);
        let found = preliminary.iter().filter(|_| word == "preliminary").find_map(|own| fold.sources().find(own));
        if let Some(source) = found {
            return Ok(Source::Only(source));
        }
        let known: Vec<&str> = fold.sources().iter().map(|(_, own)| own).chain(["copies"]).collect();
        input(format!("this record has no source \"{word}\"; there are: {}", known.join(", ")))
    }
}

/// What was asked for, looked up in the record.
struct Asked {
    view: View,
    unit: Option<UnitIx>,
    contests: Vec<ContestIx>,
    /// The result of the whole is wanted too.
    whole: bool,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.record.open()?;
    let fold = &opened.fold;
    let asked = look_up(args, fold)?;
    let computed = if asked.whole { Some(computed::compute(fold, asked.view)?) } else { None };
    if as_json {
        show::json(&document(args, opened, &asked, computed.as_ref())?)?;
    } else {
        print(args, opened, &asked, computed.as_ref())?;
    }
    verdict(computed.as_ref())
}

fn look_up(args: &Args, fold: &Fold) -> Outcome<Asked> {
    if fold.law().is_none() {
        return Err(CliError::No("the record has no effective charter, so no law to count by".to_owned()));
    }
    let view = args.which.view(fold)?;
    let unit = args.unit.as_deref().map(|id| unit(fold, id)).transpose()?;
    let contests = match &args.contest {
        Some(id) => vec![contest(fold, id)?],
        None => fold.contests().map(|(ix, _)| ix).collect(),
    };
    let root = fold.ledger().register().geography().root();
    let named =
        args.contest.as_deref().is_none_or(|id| fold.law().is_some_and(|law| law.rulebook.contests.contains_key(id)));
    let whole = named && args.by.is_none() && (unit.is_none() || unit == root);
    Ok(Asked { view, unit, contests, whole })
}

/// Refuses a poll that nobody opened: the first is the election, each further one was ordered by a ruling.
pub fn poll_is_open(fold: &Fold, poll: u64) -> Outcome {
    let mut polls: Vec<u64> = vec![1];
    for act in fold.rulings().values().flat_map(|state| &state.acts) {
        if let Act::Repeat(scope) = act {
            polls.push(u64::from(scope.poll) + 1);
        }
    }
    polls.sort_unstable();
    polls.dedup();
    if polls.contains(&poll) {
        return Ok(());
    }
    let known: Vec<String> = polls.iter().map(u64::to_string).collect();
    input(format!("there is no poll {poll} in this record; there are: {}", known.join(", ")))
}

/// A unit by name.
pub fn unit(fold: &Fold, id: &str) -> Outcome<UnitIx> {
    match fold.ledger().register().geography().unit_ix(id) {
        Some(unit) => Ok(unit),
        None => input(format!("there is no unit \"{id}\" in the register")),
    }
}

/// Refuses a level that no unit has.
pub fn level_is_there(fold: &Fold, level: &str) -> Outcome {
    let mut levels: Vec<&str> = Vec::new();
    for unit in fold.ledger().register().geography().units() {
        if unit.level == level {
            return Ok(());
        }
        if !levels.contains(&unit.level.as_str()) {
            levels.push(&unit.level);
        }
    }
    input(format!("no unit of the register has level \"{level}\"; there are: {}", levels.join(", ")))
}

/// A contest by name.
pub fn contest(fold: &Fold, id: &str) -> Outcome<ContestIx> {
    match fold.contest_ix(id) {
        Some(contest) => Ok(contest),
        None => {
            let known: Vec<&str> = fold.contests().map(|(_, state)| state.id.as_str()).take(20).collect();
            input(format!("there is no contest \"{id}\" in the register; there are: {}", known.join(", ")))
        }
    }
}

fn print(args: &Args, opened: &Opened, asked: &Asked, computed: Option<&Computed>) -> Outcome {
    let fold = &opened.fold;
    opening::print(opened);
    show::paragraph(format!("Counted: {}.", names::view(fold, asked.view)));
    state::print(fold);
    if let Some(level) = &args.by {
        return part::print_by(fold, asked, level);
    }
    if asked.contests.len() > AT_LENGTH {
        contests::print(fold, asked)?;
    } else {
        for contest in &asked.contests {
            part::print(fold, *contest, asked, computed)?;
        }
    }
    let Some(computed) = computed else { return Ok(()) };
    print_result(args, fold, computed);
    let alternatives = conflicts::alternatives(fold);
    conflicts::print(fold, &alternatives);
    Ok(())
}

fn print_result(args: &Args, fold: &Fold, computed: &Computed) {
    let extras = Extras { steps: args.steps, members: args.members, language: args.lang };
    match (&computed.outcome, &computed.tally, fold.law()) {
        (Ok(outcome), Some(tally), Some(law)) => {
            view::outcome::print(Shown { rulebook: &law.rulebook, tally, outcome }, extras);
            view::outcome::possible(&computed.possible);
        }
        (Err(NoOutcome::NoStages), _, _) => show::paragraph("The rulebook gives no seats: there are totals only."),
        (Err(why), _, _) => {
            show::heading("No result");
            show::paragraph(format!("{why}."));
        }
        _ => {}
    }
}

fn document(args: &Args, opened: &Opened, asked: &Asked, computed: Option<&Computed>) -> Outcome<Value> {
    let fold = &opened.fold;
    let mut all = Vec::new();
    for contest in &asked.contests {
        all.push(part::json(fold, *contest, asked, computed, args.by.as_deref())?);
    }
    let alternatives = if asked.whole { conflicts::alternatives(fold) } else { Vec::new() };
    let (result, refused) = match computed.map(|computed| &computed.outcome) {
        Some(Ok(outcome)) => (Some(outcome), None),
        Some(Err(why)) => (None, Some(why.to_string())),
        None => (None, None),
    };
    Ok(json!({
        "record": opening::json(opened),
        "source": names::source_word(fold, asked.view),
        "poll": asked.view.poll,
        "unit": asked.unit.map(|unit| names::unit_id(fold, unit)),
        "state": state::json(fold),
        "contests": all,
        "result": result,
        "no_result": refused,
        "missing_can_change": computed.map(|computed| &computed.possible),
        "conflicts": conflicts::json(fold, &alternatives),
    }))
}

/// An unresolved tie is a "no": what must be drawn was said. A result that cannot be computed yet is none.
fn verdict(computed: Option<&Computed>) -> Outcome {
    match computed.map(|computed| &computed.outcome) {
        Some(Ok(outcome)) if !outcome.undetermined.is_empty() => Err(CliError::Shown(1)),
        _ => Ok(()),
    }
}

/// Coverage, totals and lines of one unit and contest.
fn print_unit(fold: &Fold, contest: ContestIx, asked: &Asked, total: &recount_tally::totals::UnitTotal) {
    coverage::print(fold, contest, asked.view, asked.unit, &total.coverage);
    show::line("");
    totals::print(fold, contest, total);
    show::line("");
    totals::print_lines(fold, contest, total);
}
