//! Shares of a base: thresholds, supermajorities, quorums.

use super::{Contest, Group};
use crate::{Assertion, AuditError, Ratio, Rests, Source};

/// What a share is taken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// The votes for these choices (all valid votes, with or without blank ones, as the law says).
    Votes(Vec<usize>),
    /// Every ballot in the boxes, invalid ones too.
    Ballots,
    /// A figure that no ballot shows: voters on the register, voters who signed.
    Figure {
        /// Which figure, in the law's words.
        what: String,
        /// How much it is.
        value: u64,
        /// Where it could be counted.
        source: Source,
    },
}

impl Base {
    /// Adds `by` times the base to an assertion's left side.
    fn joined(
        &self,
        name: String,
        terms: impl Iterator<Item = (usize, Ratio)>,
        by: Ratio,
    ) -> Result<Assertion, AuditError> {
        match self {
            Self::Votes(cells) => Assertion::new(name, terms.chain(cells.iter().map(|cell| (*cell, by)))),
            Self::Ballots => Ok(Assertion::new(name, terms)?.per_card(by)),
            Self::Figure { what, value, source } => {
                let rests = Rests { on: what.clone(), source: source.clone() };
                Ok(Assertion::new(name, terms)?.constant(by.times(Ratio::count(*value))?, rests))
            }
        }
    }

    /// How much the base is, as reported.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`].
    pub fn reported(&self, contest: &Contest) -> Result<u64, AuditError> {
        match self {
            Self::Votes(cells) => contest.sum(cells),
            Self::Ballots => Ok(contest.found),
            Self::Figure { value, .. } => Ok(*value),
        }
    }
}

fn share_is_proper(share: Ratio) -> Result<(), AuditError> {
    if !share.is_positive() || share.compare(Ratio::ONE)?.is_gt() {
        return Err(AuditError::Parameter { what: "share", why: "must be above 0 and at most 1" });
    }
    Ok(())
}

/// "The group has more than this share of the base": `T_p - t B > 0`. With one vote per ballot and all
/// valid votes as the base the assorter is `1/2t`, `0`, `1/2` for a vote for the group, for another, for
/// nobody (SHANGRLA's supermajority). A law's "at least" is asserted as "more than", which implies it.
///
/// # Errors
/// [`AuditError::Parameter`] for a share outside `(0, 1]`, [`AuditError::Overflow`].
pub fn above(group: &Group, share: Ratio, base: &Base) -> Result<Assertion, AuditError> {
    share_is_proper(share)?;
    base.joined(format!("{} above {share}", group.name), group.terms(Ratio::ONE), share.negative()?)
}

/// "The group has less than this share of the base": `t B - T_p > 0`.
///
/// # Errors
/// As [`above`].
pub fn below(group: &Group, share: Ratio, base: &Base) -> Result<Assertion, AuditError> {
    share_is_proper(share)?;
    base.joined(format!("{} below {share}", group.name), group.terms(Ratio::whole(-1)), share)
}

/// "This choice has more than a share of the base", for one winner.
///
/// # Errors
/// As [`above`]; [`AuditError::UnknownChoice`].
pub fn supermajority(contest: &Contest, choice: usize, share: Ratio, base: &Base) -> Result<Assertion, AuditError> {
    let name = contest.choices.get(choice).ok_or(AuditError::UnknownChoice(choice))?.clone();
    above(&Group { name, cells: vec![choice], most: None }, share, base)
}
