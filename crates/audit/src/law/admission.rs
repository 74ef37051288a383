//! Who takes part: a condition of the rulebook as assertions.

use recount_seats::{Condition, QuotaKind, Scope, Stage, Strictness};

use super::LawError;
use super::build::{Builder, refuse};
use crate::generate::{Contest, Group};
use crate::{Assertion, AuditError, Ratio};

/// An assertion in a frame, not yet part of the plan.
pub(super) type Claim = (usize, Assertion);

/// Claims that prove what was asked; none if the report says otherwise.
type Proof = Result<Option<Vec<Claim>>, LawError>;

/// A list among the votes for lists in a unit.
struct OfList {
    frame: usize,
    contest: Contest,
    /// The columns of each list.
    lists: Vec<Vec<usize>>,
    /// Its place among them.
    place: usize,
}

impl OfList {
    fn own(&self) -> &[usize] {
        &self.lists[self.place]
    }

    fn all(&self) -> Vec<usize> {
        self.lists.iter().flatten().copied().collect()
    }
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
            Condition::VotesPerSeat { base, stage: earlier, level, units } => {
                self.votes_per_seat(stage, (base, earlier, level), *units, who, wanted)
            }
            Condition::Seats { stage: earlier, at_least } => {
                if !self.allocations.iter().any(|a| a.stage == *earlier) {
                    return refuse(stage, format!("it asks for seats of stage `{earlier}`, which is not audited"));
                }
                let seats = self.seats_of(earlier, who.list);
                // What proves the seats of that stage proves this.
                Ok(((seats >= *at_least) == wanted).then(|| self.claims_of(earlier)))
            }
        }
    }

    /// Everything that a stage's seats rest on.
    fn claims_of(&self, stage: &str) -> Vec<Claim> {
        let items = self.of_stage.get(stage).into_iter().flatten();
        items.filter_map(|at| self.items.get(*at)).map(|item| (item.frame, item.assertion.clone())).collect()
    }

    /// As many votes as there are for each seat of a unit, on average, in at least so many units.
    fn votes_per_seat(
        &mut self,
        stage: &Stage,
        (base, earlier, level): (&str, &str, &str),
        least: u64,
        who: Who<'_>,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        if !self.allocations.iter().any(|a| a.stage == earlier && a.unit.is_some()) {
            return refuse(stage, format!("it asks for votes per seat of stage `{earlier}`, which is not audited"));
        }
        let units: Vec<String> =
            self.asked.tally.units.iter().filter(|u| u.level == level && !u.abroad()).map(|u| u.id.clone()).collect();
        let (mut with_seats, mut found) = (0_u64, Vec::new());
        for unit in units {
            let inside = self.allocations.iter().filter(|a| a.stage == earlier);
            let house: u64 = inside.filter(|a| self.lies_in(a.unit.as_deref(), &unit)).map(|a| a.house).sum();
            if house == 0 {
                continue;
            }
            with_seats += 1;
            let share = Ratio::ONE.over(Ratio::count(house))?;
            if let Some(claims) = self.share(stage, base, Some(&unit), who.list, share, Strictness::AtLeast, wanted)? {
                found.push((self.hardest(&claims)?, claims));
            }
        }
        // So many units that reach it; or so many that do not, that too few are left.
        let needed = if wanted { least } else { (with_seats + 1).saturating_sub(least) };
        let needed = usize::try_from(needed).map_err(|_| AuditError::Overflow)?;
        if found.len() < needed {
            return Ok(None);
        }
        let mut order = Vec::new();
        for (margin, claims) in found {
            let place = order.iter().position(|(own, _): &(Ratio, _)| own.compare(margin).is_ok_and(|o| o.is_lt()));
            order.insert(place.unwrap_or(order.len()), (margin, claims));
        }
        Ok(Some(order.into_iter().take(needed).flat_map(|(_, claims)| claims).collect()))
    }

    /// Whether a unit is another, or a part of it.
    fn lies_in(&self, unit: Option<&str>, other: &str) -> bool {
        let mut now = unit;
        for _ in 0..32 {
            let Some(id) = now else { return false };
            if id == other {
                return true;
            }
            now = self.asked.tally.units.iter().find(|own| own.id == id).and_then(|own| own.parent.as_deref());
        }
        false
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
        let (mut best, mut refused): (Option<(Vec<Claim>, Ratio)>, Option<LawError>) = (None, None);
        for part in parts {
            match self.prove(stage, part, who, wanted) {
                Ok(None) => {}
                Ok(Some(claims)) => best = self.better(best, claims)?,
                Err(why @ LawError::Class(_)) => return Err(why),
                // Another branch may do.
                Err(why) => refused = Some(why),
            }
        }
        match (best, refused) {
            (Some(best), _) => Ok(Some(best.0)),
            (None, Some(why)) => Err(why),
            (None, None) => Ok(None),
        }
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

    /// Where a list stands among the votes for lists in a unit; none if it has no votes there.
    fn of_list(&mut self, unit: Option<&str>, list: &str) -> Result<Option<OfList>, LawError> {
        let frame = self.lists_frame(unit);
        let contest = self.contest(frame)?;
        let (ids, lists) = self.lists_with_cells();
        let place = ids.iter().position(|own| own == list);
        Ok(place.map(|place| OfList { frame, contest, lists, place }))
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
        let Some(of) = self.of_list(unit, list)? else { return Ok((!wanted).then(Vec::new)) };
        let cells = of.all();
        let base = u128::from(of.contest.sum(&cells)?);
        if reached(of.contest.sum(of.own())?, base, share, strictness)? != wanted {
            return Ok(None);
        }
        let assertion = share_of(&self.list_name(list), of.own(), &cells, share, wanted)?;
        self.one(of.frame, assertion)
    }

    fn votes(
        &mut self,
        unit: Option<&str>,
        list: &str,
        least: u64,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let Some(of) = self.of_list(unit, list)? else { return Ok((!wanted).then(Vec::new)) };
        if (of.contest.sum(of.own())? >= least) != wanted {
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
        let assertion = Assertion::new(name, of.own().iter().map(|column| (*column, sign)))?.number(number);
        self.one(of.frame, assertion)
    }

    fn rank(
        &mut self,
        unit: Option<&str>,
        list: &str,
        last: u64,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let Some(of) = self.of_list(unit, list)? else { return Ok((!wanted).then(Vec::new)) };
        let mut order = Vec::new();
        for (at, cells) in of.lists.iter().enumerate() {
            order.push((of.contest.sum(cells)?, at));
        }
        order.sort_by_key(|(votes, _)| std::cmp::Reverse(*votes));
        let last = usize::try_from(last).map_err(|_| AuditError::Overflow)?.min(order.len());
        let (first, rest) = order.split_at(last);
        if first.iter().any(|(_, at)| *at == of.place) != wanted {
            return Ok(None);
        }
        let others = if wanted { rest } else { first };
        let (ids, cells) = self.lists_with_cells();
        let groups = self.groups(&ids, &cells);
        let mut claims = Vec::new();
        for (_, other) in others {
            let (more, less) = if wanted { (of.place, *other) } else { (*other, of.place) };
            claims.push((of.frame, ahead(&groups[more], &groups[less])?));
        }
        Ok(Some(claims))
    }

    /// `A > B`.
    pub fn more_votes(&self, frame: usize, a: usize, b: usize) -> Result<Assertion, LawError> {
        let name = format!("{} > {}", self.name_at(frame, a), self.name_at(frame, b));
        Ok(Assertion::new(name, [(a, Ratio::ONE), (b, Ratio::whole(-1))])?)
    }

    pub fn one(&self, frame: usize, assertion: Assertion) -> Result<Option<Vec<Claim>>, LawError> {
        let contest: Contest = self.contest(frame)?;
        if !assertion.holds(&contest.votes, contest.found)? {
            // Exactly on the edge: the law decides there, but an assertion says "more than".
            return Err(AuditError::NotReported(format!("{}: it lies exactly on the limit", assertion.name)).into());
        }
        Ok(Some(vec![(frame, assertion)]))
    }
}

/// `A > B`, of lists.
pub(super) fn ahead(more: &Group, less: &Group) -> Result<Assertion, AuditError> {
    let up = more.cells.iter().map(|cell| (*cell, Ratio::ONE));
    let down = less.cells.iter().map(|cell| (*cell, Ratio::whole(-1)));
    Assertion::new(format!("{} > {}", more.name, less.name), up.chain(down))
}

/// `T_p - f B > 0`, or the reverse.
pub(super) fn share_of(
    name: &str,
    own: &[usize],
    cells: &[usize],
    share: Ratio,
    above: bool,
) -> Result<Assertion, AuditError> {
    let sign = if above { Ratio::ONE } else { Ratio::whole(-1) };
    let by = share.times(sign)?.negative()?;
    let word = if above { "above" } else { "below" };
    let terms = own.iter().map(|column| (*column, sign)).chain(cells.iter().map(|cell| (*cell, by)));
    Assertion::new(format!("{name} {word} {share} of list votes"), terms)
}

pub(super) fn reached(votes: u64, base: u128, share: Ratio, strictness: Strictness) -> Result<bool, AuditError> {
    let base = i128::try_from(base).map_err(|_| AuditError::Overflow)?;
    let left = share.den().checked_mul(i128::from(votes)).ok_or(AuditError::Overflow)?;
    let right = share.num().checked_mul(base).ok_or(AuditError::Overflow)?;
    Ok(if strictness == Strictness::MoreThan { left > right } else { left >= right })
}
