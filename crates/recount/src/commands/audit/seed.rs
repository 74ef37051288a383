//! `recount audit seed`: a contribution to the seed.

use std::path::PathBuf;

use recount_assessment::trail::SEED;
use serde_json::json;

use super::open::trail_of;
use super::write::{Desk, note};
use crate::error::{Outcome, input};
use crate::show;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's directory.
    dir: String,
    /// The audit, by the statement of its plan; by default the last.
    #[arg(long, value_name = "INDEX")]
    plan: Option<u64>,
    /// What was thrown or thought up: the digits of the dice, a participant's words.
    #[arg(long)]
    text: String,
    /// Who brings it: any key that holds an office.
    #[arg(long, value_name = "FILE", required = true)]
    sign: Vec<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let mut desk = Desk::open(&args.dir, &args.sign)?;
    let trail = trail_of(desk.recorder.fold(), args.plan)?;
    if trail.closing.is_some() {
        return input("contributions to the seed are closed: nothing that comes now changes it");
    }
    if args.text.trim().is_empty() {
        return input("an empty contribution is none");
    }
    let mut contribution = note(SEED, trail.index);
    contribution.sources = vec![args.text.trim().to_owned()];
    let index = desk.note(contribution)?;
    let count = trail.contributions.len() + 1;
    if as_json {
        return show::json(&json!({ "statement": index, "plan": trail.index, "contributions": count }));
    }
    show::paragraph(format!(
        "Statement {index}: contribution {count} to the seed of the audit planned in statement {}. Whoever runs the audit closes \
         contributions with `recount audit draw --sign`.",
        trail.index
    ));
    Ok(())
}
