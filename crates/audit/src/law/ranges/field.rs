//! One rule over groups: the ranges that follow from what is proved.

use super::super::{Allocation, Shape};
use super::shares::{by_averages, by_quota, by_rank, greater, in_turn, less, sum};
use crate::certificate::{Admission, Range, averages, averages_from, narrow, remainder};
use crate::generate::Group;
use crate::{Assertion, AuditError, Ratio};

/// A share of all votes, as far as proved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub low: Ratio,
    pub high: Ratio,
}

/// Groups that share seats by a rule.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub house: u64,
    /// Their votes, and how many seats each can fill.
    pub groups: Vec<Group>,
    /// What is proved about their part in it.
    pub status: Vec<Admission>,
    /// Their part in it as reported.
    pub reported: Vec<bool>,
    /// Their shares of all votes.
    pub shares: Vec<Share>,
    /// Whether the shares of all groups together are all votes.
    pub whole: bool,
}

impl Field {
    /// The terms of `A > B`.
    pub fn pair(&self, a: usize, b: usize) -> Vec<(usize, Ratio)> {
        let up = self.groups[a].cells.iter().map(|cell| (*cell, Ratio::ONE));
        let down = self.groups[b].cells.iter().map(|cell| (*cell, Ratio::whole(-1)));
        let mut terms: Vec<(usize, Ratio)> = up.chain(down).collect();
        terms.sort_by_key(|term| term.0);
        terms
    }

    /// Whether a group can run out of candidates before the house is full.
    fn can_run_out(&self) -> bool {
        self.groups.iter().any(|group| group.most.is_some_and(|most| most < self.house))
    }

    /// Whether it is proved that a group has a vote: by a share of all, or because something is more than nothing by its
    /// votes alone.
    fn has_votes(&self, at: usize, known: &[Assertion]) -> bool {
        let own = |choice: &usize| self.groups[at].cells.contains(choice);
        let by_it_alone = |proved: &Assertion| {
            let others_help = proved.terms().iter().any(|(choice, by)| by.is_positive() && !own(choice));
            !others_help && !proved.outside().is_positive() && !proved.each_card().is_positive()
        };
        self.shares[at].low.is_positive() || known.iter().any(by_it_alone)
    }

    /// The same where a group without votes has no seat beforehand, whoever it is: who is not proved to have one may take
    /// part or not.
    fn of_voted_for(&self, known: &[Assertion]) -> Self {
        let mut own = self.clone();
        for at in 0..own.status.len() {
            if own.status[at] == Admission::In && !self.has_votes(at, known) {
                own.status[at] = Admission::Open;
            }
        }
        own
    }

    /// The ranges that follow, and whether they are tight as far as pairs go.
    pub fn ranges(&self, shape: &Shape, known: &[Assertion]) -> Result<(Vec<Range>, bool), AuditError> {
        match shape {
            Shape::AveragesFrom { .. } | Shape::InTurn { .. } => self.of_voted_for(known).bounds(shape, known),
            _ => self.bounds(shape, known),
        }
    }

    fn bounds(&self, shape: &Shape, known: &[Assertion]) -> Result<(Vec<Range>, bool), AuditError> {
        let open = || (open(self.house, &self.status), false);
        let (status, groups, house) = (&self.status, &self.groups, self.house);
        if self.can_run_out() && !matches!(shape, Shape::Averages(_) | Shape::Plurality) {
            return Ok(open());
        }
        let ((pairs, exact), by_shares) = match shape {
            Shape::Averages(divisors) => {
                let pairs = averages(groups, status, house, divisors, known)?;
                (pairs, if self.can_run_out() { open().0 } else { by_averages(self, divisors, 0)? })
            }
            Shape::AveragesFrom { divisors, minimum } => {
                let first = FirstSeats { admission: status, house, minimum: *minimum };
                if !first.fit() {
                    return Ok(open());
                }
                let (pairs, _) = averages_from(groups, status, house, divisors, *minimum, known)?;
                let shares = match by_averages(self, divisors, *minimum) {
                    // Squares of shares can be too long: then pairs alone speak.
                    Err(AuditError::Overflow) => open().0,
                    other => other?,
                };
                ((first.raise(pairs), false), first.raise(shares))
            }
            Shape::RoundedRemainders { .. } => (open(), open().0),
            Shape::Remainders { k } => {
                // The quota of the assertions is that of the reported electors.
                let electors = self
                    .reported
                    .iter()
                    .zip(status)
                    .all(|(in_, status)| *status == if *in_ { Admission::In } else { Admission::Out });
                let pairs =
                    if electors { remainder(groups, status, house, *k, known)? } else { (self.anything(), false) };
                (pairs, if self.whole { by_quota(self, *k)? } else { self.anything() })
            }
            Shape::InTurn { minimum } => ((self.anything(), false), in_turn(self, *minimum, known)?),
            Shape::Plurality => ((by_rank(self, known), false), self.anything()),
        };
        let joined: Vec<Range> = pairs
            .iter()
            .zip(&by_shares)
            .map(|(a, b)| Range { low: a.low.max(b.low), high: a.high.min(b.high).max(a.low.max(b.low)) })
            .collect();
        let mut narrowed = narrow(&joined, house);
        for (range, group) in narrowed.iter_mut().zip(groups) {
            // Where everybody has run out, seats stay vacant.
            range.low = range.low.min(group.most.unwrap_or(u64::MAX));
        }
        let tight = exact && narrowed == pairs;
        Ok((narrowed, tight))
    }

    fn anything(&self) -> Vec<Range> {
        self.groups.iter().map(|_| Range { low: 0, high: self.house }).collect()
    }
}

/// Everybody but the one.
pub(super) fn others(at: usize, all: usize) -> impl Iterator<Item = usize> {
    (0..all).filter(move |other| *other != at)
}

/// Nothing but who may take part.
pub(super) fn open(house: u64, admission: &[Admission]) -> Vec<Range> {
    let one = |status: &Admission| Range { low: 0, high: if *status == Admission::Out { 0 } else { house } };
    admission.iter().map(one).collect()
}

/// Seats that everybody who takes part has before averages.
struct FirstSeats<'a> {
    admission: &'a [Admission],
    house: u64,
    minimum: u64,
}

impl FirstSeats<'_> {
    /// Whether there are enough for all who may take part. If not, there may be no seats by this rule at all.
    fn fit(&self) -> bool {
        let all = self.admission.iter().filter(|status| **status != Admission::Out).count();
        u64::try_from(all).ok().and_then(|all| all.checked_mul(self.minimum)).is_some_and(|seats| seats <= self.house)
    }

    fn raise(&self, ranges: Vec<Range>) -> Vec<Range> {
        let one = |(range, status): (Range, &Admission)| match status {
            Admission::In => Range { low: range.low.max(self.minimum), high: range.high.max(self.minimum) },
            Admission::Out => range,
            Admission::Open => Range { low: 0, high: range.high.max(self.minimum) },
        };
        ranges.into_iter().zip(self.admission).map(one).collect()
    }
}

/// Proved bounds on shares of all votes, each with what all others leave.
pub(super) fn shares(allocation: &Allocation, proved: &[bool]) -> Result<Vec<Share>, AuditError> {
    let mut all = vec![Share { low: Ratio::ZERO, high: Ratio::ONE }; allocation.lists.len()];
    for bound in allocation.bounds.iter().filter(|bound| proved.get(bound.item).copied().unwrap_or(false)) {
        let own = &mut all[bound.list];
        if bound.above && bound.share.compare(own.low)?.is_gt() {
            own.low = bound.share;
        }
        if !bound.above && bound.share.compare(own.high)?.is_lt() {
            own.high = bound.share;
        }
    }
    let low = sum(all.iter().map(|share| share.low))?;
    let high = sum(all.iter().map(|share| share.high))?;
    let mut narrowed = Vec::with_capacity(all.len());
    for share in &all {
        let most = Ratio::ONE.minus(low.minus(share.low)?)?;
        let least = Ratio::ONE.minus(high.minus(share.high)?)?;
        narrowed.push(Share { low: greater(share.low, least)?, high: less(share.high, most)? });
    }
    Ok(narrowed)
}
