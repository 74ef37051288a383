//! Stages that give seats to lists by a formula.

use recount_seats::{
    Allocate, Divisors as Rule, Formula, Over, Per, QuotaKind, QuotaRule, Remainder, Rounding, SeatCount, Stage,
    StageKind,
};

use super::admission::{Claim, Who};
use super::build::{Builder, refuse};
use super::in_turn::quota_in_turn;
use super::{Allocation, Choice, LawError, Shape};
use crate::generate::{
    Condition, Contest, Divisors, Group, QuotaRounding, highest_averages, highest_averages_from, largest_remainder,
    largest_remainder_rounded, no_seat,
};
use crate::{Assertion, Ratio};

/// What a formula is, for an audit.
fn shape(stage: &Stage, allocate: &Allocate, house: u64) -> Result<Shape, LawError> {
    match &allocate.formula {
        Formula::Divisor(rule) => {
            let divisors = divisors(stage, rule, house)?;
            let minimum = allocate.minimum.max(u64::from(divisors.first_is_free()));
            Ok(if minimum > 0 { Shape::AveragesFrom { divisors, minimum } } else { Shape::Averages(divisors) })
        }
        Formula::Quota(rule) => quota(stage, allocate, rule),
    }
}

fn divisors(stage: &Stage, rule: &Rule, house: u64) -> Result<Divisors, LawError> {
    let ratio = |r: recount_seats::Ratio| Ratio::new(i128::from(r.num()), i128::from(r.den()));
    Ok(match rule {
        Rule::DHondt => Divisors::DHondt,
        Rule::SainteLague => Divisors::SainteLague,
        Rule::ModifiedSainteLague(first) => Divisors::ModifiedSainteLague(ratio(*first)?),
        Rule::Danish => Divisors::Danish,
        Rule::Imperiali => Divisors::Imperiali,
        Rule::Listed(list) => {
            let list = list.iter().map(|r| ratio(*r)).collect::<Result<Vec<_>, _>>()?;
            // The first seat that a list did not win needs a divisor too.
            if u64::try_from(list.len()).is_ok_and(|n| n <= house) {
                return refuse(stage, "the table of divisors ends within the house");
            }
            Divisors::Table(list)
        }
        Rule::Adams => Divisors::Adams,
        Rule::HuntingtonHill => Divisors::HuntingtonHill,
    })
}

fn quota(stage: &Stage, allocate: &Allocate, rule: &QuotaRule) -> Result<Shape, LawError> {
    if rule.remainder_at_least.is_some() {
        return refuse(stage, "a floor under remainders has no known sufficient set");
    }
    let k = match rule.quota {
        QuotaKind::Hare => 0,
        QuotaKind::HagenbachBischoff | QuotaKind::Droop => 1,
        QuotaKind::Imperiali => 2,
    };
    let rounding = match (rule.quota, rule.rounding) {
        (QuotaKind::Droop, _) => QuotaRounding::Next,
        (_, Rounding::Exact) => QuotaRounding::Exact,
        (_, Rounding::Floor) => QuotaRounding::Down,
        (_, Rounding::Ceil) => QuotaRounding::Up,
        (_, Rounding::HalfUp) => QuotaRounding::Nearest,
    };
    let beyond = k == 2 || matches!(rounding, QuotaRounding::Down | QuotaRounding::Nearest);
    if beyond && !rule.subtract_smallest {
        return refuse(stage, "whole quotas can give more seats than there are, and the law does not say what then");
    }
    let exact = rounding == QuotaRounding::Exact;
    match (rule.remainder.as_slice(), rule.over) {
        ([Remainder::LargestFraction], Over::Contenders) if allocate.minimum == 0 => {
            Ok(if exact { Shape::Remainders { k } } else { Shape::RoundedRemainders { k, rounding } })
        }
        ([Remainder::MostVotesInTurn], Over::AllLists) if k == 0 && exact => {
            Ok(Shape::InTurn { minimum: allocate.minimum })
        }
        ([Remainder::LargestFraction], _) => refuse(
            stage,
            "largest remainders with a quota of other lists' votes, or a minimum, have no known sufficient set",
        ),
        _ => refuse(stage, "no sufficient set is known for the way in which seats left over are given"),
    }
}

/// One allocation while its assertions are found.
struct Given {
    unit: Option<String>,
    house: u64,
    seats: Vec<u64>,
    frame: usize,
    contest: Contest,
    admitted: Vec<bool>,
}

impl Builder<'_> {
    /// Assertions of an allocation in the whole or in each unit.
    pub fn allocate(&mut self, stage: &Stage, allocate: &Allocate) -> Result<(), LawError> {
        let linked = [&allocate.remainders_of, &allocate.start, &allocate.at_least, &allocate.outside];
        if linked.iter().any(|of| of.is_some()) || allocate.weights.is_some() {
            return refuse(stage, "no sufficient set is known for allocations that continue from others");
        }
        if allocate.units.is_some() || matches!(allocate.per, Some(Per::Party)) {
            return refuse(stage, "no sufficient set is known for seats given to units by votes");
        }
        let condition = match &allocate.contenders {
            None => None,
            Some(id) => match self.asked.rulebook.stage(id).map(|own| &own.kind) {
                Some(StageKind::Admit { when, .. }) => Some((when.clone(), id.clone())),
                _ => {
                    return refuse(
                        stage,
                        format!("its contenders come from stage `{id}`, which is not a plain admission"),
                    );
                }
            },
        };
        let units: Vec<Option<String>> = match &allocate.per {
            Some(Per::Unit(level)) => {
                self.asked.tally.units.iter().filter(|u| u.level == *level).map(|u| Some(u.id.clone())).collect()
            }
            _ => vec![None],
        };
        let lists: Vec<String> = self.lists();
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
                    let found = self.admission(stage, admit, condition, who, allocate, &given, &group, at)?;
                    for place in &group {
                        given[*place].admitted[at] = found.0;
                        proofs[*place][at].clone_from(&found.1);
                    }
                }
            }
        }
        for (one, proof) in given.into_iter().zip(proofs) {
            self.give(stage, allocate, one, proof, &lists)?;
        }
        Ok(())
    }

    /// Lists by id, in order of columns.
    pub fn lists(&self) -> Vec<String> {
        let choices = self.asked.reported.choices.iter();
        choices.filter_map(|c| if let Choice::List(id) = c { Some(id.clone()) } else { None }).collect()
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
        let averages = matches!(allocate.formula, Formula::Divisor(_)) && group.iter().all(free);
        let seats: u64 = group.iter().map(|place| given[*place].seats.get(at).copied().unwrap_or(0)).sum();
        if averages && admitted && seats == 0 {
            // If it is really excluded, the seats stay the same: its pairs are enough.
            return Ok((true, self.enter(claims, false)?));
        }
        if averages && !admitted {
            let other = self.no_seat_anyway(stage, allocate, given, group, at)?;
            if let Some(other) = other
                && self.hardest(&other)?.compare(self.hardest(&claims)?)?.is_gt()
            {
                self.enter(other, true)?;
                return Ok((false, self.enter(claims, false)?));
            }
        }
        Ok((admitted, self.enter(claims, true)?))
    }

    fn is_admitted(&self, admit: &str, who: Who<'_>) -> bool {
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

    /// Every last seat beats the excluded list's first, in every unit where there is one.
    fn no_seat_anyway(
        &self,
        stage: &Stage,
        allocate: &Allocate,
        given: &[Given],
        group: &[usize],
        at: usize,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let mut claims = Vec::new();
        for place in group {
            let own = &given[*place];
            let Shape::Averages(divisors) = shape(stage, allocate, own.house)? else { return Ok(None) };
            let groups = groups_of(&own.contest, own.seats.len());
            match no_seat(&own.contest, &groups, &own.seats, at, &divisors)? {
                None => return Ok(None),
                Some(found) => claims.extend(found.into_iter().map(|assertion| (own.frame, assertion))),
            }
        }
        Ok(Some(claims))
    }

    fn give(
        &mut self,
        stage: &Stage,
        allocate: &Allocate,
        given: Given,
        proof: Vec<Vec<usize>>,
        lists: &[String],
    ) -> Result<(), LawError> {
        let shape = shape(stage, allocate, given.house)?;
        let groups = groups_of(&given.contest, lists.len());
        let inside: Vec<usize> = (0..lists.len()).filter(|at| given.admitted[*at]).collect();
        let members: Vec<Group> = inside.iter().map(|at| groups[*at].clone()).collect();
        let all: Vec<usize> = (0..lists.len()).collect();
        let free = vec![Condition::Free; members.len()];
        let (seats, assertions): (Vec<u64>, Vec<Assertion>) = match &shape {
            Shape::Averages(divisors) => {
                let set = highest_averages(&given.contest, &members, given.house, divisors)?;
                (set.seats, set.assertions)
            }
            Shape::AveragesFrom { divisors, minimum } => {
                let set = highest_averages_from(&given.contest, &members, given.house, divisors, *minimum)?;
                (set.seats, set.assertions)
            }
            Shape::RoundedRemainders { k, rounding } => {
                let set = largest_remainder_rounded(&given.contest, &members, &free, given.house, *k, *rounding)?;
                (set.seats, set.assertions)
            }
            Shape::Remainders { k } => {
                let set = largest_remainder(&given.contest, &members, &free, given.house, *k)?;
                (set.seats, set.assertions)
            }
            Shape::InTurn { minimum } => {
                let set = quota_in_turn(&given.contest, &members, &all, given.house, *minimum)?;
                (set.seats, set.assertions)
            }
            Shape::Plurality => return refuse(stage, "not a formula for lists"),
        };
        let mut derived = vec![0; lists.len()];
        for (at, seats) in inside.iter().zip(&seats) {
            derived[*at] = *seats;
        }
        if derived != given.seats {
            return refuse(
                stage,
                "its seats do not follow from votes alone: a lot, or a rule that the audit does not know",
            );
        }
        for assertion in assertions {
            self.add(given.frame, assertion, true)?;
        }
        let names = lists.iter().map(|id| self.list_name(id)).collect();
        let mut allocation = Allocation {
            stage: stage.id.clone(),
            unit: given.unit,
            frame: given.frame,
            lists: lists.to_vec(),
            names,
            most: vec![None; lists.len()],
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

/// One group for each of the first columns.
pub(super) fn groups_of(contest: &Contest, lists: usize) -> Vec<Group> {
    let name = |at: usize| contest.choices.get(at).cloned().unwrap_or_default();
    (0..lists).map(|at| Group { name: name(at), cells: vec![at], most: None }).collect()
}
