//! Instant-runoff: assertions that rule out every other winner (RAIRE; Blom, Stuckey, Teague 2019,
//! arXiv 1903.08804).

mod search;

pub use search::{RunoffSet, raire};

use crate::{AuditError, Ratio};

/// Ranked ballots: how many have each ranking, candidates numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rankings {
    candidates: usize,
    rows: Vec<(u64, Vec<usize>)>,
    total: u64,
}

impl Rankings {
    /// Checks that rankings name known candidates, each at most once.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Parameter`] for a candidate ranked twice,
    /// [`AuditError::Overflow`].
    pub fn new(candidates: usize, rows: Vec<(u64, Vec<usize>)>) -> Result<Self, AuditError> {
        let mut total = 0_u64;
        for (ballots, ranking) in &rows {
            let mut seen = vec![false; candidates];
            for candidate in ranking {
                let slot = seen.get_mut(*candidate).ok_or(AuditError::UnknownChoice(*candidate))?;
                if std::mem::replace(slot, true) {
                    return Err(AuditError::Parameter { what: "ranking", why: "ranks a candidate twice" });
                }
            }
            total = total.checked_add(*ballots).ok_or(AuditError::Overflow)?;
        }
        Ok(Self { candidates, rows, total })
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
        let mut tally = vec![0; self.candidates];
        for (ballots, ranking) in &self.rows {
            if let Some(top) = ranking.iter().find(|c| standing[**c]) {
                tally[*top] += ballots;
            }
        }
        tally
    }

    /// The order of elimination, the winner last.
    ///
    /// # Errors
    /// [`AuditError::Tie`] where two candidates have the fewest ballots, [`AuditError::Parameter`] without
    /// candidates.
    pub fn order(&self) -> Result<Vec<usize>, AuditError> {
        if self.candidates == 0 {
            return Err(AuditError::Parameter { what: "candidates", why: "there must be at least one" });
        }
        let mut standing = vec![true; self.candidates];
        let mut order = Vec::new();
        while order.len() < self.candidates {
            let tally = self.tally(&standing);
            let left: Vec<usize> = (0..self.candidates).filter(|c| standing[*c]).collect();
            let fewest = left.iter().map(|c| tally[*c]).min().unwrap_or(0);
            let last: Vec<usize> = left.into_iter().filter(|c| tally[*c] == fewest).collect();
            let [out] = last[..] else { return Err(AuditError::Tie) };
            standing[out] = false;
            order.push(out);
        }
        Ok(order)
    }
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
        ballots.rows.iter().map(|(n, ranking)| i128::from(*n) * i128::from(self.side(ranking))).sum()
    }

    /// The assorter margin over a bound on cards: `lead / cards`.
    ///
    /// # Errors
    /// [`AuditError::ZeroDenominator`], [`AuditError::Overflow`].
    pub fn margin(&self, ballots: &Rankings, cards: u64) -> Result<Ratio, AuditError> {
        Ratio::new(self.lead(ballots), i128::from(cards))
    }

    /// Whether it rules out every order of elimination that ends in `suffix`, looking only at what its first
    /// candidate adds.
    fn rules_out(&self, suffix: &[usize]) -> bool {
        let Some((first, rest)) = suffix.split_first() else { return false };
        match self {
            Self::NotBefore { winner, loser } => {
                (first == winner && rest.contains(loser)) || (first == loser && !suffix.contains(winner))
            }
            Self::NotNext { winner, standing, .. } => {
                first == winner
                    && standing.len() == suffix.len()
                    && suffix.iter().all(|c| standing.binary_search(c).is_ok())
            }
        }
    }
}
