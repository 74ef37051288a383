//! The linear assertion: the one abstraction behind every audit.
//!
//! An assertion says that a weighted sum of tallies is positive, `sum a_e T_e > 0` (Blom, Budurushi,
//! Rivest, Stark, Stuckey, Teague, Vukcevic 2021, arXiv 2107.11903, section 3). A reported result is
//! right if every assertion of a *sufficient* set holds (Stark 2020, SHANGRLA, arXiv 1911.10035).
//! Everything here is exact.

use crate::ratio::least_multiple;
use crate::{AuditError, Ratio};

/// What one legal ballot may hold: at most `votes` votes, at most `per_choice` of them for one choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BallotRule {
    /// Votes on one ballot.
    pub votes: u32,
    /// Votes of one ballot for one choice.
    pub per_choice: u32,
}

impl BallotRule {
    /// One vote.
    pub const SINGLE: Self = Self { votes: 1, per_choice: 1 };

    /// Up to `votes` votes, one for each choice at most (vote for n, approval).
    pub const fn vote_for(votes: u32) -> Self {
        Self { votes, per_choice: 1 }
    }

    /// Up to `votes` votes, any number of them for one choice (lists that candidates' votes add up to).
    pub const fn cumulative(votes: u32) -> Self {
        Self { votes, per_choice: votes }
    }
}

/// How far a figure that an assertion uses can be checked by looking at paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Counted again from the ballots in the box.
    Box,
    /// Counted from another document that the audit opens (register, signatures).
    Document(String),
    /// Taken as published. The certificate names it.
    Trusted(String),
}

/// A figure that an assertion rests on, and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rests {
    /// Which figure.
    pub on: String,
    /// Where it can be counted.
    pub source: Source,
}

/// `sum a_e T_e + per_card * cards + constant > 0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// In the words of the result: `Red/5 > Blue/4`.
    pub name: String,
    /// Choice and coefficient, in order of choice, without zeros.
    terms: Vec<(usize, Ratio)>,
    /// What every ballot adds, whatever is on it: for bases that count ballots in the box.
    per_card: Ratio,
    /// A number from elsewhere: for bases that no ballot shows.
    constant: Ratio,
    /// What the assertion takes from outside the box. Empty: the ballots alone decide it.
    pub rests: Vec<Rests>,
}

impl Assertion {
    /// An assertion on votes alone.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn new(name: impl Into<String>, terms: impl IntoIterator<Item = (usize, Ratio)>) -> Result<Self, AuditError> {
        let mut sums: std::collections::BTreeMap<usize, Ratio> = std::collections::BTreeMap::new();
        for (choice, by) in terms {
            let sum = sums.entry(choice).or_insert(Ratio::ZERO);
            *sum = sum.plus(by)?;
        }
        let terms = sums.into_iter().filter(|(_, by)| !by.is_zero()).collect();
        Ok(Self { name: name.into(), terms, per_card: Ratio::ZERO, constant: Ratio::ZERO, rests: Vec::new() })
    }

    /// Adds `by` for every ballot in the box.
    #[must_use]
    pub fn per_card(mut self, by: Ratio) -> Self {
        self.per_card = by;
        self
    }

    /// Adds a number that does not come from the box, and says where it comes from.
    #[must_use]
    pub fn constant(mut self, by: Ratio, rests: Rests) -> Self {
        self.constant = by;
        self.rests.push(rests);
        self
    }

    /// Adds a number that the law itself names.
    #[must_use]
    pub fn number(mut self, by: Ratio) -> Self {
        self.constant = by;
        self
    }

    /// Choices and their coefficients.
    pub fn terms(&self) -> &[(usize, Ratio)] {
        &self.terms
    }

    /// The coefficient of a choice.
    pub fn coefficient(&self, choice: usize) -> Ratio {
        self.terms.binary_search_by_key(&choice, |t| t.0).map_or(Ratio::ZERO, |at| self.terms[at].1)
    }

    /// The constant from outside the box.
    pub fn outside(&self) -> Ratio {
        self.constant
    }

    /// What every ballot adds.
    pub fn each_card(&self) -> Ratio {
        self.per_card
    }

    /// `sum a_e T_e + per_card * cards`, without the constant.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`].
    pub fn of_votes(&self, votes: &[u64], cards: u64) -> Result<Ratio, AuditError> {
        let mut sum = self.per_card.times(Ratio::count(cards))?;
        for (choice, by) in &self.terms {
            let votes = votes.get(*choice).ok_or(AuditError::UnknownChoice(*choice))?;
            sum = sum.plus(by.times(Ratio::count(*votes))?)?;
        }
        Ok(sum)
    }

    /// The left side `G` on a tally: the assertion holds if it is positive.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`].
    pub fn total(&self, votes: &[u64], cards: u64) -> Result<Ratio, AuditError> {
        self.of_votes(votes, cards)?.plus(self.constant)
    }

    /// Whether it is true of a tally.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`].
    pub fn holds(&self, votes: &[u64], cards: u64) -> Result<bool, AuditError> {
        Ok(self.total(votes, cards)?.is_positive())
    }

    /// The lowest and highest value of `g` on one legal ballot or on none (a card that is not there).
    fn span(&self, rule: BallotRule) -> Result<(Ratio, Ratio), AuditError> {
        // In whole numbers, so that no comparison can fail halfway through the sorting.
        let mut common = 1_i128;
        for (_, by) in &self.terms {
            common = least_multiple(common, by.den())?;
        }
        let key = |by: Ratio| by.num().checked_mul(common / by.den()).ok_or(AuditError::Overflow);
        let mut by = self.terms.iter().map(|t| Ok((key(t.1)?, t.1))).collect::<Result<Vec<_>, AuditError>>()?;
        by.sort_unstable_by_key(|pair| pair.0);
        let by: Vec<Ratio> = by.into_iter().map(|pair| pair.1).collect();
        let fill = |values: &mut dyn Iterator<Item = Ratio>, good: fn(Ratio) -> bool| -> Result<Ratio, AuditError> {
            let (mut left, mut sum) = (rule.votes, self.per_card);
            for value in values {
                let take = left.min(rule.per_choice);
                if !good(value) || take == 0 {
                    break;
                }
                sum = sum.plus(value.times(Ratio::count(u64::from(take)))?)?;
                left -= take;
            }
            Ok(if good(sum) { sum } else { Ratio::ZERO })
        };
        let low = fill(&mut by.iter().copied(), Ratio::is_negative)?;
        let high = fill(&mut by.iter().rev().copied(), Ratio::is_positive)?;
        Ok((low, high))
    }

    /// The assorter over `cards` cards: an upper bound on how many there are, fixed before the seed.
    ///
    /// # Errors
    /// [`AuditError::Trivial`] if no ballot can speak against the assertion, [`AuditError::Parameter`]
    /// without cards, [`AuditError::Overflow`].
    pub fn assorter(&self, rule: BallotRule, cards: u64) -> Result<Assorter<'_>, AuditError> {
        if cards == 0 {
            return Err(AuditError::Parameter { what: "cards", why: "there must be at least one" });
        }
        let (low, high) = self.span(rule)?;
        let share = self.constant.over(Ratio::count(cards))?;
        let (low, high) = (low.plus(share)?, high.plus(share)?);
        if !low.is_negative() {
            return Err(AuditError::Trivial(self.name.clone()));
        }
        Ok(Assorter { assertion: self, cards, share, low, high })
    }
}

/// Values of ballots scaled so that the assertion is "their mean is above one half".
///
/// With `g` the ballot's part of the assertion and `gmin <= g <= gmax` over legal ballots:
/// `h = (g - gmin) / (-2 gmin)`, `u = (gmax - gmin) / (-2 gmin)`, margin `v = 2 mean(h) - 1 = -gbar/gmin`
/// (arXiv 2107.11903, section 3).
#[derive(Debug, Clone, Copy)]
pub struct Assorter<'a> {
    assertion: &'a Assertion,
    cards: u64,
    share: Ratio,
    low: Ratio,
    high: Ratio,
}

impl Assorter<'_> {
    /// The assertion.
    pub fn assertion(&self) -> &Assertion {
        self.assertion
    }

    /// The bound on cards.
    pub fn cards(&self) -> u64 {
        self.cards
    }

    /// `gmin`, negative.
    pub fn low(&self) -> Ratio {
        self.low
    }

    /// `gmax`.
    pub fn high(&self) -> Ratio {
        self.high
    }

    /// A value of `g` on the assorter's scale.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn scale(&self, g: Ratio) -> Result<Ratio, AuditError> {
        g.minus(self.low)?.over(self.low.times(Ratio::whole(-2))?)
    }

    /// The upper bound `u`.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn upper(&self) -> Result<Ratio, AuditError> {
        self.scale(self.high)
    }

    /// The value of one ballot with these votes per choice. An invalid ballot has none.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`].
    pub fn value(&self, votes: &[u64]) -> Result<Ratio, AuditError> {
        self.scale(self.assertion.of_votes(votes, 1)?.plus(self.share)?)
    }

    /// The value of a card that cannot be found: the worst legal ballot, 0 (Bañuelos & Stark 2012).
    pub fn missing(&self) -> Ratio {
        Ratio::ZERO
    }

    /// The mean `gbar` of a reported tally over all cards.
    ///
    /// # Errors
    /// [`AuditError::NotReported`] if it is not positive, [`AuditError::Overflow`].
    pub fn mean_g(&self, votes: &[u64], cards: u64) -> Result<Ratio, AuditError> {
        let total = self.assertion.total(votes, cards)?;
        if !total.is_positive() {
            return Err(AuditError::NotReported(self.assertion.name.clone()));
        }
        total.over(Ratio::count(self.cards))
    }

    /// The assorter margin `v` of a reported tally.
    ///
    /// # Errors
    /// As [`Self::mean_g`].
    pub fn margin(&self, votes: &[u64], cards: u64) -> Result<Ratio, AuditError> {
        self.mean_g(votes, cards)?.over(self.low.negative()?)
    }

    /// `gbar / (gmax - gmin) = v / 2u`: what a comparison of single ballots costs depends on this alone.
    ///
    /// # Errors
    /// As [`Self::mean_g`].
    pub fn relative_margin(&self, votes: &[u64], cards: u64) -> Result<Ratio, AuditError> {
        self.mean_g(votes, cards)?.over(self.high.minus(self.low)?)
    }
}
