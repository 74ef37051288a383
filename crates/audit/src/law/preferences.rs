//! Who of a list sits, where votes for people decide that and the stations state them.
//!
//! With most votes first: everybody elected has more votes than everybody of the list who is not (plurality). With
//! list order, and those first who have a share of votes of their own: nobody who is not elected has that share, and
//! everybody elected who stands behind one of those has it; who stands before all of them is elected either way. If
//! more have the share than there are seats, all elected have it, and more votes than the others.

use recount_seats::{CandidateOrder, Candidates, Jump, JumpBase, Per, Stage, StageKind, Strictness};

use super::LawError;
use super::admission::Claim;
use super::build::Builder;
use crate::{Assertion, AuditError, Ratio};

/// The people of one list in one place, in order of the list.
struct Bench {
    frame: usize,
    /// Columns of those who can be seated.
    columns: Vec<usize>,
    seated: Vec<bool>,
    /// All of them, with those who withdrew.
    number: u64,
    /// Columns of the list's votes, and of all lists'.
    own: Vec<usize>,
    all: Vec<usize>,
    /// Seats of all lists there.
    house: u64,
}

/// What stands in the way.
type Reason = String;

impl Builder<'_> {
    /// Assertions about people, or a sentence that says why there are none.
    pub fn candidates(&mut self, stage: &Stage, rule: &Candidates) -> Result<(), LawError> {
        if rule.order != CandidateOrder::Votes && rule.jump.is_none() {
            return Ok(());
        }
        let claims = match self.benches(stage, rule)? {
            Ok(benches) => self.preferences(rule, &benches)?,
            Err(why) => Err(why),
        };
        match claims {
            Err(why) => self.leaves.push(format!("Which people of a list take its seats is not audited: {why}.")),
            Ok(claims) => {
                self.people = true;
                for (frame, assertion) in claims {
                    self.add(frame, assertion, true)?;
                }
                self.people = false;
            }
        }
        Ok(())
    }

    fn benches(&mut self, stage: &Stage, rule: &Candidates) -> Result<Result<Vec<Bench>, Reason>, LawError> {
        let no = |why: &str| Ok(Err(why.to_owned()));
        if !self.by_people() {
            return no("it depends on votes for people, which the stations of this contest do not state");
        }
        if rule.reserve.is_some() || rule.first.is_some() || !rule.without.is_empty() {
            return no("no sufficient set is known for seats kept for some, or held already");
        }
        let contest = self.asked.reported.contest.clone();
        let mut level = None;
        if let Some(StageKind::Allocate(allocate)) = self.asked.rulebook.stage(&rule.of).map(|own| &own.kind) {
            level = match &allocate.per {
                Some(Per::Unit(level)) => Some(level.clone()),
                _ => None,
            };
        } else if self.asked.tally.nominees.iter().any(|n| n.contest == contest && n.unit.is_some()) {
            return no("in which units the seats sit is not audited");
        }
        let units: Vec<Option<String>> = match &level {
            None => vec![None],
            Some(level) => {
                let here = self.asked.tally.units.iter().filter(|unit| unit.level == *level);
                here.map(|unit| Some(unit.id.clone())).collect()
            }
        };
        let own = self.asked.tally.nominees.iter().filter(|n| n.contest == contest);
        let known = |unit: Option<&String>| unit.is_some() && units.iter().any(|own| own.as_ref() == unit);
        if own.clone().any(|n| if level.is_some() { !known(n.unit.as_ref()) } else { n.unit.is_some() }) {
            return no("people stand in other units than those in which seats are given");
        }
        if self.asked.outcome.undetermined.iter().any(|tie| tie.stage == stage.id) {
            return no("people have equal votes");
        }
        let (lists, cells) = self.lists_with_cells();
        let all: Vec<usize> = cells.iter().flatten().copied().collect();
        let mut benches = Vec::new();
        for unit in &units {
            let seats = self.seats_at(&rule.of, unit.as_deref(), &lists);
            let house = seats.iter().sum();
            for (list, own) in lists.iter().zip(&cells) {
                let frame = self.lists_frame(unit.as_deref());
                match self.bench(stage, rule, frame, list, unit.as_deref()) {
                    None => return no("who is elected does not follow from the list of those who stand"),
                    Some((columns, seated, number)) => {
                        let (own, all) = (own.clone(), all.clone());
                        benches.push(Bench { frame, columns, seated, number, own, all, house });
                    }
                }
            }
        }
        Ok(Ok(benches))
    }

    fn seats_at(&self, of: &str, unit: Option<&str>, lists: &[String]) -> Vec<u64> {
        let stage = self.asked.outcome.stages.iter().find(|own| own.id == of);
        let seats = stage.and_then(|stage| match unit {
            None => Some(&stage.seats),
            Some(unit) => stage.units.iter().find(|own| own.unit == unit).map(|own| &own.seats),
        });
        lists.iter().map(|list| seats.and_then(|own| own.get(list.as_str())).copied().unwrap_or(0)).collect()
    }

    /// Columns of the people of a list in a place, who of them is seated, and how many stand.
    fn bench(
        &self,
        stage: &Stage,
        rule: &Candidates,
        frame: usize,
        list: &str,
        unit: Option<&str>,
    ) -> Option<(Vec<usize>, Vec<bool>, u64)> {
        let here = |n: &&recount_seats::Nominee| {
            n.contest == self.asked.reported.contest && n.list.as_deref() == Some(list) && n.unit.as_deref() == unit
        };
        let mut people: Vec<&recount_seats::Nominee> = self.asked.tally.nominees.iter().filter(here).collect();
        people.sort_by(|a, b| a.id.cmp(&b.id));
        let number = u64::try_from(people.len()).ok()?;
        people.retain(|n| !(rule.skip_withdrawn && n.withdrawn));
        let choices = self.frame_choices(frame);
        let members: Vec<&str> = self
            .asked
            .outcome
            .members
            .iter()
            .filter(|m| m.stage == stage.id && m.list.as_deref() == Some(list) && m.unit.as_deref() == unit)
            .filter_map(|m| m.candidate.as_deref())
            .collect();
        if members.iter().any(|id| !people.iter().any(|n| n.id == *id)) {
            return None;
        }
        let column = |id: &str| choices.iter().position(|c| matches!(c, super::Choice::List(own) if own == id));
        let columns = people.iter().map(|n| column(&n.id)).collect::<Option<Vec<_>>>()?;
        let seated = people.iter().map(|n| members.contains(&n.id.as_str())).collect();
        Some((columns, seated, number))
    }

    fn preferences(&self, rule: &Candidates, benches: &[Bench]) -> Result<Result<Vec<Claim>, Reason>, LawError> {
        let mut claims = Vec::new();
        for bench in benches.iter().filter(|own| own.seated.contains(&true) && own.seated.contains(&false)) {
            let own = match (&rule.jump, rule.order) {
                (Some(jump), CandidateOrder::List) => self.jumping(bench, jump)?,
                // Who jumps has more votes than who does not: the order is that of votes either way.
                _ => self.most_votes(bench, &(0..bench.columns.len()).collect::<Vec<_>>())?,
            };
            let contest = self.contest(bench.frame)?;
            for assertion in own {
                if !assertion.holds(&contest.votes, contest.found)? {
                    return Ok(Err(format!("{} is not what was reported, or lies on the limit", assertion.name)));
                }
                claims.push((bench.frame, assertion));
            }
        }
        Ok(Ok(claims))
    }

    /// Everybody seated has more votes than each of these who is not.
    fn most_votes(&self, bench: &Bench, others: &[usize]) -> Result<Vec<Assertion>, LawError> {
        let mut found = Vec::new();
        for (at, _) in bench.seated.iter().enumerate().filter(|(_, seated)| **seated) {
            for other in others.iter().filter(|other| !bench.seated[**other]) {
                found.push(self.more_votes(bench.frame, bench.columns[at], bench.columns[*other])?);
            }
        }
        Ok(found)
    }

    fn jumping(&self, bench: &Bench, jump: &Jump) -> Result<Vec<Assertion>, LawError> {
        let out: Vec<usize> = (0..bench.seated.len()).filter(|at| !bench.seated[*at]).collect();
        let mut above = Vec::new();
        for at in &out {
            above.push(self.jumps(bench, jump, *at)?);
        }
        let more = above.contains(&true);
        let first_out = out.first().copied().unwrap_or(0);
        let mut found = Vec::new();
        for at in (0..bench.seated.len()).filter(|at| bench.seated[*at] && (more || *at > first_out)) {
            found.push(self.threshold(bench, jump, at, true)?);
        }
        if more {
            found.extend(self.most_votes(bench, &out)?);
            return Ok(found);
        }
        for at in out {
            found.push(self.threshold(bench, jump, at, false)?);
        }
        Ok(found)
    }

    /// What a candidate's votes are compared with, and the share of it.
    fn base<'b>(bench: &'b Bench, jump: &Jump) -> Result<(&'b [usize], Ratio), AuditError> {
        let multiple = Ratio::new(i128::from(jump.multiple.num()), i128::from(jump.multiple.den()))?;
        Ok(match jump.of {
            JumpBase::ListMean => (&bench.own, multiple.over(Ratio::count(bench.number.max(1)))?),
            JumpBase::ListVotes => (&bench.own, multiple),
            JumpBase::HareQuota => (&bench.all, multiple.over(Ratio::count(bench.house.max(1)))?),
        })
    }

    fn jumps(&self, bench: &Bench, jump: &Jump, at: usize) -> Result<bool, LawError> {
        let contest = self.contest(bench.frame)?;
        let (cells, share) = Self::base(bench, jump)?;
        let needed = share.times(Ratio::count(contest.sum(cells)?))?;
        let order = Ratio::count(contest.sum(&[bench.columns[at]])?).compare(needed)?;
        Ok(if jump.strictness == Strictness::MoreThan { order.is_gt() } else { order.is_ge() })
    }

    fn threshold(&self, bench: &Bench, jump: &Jump, at: usize, above: bool) -> Result<Assertion, LawError> {
        let (cells, share) = Self::base(bench, jump)?;
        let sign = if above { Ratio::ONE } else { Ratio::whole(-1) };
        let by = share.times(sign)?.negative()?;
        let column = bench.columns[at];
        let word = if above { "above" } else { "below" };
        let of = if jump.of == JumpBase::HareQuota { "all votes" } else { "the list's votes" };
        let name = format!("{} {word} {share} of {of}", self.name_at(bench.frame, column));
        let terms = std::iter::once((column, sign)).chain(cells.iter().map(|cell| (*cell, by)));
        Ok(Assertion::new(name, terms)?)
    }
}
