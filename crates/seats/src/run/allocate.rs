//! `allocate`: seats by a quota or divisor formula, and the settling of its tie.
//!
//! Here: seats of the whole, given to lists. `units` holds the forms that work unit by unit, give seats
//! to units, or split each list's seats among units.

mod pass_on;
mod row;
mod settle;
mod units;

use super::group;
use super::machine::{Pass, Stop, Work};
use crate::formula::{Award, Contender, RawStep, Unable, divisor, quota};
use crate::outcome::StepKind;
use crate::refusal::{Figure, Refusal};
use crate::rulebook::{Allocate, Divisors, Formula, MOST_SEATS, Over, Per, SeatCount, Stage};
use crate::run::grid::Given;
use crate::tally::List;
use crate::words::Remark;
use crate::{Fraction, Id};
pub(super) use pass_on::pass_on;

pub(super) fn stage(work: &Work<'_>, stage: &Stage, allocate: &Allocate, pass: &mut Pass) -> Result<(), Stop> {
    if allocate.formula == Formula::Divisor(Divisors::HuntingtonHill) {
        pass.note(Remark::Squares { stage: stage.id.clone() });
    }
    match (&allocate.units, &allocate.per) {
        (Some(level), Some(Per::Party)) => return units::per_list(work, stage, allocate, level, pass),
        (Some(level), _) => return units::to_units(work, stage, allocate, level, pass),
        (None, Some(Per::Unit(level))) => return units::per_unit(work, stage, allocate, level, pass),
        (None, _) => {}
    }
    let contends = contends(work, stage, allocate, pass)?;
    let seats = seats(work, stage, allocate, &contends, pass)?;
    let award = give(work, stage, allocate, &contends, seats, pass)?;
    if allocate.next_when_exhausted {
        note_room(work, allocate, &contends, &award.seats, pass);
    }
    work.steps(stage, award.steps, pass);
    let given = Given {
        house: seats.saturating_add(award.start),
        seats: award.seats,
        vacant: award.vacant,
        rests: award.rests,
        residuals: award.residuals,
        quota: award.quota,
        ..Given::default()
    };
    work.record_given(stage, "allocate", given, Vec::new(), award.quota, pass);
    Ok(())
}

fn total(seats: &[u64]) -> u64 {
    seats.iter().fold(0u64, |sum, seats| sum.saturating_add(*seats))
}

/// How many seats the stage gives in the whole, less those that others hold outside.
fn seats(work: &Work<'_>, stage: &Stage, allocate: &Allocate, contends: &[bool], pass: &Pass) -> Result<u64, Refusal> {
    let seats = match &allocate.seats {
        SeatCount::Fixed(seats) => *seats,
        SeatCount::Stage(from) => pass.of(from).house,
        SeatCount::LeftBy(from) => pass.of(from).vacant,
        SeatCount::Register { name, .. } => work.view.registered(&stage.id, work.view.national_unit, name)?,
    };
    let seats = within_reason(stage, seats)?;
    let Some(outside) = &allocate.outside else { return Ok(seats) };
    let held = pass.of(outside);
    let not_contending = held.seats.iter().zip(contends).filter(|(_, contends)| !**contends).map(|(seats, _)| *seats);
    let taken = not_contending.fold(held.unlisted, u64::saturating_add);
    let above = || Refusal::MinimumAboveSeats { stage: stage.id.clone(), needed: taken, seats };
    seats.checked_sub(taken).ok_or_else(above)
}

/// A number of seats from the tally may be anything; a parliament's is not.
fn within_reason(stage: &Stage, seats: u64) -> Result<u64, Refusal> {
    if seats > MOST_SEATS {
        return Err(Refusal::TooManySeats { stage: stage.id.clone(), seats, most: MOST_SEATS });
    }
    Ok(seats)
}

/// Who contends for seats of the whole.
pub(super) fn contends(work: &Work<'_>, stage: &Stage, allocate: &Allocate, pass: &Pass) -> Result<Vec<bool>, Refusal> {
    let Some(admit) = &allocate.contenders else { return Ok(vec![true; work.view.lists.len()]) };
    match pass.admitted.get(admit) {
        Some(admitted) => admitted.in_whole(admit, stage).map(<[bool]>::to_vec),
        None => Ok(Vec::new()),
    }
}

/// Where a formula runs: for whom, and under whose names its ties and steps stand.
struct At<'a> {
    stage: &'a Stage,
    /// The unit (or list) that the stage is repeated for.
    unit: Option<&'a Id>,
    /// The id of a contender.
    id: &'a dyn Fn(usize) -> Id,
    /// The votes of all, contending or not.
    all: u128,
}

/// Runs the formula over those who contend in the whole, and settles its tie by the stage's rules.
/// Seats come back by position of the list.
pub(super) fn give(
    work: &Work<'_>,
    stage: &Stage,
    allocate: &Allocate,
    contends: &[bool],
    seats: u64,
    pass: &mut Pass,
) -> Result<Award, Stop> {
    let start = allocate.start.as_ref().map(|of| pass.of(of).seats);
    let least = allocate.at_least.as_ref().map(|of| pass.of(of).seats);
    let rests = allocate.remainders_of.as_ref().map(|of| pass.of(of).rests);
    let votes = match &rests {
        Some(rests) => rests,
        None => &work.view.of(&allocate.contest)?.whole.votes,
    };
    // Those who do not contend stay in their positions, without votes.
    let at = |row: &Option<Vec<u64>>, who: usize| row.as_ref().and_then(|row| row.get(who)).copied().unwrap_or(0);
    let contenders: Vec<Contender> = votes
        .iter()
        .zip(contends.iter().chain(std::iter::repeat(&false)))
        .zip(&work.view.lists)
        .enumerate()
        .map(|(who, ((votes, contends), list))| Contender {
            votes: if *contends { *votes } else { 0 },
            room: room(allocate, list, None),
            start: at(&start, who),
            least: if *contends { at(&least, who) } else { 0 },
        })
        .collect();
    let all = votes.iter().map(|votes| u128::from(*votes)).sum();
    let at = At { stage, unit: None, id: &|who| work.view.shared(who), all };
    let groups = allocate.contenders.as_ref().and_then(|stage| pass.groups.get(stage));
    let award = among(work, &at, allocate, &contenders, groups.map(Vec::as_slice), seats)?;
    for who in &award.exhausted {
        if !pass.exhausted.contains(who) {
            pass.exhausted.push(*who);
        }
    }
    Ok(award)
}

/// Seats of the whole by a divisor rule over any figures, in the name of a stage of another kind.
pub(super) fn by_divisors(
    work: &Work<'_>,
    stage: &Stage,
    rule: &Divisors,
    figures: &[u64],
    seats: u64,
    pass: &mut Pass,
) -> Result<Vec<u64>, Stop> {
    let seats = within_reason(stage, seats)?;
    let contenders: Vec<Contender> = figures.iter().map(|votes| Contender::of(*votes)).collect();
    let at = At { stage, unit: None, id: &|who| work.view.shared(who), all: 0 };
    let mut award =
        divisor::allocate(rule, &contenders, seats, 0, work.trace).map_err(|unable| refusal(unable, &at, seats))?;
    if let Some(tie) = award.tie.take() {
        settle::settle(work, &at, tie, &contenders, &mut award)?;
    }
    work.steps(stage, award.steps, pass);
    Ok(award.seats)
}

/// The most seats that a list's candidates can take, where the stage asks; a list whose candidates are
/// not known is long enough.
fn room(allocate: &Allocate, list: &List, unit: Option<&str>) -> Option<u64> {
    if !allocate.next_when_exhausted || list.candidates.is_empty() {
        return None;
    }
    let here = |candidate: &&crate::tally::Candidate| {
        !candidate.withdrawn && (candidate.unit.is_none() || unit.is_none() || candidate.unit.as_deref() == unit)
    };
    Some(u64::try_from(list.candidates.iter().filter(here).count()).unwrap_or(u64::MAX))
}

/// The formula, with groups of lists if there are any.
fn among(
    work: &Work<'_>,
    at: &At<'_>,
    allocate: &Allocate,
    contenders: &[Contender],
    groups: Option<&[Vec<usize>]>,
    seats: u64,
) -> Result<Award, Stop> {
    match groups {
        Some(groups) => in_groups(work, at, allocate, contenders, groups, seats),
        None => formula(work, at, allocate, contenders, seats, allocate.minimum),
    }
}

/// The formula once, and its tie settled.
fn formula(
    work: &Work<'_>,
    at: &At<'_>,
    allocate: &Allocate,
    contenders: &[Contender],
    seats: u64,
    minimum: u64,
) -> Result<Award, Stop> {
    if seats == 0 {
        let seats: Vec<u64> = contenders.iter().map(|one| one.start).collect();
        return Ok(Award { start: total(&seats), seats, ..Award::default() });
    }
    let mut award = match &allocate.formula {
        Formula::Divisor(rule) => divisor::allocate(rule, contenders, seats, minimum, work.trace),
        Formula::Quota(rule) => {
            let total = match rule.over {
                Over::Contenders => contenders.iter().map(|c| u128::from(c.votes)).sum(),
                Over::AllLists => at.all,
            };
            quota::allocate(rule, contenders, total, seats, minimum, work.trace)
        }
    }
    .map_err(|unable| refusal(unable, at, seats))?;
    if allocate.start.is_some() {
        award.start = contenders.iter().fold(0u64, |sum, one| sum.saturating_add(one.start));
    }
    if let Some(tie) = award.tie.take() {
        settle::settle(work, at, tie, contenders, &mut award)?;
    }
    Ok(award)
}

/// Groups first, each in the position of its first member; then the members of each.
fn in_groups(
    work: &Work<'_>,
    at: &At<'_>,
    allocate: &Allocate,
    contenders: &[Contender],
    groups: &[Vec<usize>],
    seats: u64,
) -> Result<Award, Stop> {
    let only = |members: &[usize]| -> Vec<Contender> {
        let member = |(who, contender): (usize, &Contender)| Contender {
            votes: if members.contains(&who) { contender.votes } else { 0 },
            room: contender.room,
            ..Contender::default()
        };
        contenders.iter().enumerate().map(member).collect()
    };
    let mut joined = contenders.to_vec();
    for members in groups {
        let inside = members.iter().filter_map(|who| contenders.get(*who));
        let votes = inside.clone().try_fold(0u64, |sum, contender| sum.checked_add(contender.votes));
        let votes = votes.ok_or_else(|| refusal(Unable::TooLarge, at, seats))?;
        let room = inside.map(|c| c.room).try_fold(0u64, |sum, room| sum.checked_add(room?));
        for (place, who) in members.iter().enumerate() {
            if let Some(contender) = joined.get_mut(*who) {
                *contender = Contender { votes: if place == 0 { votes } else { 0 }, room, ..Contender::default() };
            }
        }
    }
    // A tie, and the lot for it, is between groups.
    let of_first = |who: usize| groups.iter().find(|members| members.first() == Some(&who));
    let id = |who: usize| match of_first(who) {
        Some(members) => Id::from(&group::together(work.view, members, |list| &list.id)),
        None => (at.id)(who),
    };
    let as_groups = At { stage: at.stage, unit: at.unit, id: &id, all: at.all };
    let mut award = formula(work, &as_groups, allocate, &joined, seats, allocate.minimum)?;
    // In steps, a group is not its first member.
    let as_one = |who: usize| of_first(who).map_or(who, |_| contenders.len().saturating_add(who));
    for step in &mut award.steps {
        step.who = as_one(step.who);
        step.over = step.over.map(|(who, value)| (as_one(who), value));
    }
    let note = |members: &[usize], seats: u64, what: StepKind| -> Option<RawStep> {
        let first = *members.first().filter(|_| work.trace)?;
        let value = Fraction::new(joined.get(first).map_or(0, |group| group.votes), 1u8);
        Some(RawStep { who: as_one(first), held: 0, seats, what, value, over: None })
    };
    let heads: Vec<RawStep> = groups.iter().filter_map(|members| note(members, 0, StepKind::Together)).collect();
    award.steps.splice(0..0, heads);
    award.exhausted.retain(|who| !groups.iter().any(|members| members.contains(who)));
    for members in groups {
        let first = members.first().and_then(|first| award.seats.get_mut(*first));
        let together = first.map(std::mem::take).unwrap_or(0);
        if together == 0 {
            continue;
        }
        let inner = formula(work, at, allocate, &only(members), together, 0)?;
        award.vacant = award.vacant.saturating_add(inner.vacant);
        award.exhausted.extend(inner.exhausted);
        award.steps.extend(note(members, together, StepKind::Shared));
        award.steps.extend(inner.steps);
        for who in members {
            if let (Some(held), Some(share)) = (award.seats.get_mut(*who), inner.seats.get(*who)) {
                *held = *share;
            }
        }
    }
    Ok(award)
}

fn refusal(unable: Unable, at: &At<'_>, seats: u64) -> Stop {
    let id = match at.unit {
        None => at.stage.id.clone(),
        Some(unit) => format!("{} in {unit}", at.stage.id),
    };
    Stop::Refused(match unable {
        Unable::NoVotes => Refusal::NoVotes { stage: id },
        Unable::OverAllocated { given } => Refusal::OverAllocated { stage: id, given, seats },
        Unable::RemaindersExhausted { left, lists } => Refusal::RemaindersExhausted { stage: id, left, lists },
        Unable::MinimumAboveSeats { needed } => Refusal::MinimumAboveSeats { stage: id, needed, seats },
        Unable::DivisorsExhausted { length } => Refusal::DivisorsExhausted { stage: id, length },
        Unable::TooLarge => Refusal::TooLarge { what: Figure::Votes, unit: id },
    })
}

fn note_room(work: &Work<'_>, allocate: &Allocate, contends: &[bool], seats: &[u64], pass: &mut Pass) {
    debug_assert!(allocate.next_when_exhausted);
    let mut lists = work.view.lists.iter().zip(contends).zip(seats);
    if lists.any(|((list, contends), seats)| *contends && *seats > 0 && list.candidates.is_empty()) {
        pass.note(Remark::TakenAsLongEnough);
    }
}
