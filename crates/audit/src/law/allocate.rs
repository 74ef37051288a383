//! Stages that give seats to lists by a formula.

use recount_seats::{Allocate, Per, SeatCount, Stage, StageKind};

use super::admission::{Claim, Who};
use super::build::{Builder, refuse};
use super::groups::{Alliances, contenders, joined, with_alliances};
use super::shape::shape;
use super::{Allocation, LawError, Shape, Step};
use crate::generate::{Contest, Group, no_seat};

/// One allocation while its assertions are found.
struct Given {
    unit: Option<String>,
    house: u64,
    seats: Vec<u64>,
    frame: usize,
    contest: Contest,
    admitted: Vec<bool>,
}

/// The lists of a stage.
pub(super) struct Field {
    pub lists: Vec<String>,
    pub cells: Vec<Vec<usize>>,
    pub groups: Vec<Group>,
    pub alliances: Alliances,
}

impl Builder<'_> {
    /// Assertions of an allocation in the whole or in each unit.
    pub fn allocate(&mut self, stage: &Stage, allocate: &Allocate) -> Result<(), LawError> {
        let linked = [&allocate.remainders_of, &allocate.at_least, &allocate.outside];
        if linked.iter().any(|of| of.is_some()) || allocate.weights.is_some() {
            return refuse(stage, "no sufficient set is known for allocations that continue from others");
        }
        if allocate.units.is_some() || matches!(allocate.per, Some(Per::Party)) {
            return refuse(stage, "no sufficient set is known for seats given to units by votes");
        }
        let (lists, cells) = self.lists_with_cells();
        let (condition, alliances) = match &allocate.contenders {
            None => (None, Alliances::default()),
            Some(id) => {
                let (alliances, admit) = self.alliances(stage, id, &lists)?;
                match self.asked.rulebook.stage(&admit).map(|own| &own.kind) {
                    Some(StageKind::Admit { when, .. }) => (Some((when.clone(), admit)), alliances),
                    _ => return refuse(stage, format!("its contenders come from stage `{admit}`, no admission")),
                }
            }
        };
        let groups = self.groups(&lists, &cells);
        let field = Field { lists: lists.clone(), cells, groups, alliances };
        if let Some(start) = &allocate.start {
            return self.onto(stage, allocate, start, condition.as_ref(), &field);
        }
        let units: Vec<Option<String>> = match &allocate.per {
            Some(Per::Unit(level)) => {
                self.asked.tally.units.iter().filter(|u| u.level == *level).map(|u| Some(u.id.clone())).collect()
            }
            _ => vec![None],
        };
        let mut given = Vec::new();
        for unit in units {
            let seats = self.reported_seats(stage, unit.as_deref(), &lists)?;
            let house = self.house(stage, allocate, unit.as_deref(), &seats)?;
            let frame = self.lists_frame(unit.as_deref());
            let contest = self.contest(frame)?;
            given.push(Given { unit, house, seats, frame, contest, admitted: vec![true; lists.len()] });
        }
        let mut proofs: Vec<Vec<Vec<usize>>> = vec![vec![Vec::new(); lists.len()]; given.len()];
        if let Some((condition, admit)) = &condition {
            for group in contexts(&given, condition.own_level().is_some()) {
                for (at, list) in lists.iter().enumerate() {
                    let who = Who {
                        list,
                        unit: if condition.own_level().is_some() { given[group[0]].unit.as_deref() } else { None },
                    };
                    let found = self.admission(stage, admit, condition, who, allocate, &given, &group, at, &field)?;
                    for place in &group {
                        given[*place].admitted[at] = found.0;
                        proofs[*place][at].clone_from(&found.1);
                    }
                }
            }
        }
        for (one, proof) in given.into_iter().zip(proofs) {
            self.give(stage, allocate, one, proof, &field)?;
        }
        self.step(stage, Step::Given);
        Ok(())
    }

    /// Reported seats of a stage, in order of lists.
    pub fn reported_seats(&self, stage: &Stage, unit: Option<&str>, lists: &[String]) -> Result<Vec<u64>, LawError> {
        let Some(of) = self.asked.outcome.stages.iter().find(|own| own.id == stage.id) else {
            return refuse(stage, "the result does not have it");
        };
        let seats = match unit {
            None => Some(&of.seats),
            Some(unit) => of.units.iter().find(|own| own.unit == unit).map(|own| &own.seats),
        };
        let seats = |list: &String| seats.and_then(|seats| seats.get(list.as_str())).copied().unwrap_or(0);
        Ok(lists.iter().map(seats).collect())
    }

    fn house(&self, stage: &Stage, allocate: &Allocate, unit: Option<&str>, seats: &[u64]) -> Result<u64, LawError> {
        let given: u64 = seats.iter().sum();
        let asked = match (&allocate.seats, unit) {
            (SeatCount::Fixed(n), _) => *n,
            (SeatCount::Register { name, .. }, Some(unit)) => {
                let number = self.asked.tally.register.get(unit).and_then(|of| of.get(name));
                match number {
                    Some(n) => *n,
                    None => return refuse(stage, format!("the register gives no `{name}` for unit `{unit}`")),
                }
            }
            (SeatCount::Register { name, .. }, None) => {
                let top = self.asked.rulebook.units.levels.first();
                let whole = self.asked.tally.units.iter().find(|u| Some(&u.level) == top);
                let number = whole.and_then(|u| self.asked.tally.register.get(&u.id)).and_then(|of| of.get(name));
                match number {
                    Some(n) => *n,
                    None => return refuse(stage, format!("the register gives no `{name}` for the whole")),
                }
            }
            (SeatCount::Stage(from), Some(unit)) => {
                let stage_of = self.asked.outcome.stages.iter().find(|own| own.id == *from);
                let by_votes = self.asked.rulebook.stage(from).is_some_and(|own| match &own.kind {
                    StageKind::Allocate(of) => !matches!(of.weights, Some(recount_seats::Weights::Register { .. })),
                    _ => true,
                });
                if by_votes {
                    return refuse(stage, format!("how many seats each unit has depends on stage `{from}`"));
                }
                stage_of.and_then(|own| own.unit_seats.get(unit)).copied().unwrap_or(0)
            }
            _ => return refuse(stage, "how many seats it gives depends on another stage"),
        };
        if asked != given {
            return refuse(stage, format!("it has {asked} seats and {given} were given: some stayed vacant"));
        }
        Ok(asked)
    }

    /// Whether a list takes part in these allocations, and the numbers of the assertions that prove it.
    #[allow(clippy::too_many_arguments, reason = "a list's place in a stage has as many parts")]
    fn admission(
        &mut self,
        stage: &Stage,
        admit: &str,
        condition: &recount_seats::Condition,
        who: Who<'_>,
        allocate: &Allocate,
        given: &[Given],
        group: &[usize],
        at: usize,
        field: &Field,
    ) -> Result<(bool, Vec<usize>), LawError> {
        let admitted = self.is_admitted(admit, who);
        let Some(claims) = self.prove(stage, condition, who, admitted)? else {
            return refuse(
                stage,
                format!("the report and the rulebook disagree about the admission of `{}`", who.list),
            );
        };
        // With seats for each beforehand, who takes part matters to everybody.
        let free = |place: &usize| matches!(shape(stage, allocate, given[*place].house), Ok(Shape::Averages(_)));
        // In an alliance votes count for others too, with or without seats.
        let averages = !field.alliances.has(at) && group.iter().all(free);
        let seats: u64 = group.iter().map(|place| given[*place].seats.get(at).copied().unwrap_or(0)).sum();
        if averages && admitted && seats == 0 {
            // If it is really excluded, the seats stay the same: its pairs are enough.
            return Ok((true, self.enter(claims, false)?));
        }
        if averages && !admitted {
            let other = self.no_seat_anyway(stage, allocate, given, group, at, field, admit)?;
            if let Some(other) = other
                && self.hardest(&other)?.compare(self.hardest(&claims)?)?.is_gt()
            {
                self.enter(other, true)?;
                return Ok((false, self.enter(claims, false)?));
            }
        }
        Ok((admitted, self.enter(claims, true)?))
    }

    pub fn is_admitted(&self, admit: &str, who: Who<'_>) -> bool {
        let row = self.asked.outcome.admission.iter().find(|row| row.stage == admit && row.list == who.list);
        row.is_some_and(|row| match who.unit {
            None => row.admitted,
            Some(unit) => row.units.iter().any(|own| own == unit),
        })
    }

    fn enter(&mut self, claims: Vec<Claim>, needed: bool) -> Result<Vec<usize>, LawError> {
        let mut numbers = Vec::new();
        for (frame, assertion) in claims {
            numbers.extend(self.add(frame, assertion, needed)?);
        }
        Ok(numbers)
    }

    /// Who takes part in an allocation, as reported.
    fn reported_in(&self, own: &Given, admit: &str, field: &Field) -> Vec<bool> {
        if field.alliances.declared.is_empty() {
            return vec![true; own.seats.len()];
        }
        // A stage of alliances asks about the whole.
        field.lists.iter().map(|list| self.is_admitted(admit, Who { list, unit: None })).collect()
    }

    /// Every last seat beats the excluded list's first, in every unit where there is one.
    #[allow(clippy::too_many_arguments, reason = "a list's place in a stage has as many parts")]
    fn no_seat_anyway(
        &self,
        stage: &Stage,
        allocate: &Allocate,
        given: &[Given],
        group: &[usize],
        at: usize,
        field: &Field,
        admit: &str,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let mut claims = Vec::new();
        for place in group {
            let own = &given[*place];
            let Shape::Averages(divisors) = shape(stage, allocate, own.house)? else { return Ok(None) };
            // Against whoever has seats: alliances, and lists by themselves.
            let alliances = field.alliances.in_effect(&self.reported_in(own, admit, field));
            let with_seats: Vec<bool> = own.seats.iter().map(|seats| *seats > 0).collect();
            let members = contenders(&alliances, &with_seats);
            let mut groups = joined(&members, &field.groups);
            let sum = |members: &Vec<usize>| members.iter().map(|list| own.seats[*list]).sum();
            let mut seats: Vec<u64> = members.iter().map(sum).collect();
            groups.push(field.groups[at].clone());
            seats.push(0);
            match no_seat(&own.contest, &groups, &seats, groups.len() - 1, &divisors)? {
                None => return Ok(None),
                Some(found) => claims.extend(found.into_iter().map(|assertion| (own.frame, assertion))),
            }
        }
        Ok(Some(claims))
    }

    /// How many candidates each list has, where the law lets others have the seats beyond them.
    fn most(&self, allocate: &Allocate, unit: Option<&str>, lists: &[String]) -> Vec<Option<u64>> {
        let one = |id: &String| {
            let list = self.asked.tally.lists.iter().find(|own| own.id == *id && !own.candidates.is_empty())?;
            let here = |c: &&recount_seats::Candidate| {
                !c.withdrawn && (c.unit.is_none() || unit.is_none() || c.unit.as_deref() == unit)
            };
            allocate.next_when_exhausted.then(|| u64::try_from(list.candidates.iter().filter(here).count()).ok())?
        };
        lists.iter().map(one).collect()
    }

    fn give(
        &mut self,
        stage: &Stage,
        allocate: &Allocate,
        given: Given,
        proof: Vec<Vec<usize>>,
        field: &Field,
    ) -> Result<(), LawError> {
        let shape = shape(stage, allocate, given.house)?;
        let alliances = field.alliances.in_effect(&given.admitted);
        if !field.alliances.declared.is_empty() && !matches!(shape, Shape::Averages(_) | Shape::Remainders { .. }) {
            return refuse(stage, "lists that share a distribution by this formula have no known sufficient set");
        }
        let set = with_alliances(&given.contest, &field.groups, &alliances, &given.admitted, given.house, &shape)?;
        if set.seats != given.seats {
            return refuse(
                stage,
                "its seats do not follow from votes alone: a lot, or a rule that the audit does not know",
            );
        }
        for assertion in set.assertions {
            self.add(given.frame, assertion, true)?;
        }
        let most = self.most(allocate, given.unit.as_deref(), &field.lists);
        let names = field.lists.iter().map(|id| self.list_name(id)).collect();
        let mut allocation = Allocation {
            stage: stage.id.clone(),
            unit: given.unit,
            frame: given.frame,
            lists: field.lists.clone(),
            cells: field.cells.clone(),
            alliances: field.alliances.declared.clone(),
            only_whole: field.alliances.only_whole,
            names,
            most,
            seats: given.seats,
            house: given.house,
            shape,
            admitted: given.admitted,
            proof,
            bounds: Vec::new(),
        };
        self.ladder(&mut allocation)?;
        self.allocations.push(allocation);
        Ok(())
    }
}

/// Allocations that a condition is asked for at once: all, or each in its own unit.
fn contexts(given: &[Given], own: bool) -> Vec<Vec<usize>> {
    if own { (0..given.len()).map(|at| vec![at]).collect() } else { vec![(0..given.len()).collect()] }
}
