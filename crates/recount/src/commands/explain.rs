//! `recount explain`: where a figure comes from, down to statements and signatures.

mod list;
mod seat;
mod statement;
mod station;
mod versions;

use recount_seats::Language;
use recount_tally::{Fold, View};

use super::Record;
use super::count::Which;
use crate::error::Outcome;
use crate::read::Opened;

/// Arguments.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["list", "seat", "station", "statement"])))]
pub struct Args {
    #[command(flatten)]
    record: Record,
    #[command(flatten)]
    which: Which,
    /// A list: its tests, its votes by unit, down to stations and statements.
    #[arg(long, value_name = "LIST")]
    list: Option<String>,
    /// A seat, from 1: the step that gave it.
    #[arg(long, value_name = "N")]
    seat: Option<u64>,
    /// A station: every version of its figures, what stands, and why each other one does not.
    #[arg(long, value_name = "STATION")]
    station: Option<String>,
    /// A statement: its text, its signers, what has become of it.
    #[arg(long, value_name = "INDEX")]
    statement: Option<u64>,
    /// With --list: only below this unit.
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,
    /// With --list: only this contest.
    #[arg(long, value_name = "CONTEST")]
    contest: Option<String>,
    /// The language of tests, steps, margins and ties: en, ru or ky.
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = crate::show::language)]
    lang: Language,
}

/// What was asked about, and the view of the count.
struct Asked<'a> {
    opened: &'a Opened,
    fold: &'a Fold,
    view: View,
    as_json: bool,
    language: Language,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let opened = args.record.open()?;
    let fold = &opened.fold;
    let asked = Asked { opened, fold, view: args.which.view(fold)?, as_json, language: args.lang };
    match (&args.list, args.seat, &args.station, args.statement) {
        (Some(id), ..) => list::run(&asked, id, args.unit.as_deref(), args.contest.as_deref()),
        (_, Some(seat), ..) => seat::run(&asked, seat),
        (_, _, Some(id), _) => station::run(&asked, id),
        (_, _, _, Some(index)) => statement::run(&asked, index),
        // One of them is required.
        _ => Ok(()),
    }
}
