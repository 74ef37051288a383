//! `recount compare`: protocol against copies, source against source, or record against record, per station.

mod records;

use recount_tally::Fold;
use recount_tally::claim::ContestIx;
use recount_tally::compare::Comparison;
use serde_json::{Value, json};

use super::Record;
use crate::error::{CliError, Outcome, input};
use crate::show::{self, number};
use crate::view::opening;

/// Stations shown to people unless all are asked for.
const SHOWN: usize = 20;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    /// Another record of the same election.
    #[arg(value_name = "OTHER", conflicts_with = "sources")]
    other: Option<String>,
    /// Two sources of the same ballots, such as machine,hand.
    #[arg(long, value_name = "A,B")]
    sources: Option<String>,
    /// One contest alone.
    #[arg(long)]
    contest: Option<String>,
    /// Every station that differs.
    #[arg(long)]
    all: bool,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.record.open()?;
    if let Some(other) = &args.other {
        return records::run(args, opened, other, as_json);
    }
    let fold = &opened.fold;
    let (one, two) = match &args.sources {
        None => ("protocol".to_owned(), "copy".to_owned()),
        Some(pair) => match pair.split_once(',') {
            Some((one, two)) if !one.is_empty() && !two.is_empty() && one != two && !two.contains(',') => {
                (one.to_owned(), two.to_owned())
            }
            _ => return input(format!("--sources {pair}: name two different sources, such as machine,hand")),
        },
    };
    let contests = contests(fold, args.contest.as_deref())?;
    let mut compared = Vec::new();
    for (ix, id) in contests {
        let comparison = match &args.sources {
            None => fold.compare_copies(ix),
            Some(_) => fold.compare_sources(ix, word(fold, &one)?, word(fold, &two)?),
        };
        compared.push((id, comparison));
    }
    if as_json {
        let each: Vec<Value> = compared.iter().map(|(id, comparison)| as_value(fold, id, comparison)).collect();
        return show::json(
            &json!({ "record": opening::json(opened), "size": opened.size(), "compared": [one, two], "contests": each }),
        );
    }
    opening::author(opened.author_proved);
    for (id, comparison) in &compared {
        if comparison.compared > 0 || compared.len() == 1 {
            print(fold, id, comparison, (&one, &two), args.all);
        }
    }
    if compared.iter().all(|(_, comparison)| comparison.compared == 0) && compared.len() > 1 {
        show::line(format!("There is no station with both {one} and {two}."));
    }
    Ok(())
}

/// The contests that are meant.
fn contests(fold: &Fold, only: Option<&str>) -> Outcome<Vec<(ContestIx, String)>> {
    let found: Vec<(ContestIx, String)> = fold
        .contests()
        .filter(|(_, state)| only.is_none_or(|own| own == state.id))
        .map(|(ix, state)| (ix, state.id.clone()))
        .collect();
    match only {
        Some(contest) if found.is_empty() => input(format!("the record has no contest \"{contest}\"")),
        _ => Ok(found),
    }
}

fn word(fold: &Fold, source: &str) -> Outcome<recount_tally::claim::WordIx> {
    fold.sources().find(source).ok_or_else(|| {
        let known: Vec<&str> = fold.sources().iter().map(|(_, word)| word).collect();
        CliError::Input(format!("nothing was filed from the source \"{source}\" (there are: {})", known.join(", ")))
    })
}

fn station_id(fold: &Fold, station: recount_election::StationIx) -> String {
    fold.ledger().register().geography().station(station).map_or_else(String::new, |station| station.id.clone())
}

fn as_value(fold: &Fold, contest: &str, comparison: &Comparison) -> Value {
    let differing: Vec<Value> = comparison
        .differing
        .iter()
        .map(|one| {
            json!({
                "station": station_id(fold, one.station),
                "part": one.slot.part.map(|part| fold.parts().get(part)),
                "statements": [one.index, one.other],
                "columns": one.columns,
            })
        })
        .collect();
    json!({ "contest": contest, "compared": comparison.compared, "differ": differing.len(), "differing": differing })
}

fn print(fold: &Fold, contest: &str, comparison: &Comparison, words: (&str, &str), all: bool) {
    let in_votes = comparison
        .differing
        .iter()
        .filter(|one| one.columns.iter().any(|(name, _, _)| name.starts_with("votes.")))
        .count();
    show::line(format!(
        "{contest}: {} of {} differ between {} and {} ({} of them in votes).",
        number(comparison.differing.len() as u64),
        number(comparison.compared),
        words.0,
        words.1,
        number(in_votes as u64)
    ));
    let shown = if all { comparison.differing.len() } else { SHOWN };
    for one in comparison.differing.iter().take(shown) {
        let part = one.slot.part.map_or(String::new(), |part| format!(" ({})", fold.parts().get(part)));
        let columns: Vec<String> = one
            .columns
            .iter()
            .map(|(name, x, y)| format!("{} {}/{}", name.trim_start_matches("votes."), number(*x), number(*y)))
            .collect();
        let station = station_id(fold, one.station);
        let row = format!("{station}{part}, statements {} and {}: {}", one.index, one.other, columns.join(", "));
        for row in show::wrap(&row, "  ", "    ") {
            show::line(row);
        }
    }
    if comparison.differing.len() > shown {
        show::line(format!("  ... and {} more (--all)", number((comparison.differing.len() - shown) as u64)));
    }
}
