//! Two records of one election: is one log the beginning of the other, and at which stations do they count differently?

use std::collections::BTreeMap;

use recount_election::StationIx;
use recount_tally::{Fold, View};
use serde_json::json;

use super::{Args, SHOWN, contests};
use crate::error::{CliError, Outcome, input};
use crate::read::{self, How, Opened};
use crate::show::{self, number};

/// A station's figures under the law, by column; or why there are none.
type Counted = Result<BTreeMap<String, u64>, &'static str>;

/// How two logs stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Logs {
    /// Other origins or keys: nothing to be said about the logs.
    Apart,
    /// The same tree.
    Same,
    /// The smaller is the beginning of the larger.
    Prefix,
    /// One log has signed two histories.
    Forked,
}

/// Runs it.
pub fn run(args: &Args, opened: &Opened, other: &str, as_json: bool) -> Outcome {
    let theirs = read::open(other, &How { key: args.record.key.clone(), ..How::default() })?;
    let logs = logs(opened, &theirs)?;
    let mut differing = Vec::new();
    let (mut compared, mut only_here, mut only_there) = (0u64, 0u64, 0u64);
    for (_, contest) in contests(&opened.fold, args.contest.as_deref())? {
        let (ours, others) = (counted(&opened.fold, &contest), counted(&theirs.fold, &contest));
        only_there += others.keys().filter(|id| !ours.contains_key(*id)).count() as u64;
        for (station, mine) in &ours {
            let Some(their) = others.get(station) else {
                only_here += 1;
                continue;
            };
            compared += 1;
            if mine != their {
                differing.push((contest.clone(), station.clone(), columns(mine, their)));
            }
        }
    }
    if logs == Logs::Apart && compared == 0 {
        return input(format!("{other}: the two records have no station in common: they are not of one election"));
    }
    if as_json {
        let each: Vec<_> = differing
            .iter()
            .map(|(contest, station, columns)| json!({ "contest": contest, "station": station, "columns": columns }))
            .collect();
        show::json(&json!({
            "sizes": [opened.size(), theirs.size()],
            "logs": match logs { Logs::Apart => "apart", Logs::Same => "same", Logs::Prefix => "prefix", Logs::Forked => "forked" },
            "compared": compared,
            "only_here": only_here,
            "only_there": only_there,
            "differ": differing.len(),
            "differing": each,
        }))?;
    } else {
        show::paragraph(in_words(logs, opened, &theirs));
        show::paragraph(format!(
            "{} of {} stations are counted differently; {} are only in the first record, {} only in the second.",
            number(differing.len() as u64),
            number(compared),
            number(only_here),
            number(only_there)
        ));
        let shown = if args.all { differing.len() } else { SHOWN };
        for (contest, station, columns) in differing.iter().take(shown) {
            for row in show::wrap(&format!("{station} ({contest}): {}", columns.join(", ")), "  ", "    ") {
                show::line(row);
            }
        }
        if differing.len() > shown {
            show::line(format!("  ... and {} more (--all)", number((differing.len() - shown) as u64)));
        }
    }
    if logs == Logs::Forked {
        return Err(CliError::No(
            "the log has signed two histories: keep both checkpoints, they are the proof".to_owned(),
        ));
    }
    Ok(())
}

fn logs(ours: &Opened, theirs: &Opened) -> Outcome<Logs> {
    let (a, b) = (ours.reader.checkpoint(), theirs.reader.checkpoint());
    if a.origin != b.origin || ours.log_key != theirs.log_key {
        return Ok(Logs::Apart);
    }
    let (small, large, reader) = if a.size <= b.size { (a, b, &theirs.reader) } else { (b, a, &ours.reader) };
    if small.size == large.size {
        return Ok(if small.root == large.root { Logs::Same } else { Logs::Forked });
    }
    let root = reader.prover()?.root_at(small.size)?;
    Ok(if root == small.root { Logs::Prefix } else { Logs::Forked })
}

fn in_words(logs: Logs, ours: &Opened, theirs: &Opened) -> String {
    let (a, b) = (number(ours.reader.checkpoint().size), number(theirs.reader.checkpoint().size));
    match logs {
        Logs::Apart => format!(
            "Two logs ({} and {}): their stations can be compared, their histories not.",
            ours.reader.checkpoint().origin,
            theirs.reader.checkpoint().origin
        ),
        Logs::Same => format!("One log at size {a}: the same tree."),
        Logs::Prefix => format!("One log, at sizes {a} and {b}: the smaller is the beginning of the larger."),
        Logs::Forked => format!("ONE LOG, TWO HISTORIES: at sizes {a} and {b} neither is the beginning of the other."),
    }
}

/// What every station of a contest contributes under the law.
fn counted(fold: &Fold, contest: &str) -> BTreeMap<String, Counted> {
    let Some(ix) = fold.contest_ix(contest) else { return BTreeMap::new() };
    let Some(state) = fold.contest(ix) else { return BTreeMap::new() };
    let mut all = BTreeMap::new();
    for (station, n) in fold.ledger().register().geography().stations().iter().zip(0u32..) {
        if !fold.is_expected(StationIx(n), ix) {
            continue;
        }
        let count = fold.count_station(StationIx(n), ix, View::LAW);
        let counted = match (count.reason, &count.figures) {
            (Some(reason), _) => Err(reason.code()),
            (None, None) => Err("missing"),
            (None, Some(figures)) => {
                let lines = state.columns.lines().map(|(column, code)| (column, code.to_owned()));
                let lists = state.columns.lists().map(|(column, id)| (column, format!("votes.{id}")));
                Ok(lines.chain(lists).filter_map(|(column, name)| Some((name, figures.get(column)?))).collect())
            }
        };
        all.insert(station.id.clone(), counted);
    }
    all
}

/// The columns that differ, in words.
fn columns(mine: &Counted, their: &Counted) -> Vec<String> {
    let (Ok(mine), Ok(their)) = (mine, their) else {
        let word = |counted: &Counted| counted.as_ref().err().map_or("countable", |reason| *reason);
        return vec![format!("{} here, {} there", word(mine), word(their))];
    };
    let names: std::collections::BTreeSet<&String> = mine.keys().chain(their.keys()).collect();
    let figure = |n: Option<&u64>| n.map_or_else(|| "absent".to_owned(), |n| number(*n));
    names
        .into_iter()
        .filter(|name| mine.get(*name) != their.get(*name))
        .map(|name| {
            format!("{} {}/{}", name.trim_start_matches("votes."), figure(mine.get(name)), figure(their.get(name)))
        })
        .collect()
}
