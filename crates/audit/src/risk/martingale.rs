//! Betting against the null: wealth that can grow only by luck if the null is true.
//!
//! `T_n = prod (1 + lambda_j (X_j - mu_j))` with bets fixed before each draw, `0 <= lambda_j <= 1/mu_j`.
//! Under the null T is a nonnegative supermartingale that starts at 1, so `1/max T` is a valid risk
//! at every moment, however the moment was chosen (Ville; Waudby-Smith, Stark, Ramdas 2021, RiLACS;
//! Stark 2023, ALPHA, arXiv 2201.02707).

use super::bets::Bet;
use super::null::{Null, Remaining};
use super::{hair, rounded_up, within};
use crate::AuditError;

/// A sequential test in progress.
#[derive(Debug, Clone)]
pub struct Martingale<B> {
    null: Null,
    bet: B,
    wealth: f64,
    best: f64,
}

impl<B: Bet> Martingale<B> {
    /// A test of `null` with a bet rule that was fixed before the seed.
    pub fn new(null: Null, bet: B) -> Self {
        Self { null, bet, wealth: 1.0, best: 1.0 }
    }

    /// Takes the next value in the order of the draw.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] for a value that is negative or not finite, or one more than there are.
    #[inline]
    pub fn push(&mut self, x: f64) -> Result<(), AuditError> {
        self.push_weighted(x, 1.0)
    }

    /// Takes values in the order of the draw: the same as [`Self::push`] for each, in less time. After an error those
    /// before it are taken.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn push_all(&mut self, values: &[f64]) -> Result<(), AuditError>
    where
        B: Clone,
    {
        // A copy of its own can stay in registers.
        let mut own = self.clone();
        let done = values.iter().try_for_each(|x| own.push(*x));
        *self = own;
        done
    }

    /// Takes the next value with its weight (a station with its ballots).
    ///
    /// # Errors
    /// As [`Self::push`].
    #[inline]
    pub fn push_weighted(&mut self, x: f64, weight: f64) -> Result<(), AuditError> {
        let before = self.null.remaining();
        self.null.see_weighted(x, weight)?;
        match before {
            Remaining::Mean(mu) => {
                let lambda = self.bet.bet(mu, self.null.upper()).max(0.0);
                let lambda = if lambda * mu > 1.0 { 1.0 / mu } else { lambda };
                // Rounding can take the lowest outcome of the largest bet a hair below zero.
                self.wealth = (self.wealth * (1.0 + lambda * (x - mu))).max(0.0);
                self.bet.see(x, mu);
            }
            Remaining::OnlyZeros if x > self.null.upper() * const { hair(40) } => self.wealth = f64::INFINITY,
            Remaining::Impossible => self.wealth = f64::INFINITY,
            Remaining::OnlyZeros | Remaining::Certain => self.wealth = 0.0,
        }
        if self.null.refuted_by_all() {
            self.wealth = f64::INFINITY;
        }
        if self.wealth.is_nan() {
            self.wealth = 0.0;
        }
        self.best = self.best.max(self.wealth);
        Ok(())
    }

    /// Wealth after the last draw, from 1 at the start.
    pub fn wealth(&self) -> f64 {
        self.wealth
    }

    /// The risk now: `min(1, 1/max T)`, rounded up. Valid at any moment.
    #[inline]
    pub fn risk(&self) -> f64 {
        rounded_up(1.0 / self.best, self.null.seen())
    }

    /// Whether the risk is at most `limit`; cheap enough to ask after every draw.
    #[inline]
    pub fn met(&self, limit: f64) -> bool {
        self.best * limit >= 1.0 && self.risk() <= limit
    }

    /// `min(1, 1/T)` of the last draw alone. For comparison with tools that report it.
    pub fn risk_of_last(&self) -> f64 {
        rounded_up((1.0 / self.wealth).min(1.0), self.null.seen())
    }

    /// The hypothesis with what was seen.
    pub fn null(&self) -> &Null {
        &self.null
    }
}

/// A whole sample measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The risk at the end: the smallest so far.
    pub risk: f64,
    /// Per draw `min(1, 1/T)`, not the smallest so far.
    pub history: Vec<f64>,
    /// Per draw the wealth `T`.
    pub wealth: Vec<f64>,
}

/// Runs a sample through a test.
///
/// # Errors
/// As [`Martingale::push`].
pub fn measure<B: Bet>(null: Null, bet: B, values: &[f64]) -> Result<Progress, AuditError> {
    let mut test = Martingale::new(null, bet);
    let mut progress = Progress { risk: 1.0, history: Vec::new(), wealth: Vec::new() };
    for x in values {
        test.push(*x)?;
        progress.history.push(test.risk_of_last());
        progress.wealth.push(test.wealth());
    }
    progress.risk = test.risk();
    Ok(progress)
}

/// After how many draws the risk is at most `limit`; `None` if the values do not suffice.
///
/// # Errors
/// As [`Martingale::push`]; [`AuditError::Parameter`] unless `0 < limit < 1`.
pub fn sample_size<B: Bet>(
    null: Null,
    bet: B,
    values: impl IntoIterator<Item = f64>,
    limit: f64,
) -> Result<Option<u64>, AuditError> {
    within("risk limit", "must be between 0 and 1", limit > 0.0 && limit < 1.0)?;
    let mut test = Martingale::new(null, bet);
    for x in values {
        test.push(x)?;
        if test.met(limit) {
            return Ok(Some(test.null.seen()));
        }
    }
    Ok(None)
}
