//! Largest remainder (Hamilton and relatives).
//!
//! With q the quota, the figures `T_i/q - s_i` of any two groups differ by less than 1, and no other
//! allocation of as many seats has that property: so the pairs are sufficient and necessary
//! (arXiv 2107.11903, section 4; Blom, Stark, Stuckey, Teague, Vukcevic 2021, arXiv 2102.08510).

use super::base::above;
use super::{AssertionSet, Base, Condition, Contest, Group, house};
use crate::{Assertion, AuditError, Ratio};

/// How a quota becomes a whole number of votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaRounding {
    /// Not at all.
    Exact,
    /// Down.
    Down,
    /// Up.
    Up,
    /// To the nearest, halves up.
    Nearest,
    /// The whole part and one more (Droop).
    Next,
}

impl QuotaRounding {
    /// The quota `all/parts` as numerator and denominator.
    fn quota(self, all: u128, parts: u128) -> (u128, u128) {
        match self {
            Self::Exact => (all, parts),
            Self::Down => (all / parts, 1),
            Self::Up => (all.div_ceil(parts), 1),
            Self::Nearest => (all / parts + u128::from(all % parts >= parts.div_ceil(2)), 1),
            Self::Next => (all / parts + 1, 1),
        }
    }

    /// The most that `by` times the rounded quota can lie above `by` times the exact one.
    fn slack(self, by: Ratio) -> Result<Ratio, AuditError> {
        let (low, high) = match self {
            Self::Exact => (Ratio::ZERO, Ratio::ZERO),
            Self::Down => (Ratio::whole(-1), Ratio::ZERO),
            Self::Up | Self::Next => (Ratio::ZERO, Ratio::ONE),
            Self::Nearest => (Ratio::new(-1, 2)?, Ratio::new(1, 2)?),
        };
        by.times(if by.is_negative() { low } else { high })
    }
}

/// Seats by the quota `E/(S + k)` and largest remainders, `E` the votes of the groups that take part:
/// `k = 0` Hare, `k = 1` Hagenbach-Bischoff and Droop, `k = 2` Imperiali. Seats given by whole quotas beyond `S` are
/// taken from the smallest remainders.
fn allocate(votes: &[u64], seats: u64, k: u64, rounding: QuotaRounding) -> Result<Vec<u64>, AuditError> {
    let all: u128 = votes.iter().map(|v| u128::from(*v)).sum();
    let (quota, parts) = rounding.quota(all, u128::from(seats) + u128::from(k));
    let figure = |v: u64| u128::from(v).checked_mul(parts).ok_or(AuditError::Overflow);
    if all == 0 || quota == 0 {
        return Err(AuditError::Parameter { what: "votes", why: "nobody has any, or less than make a quota" });
    }
    let mut won = Vec::new();
    let mut rest = Vec::new();
    for (at, v) in votes.iter().enumerate() {
        won.push(u64::try_from(figure(*v)? / quota).map_err(|_| AuditError::Overflow)?);
        rest.push((figure(*v)? % quota, at));
    }
    rest.sort_unstable();
    let given: u64 = won.iter().sum();
    let off = usize::try_from(given.abs_diff(seats)).map_err(|_| AuditError::Overflow)?;
    if off > votes.len() {
        return Err(AuditError::NoSufficientSet("a group would get more than one seat by remainder"));
    }
    if given <= seats {
        rest.iter().rev().take(off).for_each(|r| won[r.1] += 1);
    } else {
        let with_seat: Vec<usize> = rest.iter().map(|r| r.1).filter(|at| won[*at] > 0).take(off).collect();
        if with_seat.len() < off {
            return Err(AuditError::NoSufficientSet("a group would lose more than one seat by remainder"));
        }
        with_seat.iter().for_each(|at| won[*at] -= 1);
    }
    Ok(won)
}

/// Largest remainder among the groups that meet their condition, quota `E/(S + k)` exactly.
///
/// Every group's admission is asserted, also that of groups without a seat: their votes are part of the
/// quota.
///
/// # Errors
/// [`AuditError::Tie`], [`AuditError::Length`], [`AuditError::NoSufficientSet`] for lists that can run out,
/// [`AuditError::Overflow`].
pub fn largest_remainder(
    contest: &Contest,
    groups: &[Group],
    conditions: &[Condition],
    seats: u64,
    k: u64,
) -> Result<AssertionSet, AuditError> {
    largest_remainder_rounded(contest, groups, conditions, seats, k, QuotaRounding::Exact)
}

/// The same with a quota rounded to whole votes.
///
/// The rounded quota is not linear in the votes, but it lies within one vote of the exact one. Seats follow from
/// `T_A - T_B > (s_A - s_B - 1) q`, as with the exact quota; asserted for every `q` within the rounding, that is with the
/// margin made smaller by at most `|s_A - s_B - 1|` votes, it is true of the rounded one too. Sufficient; within so few
/// votes of a tie it may be false though the seats are right, and is then refused.
///
/// A quota of few votes loses so much by rounding that a remainder would have to give or take a second seat, which no
/// law says how to do (10 and 15 votes, 8 seats, quota 25/8 rounded up to 4: 2 and 3 whole quotas, 3 seats left for two
/// groups). With at least `P` votes in a quota, `P = S + k`, the whole quotas and `P` differ by less than one and this
/// cannot be. So `E >= P P` is asserted too; larger elections have that many votes many times over.
///
/// # Errors
/// As [`largest_remainder`]; [`AuditError::NoSufficientSet`] for fewer votes than that.
pub fn largest_remainder_rounded(
    contest: &Contest,
    groups: &[Group],
    conditions: &[Condition],
    seats: u64,
    k: u64,
    rounding: QuotaRounding,
) -> Result<AssertionSet, AuditError> {
    if conditions.len() != groups.len() {
        return Err(AuditError::Length { what: "conditions", expected: groups.len(), found: conditions.len() });
    }
    house(seats)?;
    if groups.iter().any(|g| g.most.is_some_and(|most| most < seats)) {
        return Err(AuditError::NoSufficientSet("largest remainder with lists that can run out of candidates"));
    }
    let met = (0..groups.len()).map(|at| conditions[at].met(contest, &groups[at])).collect::<Result<Vec<_>, _>>()?;
    let inside: Vec<usize> = (0..groups.len()).filter(|at| met[*at]).collect();
    let votes = inside.iter().map(|at| contest.sum(&groups[*at].cells)).collect::<Result<Vec<_>, _>>()?;
    let won = allocate(&votes, seats, k, rounding)?;
    let mut set = AssertionSet { seats: vec![0; groups.len()], assertions: Vec::new() };
    for (at, group) in groups.iter().enumerate() {
        set.assertions.extend(conditions[at].proof(contest, group)?);
    }
    let electors: Vec<usize> = inside.iter().flat_map(|at| groups[*at].cells.iter().copied()).collect();
    if rounding != QuotaRounding::Exact {
        set.assertions.extend(enough_votes(contest, &electors, (seats, k), rounding, inside.len())?);
    }
    for (i, a) in inside.iter().enumerate() {
        set.seats[*a] = won[i];
        for (j, b) in inside.iter().enumerate().filter(|(j, _)| *j != i) {
            let lead = i128::from(won[i]) - i128::from(won[j]) - 1;
            let d = Ratio::new(lead, i128::from(seats) + i128::from(k))?;
            let votes = rounding.slack(Ratio::new(lead, 1)?)?;
            if let Some(assertion) = lead_above(&groups[*a], &groups[*b], (d, votes), &electors)? {
                if !assertion.holds(&contest.votes, contest.found)? {
                    return Err(AuditError::Tie);
                }
                set.assertions.push(assertion);
            }
        }
    }
    Ok(set)
}

/// `E >= P P`, written as `E - (P P - 1) > 0`, so that a rounded quota gives no group more than one seat by remainder.
fn enough_votes(
    contest: &Contest,
    electors: &[usize],
    (seats, k): (u64, u64),
    rounding: QuotaRounding,
    groups: usize,
) -> Result<Option<Assertion>, AuditError> {
    // A quota rounded down gives up to k + 1 seats too many: one from each group.
    let too_many = if rounding == QuotaRounding::Next { 0 } else { k };
    if u64::try_from(groups).is_ok_and(|groups| groups <= too_many) {
        return Err(AuditError::NoSufficientSet("a group could lose more than one seat by remainder"));
    }
    let parts = Ratio::count(seats).plus(Ratio::count(k))?;
    let fewest = parts.times(parts)?;
    if fewest == Ratio::ONE {
        return Ok(None);
    }
    let name = format!("at least {fewest} votes, so that no remainder stands for two seats");
    let assertion = Assertion::new(name, electors.iter().map(|cell| (*cell, Ratio::ONE)))?;
    let assertion = assertion.number(Ratio::ONE.minus(fewest)?);
    if !assertion.holds(&contest.votes, contest.found)? {
        return Err(AuditError::NoSufficientSet("a rounded quota of fewer votes than there are seats"));
    }
    Ok(Some(assertion))
}

/// `A-B > d`: `T_A - T_B - d E > votes`. With `d <= -1` and no votes nothing can break it: none.
fn lead_above(a: &Group, b: &Group, d: (Ratio, Ratio), electors: &[usize]) -> Result<Option<Assertion>, AuditError> {
    let (d, votes) = d;
    if d.compare(Ratio::whole(-1))?.is_le() && !votes.is_positive() {
        return Ok(None);
    }
    let by = d.negative()?;
    let terms = a.terms(Ratio::ONE).chain(b.terms(Ratio::whole(-1))).chain(electors.iter().map(|cell| (*cell, by)));
    if votes.is_zero() {
        return Ok(Some(Assertion::new(format!("{}-{} > {d}", a.name, b.name), terms)?));
    }
    let name = format!("{}-{} > {d} and {votes} votes", a.name, b.name);
    Ok(Some(Assertion::new(name, terms)?.number(votes.negative()?)))
}

/// A weaker claim for a partial certificate: the group has more than `seats` of `S + k` parts of the
/// votes, so at least that many seats under largest remainder with `k` at most 1.
///
/// # Errors
/// As [`above`].
pub fn within_quota(group: &Group, seats: u64, parts: u64, electors: &[usize]) -> Result<Assertion, AuditError> {
    above(group, Ratio::new(i128::from(seats), i128::from(parts))?, &Base::Votes(electors.to_vec()))
}
