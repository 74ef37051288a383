//! Comparison of reported with audited ballots, card by card.
//!
//! Overstatement `omega = A(reported) - A(audited)`, overstatement assorter
//! `B = (1 - omega/u) / (2 - v/u)`, in `[0, 2u/(2u - v)]`; mean above one half exactly if the assertion
//! is true (Stark 2020, section 3.2). Cards that were never reported singly take the mean of their
//! pool as the reported value (ONEAudit, Stark 2023, arXiv 2303.03335).

use crate::{AuditError, Ratio};

/// What the paper, or its absence, said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audited {
    /// The ballot's value.
    Value(Ratio),
    /// The card is there, the contest is not on it.
    NoContest,
    /// The card could not be found.
    NotFound,
}

/// What was reported of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    /// The value of the reported votes, or the mean of the card's pool.
    Value(Ratio),
    /// Nothing was reported: the card only fills up the bound (a phantom).
    Phantom,
}

/// How a card without the contest counts that was reported to hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The sample was drawn from the cards that were reported to hold the contest: it counts 0.
    Sampled,
    /// The sample was drawn from all cards: it counts one half, as a ballot without a vote.
    Ignored,
}

/// The overstatement of one card.
///
/// # Errors
/// [`AuditError::Overflow`].
pub fn overstatement(reported: Reported, audited: Audited, style: Style) -> Result<Ratio, AuditError> {
    let half = Ratio::new(1, 2)?;
    let claimed = match reported {
        Reported::Value(value) => value,
        Reported::Phantom => half,
    };
    let found = match (audited, style) {
        (Audited::Value(value), _) => value,
        (Audited::NoContest, Style::Ignored) => half,
        (Audited::NoContest, Style::Sampled) | (Audited::NotFound, _) => Ratio::ZERO,
    };
    claimed.minus(found)
}

/// An assertion's overstatement assorter: upper bound `u` of the assorter, reported margin `v`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overstatement {
    upper: Ratio,
    margin: Ratio,
}

impl Overstatement {
    /// From the assorter's upper bound and margin.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] unless `0 < v < 2u`.
    pub fn new(upper: Ratio, margin: Ratio) -> Result<Self, AuditError> {
        let room = upper.times(Ratio::whole(2))?.minus(margin)?;
        if !margin.is_positive() || !room.is_positive() {
            return Err(AuditError::Parameter {
                what: "margin",
                why: "must be above 0 and below twice the upper bound",
            });
        }
        Ok(Self { upper, margin })
    }

    /// `2u - v`.
    fn room(&self) -> Result<Ratio, AuditError> {
        self.upper.times(Ratio::whole(2))?.minus(self.margin)
    }

    /// `B` of a card with this overstatement: `(u - omega) / (2u - v)`.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn value(&self, omega: Ratio) -> Result<Ratio, AuditError> {
        self.upper.minus(omega)?.over(self.room()?)
    }

    /// `B` of a card without error: `1/(2 - v/u)`, also its mean if nothing is wrong.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn no_error(&self) -> Result<Ratio, AuditError> {
        self.value(Ratio::ZERO)
    }

    /// The largest possible `B`: `2u / (2u - v)`.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn bound(&self) -> Result<Ratio, AuditError> {
        self.upper.times(Ratio::whole(2))?.over(self.room()?)
    }

    /// The mean of `B` if the given shares of cards overstate by `u/2` (one vote) and `u` (two votes).
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn mean_with(&self, one_vote: Ratio, two_votes: Ratio) -> Result<Ratio, AuditError> {
        let lost = one_vote.over(Ratio::whole(2))?.plus(two_votes)?;
        self.value(self.upper.times(lost)?)
    }
}
