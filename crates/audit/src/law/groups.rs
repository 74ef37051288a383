//! Who receives seats together: lists whose votes are those of their people, and lists that share a distribution.
//!
//! An alliance (apparentement) receives seats as one list, then shares them by the same formula. Who takes part is
//! proved for each of its lists, so the alliances are; the seats of alliances follow from the assertions of the outer
//! allocation, and with those the seats inside from those of the inner ones. The set is sufficient by composition.

use std::collections::BTreeMap;

use recount_seats::{ContestKind, Stage, StageKind};

use super::build::{Builder, refuse};
use super::{Choice, LawError, Shape};
use crate::AuditError;
use crate::generate::{AssertionSet, Condition, Contest, Group, alliance};
use crate::generate::{highest_averages, highest_averages_from, largest_remainder, largest_remainder_rounded};

use super::in_turn::quota_in_turn;

/// Lists that declared to share a distribution.
#[derive(Debug, Clone, Default)]
pub(super) struct Alliances {
    /// Their lists, by position.
    pub declared: Vec<Vec<usize>>,
    /// Whether all must take part.
    pub only_whole: bool,
}

impl Alliances {
    /// Those that count, given who takes part.
    pub fn in_effect(&self, admitted: &[bool]) -> Vec<Vec<usize>> {
        in_effect(&self.declared, self.only_whole, admitted)
    }

    /// Whether a list declared to share with others.
    pub fn has(&self, list: usize) -> bool {
        self.declared.iter().any(|members| members.contains(&list))
    }
}

/// Alliances that count, given who takes part: with all of their lists, or with at least two.
pub(super) fn in_effect(declared: &[Vec<usize>], only_whole: bool, admitted: &[bool]) -> Vec<Vec<usize>> {
    let is_in = |list: &usize| admitted.get(*list).copied().unwrap_or(false);
    let mut all = Vec::new();
    for members in declared {
        let inside: Vec<usize> = members.iter().copied().filter(is_in).collect();
        if inside.len() > 1 && (!only_whole || inside.len() == members.len()) {
            all.push(inside);
        }
    }
    all
}

/// What stands for seats of the whole: each alliance by its members, every other list that takes part by itself.
pub(super) fn contenders(alliances: &[Vec<usize>], admitted: &[bool]) -> Vec<Vec<usize>> {
    let allied = |list: usize| alliances.iter().any(|members| members.contains(&list));
    let alone = (0..admitted.len()).filter(|list| admitted[*list] && !allied(*list)).map(|list| vec![list]);
    alliances.iter().cloned().chain(alone).collect()
}

impl Builder<'_> {
    /// Whether the contest is of people.
    pub fn by_people(&self) -> bool {
        let contest = self.asked.rulebook.contests.get(&self.asked.reported.contest);
        contest.is_some_and(|contest| contest.kind == ContestKind::Candidate)
    }

    /// The list that a choice counts for.
    fn list_of(&self, id: &str) -> Option<String> {
        if !self.by_people() {
            return Some(id.to_owned());
        }
        let own = |n: &&recount_seats::Nominee| n.id == id && n.contest == self.asked.reported.contest;
        match self.asked.tally.nominees.iter().find(own) {
            Some(nominee) => nominee.list.clone(),
            None => self.asked.tally.lists.iter().find(|list| list.id == id).map(|list| list.id.clone()),
        }
    }

    /// Lists by id, and for each the columns of [`Builder::list_columns`] that count for it.
    pub fn lists_with_cells(&self) -> (Vec<String>, Vec<Vec<usize>>) {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let (mut ids, mut cells): (Vec<String>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        let choices = self.asked.reported.choices.iter();
        let columns = choices.filter_map(|c| if let Choice::List(id) = c { Some(id) } else { None });
        for (column, id) in columns.enumerate() {
            let Some(list) = self.list_of(id) else { continue };
            let place = *places.entry(list.clone()).or_insert(ids.len());
            if place == ids.len() {
                ids.push(list);
                cells.push(Vec::new());
            }
            cells[place].push(column);
        }
        (ids, cells)
    }

    /// A group for each list.
    pub fn groups(&self, lists: &[String], cells: &[Vec<usize>]) -> Vec<Group> {
        let one = |(list, cells): (&String, &Vec<usize>)| Group {
            name: self.list_name(list),
            cells: cells.clone(),
            most: None,
        };
        lists.iter().zip(cells).map(one).collect()
    }

    fn group_name(&self, id: &str) -> Option<&String> {
        self.asked.tally.lists.iter().find(|list| list.id == id).and_then(|list| list.attributes.get("group"))
    }

    /// The alliances of a stage's contenders, if that is what its contenders come from; and the admission behind.
    pub fn alliances(&self, stage: &Stage, id: &str, lists: &[String]) -> Result<(Alliances, String), LawError> {
        match self.asked.rulebook.stage(id).map(|own| &own.kind) {
            Some(StageKind::Admit { .. }) => Ok((Alliances::default(), id.to_owned())),
            Some(StageKind::Group(group)) => {
                let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
                for list in &self.asked.tally.lists {
                    let Some(name) = list.attributes.get("group") else { continue };
                    let Some(place) = lists.iter().position(|own| *own == list.id) else { continue };
                    by_name.entry(name).or_default().push(place);
                }
                // A list that nobody can vote for never takes part.
                let size = |members: &[usize]| {
                    let name = members.first().and_then(|at| self.group_name(&lists[*at]));
                    self.asked.tally.lists.iter().filter(|list| list.attributes.get("group") == name).count()
                };
                let only_whole = group.only_if_all_admitted;
                let counts = |members: &Vec<usize>| members.len() > 1 && !(only_whole && size(members) > members.len());
                let declared = by_name.into_values().filter(counts).collect();
                let alliances = Alliances { declared, only_whole };
                Ok((alliances, group.contenders.clone()))
            }
            _ => refuse(stage, format!("its contenders come from stage `{id}`, which is not a plain admission")),
        }
    }
}

/// One rule over groups that all take part: seats, and a sufficient set.
pub(super) fn rule(
    contest: &Contest,
    groups: &[Group],
    all: &[usize],
    house: u64,
    shape: &Shape,
) -> Result<AssertionSet, AuditError> {
    let free = vec![Condition::Free; groups.len()];
    match shape {
        Shape::Averages(divisors) => highest_averages(contest, groups, house, divisors),
        Shape::AveragesFrom { divisors, minimum } => highest_averages_from(contest, groups, house, divisors, *minimum),
        Shape::RoundedRemainders { k, rounding } => {
            largest_remainder_rounded(contest, groups, &free, house, *k, *rounding)
        }
        Shape::Remainders { k } => largest_remainder(contest, groups, &free, house, *k),
        Shape::InTurn { minimum } => quota_in_turn(contest, groups, all, house, *minimum),
        Shape::Plurality => Err(AuditError::NoSufficientSet("not a formula for lists")),
    }
}

/// Alliances and lists as groups of a contest.
pub(super) fn joined(members: &[Vec<usize>], groups: &[Group]) -> Vec<Group> {
    let one = |members: &Vec<usize>| match members.as_slice() {
        [only] => groups[*only].clone(),
        several => {
            let inside: Vec<Group> = several.iter().map(|at| groups[*at].clone()).collect();
            let names: Vec<&str> = inside.iter().map(|group| group.name.as_str()).collect();
            alliance(names.join(" + "), &inside)
        }
    };
    members.iter().map(one).collect()
}

/// Seats of all lists, and assertions that prove them, of a rule with alliances.
pub(super) fn with_alliances(
    contest: &Contest,
    groups: &[Group],
    alliances: &[Vec<usize>],
    admitted: &[bool],
    house: u64,
    shape: &Shape,
) -> Result<AssertionSet, AuditError> {
    let members = contenders(alliances, admitted);
    let all: Vec<usize> = groups.iter().flat_map(|group| group.cells.iter().copied()).collect();
    let outer = rule(contest, &joined(&members, groups), &all, house, shape)?;
    let mut set = AssertionSet { seats: vec![0; groups.len()], assertions: outer.assertions };
    for (own, seats) in members.iter().zip(outer.seats) {
        if let [only] = own.as_slice() {
            set.seats[*only] = seats;
            continue;
        }
        if seats == 0 {
            continue;
        }
        let inside: Vec<Group> = own.iter().map(|at| groups[*at].clone()).collect();
        let inner = rule(contest, &inside, &all, seats, shape)?;
        for (list, won) in own.iter().zip(inner.seats) {
            set.seats[*list] = won;
        }
        set.assertions.extend(inner.assertions);
    }
    Ok(set)
}
