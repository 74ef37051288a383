//! Not written yet.

use crate::error::{CliError, Outcome};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs it.
pub fn run(_args: &Args, _json: bool) -> Outcome {
    Err(CliError::Input("not written yet".to_owned()))
}
