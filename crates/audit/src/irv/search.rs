//! The search for the cheapest sufficient set: branch and bound over the ends of elimination orders.
//!
//! RAIRE looks at ends of orders ("suffixes"). What an assertion says against an end depends on who goes next and on
//! *the set* of those that remain, not on their order; so ends with the same set are looked at once. The least
//! lead that some assertion must have is then a widest path: from the empty set to all candidates, one more at each
//! step, where a step is as wide as the best assertion against it, and a path is as bad as its best assertion.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::{Claim, Rankings, members};
use crate::AuditError;

/// Assertions that prove an instant-runoff winner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunoffSet {
    /// The reported order of elimination, the winner last. Where a tie leaves several orders to the same winner, one of
    /// them.
    pub order: Vec<usize>,
    /// The assertions; the smallest lead among them is as large as it can be.
    pub claims: Vec<Claim>,
    /// That smallest lead, in ballots.
    pub least_lead: i128,
}

/// The best assertion against a step. In the order of claims: `NotBefore` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Best {
    Before { winner: usize, loser: usize },
    Next { winner: usize, loser: usize, standing: u128 },
}

impl Best {
    fn claim(self) -> Claim {
        match self {
            Self::Before { winner, loser } => Claim::NotBefore { winner, loser },
            Self::Next { winner, loser, standing } => {
                Claim::NotNext { winner, loser, standing: members(standing).collect() }
            }
        }
    }
}

/// Ballots per standing candidate, and the two with fewest: (ballots, candidate).
struct Standing {
    tally: Vec<(usize, u64)>,
    fewest: [(u64, usize); 2],
}

struct Search<'a> {
    ballots: &'a Rankings,
    size: usize,
    winner: usize,
    /// Leads of all `NotBefore` claims.
    before: Vec<Vec<i128>>,
    tallies: BTreeMap<u128, Standing>,
    work: u64,
}

/// The set of assertions whose hardest one is as easy as possible, without any that the others make
/// unnecessary. `work` limits the steps that are looked at.
///
/// # Errors
/// [`AuditError::Tie`], [`AuditError::NoSufficientSet`] if some other winner cannot be ruled out,
/// [`AuditError::TooLarge`] beyond the limit of work.
pub fn raire(ballots: &Rankings, work: u64) -> Result<RunoffSet, AuditError> {
    let order = ballots.order()?;
    let size = ballots.candidates();
    let winner = order[size - 1];
    let before = ballots.tree.leads_before(size);
    let mut search = Search { ballots, size, winner, before, tallies: BTreeMap::new(), work };
    let least = search.least_lead()?;
    if least.is_some_and(|lead| lead <= 0) {
        return Err(AuditError::NoSufficientSet("an elimination order with another winner cannot be ruled out"));
    }
    let mut claims = search.claims(least.unwrap_or(i128::MAX))?;
    trim(&mut claims, size, winner, work);
    let least_lead = claims.iter().map(|(lead, _)| *lead).min().unwrap_or_else(|| i128::from(ballots.total()));
    let mut claims: Vec<Claim> = claims.into_iter().map(|(_, best)| best.claim()).collect();
    claims.sort();
    Ok(RunoffSet { order, claims, least_lead })
}

impl Search<'_> {
    /// Who can stand before those of `set` do: anybody else, but last of all not the winner.
    fn steps(&self, set: u128) -> impl Iterator<Item = usize> + use<> {
        let (winner, size) = (self.winner, self.size);
        (0..size).filter(move |c| set >> c & 1 == 0 && (set != 0 || *c != winner))
    }

    /// The lead that the hardest assertion of the best set has: over all orders with another winner, the smallest of
    /// their largest. `None` if there is no other candidate.
    fn least_lead(&mut self) -> Result<Option<i128>, AuditError> {
        let all = everybody(self.size);
        let mut open = BinaryHeap::from([Reverse((i128::MIN, Reverse(0_u32), 0_u128))]);
        let mut done: BTreeSet<u128> = BTreeSet::new();
        while let Some(Reverse((lead, _, set))) = open.pop() {
            if set == all && self.size > 1 {
                return Ok(Some(lead));
            }
            if !done.insert(set) {
                continue;
            }
            for first in self.steps(set) {
                let more = set | 1 << first;
                if !done.contains(&more) {
                    let own = self.best(first, more)?.0;
                    // Among equals the longest first, so that a plateau is crossed and not explored.
                    open.push(Reverse((lead.max(own), Reverse(more.count_ones()), more)));
                }
            }
        }
        Ok(None)
    }

    /// An assertion with at least this lead against every order, each as near to its end as there is one.
    fn claims(&mut self, least: i128) -> Result<Vec<(i128, Best)>, AuditError> {
        let mut found: BTreeSet<(i128, Best)> = BTreeSet::new();
        let mut reached: BTreeSet<u128> = BTreeSet::from([0]);
        let mut open = vec![0_u128];
        while let Some(set) = open.pop() {
            for first in self.steps(set) {
                let more = set | 1 << first;
                let (lead, best) = self.best(first, more)?;
                if lead >= least {
                    found.extend(best.map(|best| (lead, best)));
                } else if reached.insert(more) {
                    open.push(more);
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    /// The best assertion against every order that ends in `first` and then the others of `set`.
    fn best(&mut self, first: usize, set: u128) -> Result<(i128, Option<Best>), AuditError> {
        self.work = self.work.checked_sub(1).ok_or(AuditError::TooLarge("the search for assertions"))?;
        let mut best = (i128::MIN, None);
        let mut offer = |lead: i128, claim: Best| {
            if lead > best.0 {
                best = (lead, Some(claim));
            }
        };
        for other in (0..self.size).filter(|c| *c != first) {
            let later = set >> other & 1 == 1;
            let (winner, loser) = if later { (first, other) } else { (other, first) };
            offer(self.before[winner][loser], Best::Before { winner, loser });
        }
        if set.count_ones() > 1 {
            let standing = self.standing(set);
            let own = standing.tally.iter().find(|(c, _)| *c == first).map_or(0, |(_, n)| *n);
            let [least, second] = standing.fewest;
            let (fewest, loser) = if least.1 == first { second } else { least };
            offer(i128::from(own) - i128::from(fewest), Best::Next { winner: first, loser, standing: set });
        }
        Ok(best)
    }

    fn standing(&mut self, set: u128) -> &Standing {
        self.tallies.entry(set).or_insert_with(|| {
            let mut tally = vec![0; self.size];
            self.ballots.tree.tally(set, &mut tally);
            let tally: Vec<(usize, u64)> = members(set).map(|c| (c, tally[c])).collect();
            let mut fewest = [(u64::MAX, usize::MAX); 2];
            for (candidate, ballots) in &tally {
                let own = (*ballots, *candidate);
                if own < fewest[0] {
                    fewest = [own, fewest[0]];
                } else if own < fewest[1] {
                    fewest[1] = own;
                }
            }
            Standing { tally, fewest }
        })
    }
}

/// The set of all candidates.
fn everybody(size: usize) -> u128 {
    u128::MAX.checked_shr(u32::try_from(128_usize.saturating_sub(size)).unwrap_or(0)).unwrap_or(0)
}

/// Assertions by whom they speak about, to ask in one look whether any rules out a step.
#[derive(Default)]
struct Pruners {
    /// By winner: losers of `NotBefore`.
    losers: Vec<u128>,
    /// By loser: winners of `NotBefore`.
    winners: Vec<u128>,
    /// `NotNext`: how many, by standing and winner.
    next: BTreeMap<(u128, usize), u32>,
}

impl Pruners {
    fn new(claims: &[(i128, Best)], size: usize) -> Self {
        let mut own = Self { losers: vec![0; size], winners: vec![0; size], next: BTreeMap::new() };
        for (_, best) in claims {
            match *best {
                Best::Before { winner, loser } => own.flip(winner, loser),
                Best::Next { winner, standing, .. } => *own.next.entry((standing, winner)).or_default() += 1,
            }
        }
        own
    }

    fn flip(&mut self, winner: usize, loser: usize) {
        self.losers[winner] ^= 1 << loser;
        self.winners[loser] ^= 1 << winner;
    }

    fn take(&mut self, best: Best) {
        match best {
            Best::Before { winner, loser } => self.flip(winner, loser),
            Best::Next { winner, standing, .. } => {
                self.next.entry((standing, winner)).and_modify(|n| *n = n.saturating_sub(1));
            }
        }
    }

    fn give(&mut self, best: Best) {
        match best {
            Best::Before { winner, loser } => self.flip(winner, loser),
            Best::Next { winner, standing, .. } => *self.next.entry((standing, winner)).or_default() += 1,
        }
    }

    fn rule_out(&self, first: usize, set: u128) -> bool {
        self.losers[first] & set != 0
            || self.winners[first] & !set != 0
            || self.next.get(&(set, first)).is_some_and(|n| *n > 0)
    }

    /// Whether they rule out every order with another winner; `None` beyond the limit of work.
    fn suffice(&self, size: usize, winner: usize, work: &mut u64) -> Option<bool> {
        let all = everybody(size);
        let mut reached: BTreeSet<u128> = BTreeSet::from([0]);
        let mut open = vec![0_u128];
        while let Some(set) = open.pop() {
            for first in (0..size).filter(|c| set >> c & 1 == 0 && (set != 0 || *c != winner)) {
                *work = work.checked_sub(1)?;
                let more = set | 1 << first;
                if self.rule_out(first, more) {
                    continue;
                }
                if more == all {
                    return Some(false);
                }
                if reached.insert(more) {
                    open.push(more);
                }
            }
        }
        Some(true)
    }
}

/// Leaves out, hardest first, every assertion without which the rest suffices. Stops when work runs out:
/// the set is sufficient at every moment.
fn trim(claims: &mut Vec<(i128, Best)>, size: usize, winner: usize, mut work: u64) {
    let mut pruners = Pruners::new(claims, size);
    let mut kept = Vec::new();
    let mut exhausted = false;
    claims.sort_unstable();
    for (lead, best) in claims.drain(..) {
        pruners.take(best);
        let spare = if exhausted { None } else { pruners.suffice(size, winner, &mut work) };
        exhausted = spare.is_none();
        if spare != Some(true) {
            pruners.give(best);
            kept.push((lead, best));
        }
    }
    *claims = kept;
}
