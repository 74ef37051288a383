//! `allocate`: seats by a quota or divisor formula, and the settling of its tie.

use super::machine::{OpenTie, Pass, Stop, Work, has_rule, not_yet};
use crate::formula::{Award, Contender, RawStep, RawTie, Unable, divisor, quota};
use crate::outcome::StepKind;
use crate::refusal::Refusal;
use crate::rulebook::{Allocate, Formula, Over, SeatCount, Stage, TieRule};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, allocate: &Allocate, pass: &mut Pass) -> Result<(), Stop> {
    let contends = contends(work, stage, allocate, pass)?;
    let seats = seats(stage, allocate)?;
    let award = give(work, stage, allocate, &contends, seats, pass)?;
    pass.house = seats;
    if allocate.next_when_exhausted {
        note_room(work, allocate, &contends, &award, pass);
    }
    work.steps(stage, award.steps, pass);
    work.record(stage, "allocate", award.seats, award.vacant, award.quota, pass);
    Ok(())
}

/// How many seats the stage gives.
pub(super) fn seats(stage: &Stage, allocate: &Allocate) -> Result<u64, Refusal> {
    if let Some(what) = &allocate.not_yet {
        return Err(not_yet(stage, what.clone()));
    }
    match &allocate.seats {
        SeatCount::Fixed(seats) => Ok(*seats),
        SeatCount::From(from) => Err(not_yet(stage, format!("seats from `{from}`"))),
    }
}

/// Who contends for the seats.
pub(super) fn contends(work: &Work<'_>, stage: &Stage, allocate: &Allocate, pass: &Pass) -> Result<Vec<bool>, Refusal> {
    if let Some(what) = &allocate.not_yet {
        return Err(not_yet(stage, what.clone()));
    }
    match &allocate.contenders {
        Some(admit) => Ok(pass.admitted.get(admit).cloned().unwrap_or_default()),
        None => Ok(vec![true; work.view.lists.len()]),
    }
}

/// Runs the formula over those who contend, and settles its tie by the stage's rules. Seats come
/// back by position of the list.
pub(super) fn give(
    work: &Work<'_>,
    stage: &Stage,
    allocate: &Allocate,
    contends: &[bool],
    seats: u64,
    pass: &mut Pass,
) -> Result<Award, Stop> {
    let figures = &work.view.of(&allocate.contest)?.whole;
    // Those who do not contend stay in their positions, without votes.
    let contenders: Vec<Contender> = figures
        .votes
        .iter()
        .zip(contends.iter().chain(std::iter::repeat(&false)))
        .zip(&work.view.lists)
        .map(|((votes, contends), list)| Contender {
            votes: if *contends { *votes } else { 0 },
            room: (allocate.next_when_exhausted && !list.candidates.is_empty()).then(|| {
                let standing = list.candidates.iter().filter(|candidate| !candidate.withdrawn);
                u64::try_from(standing.count()).unwrap_or(u64::MAX)
            }),
        })
        .collect();
    let groups = allocate.contenders.as_ref().and_then(|stage| pass.groups.get(stage));
    let award = match groups {
        Some(groups) => in_groups(work, stage, allocate, &contenders, groups, seats)?,
        None => formula(work, stage, allocate, &contenders, seats, allocate.minimum)?,
    };
    for who in &award.exhausted {
        if !pass.exhausted.contains(who) {
            pass.exhausted.push(*who);
        }
    }
    Ok(award)
}

/// The formula once, and its tie settled.
fn formula(
    work: &Work<'_>,
    stage: &Stage,
    allocate: &Allocate,
    contenders: &[Contender],
    seats: u64,
    minimum: u64,
) -> Result<Award, Stop> {
    let mut award = match &allocate.formula {
        Formula::Divisor(rule) => divisor::allocate(rule, contenders, seats, minimum, work.trace),
        Formula::Quota(rule) => {
            let total = match rule.over {
                Over::Contenders => contenders.iter().map(|c| u128::from(c.votes)).sum(),
                Over::AllLists => {
                    let votes = &work.view.of(&allocate.contest)?.whole.votes;
                    votes.iter().map(|votes| u128::from(*votes)).sum()
                }
            };
            quota::allocate(rule, contenders, total, seats, minimum, work.trace)
        }
    }
    .map_err(|unable| refusal(unable, stage, seats))?;
    if let Some(tie) = award.tie.take() {
        settle(work, stage, tie, contenders, &mut award)?;
    }
    Ok(award)
}

/// Groups first, each in the position of its first member; then the members of each.
fn in_groups(
    work: &Work<'_>,
    stage: &Stage,
    allocate: &Allocate,
    contenders: &[Contender],
    groups: &[Vec<usize>],
    seats: u64,
) -> Result<Award, Stop> {
    let only = |members: &[usize]| -> Vec<Contender> {
        let member = |(who, contender): (usize, &Contender)| Contender {
            votes: if members.contains(&who) { contender.votes } else { 0 },
            room: contender.room,
        };
        contenders.iter().enumerate().map(member).collect()
    };
    let mut joined = contenders.to_vec();
    for members in groups {
        let inside = members.iter().filter_map(|who| contenders.get(*who));
        let votes = inside.clone().try_fold(0u64, |sum, contender| sum.checked_add(contender.votes));
        let votes = votes.ok_or_else(|| refusal(Unable::TooLarge, stage, seats))?;
        let room = inside.map(|c| c.room).try_fold(0u64, |sum, room| sum.checked_add(room?));
        for (place, who) in members.iter().enumerate() {
            if let Some(contender) = joined.get_mut(*who) {
                *contender = Contender { votes: if place == 0 { votes } else { 0 }, room };
            }
        }
    }
    let mut award = formula(work, stage, allocate, &joined, seats, allocate.minimum)?;
    award.exhausted.retain(|who| !groups.iter().any(|members| members.contains(who)));
    for members in groups {
        let first = members.first().and_then(|first| award.seats.get_mut(*first));
        let together = first.map(std::mem::take).unwrap_or(0);
        if together == 0 {
            continue;
        }
        let inner = formula(work, stage, allocate, &only(members), together, 0)?;
        award.vacant = award.vacant.saturating_add(inner.vacant);
        award.exhausted.extend(inner.exhausted);
        award.steps.extend(inner.steps);
        for who in members {
            if let (Some(held), Some(share)) = (award.seats.get_mut(*who), inner.seats.get(*who)) {
                *held = *share;
            }
        }
    }
    Ok(award)
}

fn refusal(unable: Unable, stage: &Stage, seats: u64) -> Stop {
    let id = stage.id.clone();
    Stop::Refused(match unable {
        Unable::NoVotes => Refusal::NoVotes { stage: id },
        Unable::OverAllocated { given } => Refusal::OverAllocated { stage: id, given, seats },
        Unable::RemaindersExhausted { left, lists } => Refusal::RemaindersExhausted { stage: id, left, lists },
        Unable::MinimumAboveSeats { needed } => Refusal::MinimumAboveSeats { stage: id, needed, seats },
        Unable::DivisorsExhausted { length } => Refusal::DivisorsExhausted { stage: id, length },
        Unable::TooLarge => Refusal::TooLarge { what: "a sum of votes".to_owned(), unit: id },
    })
}

/// Settles a tie: by more votes as far as that goes, by what the pass was given, or not at all.
fn settle(
    work: &Work<'_>,
    stage: &Stage,
    mut tie: RawTie,
    contenders: &[Contender],
    award: &mut Award,
) -> Result<(), Stop> {
    tie.between.sort_unstable();
    if has_rule(stage, TieRule::MoreVotes) {
        by_votes(&mut tie, contenders, award, work.trace);
    }
    if tie.seats == 0 {
        return Ok(());
    }
    let Some(settled) = work.settled(&stage.id, &tie.between, tie.seats) else {
        let held = tie.between.iter().map(|who| award.seats.get(*who).copied().unwrap_or(0));
        return Err(Stop::Tied(OpenTie {
            stage: stage.id.clone(),
            held: held.collect(),
            by_lot: has_rule(stage, TieRule::Lot),
            between: tie.between,
            seats: tie.seats,
            what: tie.what,
        }));
    };
    if settled.drawn.is_empty() && tie.what == StepKind::TakenBack {
        // Undecided: nobody of them is sure of the seat.
        for who in tie.between.clone() {
            apply(&tie, who, StepKind::Lot, award, false);
        }
        return Ok(());
    }
    for who in &settled.drawn {
        apply(&tie, *who, StepKind::Lot, award, work.trace);
    }
    Ok(())
}

/// Gives the seats to those of the tied with most votes in all (takes them back from those with
/// fewest), as far as votes differ; what is left stays tied.
fn by_votes(tie: &mut RawTie, contenders: &[Contender], award: &mut Award, trace: bool) {
    let votes = |who: &usize| contenders.get(*who).map_or(0, |contender| contender.votes);
    let takes_back = tie.what == StepKind::TakenBack;
    while tie.seats > 0 {
        let numbers = tie.between.iter().map(votes);
        let Some(edge) = (if takes_back { numbers.min() } else { numbers.max() }) else {
            return;
        };
        let first: Vec<usize> = tie.between.iter().copied().filter(|who| votes(who) == edge).collect();
        let size = u64::try_from(first.len()).unwrap_or(u64::MAX);
        if size > tie.seats {
            tie.between = first;
            return;
        }
        for who in &first {
            apply(tie, *who, StepKind::MoreVotes, award, trace);
        }
        tie.between.retain(|who| !first.contains(who));
        tie.seats -= size;
    }
}

/// Gives one of the tied a seat, or takes one back.
fn apply(tie: &RawTie, who: usize, why: StepKind, award: &mut Award, trace: bool) {
    let Some(held) = award.seats.get_mut(who) else {
        return;
    };
    let takes_back = tie.what == StepKind::TakenBack;
    if trace {
        award.steps.push(RawStep {
            who,
            held: *held,
            seats: 1,
            what: if takes_back { StepKind::TakenBack } else { why },
            value: tie.value,
            over: None,
        });
    }
    *held = if takes_back { held.saturating_sub(1) } else { held.saturating_add(1) };
}

fn note_room(work: &Work<'_>, allocate: &Allocate, contends: &[bool], award: &Award, pass: &mut Pass) {
    debug_assert!(allocate.next_when_exhausted);
    let unknown = work
        .view
        .lists
        .iter()
        .zip(contends)
        .zip(&award.seats)
        .any(|((list, contends), seats)| *contends && *seats > 0 && list.candidates.is_empty());
    if unknown {
        pass.note("lists whose candidates are not in the tally are taken as long enough for their seats".to_owned());
    }
}
