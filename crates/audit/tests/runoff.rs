//! Instant-runoff sets on random elections: true assertions imply the winner; no set is cheaper.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "test support"
)]

use recount_audit::AuditError;
use recount_audit::irv::{Claim, Rankings, raire};
use recount_audit::plan::Dice;

fn ranking(dice: &mut Dice, candidates: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..candidates).collect();
    let length = 1 + dice.below(candidates as u64) as usize;
    (0..length).map(|_| left.remove(dice.below(left.len() as u64) as usize)).collect()
}

fn election(dice: &mut Dice, candidates: usize) -> Vec<(u64, Vec<usize>)> {
    (0..6).map(|_| (1 + dice.below(100), ranking(dice, candidates))).collect()
}

#[test]
fn true_assertions_imply_the_winner() {
    let wanted: u64 = std::env::var("RECOUNT_AUDIT_ELECTIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let (mut tested, mut repetition) = (0, 0);
    while tested < wanted {
        repetition += 1;
        let mut dice = Dice::new("runoff", repetition);
        let candidates = 2 + dice.below(4) as usize;
        let rows = election(&mut dice, candidates);
        let Ok(set) = raire(&Rankings::new(candidates, rows.clone()).unwrap(), 100_000) else { continue };
        let mut actual = rows;
        actual.iter_mut().for_each(|row| row.0 = (row.0 + dice.below(40)).saturating_sub(dice.below(40)));
        actual.push((dice.below(30), ranking(&mut dice, candidates)));
        let actual = Rankings::new(candidates, actual).unwrap();
        if set.claims.iter().any(|claim| claim.lead(&actual) <= 0) {
            continue;
        }
        tested += 1;
        if let Ok(order) = actual.order() {
            assert_eq!(order.last(), set.order.last(), "{actual:?} {set:?}");
        }
    }
    println!("instant runoff: 0 of {tested} violated");
}

/// Every order of elimination with another winner needs one assertion; the best for each, over all orders,
/// bounds what any set can reach.
#[test]
fn the_hardest_assertion_is_as_easy_as_can_be() {
    for repetition in 0..120 {
        let mut dice = Dice::new("optimal", repetition);
        let candidates = 2 + dice.below(3) as usize;
        let ballots = Rankings::new(candidates, election(&mut dice, candidates)).unwrap();
        let Ok(set) = raire(&ballots, 100_000) else { continue };
        let mut least = i128::MAX;
        permutations(candidates, &mut |order: &[usize]| {
            if order.last() != set.order.last() {
                least = least.min(best_against(&ballots, order));
                assert!(set.claims.iter().any(|claim| contradicts(claim, order)), "{order:?} is left open: {set:?}");
            }
        });
        assert_eq!(least, set.least_lead);
    }
}

/// Whether an order of elimination cannot be if the claim is true.
fn contradicts(claim: &Claim, order: &[usize]) -> bool {
    let place = |of: &usize| order.iter().position(|c| c == of).unwrap();
    match claim {
        Claim::NotBefore { winner, loser } => place(winner) < place(loser),
        Claim::NotNext { winner, standing, .. } => {
            let mut left = order[order.len() - standing.len()..].to_vec();
            left.sort_unstable();
            left == *standing && order[order.len() - standing.len()] == *winner
        }
    }
}

/// A hundred candidates with one ballot each tie in every round; whoever goes, the same one wins.
#[test]
fn ties_that_decide_nothing() {
    let mut rows: Vec<(u64, Vec<usize>)> = (1..=100).map(|c| (1, vec![c])).collect();
    rows.push((1_000, vec![0]));
    let set = raire(&Rankings::new(101, rows).unwrap(), 100_000).unwrap();
    assert_eq!((set.order.last(), set.least_lead, set.claims.len()), (Some(&0), 999, 100));
    // Two write-ins without a ballot.
    let rows = vec![(60, vec![0, 1]), (40, vec![1, 0]), (30, vec![2])];
    let set = raire(&Rankings::new(5, rows).unwrap(), 100_000).unwrap();
    assert_eq!(set.order.last(), Some(&0));
    // A tie that two different lots would decide differently.
    let rows = vec![(40, vec![0]), (30, vec![1, 2]), (30, vec![2, 1])];
    assert_eq!(raire(&Rankings::new(3, rows).unwrap(), 100_000), Err(AuditError::Tie));
    assert!(matches!(Rankings::new(129, Vec::new()), Err(AuditError::TooLarge(_))));
    assert!(raire(&Rankings::new(1, Vec::new()).unwrap(), 100).unwrap().claims.is_empty());
    assert!(raire(&Rankings::new(0, Vec::new()).unwrap(), 100).is_err());
}

fn permutations(size: usize, each: &mut impl FnMut(&[usize])) {
    fn go(order: &mut Vec<usize>, size: usize, each: &mut impl FnMut(&[usize])) {
        if order.len() == size {
            return each(order);
        }
        for next in (0..size).filter(|c| !order.contains(c)).collect::<Vec<_>>() {
            order.push(next);
            go(order, size, each);
            order.pop();
        }
    }
    go(&mut Vec::new(), size, each);
}

/// The largest lead of any assertion that contradicts a full order of elimination.
fn best_against(ballots: &Rankings, order: &[usize]) -> i128 {
    let mut best = i128::MIN;
    for (at, early) in order.iter().enumerate() {
        let mut standing = order[at..].to_vec();
        standing.sort_unstable();
        for late in &order[at + 1..] {
            let before = Claim::NotBefore { winner: *early, loser: *late };
            let next = Claim::NotNext { winner: *early, loser: *late, standing: standing.clone() };
            best = best.max(before.lead(ballots)).max(next.lead(ballots));
        }
    }
    best
}
