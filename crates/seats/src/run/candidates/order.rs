//! The order in which a list's candidates are seated.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::refusal::{Figure, Refusal};
use crate::rulebook::{Allocate, CandidateOrder, Candidates, JumpBase, Stage, Strictness};
use crate::run::machine::{Work, allocation_of};
use crate::tally::{List, Unit};

/// The seats of one list in one place.
pub(super) struct Place<'a> {
    pub who: usize,
    pub list: &'a List,
    /// None: the whole.
    pub unit: Option<&'a Unit>,
    pub seats: u64,
    /// The seats of all lists there.
    pub house: u64,
}

/// One candidate in the order of seating.
pub(crate) struct Standing<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// From 1, as nominated.
    pub place: u64,
    /// Their own votes, where those order them; none: list order does.
    pub by_votes: Option<u64>,
    pub jumped: bool,
    pub reserved_for: bool,
}

/// A candidate as the tally has them: on a list, or as a nominee of a contest of candidates.
struct Person<'a> {
    id: &'a str,
    name: &'a str,
    withdrawn: bool,
    votes: Option<u64>,
    attributes: &'a BTreeMap<String, String>,
}

/// Whether the list has other candidates in each unit.
pub(super) fn by_unit(work: &Work<'_>, who: usize, list: &List) -> bool {
    let polls = || work.view.polls.values().flat_map(BTreeMap::values);
    list.candidates.iter().any(|candidate| candidate.unit.is_some())
        || (list.candidates.is_empty()
            && polls().any(|poll| poll.unit.is_some() && poll.entries.iter().any(|e| e.list == Some(who))))
}

/// Whether the tally names the candidates of this place.
pub(super) fn known(work: &Work<'_>, place: &Place<'_>) -> bool {
    !people(work, "", place).is_empty()
}

/// The people of a list in a place, as nominated. A contest of candidates names them by its nominees.
fn people<'a>(work: &Work<'a>, contest: &str, place: &Place<'a>) -> Vec<Person<'a>> {
    let here = place.list.candidates.iter().filter(|candidate| {
        candidate.unit.is_none() || place.unit.is_none_or(|unit| candidate.unit.as_ref() == Some(&unit.id))
    });
    let on_list: Vec<Person<'a>> = here
        .map(|candidate| Person {
            id: &candidate.id,
            name: &candidate.name,
            withdrawn: candidate.withdrawn,
            votes: candidate.attributes.get("votes").and_then(|votes| votes.parse().ok()),
            attributes: &candidate.attributes,
        })
        .collect();
    if !on_list.is_empty() {
        return on_list;
    }
    let polls = work.view.polls.iter().filter(|(name, _)| contest.is_empty() || **name == contest);
    let polls = polls.flat_map(|(_, polls)| polls.values());
    let in_place = polls.filter(|poll| poll.unit.map(|unit| &unit.id) == place.unit.map(|unit| &unit.id));
    let entries = in_place.flat_map(|poll| &poll.entries).filter(|entry| entry.list == Some(place.who));
    let person = |(id, name, votes, nominee): (&'a str, &'a str, u64, &'a crate::tally::Nominee)| Person {
        id,
        name,
        withdrawn: nominee.withdrawn,
        votes: Some(votes),
        attributes: &nominee.attributes,
    };
    entries.filter_map(|entry| Some(person((entry.id, entry.name, entry.votes, entry.nominee?)))).collect()
}

/// Those of one list in one place who can be seated, before their votes put them in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runners<'a> {
    pub people: Vec<Runner<'a>>,
    /// The votes that lift a candidate before others; none: nothing does.
    pub lifts: Option<u128>,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Runner<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// From 1, as nominated.
    pub place: u64,
    /// Votes of their own, where those count for anything.
    pub votes: Option<u64>,
    pub reserved_for: bool,
}

/// The candidates who can be seated, as nominated.
pub(super) fn runners<'a>(
    work: &Work<'a>,
    stage: &Stage,
    rule: &Candidates,
    place: &Place<'a>,
    elsewhere: &BTreeSet<String>,
) -> Result<Runners<'a>, Refusal> {
    let ordered = rule.order == CandidateOrder::Votes;
    let allocation = allocation_of(work.rulebook, &rule.of).map(|(_, allocation)| allocation);
    let contest = allocation.map_or("", |allocation| allocation.contest.as_str());
    let people = people(work, contest, place);
    let number = people.len();
    let mut runners = Runners::default();
    for (person, at) in people.into_iter().zip(1u64..) {
        if (rule.skip_withdrawn && person.withdrawn) || elsewhere.contains(person.id) {
            continue;
        }
        let votes = match (ordered, &rule.jump) {
            (false, None) => None,
            _ => Some(person.votes.ok_or_else(|| Refusal::CandidateVotesMissing {
                list: place.list.id.clone(),
                candidate: person.id.to_owned(),
            })?),
        };
        runners.people.push(Runner {
            id: person.id,
            name: person.name,
            place: at,
            votes,
            reserved_for: rule.reserve.as_ref().is_some_and(|r| person.attributes.get(&r.attribute) == Some(&r.is)),
        });
    }
    if runners.people.iter().any(|one| one.votes.is_some()) {
        runners.lifts = match allocation {
            Some(allocation) => lifts(work, rule, allocation, place, number)?,
            None if rule.jump.is_some() => return Err(Refusal::NoVotes { stage: stage.id.clone() }),
            None => None,
        };
    }
    Ok(runners)
}

impl<'a> Runners<'a> {
    /// First to last, each with the votes that it has then.
    pub(crate) fn standing(&self, ordered: bool, votes: impl Iterator<Item = Option<u64>>) -> Vec<Standing<'a>> {
        let lifted =
            |votes: Option<u64>| votes.zip(self.lifts).is_some_and(|(votes, least)| u128::from(votes) >= least);
        let mut standing: Vec<Standing<'a>> = self
            .people
            .iter()
            .zip(votes)
            .map(|(one, votes)| Standing {
                id: one.id,
                name: one.name,
                place: one.place,
                by_votes: votes.filter(|_| ordered || lifted(votes)),
                jumped: lifted(votes),
                reserved_for: one.reserved_for,
            })
            .collect();
        // Those who jump first, by votes; then by votes or place. Equal votes stay in list order here.
        standing.sort_by_key(|one| (!one.jumped, Reverse(one.by_votes.unwrap_or(0)), one.place));
        standing
    }
}

/// The least votes of their own that lift a candidate before others; none: no number does.
fn lifts(
    work: &Work<'_>,
    rule: &Candidates,
    allocation: &Allocate,
    place: &Place<'_>,
    candidates: usize,
) -> Result<Option<u128>, Refusal> {
    let Some(jump) = &rule.jump else {
        return Ok(None);
    };
    let figures = match place.unit {
        Some(unit) => work.view.figures_in(&allocation.contest, unit)?,
        None => &work.view.of(&allocation.contest)?.whole,
    };
    let of_list = figures.votes.get(place.who).copied().map_or(0, u128::from);
    // votes / (whole / parts) against the multiple: votes * parts * den against whole * num.
    let (whole, parts) = match jump.of {
        JumpBase::ListMean => (of_list, u128::try_from(candidates).unwrap_or(u128::MAX)),
        JumpBase::ListVotes => (of_list, 1),
        JumpBase::HareQuota => (figures.votes.iter().map(|votes| u128::from(*votes)).sum(), u128::from(place.house)),
    };
    let too_large = || Refusal::TooLarge { what: Figure::MultipleOfVotes, unit: place.list.id.clone() };
    let right = whole.checked_mul(u128::from(jump.multiple.num())).ok_or_else(too_large)?;
    let scale = parts.checked_mul(u128::from(jump.multiple.den())).ok_or_else(too_large)?;
    Ok(match (scale, jump.strictness) {
        // Nothing reaches more than nothing there.
        (0, Strictness::AtLeast) => (right == 0).then_some(0),
        (0, Strictness::MoreThan) => None,
        (_, Strictness::AtLeast) => Some(right.div_ceil(scale)),
        (_, Strictness::MoreThan) => Some(right / scale + 1),
    })
}
