//! Whole quotas of all votes, a least number of seats for each list, and seats left over given one by one by
//! falling votes (Georgia 2012 and 2016).
//!
//! With `q = V/S`, `V` the votes of all lists: the whole quotas of every list that takes part are asserted from
//! both sides, `s q < T` and `T < (s + 1) q`; that a list is lifted to the minimum by `T < minimum q`. Then the
//! seats left over are fixed, and so is how many each gets in turn but for the order of votes, which is
//! asserted between lists that get more and lists that get fewer. Nobody without votes is lifted or has a turn: that
//! a list below one quota has a vote is asserted if it has seats. So the set is sufficient by construction.

use crate::generate::{AssertionSet, Base, Contest, Group, above, below, has_votes, house};
use crate::{Assertion, AuditError, Ratio};

/// Whole quotas of a list, at least 0.
fn whole(votes: u64, seats: u64, all: u64) -> Result<u64, AuditError> {
    if all == 0 {
        return Err(AuditError::Parameter { what: "votes", why: "nobody has any" });
    }
    u64::try_from(u128::from(votes) * u128::from(seats) / u128::from(all)).map_err(|_| AuditError::Overflow)
}

/// Seats and a sufficient set for the groups that take part; `all` are the choices whose votes make the quota.
///
/// # Errors
/// [`AuditError::Tie`] where votes do not decide, [`AuditError::NoSufficientSet`] if minima take more seats
/// than there are, or nobody is left to take the seats left over; [`AuditError::Overflow`].
pub fn quota_in_turn(
    contest: &Contest,
    groups: &[Group],
    all: &[usize],
    seats: u64,
    minimum: u64,
) -> Result<AssertionSet, AuditError> {
    house(seats)?;
    let base = Base::Votes(all.to_vec());
    let total = contest.sum(all)?;
    let votes = groups.iter().map(|g| contest.sum(&g.cells)).collect::<Result<Vec<_>, _>>()?;
    let quotas = votes.iter().map(|v| whole(*v, seats, total)).collect::<Result<Vec<_>, _>>()?;
    let lifted: Vec<bool> = quotas.iter().map(|n| *n < minimum).collect();
    let mut won: Vec<u64> = quotas.iter().map(|n| (*n).max(minimum)).collect();
    let given = won.iter().try_fold(0_u64, |sum, n| sum.checked_add(*n)).ok_or(AuditError::Overflow)?;
    let mut left =
        seats.checked_sub(given).ok_or(AuditError::NoSufficientSet("minima take more seats than the quotas leave"))?;
    if (0..groups.len()).any(|at| votes[at] == 0 && !lifted[at]) {
        return Err(AuditError::NoSufficientSet("a list without votes takes part: one vote would let it compete"));
    }
    let mut turn: Vec<usize> = (0..groups.len()).filter(|at| !lifted[*at]).collect();
    turn.sort_by_key(|at| std::cmp::Reverse(votes[*at]));
    if left > 0 && turn.is_empty() {
        return Err(AuditError::NoSufficientSet("nobody is left to take the seats left over"));
    }
    let mut extra = vec![0_u64; groups.len()];
    for at in turn.iter().cycle() {
        if left == 0 {
            break;
        }
        extra[*at] += 1;
        left -= 1;
    }
    let mut assertions = Vec::new();
    let share = |n: u64| Ratio::new(i128::from(n), i128::from(seats));
    for (at, group) in groups.iter().enumerate() {
        won[at] += extra[at];
        if votes[at] == 0 && won[at] > 0 {
            return Err(AuditError::NoSufficientSet("a list without votes takes part: one vote would lift it"));
        }
        if quotas[at] == 0 && won[at] > 0 {
            assertions.push(has_votes(contest, group)?);
        }
        if lifted[at] {
            assertions.push(below(group, share(minimum)?, &base)?);
            continue;
        }
        if quotas[at] > 0 {
            assertions.push(above(group, share(quotas[at])?, &base)?);
        }
        if quotas[at] < seats {
            assertions.push(below(group, share(quotas[at] + 1)?, &base)?);
        }
        for other in turn.iter().filter(|other| extra[**other] < extra[at]) {
            let name = format!("{} > {}", group.name, groups[*other].name);
            let terms = group.cells.iter().map(|cell| (*cell, Ratio::ONE));
            let less = groups[*other].cells.iter().map(|cell| (*cell, Ratio::whole(-1)));
            assertions.push(Assertion::new(name, terms.chain(less))?);
        }
    }
    for assertion in &assertions {
        if !assertion.holds(&contest.votes, contest.found)? {
            return Err(AuditError::Tie);
        }
    }
    Ok(AssertionSet { seats: won, assertions })
}
