//! `recount quick draw`: the sample, what it promises, and its sheet.

use std::path::PathBuf;

use recount_forensics::quick::Denominator;
use serde::Serialize;

use super::frame::Frame;
use super::plan::{Plan, Reported, Sample, denominator};
use super::{Origin, SCHEMA, print, sheet};
use crate::error::{Outcome, input};
use crate::show;

/// Other samples drawn to see how wide the interval will be.
const TRIED: u64 = 25;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The register: a table of stations, or a record (directory or http(s) address).
    #[arg(value_name = "TABLE|DIR|URL")]
    what: String,
    #[command(flatten)]
    origin: Origin,
    /// Stations to draw.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    stations: u32,
    /// The level of units that are strata, or "none"; by default the first below the whole.
    #[arg(long, value_name = "LEVEL", default_value = "", hide_default_value = true)]
    strata: String,
    /// Two stages: so many units first, in proportion to their voters, then the stations within them.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    units: Option<u32>,
    /// The level of these units; by default the last above the stations.
    #[arg(long, value_name = "LEVEL", default_value = "", hide_default_value = true)]
    unit: String,
    /// A number or a text that was made in public: the same seed draws the same stations.
    #[arg(long, value_name = "TEXT|N")]
    seed: String,
    /// What shares are shares of: valid (votes), cast (ballots, valid and invalid) or registered (voters).
    #[arg(long, value_name = "WHAT", default_value = "valid", value_parser = denominator)]
    share_of: Denominator,
    /// A list that the sheet needs a column for (may be repeated); by default those of the register.
    #[arg(long, value_name = "ID")]
    list: Vec<String>,
    /// The sheet.
    #[arg(short, long, value_name = "FILE.csv")]
    out: PathBuf,
}

/// What is drawn from one stratum.
#[derive(Debug, Serialize)]
pub struct Stratum {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its stations.
    pub stations: usize,
    /// Its units; 0 in one stage.
    pub units: usize,
    /// Stations drawn.
    pub drawn: usize,
}

/// What such samples make of the results that the register holds.
#[derive(Debug, Serialize)]
pub struct Expected {
    /// The leading list there.
    pub list: String,
    /// Its share there.
    pub share: f64,
    /// Half the width of the interval, root mean square.
    pub half_width: f64,
    /// Samples that were drawn for this.
    pub samples: u64,
}

/// The answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The form of this document.
    pub schema: &'static str,
    /// What was asked for.
    pub plan: Plan,
    /// The seed in numbers.
    pub seed: u64,
    /// The election of the register.
    pub title: String,
    /// Its file or record.
    pub source: String,
    /// Its hash.
    pub hash: String,
    /// Stations drawn.
    pub drawn: usize,
    /// By stratum.
    pub strata: Vec<Stratum>,
    /// How wide the interval will be, if the register holds results.
    pub expected: Option<Expected>,
    /// Lists of the sheet.
    pub lists: Vec<String>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    if args.seed.trim().is_empty() || args.seed.trim() != args.seed || args.seed.chars().any(char::is_control) {
        return input("--seed: a text in one line, without spaces around it");
    }
    let count = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let plan = Plan {
        stations: count(args.stations),
        units: args.units.map_or(0, count),
        strata: args.strata.clone(),
        unit: args.unit.clone(),
        of: args.share_of,
        seed: args.seed.clone(),
    };
    if plan.units > plan.stations {
        return input("--units: more units than stations to draw in them");
    }
    let register = args.origin.register(&args.what)?;
    let frame = Frame::of(&register, &plan.strata, &plan.unit, plan.of)?;
    let sample = plan.draw(&frame, plan.number())?;
    let lists = if args.list.is_empty() { frame.lists.clone() } else { args.list.clone() };
    if lists.is_empty() {
        return input("the register names no lists: name each with --list ID");
    }
    let answer = Answer {
        schema: SCHEMA,
        seed: sample.seed,
        title: register.title,
        source: register.source,
        hash: register.hash,
        drawn: sample.drawn.len(),
        strata: strata(&sample),
        expected: expected(&plan, &frame)?,
        lists,
        plan,
    };
    sheet::write(&args.out, &answer.plan, &sample, &answer.lists)?;
    if as_json {
        return show::json(&answer);
    }
    print::drawn(&answer, &args.out);
    Ok(())
}

fn strata(sample: &Sample<'_>) -> Vec<Stratum> {
    let one = |(key, stations): (&u32, &usize)| {
        let group = sample.frame.stratum(*key);
        Stratum {
            id: group.map_or_else(String::new, |own| own.id.clone()),
            name: group.map_or_else(String::new, |own| own.name.clone()),
            stations: *stations,
            units: sample.units.get(key).copied().unwrap_or(0),
            drawn: sample.drawn.iter().filter(|own| own.stratum == *key).count(),
        }
    };
    sample.sizes.iter().map(one).collect()
}

/// Draws other samples, and estimates from them what the register holds already.
fn expected(plan: &Plan, frame: &Frame) -> Outcome<Option<Expected>> {
    let Some(list) = &frame.leader else { return Ok(None) };
    let (mut votes, mut all) = (0_u64, 0_u64);
    for (own, of) in frame.stations.iter().filter_map(|own| own.earlier) {
        votes += u64::from(own);
        all += u64::from(of);
    }
    let (mut squares, mut samples) = (0.0, 0_u64);
    for other in 0..TRIED {
        let sample = plan.draw(frame, plan.number().wrapping_add(1 + other))?;
        let reported: Vec<Reported> =
            sample.drawn.iter().zip(0..).filter_map(|(own, at)| past(frame, own.place, at)).collect();
        if let Ok((found, _)) = sample.estimate(&reported) {
            let half = 0.5 * (found.interval.1 - found.interval.0);
            squares += half * half;
            samples += 1;
        }
    }
    if samples == 0 || all == 0 {
        return Ok(None);
    }
    let half_width = (squares / samples as f64).sqrt();
    Ok(Some(Expected { list: list.clone(), share: votes as f64 / all as f64, half_width, samples }))
}

fn past(frame: &Frame, place: usize, at: usize) -> Option<Reported> {
    let (votes, of) = frame.stations.get(place)?.earlier?;
    Some(Reported { at, votes: f64::from(votes), of: f64::from(of) })
}
