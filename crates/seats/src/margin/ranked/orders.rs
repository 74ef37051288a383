//! A proved bound for the alternative vote: no fewer papers than so many make another order of exclusion possible that
//! ends with somebody else.
//!
//! While a set of candidates is left, each has the papers that prefer them to the others of the set, whatever the
//! order in which the rest went. For the next to leave to have no more than another, as many papers must change as
//! half of what they have more (all of it, where papers are only added or kept back): a paper gives one vote and takes
//! one. So an order costs at least its most expensive comparison, and the cheapest order of all that end with
//! somebody bounds what it takes to elect them. Sets are looked at from the last one left to all who stand, the
//! cheapest first (M. Blom, V. Teague, P. Stuckey, R. Tidhar: Efficient computation of exact IRV margins, 2016, prune a
//! search by such bounds); where the work ends early, the cheapest set reached is still a bound.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::ranked::Ballots;

/// What happens to papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// They are filled in otherwise.
    Changed,
    /// They are added.
    New,
    /// They are kept back.
    Absent,
}

impl Kind {
    /// The fewest papers after which one with `has` votes has no more than another with `other` (fewer, if `strict`).
    fn needed(self, has: u64, other: u64, strict: bool) -> u64 {
        let Some(more) = has.checked_sub(other) else { return 0 };
        let more = more.saturating_add(u64::from(strict));
        if self == Self::Changed { more.div_ceil(2) } else { more }
    }
}

/// A set of candidates, sorted.
type Set = Vec<usize>;

/// A set in the queue: what it costs, how many it holds (the larger first), and who is left last.
type Open = Reverse<(u64, Reverse<usize>, Set, usize)>;

/// A bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bound {
    /// Fewer papers do not do it.
    pub votes: u64,
    /// Who is left last in the cheapest order.
    pub last: usize,
}

/// The papers of one count.
pub(super) struct Orders<'a> {
    ballots: &'a Ballots,
    /// Those who have not withdrawn.
    pub standing: Vec<usize>,
    /// Votes while a set is left, in its order.
    votes: BTreeMap<Set, Vec<u64>>,
}

/// Votes of sets that are kept.
const MOST_SETS: usize = 50_000;

impl<'a> Orders<'a> {
    pub(super) fn new(ballots: &'a Ballots) -> Self {
        let standing = ballots.candidates().iter().enumerate().filter(|(_, one)| !one.withdrawn);
        Self { ballots, standing: standing.map(|(who, _)| who).collect(), votes: BTreeMap::new() }
    }

    /// The votes of each of a set while they are left.
    fn votes(&mut self, set: &Set, left: &mut u64) -> Vec<u64> {
        if let Some(votes) = self.votes.get(set) {
            return votes.clone();
        }
        let mut votes = vec![0u64; set.len()];
        for group in 0..self.ballots.groups() {
            let ranking = self.ballots.ranking(group);
            let first = ranking.iter().find_map(|who| set.binary_search(&usize::from(*who)).ok());
            if let Some(held) = first.and_then(|place| votes.get_mut(place)) {
                *held = held.saturating_add(self.ballots.size(group));
            }
        }
        *left = left.saturating_sub(u64::try_from(self.ballots.groups()).unwrap_or(u64::MAX));
        if self.votes.len() < MOST_SETS {
            self.votes.insert(set.clone(), votes.clone());
        }
        votes
    }

    /// The bound on the papers after which one of `ends` can be left last; `strict`: who leaves where votes are equal.
    /// None: nobody is among them.
    pub(super) fn bound(&mut self, ends: &[usize], strict: Option<usize>, kind: Kind, left: &mut u64) -> Option<Bound> {
        // It is not so now: one paper at least.
        let mut open: BinaryHeap<Open> = ends.iter().map(|last| Reverse((1, Reverse(1), vec![*last], *last))).collect();
        let mut seen = BTreeSet::new();
        while let Some(Reverse((votes, _, set, last))) = open.pop() {
            if set.len() == self.standing.len() || *left == 0 {
                return Some(Bound { votes, last });
            }
            for next in self.standing.clone() {
                let Err(place) = set.binary_search(&next) else { continue };
                let mut wider = set.clone();
                wider.insert(place, next);
                let held = self.votes(&wider, left);
                let has = held.get(place).copied().unwrap_or(0);
                let needed = wider
                    .iter()
                    .zip(&held)
                    .filter(|(other, _)| **other != next)
                    .map(|(other, votes)| kind.needed(has, *votes, strict == Some(*other)))
                    .max();
                let cost = votes.max(needed.unwrap_or(0));
                open.push(Reverse((cost, Reverse(wider.len()), wider, last)));
            }
            // The first way to a set is the cheapest: others need not be followed.
            seen.insert(set);
            while open.peek().is_some_and(|Reverse((_, _, next, _))| seen.contains(next)) {
                open.pop();
            }
        }
        None
    }
}
