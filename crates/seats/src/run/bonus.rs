//! `bonus`: seats beside the house so far, to the list with most votes; or one seat that moves to the
//! list with an absolute majority of votes.

use super::allocate;
use super::machine::{OpenTie, Pass, Stop, Work, allocation_of, has_rule};
use crate::Fraction;
use crate::formula::RawStep;
use crate::formula::majority::majority;
use crate::outcome::StepKind;
use crate::rulebook::{Bonus, BonusTo, Stage, TieRule};
use crate::words::Remark;

pub(super) fn stage(work: &Work<'_>, stage: &Stage, bonus: &Bonus, pass: &mut Pass) -> Result<(), Stop> {
    match bonus.to {
        BonusTo::LargestList(more) => to_largest(work, stage, bonus, more, pass),
        BonusTo::Majority => to_majority(work, stage, bonus, pass),
    }
}

/// The list with more than half of the votes and not of the seats takes the last seat beyond full
/// quotas from another. Several who had it with the same figure: a lot says which loses.
fn to_majority(work: &Work<'_>, stage: &Stage, bonus: &Bonus, pass: &mut Pass) -> Result<(), Stop> {
    let Some((_, allocation)) = allocation_of(work.rulebook, &bonus.of) else {
        return Ok(());
    };
    let mut given = pass.of(&bonus.of);
    let votes = &work.view.of(&allocation.contest)?.whole.votes;
    let mut steps = Vec::new();
    if let Some(moved) = majority(votes, &given.seats, &given.residuals) {
        let mut ids: Vec<String> = moved.from.iter().map(|who| work.view.id(*who)).collect();
        ids.sort_unstable();
        let losers: Vec<usize> = match moved.from.as_slice() {
            [] | [_] => moved.from.clone(),
            tied => match work.settled(&stage.id, None, &ids, 1) {
                // Undecided: nobody of them is sure of the seat.
                Some(settled) if settled.drawn.is_empty() => tied.to_vec(),
                Some(settled) => settled.drawn.iter().filter_map(|id| work.view.position(id)).collect(),
                None => {
                    return Err(Stop::Tied(OpenTie {
                        stage: stage.id.clone(),
                        unit: None,
                        held: tied.iter().map(|who| given.seats.get(*who).copied().unwrap_or(0)).collect(),
                        between: ids,
                        seats: 1,
                        what: StepKind::MajorityLoses,
                        by_lot: has_rule(stage, TieRule::Lot),
                    }));
                }
            },
        };
        if losers.is_empty() {
            pass.note(Remark::MajorityInVain { stage: stage.id.clone(), list: work.view.id(moved.to) });
        } else {
            let figure = moved.last.map_or(Fraction::new(0u8, 1u8), |last| last.value);
            let share = Fraction::new(votes.get(moved.to).copied().unwrap_or(0), 1u8);
            let changes = losers.iter().map(|who| (*who, StepKind::MajorityLoses, figure));
            for (who, what, value) in changes.chain([(moved.to, StepKind::Majority, share)]) {
                let Some(held) = given.seats.get_mut(who) else {
                    continue;
                };
                steps.push(RawStep { who, held: *held, seats: 1, what, value, over: None });
                *held = if what == StepKind::Majority { held.saturating_add(1) } else { held.saturating_sub(1) };
            }
        }
    }
    work.steps(stage, steps, pass);
    work.record_given(stage, "bonus", given, Vec::new(), None, pass);
    Ok(())
}

fn to_largest(work: &Work<'_>, stage: &Stage, bonus: &Bonus, more: u64, pass: &mut Pass) -> Result<(), Stop> {
    let Some((source, allocation)) = allocation_of(work.rulebook, &bonus.of) else {
        return Ok(());
    };
    let mut seats = pass.of(&bonus.of).seats;
    let votes = &work.view.of(&allocation.contest)?.whole.votes;
    // A list that is not admitted receives no bonus; where that differs by unit, one that has no seat.
    let contends = allocate::contends(work, source, allocation, pass).unwrap_or_default();
    let with_seats = |who: &usize| match contends.get(*who) {
        Some(contends) => *contends,
        None => seats.get(*who).is_some_and(|seats| *seats > 0),
    };
    let votes_of = |who: &usize| votes.get(*who).copied().unwrap_or(0);
    let most = (0..votes.len()).filter(with_seats).map(|who| votes_of(&who)).max().unwrap_or(0);
    let first: Vec<usize> = (0..votes.len()).filter(|who| with_seats(who) && votes_of(who) == most).collect();
    let winners = match first.as_slice() {
        [_] => first,
        tied => {
            let ids: Vec<String> = tied.iter().map(|who| work.view.id(*who)).collect();
            match work.settled(&stage.id, None, &ids, 1) {
                Some(settled) => settled.drawn.iter().filter_map(|id| work.view.position(id)).collect(),
                None if tied.is_empty() => Vec::new(),
                None => {
                    return Err(Stop::Tied(OpenTie {
                        stage: stage.id.clone(),
                        unit: None,
                        held: tied.iter().map(|who| seats.get(*who).copied().unwrap_or(0)).collect(),
                        between: ids,
                        seats: 1,
                        what: StepKind::Bonus,
                        by_lot: has_rule(stage, TieRule::Lot),
                    }));
                }
            }
        }
    };
    let mut steps = Vec::new();
    for who in winners {
        let Some(held) = seats.get_mut(who) else {
            continue;
        };
        steps.push(RawStep {
            who,
            held: *held,
            seats: more,
            what: StepKind::Bonus,
            value: Fraction::new(most, 1u8),
            over: None,
        });
        *held = held.saturating_add(more);
    }
    work.steps(stage, steps, pass);
    pass.house = pass.house.saturating_add(more);
    let vacant = pass.vacant;
    work.record(stage, "bonus", seats, vacant, None, pass);
    Ok(())
}
