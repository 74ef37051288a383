//! `place`: in which units the seats of lists sit.

use std::cmp::Ordering;

use super::grid::{Given, Grid};
use super::machine::{OpenTie, Pass, Stop, Work, allocation_of, has_rule};
use crate::formula::divisor;
use crate::formula::place::{PlaceStep, PlaceTie, Placed, Placing, Unplaceable, place};
use crate::outcome::{Rival, Step, StepKind, UnitOutcome};
use crate::refusal::{Figure, Reason, Refusal};
use crate::rulebook::{Capacity, Formula, Place, PlaceOrder, Scale, Stage, TieRule};
use crate::tally::Unit;
use crate::words::Remark;
use crate::{Fraction, Id};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Place, pass: &mut Pass) -> Result<(), Stop> {
    let units = work.view.units(&rule.level);
    if units.is_empty() {
        return Err(Refusal::NoUnits { stage: stage.id.clone(), level: rule.level.clone() }.into());
    }
    let table = Table::new(work, stage, rule, units, pass)?;
    let (mut rows, mut left) = (table.held.clone(), 0u64);
    for group in groups(work, stage, rule, units, pass)? {
        let placed = one_group(work, stage, rule, units, &table, &group, pass)?;
        for (unit, seats) in group.units.iter().zip(&placed.seats) {
            if let Some(row) = rows.get_mut(*unit) {
                row.iter_mut().zip(seats).for_each(|(sum, seats)| *sum = sum.saturating_add(*seats));
            }
        }
        left = placed.left.iter().fold(left, |sum, left| sum.saturating_add(*left));
        write(work, stage, units, &group, &placed, pass);
    }
    if left > 0 {
        pass.note(Remark::Unplaced { stage: stage.id.clone(), seats: left, level: rule.level.clone() });
    }
    let grid = Grid { level: rule.level.clone(), cells: std::mem::take(&mut rows) };
    let outcomes = outcomes(work, units, &grid);
    let of = pass.of(&rule.of);
    let given = Given {
        seats: grid.totals(work.view.lists.len()),
        grid: Some(grid),
        house: of.house,
        vacant: of.vacant.saturating_add(left),
        unlisted: of.unlisted,
        ..Given::default()
    };
    work.record_given(stage, "place", given, outcomes, None, pass);
    Ok(())
}

/// The figures of all units of the level.
struct Table {
    votes: Vec<Vec<u64>>,
    held: Vec<Vec<u64>>,
    scale: Vec<Fraction>,
    capacity: Vec<Option<u64>>,
}

impl Table {
    fn new(work: &Work<'_>, stage: &Stage, rule: &Place, units: &[&Unit], pass: &Pass) -> Result<Self, Refusal> {
        let lists = work.view.lists.len();
        let held = match &rule.start {
            None => vec![vec![0; lists]; units.len()],
            Some(start) => by_unit(work, stage, start, &rule.level, pass)?.cells,
        };
        let (mut votes, mut scale, mut capacity) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (unit, held)) in units.iter().zip(&held).enumerate() {
            let figures = work.view.figures_in(&rule.contest, unit)?;
            let too_large = || Refusal::TooLarge { what: Figure::Of(rule.contest.clone()), unit: unit.id.clone() };
            let all = figures.sum().ok_or_else(too_large)?;
            let seats = held.iter().fold(0u64, |sum, seats| sum.saturating_add(*seats));
            votes.push(figures.votes.clone());
            scale.push(match rule.scale {
                Scale::None => Fraction::new(1u8, 1u8),
                // Without votes there is no quotient either.
                _ if all == 0 => Fraction::new(1u8, 1u8),
                Scale::VotesPerSeat => Fraction::new(seats, all),
                Scale::Share => Fraction::new(1u8, all),
            });
            capacity.push(self::capacity(work, stage, rule.capacity.as_ref(), unit, place, pass)?);
        }
        Ok(Self { votes, held, scale, capacity })
    }
}

fn by_unit(work: &Work<'_>, stage: &Stage, of: &str, level: &str, pass: &Pass) -> Result<Grid, Refusal> {
    let grid = pass.given.get(of).and_then(|given| given.grid.as_ref()).and_then(|grid| grid.up(work.view, level));
    grid.ok_or_else(|| Refusal::SeatsNotByUnit { stage: stage.id.clone(), of: of.to_owned(), level: level.to_owned() })
}

/// The most seats that a unit receives.
pub(super) fn capacity(
    work: &Work<'_>,
    stage: &Stage,
    capacity: Option<&Capacity>,
    unit: &Unit,
    place: usize,
    pass: &Pass,
) -> Result<Option<u64>, Refusal> {
    match capacity {
        None => Ok(None),
        Some(Capacity::Fixed(seats)) => Ok(Some(*seats)),
        Some(Capacity::Register { level, name }) => {
            let above = work.view.above(unit, level).and_then(|above| work.view.units(level).get(above).copied());
            work.view.registered(&stage.id, &above.unwrap_or(unit).id, name).map(Some)
        }
        Some(Capacity::Stage(of)) => {
            let given = pass.to_units.get(of).filter(|given| given.level == unit.level);
            let seats = given.and_then(|given| given.seats.get(place)).copied();
            seats.map(Some).ok_or_else(|| Refusal::SeatsNotByUnit {
                stage: stage.id.clone(),
                of: of.clone(),
                level: unit.level.clone(),
            })
        }
    }
}

/// Units that share a number of seats per list.
struct Group {
    /// Positions of the units.
    units: Vec<usize>,
    /// Seats to place, by list.
    number: Vec<u64>,
}

/// One group for the whole, or one for each unit of the higher level at which the seats are given.
fn groups(work: &Work<'_>, stage: &Stage, rule: &Place, units: &[&Unit], pass: &Pass) -> Result<Vec<Group>, Refusal> {
    let of = pass.of(&rule.of);
    let lists = work.view.lists.len();
    let higher = of.grid.as_ref().filter(|grid| is_above(work, &grid.level, &rule.level));
    let rows: Vec<Vec<u64>> = match higher {
        Some(grid) => grid.cells.clone(),
        None => vec![of.seats.clone()],
    };
    let mut groups: Vec<Group> = rows.into_iter().map(|number| Group { units: Vec::new(), number }).collect();
    for (place, unit) in units.iter().enumerate() {
        let group = match higher {
            Some(grid) => work.view.above(unit, &grid.level).ok_or_else(|| Refusal::SeatsNotByUnit {
                stage: stage.id.clone(),
                of: rule.of.clone(),
                level: rule.level.clone(),
            })?,
            None => 0,
        };
        if let Some(group) = groups.get_mut(group) {
            group.units.push(place);
        }
    }
    let held = match &rule.start {
        None => return Ok(groups),
        Some(start) => by_unit(work, stage, start, &rule.level, pass)?.cells,
    };
    for group in &mut groups {
        for who in 0..lists {
            let seats = group.units.iter().filter_map(|unit| held.get(*unit).and_then(|row| row.get(who)));
            let seats = seats.fold(0u64, |sum, seats| sum.saturating_add(*seats));
            let Some(number) = group.number.get_mut(who) else { continue };
            *number = number.checked_sub(seats).ok_or_else(|| Refusal::PlacedBelowHeld {
                stage: stage.id.clone(),
                list: work.view.id(who),
                held: seats,
                seats: *number,
            })?;
        }
    }
    Ok(groups)
}

fn is_above(work: &Work<'_>, higher: &str, level: &str) -> bool {
    let levels = &work.rulebook.units.levels;
    let at = |name: &str| levels.iter().position(|level| level == name);
    at(higher) < at(level)
}

fn one_group(
    work: &Work<'_>,
    stage: &Stage,
    rule: &Place,
    units: &[&Unit],
    table: &Table,
    group: &Group,
    pass: &Pass,
) -> Result<Placed, Stop> {
    let rows = |of: &[Vec<u64>]| -> Vec<Vec<u64>> { group.units.iter().filter_map(|u| of.get(*u).cloned()).collect() };
    let (votes, held) = (rows(&table.votes), rows(&table.held));
    let scale: Vec<Fraction> = group.units.iter().filter_map(|unit| table.scale.get(*unit).copied()).collect();
    let capacity: Vec<Option<u64>> = group.units.iter().filter_map(|unit| table.capacity.get(*unit).copied()).collect();
    let order = match rule.order {
        PlaceOrder::Largest => None,
        PlaceOrder::National => Some(order(work, stage, rule, &group.number, pass)?),
    };
    let placing = Placing {
        rule: &rule.rule,
        votes: &votes,
        scale: &scale,
        capacity: &capacity,
        number: &group.number,
        order: order.as_deref(),
    };
    let unit_id = |unit: usize| {
        let place = group.units.get(unit).and_then(|place| units.get(*place));
        place.map_or_else(String::new, |unit| unit.id.clone())
    };
    let mut settle = |tie: &PlaceTie, held: &[Vec<u64>]| settle(work, stage, tie, held, &votes, &unit_id);
    place(&placing, &held, &mut settle).map_err(|why| match why {
        Unplaceable::Stopped(stop) => stop,
        Unplaceable::TooLarge => Refusal::TooLarge { what: Figure::Quotient, unit: stage.id.clone() }.into(),
        Unplaceable::DivisorsExhausted(length) => Refusal::DivisorsExhausted { stage: stage.id.clone(), length }.into(),
    })
}

/// The lists in the order in which they receive their seats in the whole: by the same quotients, which go on
/// from the seats that they hold.
fn order(work: &Work<'_>, stage: &Stage, rule: &Place, number: &[u64], pass: &Pass) -> Result<Vec<usize>, Stop> {
    let missing =
        || Refusal::NotYetComputable { stage: stage.id.clone(), what: Reason::NoDivisorOrder(rule.of.clone()) };
    let Some((_, national)) = allocation_of(work.rulebook, &rule.of) else { return Err(missing().into()) };
    let Formula::Divisor(quotients) = &national.formula else { return Err(missing().into()) };
    let votes = &work.view.of(&national.contest)?.whole.votes;
    let mut held: Vec<u64> = match &rule.start {
        Some(start) => pass.of(start).seats,
        None => vec![0; votes.len()],
    };
    let mut left = number.to_vec();
    let mut order = Vec::new();
    loop {
        let mut top: Option<(Fraction, Vec<usize>)> = None;
        for (who, _) in left.iter().enumerate().filter(|(_, left)| **left > 0) {
            let (Some(votes), Some(held)) = (votes.get(who), held.get(who)) else { continue };
            let Some(value) = divisor::quotient(quotients, *votes, *held) else {
                return Err(Refusal::DivisorsExhausted { stage: stage.id.clone(), length: *held }.into());
            };
            match top.as_mut().map(|(best, lists)| (value.compare(best), lists)) {
                Some((Ordering::Equal, lists)) => lists.push(who),
                Some((Ordering::Less, _)) => {}
                _ => top = Some((value, vec![who])),
            }
        }
        let Some((value, between)) = top else { return Ok(order) };
        let tie = PlaceTie { unit: None, list: None, between, seats: 1, value };
        let first = match tie.between.as_slice() {
            [only] => vec![*only],
            _ => {
                settle(work, stage, &tie, std::slice::from_ref(&held), std::slice::from_ref(votes), &|_| String::new())?
            }
        };
        let Some(who) = first.first().or(tie.between.first()).copied() else { return Ok(order) };
        order.push(who);
        if let (Some(held), Some(left)) = (held.get_mut(who), left.get_mut(who)) {
            *held = held.saturating_add(1);
            *left = left.saturating_sub(1);
        }
    }
}

/// Who of the tied receives the seats: by more votes as far as that goes, by what was settled, or nobody yet.
fn settle(
    work: &Work<'_>,
    stage: &Stage,
    tie: &PlaceTie,
    held: &[Vec<u64>],
    votes: &[Vec<u64>],
    unit_id: &dyn Fn(usize) -> String,
) -> Result<Vec<usize>, Stop> {
    let cell = |table: &[Vec<u64>], who: usize| {
        let (unit, list) = match (tie.unit, tie.list) {
            (Some(unit), _) => (unit, who),
            (None, Some(list)) => (who, list),
            (None, None) => (0, who),
        };
        table.get(unit).and_then(|row| row.get(list)).copied().unwrap_or(0)
    };
    let mut between = tie.between.clone();
    let mut won = Vec::new();
    let wanted = usize::try_from(tie.seats).unwrap_or(usize::MAX);
    if has_rule(stage, TieRule::MoreVotes) {
        between.sort_by_key(|who| (std::cmp::Reverse(cell(votes, *who)), *who));
        let edge = wanted.checked_sub(1).and_then(|last| between.get(last)).map(|who| cell(votes, *who));
        won.extend(between.iter().copied().filter(|who| Some(cell(votes, *who)) > edge));
        between.retain(|who| Some(cell(votes, *who)) == edge);
    }
    if won.len() + between.len() <= wanted {
        won.append(&mut between);
        return Ok(won);
    }
    let id = |who: usize| if tie.list.is_some() { unit_id(who) } else { work.view.id(who) };
    between.sort_by_key(|who| id(*who));
    let ids: Vec<String> = between.iter().map(|who| id(*who)).collect();
    let seats = u64::try_from(wanted - won.len()).unwrap_or(u64::MAX);
    let place = tie.unit.map(unit_id).or_else(|| tie.list.map(|list| work.view.id(list)));
    let Some(settled) = work.settled(&stage.id, place.as_deref(), &ids, seats) else {
        return Err(Stop::Tied(OpenTie {
            stage: stage.id.clone(),
            unit: place,
            held: between.iter().map(|who| cell(held, *who)).collect(),
            between: ids,
            seats,
            what: StepKind::Quotient,
            by_lot: has_rule(stage, TieRule::Lot),
        }));
    };
    won.extend(between.iter().zip(&ids).filter(|(_, id)| settled.drawn.contains(id)).map(|(who, _)| *who));
    Ok(won)
}

fn write(work: &Work<'_>, stage: &Stage, units: &[&Unit], group: &Group, placed: &Placed, pass: &mut Pass) {
    if !work.trace {
        return;
    }
    let unit_id = |unit: usize| {
        let place = group.units.get(unit).and_then(|place| units.get(*place));
        place.map_or_else(String::new, |unit| unit.id.clone())
    };
    let (id, law) = (Id::from(&stage.id), stage.law.as_ref().map(Id::from));
    for (seat, PlaceStep { unit, list, held, value, over }) in (1u64..).zip(&placed.steps) {
        pass.steps.push(Step {
            stage: id.clone(),
            law: law.clone(),
            seat,
            unit: Some(unit_id(*unit).into()),
            list: work.view.shared(*list),
            held: *held,
            seats: 1,
            what: StepKind::Quotient,
            value: *value,
            // The rival may sit in another unit; what is named is the list (in the same unit) or the unit.
            over: over.map(|(other, rival, value)| Rival {
                list: if other == *unit {
                    work.view.shared(rival)
                } else {
                    format!("{}, {}", work.view.id(rival), unit_id(other)).into()
                },
                value,
            }),
        });
    }
}

/// Seats by unit, for the outcome.
pub(super) fn outcomes(work: &Work<'_>, units: &[&Unit], grid: &Grid) -> Vec<UnitOutcome> {
    if !work.trace {
        return Vec::new();
    }
    let row = |(unit, row): (&&Unit, &Vec<u64>)| UnitOutcome {
        unit: Id::from(&unit.id),
        seats: work.held(row),
        vacant: 0,
        quota: None,
    };
    units.iter().zip(&grid.cells).map(row).collect()
}
