//! Partial certificates: what the assertions proved so far say about every list's seats.
//!
//! An audit often proves all assertions but those about the last seat. Each proved assertion excludes
//! tallies; the range of a list is what the tallies that remain can give it. It is always sound: no tally
//! that satisfies the proved assertions gives seats outside.
//!
//! **Highest averages.** A pair says `T_A > c T_B`. Let `c*` be the strongest such factor that follows (the
//! largest product along a chain). Count seats as the quotients above a common price, scaled to 1: a list
//! with k seats has `T_B >= d(k)`, so every other has more than `c* d(k)`, and at least as many seats as it
//! has divisors up to there. B can have k seats exactly if these fit into the house. The least follows in
//! the same way from what the others can have at most.
//!
//! **Largest remainder.** With `q = T (S + k)/E` a pair says `q_A - q_B > e`; sums along chains take the place of
//! products, whole seats that of divisors.
//!
//! Derived for this crate from the lattice of solutions of such constraints; `tests/certificate.rs` checks it
//! against all tallies of small houses.

use crate::generate::{Condition, Contest, Divisors, Group, house};
use crate::{Assertion, AuditError, Ratio};

mod constraints;

pub(crate) use constraints::Admission;
use constraints::Closure;

/// The rule that turns votes into seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// By divisors.
    HighestAverages(Divisors),
    /// By the quota `E/(S + k)` and largest remainders.
    LargestRemainder {
        /// What is added to the seats in the quota: 0 Hare, 1 Hagenbach-Bischoff.
        k: u64,
    },
}

/// The seats that are proved for one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

/// Ranges of all groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// In order of groups.
    pub ranges: Vec<Range>,
    /// Whether both ends of every range are reached by tallies that satisfy what is proved. Otherwise the
    /// ranges are outer bounds: proved, but perhaps wider than need be.
    pub tight: bool,
}

impl Certificate {
    /// Whether every seat is proved.
    pub fn complete(&self) -> bool {
        self.ranges.iter().all(|r| r.low == r.high)
    }
}

/// The ranges that follow from proved assertions, whatever else the ballots say.
///
/// Whether a group meets its condition counts as known only if the assertions of
/// [`Condition::proof`] are among the proved ones. Assertions of a form that this function does not
/// read are left out: the ranges stay sound.
///
/// # Errors
/// [`AuditError::Length`] without a condition for each group, [`AuditError::Overflow`],
/// [`AuditError::Parameter`] for divisors that do not increase.
pub fn certificate(
    contest: &Contest,
    groups: &[Group],
    conditions: &[Condition],
    seats: u64,
    method: &Method,
    proved: &[Assertion],
) -> Result<Certificate, AuditError> {
    if conditions.len() != groups.len() {
        return Err(AuditError::Length { what: "conditions", expected: groups.len(), found: conditions.len() });
    }
    house(seats)?;
    let admission = constraints::admission(contest, groups, conditions, proved)?;
    let free = conditions.iter().all(|c| *c == Condition::Free);
    let (ranges, exact) = match method {
        Method::HighestAverages(divisors) => averages(groups, &admission, seats, divisors, proved)?,
        Method::LargestRemainder { k } => remainder(groups, &admission, seats, *k, proved)?,
    };
    let narrowed = narrow(&ranges, seats);
    Ok(Certificate { tight: free && exact && narrowed == ranges, ranges: narrowed })
}

/// What the house leaves: at most what the others' least seats leave, at least what they cannot fill.
pub(crate) fn narrow(ranges: &[Range], seats: u64) -> Vec<Range> {
    let low: u64 = ranges.iter().map(|r| r.low).sum();
    let high = ranges.iter().fold(0_u64, |sum, r| sum.saturating_add(r.high));
    let one = |r: &Range| Range {
        low: r.low.max(seats.saturating_sub(high.saturating_sub(r.high))),
        high: r.high.min(seats.saturating_sub(low.saturating_sub(r.low))),
    };
    ranges.iter().map(one).collect()
}

pub(crate) fn averages(
    groups: &[Group],
    admission: &[Admission],
    seats: u64,
    divisors: &Divisors,
    proved: &[Assertion],
) -> Result<(Vec<Range>, bool), AuditError> {
    averages_from(groups, admission, seats, divisors, 0, proved)
}

/// The same after `minimum` seats for each that takes part: divisors of 0 stand for those. Tight without them only.
pub(crate) fn averages_from(
    groups: &[Group],
    admission: &[Admission],
    seats: u64,
    divisors: &Divisors,
    minimum: u64,
    proved: &[Assertion],
) -> Result<(Vec<Range>, bool), AuditError> {
    let mut closure = Closure::factors(groups, proved)?;
    if divisors.squared() {
        closure = closure.squared();
    }
    let step = |i: u64| if i <= minimum { Ok(Ratio::ZERO) } else { divisors.rising(i) };
    let steps = (1..=seats.saturating_add(1)).map(step).collect::<Result<Vec<_>, _>>()?;
    let cap = |at: usize| groups[at].most.unwrap_or(seats).min(seats);
    let mut ranges = Vec::new();
    for b in 0..groups.len() {
        let others = || (0..groups.len()).filter(move |a| *a != b);
        if admission[b] == Admission::Out {
            ranges.push(Range { low: 0, high: 0 });
            continue;
        }
        let mut high = 0;
        for k in 1..=cap(b) {
            let mut taken = k;
            for a in others().filter(|a| admission[*a] == Admission::In) {
                if let Some(factor) = closure.between(a, b) {
                    taken += up_to(&steps, factor.times(steps[index(k) - 1])?, true, cap(a))?;
                }
            }
            if taken > seats {
                break;
            }
            high = k;
        }
        let mut low = 0;
        while admission[b] == Admission::In && low < cap(b) {
            let mut filled = low;
            for a in others().filter(|a| admission[*a] != Admission::Out) {
                filled += match closure.between(b, a) {
                    None => cap(a),
                    Some(factor) => up_to(&steps, steps[index(low)].over(factor)?, false, cap(a))?,
                };
            }
            if filled >= seats {
                break;
            }
            low += 1;
        }
        ranges.push(Range { low, high: high.max(low) });
    }
    Ok((ranges, closure.exact))
}

/// How many divisors are up to a limit (or below it), at most `cap`.
fn up_to(steps: &[Ratio], limit: Ratio, inclusive: bool, cap: u64) -> Result<u64, AuditError> {
    let mut found = 0;
    for step in steps.iter().take(index(cap)) {
        let order = step.compare(limit)?;
        if order.is_gt() || (order.is_eq() && !inclusive) {
            break;
        }
        found += 1;
    }
    Ok(found)
}

fn index(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

pub(crate) fn remainder(
    groups: &[Group],
    admission: &[Admission],
    seats: u64,
    k: u64,
    proved: &[Assertion],
) -> Result<(Vec<Range>, bool), AuditError> {
    if admission.contains(&Admission::Open) || k > 1 {
        // Whose votes make the quota is not known, or seats are taken back from those who have one, whatever their
        // remainder: nothing is proved about seats yet.
        let one = |status: &Admission| Range { low: 0, high: if *status == Admission::Out { 0 } else { seats } };
        return Ok((admission.iter().map(one).collect(), false));
    }
    let inside: Vec<usize> = (0..groups.len()).filter(|at| admission[*at] == Admission::In).collect();
    let members: Vec<Group> = inside.iter().map(|at| groups[*at].clone()).collect();
    let (closure, floors) = Closure::leads(&members, seats, k, proved)?;
    let mut ranges = vec![Range { low: 0, high: 0 }; groups.len()];
    let mut plain = true;
    for (b, at) in inside.iter().enumerate() {
        let others = || (0..members.len()).filter(move |a| *a != b);
        let mut high = 0;
        for n in 1..=seats {
            let mut taken = i128::from(n);
            for a in others() {
                if let Some(lead) = closure.between(a, b) {
                    taken += floor(lead.plus(Ratio::count(n))?).max(0);
                }
            }
            if taken > i128::from(seats) {
                break;
            }
            high = n;
        }
        let mut low = 0;
        while low < seats {
            let mut filled = i128::from(low);
            for a in others() {
                filled += match closure.between(b, a) {
                    None => i128::from(seats),
                    // Below `low + 1 - lead`: the largest whole number under it.
                    Some(lead) => (-floor(lead.minus(Ratio::count(low + 1))?) - 1).clamp(0, i128::from(seats)),
                };
            }
            if filled >= i128::from(seats) {
                break;
            }
            low += 1;
        }
        plain = plain && floors[b] <= low;
        low = low.max(floors[b].min(seats));
        ranges[*at] = Range { low, high: high.max(low) };
    }
    Ok((ranges, closure.exact && plain))
}

/// The largest whole number up to a fraction.
fn floor(ratio: Ratio) -> i128 {
    ratio.num().div_euclid(ratio.den())
}
