//! Seats for those with most votes, in the whole or in each unit.

use recount_seats::{Plurality, SeatsEach, Stage};

use super::build::{Builder, refuse};
use super::{Allocation, Choice, LawError, Shape, Step};
use crate::AuditError;
use crate::generate::{Group, plurality};

impl Builder<'_> {
    /// Every winner has more votes than every loser of the unit.
    pub fn plurality(&mut self, stage: &Stage, rule: &Plurality) -> Result<(), LawError> {
        if rule.limit.is_some() {
            return refuse(stage, "no sufficient set is known for limits on those elected");
        }
        let units: Vec<Option<String>> = match &rule.per {
            None => vec![None],
            Some(level) => {
                self.asked.tally.units.iter().filter(|u| u.level == *level).map(|u| Some(u.id.clone())).collect()
            }
        };
        for unit in units {
            let seats = match (&rule.seats, &unit) {
                (SeatsEach::Fixed(n), _) => *n,
                (SeatsEach::Register(name), Some(unit)) => {
                    match self.asked.tally.register.get(unit).and_then(|of| of.get(name)) {
                        Some(n) => *n,
                        None => return refuse(stage, format!("the register gives no `{name}` for unit `{unit}`")),
                    }
                }
                (SeatsEach::Register(_), None) => return refuse(stage, "seats of the register need a unit"),
            };
            self.poll(stage, unit.as_deref(), seats)?;
        }
        self.step(stage, Step::Given);
        Ok(())
    }

    /// Whoever can be voted for, in order of columns.
    pub fn people(&self) -> Vec<String> {
        let choices = self.asked.reported.choices.iter();
        choices.filter_map(|c| if let Choice::List(id) = c { Some(id.clone()) } else { None }).collect()
    }

    fn poll(&mut self, stage: &Stage, unit: Option<&str>, seats: u64) -> Result<(), LawError> {
        let frame = self.lists_frame(unit);
        let contest = self.contest(frame)?;
        let ids = self.people();
        let stands = |id: &String| {
            let nominee = self.asked.tally.nominees.iter().find(|n| n.id == *id);
            nominee.is_none_or(|n| !n.withdrawn && n.unit.as_deref().is_none_or(|own| Some(own) == unit))
        };
        let standing: Vec<usize> = (0..ids.len()).filter(|at| stands(&ids[*at])).collect();
        let name = |at: usize| contest.choices.get(at).cloned().unwrap_or_default();
        let groups: Vec<Group> =
            standing.iter().map(|at| Group { name: name(*at), cells: vec![*at], most: Some(1) }).collect();
        let winners = usize::try_from(seats).map_err(|_| AuditError::Overflow)?;
        let set = plurality(&contest, &groups, winners)?;
        let mut won = vec![0; ids.len()];
        for (at, seats) in standing.iter().zip(&set.seats) {
            won[*at] = *seats;
        }
        let members = self.asked.outcome.members.iter().filter(|m| m.stage == stage.id && m.unit.as_deref() == unit);
        for member in members {
            let known = member.candidate.as_ref().and_then(|id| ids.iter().position(|own| own == id));
            let known = known.or_else(|| member.list.as_ref().and_then(|id| ids.iter().position(|own| own == id)));
            if known.is_none_or(|at| won[at] == 0) {
                return refuse(stage, "the people elected do not follow from votes alone");
            }
        }
        for assertion in set.assertions {
            self.add(frame, assertion, true)?;
        }
        let names = ids.iter().map(|id| self.list_name(id)).collect();
        self.allocations.push(Allocation {
            stage: stage.id.clone(),
            unit: unit.map(str::to_owned),
            frame,
            names,
            cells: (0..ids.len()).map(|at| vec![at]).collect(),
            alliances: Vec::new(),
            only_whole: false,
            most: vec![Some(1); ids.len()],
            admitted: (0..ids.len()).map(|at| standing.contains(&at)).collect(),
            proof: vec![Vec::new(); ids.len()],
            lists: ids,
            seats: won,
            house: seats,
            shape: Shape::Plurality,
            bounds: Vec::new(),
        });
        Ok(())
    }
}
