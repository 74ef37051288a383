//! `recount diff`: what changed between two sizes, by cause, and what it did to votes and seats.

pub mod sides;

use recount_log::{Hash, VerifierKey};
use recount_tally::diff::{Cause, Changed, Difference, between};
use recount_tally::{Fold, View};
use serde_json::{Value, json};

use self::sides::Side;
use super::{parse_hash, parse_key};
use crate::error::{CliError, Outcome, input};
use crate::read::{self, How};
use crate::show::{self, Align, Table, number};
use crate::view::opening;

/// Stations shown to people unless all are asked for.
const SHOWN: usize = 20;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record: a directory, or an http(s) address.
    #[arg(value_name = "DIR|URL")]
    record: String,
    /// The earlier size.
    #[arg(long, value_name = "SIZE")]
    from: u64,
    /// The later size; by default the newest.
    #[arg(long, value_name = "SIZE")]
    to: Option<u64>,
    /// One contest alone.
    #[arg(long)]
    contest: Option<String>,
    /// One source alone; by default what the law counts.
    #[arg(long)]
    source: Option<String>,
    /// Every station that changed, with its figures.
    #[arg(long)]
    all: bool,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
}

/// One contest at the two sizes.
struct Compared {
    contest: String,
    title: String,
    difference: Difference,
    before: Side,
    after: Side,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let how = How { at: args.to, key: args.key.clone(), charter: args.charter, afresh: false, ..How::default() };
    let opened = read::open(&args.record, &how)?;
    let later = &opened.fold;
    if args.from >= later.size() {
        return input(format!("--from {} is not before the later size, {}", args.from, later.size()));
    }
    // The later fold has checked every leaf and signature of the earlier one.
    let earlier = read::fold_record(&opened.reader, args.from, args.from)?;
    let contests: Vec<(String, String)> = later
        .contests()
        .filter(|(_, state)| args.contest.as_ref().is_none_or(|own| *own == state.id))
        .map(|(_, state)| (state.id.clone(), state.title.clone()))
        .collect();
    if let (Some(contest), true) = (&args.contest, contests.is_empty()) {
        return input(format!("the record has no contest \"{contest}\""));
    }
    let view = sides::view(later, args.source.as_deref(), None)?;
    let earlier_view = sides::view(&earlier, args.source.as_deref(), None).unwrap_or(View::LAW);
    let mut compared = Vec::new();
    for (contest, title) in contests {
        let difference = between(&earlier, later, &contest, view);
        if difference.stations.is_empty() && args.contest.is_none() {
            continue;
        }
        let before = Side::of(&earlier, &contest, earlier_view)?;
        let after = Side::of(later, &contest, view)?;
        compared.push(Compared { contest, title, difference, before, after });
    }
    let parliaments = (sides::parliament(&earlier, earlier_view), sides::parliament(later, view));
    if as_json {
        return show_json(opening::json(&opened), &earlier, later, &compared, &parliaments);
    }
    show::line(format!(
        "From size {} to size {}: {} statements.",
        number(args.from),
        number(later.size()),
        number(later.size() - args.from)
    ));
    opening::author(opened.author_proved);
    if compared.is_empty() {
        show::line("They change no station's figures.");
    }
    for one in &compared {
        show_contest(later, one, args.all);
    }
    sides::print_parliaments(later, "before", &parliaments.0, "now", &parliaments.1);
    Ok(())
}

fn causes(difference: &Difference) -> Vec<(Cause, u64, u64)> {
    let mut causes: std::collections::BTreeMap<Cause, (u64, u64)> = std::collections::BTreeMap::new();
    for changed in &difference.stations {
        let (all, in_votes) = causes.entry(changed.cause).or_default();
        *all += 1;
        *in_votes += u64::from(changed.in_votes());
    }
    causes.into_iter().map(|(cause, (all, in_votes))| (cause, all, in_votes)).collect()
}

/// What a cause is called.
fn words(cause: Cause) -> &'static str {
    match cause {
        Cause::New => "new: first countable figures",
        Cause::Superseded => "changed: other figures stand now",
        Cause::Ruling => "ruling",
        Cause::Other => "other: part, register or law",
    }
}

fn show_contest(later: &Fold, one: &Compared, all: bool) {
    show::heading(&format!("{} ({})", one.title, one.contest));
    let mut table = Table::new(&[
        ("stations by cause", Align::Left),
        ("stations", Align::Right),
        ("in votes", Align::Right),
        ("only in lines", Align::Right),
    ]);
    for (cause, stations, in_votes) in causes(&one.difference) {
        table.row([words(cause).to_owned(), number(stations), number(in_votes), number(stations - in_votes)]);
    }
    table.print();
    show::line("");
    sides::print_votes(&one.before, &one.after, Some(&one.difference));
    show::line("");
    let shown = if all { one.difference.stations.len() } else { SHOWN };
    let changed_first = one.difference.stations.iter().filter(|changed| changed.cause != Cause::New);
    let new = one.difference.stations.iter().filter(|changed| changed.cause == Cause::New);
    for changed in changed_first.chain(new).take(shown) {
        for row in show::wrap(&in_a_line(later, changed), "  ", "    ") {
            show::line(row);
        }
    }
    if one.difference.stations.len() > shown {
        show::line(format!("  ... and {} more (--all)", number((one.difference.stations.len() - shown) as u64)));
    }
}

fn station_id(fold: &Fold, changed: &Changed) -> String {
    let station = fold.ledger().register().geography().station(changed.station);
    station.map_or_else(String::new, |station| station.id.clone())
}

fn in_a_line(fold: &Fold, changed: &Changed) -> String {
    let statements: Vec<String> = changed.statements.iter().map(u64::to_string).collect();
    let what = match changed.cause {
        Cause::New => "new",
        Cause::Superseded => "changed",
        Cause::Ruling => "by ruling",
        Cause::Other => "otherwise",
    };
    let mut text = format!("{}: {what} (statement {})", station_id(fold, changed), statements.join(", "));
    if let Some(reason) = changed.after.reason {
        text.push_str(&format!(", {}", reason.code()));
    } else if changed.cause != Cause::New {
        let figure = |n: Option<u64>| n.map_or_else(|| "absent".to_owned(), number);
        let columns = changed.columns.iter().take(4);
        let columns: Vec<String> = columns
            .map(|(name, before, now)| {
                format!("{} {} to {}", name.trim_start_matches("votes."), figure(*before), figure(*now))
            })
            .collect();
        text.push_str(&format!(": {}", columns.join(", ")));
        if changed.columns.len() > 4 {
            text.push_str(&format!(" and {} more", changed.columns.len() - 4));
        }
    }
    text
}

fn show_json(
    record: Value,
    earlier: &Fold,
    later: &Fold,
    compared: &[Compared],
    parliaments: &(Value, Value),
) -> Outcome {
    let contests: Vec<Value> = compared
        .iter()
        .map(|one| {
            let causes: serde_json::Map<String, Value> = causes(&one.difference)
                .into_iter()
                .map(|(cause, stations, in_votes)| {
                    (
                        cause.name().to_owned(),
                        json!({ "stations": stations, "in_votes": in_votes, "only_in_lines": stations - in_votes }),
                    )
                })
                .collect();
            let sums: serde_json::Map<String, Value> = one
                .difference
                .sums
                .iter()
                .map(|(column, (came, went))| (column.clone(), json!({ "came": came, "went": went })))
                .collect();
            let stations: Vec<Value> = one
                .difference
                .stations
                .iter()
                .map(|changed| {
                    let columns: Vec<Value> =
                        changed.columns.iter().map(|(name, before, now)| json!([name, before, now])).collect();
                    json!({
                        "station": station_id(later, changed),
                        "cause": changed.cause.name(),
                        "statements": changed.statements,
                        "in_votes": changed.in_votes(),
                        "reason": changed.after.reason.map(|reason| reason.code()),
                        "columns": columns,
                    })
                })
                .collect();
            json!({
                "contest": one.contest,
                "causes": causes,
                "sums": sums,
                "before": one.before.json(),
                "after": one.after.json(),
                "stations": stations,
            })
        })
        .collect();
    show::json(&json!({
        "record": record,
        "from": earlier.size(),
        "to": later.size(),
        "contests": contests,
        "parliament": { "before": parliaments.0, "after": parliaments.1 },
    }))
}

impl From<recount_tally::totals::TotalsError> for CliError {
    fn from(why: recount_tally::totals::TotalsError) -> CliError {
        CliError::No(why.to_string())
    }
}
