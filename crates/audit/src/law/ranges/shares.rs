//! What bounds on shares of all votes say about seats.

use super::field::{Field, others};
use crate::certificate::{Admission, Range};
use crate::generate::{Divisors, allocate_shares};
use crate::{Assertion, AuditError, Ratio};

pub(super) fn sum(of: impl Iterator<Item = Ratio>) -> Result<Ratio, AuditError> {
    of.into_iter().try_fold(Ratio::ZERO, Ratio::plus)
}

pub(super) fn greater(a: Ratio, b: Ratio) -> Result<Ratio, AuditError> {
    Ok(if a.compare(b)?.is_ge() { a } else { b })
}

pub(super) fn less(a: Ratio, b: Ratio) -> Result<Ratio, AuditError> {
    Ok(if a.compare(b)?.is_le() { a } else { b })
}

pub(super) fn by_averages(field: &Field, divisors: &Divisors, minimum: u64) -> Result<Vec<Range>, AuditError> {
    let mut ranges = Vec::new();
    for at in 0..field.shares.len() {
        if field.status[at] == Admission::Out {
            ranges.push(Range { low: 0, high: 0 });
            continue;
        }
        // The list last, so that it loses ties; then first, so that it wins them.
        let against = |status: Admission| status != Admission::Out;
        let mut weights: Vec<Ratio> = others(at, field.shares.len())
            .filter(|o| against(field.status[*o]))
            .map(|o| field.shares[o].high)
            .collect();
        weights.push(field.shares[at].low);
        let low = allocate_shares(&weights, field.house, divisors, minimum)?.last().copied().unwrap_or(0);
        let mut weights = vec![field.shares[at].high];
        weights.extend(
            others(at, field.shares.len()).filter(|o| field.status[*o] == Admission::In).map(|o| field.shares[o].low),
        );
        let high = allocate_shares(&weights, field.house, divisors, minimum)?.first().copied().unwrap_or(0);
        ranges.push(Range { low: if field.status[at] == Admission::In { low } else { 0 }, high });
    }
    Ok(ranges)
}

/// Every list has its votes in quotas, rounded down or up.
pub(super) fn by_quota(field: &Field, k: u64) -> Result<Vec<Range>, AuditError> {
    let parts = Ratio::count(field.house).plus(Ratio::count(k))?;
    let mut ranges = Vec::new();
    for at in 0..field.shares.len() {
        if field.status[at] == Admission::Out {
            ranges.push(Range { low: 0, high: 0 });
            continue;
        }
        let of = |wanted: fn(Admission) -> bool, high: bool| {
            sum(others(at, field.shares.len())
                .filter(|o| wanted(field.status[*o]))
                .map(|o| if high { field.shares[o].high } else { field.shares[o].low }))
        };
        let own = field.shares[at];
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
        let low = if field.status[at] == Admission::In { low } else { 0 };
        ranges.push(Range { low: low.min(field.house), high: high.min(field.house) });
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
pub(super) fn in_turn(field: &Field, minimum: u64, known: &[Assertion]) -> Result<Vec<Range>, AuditError> {
    let seats = Ratio::count(field.house);
    let lists = field.shares.len();
    let (mut low, mut high, mut sure, mut may) =
        (vec![0; lists], vec![0; lists], vec![false; lists], vec![false; lists]);
    for at in 0..lists {
        let quotas =
            (whole_part(seats.times(field.shares[at].low)?), up(seats.times(field.shares[at].high)?).saturating_sub(1));
        sure[at] = field.status[at] == Admission::In && quotas.0 >= minimum && field.shares[at].low.is_positive();
        may[at] = field.status[at] != Admission::Out && quotas.1 >= minimum;
        low[at] = if field.status[at] == Admission::In { quotas.0.max(minimum) } else { 0 };
        high[at] = if field.status[at] == Admission::Out { 0 } else { quotas.1.max(minimum) };
    }
    let count = |of: &[bool]| u64::try_from(of.iter().filter(|is| **is).count()).unwrap_or(u64::MAX);
    let total = |of: &[u64]| of.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
    let most_left = field.house.saturating_sub(total(&low));
    let least_left = field.house.saturating_sub(total(&high));
    let ahead = |a: usize, b: usize| {
        known.iter().any(|k| k.terms() == field.pair(a, b))
            || field.shares[a].low.compare(field.shares[b].high).is_ok_and(|o| o.is_ge())
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
            low: low[at].saturating_add(least).min(field.house),
            high: high[at].saturating_add(more).min(field.house),
        });
    }
    Ok(ranges)
}

/// Who is ahead of all but fewer than `house` others has a seat; who has `house` ahead has none.
pub(super) fn by_rank(field: &Field, known: &[Assertion]) -> Vec<Range> {
    let lists = field.groups.len();
    let standing = field.reported.iter().filter(|is| **is).count();
    let ahead = |a: usize, b: usize| known.iter().any(|k| k.terms() == field.pair(a, b));
    let range = |at: usize| {
        let most = u64::from(field.reported[at]);
        let beaten = others(at, lists).filter(|o| ahead(at, *o)).count();
        let beaten_by = others(at, lists).filter(|o| ahead(*o, at)).count();
        let house = usize::try_from(field.house).unwrap_or(usize::MAX);
        let sure = beaten.saturating_add(house) >= standing;
        Range { low: if sure { most } else { 0 }, high: if beaten_by >= house { 0 } else { most } }
    };
    (0..lists).map(range).collect()
}
