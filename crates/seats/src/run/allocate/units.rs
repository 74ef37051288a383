//! Allocations by unit: lists in each unit, units against each other, each list's seats among units.

use std::collections::BTreeMap;

use super::row::Row;
use super::{At, among, formula, note_room, room, total, within_reason};
use crate::Id;
use crate::formula::{Award, Contender};
use crate::outcome::{StageOutcome, UnitOutcome};
use crate::refusal::{Figure, Refusal};
use crate::rulebook::{Allocate, Formula, SeatCount, Stage, Weights};
use crate::run::grid::{Given, Grid, ToUnits};
use crate::run::group;
use crate::run::machine::{Pass, Stop, Work, outcome_of};
use crate::run::view_rows::InTurn;
use crate::tally::Unit;

/// The seats of an earlier stage by unit of a level.
fn by_unit(
    work: &Work<'_>,
    stage: &Stage,
    of: Option<&String>,
    level: &str,
    pass: &Pass,
) -> Result<Option<Grid>, Refusal> {
    let Some(of) = of else { return Ok(None) };
    let grid = pass.given.get(of).and_then(|given| given.grid.as_ref()).and_then(|grid| grid.up(work.view, level));
    let missing = || Refusal::SeatsNotByUnit { stage: stage.id.clone(), of: of.clone(), level: level.to_owned() };
    grid.ok_or_else(missing).map(Some)
}

fn cell(grid: Option<&Grid>, unit: usize, who: usize) -> u64 {
    grid.and_then(|grid| grid.cells.get(unit)?.get(who)).copied().unwrap_or(0)
}

/// Lists in each unit of a level.
pub(super) fn per_unit(
    work: &Work<'_>,
    stage: &Stage,
    allocate: &Allocate,
    level: &str,
    pass: &mut Pass,
) -> Result<(), Stop> {
    let units = work.view.units(level);
    if units.is_empty() {
        return Err(Refusal::NoUnits { stage: stage.id.clone(), level: level.to_owned() }.into());
    }
    let start = by_unit(work, stage, allocate.start.as_ref(), level, pass)?;
    let least = by_unit(work, stage, allocate.at_least.as_ref(), level, pass)?;
    let mut sum = Sum::new(work, level, units.len());
    let of = work.view.rows(&allocate.contest, level)?;
    let mut register = work.view.in_turn();
    let together = group::ids(work.view, pass);
    for (place, unit) in units.iter().enumerate() {
        let seats = seats(work, stage, allocate, unit, place, &mut register, pass)?;
        sum.seats = within_reason(stage, sum.seats.saturating_add(seats))?;
        let figures = of.at(unit, place)?;
        let admitted = allocate.contenders.as_ref().and_then(|admit| pass.admitted.get_key_value(admit));
        let contends = match admitted {
            Some((admit, admitted)) => Some(admitted.in_unit(admit, stage, level, place)?),
            None => None,
        };
        let groups = allocate.contenders.as_ref().and_then(|stage| pass.groups.get(stage));
        let mut row = Row::new(groups.is_some(), figures.standing.len());
        let contends = |who: usize| contends.is_none_or(|contends| contends.get(who) == Some(&true));
        let room = |who: usize| {
            let list = work.view.lists.get(who).filter(|_| allocate.next_when_exhausted);
            list.and_then(|list| room(allocate, list, Some(&unit.id)))
        };
        if groups.is_none() && start.is_none() && least.is_none() {
            for (who, votes) in figures.with_votes().filter(|(who, _)| contends(*who)) {
                row.add(who, Contender { room: room(who), ..Contender::of(votes) });
            }
        } else {
            for (who, votes) in figures.votes.iter().enumerate() {
                let (votes, least) = if contends(who) { (*votes, cell(least.as_ref(), place, who)) } else { (0, 0) };
                let start = cell(start.as_ref(), place, who);
                row.add(who, Contender { votes, room: room(who), start, least });
            }
        }
        let all = all_votes(allocate, &figures.votes);
        let place = Id::from(&unit.id);
        let id = |place: usize| match row.get(place) {
            Some(who) => work.view.shared(who),
            None => group::id_of(&together, place),
        };
        let at = At { stage, unit: Some(&place), id: &id, all };
        let award = among(work, &at, allocate, &row.contenders, groups.map(Vec::as_slice), seats)?;
        sum.add(work, &at, &row, award, seats, pass);
    }
    if allocate.next_when_exhausted {
        let all = vec![true; work.view.lists.len()];
        note_room(work, allocate, &all, &sum.given.seats, pass);
    }
    sum.record(work, stage, pass);
    Ok(())
}

/// The votes of all, where the formula asks for them.
fn all_votes(allocate: &Allocate, votes: &[u64]) -> u128 {
    match allocate.formula {
        Formula::Quota(_) => votes.iter().map(|votes| u128::from(*votes)).sum(),
        Formula::Divisor(_) => 0,
    }
}

/// The seats of one unit.
fn seats(
    work: &Work<'_>,
    stage: &Stage,
    allocate: &Allocate,
    unit: &Unit,
    place: usize,
    register: &mut InTurn<'_>,
    pass: &Pass,
) -> Result<u64, Refusal> {
    match &allocate.seats {
        SeatCount::Fixed(seats) => Ok(*seats),
        SeatCount::Register { level, name } if *level == unit.level => match register.number(&unit.id, name) {
            Some(seats) => Ok(seats),
            None => work.view.registered(&stage.id, &unit.id, name),
        },
        SeatCount::Register { level, name } => {
            let of = work.view.above(unit, level).and_then(|above| work.view.units(level).get(above).copied());
            work.view.registered(&stage.id, &of.unwrap_or(unit).id, name)
        }
        SeatCount::Stage(from) => {
            let given = pass.to_units.get(from).filter(|given| given.level == unit.level);
            given.and_then(|given| given.seats.get(place)).copied().ok_or_else(|| Refusal::SeatsNotByUnit {
                stage: stage.id.clone(),
                of: from.clone(),
                level: unit.level.clone(),
            })
        }
        // Refused when the rulebook is read.
        SeatCount::LeftBy(_) => Ok(0),
    }
}

/// Units of a level against each other.
pub(super) fn to_units(
    work: &Work<'_>,
    stage: &Stage,
    allocate: &Allocate,
    level: &str,
    pass: &mut Pass,
) -> Result<(), Stop> {
    let units = work.view.units(level);
    if units.is_empty() {
        return Err(Refusal::NoUnits { stage: stage.id.clone(), level: level.to_owned() }.into());
    }
    let house = super::seats(work, stage, allocate, &[], pass)?;
    let mut contenders = Vec::with_capacity(units.len());
    for unit in units {
        contenders.push(Contender::of(weight(work, stage, allocate, unit)?));
    }
    let all = contenders.iter().map(|one| u128::from(one.votes)).sum();
    let ids: Vec<Id> = units.iter().map(|unit| Id::from(&unit.id)).collect();
    let id = |place: usize| ids.get(place).cloned().unwrap_or_default();
    let at = At { stage, unit: None, id: &id, all };
    let award = formula(work, &at, allocate, &contenders, house, allocate.minimum)?;
    if work.trace {
        work.steps_at(stage, None, &id, award.steps, pass);
        let unit_seats = ids.iter().cloned().zip(award.seats.iter().copied()).collect();
        pass.stages.push(StageOutcome {
            unit_seats,
            vacant: award.vacant,
            quota: award.quota,
            ..outcome_of(stage, "allocate")
        });
    }
    pass.to_units.insert(stage.id.clone(), ToUnits { level: level.to_owned(), seats: award.seats });
    Ok(())
}

/// What counts for one unit.
fn weight(work: &Work<'_>, stage: &Stage, allocate: &Allocate, unit: &Unit) -> Result<u64, Refusal> {
    let contest = match &allocate.weights {
        Some(Weights::Register { name, .. }) => return work.view.registered(&stage.id, &unit.id, name),
        Some(Weights::Quantity(name)) => {
            let figures = work.view.figures_in(&allocate.contest, unit)?;
            return work.view.base(name, &allocate.contest, Some((&unit.id, figures)));
        }
        Some(Weights::Contest(contest)) => contest,
        None => &allocate.contest,
    };
    let too_large = || Refusal::TooLarge { what: Figure::Of(contest.clone()), unit: unit.id.clone() };
    work.view.figures_in(contest, unit)?.sum().ok_or_else(too_large)
}

/// Each list's seats among the units of a level.
pub(super) fn per_list(
    work: &Work<'_>,
    stage: &Stage,
    allocate: &Allocate,
    level: &str,
    pass: &mut Pass,
) -> Result<(), Stop> {
    let units = work.view.units(level);
    if units.is_empty() {
        return Err(Refusal::NoUnits { stage: stage.id.clone(), level: level.to_owned() }.into());
    }
    let start = by_unit(work, stage, allocate.start.as_ref(), level, pass)?;
    let least = by_unit(work, stage, allocate.at_least.as_ref(), level, pass)?;
    let contest = match &allocate.weights {
        Some(Weights::Contest(contest)) => contest,
        _ => &allocate.contest,
    };
    let ids: Vec<Id> = units.iter().map(|unit| Id::from(&unit.id)).collect();
    let id = |place: usize| ids.get(place).cloned().unwrap_or_default();
    let mut grid = Grid { level: level.to_owned(), cells: vec![vec![0; work.view.lists.len()]; units.len()] };
    let mut given = Given { seats: vec![0; work.view.lists.len()], ..Given::default() };
    let mut start_seats = 0u64;
    for (who, list) in work.view.lists.iter().enumerate() {
        let seats = match &allocate.seats {
            SeatCount::Fixed(seats) => *seats,
            SeatCount::Stage(from) => pass.of(from).seats.get(who).copied().unwrap_or(0),
            SeatCount::LeftBy(_) | SeatCount::Register { .. } => 0,
        };
        given.house = within_reason(stage, given.house.saturating_add(seats))?;
        let mut contenders = Vec::with_capacity(units.len());
        for (place, unit) in units.iter().enumerate() {
            contenders.push(Contender {
                votes: work.view.figures_in(contest, unit)?.votes.get(who).copied().unwrap_or(0),
                room: room(allocate, list, Some(&unit.id)),
                start: cell(start.as_ref(), place, who),
                least: cell(least.as_ref(), place, who),
            });
        }
        let all = contenders.iter().map(|one| u128::from(one.votes)).sum();
        let list = work.view.shared(who);
        let at = At { stage, unit: Some(&list), id: &id, all };
        let award = formula(work, &at, allocate, &contenders, seats, allocate.minimum)?;
        for (row, seats) in grid.cells.iter_mut().zip(&award.seats) {
            if let Some(cell) = row.get_mut(who) {
                *cell = *seats;
            }
        }
        if let Some(sum) = given.seats.get_mut(who) {
            *sum = total(&award.seats);
        }
        given.vacant = given.vacant.saturating_add(award.vacant);
        start_seats = start_seats.saturating_add(award.start);
        work.steps_at(stage, Some(&list), &id, award.steps, pass);
    }
    given.house = given.house.saturating_add(start_seats);
    let mut rows = Vec::new();
    if work.trace {
        for (row, unit) in grid.cells.iter().zip(&ids) {
            rows.push(UnitOutcome { unit: unit.clone(), seats: work.held(row), vacant: 0, quota: None });
        }
    }
    given.grid = Some(grid);
    work.record_given(stage, "allocate", given, rows, None, pass);
    Ok(())
}

/// The units of a stage, added up as they come.
struct Sum {
    given: Given,
    grid: Grid,
    rows: Vec<UnitOutcome>,
    seats: u64,
}

impl Sum {
    fn new(work: &Work<'_>, level: &str, units: usize) -> Self {
        let lists = work.view.lists.len();
        Self {
            given: Given { seats: vec![0; lists], rests: vec![0; lists], ..Given::default() },
            grid: Grid { level: level.to_owned(), cells: Vec::with_capacity(units) },
            rows: Vec::with_capacity(if work.trace { units } else { 0 }),
            seats: 0,
        }
    }

    /// Adds what a unit gave to the lists of its row.
    fn add(&mut self, work: &Work<'_>, at: &At<'_>, row: &Row, award: Award, seats: u64, pass: &mut Pass) {
        let mut cells = vec![0; self.given.seats.len()];
        let mut held = BTreeMap::new();
        for (who, seats) in row.each(&award.seats).filter(|(_, seats)| *seats > 0) {
            if let (Some(cell), Some(sum)) = (cells.get_mut(who), self.given.seats.get_mut(who)) {
                *cell = seats;
                *sum = sum.saturating_add(seats);
            }
            if work.trace {
                held.insert(work.view.shared(who), seats);
            }
        }
        for (who, rest) in row.each(&award.rests) {
            if let Some(sum) = self.given.rests.get_mut(who) {
                *sum = sum.saturating_add(rest);
            }
        }
        self.given.vacant = self.given.vacant.saturating_add(award.vacant);
        for who in award.exhausted.iter().map(|place| row.list(*place)) {
            if !pass.exhausted.contains(&who) {
                pass.exhausted.push(who);
            }
        }
        if work.trace {
            work.steps_at(at.stage, at.unit, at.id, award.steps, pass);
            self.rows.push(UnitOutcome {
                unit: at.unit.cloned().unwrap_or_default(),
                seats: held,
                vacant: award.vacant,
                quota: award.quota,
            });
        }
        self.given.house = self.given.house.saturating_add(seats).saturating_add(award.start);
        self.grid.cells.push(cells);
    }

    fn record(mut self, work: &Work<'_>, stage: &Stage, pass: &mut Pass) {
        self.given.grid = Some(self.grid);
        work.record_given(stage, "allocate", self.given, self.rows, None, pass);
    }
}
