//! Conditions that a group must meet, and what proves that it does or does not.

use super::base::{Base, above, below};
use super::{Contest, Group, hardest};
use crate::{Assertion, AuditError, Ratio};

/// A condition for taking part in the allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing is asked.
    Free,
    /// At least this share of the base. `cells` are the choices whose votes count for it; empty: those of
    /// the group.
    Share {
        /// The share.
        share: Ratio,
        /// Of what.
        base: Base,
        /// The group's votes that count: for a floor in one region, those of the region.
        cells: Vec<usize>,
    },
    /// All of these: "in every unit".
    All(Vec<Self>),
    /// One of these.
    Any(Vec<Self>),
}

impl Condition {
    /// A share of the base with the group's own votes.
    pub fn share(share: Ratio, base: Base) -> Self {
        Self::Share { share, base, cells: Vec::new() }
    }

    /// Whether the reported votes meet it.
    ///
    /// # Errors
    /// [`AuditError::Overflow`], [`AuditError::UnknownChoice`].
    pub fn met(&self, contest: &Contest, group: &Group) -> Result<bool, AuditError> {
        match self {
            Self::Free => Ok(true),
            Self::Share { share, base, cells } => {
                let votes = contest.sum(if cells.is_empty() { &group.cells } else { cells })?;
                let needed = share.times(Ratio::count(base.reported(contest)?))?;
                Ok(Ratio::count(votes).compare(needed)?.is_ge())
            }
            Self::All(parts) => parts.iter().try_fold(true, |all, part| Ok(part.met(contest, group)? && all)),
            Self::Any(parts) => parts.iter().try_fold(false, |any, part| Ok(part.met(contest, group)? || any)),
        }
    }

    /// Assertions that prove what was reported: that the condition is met, or that it is not. Where one
    /// of several branches suffices, the cheapest on the reported votes is taken: before the seed, once.
    ///
    /// # Errors
    /// [`AuditError::NotReported`] where votes lie exactly on a limit, [`AuditError::Overflow`].
    pub fn proof(&self, contest: &Contest, group: &Group) -> Result<Vec<Assertion>, AuditError> {
        let met = self.met(contest, group)?;
        match self {
            Self::Free => Ok(Vec::new()),
            Self::Share { share, base, cells } => {
                let counted = if cells.is_empty() {
                    group.clone()
                } else {
                    Group { name: group.name.clone(), cells: cells.clone(), most: None }
                };
                let build = if met { above } else { below };
                Ok(vec![build(&counted, *share, base)?])
            }
            // Met: every part must be. Not met: one part that is not suffices. And the reverse for `Any`.
            Self::All(parts) if met => all(parts, contest, group),
            Self::Any(parts) if !met => all(parts, contest, group),
            Self::All(parts) | Self::Any(parts) => cheapest(parts, met, contest, group),
        }
    }
}

fn all(parts: &[Condition], contest: &Contest, group: &Group) -> Result<Vec<Assertion>, AuditError> {
    let mut found = Vec::new();
    for part in parts {
        found.extend(part.proof(contest, group)?);
    }
    Ok(found)
}

fn cheapest(parts: &[Condition], met: bool, contest: &Contest, group: &Group) -> Result<Vec<Assertion>, AuditError> {
    let mut best: Option<(Vec<Assertion>, Ratio)> = None;
    for part in parts {
        if part.met(contest, group)? != met {
            continue;
        }
        let proof = part.proof(contest, group)?;
        let margin = hardest(contest, &proof)?.map_or(Ratio::ONE, |worst| worst.1);
        if best.as_ref().map_or(Ok(true), |b| margin.compare(b.1).map(std::cmp::Ordering::is_gt))? {
            best = Some((proof, margin));
        }
    }
    Ok(best.map(|b| b.0).unwrap_or_default())
}

/// How the exclusion of a group under a threshold is proved with highest averages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excluded {
    /// It does not meet the condition.
    Below,
    /// It would win no seat even if it took part: every last seat beats its first. Every winner's, not
    /// only the weakest one's: the true tally can make another winner the weakest.
    NoSeatAnyway,
    /// Whichever has the larger smallest margin on the reported votes.
    Cheapest,
}
