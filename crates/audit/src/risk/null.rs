//! The null hypothesis: the mean of the population is at most `t`.

use super::{hair, within};
use crate::AuditError;

/// How many values there are to draw from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Population {
    /// Draws are independent (with replacement).
    Infinite,
    /// Draws without replacement from this many.
    Finite(u64),
}

/// The hypothesis to be rejected, and how far the draws so far have moved it.
///
/// Values can have weights (stations weigh as many ballots as they hold): the mean is then the weighted
/// mean, and draws must come in proportion to the weights.
#[derive(Debug, Clone)]
pub struct Null {
    /// The weight of everything, if draws do not come back.
    whole: Option<f64>,
    mean: f64,
    upper: f64,
    seen: u64,
    weight: f64,
    sum: f64,
    lost: f64,
}

/// What remains possible before a draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Remaining {
    /// The null mean of the values not drawn yet.
    Mean(f64),
    /// Under the null nothing but zeros remain.
    OnlyZeros,
    /// The draws exceed what the null allows for the whole population.
    Impossible,
    /// What remains cannot reach the null mean: the null is true.
    Certain,
}

impl Null {
    /// Values in `[0, upper]` with mean at most `mean`.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] for an empty population, or means outside `[0, upper]`.
    pub fn new(population: Population, mean: f64, upper: f64) -> Result<Self, AuditError> {
        #[allow(clippy::cast_precision_loss, reason = "a statistic")]
        let whole = match population {
            Population::Infinite => None,
            Population::Finite(size) => Some(size as f64),
        };
        Self::weighted(whole, mean, upper)
    }

    /// The same for values with weights that add up to `whole`; `None` if draws come back.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn weighted(whole: Option<f64>, mean: f64, upper: f64) -> Result<Self, AuditError> {
        within("population", "must not be empty", whole.is_none_or(|w| w > 0.0 && w.is_finite()))?;
        within("upper", "must be positive and finite", upper > 0.0 && upper.is_finite())?;
        within("mean", "must be between 0 and the upper bound", (0.0..=upper).contains(&mean))?;
        Ok(Self { whole, mean, upper, seen: 0, weight: 0.0, sum: 0.0, lost: 0.0 })
    }

    /// Upper bound of the values.
    #[inline]
    pub fn upper(&self) -> f64 {
        self.upper
    }

    /// How many values were drawn.
    #[inline]
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// The mean of the whole population under the null.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The sum of the values drawn, with the bits that plain addition loses (Neumaier).
    #[inline]
    pub(crate) fn sum(&self) -> f64 {
        self.sum + self.lost
    }

    /// `mu_j`, the null mean of what remains before draw j: `t`, or `(N t - S) / (N - j + 1)`.
    pub fn remaining_mean(&self) -> f64 {
        self.whole.map_or(self.mean, |whole| (whole * self.mean - self.sum()) / (whole - self.weight))
    }

    /// The state before the next draw, every doubt resolved for the null.
    #[inline]
    pub(crate) fn remaining(&self) -> Remaining {
        let Some(whole) = self.whole else { return Remaining::Mean(self.mean) };
        let (allowed, left) = (whole * self.mean, whole - self.weight);
        let doubt = allowed * const { hair(48) };
        let rest = allowed - self.sum();
        if rest < -doubt {
            return Remaining::Impossible;
        }
        if rest <= doubt {
            return Remaining::OnlyZeros;
        }
        if rest - doubt > self.upper * left {
            return Remaining::Certain;
        }
        Remaining::Mean((rest + doubt) / left)
    }

    /// Takes one drawn value into account.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] for a value that is negative or not finite, or one more than there are.
    #[inline]
    pub fn see(&mut self, x: f64) -> Result<(), AuditError> {
        self.see_weighted(x, 1.0)
    }

    /// Takes one drawn value with its weight into account.
    ///
    /// # Errors
    /// As [`Self::see`].
    #[inline]
    pub fn see_weighted(&mut self, x: f64, weight: f64) -> Result<(), AuditError> {
        within("value", "must be finite and not negative", x.is_finite() && x >= 0.0)?;
        within("weight", "must be positive and finite", weight > 0.0 && weight.is_finite())?;
        if let Some(whole) = self.whole {
            let room = whole * (1.0 + const { hair(40) });
            within("draws", "more draws than the population holds", self.weight + weight <= room)?;
        }
        let part = x * weight;
        let sum = self.sum + part;
        self.lost += if self.sum >= part { (self.sum - sum) + part } else { (part - sum) + self.sum };
        self.sum = sum;
        self.weight += weight;
        self.seen += 1;
        Ok(())
    }

    /// After the last value: whether the whole population was seen and exceeds the null.
    #[inline]
    pub(crate) fn refuted_by_all(&self) -> bool {
        let Some(whole) = self.whole else { return false };
        let allowed = whole * self.mean;
        let seen_all = self.weight >= whole * (1.0 - const { hair(40) });
        seen_all && self.sum() > allowed + allowed * const { hair(48) }
    }
}
