//! `candidates`: people on the seats of lists. Those who hold a seat of the list already come first,
//! then those with enough votes of their own, then list order or votes. Who withdrew or sits elsewhere
//! is passed over; a list used up leaves empty chairs.

mod chairs;
mod order;

use std::collections::{BTreeMap, BTreeSet};

use super::machine::{Pass, Stop, Winner, Work, has_rule, outcome_of};
use crate::formula::seating::{InOrder, Seated, seat};
use crate::outcome::{Member, Reserve, StepKind, Tie};
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{CandidateOrder, Candidates, Stage, TieRule};

use crate::words::Remark;

pub(crate) use chairs::Chairs;
use order::{Place, Standing};

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Candidates, pass: &mut Pass) -> Result<(), Stop> {
    if !work.trace {
        return Ok(());
    }
    let given = pass.of(&rule.of);
    let firsts = pass.winners.get(rule.first.as_deref().unwrap_or_default()).cloned().unwrap_or_default();
    if let Some(first) = &rule.first {
        // They are seated again here, among the seats of their list.
        pass.members.retain(|member| member.stage != *first || member.list.is_none());
    }
    let mut elsewhere: BTreeSet<String> = firsts.iter().map(|winner| winner.id.clone()).collect();
    for other in &rule.without {
        let seated = pass.members.iter().filter(|member| member.stage == *other);
        elsewhere.extend(seated.filter_map(|member| member.candidate.clone()));
    }
    let mut seating = Seating { work, stage, rule, firsts, elsewhere, unknown: BTreeSet::new(), pass };
    for (who, list) in work.view.lists.iter().enumerate() {
        let seats = given.seats.get(who).copied().unwrap_or(0);
        let rows = given.grid.as_ref().filter(|_| order::by_unit(work, who, list));
        match rows {
            None => seating.fill(Place { who, list, unit: None, seats, house: given.house })?,
            Some(grid) => {
                for (row, unit) in grid.cells.iter().zip(work.view.units(&grid.level)) {
                    let house = row.iter().fold(0u64, |sum, seats| sum.saturating_add(*seats));
                    let seats = row.get(who).copied().unwrap_or(0);
                    seating.fill(Place { who, list, unit: Some(unit), seats, house })?;
                }
            }
        }
    }
    let unknown = seating.unknown;
    if !unknown.is_empty() {
        pass.note(Remark::CandidatesUnknown(unknown.into_iter().map(str::to_owned).collect()));
    }
    pass.stages.push(outcome_of(stage, "candidates"));
    Ok(())
}

struct Seating<'a, 'b> {
    work: &'a Work<'a>,
    stage: &'a Stage,
    rule: &'a Candidates,
    /// Those who hold seats of their lists already.
    firsts: Vec<Winner>,
    /// The ids of those who sit already, of any list.
    elsewhere: BTreeSet<String>,
    unknown: BTreeSet<&'a str>,
    pass: &'b mut Pass,
}

impl<'a> Seating<'a, '_> {
    /// Fills the seats of one list in one place.
    fn fill(&mut self, place: Place<'a>) -> Result<(), Refusal> {
        let before = self.firsts(&place);
        let left = place.seats.saturating_sub(before);
        let runners = order::runners(self.work, self.stage, self.rule, &place, &self.elsewhere)?;
        let ordered = self.rule.order == CandidateOrder::Votes;
        let standing = runners.standing(ordered, runners.people.iter().map(|one| one.votes));
        if place.seats == 0 && standing.is_empty() {
            return Ok(());
        }
        if left > 0 && !order::known(self.work, &place) {
            self.unknown.insert(place.list.id.as_str());
            return Ok(());
        }
        let reserve = self.reserve(&place);
        if self.work.options.seat_margins {
            self.pass.chairs.extend(chairs::Chairs::new(self.stage, self.rule, &place, &runners, left, reserve));
        }
        let ranks = ranks(has_rule(self.stage, TieRule::ListOrder), self.rule.reserve.is_some(), &standing);
        let seated = self.seat(&place, &standing, &ranks, left, reserve)?;
        self.write(&place, &standing, &seated, before);
        Ok(())
    }

    /// Seats those first who hold seats of this list in this place; how many.
    fn firsts(&mut self, place: &Place<'_>) -> u64 {
        let view = self.work.view;
        let here = |winner: &&Winner| {
            let inside = place.unit.is_none_or(|unit| {
                let own = winner.unit.as_deref().and_then(|own| view.unit(own));
                let above = own.and_then(|own| view.above(own, &unit.level));
                above.and_then(|above| view.units(&unit.level).get(above)).is_some_and(|other| other.id == unit.id)
            });
            winner.list == Some(place.who) && inside
        };
        let mut seat = 0u64;
        for winner in self.firsts.iter().filter(here) {
            seat += 1;
            self.pass.members.push(Member {
                stage: self.stage.id.clone(),
                list: Some(place.list.id.clone()),
                unit: winner.unit.clone(),
                seat,
                candidate: Some(winner.id.clone()).filter(|_| winner.named),
                name: Some(winner.name.clone()).filter(|_| winner.named),
                place: place.list.candidates.iter().zip(1u64..).find(|(one, _)| one.id == winner.id).map(|(_, at)| at),
                by_preference: false,
            });
        }
        if seat > place.seats {
            self.pass.note(Remark::MoreSitting { list: place.list.id.clone(), sitting: seat });
        }
        seat
    }

    /// How many of the seats are kept for those with the attribute of the rule.
    fn reserve(&self, place: &Place<'_>) -> u64 {
        let Some(rule) = &self.rule.reserve else {
            return 0;
        };
        let product = u128::from(place.seats) * u128::from(rule.at_least.num());
        let den = u128::from(rule.at_least.den());
        let seats = if rule.round_up { product.div_ceil(den) } else { product / den };
        u64::try_from(seats).unwrap_or(u64::MAX)
    }

    /// Who is seated; ties between candidates by a lot, or open.
    fn seat(
        &mut self,
        place: &Place<'_>,
        standing: &[Standing<'_>],
        ranks: &[InOrder],
        seats: u64,
        reserve: u64,
    ) -> Result<Seated, Refusal> {
        let mut refused = None;
        let (work, stage, pass) = (self.work, self.stage, &mut *self.pass);
        let mut settle = |between: &[usize], seats: u64| {
            let mut ids: Vec<String> =
                between.iter().filter_map(|who| standing.get(*who)).map(|one| one.id.to_owned()).collect();
            ids.sort_unstable();
            let tie = Tie {
                stage: stage.id.clone(),
                unit: place.unit.map(|unit| unit.id.clone()),
                list: Some(place.list.id.clone()),
                between: ids,
                seats,
                held: BTreeMap::new(),
                what: StepKind::CandidateVotes,
                by_lot: has_rule(stage, TieRule::Lot),
            };
            let drawn = drawn(work, &tie, pass).unwrap_or_else(|refusal| {
                refused = Some(refusal);
                Some(Vec::new())
            });
            let Some(drawn) = drawn else {
                pass.candidate_ties.push(tie);
                return Some(Vec::new());
            };
            let is_drawn = |who: &usize| standing.get(*who).is_some_and(|one| drawn.iter().any(|id| id == one.id));
            Some(between.iter().copied().filter(is_drawn).collect())
        };
        // The closure always answers, so no tie comes back.
        let seated = seat(ranks, seats, reserve, &mut settle).unwrap_or_default();
        match refused {
            Some(refusal) => Err(refusal),
            None => Ok(seated),
        }
    }

    fn write(&mut self, place: &Place<'_>, standing: &[Standing<'_>], seated: &Seated, before: u64) {
        let chairs = seated
            .who
            .iter()
            .map(|who| standing.get(*who))
            .chain(std::iter::repeat_n(None, usize::try_from(seated.vacant).unwrap_or(0)));
        for (one, seat) in chairs.zip(before.saturating_add(1)..) {
            self.pass.members.push(Member {
                stage: self.stage.id.clone(),
                list: Some(place.list.id.clone()),
                unit: place.unit.map(|unit| unit.id.clone()),
                seat,
                candidate: one.map(|one| one.id.to_owned()),
                name: one.map(|one| one.name.to_owned()),
                place: one.map(|one| one.place),
                by_preference: one.is_some_and(|one| one.jumped),
            });
        }
        for (who, one) in standing.iter().enumerate() {
            if !seated.who.contains(&who) {
                self.pass.reserves.push(Reserve {
                    list: place.list.id.clone(),
                    unit: place.unit.map(|unit| unit.id.clone()),
                    candidate: one.id.to_owned(),
                    name: one.name.to_owned(),
                    place: one.place,
                });
            }
        }
        if let Some(rule) = &self.rule.reserve {
            let with = seated.who.iter().filter(|who| standing.get(**who).is_some_and(|one| one.reserved_for)).count();
            let with = u64::try_from(with).unwrap_or(u64::MAX);
            if with < self.reserve(place) {
                let (attribute, value) = (rule.attribute.clone(), rule.is.clone());
                self.pass.note(Remark::FewReserved { list: place.list.id.clone(), with, attribute, value });
            }
        }
    }
}

/// The ranks of those in order: equal votes are equal, unless list order settles them.
fn ranks(by_list: bool, reserves: bool, standing: &[Standing<'_>]) -> Vec<InOrder> {
    let mut ranks = Vec::with_capacity(standing.len());
    let mut rank = 0u64;
    let mut before: Option<&Standing<'_>> = None;
    for one in standing {
        let equal = before.is_some_and(|before| {
            one.by_votes.is_some() && before.jumped == one.jumped && before.by_votes == one.by_votes
        });
        rank += u64::from(!equal || by_list);
        before = Some(one);
        ranks.push(InOrder { rank, reserved_for: reserves && one.reserved_for });
    }
    ranks
}

/// The lot for a tie between candidates, checked; it is marked as used.
fn drawn(work: &Work<'_>, tie: &Tie, pass: &mut Pass) -> Result<Option<Vec<String>>, Refusal> {
    let found = work.lots.iter().enumerate().find(|(_, lot)| {
        lot.stage == tie.stage && lot.unit == tie.unit && lot.list == tie.list && lot.between.iter().eq(&tie.between)
    });
    let Some((place, lot)) = found.filter(|_| tie.by_lot) else {
        return Ok(None);
    };
    if u64::try_from(lot.drawn.len()) != Ok(tie.seats) {
        return Err(Refusal::ForeignLot {
            stage: tie.stage.clone(),
            reason: Reason::DrawsOthers(lot.drawn.len(), tie.seats),
        });
    }
    pass.used_lots.insert(place);
    Ok(Some(lot.drawn.clone()))
}
