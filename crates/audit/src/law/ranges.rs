//! Partial certificates of a whole law: the seats that what is proved so far leaves possible for each list.
//!
//! Two ways, both sound, and the narrower end of each counts. The first reads pairs of lists, as
//! [`crate::certificate`] does; it is tight where who takes part is known. The second reads bounds on shares of
//! all votes: with the list's own share as low, and everybody else's as high, as is proved, a rule that never
//! takes seats for more votes gives the least it can have; and the reverse. Who may or may not take part is
//! counted against the list both times.

use std::collections::BTreeMap;

use super::{Allocation, LawAudit, Shape};
use crate::certificate::{Admission, Range, averages, averages_from, narrow, remainder};
use crate::generate::{Divisors, Group, allocate_shares};
use crate::{Assertion, AuditError, Ratio};

/// One list in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRange {
    /// Its id.
    pub list: String,
    /// Its name.
    pub name: String,
    /// Seats as reported.
    pub reported: u64,
    /// Seats that are proved at least.
    pub low: u64,
    /// Seats that are proved at most.
    pub high: u64,
}

/// What is proved about everybody's seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranges {
    /// In order of lists. People elected by name stand as themselves.
    pub lists: Vec<ListRange>,
    /// Whether both ends of every range are reached by tallies that satisfy what is proved. Otherwise ranges
    /// are outer bounds: proved, but perhaps wider than need be.
    pub tight: bool,
}

impl Ranges {
    /// Whether every seat is proved.
    pub fn complete(&self) -> bool {
        self.lists.iter().all(|list| list.low == list.high)
    }
}

/// Shares of one list, as far as proved.
#[derive(Clone, Copy)]
struct Share {
    low: Ratio,
    high: Ratio,
}

impl LawAudit {
    /// The ranges that follow if these items (by number) are proved.
    ///
    /// # Errors
    /// [`AuditError::Overflow`], [`AuditError::Parameter`].
    pub fn ranges(&self, proved: &[bool]) -> Result<Ranges, AuditError> {
        let is = |item: &usize| proved.get(*item).copied().unwrap_or(false);
        let everything = (0..self.items.len()).all(|item| !self.items[item].needed || is(&item));
        let mut sums: BTreeMap<&str, ListRange> = BTreeMap::new();
        let mut order: Vec<&str> = Vec::new();
        let mut tight = true;
        for allocation in &self.allocations {
            let (mut ranges, exact) = if everything {
                (allocation.seats.iter().map(|n| Range { low: *n, high: *n }).collect(), true)
            } else {
                self.of_allocation(allocation, proved)?
            };
            if let Some(cap) = self.cap.filter(|cap| ranges.iter().any(|range: &Range| range.high > *cap)) {
                // Seats above the cap would go to others.
                for range in &mut ranges {
                    range.low = range.low.min(cap);
                    range.high = if range.high == 0 { 0 } else { cap.min(allocation.house) };
                }
                // No more than others leave. But what others do not take may stay vacant: nobody has it for sure.
                let low = ranges.iter().fold(0_u64, |sum, range| sum.saturating_add(range.low));
                for range in &mut ranges {
                    let left = allocation.house.saturating_sub(low.saturating_sub(range.low));
                    range.high = range.high.min(left).max(range.low);
                }
                tight = false;
            }
            tight &= exact;
            for (at, range) in ranges.iter().enumerate() {
                let id = allocation.lists[at].as_str();
                let own = sums.entry(id).or_insert_with(|| {
                    order.push(id);
                    ListRange { list: id.to_owned(), name: allocation.names[at].clone(), reported: 0, low: 0, high: 0 }
                });
                own.reported = own.reported.saturating_add(allocation.seats[at]);
                own.low = own.low.saturating_add(range.low);
                own.high = own.high.saturating_add(range.high);
            }
        }
        let lists = order.iter().filter_map(|id| sums.get(id).cloned()).collect();
        Ok(Ranges { lists, tight })
    }

    fn of_allocation(&self, allocation: &Allocation, proved: &[bool]) -> Result<(Vec<Range>, bool), AuditError> {
        let is = |item: &usize| proved.get(*item).copied().unwrap_or(false);
        let status = |at: usize| match (allocation.proof[at].iter().all(is), allocation.admitted[at]) {
            (true, true) => Admission::In,
            (true, false) => Admission::Out,
            (false, _) => Admission::Open,
        };
        let admission: Vec<Admission> = (0..allocation.lists.len()).map(status).collect();
        let own = |item: &&super::Item| item.frame == allocation.frame;
        let known: Vec<Assertion> = self
            .items
            .iter()
            .zip(proved)
            .filter(|(item, proved)| own(item) && **proved)
            .map(|(item, _)| item.assertion.clone())
            .collect();
        let group = |at: usize| Group { name: String::new(), cells: vec![at], most: allocation.most[at] };
        let groups: Vec<Group> = (0..allocation.lists.len()).map(group).collect();
        let shares = shares(allocation, proved)?;
        let (pairs, exact, by_shares) = match &allocation.shape {
            Shape::Averages(divisors) => {
                let (pairs, exact) = averages(&groups, &admission, allocation.house, divisors, &known)?;
                (pairs, exact, by_averages(allocation, &admission, &shares, divisors, 0)?)
            }
            Shape::AveragesFrom { divisors, minimum } => {
                let first = FirstSeats { admission: &admission, house: allocation.house, minimum: *minimum };
                if first.fit() {
                    let (pairs, _) = averages_from(&groups, &admission, allocation.house, divisors, *minimum, &known)?;
                    let shares = match by_averages(allocation, &admission, &shares, divisors, *minimum) {
                        // Squares of shares can be too long: then pairs alone speak.
                        Err(AuditError::Overflow) => open(allocation, &admission),
                        other => other?,
                    };
                    (first.raise(pairs), false, first.raise(shares))
                } else {
                    (open(allocation, &admission), false, open(allocation, &admission))
                }
            }
            Shape::RoundedRemainders { .. } => (open(allocation, &admission), false, open(allocation, &admission)),
            Shape::Remainders { k } => {
                let electors = allocation.admitted.iter().zip(&admission).all(|(in_, status)| {
                    // The quota of the assertions is that of the reported electors.
                    *status == if *in_ { Admission::In } else { Admission::Out }
                });
                let open = allocation.lists.iter().map(|_| Range { low: 0, high: allocation.house }).collect();
                let (pairs, exact) = if electors {
                    remainder(&groups, &admission, allocation.house, *k, &known)?
                } else {
                    (open, false)
                };
                (pairs, exact, by_quota(allocation, &admission, &shares, *k)?)
            }
            Shape::InTurn { minimum } => {
                let open = allocation.lists.iter().map(|_| Range { low: 0, high: allocation.house }).collect();
                (open, false, in_turn(allocation, &admission, &shares, *minimum, &known)?)
            }
            Shape::Plurality => (by_rank(allocation, &known), false, whole(allocation)),
        };
        let joined: Vec<Range> = pairs
            .iter()
            .zip(&by_shares)
            .map(|(a, b)| Range { low: a.low.max(b.low), high: a.high.min(b.high).max(a.low.max(b.low)) })
            .collect();
        let narrowed = narrow(&joined, allocation.house);
        let free = allocation.proof.iter().all(Vec::is_empty);
        Ok((narrowed.clone(), exact && free && narrowed == pairs))
    }
}

/// Nothing but who may take part.
fn open(allocation: &Allocation, admission: &[Admission]) -> Vec<Range> {
    let one = |status: &Admission| Range { low: 0, high: if *status == Admission::Out { 0 } else { allocation.house } };
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

fn whole(allocation: &Allocation) -> Vec<Range> {
    allocation.lists.iter().map(|_| Range { low: 0, high: allocation.house }).collect()
}

/// Proved bounds on shares of all votes, each with what all others leave.
fn shares(allocation: &Allocation, proved: &[bool]) -> Result<Vec<Share>, AuditError> {
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

fn sum(of: impl Iterator<Item = Ratio>) -> Result<Ratio, AuditError> {
    of.into_iter().try_fold(Ratio::ZERO, Ratio::plus)
}

fn greater(a: Ratio, b: Ratio) -> Result<Ratio, AuditError> {
    Ok(if a.compare(b)?.is_ge() { a } else { b })
}

fn less(a: Ratio, b: Ratio) -> Result<Ratio, AuditError> {
    Ok(if a.compare(b)?.is_le() { a } else { b })
}

fn by_averages(
    allocation: &Allocation,
    admission: &[Admission],
    shares: &[Share],
    divisors: &Divisors,
    minimum: u64,
) -> Result<Vec<Range>, AuditError> {
    let mut ranges = Vec::new();
    for at in 0..shares.len() {
        if admission[at] == Admission::Out {
            ranges.push(Range { low: 0, high: 0 });
            continue;
        }
        // The list last, so that it loses ties; then first, so that it wins them.
        let against = |status: Admission| status != Admission::Out;
        let mut weights: Vec<Ratio> =
            others(at, shares.len()).filter(|o| against(admission[*o])).map(|o| shares[o].high).collect();
        weights.push(shares[at].low);
        let low = allocate_shares(&weights, allocation.house, divisors, minimum)?.last().copied().unwrap_or(0);
        let mut weights = vec![shares[at].high];
        weights.extend(others(at, shares.len()).filter(|o| admission[*o] == Admission::In).map(|o| shares[o].low));
        let high = allocate_shares(&weights, allocation.house, divisors, minimum)?.first().copied().unwrap_or(0);
        ranges.push(Range { low: if admission[at] == Admission::In { low } else { 0 }, high });
    }
    Ok(ranges)
}

fn others(at: usize, all: usize) -> impl Iterator<Item = usize> {
    (0..all).filter(move |other| *other != at)
}

/// Every list has its votes in quotas, rounded down or up.
fn by_quota(
    allocation: &Allocation,
    admission: &[Admission],
    shares: &[Share],
    k: u64,
) -> Result<Vec<Range>, AuditError> {
    let parts = Ratio::count(allocation.house).plus(Ratio::count(k))?;
    let mut ranges = Vec::new();
    for at in 0..shares.len() {
        if admission[at] == Admission::Out {
            ranges.push(Range { low: 0, high: 0 });
            continue;
        }
        let of = |wanted: fn(Admission) -> bool, high: bool| {
            sum(others(at, shares.len())
                .filter(|o| wanted(admission[*o]))
                .map(|o| if high { shares[o].high } else { shares[o].low }))
        };
        let own = shares[at];
        let out = of(|status| status == Admission::Out, false)?;
        let most = less(own.low.plus(of(|status| status != Admission::Out, true)?)?, Ratio::ONE.minus(out)?)?;
        let low = if own.low.is_positive() && most.is_positive() {
            whole_part(parts.times(own.low)?.over(most)?).saturating_sub(k)
        } else {
            0
        };
        let rest = Ratio::ONE.minus(of(|status| status != Admission::In, true)?)?;
        let least = greater(own.high.plus(of(|status| status == Admission::In, false)?)?, rest)?;
        let high = if own.high.is_positive() { up(parts.times(own.high)?.over(least)?) } else { 0 };
        let low = if admission[at] == Admission::In { low } else { 0 };
        ranges.push(Range { low: low.min(allocation.house), high: high.min(allocation.house) });
    }
    Ok(ranges)
}

fn whole_part(of: Ratio) -> u64 {
    u64::try_from(of.num().div_euclid(of.den())).unwrap_or(0)
}

/// Rounded up.
fn up(of: Ratio) -> u64 {
    let (whole, rest) = (of.num().div_euclid(of.den()), of.num().rem_euclid(of.den()));
    u64::try_from(whole + i128::from(rest > 0)).unwrap_or(0)
}

/// Whole quotas of all votes, a minimum, and the rest in turn.
fn in_turn(
    allocation: &Allocation,
    admission: &[Admission],
    shares: &[Share],
    minimum: u64,
    known: &[Assertion],
) -> Result<Vec<Range>, AuditError> {
    let seats = Ratio::count(allocation.house);
    let lists = shares.len();
    let (mut low, mut high, mut sure, mut may) =
        (vec![0; lists], vec![0; lists], vec![false; lists], vec![false; lists]);
    for at in 0..lists {
        let quotas = (whole_part(seats.times(shares[at].low)?), up(seats.times(shares[at].high)?).saturating_sub(1));
        sure[at] = admission[at] == Admission::In && quotas.0 >= minimum && shares[at].low.is_positive();
        may[at] = admission[at] != Admission::Out && quotas.1 >= minimum;
        low[at] = if admission[at] == Admission::In { quotas.0.max(minimum) } else { 0 };
        high[at] = if admission[at] == Admission::Out { 0 } else { quotas.1.max(minimum) };
    }
    let count = |of: &[bool]| u64::try_from(of.iter().filter(|is| **is).count()).unwrap_or(u64::MAX);
    let total = |of: &[u64]| of.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
    let most_left = allocation.house.saturating_sub(total(&low));
    let least_left = allocation.house.saturating_sub(total(&high));
    let ahead = |a: usize, b: usize| {
        known.iter().any(|k| k.terms() == pair(a, b)) || shares[a].low.compare(shares[b].high).is_ok_and(|o| o.is_ge())
    };
    let mut ranges = Vec::new();
    for at in 0..lists {
        let before = others(at, lists).filter(|o| sure[*o] && ahead(*o, at)).count();
        let behind = others(at, lists).filter(|o| ahead(at, *o) || !may[*o]).count();
        let first = u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1);
        let last = u64::try_from(lists.saturating_sub(behind)).unwrap_or(u64::MAX);
        // In a round of m lists, whoever stands at place p gets one of every m seats from the p-th on.
        let extra = |left: u64, place: u64, of: u64| if left >= place { (left - place) / of.max(1) + 1 } else { 0 };
        let competitors = count(&sure) + u64::from(!sure[at]);
        let more = if may[at] { extra(most_left, first, competitors) } else { 0 };
        let least = if sure[at] { extra(least_left, last, count(&may)) } else { 0 };
        ranges.push(Range {
            low: low[at].saturating_add(least).min(allocation.house),
            high: high[at].saturating_add(more).min(allocation.house),
        });
    }
    Ok(ranges)
}

fn pair(a: usize, b: usize) -> Vec<(usize, Ratio)> {
    let mut terms = vec![(a, Ratio::ONE), (b, Ratio::whole(-1))];
    terms.sort_by_key(|term| term.0);
    terms
}

/// Who is ahead of all but fewer than `house` others has a seat; who has `house` ahead has none.
fn by_rank(allocation: &Allocation, known: &[Assertion]) -> Vec<Range> {
    let lists = allocation.lists.len();
    let standing = allocation.admitted.iter().filter(|is| **is).count();
    let ahead = |a: usize, b: usize| known.iter().any(|k| k.terms() == pair(a, b));
    let range = |at: usize| {
        let most = u64::from(allocation.admitted[at]);
        let beaten = others(at, lists).filter(|o| ahead(at, *o)).count();
        let beaten_by = others(at, lists).filter(|o| ahead(*o, at)).count();
        let house = usize::try_from(allocation.house).unwrap_or(usize::MAX);
        let sure = beaten.saturating_add(house) >= standing;
        Range { low: if sure { most } else { 0 }, high: if beaten_by >= house { 0 } else { most } }
    };
    (0..lists).map(range).collect()
}
