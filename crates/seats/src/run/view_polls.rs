//! Contests of candidates: who stands where, with how many votes.

use std::collections::BTreeMap;

use super::view::{Entry, Poll, View};
use crate::refusal::{Figure, Reason, Refusal};
use crate::rulebook::{ContestKind, Rulebook};
use crate::tally::{Nominee, Tally, Total, Unit};

/// Polls by contest and unit.
pub(crate) type Polls<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Poll<'a>>>;

/// All contests of candidates, each with its units by id.
pub(super) fn polls<'a>(
    view: &View<'a>,
    rulebook: &Rulebook,
    tally: &'a Tally,
    units: &BTreeMap<&'a str, &'a Unit>,
) -> Result<Polls<'a>, Refusal> {
    let nominees = nominees(view, rulebook, tally, units)?;
    let mut polls = Polls::new();
    if rulebook.contests.values().all(|contest| contest.kind != ContestKind::Candidate) {
        return Ok(polls);
    }
    for total in &tally.totals {
        let contest = rulebook.contests.get(&total.contest);
        if contest.is_none_or(|contest| contest.kind != ContestKind::Candidate) {
            continue;
        }
        let national = total.unit == view.national_unit;
        let poll = Poll {
            unit: units.get(total.unit.as_str()).copied().filter(|_| !national),
            entries: entries(view, total, &nominees)?,
            against_all: total.against_all,
        };
        polls.entry(&total.contest).or_default().insert(&total.unit, poll);
    }
    Ok(polls)
}

type Nominees<'a> = BTreeMap<(&'a str, &'a str), &'a Nominee>;

/// Nominees by contest and id, each checked.
fn nominees<'a>(
    view: &View<'a>,
    rulebook: &Rulebook,
    tally: &'a Tally,
    units: &BTreeMap<&'a str, &'a Unit>,
) -> Result<Nominees<'a>, Refusal> {
    let mut nominees = BTreeMap::new();
    for nominee in &tally.nominees {
        let bad = |reason: Reason| Refusal::BadNominee { nominee: nominee.id.clone(), reason };
        match rulebook.contests.get(&nominee.contest) {
            None => return Err(Refusal::UnknownContest { contest: nominee.contest.clone() }),
            Some(contest) if contest.kind == ContestKind::List => {
                return Err(bad(Reason::ContestOfLists));
            }
            Some(_) => {}
        }
        if let Some(unit) = &nominee.unit
            && !units.contains_key(unit.as_str())
        {
            return Err(Refusal::UnknownUnit { unit: unit.clone() });
        }
        if let Some(list) = &nominee.list
            && view.position(list).is_none()
        {
            return Err(bad(Reason::ListUnknown));
        }
        if nominees.insert((nominee.contest.as_str(), nominee.id.as_str()), nominee).is_some() {
            return Err(bad(Reason::StandsTwice));
        }
    }
    Ok(nominees)
}

/// Who stands in one unit: everybody with votes, and nominees of the unit without any.
fn entries<'a>(view: &View<'a>, total: &'a Total, nominees: &Nominees<'a>) -> Result<Vec<Entry<'a>>, Refusal> {
    let mut entries = Vec::with_capacity(total.votes.len());
    for (id, votes) in &total.votes {
        let nominee = nominees.get(&(total.contest.as_str(), id.as_str())).copied();
        let entry = match nominee {
            Some(nominee) => Entry {
                id,
                name: &nominee.name,
                list: nominee.list.as_deref().and_then(|list| view.position(list)),
                votes: *votes,
                nominee: Some(nominee),
            },
            None => {
                let unknown = || Refusal::UnknownList { list: id.clone(), unit: total.unit.clone() };
                let place = view.position(id).ok_or_else(unknown)?;
                let name = view.lists.get(place).map_or("", |list| list.name.as_str());
                Entry { id, name, list: Some(place), votes: *votes, nominee: None }
            }
        };
        entries.push(entry);
    }
    let unvoted =
        nominees.range((total.contest.as_str(), "")..).take_while(|((contest, _), _)| *contest == total.contest);
    for (_, nominee) in unvoted {
        let here = nominee.unit.as_deref().is_none_or(|unit| unit == total.unit);
        if here && nominee.unit.is_some() && !total.votes.contains_key(&nominee.id) {
            entries.push(Entry {
                id: &nominee.id,
                name: &nominee.name,
                list: nominee.list.as_deref().and_then(|list| view.position(list)),
                votes: 0,
                nominee: Some(nominee),
            });
        }
    }
    entries.sort_by(|a, b| a.id.cmp(b.id));
    Ok(entries)
}

/// Adds the votes of a poll to those of the lists; votes of no list are returned.
pub(super) fn by_list(poll: &Poll<'_>, votes: &mut [u64]) -> Result<u64, Refusal> {
    let too_large = || Refusal::TooLarge {
        what: Figure::VotesOfCandidates,
        unit: poll.unit.map_or_else(|| "national".to_owned(), |unit| unit.id.clone()),
    };
    let mut unlisted = 0u64;
    for entry in &poll.entries {
        let sum = match entry.list.and_then(|list| votes.get_mut(list)) {
            Some(sum) => sum,
            None => &mut unlisted,
        };
        *sum = sum.checked_add(entry.votes).ok_or_else(too_large)?;
    }
    Ok(unlisted)
}
