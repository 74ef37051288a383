//! From a result to a set of assertions that is *sufficient* for it: if all are true, no tally gives
//! other seats.
//!
//! Where no sufficient set is known the generators refuse ([`AuditError::NoSufficientSet`]). Every
//! rule's set is put to the proof by `tests/sufficiency.rs` on random elections.

mod admission;
mod averages;
mod base;
mod divisors;
mod plurality;
mod remainder;

use crate::{Assertion, AuditError, BallotRule, Ratio, Rests};

pub use admission::{Condition, Excluded};
pub(crate) use averages::{allocate_shares, has_votes, no_seat, pair};
pub use averages::{highest_averages, highest_averages_from, party_list};
pub use base::{Base, above, below, supermajority};
pub use divisors::Divisors;
pub use plurality::{alliance, plurality};
pub use remainder::{QuotaRounding, largest_remainder, largest_remainder_rounded, within_quota};

/// A contest as reported: what can be voted for, with how many votes, on how many ballots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// Names of choices. A choice is whatever is counted apart: a list, a candidate, a list in one
    /// region, blank ballots.
    pub choices: Vec<String>,
    /// Reported votes per choice.
    pub votes: Vec<u64>,
    /// Ballots reported to be in the boxes.
    pub found: u64,
    /// Upper bound on the ballots, fixed before the seed; at least `found`.
    pub cards: u64,
    /// What one ballot may hold.
    pub rule: BallotRule,
}

impl Contest {
    /// Checks that the figures fit together.
    ///
    /// # Errors
    /// [`AuditError::Length`], [`AuditError::BoundBroken`], [`AuditError::ImpossibleVotes`].
    pub fn check(&self) -> Result<(), AuditError> {
        if self.votes.len() != self.choices.len() {
            return Err(AuditError::Length { what: "votes", expected: self.choices.len(), found: self.votes.len() });
        }
        if self.found > self.cards {
            return Err(AuditError::BoundBroken { station: "all".into(), bound: self.cards, found: self.found });
        }
        let all: u128 = self.votes.iter().map(|v| u128::from(*v)).sum();
        let each = u128::from(self.rule.per_choice) * u128::from(self.found);
        if all > u128::from(self.rule.votes) * u128::from(self.found)
            || self.votes.iter().any(|v| u128::from(*v) > each)
        {
            return Err(AuditError::ImpossibleVotes("all".into()));
        }
        Ok(())
    }

    /// Votes of some choices together.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`].
    pub fn sum(&self, cells: &[usize]) -> Result<u64, AuditError> {
        cells.iter().try_fold(0_u64, |sum, cell| {
            let votes = self.votes.get(*cell).ok_or(AuditError::UnknownChoice(*cell))?;
            sum.checked_add(*votes).ok_or(AuditError::Overflow)
        })
    }

    /// The relative margin of an assertion: the smaller, the more it costs. Trivial ones cost nothing (1).
    ///
    /// # Errors
    /// [`AuditError::NotReported`], [`AuditError::Overflow`].
    pub fn relative_margin(&self, assertion: &Assertion) -> Result<Ratio, AuditError> {
        match assertion.assorter(self.rule, self.cards) {
            Ok(assorter) => assorter.relative_margin(&self.votes, self.found),
            Err(AuditError::Trivial(_)) => Ok(Ratio::ONE),
            Err(error) => Err(error),
        }
    }
}

/// What gets seats: a list, or lists that add up (an alliance, a list's regions).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The choices whose votes it adds up.
    pub cells: Vec<usize>,
    /// How many seats it can fill, if its list is shorter than the house.
    pub most: Option<u64>,
}

impl Group {
    /// One group for each choice.
    pub fn each(contest: &Contest) -> Vec<Self> {
        let one = |(at, name): (usize, &String)| Self { name: name.clone(), cells: vec![at], most: None };
        contest.choices.iter().enumerate().map(one).collect()
    }

    fn terms(&self, by: Ratio) -> impl Iterator<Item = (usize, Ratio)> + '_ {
        self.cells.iter().map(move |cell| (*cell, by))
    }
}

/// A sufficient set of assertions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionSet {
    /// The seats (or winners: 1) that the set proves, in order of groups.
    pub seats: Vec<u64>,
    /// The assertions. All true: the seats are right.
    pub assertions: Vec<Assertion>,
}

impl AssertionSet {
    /// What the set takes from outside the boxes, each figure once.
    pub fn rests(&self) -> Vec<Rests> {
        let mut all: Vec<Rests> = Vec::new();
        for rests in self.assertions.iter().flat_map(|a| &a.rests) {
            if !all.contains(rests) {
                all.push(rests.clone());
            }
        }
        all
    }

    /// The assertion with the smallest relative margin, and that margin.
    ///
    /// # Errors
    /// [`AuditError::NotReported`], [`AuditError::Overflow`].
    pub fn hardest(&self, contest: &Contest) -> Result<Option<(&Assertion, Ratio)>, AuditError> {
        hardest(contest, &self.assertions)
    }
}

/// The largest house that is computed seat by seat.
const MOST_SEATS: u64 = 100_000;

/// Refuses a house so large that allocating it would take for ever.
pub(crate) fn house(seats: u64) -> Result<(), AuditError> {
    if seats > MOST_SEATS { Err(AuditError::TooLarge("a house of more than 100,000 seats")) } else { Ok(()) }
}

fn hardest<'a>(contest: &Contest, assertions: &'a [Assertion]) -> Result<Option<(&'a Assertion, Ratio)>, AuditError> {
    let mut worst: Option<(&Assertion, Ratio)> = None;
    for assertion in assertions {
        let margin = contest.relative_margin(assertion)?;
        let harder = match worst {
            None => true,
            Some((_, least)) => margin.compare(least)?.is_lt(),
        };
        if harder {
            worst = Some((assertion, margin));
        }
    }
    Ok(worst)
}
