//! `compensate` with `overhang = "forfeit"`: winners of single seats take their list's seats in the unit,
//! those with the largest share first; whoever is not covered has no seat.

use super::grid::Given;
use super::machine::{OpenTie, Pass, Stop, Work, has_rule};
use crate::Fraction;
use crate::outcome::{StepKind, Unseated};
use crate::refusal::Refusal;
use crate::rulebook::{Cover, Stage, TieRule};

/// Somebody who won a single seat.
struct Winner {
    unit: String,
    share: Fraction,
}

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Cover, pass: &mut Pass) -> Result<(), Stop> {
    let of = pass.of(&rule.of);
    let missing = |of: &str, level: &str| Refusal::SeatsNotByUnit {
        stage: stage.id.clone(),
        of: of.to_owned(),
        level: level.to_owned(),
    };
    let national = work.rulebook.national_level();
    let grid = of.grid.as_ref().ok_or_else(|| missing(&rule.of, national))?;
    let won = pass.of(&rule.held).grid.ok_or_else(|| missing(&rule.held, national))?;
    let mut winners: Vec<Vec<Vec<Winner>>> =
        work.view.units(&grid.level).iter().map(|_| work.view.lists.iter().map(|_| Vec::new()).collect()).collect();
    for (row, unit) in won.cells.iter().zip(work.view.units(&won.level)) {
        let above = work.view.above(unit, &grid.level).ok_or_else(|| missing(&rule.held, &grid.level))?;
        let figures = work.view.figures_in(&rule.contest, unit)?;
        let base = work.view.base(&rule.base, &rule.contest, Some((&unit.id, figures)))?;
        for (who, _) in row.iter().enumerate().filter(|(_, seats)| **seats > 0) {
            let votes = figures.votes.get(who).copied().unwrap_or(0);
            if votes > base || base == 0 {
                return Err(Refusal::PartAboveWhole {
                    list: Some(work.view.id(who)),
                    votes,
                    base: rule.base.clone(),
                    base_value: base,
                    unit: unit.id.clone(),
                }
                .into());
            }
            if let Some(cell) = winners.get_mut(above).and_then(|row| row.get_mut(who)) {
                cell.push(Winner { unit: unit.id.clone(), share: Fraction::new(votes, base) });
            }
        }
    }
    let mut unseated = Vec::new();
    for (place, row) in winners.into_iter().enumerate() {
        for (who, winners) in row.into_iter().enumerate() {
            let seats = grid.cells.get(place).and_then(|row| row.get(who)).copied().unwrap_or(0);
            let area = work.view.units(&grid.level).get(place).map_or("", |unit| unit.id.as_str());
            for winner in not_covered(work, stage, area, winners, seats)? {
                let list = work.view.id(who);
                unseated.push(Unseated { stage: stage.id.clone(), unit: winner.unit, list, share: winner.share });
            }
        }
    }
    unseated.sort_by(|a, b| a.unit.cmp(&b.unit));
    pass.unseated.extend(unseated);
    work.record_given(stage, "compensate", Given { ..of }, Vec::new(), None, pass);
    Ok(())
}

/// The winners beyond the seats of their list.
fn not_covered(
    work: &Work<'_>,
    stage: &Stage,
    area: &str,
    mut winners: Vec<Winner>,
    seats: u64,
) -> Result<Vec<Winner>, Stop> {
    let seats = usize::try_from(seats).unwrap_or(usize::MAX);
    if winners.len() <= seats {
        return Ok(Vec::new());
    }
    winners.sort_by(|a, b| b.share.compare(&a.share).then_with(|| a.unit.cmp(&b.unit)));
    let edge = winners.get(seats).map(|winner| winner.share);
    let equals = |winner: &Winner| edge.is_some_and(|edge| edge.compare(&winner.share).is_eq());
    let before = winners.iter().take_while(|winner| !equals(winner)).count();
    let mut tied: Vec<String> =
        winners.iter().filter(|winner| equals(winner)).map(|winner| winner.unit.clone()).collect();
    let covered = seats.saturating_sub(before);
    if covered == 0 {
        return Ok(winners.split_off(seats));
    }
    tied.sort_unstable();
    let number = u64::try_from(covered).unwrap_or(u64::MAX);
    let Some(settled) = work.settled(&stage.id, Some(area), &tied, number) else {
        return Err(Stop::Tied(OpenTie {
            stage: stage.id.clone(),
            unit: Some(area.to_owned()),
            held: vec![0; tied.len()],
            between: tied,
            seats: number,
            what: StepKind::CandidateVotes,
            by_lot: has_rule(stage, TieRule::Lot),
        }));
    };
    let rest = winners.split_off(before);
    Ok(rest.into_iter().filter(|winner| !(equals(winner) && settled.drawn.contains(&winner.unit))).collect())
}
