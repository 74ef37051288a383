//! `recount audit plan`: what would be tested, what it would cost, and the plan as a statement.

use std::collections::BTreeMap;
use std::path::PathBuf;

use recount_assessment::effort::{Effort, Method, effort, methods};
use recount_assessment::plan::class;
use recount_assessment::propose::{Choices, Proposal, propose};
use recount_assessment::trail::PLAN;
use recount_audit::plan::{Sizes, StationErrors};
use recount_record::statement::{About, NoteStatement};
use serde_json::{Value, json};

use super::open::refused;
use super::write::Desk;
use crate::commands::Record;
use crate::error::{CliError, Outcome, file_error, input};
use crate::show::{self, Align, Table};
use crate::view::opening;

/// Assertions shown.
const SHOWN: usize = 12;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    /// A name for the audit.
    #[arg(long)]
    title: Option<String>,
    /// The contest, where the rulebook has several.
    #[arg(long)]
    contest: Option<String>,
    /// The risk limit: the largest chance that wrong seats pass.
    #[arg(long, default_value = "1/20")]
    limit: String,
    /// The bet rule: `share 9/10` for protocols that are mostly right, `adaptive 9/10` where many small errors are expected.
    #[arg(long, default_value = "share 9/10")]
    bet: String,
    /// The source of protocols that hold the findings.
    #[arg(long, default_value = "recount")]
    source: String,
    /// Most votes on one ballot, and for one choice.
    #[arg(long, value_name = "VOTES,PER_CHOICE", default_value = "1,1")]
    ballot: String,
    /// The bound on the ballots in a station's box, as a sum of lines: issued - returned. By default the smallest line of
    /// voters or ballots that covers the boxes.
    #[arg(long, value_name = "SUM")]
    bound: Option<String>,
    /// Ballots in the box, as a sum of lines. By default votes and what is invalid, blank or for nobody.
    #[arg(long, value_name = "SUM")]
    found: Option<String>,
    /// How a line that the law's percentages rest on can be checked: LINE=box, LINE=document or LINE=trusted.
    #[arg(long, value_name = "LINE=CLASS")]
    base: Vec<String>,
    /// Draw stations apart: in each unit of a level (`--strata region`), or by an attribute of the station
    /// (`--strata attribute:machine`). Every stratum has a draw of its own; the risk joins them.
    #[arg(long, value_name = "LEVEL")]
    strata: Option<String>,
    /// Audit the result without the stations that are missing from it.
    #[arg(long)]
    without_missing: bool,
    /// Simulated audits for the sizes.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    repetitions: u64,
    /// Errors assumed in the simulation: so many of a thousand stations, up to so many votes moved in each.
    #[arg(long, value_name = "PER_MILLE,VOTES", default_value = "0,0")]
    errors: String,
    /// Minutes for opening and closing one station's box.
    #[arg(long, default_value_t = 30)]
    minutes_per_station: u64,
    /// Ballots that a team of two counts in an hour.
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u64).range(1..))]
    ballots_per_hour: u64,
    /// Write plan and manifest into this folder.
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// File the plan, signed by whoever runs the audit.
    #[arg(long, value_name = "FILE")]
    sign: Vec<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.record.open()?;
    let title = opening::charter(opened).map_or(String::new(), |charter| charter.election.title.clone());
    let proposal = propose(&opened.fold, &choices(args, title)?).map_err(refused)?;
    let effort = effort(&proposal.plan, &proposal.manifest, &proposal.audit, errors(args)?, args.repetitions.max(1));
    let effort = effort.map_err(refused)?;
    let methods = methods(&proposal.plan, &proposal.manifest, &proposal.audit).map_err(refused)?;
    let filed = file(args, &proposal)?;
    if as_json {
        return show::json(&to_json(args, &proposal, &effort, &methods, filed));
    }
    print(args, &proposal, &effort, &methods, filed);
    Ok(())
}

fn pair(text: &str, what: &str) -> Outcome<(u64, u64)> {
    let wrong = || CliError::Input(format!("{what}: write two whole numbers with a comma, not `{text}`"));
    let (a, b) = text.split_once(',').ok_or_else(wrong)?;
    let number = |t: &str| t.trim().parse().map_err(|_| wrong());
    Ok((number(a)?, number(b)?))
}

fn errors(args: &Args) -> Outcome<StationErrors> {
    let (per_mille, moved) = pair(&args.errors, "--errors")?;
    if per_mille > 1000 {
        return input("--errors: at most 1000 of a thousand stations");
    }
    #[allow(clippy::cast_precision_loss, reason = "at most a thousand")]
    let rate = per_mille as f64 / 1000.0;
    Ok(StationErrors { rate, moved })
}

fn choices(args: &Args, title: String) -> Outcome<Choices> {
    let (votes, per_choice) = pair(&args.ballot, "--ballot")?;
    let small = |n: u64| u32::try_from(n).ok().filter(|n| *n > 0);
    let (Some(votes), Some(per_choice)) = (small(votes), small(per_choice)) else {
        return input("--ballot: a ballot holds at least one vote");
    };
    let mut bases = BTreeMap::new();
    for base in &args.base {
        let Some((line, text)) = base.split_once('=') else {
            return input(format!("--base {base}: write LINE=box, LINE=document or LINE=trusted"));
        };
        bases.insert(line.to_owned(), class(text).map_err(refused)?);
    }
    Ok(Choices {
        title: args.title.clone().unwrap_or(title),
        contest: args.contest.clone(),
        limit: args.limit.clone(),
        bet: args.bet.clone(),
        source: args.source.clone(),
        ballot: [votes, per_choice],
        bound: args.bound.clone(),
        found: args.found.clone(),
        bases,
        without_missing: args.without_missing,
        strata: args.strata.as_ref().map(|own| match own.strip_prefix("attribute:") {
            Some(name) => format!("attribute {name}"),
            None => format!("unit {own}"),
        }),
    })
}

fn file(args: &Args, proposal: &Proposal) -> Outcome<Option<u64>> {
    let plan = proposal.plan.to_bytes().map_err(refused)?;
    let manifest = proposal.manifest.to_csv();
    if let Some(folder) = &args.output {
        std::fs::create_dir_all(folder).map_err(|e| file_error(folder, &e))?;
        for (name, bytes) in [("plan.json", plan.as_slice()), ("manifest.csv", manifest.as_bytes())] {
            let path = folder.join(name);
            crate::output::file(&path, bytes)?;
        }
    }
    if args.sign.is_empty() {
        return Ok(None);
    }
    let mut desk = Desk::open(&args.record.record, &args.sign)?;
    findings_can_be_filed(&desk, proposal)?;
    let blobs = vec![desk.blob(&plan, "application/json")?, desk.blob(manifest.as_bytes(), "text/csv")?];
    let note = NoteStatement {
        code: PLAN.to_owned(),
        about: About::Poll,
        figures: vec![
            ("assertions".to_owned(), proposal.plan.assertions[0]),
            ("size".to_owned(), proposal.plan.size),
            ("stations".to_owned(), proposal.plan.stations),
        ],
        sources: Vec::new(),
        blobs,
    };
    desk.note(note).map(Some)
}

/// A form must be there for protocols of the source of findings.
fn findings_can_be_filed(desk: &Desk, proposal: &Proposal) -> Outcome {
    let Some(law) = desk.recorder.fold().law() else { return input("the record has no charter yet") };
    let forms = law.forms.forms.iter().filter(|form| form.contest == proposal.plan.contest);
    let mut sources = forms.flat_map(|form| &form.sources).peekable();
    let unlimited = law.forms.forms.iter().any(|form| form.contest == proposal.plan.contest && form.sources.is_empty());
    if unlimited || sources.any(|source| *source == proposal.plan.source) {
        return Ok(());
    }
    input(format!(
        "no form of the record is for the source `{}`, so that findings could not be filed: name another with --source, or have the \
         forms replaced by a ruling",
        proposal.plan.source
    ))
}

/// Hours of a team of two.
fn hours(args: &Args, stations: u64, ballots: u64) -> u64 {
    let minutes =
        stations.saturating_mul(args.minutes_per_station) + ballots.saturating_mul(60) / args.ballots_per_hour.max(1);
    minutes.div_ceil(60)
}

fn print(args: &Args, proposal: &Proposal, effort: &Effort, methods: &[Method], filed: Option<u64>) {
    let plan = &proposal.plan;
    show::line(show::bold(&format!("Audit of {}", plan.title)));
    show::paragraph(format!(
        "The result of the record at size {}: {} with at most {} ballots, risk limit {}, bets: {}.",
        show::number(plan.size),
        show::count(plan.stations, "station", "stations"),
        show::number(plan.ballots),
        plan.limit,
        plan.bet
    ));
    let chosen = if proposal.bound_chosen.is_some() { " (chosen here: --bound changes it)" } else { "" };
    show::item(format!("Bound on the ballots of a station: {}{chosen}.", plan.bound));
    show::item(format!("Ballots in the box: {}.", plan.found));
    let slack = plan.ballots.saturating_sub(proposal.manifest.rows.iter().map(|row| row.found).sum());
    if slack > 0 {
        show::item(format!(
            "The bounds exceed what was reported by {} ballots ({}). Each that is not found speaks against every assertion: tight \
             bounds make a cheap audit.",
            show::number(slack),
            show::percent(slack, plan.ballots)
        ));
    }
    for (line, text) in &plan.bases {
        show::item(format!("Base `{line}`: {text}."));
    }
    if let Some(rule) = &plan.strata {
        let (what, name) = rule.split_once(' ').unwrap_or(("", rule));
        let count = show::count(proposal.manifest.strata().len() as u64, "stratum", "strata");
        show::item(format!("Stations are drawn apart by {what} `{name}`: {count}, each with a draw of its own."));
    }
    for (reason, n) in &plan.left_out {
        show::item(format!("{}: {reason}.", show::count(*n, "station does not count", "stations do not count")));
    }
    for own in &plan.leaves {
        show::item(own);
    }
    show::heading("Seats under audit");
    let mut table = Table::new(&[("list", Align::Left), ("seats", Align::Right)]);
    for (list, seats) in plan.seats.iter().filter(|(_, seats)| **seats > 0) {
        table.row([proposal.outcome.names.get(list).unwrap_or(list).clone(), show::number(*seats)]);
    }
    table.print();
    show::heading("Assertions, the hardest first");
    show::paragraph(format!(
        "{} together prove every seat; {} more sharpen partial certificates. Stations of the whole sample until each is proved:",
        show::number(plan.assertions[0]),
        show::number(plan.assertions[1])
    ));
    let mut table = Table::new(&[
        ("assertion", Align::Left),
        ("margin", Align::Right),
        ("50 %", Align::Right),
        ("80 %", Align::Right),
        ("90 %", Align::Right),
    ]);
    let mut each: Vec<_> = effort.each.iter().collect();
    each.sort_by(|a, b| a.2.total_cmp(&b.2));
    for (name, _, margin, sizes) in each.iter().take(SHOWN) {
        let at = |percent| show::number(sizes.percent(percent));
        table.row([name.clone(), format!("{:.3} %", margin * 100.0), at(50), at(80), at(90)]);
    }
    table.print();
    show::heading("What it takes");
    sizes(args, effort, methods);
    match filed {
        Some(index) => show::paragraph(format!(
            "Filed as statement {index}. Next: contributions to the seed (`recount audit seed`), then `recount audit draw --sign`."
        )),
        None => show::paragraph("Nothing was filed: add --sign KEY to commit to this plan before the seed is thrown."),
    }
}

fn sizes(args: &Args, effort: &Effort, methods: &[Method]) {
    let mut table = Table::new(&[
        ("way", Align::Left),
        ("stations", Align::Right),
        ("ballots", Align::Right),
        ("team hours", Align::Right),
    ]);
    let mut row = |name: String, stations: Option<u64>, ballots: u64| {
        let hours = hours(args, stations.unwrap_or(0), ballots);
        table.row([name, show::figure(stations), show::number(ballots), show::number(hours)]);
    };
    row("this plan, expected".to_owned(), Some(effort.stations.expected()), effort.ballots.expected());
    for percent in [50, 80, 90] {
        let name = format!("this plan, enough in {percent} %");
        row(name, Some(effort.stations.percent(percent)), effort.ballots.percent(percent));
    }
    for method in methods {
        row(format!("{} ({})", method.name, method.needs), method.stations, method.ballots);
    }
    table.print();
    if effort.stations.full_counts > 0 {
        show::paragraph(format!(
            "{} of {} simulated audits ended with a full count: the closest assertion cannot be proved from a sample. What is proved \
             on the way is read off with `recount audit certificate`.",
            show::number(effort.stations.full_counts),
            show::number(args.repetitions.max(1))
        ));
    }
    show::paragraph(
        "Ways other than this plan's are computed for its hardest assertion, if nothing is wrong anywhere.",
    );
}

fn sizes_json(sizes: &Sizes) -> Value {
    json!({
        "expected": sizes.expected(), "p50": sizes.percent(50), "p80": sizes.percent(80), "p90": sizes.percent(90),
        "full_counts": sizes.full_counts,
    })
}

fn to_json(args: &Args, proposal: &Proposal, effort: &Effort, methods: &[Method], filed: Option<u64>) -> Value {
    json!({
        "plan": proposal.plan,
        "plan_sha256": proposal.plan.to_bytes().map(|b| recount_log::sha256(&b).to_hex()).ok(),
        "filed": filed,
        "bound_chosen": proposal.bound_chosen,
        "stations": sizes_json(&effort.stations),
        "ballots": sizes_json(&effort.ballots),
        "team_hours": hours(args, effort.stations.expected(), effort.ballots.expected()),
        "assertions": effort.each.iter().map(|(name, unit, margin, sizes)| json!({
            "name": name, "unit": unit, "margin": margin, "stations": sizes_json(sizes),
        })).collect::<Vec<_>>(),
        "methods": methods.iter().map(|m| json!({
            "name": m.name, "stations": m.stations, "ballots": m.ballots, "needs": m.needs,
            "team_hours": hours(args, m.stations.unwrap_or(0), m.ballots),
        })).collect::<Vec<_>>(),
    })
}
