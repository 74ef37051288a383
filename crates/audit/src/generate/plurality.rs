//! Who has more: plurality, vote for n, approval, places on an open list.

use super::{AssertionSet, Contest, Group};
use crate::{Assertion, AuditError, Ratio};

/// The `winners` groups with the most votes win: each has more than each other (Stark 2020, section 2.1).
/// The same for vote-for-n, approval, and candidates of one list by preference votes.
///
/// # Errors
/// [`AuditError::Tie`] where votes do not decide, [`AuditError::Overflow`].
pub fn plurality(contest: &Contest, groups: &[Group], winners: usize) -> Result<AssertionSet, AuditError> {
    let mut order: Vec<(u64, usize)> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        order.push((contest.sum(&group.cells)?, at));
    }
    order.sort_unstable_by(|a, b| b.cmp(a));
    let winners = winners.min(groups.len());
    if winners > 0 && winners < order.len() && order[winners - 1].0 == order[winners].0 {
        return Err(AuditError::Tie);
    }
    let won = |at: usize| order[..winners].iter().any(|w| w.1 == at);
    let mut set =
        AssertionSet { seats: (0..groups.len()).map(|at| u64::from(won(at))).collect(), assertions: Vec::new() };
    for (w, winner) in groups.iter().enumerate().filter(|(at, _)| won(*at)) {
        for (_, loser) in groups.iter().enumerate().filter(|(at, _)| *at != w && !won(*at)) {
            let name = format!("{} > {}", winner.name, loser.name);
            let terms = winner.terms(Ratio::ONE).chain(loser.terms(Ratio::whole(-1)));
            set.assertions.push(Assertion::new(name, terms)?);
        }
    }
    Ok(set)
}

/// Groups that go into the allocation as one: their choices together.
pub fn alliance(name: impl Into<String>, members: &[Group]) -> Group {
    let mut cells: Vec<usize> = members.iter().flat_map(|m| m.cells.iter().copied()).collect();
    cells.sort_unstable();
    cells.dedup();
    let most = members.iter().map(|m| m.most).try_fold(0_u64, |sum, most| most.and_then(|m| sum.checked_add(m)));
    Group { name: name.into(), cells, most }
}
