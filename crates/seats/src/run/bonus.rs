//! `bonus`: seats beside the house so far, to the list with most votes.

use super::machine::{OpenTie, Pass, Stop, Work, allocation_of, has_rule};
use crate::Fraction;
use crate::formula::RawStep;
use crate::outcome::StepKind;
use crate::rulebook::{Bonus, Stage, TieRule};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, bonus: &Bonus, pass: &mut Pass) -> Result<(), Stop> {
    let Some((_, allocation)) = allocation_of(work.rulebook, &bonus.of) else {
        return Ok(());
    };
    let mut seats = pass.of(&bonus.of).seats;
    let votes = &work.view.of(&allocation.contest)?.whole.votes;
    // Only lists with seats: a list that is not admitted receives no bonus.
    let with_seats = |who: &usize| seats.get(*who).is_some_and(|seats| *seats > 0);
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
            seats: bonus.seats,
            what: StepKind::Bonus,
            value: Fraction::new(most, 1u8),
            over: None,
        });
        *held = held.saturating_add(bonus.seats);
    }
    work.steps(stage, steps, pass);
    pass.house = pass.house.saturating_add(bonus.seats);
    let vacant = pass.vacant;
    work.record(stage, "bonus", seats, vacant, None, pass);
    Ok(())
}
