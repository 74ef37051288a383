//! Highest averages: D'Hondt, Sainte-Laguë and relatives, with or without thresholds.
//!
//! With `W_A` the last seat that A won and `L_B` the first that B did not: `T_A/d(W_A) > T_B/d(L_B)` for
//! every A with a seat and every other B (arXiv 2107.11903, sections 5.1 to 5.3; Stark & Teague 2014).

use super::{AssertionSet, Condition, Contest, Divisors, Excluded, Group, hardest, house};
use crate::{Assertion, AuditError, Ratio};

/// Seats by highest averages, in order of groups, after `minimum` for each that has votes.
fn allocate(
    votes: &[u64],
    most: &[Option<u64>],
    seats: u64,
    divisors: &Divisors,
    minimum: u64,
) -> Result<Vec<u64>, AuditError> {
    let mut won: Vec<u64> = votes.iter().map(|votes| if *votes > 0 { minimum } else { 0 }).collect();
    let left = won.iter().try_fold(seats, |left, own| left.checked_sub(*own));
    let Some(left) = left else {
        return Err(AuditError::Parameter { what: "seats", why: "fewer than the seats that everybody has first" });
    };
    for _ in 0..left {
        let mut best: Option<(usize, Ratio)> = None;
        for (at, votes) in votes.iter().enumerate() {
            if *votes == 0 || most[at].is_some_and(|most| won[at] >= most) {
                continue;
            }
            let average = divisors.average(Ratio::count(*votes), won[at] + 1)?;
            let order = match best {
                None => std::cmp::Ordering::Greater,
                Some((_, top)) => average.compare(top)?,
            };
            if order.is_gt() {
                best = Some((at, average));
            }
        }
        let Some((winner, _)) = best else {
            return Err(AuditError::Parameter { what: "seats", why: "more seats than groups can fill" });
        };
        // A tie matters only if it is open when the seats run out; the pairs find that.
        won[winner] += 1;
    }
    Ok(won)
}

/// The same for exact weights instead of votes; of equal averages the first in order wins. `minimum` for each with
/// weight comes first, as long as there are seats.
pub(crate) fn allocate_shares(
    weights: &[Ratio],
    seats: u64,
    divisors: &Divisors,
    minimum: u64,
) -> Result<Vec<u64>, AuditError> {
    let mut left = seats;
    let mut won = vec![0_u64; weights.len()];
    for (own, _) in won.iter_mut().zip(weights).filter(|(_, weight)| weight.is_positive()) {
        *own = minimum.min(left);
        left -= *own;
    }
    for _ in 0..left {
        let mut best: Option<(usize, Ratio)> = None;
        for (at, weight) in weights.iter().enumerate().filter(|(_, weight)| weight.is_positive()) {
            let average = divisors.average(*weight, won[at] + 1)?;
            if best.map_or(Ok(true), |top| average.compare(top.1).map(std::cmp::Ordering::is_gt))? {
                best = Some((at, average));
            }
        }
        let Some((winner, _)) = best else { break };
        won[winner] += 1;
    }
    Ok(won)
}

/// `A/i > B/j`, that is `T_A/d(i) - T_B/d(j) > 0`.
pub(crate) fn pair(a: (&Group, u64), b: (&Group, u64), divisors: &Divisors) -> Result<Assertion, AuditError> {
    let name = format!("{}/{} > {}/{}", a.0.name, a.1, b.0.name, b.1);
    if divisors.squared() {
        let down = divisors.factor(a.1, b.1)?.negative()?;
        return Assertion::new(name, a.0.terms(Ratio::ONE).chain(b.0.terms(down)));
    }
    let up = Ratio::ONE.over(divisors.nth(a.1)?)?;
    let down = Ratio::ONE.over(divisors.nth(b.1)?)?.negative()?;
    Assertion::new(name, a.0.terms(up).chain(b.0.terms(down)))
}

/// Seats of groups that all take part, and the pairwise assertions that prove them.
///
/// # Errors
/// [`AuditError::Tie`] where votes do not decide, [`AuditError::Parameter`] for divisors that do not
/// increase or seats that cannot be filled, [`AuditError::Overflow`].
pub fn highest_averages(
    contest: &Contest,
    groups: &[Group],
    seats: u64,
    divisors: &Divisors,
) -> Result<AssertionSet, AuditError> {
    highest_averages_from(contest, groups, seats, divisors, 0)
}

/// Highest averages after `minimum` seats for each group that takes part (one, where the first divisor is zero: Adams,
/// Huntington-Hill); averages go on from there.
///
/// Who has more than the minimum has it by averages, so the pairs of those prove the rest, and that everybody has a vote
/// proves the minimum. All groups must be proved to take part, and others not to: a group that is really in, or out,
/// changes how many seats are left for averages. Derived here; put to the proof by `tests/law.rs`.
///
/// # Errors
/// As [`highest_averages`]; [`AuditError::Parameter`] with fewer seats than the minima take,
/// [`AuditError::NoSufficientSet`] for lists that can run out, [`AuditError::NotReported`] for a group without votes.
pub fn highest_averages_from(
    contest: &Contest,
    groups: &[Group],
    seats: u64,
    divisors: &Divisors,
    minimum: u64,
) -> Result<AssertionSet, AuditError> {
    house(seats)?;
    let minimum = minimum.max(u64::from(divisors.first_is_free()));
    if minimum > 0 && groups.iter().any(|g| g.most.is_some_and(|most| most < seats)) {
        return Err(AuditError::NoSufficientSet("seats for each beforehand with lists that can run out of candidates"));
    }
    let votes = groups.iter().map(|g| contest.sum(&g.cells)).collect::<Result<Vec<_>, _>>()?;
    let most: Vec<Option<u64>> = groups.iter().map(|g| g.most).collect();
    let won = allocate(&votes, &most, seats, divisors, minimum)?;
    let mut assertions = Vec::new();
    if minimum > 0 {
        for group in groups {
            assertions.push(has_votes(contest, group)?);
        }
    }
    for (a, winner) in groups.iter().enumerate().filter(|(a, _)| won[*a] > minimum) {
        for (b, rival) in groups.iter().enumerate().filter(|(b, _)| *b != a) {
            if rival.most.is_some_and(|most| won[b] >= most) {
                continue;
            }
            let assertion = pair((winner, won[a]), (rival, won[b] + 1), divisors)?;
            if !assertion.holds(&contest.votes, contest.found)? {
                return Err(AuditError::Tie);
            }
            assertions.push(assertion);
        }
    }
    Ok(AssertionSet { seats: won, assertions })
}

/// "At least one vote": more than half of one, for votes are whole.
pub(crate) fn has_votes(contest: &Contest, group: &Group) -> Result<Assertion, AuditError> {
    let half = Ratio::new(-1, 2)?;
    let assertion = Assertion::new(format!("{} has votes", group.name), group.terms(Ratio::ONE))?.number(half);
    if !assertion.holds(&contest.votes, contest.found)? {
        return Err(AuditError::NotReported(assertion.name));
    }
    Ok(assertion)
}

/// Highest averages among the groups that meet their condition.
///
/// Groups with seats: condition proved. Groups admitted without a seat: nothing but the pairs, for if one
/// of them is really excluded, the seats stay the same. Excluded groups: as `excluded` says. Sufficient,
/// found by derivation and confirmed by `tests/sufficiency.rs`.
///
/// # Errors
/// As [`highest_averages`]; [`AuditError::Length`] without a condition for each group.
pub fn party_list(
    contest: &Contest,
    groups: &[Group],
    conditions: &[Condition],
    seats: u64,
    divisors: &Divisors,
    excluded: Excluded,
) -> Result<AssertionSet, AuditError> {
    if conditions.len() != groups.len() {
        return Err(AuditError::Length { what: "conditions", expected: groups.len(), found: conditions.len() });
    }
    if divisors.first_is_free() {
        return Err(AuditError::NoSufficientSet("a free first seat, unless every admission is proved by itself"));
    }
    let met = (0..groups.len()).map(|at| conditions[at].met(contest, &groups[at])).collect::<Result<Vec<_>, _>>()?;
    let inside: Vec<Group> = (0..groups.len()).filter(|at| met[*at]).map(|at| groups[at].clone()).collect();
    let mut set = highest_averages(contest, &inside, seats, divisors)?;
    let mut won = set.seats.iter().copied();
    let seats: Vec<u64> = met.iter().map(|met| if *met { won.next().unwrap_or(0) } else { 0 }).collect();
    for (at, group) in groups.iter().enumerate() {
        if met[at] {
            if seats[at] > 0 {
                set.assertions.extend(conditions[at].proof(contest, group)?);
            }
            continue;
        }
        let proof = || conditions[at].proof(contest, group);
        let pairs = || no_seat(contest, groups, &seats, at, divisors);
        let found = match excluded {
            Excluded::Below => proof()?,
            Excluded::NoSeatAnyway => {
                pairs()?.ok_or_else(|| AuditError::NotReported(format!("{}: no seat anyway", group.name)))?
            }
            Excluded::Cheapest => cheaper(contest, proof(), pairs()?)?,
        };
        set.assertions.extend(found);
    }
    Ok(AssertionSet { seats, assertions: set.assertions })
}

/// Every last seat beats the group's first, if that is what was reported.
pub(crate) fn no_seat(
    contest: &Contest,
    groups: &[Group],
    seats: &[u64],
    out: usize,
    divisors: &Divisors,
) -> Result<Option<Vec<Assertion>>, AuditError> {
    let mut found = Vec::new();
    for (at, winner) in groups.iter().enumerate().filter(|(at, _)| seats[*at] > 0) {
        let assertion = pair((winner, seats[at]), (&groups[out], 1), divisors)?;
        if !assertion.holds(&contest.votes, contest.found)? {
            return Ok(None);
        }
        found.push(assertion);
    }
    Ok(Some(found))
}

fn cheaper(
    contest: &Contest,
    proof: Result<Vec<Assertion>, AuditError>,
    pairs: Option<Vec<Assertion>>,
) -> Result<Vec<Assertion>, AuditError> {
    let Some(pairs) = pairs else { return proof };
    let proof = proof?;
    let margin = |set: &[Assertion]| hardest(contest, set).map(|h| h.map_or(Ratio::ONE, |worst| worst.1));
    Ok(match (margin(&proof), margin(&pairs)?) {
        (Ok(below), other) if below.compare(other)?.is_ge() => proof,
        _ => pairs,
    })
}
