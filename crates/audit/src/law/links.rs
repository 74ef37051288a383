//! Stages whose seats follow from those of earlier stages: sums, caps, bonuses, tiers that make up for one another.
//!
//! Once the seats of the earlier stages are proved, so are these: what else they ask of votes (who is the largest,
//! whether anybody has more than half) is asserted.

use std::collections::BTreeMap;

use recount_seats::{
    Allocate, Bonus, BonusTo, Cap, CapLimit, Capacity, Compensate, Condition, Formula, Held as HeldAt, Overhang, Per,
    Place, SeatCount, Stage, Strictness,
};

use super::admission::Who;
use super::allocate::Field;
use super::build::{Builder, refuse};
use super::facts::ahead;
use super::shape::shape;
use super::{Held, LawError, Shape, Step};
use crate::generate::{Group, has_votes, pair};
use crate::{AuditError, Ratio};

impl Builder<'_> {
    fn has(&self, stage: &Stage, of: &str) -> Result<(), LawError> {
        if self.steps.iter().any(|(id, _)| id == of) {
            return Ok(());
        }
        refuse(stage, format!("it rests on stage `{of}`, which is not audited"))
    }

    /// A stage's seats as they are.
    pub fn same(&mut self, stage: &Stage, of: &str) -> Result<(), LawError> {
        self.has(stage, of)?;
        self.step(stage, Step::Same(of.to_owned()));
        Ok(())
    }

    /// The seats of several stages.
    pub fn sum(&mut self, stage: &Stage, of: &[String]) -> Result<(), LawError> {
        of.iter().try_for_each(|own| self.has(stage, own))?;
        self.step(stage, Step::Sum(of.to_vec()));
        Ok(())
    }

    /// A limit on seats that nobody reaches.
    pub fn cap(&mut self, stage: &Stage, cap: &Cap) -> Result<(), LawError> {
        let CapLimit::Seats(most) = cap.limit else {
            return refuse(stage, "a cap that depends on votes has no known sufficient set");
        };
        if !self.asked.outcome.capped.is_empty() {
            return refuse(stage, "a list is held at its cap: no sufficient set is known for that");
        }
        self.has(stage, &cap.of)?;
        self.step(stage, Step::Cap { of: cap.of.clone(), most });
        Ok(())
    }

    /// The reported seats of a stage.
    fn seats_in(&self, stage: &Stage, of: &str) -> Result<BTreeMap<String, u64>, LawError> {
        let Some(own) = self.asked.outcome.stages.iter().find(|own| own.id == of) else {
            return refuse(stage, format!("the result does not have stage `{of}`"));
        };
        Ok(own.seats.iter().map(|(list, seats)| (list.to_string(), *seats)).collect())
    }

    /// More seats for the largest, or one for whoever has more than half of the votes.
    pub fn bonus(&mut self, stage: &Stage, bonus: &Bonus) -> Result<(), LawError> {
        self.has(stage, &bonus.of)?;
        let seats = self.seats_in(stage, &bonus.of)?;
        match bonus.to {
            BonusTo::LargestList(more) => self.bonus_of_largest(stage, &bonus.of, more, &seats),
            BonusTo::Majority => self.seat_of_majority(stage, &bonus.of, &seats),
        }
    }

    fn bonus_of_largest(
        &mut self,
        stage: &Stage,
        of: &str,
        more: u64,
        seats: &BTreeMap<String, u64>,
    ) -> Result<(), LawError> {
        let (lists, cells) = self.lists_with_cells();
        let groups = self.groups(&lists, &cells);
        let frame = self.lists_frame(None);
        let contest = self.contest(frame)?;
        let has = |at: &usize| seats.get(&lists[*at]).is_some_and(|seats| *seats > 0);
        let mut first: Option<(u64, usize)> = None;
        for at in (0..lists.len()).filter(has) {
            let votes = contest.sum(&groups[at].cells)?;
            if first.is_none_or(|first| votes > first.0) {
                first = Some((votes, at));
            }
        }
        let Some((_, to)) = first else { return refuse(stage, "nobody has a seat that could be the largest") };
        let mut others = BTreeMap::new();
        for at in (0..lists.len()).filter(|at| *at != to) {
            let assertion = ahead(&groups[to], &groups[at])?;
            if has(&at) {
                others.insert(lists[at].clone(), self.add(frame, assertion, true)?);
            } else if assertion.holds(&contest.votes, contest.found)? {
                // The result does not need it: without a seat there is no bonus. Certificates do.
                others.insert(lists[at].clone(), self.add(frame, assertion, false)?);
            }
        }
        self.step(stage, Step::Bonus { of: of.to_owned(), seats: more, to: lists[to].clone(), ahead: others });
        Ok(())
    }

    /// Nobody without more than half of the seats has more than half of the votes.
    fn seat_of_majority(&mut self, stage: &Stage, of: &str, seats: &BTreeMap<String, u64>) -> Result<(), LawError> {
        let (lists, _) = self.lists_with_cells();
        let house: u128 = seats.values().map(|seats| u128::from(*seats)).sum();
        let mut proof = BTreeMap::new();
        for list in &lists {
            let own = seats.get(list).copied().unwrap_or(0);
            let half = Ratio::new(1, 2)?;
            let more = u128::from(own) * 2 > house;
            match self.share_of_lists(None, list, half, Strictness::MoreThan, false) {
                Ok(Some(claims)) => {
                    let mut items = Vec::new();
                    for (frame, assertion) in claims {
                        items.extend(self.add(frame, assertion, !more)?);
                    }
                    proof.insert(list.clone(), items);
                }
                Ok(None) | Err(_) if more => {}
                Ok(None) => return refuse(stage, "a seat moves to a list with more than half of the votes"),
                Err(why) => return Err(why),
            }
        }
        self.step(stage, Step::Majority { of: of.to_owned(), proof });
        Ok(())
    }

    /// Shares of the whole, where nobody holds more than its share elsewhere, or the house grows by what is more.
    pub fn compensate(&mut self, stage: &Stage, rule: &Compensate) -> Result<(), LawError> {
        self.has(stage, &rule.of)?;
        let shares = self.seats_in(stage, &rule.of)?;
        let (held, seats) = match &rule.held {
            HeldAt::Stage(of) => {
                self.has(stage, of)?;
                (Held::Stage(of.clone()), self.seats_in(stage, of)?)
            }
            HeldAt::Attribute(name) => {
                let number = |list: &recount_seats::List| {
                    let text = list.attributes.get(name)?;
                    Some((list.id.clone(), text.parse().ok()?))
                };
                let seats: BTreeMap<String, u64> = self.asked.tally.lists.iter().filter_map(number).collect();
                self.leaves.push(format!("Seats held elsewhere (`{name}`) are taken from the register as published."));
                (Held::Fixed(seats.clone()), seats)
            }
        };
        let above = seats.iter().any(|(list, held)| *held > shares.get(list).copied().unwrap_or(0));
        let grows = rule.overhang == Overhang::KeepEnlarge;
        if above && !grows {
            return refuse(stage, "a list keeps more seats than its share and others share the rest: no set is known");
        }
        self.step(stage, Step::Compensate { of: rule.of.clone(), held, grows });
        Ok(())
    }

    /// Where seats sit is not audited; but in units that hold only so many, a list without votes there might find no place
    /// for a seat. With a vote in each of them it does, whatever the order.
    pub fn place(&mut self, stage: &Stage, rule: &Place) -> Result<(), LawError> {
        self.has(stage, &rule.of)?;
        let mut proof = Vec::new();
        match &rule.capacity {
            None => {}
            Some(Capacity::Stage(_)) => {
                return refuse(
                    stage,
                    "how many seats a unit holds depends on another stage: no sufficient set is known",
                );
            }
            Some(Capacity::Fixed(_) | Capacity::Register { .. }) => {
                let seats = self.seats_in(stage, &rule.of)?;
                let held = match &rule.start {
                    Some(start) => self.seats_in(stage, start)?,
                    None => BTreeMap::new(),
                };
                let left = |list: &String| seats.get(list) > held.get(list) && seats.get(list).is_some_and(|n| *n > 0);
                let (lists, cells) = self.lists_with_cells();
                let groups = self.groups(&lists, &cells).into_iter().zip(&lists);
                let groups: Vec<Group> = groups.filter(|(_, list)| left(list)).map(|(group, _)| group).collect();
                let here = self.asked.tally.units.iter().filter(|unit| unit.level == rule.level);
                let units: Vec<String> = here.map(|unit| unit.id.clone()).collect();
                for unit in units {
                    let frame = self.lists_frame(Some(&unit));
                    let contest = self.contest(frame)?;
                    for group in &groups {
                        if contest.sum(&group.cells)? == 0 {
                            let why = format!("{} has no votes in {unit}: a seat might find no place", group.name);
                            return refuse(stage, why);
                        }
                        proof.extend(self.add(frame, has_votes(&contest, group)?, true)?);
                    }
                }
            }
        }
        self.leaves.push("In which units the seats of lists sit is not audited.".into());
        self.step(
            stage,
            Step::Placed { of: rule.of.clone(), start: rule.start.clone(), limited: rule.capacity.is_some(), proof },
        );
        Ok(())
    }

    /// Averages that continue from the seats of a stage.
    pub fn onto(
        &mut self,
        stage: &Stage,
        allocate: &Allocate,
        start: &str,
        condition: Option<&(Condition, String)>,
        field: &Field,
    ) -> Result<(), LawError> {
        self.has(stage, start)?;
        if matches!(allocate.per, Some(Per::Unit(_))) || condition.is_some_and(|c| c.0.own_level().is_some()) {
            return refuse(stage, "averages that continue from seats in units have no known sufficient set here");
        }
        let held = self.seats_in(stage, start)?;
        let seats = self.seats_in(stage, &stage.id)?;
        let (before, after): (u64, u64) = (held.values().sum(), seats.values().sum());
        let more = match allocate.seats {
            SeatCount::Fixed(more) if before.checked_add(more) == Some(after) => more,
            _ => return refuse(stage, "how many seats it gives is not a fixed number, or some stayed vacant"),
        };
        let Shape::Averages(divisors) = shape(stage, allocate, after.max(1))? else {
            return refuse(stage, "quotas that continue from other seats have no known sufficient set");
        };
        if !matches!(allocate.formula, Formula::Divisor(_)) || !field.alliances.declared.is_empty() {
            return refuse(stage, "a formula that cannot continue from other seats");
        }
        let mut contends = vec![true; field.lists.len()];
        if let Some((condition, admit)) = condition {
            for (at, list) in field.lists.iter().enumerate() {
                let who = Who { list, unit: None };
                contends[at] = self.is_admitted(admit, who);
                let Some(claims) = self.prove(stage, condition, who, contends[at])? else {
                    return refuse(stage, format!("the report and the rulebook disagree about `{list}`"));
                };
                for (frame, assertion) in claims {
                    self.add(frame, assertion, true)?;
                }
            }
        }
        let frame = self.lists_frame(None);
        let contest = self.contest(frame)?;
        let of = |seats: &BTreeMap<String, u64>, at: usize| seats.get(&field.lists[at]).copied().unwrap_or(0);
        for a in (0..field.lists.len()).filter(|at| of(&seats, *at) > of(&held, *at)) {
            for b in (0..field.lists.len()).filter(|b| *b != a && contends[*b]) {
                let won = (&field.groups[a], of(&seats, a));
                let assertion = pair(won, (&field.groups[b], of(&seats, b) + 1), &divisors)?;
                if !assertion.holds(&contest.votes, contest.found)? {
                    return Err(AuditError::Tie.into());
                }
                self.add(frame, assertion, true)?;
            }
        }
        self.step(stage, Step::Onto { start: start.to_owned(), more, seats });
        Ok(())
    }
}
