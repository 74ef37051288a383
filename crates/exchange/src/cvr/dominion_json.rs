//! Dominion's JSON: `CvrExport.json` with the sessions of the scanners, alone or in a zip archive, where there may be
//! several of them beside `ContestManifest.json` and `CandidateManifest.json`, which give names to the numbers.
//!
//! A session has the marks as scanned ("Original"), and as adjudicated by people ("Modified") where they were: whichever
//! is current counts. Marks that are said to be no votes are left out. A session can hold several cards; each is a card
//! of its own.

use std::collections::BTreeMap;

use serde_json::Value;

use super::build::Builder;
use super::nist::{each, text};
use super::{CastVotes, CvrError, Mark, form, zip};
use crate::table::Options;

/// Names by number, as the manifests give them.
#[derive(Default)]
struct Names {
    /// Contests: name, marks allowed.
    contests: BTreeMap<u64, (String, Option<u32>)>,
    candidates: BTreeMap<u64, String>,
}

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<CastVotes, CvrError> {
    let mut exports = Vec::new();
    let mut names = Names::default();
    if bytes.starts_with(&zip::MAGIC) {
        zip::files(bytes, options.max_bytes, |path, bytes| {
            let file = path.rsplit('/').next().unwrap_or(path);
            if file.starts_with("CvrExport") && file.ends_with(".json") {
                exports.push(bytes);
            } else if file == "ContestManifest.json" {
                names.contests(&json(&bytes)?);
            } else if file == "CandidateManifest.json" {
                names.candidates(&json(&bytes)?);
            }
            Ok(())
        })?;
    } else {
        exports.push(bytes.to_vec());
    }
    if exports.is_empty() {
        return form("the archive holds no CvrExport.json");
    }
    let mut build = Builder::default();
    for export in exports {
        let export = json(&export)?;
        let Some(Value::Array(sessions)) = export.get("Sessions") else { return form("there are no Sessions") };
        for own in sessions {
            session(own, &names, &mut build)?;
        }
    }
    build.finish()
}

fn json(bytes: &[u8]) -> Result<Value, CvrError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|why| CvrError::Line { line: why.line() as u64, what: why.to_string() })
}

impl Names {
    fn contests(&mut self, manifest: &Value) {
        for own in each(manifest, "List") {
            if let Some(id) = number(own, "Id") {
                let allowed = number(own, "VoteFor").and_then(|n| u32::try_from(n).ok());
                self.contests.insert(id, (text(own, "Description").to_owned(), allowed));
            }
        }
    }

    fn candidates(&mut self, manifest: &Value) {
        for own in each(manifest, "List") {
            if let Some(id) = number(own, "Id") {
                self.candidates.insert(id, text(own, "Description").to_owned());
            }
        }
    }
}

/// A number, which some versions write as text.
fn number(value: &Value, key: &str) -> Option<u64> {
    let own = value.get(key)?;
    own.as_u64().or_else(|| own.as_str()?.parse().ok())
}

/// A number or a text, as text.
fn word(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::Number(n)) => n.to_string(),
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}

fn flag(value: &Value, key: &str) -> Option<bool> {
    value.get(key)?.as_bool()
}

fn session(own: &Value, names: &Names, build: &mut Builder) -> Result<(), CvrError> {
    let batch = format!("{}-{}", word(own, "TabulatorId"), word(own, "BatchId"));
    let record = match word(own, "RecordId") {
        // Some counties hide the number and leave the image's name: "...\00012_00003_000417".
        hidden if hidden.is_empty() || hidden == "X" => {
            let image = text(own, "ImageMask").split(['*', '.']).next().unwrap_or_default().to_owned();
            let last = image.rsplit(['\\', '/']).next().unwrap_or_default();
            last.rsplit('_').next().unwrap_or_default().trim_start_matches('0').to_owned()
        }
        shown => shown,
    };
    if record.is_empty() {
        return form(format!("a session of batch {batch} has neither a RecordId nor an ImageMask"));
    }
    let modified = own.get("Modified").filter(|version| flag(version, "IsCurrent").unwrap_or(true));
    let Some(version) = modified.or_else(|| own.get("Original")) else {
        return form(format!("session {batch}-{record} has neither an Original nor a current Modified"));
    };
    let style = word(version, "BallotTypeId");
    let cards = each(version, "Cards");
    if cards.is_empty() {
        build.card(&format!("{batch}-{record}"), &batch, &style)?;
        return contests(version, names, build);
    }
    for (card, n) in cards.iter().zip(1_u64..) {
        let id = if cards.len() == 1 { format!("{batch}-{record}") } else { format!("{batch}-{record}-{n}") };
        build.card(&id, &batch, &style)?;
        contests(card, names, build)?;
    }
    Ok(())
}

fn contests(of: &Value, names: &Names, build: &mut Builder) -> Result<(), CvrError> {
    for own in each(of, "Contests") {
        let Some(id) = number(own, "Id") else { return form("a contest has no Id") };
        let named = names.contests.get(&id).filter(|(name, _)| !name.is_empty());
        let at = build.contest(&named.map_or_else(|| id.to_string(), |(name, _)| name.clone()))?;
        build.vote_for(at, named.and_then(|(_, allowed)| *allowed));
        let mut marks = Vec::new();
        for mark in each(own, "Marks").iter().filter(|mark| flag(mark, "IsVote") != Some(false)) {
            let Some(id) = number(mark, "CandidateId") else { return form("a mark has no CandidateId") };
            let name = names.candidates.get(&id).filter(|name| !name.is_empty()).cloned();
            let choice = build.choice(at, &name.unwrap_or_else(|| id.to_string()))?;
            let rank = number(mark, "Rank").filter(|rank| *rank > 0).unwrap_or(1);
            marks.push(Mark { choice, rank: u32::try_from(rank).unwrap_or(u32::MAX) });
        }
        // Of ranked marks too many at one rank end a ballot there, and do not spoil what stands before.
        let ranked = marks.iter().any(|mark| mark.rank > 1);
        build.vote(at, marks, !ranked && number(own, "Overvotes").is_some_and(|n| n > 0));
    }
    Ok(())
}
