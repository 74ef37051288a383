//! `recount audit cards`: audits of single ballots from files alone: a manifest, cast-vote records or published totals, a
//! seed, and what the drawn papers say.

mod frame;
mod input;
mod pools;
mod risk;

use clap::{Subcommand, ValueEnum};
use recount_audit::cards::{Method, Rates, pooled_sizes, sizes};
use recount_audit::plan::Sizes;
use serde_json::{Value, json};

use self::frame::Frame;
use self::input::Source;
use super::assess::risk as risk_words;
use super::open::refused;
use crate::error::{CliError, Outcome, input};
use crate::show::{self, Align, Table};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Who won by the records, what is to be proved, and how many cards that takes.
    Plan(PlanArgs),
    /// The cards to look at, in order, as anyone derives them from the seed.
    Draw(DrawArgs),
    /// The risk of every assertion, from what the drawn papers say. Exit code 1 while it is above the limit.
    Risk(risk::RiskArgs),
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum How {
    /// Each paper with its record.
    Comparison,
    /// Papers alone.
    Polling,
}

/// How sure, and how.
#[derive(Debug, Clone, clap::Args)]
struct Asked {
    /// The risk limit: the largest chance that a wrong winner passes.
    #[arg(long, default_value = "1/20")]
    limit: String,
    /// Compare each paper with its record, or look at papers alone.
    #[arg(long, value_enum, default_value = "comparison")]
    method: How,
    /// The bet of a comparison, as a share of the largest: decided before the seed is drawn. With pools the share that the
    /// report favours, if it is smaller.
    #[arg(long, default_value = "9/10")]
    bet: String,
}

impl Asked {
    fn share(text: &str, what: &str) -> Outcome<f64> {
        let share: recount_audit::Ratio = text.parse().map_err(refused)?;
        let share = share.to_f64();
        if share > 0.0 && share < 1.0 { Ok(share) } else { input(format!("{what}: {text} is not between 0 and 1")) }
    }

    fn limit(&self) -> Outcome<f64> {
        Self::share(&self.limit, "--limit")
    }

    fn method(&self) -> Outcome<Method> {
        Ok(match self.method {
            How::Comparison => Method::Comparison { bet: Self::share(&self.bet, "--bet")? },
            How::Polling => Method::Polling,
        })
    }
}

#[derive(Debug, clap::Args)]
struct PlanArgs {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    asked: Asked,
    /// Cards in a thousand whose record overstates the winner by one vote, and by two, in the simulation.
    #[arg(long, value_name = "ONE,TWO", default_value = "1,0")]
    errors: String,
    /// Simulated audits for the sizes.
    #[arg(long, default_value_t = 200)]
    repetitions: u64,
}

#[derive(Debug, clap::Args)]
struct DrawArgs {
    #[command(flatten)]
    source: Source,
    /// Compare each paper with its record, or look at papers alone.
    #[arg(long, value_enum, default_value = "comparison")]
    method: How,
    /// The seed that was drawn in public.
    #[arg(long)]
    seed: String,
    /// How many cards.
    #[arg(long)]
    cards: usize,
    /// Write the list here, as CSV.
    #[arg(short, long, value_name = "FILE")]
    output: Option<std::path::PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    match &args.command {
        Command::Plan(args) => plan(args, as_json),
        Command::Draw(args) => draw(args, as_json),
        Command::Risk(args) => risk::run(args, as_json),
    }
}

fn rates(text: &str) -> Outcome<Rates> {
    let wrong =
        || CliError::Input(format!("--errors: write two whole numbers of a thousand with a comma, not `{text}`"));
    let (one, two) = text.split_once(',').ok_or_else(wrong)?;
    let rate = |text: &str| text.trim().parse::<u16>().ok().filter(|n| *n <= 1000).map(|n| f64::from(n) / 1000.0);
    let (one, two) = (rate(one).ok_or_else(wrong)?, rate(two).ok_or_else(wrong)?);
    if one + two > 1.0 { Err(wrong()) } else { Ok(Rates { one, two }) }
}

fn plan(args: &PlanArgs, as_json: bool) -> Outcome {
    let frame = Frame::read(&args.source, args.asked.method)?;
    let (limit, method, rates) = (args.asked.limit()?, args.asked.method()?, rates(&args.errors)?);
    let mut own: Vec<(&str, f64, Sizes)> = Vec::new();
    for assertion in &frame.contest.assertions {
        let repetitions = args.repetitions.max(1);
        let size = match method {
            Method::Comparison { bet } if !frame.pools.is_empty() => {
                pooled_sizes(assertion, &frame.pools, bet, limit, repetitions)
            }
            _ => sizes(assertion, method, rates, limit, repetitions),
        };
        let size = size.map_err(refused)?;
        own.push((&assertion.name, assertion.margin.to_f64(), size));
    }
    own.sort_by(|a, b| a.1.total_cmp(&b.1));
    if as_json {
        let rows = own.iter().map(|(name, margin, size)| {
            json!({ "name": name, "margin": margin, "expected": size.expected(), "n50": size.percent(50),
                "n80": size.percent(80), "n90": size.percent(90), "full_counts": size.full_counts })
        });
        let mut value = header(&frame);
        value["assertions"] = rows.collect();
        value["limit"] = json!(args.asked.limit);
        return show::json(&value);
    }
    print_header(&frame);
    show::heading("To be proved");
    let mut table = Table::new(&[
        ("assertion", Align::Left),
        ("margin", Align::Right),
        ("cards: half", Align::Right),
        ("80 %", Align::Right),
        ("90 %", Align::Right),
    ]);
    for (name, margin, size) in &own {
        let cell = |percent| show::number(size.percent(percent));
        table.row([(*name).to_owned(), format!("{:.3} %", margin * 100.0), cell(50), cell(80), cell(90)]);
    }
    table.print();
    show::paragraph(format!(
        "So many cards suffice in half, in 80 and in 90 of a hundred simulated audits at a risk limit of {}. All assertions \
         are tested on the same cards: the first line decides.",
        args.asked.limit
    ));
    Ok(())
}

fn header(frame: &Frame) -> Value {
    let name = |at: &usize| frame.choices.get(*at).cloned().unwrap_or_default();
    json!({
        "contest": frame.name,
        "cards": frame.contest.cards,
        "phantoms": frame.phantoms(),
        "pooled": frame.pooled(),
        "votes": frame.choices.iter().zip(&frame.contest.votes).map(|(name, n)| json!({ "choice": name, "votes": n })).collect::<Vec<_>>(),
        "runoff": frame.runoff,
        "result": frame.contest.result.iter().map(name).collect::<Vec<_>>(),
    })
}

fn print_header(frame: &Frame) {
    let name = |at: &usize| frame.choices.get(*at).map_or("", String::as_str);
    show::line(show::bold(&frame.name));
    let result: Vec<&str> = frame.contest.result.iter().map(name).collect();
    show::paragraph(if frame.runoff {
        format!("Instant-runoff by the records, first out first: {}.", result.join(", "))
    } else {
        format!("By the report: {}.", result.join(", "))
    });
    let phantoms = match frame.phantoms() {
        0 => String::new(),
        n => format!(" {} of them stand in the manifest and in no record (phantoms).", show::number(n)),
    };
    let pooled = match frame.pooled() {
        0 => String::new(),
        n => format!(" Of {} only the totals of their batches are known.", show::number(n)),
    };
    show::paragraph(format!(
        "{} that hold the contest or may hold it.{phantoms}{pooled}",
        show::count(frame.contest.cards, "card", "cards")
    ));
}

fn draw(args: &DrawArgs, as_json: bool) -> Outcome {
    let frame = Frame::read(&args.source, args.method)?;
    let order = frame.draw(&args.seed, args.cards);
    if let Some(path) = &args.output {
        let cell = |text: &str| {
            if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
        };
        let row = |(at, place): (usize, &usize)| {
            let card = &frame.cards[*place];
            format!("{},{},{}\n", at + 1, cell(&card.id), cell(&card.batch))
        };
        let text: String = order.iter().enumerate().map(row).collect();
        crate::output::file(path, format!("draw,card,batch\n{text}"))?;
    }
    if as_json {
        let one = |place: &usize| {
            let card = &frame.cards[*place];
            json!({ "card": card.id, "batch": card.batch, "phantom": card.is_phantom() && frame.compared })
        };
        let mut value = header(&frame);
        value["seed"] = json!(args.seed);
        value["sample"] = order.iter().map(one).collect();
        return show::json(&value);
    }
    print_header(&frame);
    let mut table = Table::new(&[("draw", Align::Right), ("card", Align::Left), ("batch", Align::Left)]);
    for (at, place) in order.iter().enumerate() {
        let card = &frame.cards[*place];
        table.row([show::number(at as u64 + 1), card.id.clone(), card.batch.clone()]);
    }
    table.print();
    Ok(())
}
