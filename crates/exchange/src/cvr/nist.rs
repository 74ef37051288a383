//! NIST SP 1500-103, "Cast Vote Records Common Data Format": a CastVoteRecordReport in JSON or XML.
//!
//! Of a record's snapshots the current one counts. A selection is marked if one of its positions has an indication, is not said to
//! be unallocable, and stands for at least one vote.

use std::collections::BTreeMap;

use serde_json::Value;

use super::build::Builder;
use super::{CastVotes, CvrError, Mark, form, xml};

pub(super) fn json(bytes: &[u8]) -> Result<CastVotes, CvrError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match serde_json::from_slice::<Value>(bytes) {
        Ok(report) => read(&report),
        Err(why) => Err(CvrError::Line { line: why.line() as u64, what: why.to_string() }),
    }
}

pub(super) fn xml(bytes: &[u8]) -> Result<CastVotes, CvrError> {
    match xml::read(bytes)? {
        (name, report) if name == "CastVoteRecordReport" => read(&report),
        (name, _) => form(format!("the root element is {name:?}, not CastVoteRecordReport")),
    }
}

/// What stands under a key: one thing, several, or none.
pub(super) fn each<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    match value.get(key) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(several)) => several,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The text under a key, empty where there is none.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    match value.get(key) {
        Some(Value::String(text)) => text,
        Some(Value::Object(own)) => own.get("$").and_then(Value::as_str).unwrap_or_default(),
        _ => "",
    }
}

/// The number under a key, which is text in XML.
fn number(value: &Value, key: &str) -> Option<u64> {
    let own = value.get(key)?;
    own.as_u64().or_else(|| own.as_str()?.parse().ok())
}

/// Identifiers under a key: in XML with spaces between them.
fn ids<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    each(value, key).iter().filter_map(Value::as_str).flat_map(str::split_whitespace)
}

/// Names by identifier, as the election in the report gives them.
#[derive(Default)]
struct Names<'v> {
    /// Contests: name, choices that may be marked.
    contests: BTreeMap<&'v str, (&'v str, Option<u32>)>,
    selections: BTreeMap<&'v str, String>,
}

fn names(report: &Value) -> Names<'_> {
    let mut names = Names::default();
    for election in each(report, "Election") {
        let candidates: BTreeMap<&str, &str> =
            each(election, "Candidate").iter().map(|own| (text(own, "@id"), text(own, "Name"))).collect();
        for contest in each(election, "Contest") {
            let allowed = number(contest, "VotesAllowed").and_then(|n| u32::try_from(n).ok());
            names.contests.insert(text(contest, "@id"), (text(contest, "Name"), allowed));
            for selection in each(contest, "ContestSelection") {
                let of: Vec<&str> =
                    ids(selection, "CandidateIds").map(|id| candidates.get(id).copied().unwrap_or(id)).collect();
                let name = match (of.is_empty(), text(selection, "Selection")) {
                    (false, _) => of.join(" / "),
                    (true, "") => text(selection, "@id").to_owned(),
                    (true, own) => own.to_owned(),
                };
                names.selections.insert(text(selection, "@id"), name);
            }
        }
    }
    names
}

fn read(report: &Value) -> Result<CastVotes, CvrError> {
    let records = each(report, "CVR");
    if records.is_empty() && report.get("Election").is_none() {
        return form("there is neither a CVR nor an Election");
    }
    let names = names(report);
    let mut build = Builder::default();
    for (record, n) in records.iter().zip(1u64..) {
        let known = ["BallotAuditId", "UniqueId", "BallotPrePrintedId"].map(|key| text(record, key));
        let made = n.to_string();
        let id = known.into_iter().find(|id| !id.is_empty()).unwrap_or(&made);
        build.card(id, text(record, "BatchId"), text(record, "BallotStyleId"))?;
        let current = text(record, "CurrentSnapshotId");
        let snapshots = each(record, "CVRSnapshot");
        let snapshot = snapshots.iter().find(|own| !current.is_empty() && text(own, "@id") == current);
        for own in snapshot.or(snapshots.last()).map_or(&[][..], |own| each(own, "CVRContest")) {
            contest(own, &names, &mut build)?;
        }
    }
    build.finish()
}

fn contest(own: &Value, names: &Names<'_>, build: &mut Builder) -> Result<(), CvrError> {
    let id = text(own, "ContestId");
    let (name, allowed) = names.contests.get(id).copied().filter(|(name, _)| !name.is_empty()).unwrap_or((id, None));
    if name.is_empty() {
        return form("a CVRContest has no ContestId");
    }
    let at = build.contest(name)?;
    build.vote_for(at, allowed);
    let mut marks = Vec::new();
    for selection in each(own, "CVRContestSelection") {
        let id = text(selection, "ContestSelectionId");
        let choice = match (names.selections.get(id), id) {
            (Some(name), _) => build.choice(at, name)?,
            (None, "") => build.choice(at, "write-in")?,
            (None, id) => build.choice(at, id)?,
        };
        for position in each(selection, "SelectionPosition").iter().filter(|position| is_marked(position)) {
            let rank = number(position, "Rank").or_else(|| number(selection, "Rank")).unwrap_or(1);
            marks.push(Mark { choice, rank: u32::try_from(rank).unwrap_or(u32::MAX) });
        }
    }
    build.vote(at, marks, number(own, "Overvotes").is_some_and(|n| n > 0));
    Ok(())
}

fn is_marked(position: &Value) -> bool {
    text(position, "HasIndication") == "yes"
        && text(position, "IsAllocable") != "no"
        && number(position, "NumberVotes").is_none_or(|n| n > 0)
}
