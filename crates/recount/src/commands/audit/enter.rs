//! `recount audit enter`: what was found in a box, entered twice by people who do not see each other's figures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use recount_assessment::trail::{MIXED, OF, UNAVAILABLE};
use recount_record::statement::{BlobRef, Kind, Protocol};
use serde_json::json;

use super::open::{plan_of, refused, trail_of};
use super::write::{Desk, note, station_note};
use crate::error::{CliError, Outcome, input, read_text};
use crate::read::{self, How};
use crate::show;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's directory.
    dir: String,
    /// The audit, by the statement of its plan; by default the last.
    #[arg(long, value_name = "INDEX")]
    plan: Option<u64>,
    /// The station.
    #[arg(long)]
    station: String,
    /// What the first person counted: lines such as votes.a=300 and lines.invalid=4; `[part]` begins a part.
    #[arg(long, value_name = "FILE", requires = "second", required_unless_present_any = ["unavailable", "mixed"])]
    first: Option<PathBuf>,
    /// What the second person counted.
    #[arg(long, value_name = "FILE", requires = "first")]
    second: Option<PathBuf>,
    /// The box cannot be counted again, for this reason.
    #[arg(long, value_name = "REASON", conflicts_with_all = ["first", "mixed"])]
    unavailable: Option<String>,
    /// The ballots are mixed with those of these stations.
    #[arg(long, value_name = "STATION,...", value_delimiter = ',', conflicts_with = "first")]
    mixed: Vec<String>,
    /// Who signs: the commission that counted, each of its members.
    #[arg(long, value_name = "FILE", required = true)]
    sign: Vec<PathBuf>,
}

/// Figures of one part; the name of a station's only part is empty.
type Parts = BTreeMap<String, BTreeMap<String, u64>>;

/// Reads an entry.
fn entry(path: &Path) -> Outcome<Parts> {
    let text = read_text(path)?;
    let (mut parts, mut part) = (Parts::new(), String::new());
    for (at, line) in text.lines().enumerate() {
        let wrong = |why: &str| CliError::Input(format!("{}:{}: {why}", path.display(), at + 1));
        let line = line.split('#').next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            part = name.trim().to_owned();
            continue;
        }
        let (key, value) = line.split_once('=').ok_or_else(|| wrong("write KEY=NUMBER"))?;
        let key = key.trim();
        if !key.starts_with("votes.") && !key.starts_with("lines.") {
            return Err(wrong("a key begins with votes. or lines."));
        }
        let number = value.trim().parse().map_err(|_| wrong("not a whole number"))?;
        if parts.entry(part.clone()).or_default().insert(key.to_owned(), number).is_some() {
            return Err(wrong("the key stands twice"));
        }
    }
    if parts.is_empty() { input(format!("{}: no figures", path.display())) } else { Ok(parts) }
}

/// Where two entries differ: the places, not the figures.
fn differences(first: &Parts, second: &Parts) -> Vec<String> {
    let all = |parts: &Parts| -> BTreeMap<(String, String), u64> {
        parts.iter().flat_map(|(p, own)| own.iter().map(move |(k, n)| ((p.clone(), k.clone()), *n))).collect()
    };
    let (first, second) = (all(first), all(second));
    let mut keys: Vec<&(String, String)> = first.keys().chain(second.keys()).collect();
    keys.sort();
    keys.dedup();
    let differ = keys.into_iter().filter(|key| first.get(*key) != second.get(*key));
    differ.map(|(part, key)| if part.is_empty() { key.clone() } else { format!("[{part}] {key}") }).collect()
}

/// Refuses a list or a line that the contest does not have, before anything is filed.
fn listed(fold: &recount_tally::Fold, contest: &str, entry: &Parts) -> Outcome {
    let Some(state) = fold.contest_ix(contest).and_then(|at| fold.contest(at)) else { return Ok(()) };
    let lists: Vec<String> = state.columns.lists().map(|(_, id)| format!("votes.{id}")).collect();
    let lines: Vec<String> = state.columns.lines().map(|(_, code)| format!("lines.{code}")).collect();
    for key in entry.values().flat_map(BTreeMap::keys).filter(|key| *key != "votes.against_all") {
        let (what, known) = if key.starts_with("votes.") { ("list", &lists) } else { ("line", &lines) };
        if !known.contains(key) {
            return input(format!("`{key}`: no such {what}; nothing was filed. The sheet has {}", known.join(", ")));
        }
    }
    Ok(())
}

/// Refuses a sheet on which a list is left out that the station's protocol states: nothing and 0 are not the same.
fn whole(entry: &Parts, reported: &BTreeMap<String, u64>) -> Outcome {
    let stated = |key: &&String| entry.values().any(|own| own.contains_key(*key));
    let lists = reported.keys().filter(|key| key.starts_with("votes."));
    let left_out: Vec<&str> = lists.filter(|key| !stated(key)).map(String::as_str).collect();
    if left_out.is_empty() {
        return Ok(());
    }
    input(format!("left out: {}; nothing was filed. Write 0 where there are none", left_out.join(", ")))
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = read::open(&args.dir, &How::default())?;
    let trail = trail_of(&opened.fold, args.plan)?;
    let plan = plan_of(&opened.reader, &trail)?;
    let geography = opened.fold.ledger().register().geography();
    for id in std::iter::once(&args.station).chain(&args.mixed) {
        if geography.station_ix(id).is_none() {
            return input(format!("there is no station `{id}`; nothing was filed"));
        }
    }
    if args.mixed.contains(&args.station) {
        return input(format!("--mixed {}: name the other stations; nothing was filed", args.station));
    }
    if let Some(reason) = &args.unavailable {
        if reason.trim().is_empty() {
            return input("--unavailable: say why the box cannot be counted; nothing was filed");
        }
        let mut own = station_note(UNAVAILABLE, trail.index, &args.station);
        own.sources = vec![reason.clone()];
        let index = Desk::open(&args.dir, &args.sign)?.note(own)?;
        return said(as_json, &[index], "counts as if every ballot spoke against every assertion");
    }
    if !args.mixed.is_empty() {
        let mut own = note(MIXED, trail.index);
        own.sources = std::iter::once(args.station.clone()).chain(args.mixed.iter().cloned()).collect();
        own.figures = vec![(OF.to_owned(), trail.index)];
        let index = Desk::open(&args.dir, &args.sign)?.note(own)?;
        return said(
            as_json,
            &[index],
            "is compared with the others' sum; count the boxes and enter what each holds now",
        );
    }
    let (Some(first), Some(second)) = (&args.first, &args.second) else { return input("give --first and --second") };
    let (first, second) = (entry(first)?, entry(second)?);
    let differ = differences(&first, &second);
    if !differ.is_empty() {
        if as_json {
            show::json(&json!({ "filed": [], "differ": differ }))?;
            return Err(CliError::Shown(1));
        }
        return Err(CliError::No(format!(
            "the two entries differ, and nothing was filed. Count again, both, without telling each other: {}",
            differ.join(", ")
        )));
    }
    listed(&opened.fold, &plan.contest, &first)?;
    let mut desk = Desk::open(&args.dir, &args.sign)?;
    let fold = desk.recorder.fold();
    let station = fold.ledger().register().geography().station_ix(&args.station);
    let contest = fold.contest_ix(&plan.contest);
    let (Some(station), Some(contest)) = (station, contest) else { return input("the plan's contest is not listed") };
    let poll = u64::from(fold.current_poll(station, contest));
    let count = fold.count_station(station, contest, recount_tally::View::LAW);
    let columns = fold.contest(contest).map(|state| state.columns.clone());
    let reported: BTreeMap<String, u64> = match (&columns, &count.figures) {
        (Some(columns), Some(figures)) => {
            let lines = columns.lines().filter_map(|(c, code)| Some((format!("lines.{code}"), figures.get(c)?)));
            lines.chain(columns.lists().filter_map(|(c, id)| Some((format!("votes.{id}"), figures.get(c)?)))).collect()
        }
        _ => BTreeMap::new(),
    };
    whole(&first, &reported)?;
    let sheet = json!({
        "schema": "recount-audit-sheet/1", "plan": trail.index, "station": args.station,
        "reported": reported, "first": first, "second": second,
    });
    let sheet = serde_json::to_vec_pretty(&sheet).map_err(refused)?;
    let blob = desk.blob(&sheet, "application/json")?;
    let kinds = first
        .iter()
        .map(|(part, figures)| protocol(&plan.contest, &plan.source, &args.station, poll, part, figures, &blob));
    let filed = desk.file(kinds.collect())?;
    let indices: Vec<u64> = filed.iter().map(|own| own.index).collect();
    said(as_json, &indices, "was counted again; `recount audit assess` says what follows")
}

fn protocol<'a>(
    contest: &str,
    source: &str,
    station: &str,
    poll: u64,
    part: &str,
    figures: &BTreeMap<String, u64>,
    blob: &BlobRef,
) -> Kind<'a> {
    let under = |prefix: &str| {
        let own = figures.iter().filter_map(|(key, n)| Some((key.strip_prefix(prefix)?.to_owned().into(), *n)));
        own.collect::<Vec<_>>()
    };
    Kind::Protocol(Protocol {
        poll,
        contest: contest.to_owned().into(),
        station: station.to_owned().into(),
        part: (!part.is_empty()).then(|| part.to_owned().into()),
        source: source.to_owned().into(),
        lines: under("lines."),
        votes: under("votes."),
        supersedes: None,
        time: None,
        row: None,
        blobs: vec![blob.clone()],
    })
}

fn said(as_json: bool, indices: &[u64], what: &str) -> Outcome {
    if as_json {
        return show::json(&json!({ "filed": indices, "differ": [] }));
    }
    let numbers: Vec<String> = indices.iter().map(|index| show::number(*index)).collect();
    show::paragraph(format!("Filed as statement {}. The station {what}.", numbers.join(", ")));
    Ok(())
}
