//! MACRO (Stark 2008, 2009) with Kaplan-Markov, as Arlo runs it: draws with replacement in proportion to
//! error bounds, several pairs at once by their maximum. For comparison; the tests of
//! [`Comparison`] are never worse.

use super::{Comparison, Finding};
use crate::risk::kaplan_markov;
use crate::{AuditError, risk};

/// The maximum across assertions.
#[derive(Debug, Clone)]
pub struct Macro<'a> {
    pairs: &'a [Comparison<'a>],
    bounds: Vec<f64>,
}

impl<'a> Macro<'a> {
    /// From the comparisons of all pairs, over the same stations.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] without pairs, [`AuditError::Overflow`].
    pub fn new(pairs: &'a [Comparison<'a>]) -> Result<Self, AuditError> {
        let Some(first) = pairs.first() else {
            return Err(AuditError::Parameter { what: "pairs", why: "there must be at least one" });
        };
        let mut bounds = Vec::new();
        for place in 0..first.batches.stations().len() {
            let mut most = 0.0_f64;
            for pair in pairs {
                most = most.max(pair.bound(place)?);
            }
            bounds.push(most);
        }
        Ok(Self { pairs, bounds })
    }

    /// The error bound of one station.
    pub fn bound(&self, place: usize) -> Option<f64> {
        self.bounds.get(place).copied()
    }

    /// `U`.
    pub fn total(&self) -> f64 {
        self.bounds.iter().sum()
    }

    /// Draws needed if nothing is wrong: `ln(alpha)/ln(1 - 1/U)`, rounded up. Arlo adds one.
    pub fn draws(&self, limit: f64) -> f64 {
        (libm::log(limit) / libm::log1p(-1.0 / self.total())).ceil()
    }

    /// The taint of a finding: the largest relative error across pairs against the bound. Understatements
    /// count 0, as in Arlo, unless `signed`.
    ///
    /// # Errors
    /// As [`Comparison::taint`].
    pub fn taint(&self, place: usize, finding: &Finding, signed: bool) -> Result<f64, AuditError> {
        let mut most = f64::NEG_INFINITY;
        for pair in self.pairs {
            most = most.max(pair.taint(place, finding)? * pair.bound(place)?);
        }
        let bound = self.bound(place).unwrap_or(0.0);
        let taint = if bound > 0.0 { (most / bound).min(1.0) } else { 0.0 };
        Ok(if signed { taint } else { taint.max(0.0) })
    }

    /// Kaplan-Markov after all findings, in order of draw: `prod (1 - 1/U)/(1 - t)`. The value at the end;
    /// for a test that may stop at any moment take the smallest on the way. Stations that cannot be in error (those
    /// without the contest) are never drawn for it: where another contest's draw opens one, it says nothing here.
    ///
    /// # Errors
    /// As [`Self::taint`].
    pub fn risk(&self, findings: &[(usize, Finding)], signed: bool) -> Result<risk::Progress, AuditError> {
        let values = findings
            .iter()
            .filter(|(place, _)| self.bound(*place).is_none_or(|bound| bound > 0.0))
            .map(|(place, finding)| Ok(1.0 - self.taint(*place, finding, signed)?))
            .collect::<Result<Vec<_>, AuditError>>()?;
        kaplan_markov(&values, 1.0 - 1.0 / self.total(), 0.0)
    }
}
