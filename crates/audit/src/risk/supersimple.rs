//! SuperSimple: comparison of ballots by counting four kinds of discrepancies (Stark 2010, "Super-simple
//! simultaneous single-ballot risk-limiting audits"); used by Colorado and Arlo with gamma 1.03905.

use super::{rounded_up, within};
use crate::AuditError;

/// Discrepancies found so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Discrepancies {
    /// The margin was overstated by one vote.
    pub over1: u64,
    /// By two votes.
    pub over2: u64,
    /// Understated by one vote.
    pub under1: u64,
    /// By two votes.
    pub under2: u64,
}

/// Rates of discrepancies expected when planning.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ErrorRates {
    /// One-vote overstatements per ballot.
    pub over1: f64,
    /// Two-vote overstatements per ballot.
    pub over2: f64,
    /// One-vote understatements per ballot.
    pub under1: f64,
    /// Two-vote understatements per ballot.
    pub under2: f64,
}

/// A contest in votes, where no share stands for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InVotes {
    /// Ballots cast in it.
    pub ballots: u64,
    /// Votes between the weakest winner and the strongest loser.
    pub margin: u64,
}

/// The measure for a diluted margin (margin in votes divided by ballots) and an inflator gamma.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SuperSimple {
    margin: f64,
    gamma: f64,
}

impl SuperSimple {
    /// # Errors
    /// [`AuditError::Parameter`] unless `gamma > 1` and `0 < margin <= 1`.
    pub fn new(margin: f64, gamma: f64) -> Result<Self, AuditError> {
        within("gamma", "must be finite and above 1", gamma > 1.0 && gamma.is_finite())?;
        within("margin", "must be above 0 and at most 1", margin > 0.0 && margin <= 1.0)?;
        Ok(Self { margin, gamma })
    }

    /// The logarithm of what discrepancies do to the measure, negated: positive for overstatements.
    fn errors(&self, of: [f64; 4]) -> f64 {
        let one = 1.0 / (2.0 * self.gamma);
        let two = 1.0 / self.gamma;
        let logs = [libm::log1p(-one), libm::log1p(-two), libm::log1p(one), libm::log1p(two)];
        -(0..4).map(|at| of[at] * logs[at]).sum::<f64>()
    }

    /// The risk after `ballots` draws with replacement.
    pub fn risk(&self, ballots: u64, found: Discrepancies) -> f64 {
        let clean = count(ballots) * libm::log1p(-self.margin / (2.0 * self.gamma));
        rounded_up(libm::exp(clean + self.errors(found.counts())), 64).min(1.0)
    }

    /// The risk in a small contest, of which so many different ballots were seen: one draw each. Where the errors found and the
    /// worst that every ballot not yet seen could hold (two votes) together leave the winner ahead, no error found can matter, and
    /// none is charged. The outcome is certain then, so that every measure is sound; this one is what a clean sample gives.
    pub fn risk_in(&self, contest: InVotes, seen: u64, found: Discrepancies) -> f64 {
        let over = i128::from(found.over1) + 2 * i128::from(found.over2);
        let under = i128::from(found.under1) + 2 * i128::from(found.under2);
        let unseen = 2 * i128::from(contest.ballots.saturating_sub(seen));
        let certain = over - under + unseen < i128::from(contest.margin);
        self.risk(seen, if certain { Discrepancies::default() } else { found })
    }

    /// Draws needed for a risk limit if no more discrepancies are found than these
    /// (`-2 gamma (ln alpha + ...) / margin`, the linear approximation that Colorado prints).
    ///
    /// # Errors
    /// [`AuditError::Parameter`] unless `0 < limit < 1`.
    pub fn draws(&self, limit: f64, found: Discrepancies) -> Result<u64, AuditError> {
        within("risk limit", "must be between 0 and 1", limit > 0.0 && limit < 1.0)?;
        let wanted = 2.0 * self.gamma * (self.errors(found.counts()) - libm::log(limit)) / self.margin;
        let found = [found.over1, found.over2, found.under1, found.under2];
        let least = found.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
        Ok(whole(wanted.ceil()).max(least))
    }

    /// Draws to plan for with expected rates. As in Stark's tool, expected one-vote discrepancies are
    /// rounded up and two-vote discrepancies to the nearest, three times over.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] if the limit is not between 0 and 1, or errors at these rates outweigh
    /// the margin.
    pub fn planned(&self, limit: f64, rates: ErrorRates) -> Result<u64, AuditError> {
        let each = [rates.over1, rates.over2, rates.under1, rates.under2];
        let per_draw = libm::log1p(-self.margin / (2.0 * self.gamma)) + self.errors(each);
        within("rates", "errors at these rates outweigh the margin", per_draw < 0.0)?;
        within("risk limit", "must be between 0 and 1", limit > 0.0 && limit < 1.0)?;
        let mut draws = whole((libm::log(limit) / per_draw).ceil());
        for _ in 0..3 {
            let n = count(draws);
            let found = Discrepancies {
                over1: whole((rates.over1 * n).ceil()),
                over2: whole((rates.over2 * n).round()),
                under1: whole((rates.under1 * n).ceil()),
                under2: whole((rates.under2 * n).round()),
            };
            draws = self.draws(limit, found)?;
        }
        Ok(draws)
    }
}

impl Discrepancies {
    fn counts(self) -> [f64; 4] {
        [count(self.over1), count(self.over2), count(self.under1), count(self.under2)]
    }
}

#[allow(clippy::cast_precision_loss, reason = "a statistic")]
fn count(n: u64) -> f64 {
    n as f64
}

/// A computed number of draws as an integer; what does not fit is the largest.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just before")]
fn whole(n: f64) -> u64 {
    if n >= 9.0e15 { u64::MAX } else { n.max(0.0) as u64 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Fifteen ballots, six votes between the two, fourteen seen.
    #[test]
    fn errors_that_cannot_matter_are_not_charged() {
        let measure = SuperSimple::new(6.0 / 15.0, 1.039_05).unwrap();
        let contest = InVotes { ballots: 15, margin: 6 };
        let found = |over1, over2| Discrepancies { over1, over2, ..Discrepancies::default() };
        let clean = measure.risk(14, found(0, 0));
        for (over1, over2) in [(1, 0), (3, 0), (0, 1), (1, 1)] {
            assert_eq!(measure.risk_in(contest, 14, found(over1, over2)), clean, "{over1} {over2}");
        }
        // Four votes found and two that may still come are the whole margin.
        assert_eq!(measure.risk_in(contest, 14, found(0, 2)), measure.risk(14, found(0, 2)));
        assert_eq!(measure.risk_in(contest, 12, found(0, 0)), measure.risk(12, found(0, 0)));
        assert_eq!(measure.risk_in(contest, 12, found(1, 0)), measure.risk(12, found(1, 0)));
    }
}
