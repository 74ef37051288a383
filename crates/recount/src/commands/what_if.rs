//! `recount what-if`: the result as if; nothing is written.

mod effects;

use std::path::PathBuf;

use serde_json::json;

use super::Record;
use super::diff::sides::{self, Side};
use crate::error::{CliError, Outcome, input};
use crate::read;
use crate::show::{self, number};
use crate::view::opening;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    /// Annul the vote there: station:ID, station:ID/PART, unit:ID, poll, or statement:INDEX (which is then excluded).
    #[arg(long, value_name = "PLACE")]
    annul: Vec<String>,
    /// Annul it and open the next poll there.
    #[arg(long, value_name = "PLACE")]
    repeat: Vec<String>,
    /// Let the source "recount" stand there.
    #[arg(long, value_name = "PLACE")]
    recount: Vec<String>,
    /// Take a statement out of the count.
    #[arg(long, value_name = "INDEX")]
    exclude: Vec<u64>,
    /// Let a statement stand that was excluded or conflicts.
    #[arg(long, value_name = "INDEX")]
    restore: Vec<u64>,
    /// Reverse a ruling.
    #[arg(long, value_name = "INDEX")]
    reverse: Vec<u64>,
    /// Put figures in places: a JSON object, or an array of them, with contest, station, source, lines, votes (and poll, part).
    #[arg(long, value_name = "FILE")]
    correct: Vec<PathBuf>,
    /// The poll that is meant.
    #[arg(long, default_value_t = 1)]
    poll: u64,
    /// The contest that is meant, if not all.
    #[arg(long)]
    contest: Option<String>,
    /// One source alone; by default what the law counts.
    #[arg(long)]
    source: Option<String>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let assumed = effects::of(args)?;
    if assumed.is_empty() {
        return input(
            "say what is to be assumed: --annul, --repeat, --recount, --exclude, --restore, --reverse or --correct",
        );
    }
    let opened = read::open(&args.record.record, &args.record.how())?;
    let record = opening::json(&opened);
    let mut fold = opened.fold;
    // Assumptions may open a poll themselves: only what is said of one that is there can be wrong.
    if args.repeat.is_empty() {
        super::count::poll_is_open(&fold, args.poll)?;
    }
    let view = sides::view(&fold, args.source.as_deref(), None)?;
    let contests: Vec<(String, String)> =
        fold.contests().map(|(_, state)| (state.id.clone(), state.title.clone())).collect();
    let each = |fold: &recount_tally::Fold| {
        contests.iter().map(|(id, _)| Side::of(fold, id, view)).collect::<Outcome<Vec<Side>>>()
    };
    let before = each(&fold)?;
    let parliament = sides::parliament(&fold, view);
    let words: Vec<String> = assumed.iter().map(|effect| effect.value().to_string()).collect();
    fold.assume(assumed).map_err(|why| CliError::Input(format!("this cannot be assumed: {why}")))?;
    let after = each(&fold)?;
    let parliaments = (parliament, sides::parliament(&fold, view));
    let changed: Vec<usize> = (0..contests.len())
        .filter(|at| before[*at].votes != after[*at].votes || before[*at].coverage != after[*at].coverage)
        .collect();
    if as_json {
        let contests: Vec<_> = changed
            .iter()
            .map(|at| json!({ "contest": contests[*at].0, "before": before[*at].json(), "after": after[*at].json() }))
            .collect();
        return show::json(&json!({
            "record": record,
            "size": opened.reader.size(),
            "assumed": words,
            "contests": contests,
            "parliament": { "before": parliaments.0, "after": parliaments.1 },
        }));
    }
    show::line(format!("As if, at size {}; nothing was written:", number(opened.reader.size())));
    opening::author(opened.author_proved);
    for word in &words {
        show::line(format!("  {}", show::shorten(word, 78)));
    }
    if changed.is_empty() {
        show::line("It changes no total.");
    }
    for at in changed {
        show::heading(&format!("{} ({})", contests[at].1, contests[at].0));
        sides::print_votes(&before[at], &after[at], None);
    }
    sides::print_parliaments(&fold, "as it is", &parliaments.0, "as if", &parliaments.1);
    // The fold now shows a record that does not exist: it is dropped here.
    drop(fold);
    Ok(())
}
