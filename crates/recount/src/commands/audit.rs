//! `recount audit`: plans, draws, records and judges an audit that limits the risk of wrong seats.

mod annex;
mod assess;
mod cards;
mod certificate;
mod draw;
mod enter;
mod open;
mod plan;
mod points;
mod seed;
mod sheets;
mod write;

use clap::Subcommand;

use crate::error::Outcome;

pub use annex::annexes;
pub use open::{AuditCheck, check_all};
pub use points::{open_points, proved_points};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "made once, when the command line is read")]
enum Command {
    /// What would be tested, what it would cost; with --sign the plan is filed.
    Plan(plan::Args),
    /// Files a contribution to the seed: dice, or what a participant brings.
    Seed(seed::Args),
    /// The sample, as anyone derives it; with --sign contributions are closed, or more stations are drawn.
    Draw(draw::Args),
    /// Sheets to write on, one for each drawn station, as a page to print.
    Sheets(sheets::Args),
    /// Files what was found in a box: two people enter it, each without seeing the other.
    Enter(enter::Args),
    /// The risk of every assertion now, and what is still to do; with --sign it is filed.
    Assess(assess::Args),
    /// What is proved, in plain words. Exit code 1 while it is not everything.
    Certificate(certificate::Args),
    /// Audits of single ballots from files: cast-vote records, manifest, seed, papers. No record is needed.
    Cards(cards::Args),
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    match &args.command {
        Command::Plan(args) => plan::run(args, as_json),
        Command::Seed(args) => seed::run(args, as_json),
        Command::Draw(args) => draw::run(args, as_json),
        Command::Sheets(args) => sheets::run(args, as_json),
        Command::Enter(args) => enter::run(args, as_json),
        Command::Assess(args) => assess::run(args, as_json),
        Command::Certificate(args) => certificate::run(args, as_json),
        Command::Cards(args) => cards::run(args, as_json),
    }
}
