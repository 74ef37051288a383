//! Who takes part: a condition of the rulebook as assertions.

use recount_seats::{Condition, QuotaKind, Scope, Stage, Strictness};

use super::LawError;
use super::build::{Builder, refuse};
use crate::{Assertion, AuditError, Ratio};

/// An assertion in a frame, not yet part of the plan.
pub(super) type Claim = (usize, Assertion);

/// Claims that prove what was asked; none if the report says otherwise.
type Proof = Result<Option<Vec<Claim>>, LawError>;

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
}
