//! `grow`: the smallest house in which every list reaches its minimum.

use super::grid::Given;
use super::machine::{OpenTie, Pass, Stop, Work, has_rule, not_yet};
use crate::Fraction;
use crate::formula::grow::{Growing, Grown, Ungrown, grow};
use crate::formula::{RawStep, RawTie};
use crate::outcome::StepKind;
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{Grow, MOST_SEATS, Stage, TieRule};
use crate::words::Remark;

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Grow, pass: &mut Pass) -> Result<(), Stop> {
    let lists = work.view.lists.len();
    let contends = match rule.contenders.as_ref().and_then(|admit| pass.admitted.get_key_value(admit)) {
        Some((admit, admitted)) => admitted.in_whole(admit, stage)?.to_vec(),
        None => vec![true; lists],
    };
    let only = |row: Vec<u64>| -> Vec<u64> {
        row.into_iter().zip(&contends).map(|(figure, contends)| if *contends { figure } else { 0 }).collect()
    };
    let votes = only(work.view.of(&rule.contest)?.whole.votes.clone());
    let minima = only(pass.of(&rule.every).seats);
    let each = rule.ignored.as_ref().map(|ignored| {
        let each = ignored.only_from.as_ref().map(|of| only(pass.of(of).seats));
        (ignored.max_total, each.unwrap_or_else(|| vec![u64::MAX; lists]))
    });
    if let Some(only) = rule.ignored.as_ref().and_then(|ignored| ignored.only_from.as_ref())
        && !pass.given.contains_key(only)
    {
        return Err(not_yet(stage, Reason::MinimumStage(only.clone())).into());
    }
    let outside = outside(rule, &contends, pass);
    let start = rule.start.checked_sub(outside).ok_or_else(|| Refusal::MinimumAboveSeats {
        stage: stage.id.clone(),
        needed: outside,
        seats: rule.start,
    })?;
    let growing = Growing {
        rule: &rule.rule,
        votes: &votes,
        start,
        minima: &minima,
        ignored: each.as_ref().map(|(most, each)| (*most, each.as_slice())),
        most: MOST_SEATS,
    };
    let mut settle = |tie: &RawTie, held: &[u64]| settle(work, stage, tie, held, &votes);
    let grown = grow(&growing, &mut settle).map_err(|why| refusal(why, stage))?;
    record(work, stage, rule, grown, &votes, pass);
    Ok(())
}

/// Seats that are held outside: by lists that do not contend, or by people of no list.
fn outside(rule: &Grow, contends: &[bool], pass: &Pass) -> u64 {
    let Some(of) = &rule.outside else { return 0 };
    let held = pass.of(of);
    let others = held.seats.iter().zip(contends).filter(|(_, contends)| !**contends).map(|(seats, _)| *seats);
    others.fold(held.unlisted, u64::saturating_add)
}

fn record(work: &Work<'_>, stage: &Stage, rule: &Grow, grown: Grown, votes: &[u64], pass: &mut Pass) {
    let mut seats = grown.seats;
    let mut house = grown.house;
    let mut steps = Vec::new();
    for (who, (held, votes)) in seats.iter().zip(votes).enumerate().filter(|(_, (held, _))| **held > 0) {
        // The last seat of each list: the quotient that gave it is the one that the house reached.
        steps.push(RawStep {
            who,
            held: 0,
            seats: *held,
            what: StepKind::Quotient,
            value: crate::formula::divisor::quotient(&rule.rule, *votes, held - 1)
                .unwrap_or(Fraction::new(*votes, 1u8)),
            over: None,
        });
    }
    let lacking: u64 = grown.lacking.iter().fold(0, |sum, lacking| sum.saturating_add(*lacking));
    if lacking > 0 {
        pass.note(Remark::Uncompensated { stage: stage.id.clone(), seats: lacking, added: rule.add_shortfall });
    }
    if rule.add_shortfall {
        for (who, (seats, lacking)) in seats.iter_mut().zip(&grown.lacking).enumerate().filter(|(_, (_, l))| **l > 0) {
            steps.push(RawStep {
                who,
                held: *seats,
                seats: *lacking,
                what: StepKind::Overhang,
                value: Fraction::new(*seats, 1u8),
                over: None,
            });
            *seats = seats.saturating_add(*lacking);
        }
        house = house.saturating_add(lacking);
    }
    work.steps(stage, steps, pass);
    let given = Given { seats, house, ..Given::default() };
    work.record_given(stage, "grow", given, Vec::new(), None, pass);
}

/// Who of the tied receives the one seat.
fn settle(work: &Work<'_>, stage: &Stage, tie: &RawTie, held: &[u64], votes: &[u64]) -> Result<usize, Stop> {
    let mut between = tie.between.clone();
    if has_rule(stage, TieRule::MoreVotes) {
        let most = between.iter().filter_map(|who| votes.get(*who)).max().copied();
        between.retain(|who| votes.get(*who).copied() == most);
    }
    between.sort_unstable();
    if let [only] = between.as_slice() {
        return Ok(*only);
    }
    let ids: Vec<String> = between.iter().map(|who| work.view.id(*who)).collect();
    match work.settled(&stage.id, None, &ids, 1) {
        Some(settled) => {
            // Nobody drawn: any of them, so that what is sure comes out elsewhere.
            let drawn = between.iter().zip(&ids).find(|(_, id)| settled.drawn.contains(id));
            Ok(drawn.map(|(who, _)| *who).or(between.first().copied()).unwrap_or(0))
        }
        None => Err(Stop::Tied(OpenTie {
            stage: stage.id.clone(),
            unit: None,
            held: between.iter().map(|who| held.get(*who).copied().unwrap_or(0)).collect(),
            between: ids,
            seats: 1,
            what: tie.what,
            by_lot: has_rule(stage, TieRule::Lot),
        })),
    }
}

fn refusal(why: Ungrown<Stop>, stage: &Stage) -> Stop {
    let stage = stage.id.clone();
    Stop::Refused(match why {
        Ungrown::Stopped(stop) => return stop,
        Ungrown::NoVotes => Refusal::NoVotes { stage },
        Ungrown::DivisorsExhausted(length) => Refusal::DivisorsExhausted { stage, length },
        Ungrown::Unbounded => Refusal::TooManySeats { stage, seats: MOST_SEATS + 1, most: MOST_SEATS },
    })
}
