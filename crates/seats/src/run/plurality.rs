//! `plurality`: seats to those with most votes, poll by poll; and what polls of people have in common.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::{Given, Grid};
use super::machine::{OpenTie, Pass, Stop, Winner, Work, has_rule};
use super::view::{Entry, Poll};
use crate::formula::RawStep;
use crate::formula::plurality::{Elected, Stander, elect};
use crate::outcome::{Declaration, Declared, Member, PassedOver, StepKind, UnitOutcome};
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{AgainstAll, Limit, MOST_SEATS, Plurality, SeatsEach, Stage, TieRule};
use crate::words::Remark;
use crate::{Fraction, Id};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Plurality, pass: &mut Pass) -> Result<(), Stop> {
    let mut sum = Sum::new(work, rule.per.as_deref());
    for poll in polls(work, stage, &rule.contest, rule.per.as_deref())? {
        let seats = seats(work, stage, &rule.seats, poll)?;
        sum.house = sum.house.saturating_add(seats);
        if sum.house > MOST_SEATS {
            let stage = stage.id.clone();
            return Err(Refusal::TooManySeats { stage, seats: sum.house, most: MOST_SEATS }.into());
        }
        if against_all_leads(work, stage, &rule.contest, poll, pass)? {
            sum.add(work, stage, poll, &Elected { vacant: seats, ..Elected::default() }, pass);
            continue;
        }
        let mut elected = one(work, stage, poll, &standers(poll, rule.limit.as_ref()), seats, rule.limit.as_ref())?;
        if let Some(limit) = &rule.limit {
            passed_over(stage, poll, limit, &elected, pass);
            if limit.not_held_if_impossible && elected.vacant > 0 {
                let says = Remark::LimitLeaves {
                    vacant: elected.vacant,
                    seats,
                    most: limit.max_per_value,
                    attribute: limit.attribute.clone(),
                };
                declare(stage, poll, Declared::NotHeld, Vec::new(), says, pass);
                elected = Elected { vacant: seats, ..Elected::default() };
            }
        }
        sum.add(work, stage, poll, &elected, pass);
    }
    sum.record(work, stage, "plurality", pass);
    Ok(())
}

/// The polls of a contest, by unit; the whole is one poll.
pub(crate) fn polls<'a>(
    work: &Work<'a>,
    stage: &Stage,
    contest: &str,
    per: Option<&str>,
) -> Result<Vec<&'a Poll<'a>>, Refusal> {
    let of = work.view.polls.get(contest).ok_or_else(|| Refusal::NoTotals { contest: contest.to_owned() })?;
    let missing = |unit: &str| Refusal::UnitMissing { contest: contest.to_owned(), unit: unit.to_owned() };
    let Some(level) = per else {
        let poll = of.get(work.view.national_unit);
        return poll.map(|poll| vec![poll]).ok_or_else(|| missing(work.view.national_unit));
    };
    let units = work.view.units(level);
    if units.is_empty() {
        return Err(Refusal::NoUnits { stage: stage.id.clone(), level: level.to_owned() });
    }
    units.iter().map(|unit| of.get(unit.id.as_str()).ok_or_else(|| missing(&unit.id))).collect()
}

pub(crate) fn seats(work: &Work<'_>, stage: &Stage, rule: &SeatsEach, poll: &Poll<'_>) -> Result<u64, Refusal> {
    match rule {
        SeatsEach::Fixed(seats) => Ok(*seats),
        SeatsEach::Register(name) => {
            let unit = poll.unit.map_or(work.view.national_unit, |unit| unit.id.as_str());
            work.view.registered(&stage.id, unit, name)
        }
    }
}

pub(crate) fn unit_of(poll: &Poll<'_>) -> Option<String> {
    poll.unit.map(|unit| unit.id.clone())
}

/// Whether those against all are more than anybody's votes, where that repeats the poll.
pub(super) fn against_all_leads(
    work: &Work<'_>,
    stage: &Stage,
    contest: &str,
    poll: &Poll<'_>,
    pass: &mut Pass,
) -> Result<bool, Refusal> {
    let rule = work.rulebook.contests.get(contest).map(|contest| contest.against_all);
    if rule != Some(AgainstAll::RepeatIfMost) {
        return Ok(false);
    }
    let against = poll.against_all.ok_or_else(|| Refusal::BaseMissing {
        base: "against_all".to_owned(),
        unit: unit_of(poll).unwrap_or_else(|| work.view.national_unit.to_owned()),
        lacking: Reason::AgainstAll,
    })?;
    let most = poll.entries.iter().filter(|entry| stands(entry)).map(|entry| entry.votes).max().unwrap_or(0);
    if against <= most {
        return Ok(false);
    }
    let says = Remark::AgainstAllFirst { against, first: most };
    declare(stage, poll, Declared::RepeatElection, Vec::new(), says, pass);
    Ok(true)
}

pub(super) fn declare(stage: &Stage, poll: &Poll<'_>, what: Declared, who: Vec<String>, says: Remark, pass: &mut Pass) {
    let law = stage.law.clone();
    pass.declared.push(Declaration { stage: stage.id.clone(), law, unit: unit_of(poll), what, who, says });
}

/// Whether they have not withdrawn.
pub(crate) fn stands(entry: &Entry<'_>) -> bool {
    entry.nominee.is_none_or(|nominee| !nominee.withdrawn)
}

/// Those of a poll as the formula takes them; who withdrew has no votes there.
pub(crate) fn standers(poll: &Poll<'_>, limit: Option<&Limit>) -> Vec<Stander> {
    let value_of = |entry: &Entry<'_>| -> Option<String> {
        entry.nominee.and_then(|nominee| nominee.attributes.get(&limit?.attribute)).cloned()
    };
    let values: BTreeSet<String> = poll.entries.iter().filter_map(value_of).collect();
    let values: BTreeMap<String, usize> = values.into_iter().zip(0usize..).collect();
    poll.entries
        .iter()
        .map(|entry| Stander {
            votes: if stands(entry) { entry.votes } else { 0 },
            value: value_of(entry).and_then(|value| values.get(&value).copied()),
        })
        .collect()
}

/// One poll, its ties settled by what the pass was given.
pub(super) fn one(
    work: &Work<'_>,
    stage: &Stage,
    poll: &Poll<'_>,
    standers: &[Stander],
    seats: u64,
    limit: Option<&Limit>,
) -> Result<Elected, Stop> {
    let unit = unit_of(poll);
    let id = |who: &usize| poll.entries.get(*who).map_or_else(String::new, |entry| entry.id.to_owned());
    let mut settle = |between: &[usize], seats: u64| {
        let mut ids: Vec<String> = between.iter().map(id).collect();
        ids.sort_unstable();
        let settled = work.settled(&stage.id, unit.as_deref(), &ids, seats)?;
        Some(between.iter().copied().filter(|who| settled.drawn.contains(&id(who))).collect())
    };
    elect(standers, seats, limit.map(|limit| limit.max_per_value), &mut settle).map_err(|tied| {
        let mut between: Vec<String> = tied.between.iter().map(id).collect();
        between.sort_unstable();
        Stop::Tied(OpenTie {
            stage: stage.id.clone(),
            unit: unit.clone(),
            held: vec![0; between.len()],
            between,
            seats: tied.seats,
            what: StepKind::Elected,
            by_lot: has_rule(stage, TieRule::Lot),
        })
    })
}

fn passed_over(stage: &Stage, poll: &Poll<'_>, limit: &Limit, elected: &Elected, pass: &mut Pass) {
    // Only those with more votes than somebody who is elected, or than an empty seat.
    let votes = |who: &usize| poll.entries.get(*who).map_or(0, |entry| entry.votes);
    let least = if elected.vacant > 0 { 0 } else { elected.elected.iter().map(votes).min().unwrap_or(0) };
    for who in elected.passed_over.iter().filter(|who| votes(who) >= least) {
        pass.passed_over.push(PassedOver {
            stage: stage.id.clone(),
            unit: unit_of(poll),
            candidate: poll.entries.get(*who).map_or_else(String::new, |entry| entry.id.to_owned()),
            attribute: limit.attribute.clone(),
        });
    }
}

/// The polls of a stage, added up as they come.
pub(super) struct Sum {
    pub house: u64,
    given: Given,
    cells: Vec<Vec<u64>>,
    level: Option<String>,
    rows: Vec<UnitOutcome>,
    winners: Vec<Winner>,
}

impl Sum {
    pub(super) fn new(work: &Work<'_>, level: Option<&str>) -> Self {
        Self {
            house: 0,
            given: Given { seats: vec![0; work.view.lists.len()], ..Given::default() },
            cells: Vec::new(),
            level: level.map(str::to_owned),
            rows: Vec::new(),
            winners: Vec::new(),
        }
    }

    /// Writes down who is elected in one poll.
    pub(super) fn add(&mut self, work: &Work<'_>, stage: &Stage, poll: &Poll<'_>, elected: &Elected, pass: &mut Pass) {
        let mut row = vec![0u64; work.view.lists.len()];
        for (who, seat) in elected.elected.iter().zip(1u64..) {
            let Some(entry) = poll.entries.get(*who) else {
                continue;
            };
            match entry.list.and_then(|list| row.get_mut(list)) {
                Some(seats) => *seats = seats.saturating_add(1),
                None => self.given.unlisted = self.given.unlisted.saturating_add(1),
            }
            if work.people() {
                self.winners.push(winner(poll, entry));
                pass.members.push(member(work, stage, poll, entry, seat));
            }
        }
        self.given.vacant = self.given.vacant.saturating_add(elected.vacant);
        for (sum, seats) in self.given.seats.iter_mut().zip(&row) {
            *sum = sum.saturating_add(*seats);
        }
        if work.trace {
            let id = |who: usize| poll.entries.get(who).map_or_else(Id::default, |entry| Id::from(entry.id));
            let unit = unit_of(poll).map(Id::from);
            work.steps_at(stage, unit.as_ref(), &id, steps(poll, elected), pass);
            self.rows.push(UnitOutcome {
                unit: unit.unwrap_or_default(),
                seats: work.held(&row),
                vacant: elected.vacant,
                quota: None,
            });
        }
        self.cells.push(row);
    }

    pub(super) fn record(mut self, work: &Work<'_>, stage: &Stage, kind: &'static str, pass: &mut Pass) {
        self.given.house = self.house;
        let rows = if self.level.is_some() { self.rows } else { Vec::new() };
        self.given.grid = self.level.map(|level| Grid { level, cells: self.cells });
        pass.winners.insert(stage.id.clone(), self.winners);
        work.record_given(stage, kind, self.given, rows, None, pass);
    }
}

fn winner(poll: &Poll<'_>, entry: &Entry<'_>) -> Winner {
    Winner {
        id: entry.id.to_owned(),
        name: entry.name.to_owned(),
        named: entry.nominee.is_some(),
        list: entry.list,
        unit: unit_of(poll),
        attributes: entry.nominee.map(|nominee| nominee.attributes.clone()).unwrap_or_default(),
    }
}

fn member(work: &Work<'_>, stage: &Stage, poll: &Poll<'_>, entry: &Entry<'_>, seat: u64) -> Member {
    Member {
        stage: stage.id.clone(),
        list: entry.list.map(|list| work.view.id(list)),
        unit: unit_of(poll),
        seat,
        candidate: Some(entry.id.to_owned()),
        name: Some(entry.name.to_owned()),
        place: None,
        by_preference: false,
    }
}

/// Each elected with the best of those whom they beat.
fn steps(poll: &Poll<'_>, elected: &Elected) -> Vec<RawStep> {
    let votes = |who: usize| poll.entries.get(who).map_or(0, |entry| entry.votes);
    let out =
        (0..poll.entries.len()).filter(|who| !elected.elected.contains(who) && !elected.passed_over.contains(who));
    let next = out.max_by_key(|who| (votes(*who), std::cmp::Reverse(*who)));
    let step = |who: &usize| RawStep {
        who: *who,
        held: 0,
        seats: 1,
        what: if elected.drawn.contains(who) { StepKind::Lot } else { StepKind::Elected },
        value: Fraction::new(votes(*who), 1u8),
        over: next.map(|next| (next, Fraction::new(votes(next), 1u8))),
    };
    elected.elected.iter().map(step).collect()
}
