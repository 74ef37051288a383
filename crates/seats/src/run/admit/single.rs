//! Single tests of one list: votes, places, seats, shares, quotas and facts.

use super::{Asked, Candidate, Judge, Own, votes_of};
use crate::formula::quota;
use crate::refusal::{Figure, Refusal};
use crate::rulebook::{QuotaKind, Rounding, Scope, Strictness};
use crate::run::view::Figures;
use crate::{Id, Ratio, Share};

impl<'a> Judge<'a, '_> {
    pub(super) fn votes(&mut self, unit: Own<'a>, at_least: u64, who: &Candidate<'_>) -> bool {
        let (unit, figures) = self.place(unit);
        let votes = votes_of(figures, who);
        self.write(Asked {
            who: who.place,
            base: "votes",
            base_value: at_least,
            unit,
            share: self.number(at_least),
            strict: false,
            votes,
            needed: at_least,
            passed: votes >= at_least,
        })
    }

    /// The place by votes; equal votes share it.
    pub(super) fn rank(&mut self, unit: Own<'a>, at_most: u64, who: &Candidate<'_>) -> bool {
        let (unit, figures) = self.place(unit);
        let votes = votes_of(figures, who);
        let before = figures.votes.iter().filter(|other| **other > votes).count();
        let rank = u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1);
        // Who is last among them matters only where it is written down.
        let mut sorted = if self.work.trace { figures.votes.clone() } else { Vec::new() };
        sorted.sort_unstable_by_key(|votes| std::cmp::Reverse(*votes));
        let last = usize::try_from(at_most).ok().and_then(|at_most| sorted.get(at_most.checked_sub(1)?));
        self.write(Asked {
            who: who.place,
            base: "rank",
            base_value: rank,
            unit,
            share: self.number(at_most),
            strict: false,
            votes,
            needed: last.copied().unwrap_or(0),
            passed: rank <= at_most,
        })
    }

    pub(super) fn seats(&mut self, stage: &'a str, at_least: u64, who: &Candidate<'_>) -> bool {
        let seats = self.pass.given.get(stage).and_then(|given| given.seats.get(who.place)).copied().unwrap_or(0);
        self.write(Asked {
            who: who.place,
            base: stage,
            base_value: seats,
            unit: self.work.view.national_unit,
            share: self.number(at_least),
            strict: false,
            votes: votes_of(&self.of.whole, who),
            needed: 0,
            passed: seats >= at_least,
        })
    }

    pub(super) fn share(
        &mut self,
        base: &'a str,
        scope: &'a Scope,
        strict: bool,
        share: Share,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        self.places(scope, |judge, unit| judge.share_in(base, unit, strict, share, who))
    }

    pub(super) fn share_in(
        &mut self,
        base: &'a str,
        unit: Own<'a>,
        strict: bool,
        share: Share,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        let view = self.work.view;
        let named = unit.map(|(unit, figures)| (unit.id.as_str(), figures));
        let base_value = self.base(base, named)?;
        let (unit, figures) = named.unwrap_or((view.national_unit, &self.of.whole));
        let votes = votes_of(figures, who);
        // One list, or all lists together: in a unit once, when its first list is asked.
        let first = |figures: &Figures<'_>| figures.votes.iter().take(who.place).all(|votes| *votes == 0);
        let together = match named {
            None => self.total,
            Some((_, figures)) if first(figures) => figures.votes.iter().map(|votes| u128::from(*votes)).sum(),
            Some(_) => 0,
        };
        if votes > base_value || together > u128::from(base_value) {
            let one = votes > base_value;
            return Err(Refusal::PartAboveWhole {
                list: one.then(|| who.list.id.clone()),
                votes: if one { votes } else { u64::try_from(together).unwrap_or(u64::MAX) },
                base: base.to_owned(),
                base_value,
                unit: unit.to_owned(),
            });
        }
        if !self.work.trace {
            return Ok(share.reached(votes, base_value, strict));
        }
        let text = self.written(share);
        Ok(self.write(Asked {
            who: who.place,
            base,
            base_value,
            unit,
            share: text,
            strict,
            votes,
            needed: share.needed(base_value, strict),
            passed: share.reached(votes, base_value, strict),
        }))
    }

    /// Votes against the base for each seat that a stage gave in the unit, on average: in how many units they reach
    /// it. A unit without seats has no average.
    pub(super) fn per_seat(
        &mut self,
        base: &'a str,
        stage: &'a str,
        level: &str,
        least: u64,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        let of = self.of;
        let Some(units) = of.levels.get(level) else { return self.without_units(level) };
        let seats = self.seats_by_unit(stage, level)?;
        let all = self.work.view.units(level);
        let mut reached = 0u64;
        for (unit, figures) in units.iter().filter(|(unit, _)| !unit.abroad()) {
            let place = all.binary_search_by(|other| other.id.cmp(&unit.id)).ok();
            let seats = place.and_then(|place| seats.get(place)).copied().unwrap_or(0);
            if let Some(share) = Share::one_of(seats) {
                let passed = self.share_in(base, Some((unit, figures)), false, share, who)?;
                reached = reached.saturating_add(u64::from(passed));
            }
        }
        self.last_seats = Some((stage.to_owned(), level.to_owned(), seats));
        Ok(reached >= least)
    }

    /// The seats that a stage gave in each unit of a level, by its position.
    fn seats_by_unit(&mut self, stage: &str, level: &str) -> Result<Vec<u64>, Refusal> {
        if let Some((of, at, seats)) = self.last_seats.take()
            && of == stage
            && at == level
        {
            return Ok(seats);
        }
        let grid = self.pass.given.get(stage).and_then(|given| given.grid.as_ref());
        let grid = grid.and_then(|grid| grid.up(self.work.view, level)).ok_or_else(|| Refusal::SeatsNotByUnit {
            stage: self.stage.id.clone(),
            of: stage.to_owned(),
            level: level.to_owned(),
        })?;
        let sum = |row: &Vec<u64>| row.iter().fold(0u64, |sum, seats| sum.saturating_add(*seats));
        Ok(grid.cells.iter().map(sum).collect())
    }

    pub(super) fn quota(
        &mut self,
        kind: QuotaKind,
        seats: u64,
        strictness: Strictness,
        multiple: Ratio,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        let quota = quota::quota(kind, Rounding::Exact, self.total, seats);
        let strict = strictness == Strictness::MoreThan;
        let votes = votes_of(&self.of.whole, who);
        let too_large =
            || Refusal::TooLarge { what: Figure::MultipleOfQuota, unit: self.work.view.national_unit.to_owned() };
        let num = quota.num.checked_mul(u128::from(multiple.num())).ok_or_else(too_large)?;
        let den = quota.den.checked_mul(u128::from(multiple.den())).ok_or_else(too_large)?;
        let least = if strict { num / den + 1 } else { num.div_ceil(den) };
        let needed = u64::try_from(least).map_err(|_| too_large())?;
        Ok(self.write(Asked {
            who: who.place,
            base: "quota",
            base_value: u64::try_from(self.total).map_err(|_| too_large())?,
            unit: self.work.view.national_unit,
            share: self.number(multiple),
            strict,
            votes,
            needed,
            passed: votes >= needed,
        }))
    }

    pub(super) fn attribute(
        &mut self,
        name: &'a str,
        is: Option<&str>,
        at_least: Option<u64>,
        at_most: Option<u64>,
        who: &Candidate<'_>,
    ) -> Result<bool, Refusal> {
        let value = who.list.attributes.get(name);
        let ranged = at_least.is_some() || at_most.is_some();
        let number = match value {
            Some(value) if ranged => value.parse().map_err(|_| Refusal::AttributeNotANumber {
                list: who.list.id.clone(),
                attribute: name.to_owned(),
                value: value.clone(),
            })?,
            _ => 0,
        };
        let passed = if ranged {
            at_least.is_none_or(|least| number >= least) && at_most.is_none_or(|most| number <= most)
        } else {
            value.is_some_and(|value| is.map_or(value != "false", |is| value == is))
        };
        let range = || -> Id {
            match (is, at_least, at_most) {
                (Some(is), ..) => is.into(),
                (_, Some(least), Some(most)) => format!("{least} to {most}").into(),
                (_, Some(least), None) => format!("at least {least}").into(),
                (_, None, Some(most)) => format!("at most {most}").into(),
                _ => "present".into(),
            }
        };
        Ok(self.write(Asked {
            who: who.place,
            base: name,
            base_value: number,
            unit: self.work.view.national_unit,
            share: if self.work.trace { range() } else { Id::default() },
            strict: false,
            votes: votes_of(&self.of.whole, who),
            needed: 0,
            passed,
        }))
    }
}
