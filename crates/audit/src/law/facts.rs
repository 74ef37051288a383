//! Single facts about a list's votes as assertions: a share of all, so many votes, a place in their order.

use recount_seats::Strictness;

use super::LawError;
use super::admission::Claim;
use super::build::Builder;
use crate::generate::{Contest, Group};
use crate::{Assertion, AuditError, Ratio};

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

impl Builder<'_> {
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

    pub fn votes(
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

    pub fn rank(
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
