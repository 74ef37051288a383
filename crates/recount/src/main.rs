//! `recount`: election results that anyone can recount.
//!
//! People read its tables; scripts read `--json`. Exit codes: 0 fine; 1 the answer is "no"; 2 the call or the input is wrong; 3 the
//! environment failed.

mod annex;
mod charter;
mod commands;
mod error;
mod keys;
mod output;
mod progress;
mod read;
mod register;
mod show;
mod view;
mod write;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands as c;

/// Statements are read on some threads and folded on another: the system's allocator would spend its time on locks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Election results that anyone can recount.
///
/// Every figure is a function of the record (a public, signed, append-only log of station protocols and rulings) and a size of it.
#[derive(Debug, Parser)]
#[command(name = "recount", version, max_term_width = 100)]
struct Cli {
    /// One JSON document on standard output instead of tables.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays the election of 4 October 2020 in Kyrgyzstan into a fresh record and shows it.
    Demo(c::demo::Args),
    /// Makes a signing key, or shows its verifier key.
    Key(c::key::Args),
    /// Opens a record: charter, rulebook, forms and register.
    Init(c::init::Args),
    /// Writes the text of a statement, ready to be signed.
    Draft(c::draft::Args),
    /// Adds one signature line to a statement, offline.
    Sign(c::sign::Args),
    /// Appends signed statements; prints index and receipt.
    File(c::file::Args),
    /// Files a table of station results, one protocol or copy per row.
    Import(c::import::Args),
    /// Coverage and phase.
    Status(c::status::Args),
    /// Stations that are missing or not countable.
    Missing(c::missing::Args),
    /// Statements by station, signer, kind and what became of them.
    List(c::list::Args),
    /// The result: coverage, totals, admission, seats, margins, readings, conflicts.
    Count(c::count::Args),
    /// A rulebook applied to a tally, without a record.
    Seats(c::seats::Args),
    /// Where a figure comes from, down to statements and signatures.
    Explain(c::explain::Args),
    /// What changed between two sizes, by cause, and what it did to votes and seats.
    Diff(c::diff::Args),
    /// The result as if; nothing is written.
    #[command(name = "what-if")]
    WhatIf(c::what_if::Args),
    /// Broken controls, with formula and figures.
    Controls(c::controls::Args),
    /// Protocol against copies, source against source, record against record.
    Compare(c::compare::Args),
    /// Statistical checks on station results: where to look, and how far to trust it.
    Forensics(Box<c::forensics::Args>),
    /// Quick counts: draws a sample of stations, and estimates shares from what they report.
    Quick(c::quick::Args),
    /// Checks everything and says what was proved and what nobody can prove.
    Verify(c::verify::Args),
    /// Writes a receipt: this statement is in the record of that checkpoint.
    Prove(c::prove::Args),
    /// Checks a receipt, offline.
    #[command(name = "check-receipt")]
    CheckReceipt(c::check_receipt::Args),
    /// Keeps a verified copy of a record up to date.
    Mirror(c::mirror::Args),
    /// Plans, draws, records and judges an audit that limits the risk of wrong seats.
    Audit(c::audit::Args),
    /// Tables of the result at a size.
    Export(c::export::Args),
    /// The record and its result page, live over HTTP.
    Serve(c::serve::Args),
    /// The record and its result page, as files.
    Publish(c::publish::Args),
    /// A synthetic record of any size, for load and scale.
    Synth(c::synth::Args),
}

impl Command {
    /// Whether the command asks a yes-or-no question about a record: then a damaged one is the answer "no", and not a wrong input.
    fn asks_whether(&self) -> bool {
        matches!(
            self,
            Command::Verify(_) | Command::Mirror(_) | Command::CheckReceipt(_) | Command::Compare(_) | Command::Demo(_)
        )
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.json;
    let outcome = match &cli.command {
        Command::Demo(args) => c::demo::run(args, json),
        Command::Key(args) => c::key::run(args, json),
        Command::Init(args) => c::init::run(args, json),
        Command::Draft(args) => c::draft::run(args, json),
        Command::Sign(args) => c::sign::run(args, json),
        Command::File(args) => c::file::run(args, json),
        Command::Import(args) => c::import::run(args, json),
        Command::Status(args) => c::status::run(args, json),
        Command::Missing(args) => c::missing::run(args, json),
        Command::List(args) => c::list::run(args, json),
        Command::Count(args) => c::count::run(args, json),
        Command::Seats(args) => c::seats::run(args, json),
        Command::Explain(args) => c::explain::run(args, json),
        Command::Diff(args) => c::diff::run(args, json),
        Command::WhatIf(args) => c::what_if::run(args, json),
        Command::Controls(args) => c::controls::run(args, json),
        Command::Compare(args) => c::compare::run(args, json),
        Command::Forensics(args) => c::forensics::run(args, json),
        Command::Quick(args) => c::quick::run(args, json),
        Command::Verify(args) => c::verify::run(args, json),
        Command::Prove(args) => c::prove::run(args, json),
        Command::CheckReceipt(args) => c::check_receipt::run(args, json),
        Command::Mirror(args) => c::mirror::run(args, json),
        Command::Audit(args) => c::audit::run(args, json),
        Command::Export(args) => c::export::run(args, json),
        Command::Serve(args) => c::serve::run(args, json),
        Command::Publish(args) => c::publish::run(args, json),
        Command::Synth(args) => c::synth::run(args, json),
    };
    // An answer that could not be written is none, whatever it was.
    let outcome = match (outcome, show::delivered()) {
        (Ok(()) | Err(error::CliError::Shown(_)), Err(lost)) => Err(lost),
        (outcome, _) => outcome,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = error.to_string();
            if !text.is_empty() {
                show::complain(&text);
            }
            ExitCode::from(error.exit_code(cli.command.asks_whether()))
        }
    }
}
