//! `recount quick estimate`: shares with intervals from the stations that have reported, and what the missing ones could still change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use recount_forensics::Limits;
use recount_forensics::quick::{Bounds, Clustered, DrawnStation, Estimate, NotEstimable, worst_case};
use serde::Serialize;

use super::frame::Frame;
use super::plan::{Plan, Reported, Sample};
use super::sheet::{self, Filled, Key, Read};
use super::{Origin, SCHEMA, print};
use crate::error::{Outcome, input};
use crate::show;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The sheet that `recount quick draw` wrote, with figures filled in.
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// The register that the sample was drawn from.
    #[arg(long, value_name = "TABLE|DIR|URL")]
    of: String,
    #[command(flatten)]
    origin: Origin,
}

/// Coverage of one stratum.
#[derive(Debug, Serialize)]
pub struct Coverage {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its stations.
    pub stations: usize,
    /// Stations drawn.
    pub drawn: usize,
    /// Stations that have reported.
    pub reported: usize,
    /// Whether that is enough for a variance of its own: two, or all there are.
    pub enough: bool,
}

/// One list, or the lead.
#[derive(Debug, Serialize)]
pub struct Share {
    /// The list.
    pub list: String,
    /// The estimate.
    pub estimate: Option<Estimate>,
    /// In two stages: its variance over that of as many stations drawn singly.
    pub design_effect: Option<f64>,
    /// Why there is no estimate.
    pub not_estimable: Option<String>,
    /// If stations are missing: where the whole sample's share can lie, whatever they say.
    pub bounds: Option<Bounds>,
    /// The same with the error of drawing added on both sides.
    pub bounds_with_drawing: Option<(f64, f64)>,
}

/// The first list's share less the second's.
#[derive(Debug, Serialize)]
pub struct Lead {
    /// The list ahead in the estimate.
    pub first: String,
    /// The next one.
    pub second: String,
    /// The lead.
    pub estimate: Estimate,
    /// Whether 0 lies in its interval.
    pub too_close: bool,
}

/// The answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The form of this document.
    pub schema: &'static str,
    /// How the sample was drawn.
    pub plan: Plan,
    /// The register: its election, file or record, and hash.
    pub title: String,
    /// File, or record and size.
    pub source: String,
    /// Its hash.
    pub hash: String,
    /// Stations drawn.
    pub drawn: usize,
    /// Stations that have reported.
    pub reported: usize,
    /// By stratum.
    pub strata: Vec<Coverage>,
    /// Lists, the largest share first.
    pub lists: Vec<Share>,
    /// The lead of the first over the second.
    pub lead: Option<Lead>,
    /// What to be careful about.
    pub warnings: Vec<String>,
    /// What these figures cannot show.
    pub cannot_show: &'static str,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let sheet = sheet::read(&args.file)?;
    let register = args.origin.register(&args.of)?;
    let frame = Frame::of(&register, &sheet.plan.strata, &sheet.plan.unit, sheet.plan.of)?;
    let sample = sheet.plan.draw(&frame, sheet.plan.number())?;
    let night = Night::of(&sample, &sheet, &args.file)?;
    let strata = night.coverage();
    let mut lists: Vec<Share> = sheet.lists.iter().enumerate().map(|(at, id)| night.share(at, id)).collect();
    let rank = |own: &Share| own.estimate.map_or(f64::NEG_INFINITY, |own| own.share);
    lists.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let answer = Answer {
        schema: SCHEMA,
        title: register.title,
        source: register.source,
        hash: register.hash,
        drawn: sample.drawn.len(),
        reported: night.rows.len(),
        warnings: night.warnings(&strata, sheet.rows.len()),
        lead: night.lead(&sheet.lists, &lists),
        cannot_show: if sample.units.is_empty() { Estimate::CANNOT_SHOW } else { Clustered::CANNOT_SHOW },
        strata,
        lists,
        plan: sheet.plan,
    };
    if as_json {
        return show::json(&answer);
    }
    print::estimated(&answer);
    Ok(())
}

/// What is known at some moment of the night.
struct Night<'a> {
    sample: &'a Sample<'a>,
    /// Place among those drawn, figures, denominator.
    rows: Vec<(usize, &'a Filled, u32)>,
}

impl<'a> Night<'a> {
    /// Puts the rows of the sheet to the stations that the seed draws.
    fn of(sample: &'a Sample<'a>, sheet: &'a Read, file: &Path) -> Outcome<Night<'a>> {
        let keys: BTreeMap<Key, usize> =
            sample.drawn.iter().zip(0..).filter_map(|(own, at)| Some((key(sample.frame, own)?, at))).collect();
        for (key, line) in &sheet.rows {
            if !keys.contains_key(key) {
                return input(format!(
                    "{}:{line}: station {} is not in the sample that the seed draws from this register: the sheet or the register \
                     was changed, or it is another register",
                    file.display(),
                    key.2
                ));
            }
        }
        let mut rows = Vec::new();
        for (key, filled) in &sheet.filled {
            let Some(at) = keys.get(key) else { continue };
            let station = sample.drawn.get(*at).and_then(|own| sample.frame.stations.get(own.place));
            let Some(of) = filled.of.or(station.and_then(|own| own.registered)) else {
                return input(format!(
                    "{}:{}: the register does not say how many voters station {} has; draw with --share-of valid",
                    file.display(),
                    filled.line,
                    key.2
                ));
            };
            rows.push((*at, filled, of));
        }
        rows.sort_by_key(|own| own.0);
        Ok(Night { sample, rows })
    }

    fn coverage(&self) -> Vec<Coverage> {
        let drawn = |key: u32| self.sample.drawn.iter().filter(|own| own.stratum == key).count();
        let of = |at: &usize| self.sample.drawn.get(*at).map(|own| own.stratum);
        let one = |(key, stations): (&u32, &usize)| {
            let reported = self.rows.iter().filter(|(at, _, _)| of(at) == Some(*key)).count();
            let group = self.sample.frame.stratum(*key);
            Coverage {
                id: group.map_or_else(String::new, |own| own.id.clone()),
                name: group.map_or_else(String::new, |own| own.name.clone()),
                stations: *stations,
                drawn: drawn(*key),
                reported,
                enough: reported >= 2.min(*stations),
            }
        };
        self.sample.sizes.iter().map(one).collect()
    }

    /// What was reported of one list, or of one less another.
    fn reported(&self, list: usize, less: Option<usize>) -> Vec<Reported> {
        let votes = |own: &Filled, list: usize| f64::from(own.votes.get(list).copied().unwrap_or(0));
        let one = |(at, own, of): &(usize, &Filled, u32)| Reported {
            at: *at,
            votes: votes(own, list) - less.map_or(0.0, |less| votes(own, less)),
            of: f64::from(*of),
        };
        self.rows.iter().map(one).collect()
    }

    fn share(&self, list: usize, id: &str) -> Share {
        let reported = self.reported(list, None);
        let found = self.sample.estimate(&reported);
        let estimate = found
            .as_ref()
            .ok()
            .map(|(own, _)| Estimate { interval: (own.interval.0.max(0.0), own.interval.1.min(1.0)), ..*own });
        let bounds = self.bounds(&reported);
        let drawing = estimate.zip(bounds).map(|(own, bounds)| {
            let (low, high) = bounds.between;
            ((low - (own.share - own.interval.0)).max(0.0), (high + (own.interval.1 - own.share)).min(1.0))
        });
        Share {
            list: id.to_owned(),
            estimate,
            design_effect: found.as_ref().ok().and_then(|(_, effect)| *effect),
            not_estimable: found.err().map(|why| self.why(&why)),
            bounds,
            bounds_with_drawing: drawing,
        }
    }

    /// The share that the whole sample can still give: each missing station may hold up to all its registered voters, for or against.
    fn bounds(&self, reported: &[Reported]) -> Option<Bounds> {
        let weight = |at: usize| self.sample.drawn.get(at).map_or(0.0, |own| own.weight);
        let registered = |own: &DrawnStation| self.sample.frame.stations.get(own.place).and_then(|own| own.registered);
        let has: std::collections::BTreeSet<usize> = reported.iter().map(|own| own.at).collect();
        if has.len() == self.sample.drawn.len() {
            return None;
        }
        // A station of which the register says nothing is taken for as large as the largest drawn.
        let largest = self.sample.drawn.iter().filter_map(registered).max().unwrap_or(0);
        let known = self.rows.iter().map(|(_, _, of)| *of).max().unwrap_or(0).max(largest);
        let missing: f64 = self
            .sample
            .drawn
            .iter()
            .enumerate()
            .filter(|(at, _)| !has.contains(at))
            .map(|(_, own)| own.weight * f64::from(registered(own).unwrap_or(known)))
            .sum();
        let all: f64 = reported.iter().map(|own| weight(own.at) * own.of).sum();
        let votes: f64 = reported.iter().map(|own| weight(own.at) * own.votes).sum();
        (all > 0.0).then(|| worst_case(votes / all, missing / (all + missing), 0.0, 1.0))
    }

    fn lead(&self, lists: &[String], ranked: &[Share]) -> Option<Lead> {
        let [first, second, ..] = ranked else { return None };
        let place = |own: &Share| lists.iter().position(|id| *id == own.list);
        let (estimate, _) = self.sample.estimate(&self.reported(place(first)?, Some(place(second)?))).ok()?;
        let too_close = estimate.too_close();
        Some(Lead { first: first.list.clone(), second: second.list.clone(), estimate, too_close })
    }

    fn why(&self, why: &NotEstimable) -> String {
        let name = |key: u32| self.sample.frame.stratum(key).map_or_else(String::new, |own| own.name.clone());
        match why {
            NotEstimable::FewUnits { stratum, units, of } => {
                format!("{}: returns from {units} of {of} units; at least two are needed", name(*stratum))
            }
            NotEstimable::Thin { .. } => "too few stations have reported: at least two are needed".to_owned(),
            other => other.to_string(),
        }
    }

    fn warnings(&self, strata: &[Coverage], rows: usize) -> Vec<String> {
        let mut warnings = Vec::new();
        let thin: Vec<&Coverage> = strata.iter().filter(|own| !own.enough).collect();
        // Where nowhere enough has come in there is no estimate in which others could stand in.
        if !thin.is_empty() && thin.len() < strata.len() {
            let names: Vec<&str> = thin.iter().take(8).map(|own| own.name.as_str()).collect();
            let more = if thin.len() > names.len() { ", ..." } else { "" };
            warnings.push(format!(
                "{} with fewer than two returns ({}{more}): others stand in for them",
                show::count(thin.len() as u64, "stratum", "strata"),
                names.join(", ")
            ));
        }
        if rows < self.sample.drawn.len() {
            warnings.push(format!(
                "the sheet has rows for {} of the stations drawn; the others count as missing",
                show::number(rows as u64)
            ));
        }
        let missing = self.sample.drawn.len().saturating_sub(self.rows.len());
        if missing > 0 {
            warnings.push(format!(
                "{} missing: intervals assume that those like them have reported (of their size and stratum, or of their unit); \
                 the bounds assume nothing",
                if missing == 1 { "1 station is".to_owned() } else { format!("{} stations are", show::number(missing as u64)) }
            ));
        }
        let frame = self.sample.frame;
        let registered =
            |at: &usize| self.sample.drawn.get(*at).and_then(|own| frame.stations.get(own.place)?.registered);
        let over = self.rows.iter().find(|(at, _, of)| registered(at).is_some_and(|own| *of > own));
        if let Some((_, own, _)) = over {
            warnings.push(format!("line {}: more ballots than registered voters", own.line));
        }
        warnings
    }
}

/// A drawn station as the sheet names it.
fn key(frame: &Frame, own: &DrawnStation) -> Option<Key> {
    let station = frame.stations.get(own.place)?;
    let trimmed = |text: &str| text.trim().to_owned();
    Some((trimmed(&frame.stratum(own.stratum)?.id), trimmed(&frame.unit(own.unit)?.id), trimmed(&station.id)))
}
