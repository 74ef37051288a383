//! An absolute majority of votes that did not become one of seats: one seat moves.
//!
//! The general form of article P 9 of the Dutch Kieswet: a list with more than half of the votes and
//! not more than half of the seats takes one, and the list that had the last seat beyond full quotas
//! (the smallest average or remainder) loses it. Where several had it with the same figure, a lot
//! says which loses.

use std::cmp::Ordering;

use super::residual::Residual;

/// The seat that moves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Majority {
    /// Who receives it.
    pub to: usize,
    /// Those of whom one loses it: one, or several who had theirs with the same figure. Empty: nobody
    /// else had a seat beyond full quotas, and the result stays.
    pub from: Vec<usize>,
    /// The figure with which they had it.
    pub last: Option<Residual>,
}

/// Whether a seat moves, and between whom.
pub(crate) fn majority(votes: &[u64], seats: &[u64], residuals: &[Residual]) -> Option<Majority> {
    let twice = |number: u64| u128::from(number) * 2;
    let all_votes: u128 = votes.iter().map(|votes| u128::from(*votes)).sum();
    let all_seats: u128 = seats.iter().map(|seats| u128::from(*seats)).sum();
    let to = votes.iter().position(|votes| twice(*votes) > all_votes)?;
    if seats.get(to).is_none_or(|seats| twice(*seats) > all_seats) {
        return None;
    }
    let mut from = Vec::new();
    let mut last: Option<Residual> = None;
    for residual in residuals.iter().rev().filter(|residual| residual.who != to) {
        let equal = last
            .is_none_or(|last| last.phase == residual.phase && last.value.compare(&residual.value) == Ordering::Equal);
        if !equal {
            break;
        }
        last = last.or(Some(*residual));
        if !from.contains(&residual.who) {
            from.push(residual.who);
        }
    }
    from.sort_unstable();
    Some(Majority { to, from, last })
}
