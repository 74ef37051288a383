//! An assertion in whole numbers, for passes over many stations.

use crate::ratio::least_multiple;
use crate::{Assertion, Assorter, AuditError, BallotRule, Ratio};

/// Coefficients times a common factor, all integers.
#[derive(Debug, Clone)]
pub(crate) struct Scaled {
    terms: Vec<(usize, i128)>,
    per_card: i128,
    /// The constant's part for one card of the bound.
    share: i128,
    /// `gmin`, negative, and `gmax`.
    pub low: i128,
    pub high: i128,
    /// What everything was multiplied by.
    pub factor: i128,
}

impl Scaled {
    pub fn new(assertion: &Assertion, rule: BallotRule, cards: u64) -> Result<Self, AuditError> {
        let assorter: Assorter<'_> = assertion.assorter(rule, cards)?;
        let share = assertion.outside().over(Ratio::count(cards))?;
        let mut all = vec![assertion.each_card(), share, assorter.low(), assorter.high()];
        all.extend(assertion.terms().iter().map(|t| t.1));
        let mut factor = 1_i128;
        for ratio in &all {
            factor = least_multiple(factor, ratio.den())?;
        }
        let whole = |ratio: Ratio| ratio.num().checked_mul(factor / ratio.den()).ok_or(AuditError::Overflow);
        let terms = assertion.terms().iter().map(|(c, by)| Ok((*c, whole(*by)?))).collect::<Result<_, AuditError>>()?;
        Ok(Self {
            terms,
            per_card: whole(assertion.each_card())?,
            share: whole(share)?,
            low: whole(assorter.low())?,
            high: whole(assorter.high())?,
            factor,
        })
    }

    /// `G` of one station: its votes, its ballots, and the constant's part for its bound.
    pub fn total(&self, votes: &[u64], found: u64, cards: u64) -> Result<i128, AuditError> {
        let times = |by: i128, n: u64| by.checked_mul(i128::from(n)).ok_or(AuditError::Overflow);
        let mut sum =
            times(self.per_card, found)?.checked_add(times(self.share, cards)?).ok_or(AuditError::Overflow)?;
        for (choice, by) in &self.terms {
            let votes = votes.get(*choice).ok_or(AuditError::UnknownChoice(*choice))?;
            sum = sum.checked_add(times(*by, *votes)?).ok_or(AuditError::Overflow)?;
        }
        Ok(sum)
    }

    /// What `cards` cards add at worst.
    pub fn worst(&self, cards: u64) -> Result<i128, AuditError> {
        self.low.checked_mul(i128::from(cards)).ok_or(AuditError::Overflow)
    }
}
