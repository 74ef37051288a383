//! An assertion in whole numbers, for passes over many stations.

use crate::ratio::least_multiple;
use crate::{Assertion, Assorter, AuditError, BallotRule, Ratio};

/// The same coefficients where they fit into 64 bits.
#[derive(Debug, Clone)]
struct Narrow {
    terms: Vec<(usize, i64)>,
    per_card: i64,
    share: i64,
}

impl Narrow {
    /// None if anything does not fit: then the long way is taken.
    fn sum(&self, votes: impl Fn(usize) -> Option<u64>, found: u64, cards: u64) -> Option<i64> {
        let times = |by: i64, n: u64| by.checked_mul(i64::try_from(n).ok()?);
        let mut sum = times(self.per_card, found)?.checked_add(times(self.share, cards)?)?;
        for (choice, by) in &self.terms {
            sum = sum.checked_add(times(*by, votes(*choice)?)?)?;
        }
        Some(sum)
    }
}

/// Coefficients times a common factor, all integers.
#[derive(Debug, Clone)]
pub(crate) struct Scaled {
    narrow: Option<Narrow>,
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
        let terms: Vec<(usize, i128)> =
            assertion.terms().iter().map(|(c, by)| Ok((*c, whole(*by)?))).collect::<Result<_, AuditError>>()?;
        let (per_card, share) = (whole(assertion.each_card())?, whole(share)?);
        let short = |n: i128| i64::try_from(n).ok();
        let narrow = || -> Option<Narrow> {
            let terms = terms.iter().map(|(c, by)| Some((*c, short(*by)?))).collect::<Option<_>>()?;
            Some(Narrow { terms, per_card: short(per_card)?, share: short(share)? })
        };
        Ok(Self {
            narrow: narrow(),
            terms,
            per_card,
            share,
            low: whole(assorter.low())?,
            high: whole(assorter.high())?,
            factor,
        })
    }

    /// `G` of one station: its votes, its ballots, and the constant's part for its bound.
    pub fn total(&self, votes: &[u64], found: u64, cards: u64) -> Result<i128, AuditError> {
        self.sum(|choice| votes.get(choice).copied(), found, cards)
    }

    /// `G` of every station at once, if 64 bits hold the sum of all without regard to sign: then nothing on the way to
    /// any of them can be too long, and no step needs to be checked. `all` are votes, ballots and bounds of all stations.
    pub fn totals(&self, columns: &[Vec<u64>], sizes: &[(u64, u64)], all: (&[u64], u64, u64)) -> Option<Vec<i64>> {
        let narrow = self.narrow.as_ref()?;
        let (votes, found, cards) = all;
        let most = |by: i64, n: u64| i128::from(by.unsigned_abs()).checked_mul(i128::from(n));
        let mut bound = most(narrow.per_card, found)?.checked_add(most(narrow.share, cards)?)?;
        for (choice, by) in &narrow.terms {
            bound = bound.checked_add(most(*by, *votes.get(*choice)?)?)?;
        }
        i64::try_from(bound).ok()?;
        let times = |by: i64, n: u64| by.wrapping_mul(n.cast_signed());
        let start =
            |(cards, found): &(u64, u64)| times(narrow.per_card, *found).wrapping_add(times(narrow.share, *cards));
        let mut sums: Vec<i64> = sizes.iter().map(start).collect();
        for (choice, by) in &narrow.terms {
            let column = columns.get(*choice).filter(|column| column.len() == sums.len())?;
            for (sum, n) in sums.iter_mut().zip(column) {
                *sum = sum.wrapping_add(times(*by, *n));
            }
        }
        Some(sums)
    }

    /// The same with votes by columns.
    pub fn total_at(&self, columns: &[Vec<u64>], place: usize, found: u64, cards: u64) -> Result<i128, AuditError> {
        self.sum(|choice| columns.get(choice)?.get(place).copied(), found, cards)
    }

    fn sum(&self, votes: impl Fn(usize) -> Option<u64>, found: u64, cards: u64) -> Result<i128, AuditError> {
        if let Some(sum) = self.narrow.as_ref().and_then(|narrow| narrow.sum(&votes, found, cards)) {
            return Ok(i128::from(sum));
        }
        let times = |by: i128, n: u64| by.checked_mul(i128::from(n)).ok_or(AuditError::Overflow);
        let mut sum =
            times(self.per_card, found)?.checked_add(times(self.share, cards)?).ok_or(AuditError::Overflow)?;
        for (choice, by) in &self.terms {
            let votes = votes(*choice).ok_or(AuditError::UnknownChoice(*choice))?;
            sum = sum.checked_add(times(*by, votes)?).ok_or(AuditError::Overflow)?;
        }
        Ok(sum)
    }

    /// What `cards` cards add at worst.
    pub fn worst(&self, cards: u64) -> Result<i128, AuditError> {
        self.low.checked_mul(i128::from(cards)).ok_or(AuditError::Overflow)
    }
}
