//! `cap`: no list above its limit; what is above goes to the others, or stays vacant.

use super::allocate;
use super::machine::{Pass, Stop, Work, allocation_of};
use crate::Fraction;
use crate::formula::RawStep;
use crate::outcome::StepKind;
use crate::refusal::{Figure, Reason, Refusal};
use crate::rulebook::{Allocate, Cap, CapLimit, Stage};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, cap: &Cap, pass: &mut Pass) -> Result<(), Stop> {
    let Some((source, allocation)) = allocation_of(work.rulebook, &cap.of) else {
        return Ok(());
    };
    let limits = limits(work, cap, allocation)?;
    let of = pass.of(&cap.of);
    let (mut seats, house) = (of.seats, of.house);
    let mut contends = allocate::contends(work, source, allocation, pass)?;
    let mut vacant = of.vacant;
    let mut quota = None;
    let mut steps = Vec::new();
    // Each round holds at least one list more at its cap, so there are at most as many as lists.
    loop {
        let above: Vec<usize> = (0..seats.len())
            .filter(|who| matches!((seats.get(*who), limits.get(*who)), (Some(s), Some(l)) if s > l))
            .collect();
        if above.is_empty() {
            break;
        }
        hold(&above, &limits, &mut seats, &mut contends, &mut steps, pass);
        if !cap.redistribute {
            let given = seats.iter().fold(0u64, |sum, seats| sum.saturating_add(*seats));
            vacant = house.saturating_sub(given);
            break;
        }
        // Those held at their cap keep it; the rest is given afresh to the others.
        let held: u64 =
            pass.capped.iter().filter_map(|who| limits.get(*who)).fold(0u64, |sum, limit| sum.saturating_add(*limit));
        let left = house.saturating_sub(held);
        let votes = &work.view.of(&allocation.contest)?.whole.votes;
        let anybody = contends.iter().zip(votes).any(|(contends, votes)| *contends && *votes > 0);
        if left == 0 || !anybody {
            clear(&contends, &mut seats);
            vacant = left;
            break;
        }
        let again = Stage { ties: source.ties.clone(), ..stage.clone() };
        let award = allocate::give(work, &again, allocation, &contends, left, pass)?;
        for (who, fresh) in award.seats.iter().enumerate() {
            if contends.get(who) == Some(&true)
                && let Some(seats) = seats.get_mut(who)
            {
                *seats = *fresh;
            }
        }
        vacant = award.vacant;
        quota = award.quota;
        steps.extend(award.steps);
    }
    work.steps(stage, steps, pass);
    pass.house = house;
    work.record(stage, "cap", seats, vacant, quota, pass);
    Ok(())
}

/// Sets those above to their limit and takes them out of the contest for the rest.
fn hold(
    above: &[usize],
    limits: &[u64],
    seats: &mut [u64],
    contends: &mut [bool],
    steps: &mut Vec<RawStep>,
    pass: &mut Pass,
) {
    for who in above {
        let limit = limits.get(*who).copied().unwrap_or(0);
        let Some(held) = seats.get_mut(*who) else {
            continue;
        };
        steps.push(RawStep {
            who: *who,
            held: 0,
            seats: limit,
            what: StepKind::Capped,
            value: Fraction::new(*held, 1u8),
            over: None,
        });
        *held = limit;
        if let Some(contends) = contends.get_mut(*who) {
            *contends = false;
        }
        if !pass.capped.contains(who) {
            pass.capped.push(*who);
        }
    }
}

fn clear(contends: &[bool], seats: &mut [u64]) {
    for (seats, contends) in seats.iter_mut().zip(contends) {
        if *contends {
            *seats = 0;
        }
    }
}

/// The limit of each list by position.
fn limits(work: &Work<'_>, cap: &Cap, allocation: &Allocate) -> Result<Vec<u64>, Refusal> {
    let lists = &work.view.lists;
    let (multiple, base, house, also) = match &cap.limit {
        CapLimit::Seats(limit) => return Ok(vec![*limit; lists.len()]),
        CapLimit::ShareMultiple { multiple, base, house, also_counts } => (multiple, base, house, also_counts),
    };
    let whole = work.view.base(base, &allocation.contest, None)?;
    let votes = &work.view.of(&allocation.contest)?.whole.votes;
    let too_large = || Refusal::TooLarge { what: Figure::MultipleOfShare, unit: work.view.national_unit.to_owned() };
    if whole == 0 {
        return Err(Refusal::BaseMissing {
            base: base.clone(),
            unit: work.view.national_unit.to_owned(),
            lacking: Reason::AboveZero,
        });
    }
    let mut limits = Vec::with_capacity(lists.len());
    for (list, votes) in lists.iter().zip(votes) {
        // floor(votes / whole * multiple * house), less the seats won elsewhere.
        let num = u128::from(*votes)
            .checked_mul(u128::from(multiple.num()))
            .and_then(|product| product.checked_mul(u128::from(*house)))
            .ok_or_else(too_large)?;
        let den = u128::from(whole) * u128::from(multiple.den());
        let limit = u64::try_from(num / den).unwrap_or(u64::MAX);
        let elsewhere = match also {
            Some(attribute) => work.view.number(list, attribute)?,
            None => 0,
        };
        limits.push(limit.saturating_sub(elsewhere));
    }
    Ok(limits)
}
