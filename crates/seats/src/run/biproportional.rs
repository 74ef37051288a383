//! `biproportional`: lists receive seats in the whole by voter numbers, and units and lists together fix
//! who sits where.

use super::grid::{Given, Grid};
use super::machine::{OpenTie, Pass, Stop, Work, has_rule};
use super::place;
use crate::formula::biproportional::{Apportioned, Decided, Infeasible, apportion};
use crate::outcome::{Divisor, StepKind};
use crate::refusal::{Figure, Refusal};
use crate::rulebook::{Biproportional, Stage, TieRule, Voters};
use crate::run::allocate;
use crate::tally::Unit;

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Biproportional, pass: &mut Pass) -> Result<(), Stop> {
    let units = work.view.units(&rule.level);
    if units.is_empty() {
        return Err(Refusal::NoUnits { stage: stage.id.clone(), level: rule.level.clone() }.into());
    }
    let contends = match rule.contenders.as_ref().and_then(|admit| pass.admitted.get_key_value(admit)) {
        Some((admit, admitted)) => admitted.in_whole(admit, stage)?.to_vec(),
        None => vec![true; work.view.lists.len()],
    };
    let (mut votes, mut seats) = (Vec::with_capacity(units.len()), Vec::with_capacity(units.len()));
    for (place, unit) in units.iter().enumerate() {
        let row = work.view.figures_in(&rule.contest, unit)?.votes.iter().zip(&contends);
        votes.push(row.map(|(votes, contends)| if *contends { *votes } else { 0 }).collect::<Vec<u64>>());
        seats.push(place::capacity(work, stage, Some(&rule.seats), unit, place, pass)?.unwrap_or(0));
    }
    let upper = upper(work, stage, rule, &votes, &seats, pass)?;
    let (wanted, there) = (total(&seats), total(&upper));
    if there < wanted {
        // A tie is open above: who sits where is not known yet.
        let given = Given { seats: upper, house: wanted, vacant: wanted - there, ..Given::default() };
        work.record_given(stage, "biproportional", given, Vec::new(), None, pass);
        return Ok(());
    }
    let found = lower(work, stage, &votes, &seats, &upper, units)?;
    record(work, stage, rule, found, units, pass);
    Ok(())
}

fn total(seats: &[u64]) -> u64 {
    seats.iter().fold(0, |sum, seats| sum.saturating_add(*seats))
}

/// Seats of the lists in the whole.
fn upper(
    work: &Work<'_>,
    stage: &Stage,
    rule: &Biproportional,
    votes: &[Vec<u64>],
    seats: &[u64],
    pass: &mut Pass,
) -> Result<Vec<u64>, Stop> {
    let too_large = || Refusal::TooLarge { what: Figure::Voters, unit: stage.id.clone() };
    let mut voters = vec![0u64; work.view.lists.len()];
    for (row, seats) in votes.iter().zip(seats) {
        for (sum, votes) in voters.iter_mut().zip(row) {
            let count = match rule.voters {
                Voters::Votes => *votes,
                // A unit without seats has no votes per seat.
                Voters::Rounded if *seats == 0 => 0,
                Voters::Rounded => votes / seats + u64::from(votes % seats >= seats.div_ceil(2)),
            };
            *sum = sum.checked_add(count).ok_or_else(too_large)?;
        }
    }
    let house = seats.iter().try_fold(0u64, |sum, seats| sum.checked_add(*seats)).ok_or_else(too_large)?;
    allocate::by_divisors(work, stage, &rule.rule, &voters, house, pass)
}

/// Seats by unit and list; ties as far as they are settled.
fn lower(
    work: &Work<'_>,
    stage: &Stage,
    votes: &[Vec<u64>],
    seats: &[u64],
    upper: &[u64],
    units: &[&Unit],
) -> Result<Apportioned, Stop> {
    let unit_id = |unit: usize| units.get(unit).map_or_else(String::new, |unit| unit.id.clone());
    let mut decided: Vec<Decided> = Vec::new();
    loop {
        let found = apportion(votes, seats, upper, &decided).map_err(|why| refusal(work, stage, why, &unit_id))?;
        let Some((district, holder, other)) = found.tie.as_ref().and_then(|tie| tie.moves.first().copied()) else {
            return Ok(found);
        };
        let pair = [holder.min(other), holder.max(other)];
        let ids: Vec<String> = pair.iter().map(|who| work.view.id(*who)).collect();
        let unit = unit_id(district);
        let Some(settled) = work.settled(&stage.id, Some(&unit), &ids, 1) else {
            let cell = |who: &usize| found.seats.get(district).and_then(|row| row.get(*who)).copied().unwrap_or(0);
            return Err(Stop::Tied(OpenTie {
                stage: stage.id.clone(),
                unit: Some(unit),
                held: pair.iter().map(|who| cell(who) - u64::from(*who == holder)).collect(),
                between: ids,
                seats: 1,
                what: StepKind::Quotient,
                by_lot: has_rule(stage, TieRule::Lot),
            }));
        };
        let drawn = |who: usize| settled.drawn.contains(&work.view.id(who));
        // Nobody drawn: it stays as it is; what is sure is found by comparing both ways.
        let (winner, loser) = if drawn(other) { (other, holder) } else { (holder, other) };
        decided.push(Decided { district, winner, loser });
    }
}

fn refusal(work: &Work<'_>, stage: &Stage, why: Infeasible, unit_id: &dyn Fn(usize) -> String) -> Refusal {
    let stage = stage.id.clone();
    match why {
        Infeasible::Totals { districts, lists } => {
            Refusal::MinimumAboveSeats { stage, needed: lists, seats: districts }
        }
        Infeasible::TooLarge => Refusal::TooLarge { what: Figure::Table, unit: stage },
        Infeasible::Blocked { districts, lists } => Refusal::NoBiproportionalSeats {
            stage,
            units: districts.iter().map(|unit| unit_id(*unit)).collect::<Vec<_>>().join(", "),
            lists: lists.iter().map(|list| work.view.id(*list)).collect::<Vec<_>>().join(", "),
        },
    }
}

fn record(work: &Work<'_>, stage: &Stage, rule: &Biproportional, found: Apportioned, units: &[&Unit], pass: &mut Pass) {
    let grid = Grid { level: rule.level.clone(), cells: found.seats };
    let outcomes = place::outcomes(work, units, &grid);
    let seats = grid.totals(work.view.lists.len());
    let house = seats.iter().fold(0u64, |sum, seats| sum.saturating_add(*seats));
    let given = Given { seats, grid: Some(grid), house, ..Given::default() };
    work.record_given(stage, "biproportional", given, outcomes, None, pass);
    if let Some(written) = pass.stages.last_mut().filter(|_| work.trace) {
        let unit = |(unit, divisor): (&&Unit, &_)| Divisor { of: unit.id.clone(), value: format!("{divisor}") };
        written.divisors = units.iter().zip(&found.districts).map(unit).collect();
        let list = |(who, divisor): (usize, &_)| Divisor { of: work.view.id(who), value: format!("{divisor}") };
        written.divisors.extend(found.lists.iter().enumerate().map(list));
    }
}
