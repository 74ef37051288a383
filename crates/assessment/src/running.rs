//! The test of one assertion: over one sample, or over strata that are drawn apart.

use recount_audit::AuditError;
use recount_audit::batch::{Assessment as Test, Comparison, Finding, StrataTest, Way};

use crate::Refusal;
use crate::frames::FrameData;
use crate::plan::{Plan, PlannedBet};

/// A test in progress.
#[derive(Debug, Clone)]
pub enum Running<'a> {
    /// One sample.
    One(Box<Test<'a, PlannedBet>>),
    /// One for each stratum.
    Strata(StrataTest<'a>),
}

impl<'a> Running<'a> {
    /// The test of a comparison by the plan.
    ///
    /// # Errors
    /// [`Refusal`] for a bet that strata cannot have.
    pub fn new(comparison: &'a Comparison<'a>, frame: &FrameData, plan: &Plan) -> Result<Self, Refusal> {
        Ok(match &frame.strata {
            None => Self::One(Box::new(comparison.test(Way::Ballots, false, plan.bet()?)?)),
            Some(strata) => Self::Strata(StrataTest::new(comparison, strata, plan.fixed_share()?)?),
        })
    }

    /// Takes the next station's finding.
    ///
    /// # Errors
    /// As [`Test::push`].
    pub fn push(&mut self, place: usize, finding: &Finding) -> Result<(), AuditError> {
        match self {
            Self::One(test) => test.push(place, finding),
            Self::Strata(test) => test.push(place, finding),
        }
    }

    /// Takes the next station, found to hold what was reported.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn push_reported(&mut self, place: usize) -> Result<(), AuditError> {
        match self {
            Self::One(test) => test.push_reported(place),
            Self::Strata(test) => test.push_reported(place),
        }
    }

    /// The risk now, rounded up.
    pub fn risk(&self) -> f64 {
        match self {
            Self::One(test) => test.risk(),
            Self::Strata(test) => test.risk(),
        }
    }

    /// Whether the risk is at most `limit`.
    pub fn met(&self, limit: f64) -> bool {
        match self {
            Self::One(test) => test.met(limit),
            Self::Strata(test) => test.risk() <= limit,
        }
    }

    /// Whether it is worth looking after so many stations: joining strata takes a search each time.
    pub fn worth(&self, stations: u64) -> bool {
        match self {
            Self::One(_) => true,
            Self::Strata(_) => stations <= 8 || stations.is_multiple_of((stations / 16).max(1)),
        }
    }
}
