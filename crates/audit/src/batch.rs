//! Batch comparison: whole stations are counted again and compared with their protocols.
//!
//! Only station totals are needed. For an assertion with sum `G > 0` over stations, the reported total of
//! station k may overstate by at most `G_k - n_k gmin`, with `n_k` an upper bound on its ballots that was
//! fixed **before the seed** from the ballot account. Each ballot of the bound that is not found counts as
//! the worst legal ballot. A station that cannot be counted again counts as if every ballot were the worst.

mod kaplan;
mod measures;
mod strata;

pub use kaplan::Macro;
pub use measures::{Assessment, Comparison, Way};
pub use strata::StrataTest;

use crate::sample::Weighted;
use crate::{AuditError, BallotRule};

/// A station as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its identifier.
    pub name: String,
    /// Upper bound on the ballots in its box, fixed before the seed.
    pub cards: u64,
    /// Ballots reported in the box.
    pub found: u64,
    /// Reported votes per choice.
    pub votes: Vec<u64>,
}

/// What the audit found in a drawn station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Ballots found and votes per choice.
    Counted {
        /// Ballots found.
        found: u64,
        /// Votes per choice.
        votes: Vec<u64>,
    },
    /// Ballots of this and other stations that cannot be told apart: figures of all together. Each station
    /// takes the part that its bound has in all their bounds: a rule that does not look at the draw, so the
    /// sum over stations stays that of the ballots.
    Mixed {
        /// Ballots found together.
        found: u64,
        /// Votes per choice together.
        votes: Vec<u64>,
        /// Bounds together.
        cards: u64,
    },
    /// The box is lost, sealed by a court, burnt: every ballot counts as the worst one.
    Unavailable,
}

/// Stations of one contest in the order of the manifest.
#[derive(Debug, Clone)]
pub struct Batches {
    stations: Vec<Station>,
    rule: BallotRule,
    cards: u64,
    found: u64,
    votes: Vec<u64>,
    /// Votes of all stations, choice by choice: what a pass of one assertion reads.
    columns: Vec<Vec<u64>>,
    /// Bounds and ballots of all stations.
    sizes: Vec<(u64, u64)>,
}

impl Batches {
    /// Checks the reported figures.
    ///
    /// # Errors
    /// [`AuditError::BoundBroken`], [`AuditError::ImpossibleVotes`], [`AuditError::Length`],
    /// [`AuditError::Overflow`].
    pub fn new(stations: Vec<Station>, rule: BallotRule) -> Result<Self, AuditError> {
        let choices = stations.first().map_or(0, |s| s.votes.len());
        let (mut cards, mut found, mut votes) = (0_u64, 0_u64, vec![0_u64; choices]);
        let mut columns = vec![Vec::with_capacity(stations.len()); choices];
        let mut sizes = Vec::with_capacity(stations.len());
        for station in &stations {
            possible(&station.name, station.cards, station.found, &station.votes, rule, choices)?;
            cards = cards.checked_add(station.cards).ok_or(AuditError::Overflow)?;
            found = found.checked_add(station.found).ok_or(AuditError::Overflow)?;
            sizes.push((station.cards, station.found));
            for ((sum, column), of) in votes.iter_mut().zip(&mut columns).zip(&station.votes) {
                *sum = sum.checked_add(*of).ok_or(AuditError::Overflow)?;
                column.push(*of);
            }
        }
        Ok(Self { stations, rule, cards, found, votes, columns, sizes })
    }

    /// The stations.
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// What one ballot may hold.
    pub fn rule(&self) -> BallotRule {
        self.rule
    }

    /// Upper bound on all ballots.
    pub fn cards(&self) -> u64 {
        self.cards
    }

    /// Ballots reported.
    pub fn found(&self) -> u64 {
        self.found
    }

    /// Reported votes per choice.
    pub fn votes(&self) -> &[u64] {
        &self.votes
    }

    /// The sampler of the default: chances in proportion to the bounds on ballots, the same for every
    /// assertion and contest.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] if there is nothing to draw.
    pub fn sampler(&self) -> Result<Weighted, AuditError> {
        Weighted::new(&self.stations.iter().map(|s| s.cards).collect::<Vec<_>>())
    }

    fn station(&self, place: usize) -> Result<&Station, AuditError> {
        self.stations.get(place).ok_or(AuditError::Parameter { what: "station", why: "no such place in the manifest" })
    }
}

/// Refuses figures that no box can hold.
fn possible(
    name: &str,
    cards: u64,
    found: u64,
    votes: &[u64],
    rule: BallotRule,
    choices: usize,
) -> Result<(), AuditError> {
    if votes.len() != choices {
        return Err(AuditError::Length { what: "votes", expected: choices, found: votes.len() });
    }
    if found > cards {
        return Err(AuditError::BoundBroken { station: name.to_owned(), bound: cards, found });
    }
    let all: u128 = votes.iter().map(|v| u128::from(*v)).sum();
    let each = u128::from(rule.per_choice) * u128::from(found);
    if all > u128::from(rule.votes) * u128::from(found) || votes.iter().any(|v| u128::from(*v) > each) {
        return Err(AuditError::ImpossibleVotes(name.to_owned()));
    }
    Ok(())
}
