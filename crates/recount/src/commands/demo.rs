//! `recount demo`: plays the election of 4 October 2020 into a fresh record and shows it.

mod cast;
mod findings;
mod opening;
mod play;
mod telling;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use recount_kg2020::{Figures, World};
use recount_log::sha256;
use serde_json::json;

use super::verify;
use crate::error::{CliError, Outcome, input};
use crate::read::How;
use crate::show;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the published figures leave open: whether the two counts differ at the same stations, or only in which stations are in.
    #[arg(long, value_enum, default_value_t = WorldArg::Same)]
    world: WorldArg,
    /// Keep the record in this new directory, for exploring.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Derive every key from this seed, for tests: the same seed gives the same record.
    #[arg(long, hide = true)]
    seed: Option<u64>,
}

/// The two worlds that fit the published figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WorldArg {
    /// Hand and machine counts agree wherever both exist; the totals differ because other stations are in.
    Same,
    /// Hand and machine counts differ at some stations.
    Differs,
}

/// A directory that goes away with its owner, unless it is kept.
struct Place {
    dir: PathBuf,
    keep: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be removed stays in the system's folder for temporary files.
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let world = match args.world {
        WorldArg::Same => World::Same,
        WorldArg::Differs => World::Differs,
    };
    let story = recount_kg2020::generate(world).map_err(opening::broken)?;
    let figures = Figures::published().map_err(opening::broken)?;
    let seed = seed(args.seed)?;
    let place = place(args.dir.as_deref())?;
    let played = play::play(&place.dir, &story, &figures, &seed)?;
    // From here on only the record speaks.
    drop((story, figures));
    let Some(dir) = place.dir.to_str() else { return input(format!("{}: not a UTF-8 path", place.dir.display())) };
    let findings = findings::read(dir, &played)?;
    let how =
        How { at: None, key: Some(played.key.clone()), charter: Some(played.charter), afresh: true, ..How::default() };
    let verified = verify::verify(dir, &how, None)?;
    if as_json {
        return show::json(&json!({
            "dir": place.keep.then_some(&place.dir),
            "key": played.key.to_string(),
            "charter": played.charter.to_hex(),
            "world": format!("{:?}", args.world).to_lowercase(),
            "found": findings,
            "verify": verified.to_json(),
        }));
    }
    telling::tell(&findings, &verified, dir, place.keep, &played);
    if verified.is_verified() { Ok(()) } else { Err(CliError::Shown(1)) }
}

fn seed(given: Option<u64>) -> Outcome<[u8; 32]> {
    let Some(n) = given else {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).map_err(|e| CliError::Environment(format!("no randomness to be had: {e}")))?;
        return Ok(seed);
    };
    Ok(sha256(format!("recount demo seed {n}").as_bytes()).0)
}

fn place(dir: Option<&Path>) -> Outcome<Place> {
    match dir {
        Some(dir) if dir.join("public").exists() => {
            input(format!("{}: a record is there already; name a new directory", dir.display()))
        }
        Some(dir) => Ok(Place { dir: dir.to_owned(), keep: true }),
        None => {
            let name = format!("recount-demo-{}", crate::charter::nonce()?);
            Ok(Place { dir: std::env::temp_dir().join(name), keep: false })
        }
    }
}
