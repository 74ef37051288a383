//! Who takes part: a condition of the rulebook as assertions.

use recount_seats::{Condition, Quantity, QuotaKind, Scope, Stage, Strictness};

use super::build::{Builder, refuse};
use super::{Choice, LawClassError, LawError, LineClass};
use crate::generate::Contest;
use crate::{Assertion, AuditError, Ratio, Rests, Source};

/// An assertion in a frame, not yet part of the plan.
pub(super) type Claim = (usize, Assertion);

/// Claims that prove what was asked; none if the report says otherwise.
type Proof = Result<Option<Vec<Claim>>, LawError>;

/// What a base is made of.
struct Parts {
    /// Choices whose figures are added.
    choices: Vec<Choice>,
    /// A figure from elsewhere.
    figures: Vec<(Rests, u64)>,
    /// Documents that are counted beside the box.
    documents: Vec<Rests>,
}

/// A list among the votes for lists in a unit.
struct OfList {
    frame: usize,
    contest: Contest,
    /// The columns of all lists.
    lists: Vec<usize>,
    /// Its own.
    column: usize,
}

/// Who is asked: a list, in a unit whose seats are given.
#[derive(Clone, Copy)]
pub(super) struct Who<'a> {
    pub list: &'a str,
    pub unit: Option<&'a str>,
}

fn ratio(of: recount_seats::Ratio) -> Result<Ratio, AuditError> {
    Ratio::new(i128::from(of.num()), i128::from(of.den()))
}

impl Builder<'_> {
    /// Assertions that prove that a list meets the condition (`wanted`) or does not; none if the report says
    /// otherwise.
    pub fn prove(
        &mut self,
        stage: &Stage,
        condition: &Condition,
        who: Who<'_>,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        match condition {
            Condition::Not(inner) => self.prove(stage, inner, who, !wanted),
            Condition::All(parts) if wanted => self.every(stage, parts, who, true),
            Condition::Any(parts) if !wanted => self.every(stage, parts, who, false),
            Condition::All(parts) | Condition::Any(parts) => self.cheapest(stage, parts, who, wanted),
            Condition::Share { base, scope, strictness, share } => {
                let share = ratio(share.ratio())?;
                self.places(stage, scope, who, wanted, &|builder, unit| {
                    builder.share(stage, base, unit, who.list, share, *strictness, wanted)
                })
            }
            Condition::Votes { scope, at_least } => self
                .places(stage, scope, who, wanted, &|builder, unit| builder.votes(unit, who.list, *at_least, wanted)),
            Condition::Rank { scope, at_most } => {
                self.places(stage, scope, who, wanted, &|builder, unit| builder.rank(unit, who.list, *at_most, wanted))
            }
            Condition::Quota { quota, seats, strictness, multiple } => {
                let k: u64 = match quota {
                    QuotaKind::Hare => 0,
                    QuotaKind::HagenbachBischoff => 1,
                    QuotaKind::Imperiali => 2,
                    QuotaKind::Droop => {
                        return refuse(stage, "a quota rounded to whole votes is not linear in the votes");
                    }
                };
                let parts = seats.checked_add(k).ok_or(AuditError::Overflow)?;
                let share = ratio(*multiple)?.over(Ratio::count(parts))?;
                self.share_of_lists(None, who.list, share, *strictness, wanted)
            }
            Condition::Attribute { .. } => {
                // A fact about the list: the report decides, and no vote does.
                let admitted = self.attribute(condition, who.list);
                Ok((admitted == wanted).then(Vec::new))
            }
            Condition::VotesPerSeat { stage: earlier, .. } => {
                refuse(stage, format!("it asks for votes per seat of stage `{earlier}`, which is not audited"))
            }
            Condition::Seats { stage: earlier, at_least } => {
                let covered = self.allocations.iter().any(|a| a.stage == *earlier);
                if !covered {
                    return refuse(stage, format!("it asks for seats of stage `{earlier}`, which is not audited"));
                }
                let seats = self.seats_of(earlier, who.list);
                Ok(((seats >= *at_least) == wanted).then(Vec::new))
            }
        }
    }

    fn attribute(&self, condition: &Condition, list: &str) -> bool {
        let Condition::Attribute { name, is, at_least, at_most } = condition else { return false };
        let list = self.asked.tally.lists.iter().find(|own| own.id == list);
        let value = list.and_then(|list| list.attributes.get(name));
        if let Some(is) = is {
            return value == Some(is);
        }
        if at_least.is_none() && at_most.is_none() {
            return value.is_some_and(|value| value != "false");
        }
        let number = value.and_then(|value| value.parse::<u64>().ok()).unwrap_or(0);
        at_least.is_none_or(|least| number >= least) && at_most.is_none_or(|most| number <= most)
    }

    fn seats_of(&self, stage: &str, list: &str) -> u64 {
        let stage = self.asked.outcome.stages.iter().find(|own| own.id == stage);
        stage.and_then(|stage| stage.seats.get(list)).copied().unwrap_or(0)
    }

    fn every(
        &mut self,
        stage: &Stage,
        parts: &[Condition],
        who: Who<'_>,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let mut all = Vec::new();
        for part in parts {
            match self.prove(stage, part, who, wanted)? {
                None => return Ok(None),
                Some(claims) => all.extend(claims),
            }
        }
        Ok(Some(all))
    }

    /// One branch suffices: the cheapest on the reported votes, chosen before the seed.
    fn cheapest(
        &mut self,
        stage: &Stage,
        parts: &[Condition],
        who: Who<'_>,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let mut best: Option<(Vec<Claim>, Ratio)> = None;
        for part in parts {
            let Some(claims) = self.prove(stage, part, who, wanted)? else { continue };
            best = self.better(best, claims)?;
        }
        Ok(best.map(|best| best.0))
    }

    fn better(
        &self,
        best: Option<(Vec<Claim>, Ratio)>,
        claims: Vec<Claim>,
    ) -> Result<Option<(Vec<Claim>, Ratio)>, LawError> {
        let margin = self.hardest(&claims)?;
        Ok(match best {
            Some(old) if margin.compare(old.1)?.is_le() => Some(old),
            _ => Some((claims, margin)),
        })
    }

    /// The smallest relative margin of some claims.
    pub fn hardest(&self, claims: &[Claim]) -> Result<Ratio, LawError> {
        let mut least = Ratio::ONE;
        for (frame, assertion) in claims {
            let margin = self.contest(*frame)?.relative_margin(assertion)?;
            if margin.compare(least)?.is_lt() {
                least = margin;
            }
        }
        Ok(least)
    }

    /// A test in the places that its scope names.
    fn places(
        &mut self,
        stage: &Stage,
        scope: &Scope,
        who: Who<'_>,
        wanted: bool,
        test: &dyn Fn(&mut Self, Option<&str>) -> Proof,
    ) -> Proof {
        let level = match scope {
            Scope::National => return test(self, None),
            Scope::Own(_) => return test(self, who.unit),
            Scope::Every(level) | Scope::Any(level) => level,
        };
        let units: Vec<String> =
            self.asked.tally.units.iter().filter(|u| u.level == *level && !u.abroad()).map(|u| u.id.clone()).collect();
        if units.is_empty() {
            return refuse(stage, format!("it asks about every {level}, and the tally has none"));
        }
        let all = matches!(scope, Scope::Every(_)) == wanted;
        let (mut claims, mut best) = (Vec::new(), None);
        for unit in units {
            match (test(self, Some(&unit))?, all) {
                (None, true) => return Ok(None),
                (Some(more), true) => claims.extend(more),
                (None, false) => {}
                (Some(more), false) => best = self.better(best, more)?,
            }
        }
        Ok(if all { Some(claims) } else { best.map(|best| best.0) })
    }

    fn parts(&self, stage: &Stage, base: &str, unit: Option<&str>) -> Result<Parts, LawError> {
        let mut parts = Parts { choices: Vec::new(), figures: Vec::new(), documents: Vec::new() };
        self.gather(stage, base, unit, &mut parts, 0)?;
        Ok(parts)
    }

    fn gather(
        &self,
        stage: &Stage,
        base: &str,
        unit: Option<&str>,
        parts: &mut Parts,
        depth: usize,
    ) -> Result<(), LawError> {
        let lists = |parts: &mut Parts| {
            let choices = self.asked.reported.choices.iter();
            parts.choices.extend(choices.filter(|c| matches!(c, Choice::List(_))).cloned());
        };
        if base == "against_all" {
            parts.choices.extend(self.column(&Choice::AgainstAll).map(|_| Choice::AgainstAll));
            return Ok(());
        }
        match self.asked.rulebook.quantities.get(base) {
            Some(Quantity::Sum(of)) if depth < 16 => {
                of.iter().try_for_each(|part| self.gather(stage, part, unit, parts, depth + 1))
            }
            Some(Quantity::Line { line, .. }) => self.line(stage, line, unit, parts),
            None if self.asked.rulebook.contests.contains_key(base) => {
                lists(parts);
                Ok(())
            }
            _ => refuse(stage, format!("its base `{base}` cannot be read")),
        }
    }

    fn line(&self, stage: &Stage, line: &str, unit: Option<&str>, parts: &mut Parts) -> Result<(), LawError> {
        let choice = Choice::Line(line.to_owned());
        let Some(column) = self.column(&choice) else {
            return refuse(stage, format!("its base rests on line `{line}`, which the stations do not state"));
        };
        let rests = |source| Rests { on: line.to_owned(), source };
        match self.asked.classes.get(line) {
            None => return Err(LawClassError(line.to_owned()).into()),
            Some(LineClass::Box) => parts.choices.push(choice),
            Some(LineClass::Document(document)) => {
                parts.choices.push(choice);
                parts.documents.push(rests(Source::Document(document.clone())));
            }
            Some(LineClass::Trusted(why)) => {
                let value = self.totals(unit)?.votes.get(column).copied().unwrap_or(0);
                parts.figures.push((rests(Source::Trusted(why.clone())), value));
            }
        }
        Ok(())
    }

    /// A share of a named base.
    #[allow(clippy::too_many_arguments, reason = "one test of the law has as many parts")]
    fn share(
        &mut self,
        stage: &Stage,
        base: &str,
        unit: Option<&str>,
        list: &str,
        share: Ratio,
        strictness: Strictness,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let parts = self.parts(stage, base, unit)?;
        let mut columns = self.list_columns();
        let lines: Vec<usize> = parts
            .choices
            .iter()
            .filter(|c| matches!(c, Choice::Line(_)))
            .filter_map(|choice| self.column(choice))
            .collect();
        columns.extend(&lines);
        let more = u32::try_from(lines.len()).map_err(|_| AuditError::Overflow)?;
        let frame = self.frame(unit, columns, more);
        let own = self.frame_choices(frame);
        let at = |choice: &Choice| own.iter().position(|c| c == choice);
        let Some(column) = at(&Choice::List(list.to_owned())) else { return Ok((!wanted).then(Vec::new)) };
        let cells: Vec<usize> = parts.choices.iter().filter_map(at).collect();
        let contest = self.contest(frame)?;
        let fixed: u128 = parts.figures.iter().map(|f| u128::from(f.1)).sum();
        let base_value = u128::from(contest.sum(&cells)?) + fixed;
        let met = reached(contest.votes[column], base_value, share, strictness)?;
        if met != wanted {
            return Ok(None);
        }
        let sign = if wanted { Ratio::ONE } else { Ratio::whole(-1) };
        let by = share.times(sign)?.negative()?;
        let word = if wanted { "above" } else { "below" };
        let place = unit.map_or(String::new(), |unit| format!(" in {unit}"));
        let name = format!("{} {word} {share} of {base}{place}", self.list_name(list));
        let terms = std::iter::once((column, sign)).chain(cells.iter().map(|cell| (*cell, by)));
        let mut assertion = Assertion::new(name, terms)?;
        for (rests, value) in parts.figures {
            let more = by.times(Ratio::count(value))?;
            let constant = assertion.outside().plus(more)?;
            assertion = assertion.constant(constant, rests);
        }
        assertion.rests.extend(parts.documents);
        self.one(frame, assertion)
    }

    /// Where a list stands among the votes for lists in a unit; none if it has no votes there.
    fn of_list(&mut self, unit: Option<&str>, list: &str) -> Result<Option<OfList>, LawError> {
        let frame = self.lists_frame(unit);
        let own = self.frame_choices(frame);
        let contest = self.contest(frame)?;
        let lists = (0..own.len()).filter(|at| matches!(own[*at], Choice::List(_))).collect();
        let column = own.iter().position(|choice| matches!(choice, Choice::List(id) if id == list));
        Ok(column.map(|column| OfList { frame, contest, lists, column }))
    }

    /// A share of all votes for lists.
    pub fn share_of_lists(
        &mut self,
        unit: Option<&str>,
        list: &str,
        share: Ratio,
        strictness: Strictness,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let Some(OfList { frame, contest, lists: cells, column }) = self.of_list(unit, list)? else {
            return Ok((!wanted).then(Vec::new));
        };
        let base = u128::from(contest.sum(&cells)?);
        if reached(contest.votes[column], base, share, strictness)? != wanted {
            return Ok(None);
        }
        let assertion = share_of(&self.list_name(list), column, &cells, share, wanted)?;
        self.one(frame, assertion)
    }

    fn votes(
        &mut self,
        unit: Option<&str>,
        list: &str,
        least: u64,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let Some(OfList { frame, contest, column, .. }) = self.of_list(unit, list)? else {
            return Ok((!wanted).then(Vec::new));
        };
        if (contest.votes[column] >= least) != wanted {
            return Ok(None);
        }
        // Votes are whole: at least n is more than n - 1.
        let (sign, number) = if wanted {
            (Ratio::ONE, Ratio::ONE.minus(Ratio::count(least))?)
        } else {
            (Ratio::whole(-1), Ratio::count(least))
        };
        let word = if wanted { "at least" } else { "below" };
        let name = format!("{} {word} {least} votes", self.list_name(list));
        let assertion = Assertion::new(name, [(column, sign)])?.number(number);
        self.one(frame, assertion)
    }

    fn rank(
        &mut self,
        unit: Option<&str>,
        list: &str,
        last: u64,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let Some(OfList { frame, contest, lists: mut order, column }) = self.of_list(unit, list)? else {
            return Ok((!wanted).then(Vec::new));
        };
        order.sort_by_key(|at| std::cmp::Reverse(contest.votes[*at]));
        let last = usize::try_from(last).map_err(|_| AuditError::Overflow)?.min(order.len());
        let (first, rest) = order.split_at(last);
        if first.contains(&column) != wanted {
            return Ok(None);
        }
        let others = if wanted { rest } else { first };
        let mut claims = Vec::new();
        for other in others {
            let (more, less) = if wanted { (column, *other) } else { (*other, column) };
            claims.push((frame, self.more_votes(frame, more, less)?));
        }
        Ok(Some(claims))
    }

    /// `A > B`.
    pub fn more_votes(&self, frame: usize, a: usize, b: usize) -> Result<Assertion, LawError> {
        let name = format!("{} > {}", self.name_at(frame, a), self.name_at(frame, b));
        Ok(Assertion::new(name, [(a, Ratio::ONE), (b, Ratio::whole(-1))])?)
    }

    fn one(&self, frame: usize, assertion: Assertion) -> Result<Option<Vec<Claim>>, LawError> {
        let contest: Contest = self.contest(frame)?;
        if !assertion.holds(&contest.votes, contest.found)? {
            // Exactly on the edge: the law decides there, but an assertion says "more than".
            return Err(AuditError::NotReported(format!("{}: it lies exactly on the limit", assertion.name)).into());
        }
        Ok(Some(vec![(frame, assertion)]))
    }
}

/// `T_p - f B > 0`, or the reverse.
pub(super) fn share_of(
    name: &str,
    column: usize,
    cells: &[usize],
    share: Ratio,
    above: bool,
) -> Result<Assertion, AuditError> {
    let sign = if above { Ratio::ONE } else { Ratio::whole(-1) };
    let by = share.times(sign)?.negative()?;
    let word = if above { "above" } else { "below" };
    let terms = std::iter::once((column, sign)).chain(cells.iter().map(|cell| (*cell, by)));
    Assertion::new(format!("{name} {word} {share} of list votes"), terms)
}

fn reached(votes: u64, base: u128, share: Ratio, strictness: Strictness) -> Result<bool, AuditError> {
    let base = i128::try_from(base).map_err(|_| AuditError::Overflow)?;
    let left = share.den().checked_mul(i128::from(votes)).ok_or(AuditError::Overflow)?;
    let right = share.num().checked_mul(base).ok_or(AuditError::Overflow)?;
    Ok(if strictness == Strictness::MoreThan { left > right } else { left >= right })
}
