//! `compensate`: all seats by the formula, but a list that holds more seats won elsewhere than its
//! share keeps them; either the others share the rest afresh, or the house grows.

use super::allocate;
use super::machine::{Pass, Stop, Work, allocation_of};
use crate::Fraction;
use crate::formula::RawStep;
use crate::outcome::StepKind;
use crate::refusal::Refusal;
use crate::rulebook::{Compensate, Held, Overhang, Stage};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Compensate, pass: &mut Pass) -> Result<(), Stop> {
    let Some((source, allocation)) = allocation_of(work.rulebook, &rule.of) else {
        return Ok(());
    };
    let held = held(work, rule, pass)?;
    let of = pass.of(&rule.of);
    let mut seats = of.seats;
    pass.house = of.house;
    let mut contends = allocate::contends(work, source, allocation, pass)?;
    let mut kept = vec![false; seats.len()];
    let (mut vacant, mut quota) = (of.vacant, None);
    let mut steps = Vec::new();
    // Each round takes at least one list out, so there are at most as many as lists.
    loop {
        let above: Vec<usize> = (0..seats.len())
            .filter(|who| {
                kept.get(*who) == Some(&false)
                    && matches!((seats.get(*who), held.get(*who)), (Some(share), Some(held)) if held > share)
            })
            .collect();
        if above.is_empty() {
            break;
        }
        for who in &above {
            keep(*who, &held, &mut seats, &mut contends, &mut kept, &mut steps, rule.overhang, pass);
        }
        if rule.overhang == Overhang::KeepEnlarge {
            break;
        }
        let fixed = kept.iter().zip(&held).filter(|(kept, _)| **kept).map(|(_, held)| *held);
        let fixed = fixed.fold(0u64, u64::saturating_add);
        let left = pass.house.checked_sub(fixed).ok_or_else(|| Refusal::MinimumAboveSeats {
            stage: stage.id.clone(),
            needed: fixed,
            seats: pass.house,
        })?;
        let again = Stage { ties: source.ties.clone(), ..stage.clone() };
        let fresh = match left {
            0 => {
                // Seats that the first round had left are those that are kept.
                vacant = 0;
                vec![0; seats.len()]
            }
            left => {
                let award = allocate::give(work, &again, allocation, &contends, left, pass)?;
                vacant = award.vacant;
                quota = award.quota;
                steps.extend(award.steps);
                award.seats
            }
        };
        for ((seats, fresh), kept) in seats.iter_mut().zip(fresh).zip(&kept) {
            if !kept {
                *seats = fresh;
            }
        }
    }
    work.steps(stage, steps, pass);
    work.record(stage, "compensate", seats, vacant, quota, pass);
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "the state of one round, used once")]
fn keep(
    who: usize,
    held: &[u64],
    seats: &mut [u64],
    contends: &mut [bool],
    kept: &mut [bool],
    steps: &mut Vec<RawStep>,
    overhang: Overhang,
    pass: &mut Pass,
) {
    let (Some(seats), Some(held)) = (seats.get_mut(who), held.get(who)) else {
        return;
    };
    steps.push(RawStep {
        who,
        held: 0,
        seats: *held,
        what: StepKind::Overhang,
        value: Fraction::new(*seats, 1u8),
        over: None,
    });
    if overhang == Overhang::KeepEnlarge {
        pass.house = pass.house.saturating_add(held.saturating_sub(*seats));
    }
    *seats = *held;
    for (flags, value) in [(contends, false), (kept, true)] {
        if let Some(flag) = flags.get_mut(who) {
            *flag = value;
        }
    }
}

/// Seats won elsewhere, by position.
fn held(work: &Work<'_>, rule: &Compensate, pass: &Pass) -> Result<Vec<u64>, Refusal> {
    match &rule.held {
        Held::Stage(stage) => Ok(pass.of(stage).seats),
        Held::Attribute(name) => work.view.lists.iter().map(|list| work.view.number(list, name)).collect(),
    }
}
