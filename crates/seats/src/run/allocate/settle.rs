//! Ties of a formula: by more or fewer votes, by what was drawn, or left open.

use super::At;
use crate::Id;
use crate::formula::residual::Residual;
use crate::formula::{Award, Contender, RawStep, RawTie};
use crate::outcome::StepKind;
use crate::rulebook::TieRule;
use crate::run::machine::{OpenTie, Stop, Work, has_rule};

/// Settles a tie: by votes as far as that goes, by what the pass was given, or not at all.
pub(super) fn settle(
    work: &Work<'_>,
    at: &At<'_>,
    mut tie: RawTie,
    contenders: &[Contender],
    award: &mut Award,
) -> Result<(), Stop> {
    tie.between.sort_unstable();
    if has_rule(at.stage, TieRule::MoreVotes) {
        by_votes(&mut tie, contenders, StepKind::MoreVotes, award, work.trace);
    } else if has_rule(at.stage, TieRule::FewerVotes) {
        by_votes(&mut tie, contenders, StepKind::FewerVotes, award, work.trace);
    }
    if tie.seats == 0 {
        return Ok(());
    }
    let ids: Vec<String> = tie.between.iter().map(|who| (at.id)(*who).into()).collect();
    let Some(settled) = work.settled(&at.stage.id, at.unit.map(Id::as_str), &ids, tie.seats) else {
        let held = tie.between.iter().map(|who| award.seats.get(*who).copied().unwrap_or(0));
        return Err(Stop::Tied(OpenTie {
            stage: at.stage.id.clone(),
            unit: at.unit.map(Id::to_string),
            held: held.collect(),
            by_lot: has_rule(at.stage, TieRule::Lot),
            between: ids,
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
    for (who, id) in tie.between.clone().into_iter().zip(&ids) {
        if settled.drawn.contains(id) {
            apply(&tie, who, StepKind::Lot, award, work.trace);
        }
    }
    Ok(())
}

/// Gives the seats to those of the tied with most votes in all (with fewest, if `why` says so), or
/// takes them back from the others, as far as votes differ; what is left stays tied.
fn by_votes(tie: &mut RawTie, contenders: &[Contender], why: StepKind, award: &mut Award, trace: bool) {
    let votes = |who: &usize| contenders.get(*who).map_or(0, |contender| contender.votes);
    let fewest = (tie.what == StepKind::TakenBack) != (why == StepKind::FewerVotes);
    while tie.seats > 0 {
        let numbers = tie.between.iter().map(votes);
        let Some(edge) = (if fewest { numbers.min() } else { numbers.max() }) else {
            return;
        };
        let first: Vec<usize> = tie.between.iter().copied().filter(|who| votes(who) == edge).collect();
        let size = u64::try_from(first.len()).unwrap_or(u64::MAX);
        if size > tie.seats {
            tie.between = first;
            return;
        }
        for who in &first {
            apply(tie, *who, why, award, trace);
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
    if let Some(phase) = award.tied_in.filter(|_| !takes_back) {
        award.residuals.push(Residual { who, phase, value: tie.value });
    }
    *held = if takes_back { held.saturating_sub(1) } else { held.saturating_add(1) };
}
