//! Instant-runoff: assertions that rule out every other winner (RAIRE; Blom, Stuckey, Teague 2019,
//! arXiv 1903.08804).

mod search;
mod tree;

use std::collections::BTreeSet;

pub use search::{RunoffSet, raire};
use tree::Tree;

use crate::{AuditError, Ratio};

/// The most candidates: sets of them are numbers of 128 bits.
const CANDIDATES: usize = 128;

/// The most sets of standing candidates that are looked at to see whether ties decide who wins.
const TIED_SETS: usize = 100_000;

/// The candidates of a set, in order of number.
fn members(set: u128) -> impl Iterator<Item = usize> {
    (0..CANDIDATES).filter(move |c| set >> c & 1 == 1)
}

/// Ranked ballots: how many have each ranking, candidates numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rankings {
    candidates: usize,
    tree: Tree,
    total: u64,
}

impl Rankings {
    /// Checks that rankings name known candidates, each at most once.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Parameter`] for a candidate ranked twice,
    /// [`AuditError::Overflow`], [`AuditError::TooLarge`] for more than 128 candidates.
    pub fn new(candidates: usize, rows: Vec<(u64, Vec<usize>)>) -> Result<Self, AuditError> {
        if candidates > CANDIDATES {
            return Err(AuditError::TooLarge("a run-off of more than 128 candidates"));
        }
        let mut total = 0_u64;
        for (ballots, ranking) in &rows {
            let mut seen = 0_u128;
            for candidate in ranking {
                if *candidate >= candidates {
                    return Err(AuditError::UnknownChoice(*candidate));
                }
                if seen >> candidate & 1 == 1 {
                    return Err(AuditError::Parameter { what: "ranking", why: "ranks a candidate twice" });
                }
                seen |= 1 << candidate;
            }
            total = total.checked_add(*ballots).ok_or(AuditError::Overflow)?;
        }
        Ok(Self { candidates, tree: Tree::new(rows)?, total })
    }

    /// How many candidates there are.
    pub fn candidates(&self) -> usize {
        self.candidates
    }

    /// How many ballots there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Ballots per candidate with only some standing.
    pub fn tally(&self, standing: &[bool]) -> Vec<u64> {
        let set = (0..self.candidates).filter(|c| standing.get(*c) == Some(&true)).fold(0, |set, c| set | 1 << c);
        self.tally_of(set)
    }

    fn tally_of(&self, standing: u128) -> Vec<u64> {
        let mut tally = vec![0; self.candidates];
        self.tree.tally(standing, &mut tally);
        tally
    }

    /// Who goes next: one of these, whom nothing but a lot can tell apart; or all of these, in whatever order.
    fn next_out(&self, standing: u128) -> Out {
        let tally = self.tally_of(standing);
        let fewest = members(standing).map(|c| tally[c]).min().unwrap_or(0);
        let last: Vec<usize> = members(standing).filter(|c| tally[*c] == fewest).collect();
        let others = members(standing).map(|c| tally[c]).filter(|n| *n > fewest).min();
        // Together they have less than anybody else: whoever of them goes first, the others follow.
        let together = u128::from(fewest) * last.len() as u128;
        match others {
            Some(more) if together < u128::from(more) => Out::All(last),
            _ if last.len() == 1 => Out::All(last),
            _ => Out::Any(last),
        }
    }

    /// The order of elimination, the winner last. Where candidates tie for the fewest ballots the lower number goes
    /// first, if the winner is the same whoever goes.
    ///
    /// # Errors
    /// [`AuditError::Tie`] where a tie decides who wins, [`AuditError::TooLarge`] where there are too many ties to say,
    /// [`AuditError::Parameter`] without candidates.
    pub fn order(&self) -> Result<Vec<usize>, AuditError> {
        if self.candidates == 0 {
            return Err(AuditError::Parameter { what: "candidates", why: "there must be at least one" });
        }
        let all = (0..self.candidates).fold(0_u128, |set, c| set | 1 << c);
        let mut order = Vec::new();
        let mut standing = all;
        let mut tied = false;
        while standing.count_ones() > 1 {
            let out = match self.next_out(standing) {
                Out::All(out) => out,
                Out::Any(out) => {
                    tied = true;
                    out.into_iter().take(1).collect()
                }
            };
            for candidate in out {
                standing &= !(1 << candidate);
                order.push(candidate);
            }
        }
        order.extend(members(standing));
        if tied && !self.only_winner(all, standing)? {
            return Err(AuditError::Tie);
        }
        Ok(order)
    }

    /// Whether `winner` wins from here however ties are drawn.
    fn only_winner(&self, from: u128, winner: u128) -> Result<bool, AuditError> {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(standing) = open.pop() {
            if standing & winner == 0 {
                return Ok(false);
            }
            if standing == winner {
                continue;
            }
            let next: Vec<u128> = match self.next_out(standing) {
                Out::All(out) => vec![out.iter().fold(standing, |set, c| set & !(1 << c))],
                Out::Any(out) => out.iter().map(|c| standing & !(1 << c)).collect(),
            };
            open.extend(next.into_iter().filter(|set| seen.insert(*set)));
            if seen.len() > TIED_SETS {
                return Err(AuditError::TooLarge("the ties of the count"));
            }
        }
        Ok(true)
    }
}

/// Who leaves a count.
enum Out {
    All(Vec<usize>),
    Any(Vec<usize>),
}

/// An assertion about ranked ballots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// "The winner cannot be eliminated before the loser": its first preferences alone exceed all ballots
    /// that rank the loser and not the winner above it.
    NotBefore {
        /// Who stays.
        winner: usize,
        /// Who cannot outlast.
        loser: usize,
    },
    /// "With exactly these standing, the winner has more ballots than the loser", so the winner is not the
    /// next to go.
    NotNext {
        /// Who has more.
        winner: usize,
        /// Who has less.
        loser: usize,
        /// Who stands, in order of number.
        standing: Vec<usize>,
    },
}

impl Claim {
    /// The assorter value of a ballot: 1 for the winner, 0 for the loser, one half for neither. Upper bound 1.
    pub fn value(&self, ranking: &[usize]) -> Ratio {
        let half = Ratio::new(1, 2).unwrap_or(Ratio::ZERO);
        match self.side(ranking) {
            1 => Ratio::ONE,
            -1 => Ratio::ZERO,
            _ => half,
        }
    }

    fn side(&self, ranking: &[usize]) -> i8 {
        match self {
            Self::NotBefore { winner, loser } => {
                if ranking.first() == Some(winner) {
                    return 1;
                }
                let place = |of| ranking.iter().position(|c| *c == of);
                match (place(*loser), place(*winner)) {
                    (Some(l), Some(w)) if l < w => -1,
                    (Some(_), None) => -1,
                    _ => 0,
                }
            }
            Self::NotNext { winner, loser, standing } => {
                match ranking.iter().find(|c| standing.binary_search(c).is_ok()) {
                    Some(top) if top == winner => 1,
                    Some(top) if top == loser => -1,
                    _ => 0,
                }
            }
        }
    }

    /// How many ballots the winner leads by: the assertion is true if it is positive.
    pub fn lead(&self, ballots: &Rankings) -> i128 {
        match self {
            Self::NotBefore { winner, loser } => ballots.tree.lead_before(*winner, *loser),
            Self::NotNext { winner, loser, standing } => {
                let set = standing.iter().filter(|c| **c < ballots.candidates).fold(0, |set, c| set | 1 << c);
                let tally = ballots.tally_of(set);
                let of = |candidate: usize| i128::from(tally.get(candidate).copied().unwrap_or(0));
                of(*winner) - of(*loser)
            }
        }
    }

    /// The assorter margin over a bound on cards: `lead / cards`.
    ///
    /// # Errors
    /// [`AuditError::ZeroDenominator`], [`AuditError::Overflow`].
    pub fn margin(&self, ballots: &Rankings, cards: u64) -> Result<Ratio, AuditError> {
        Ratio::new(self.lead(ballots), i128::from(cards))
    }
}
