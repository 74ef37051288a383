//! Samples drawn apart in two strata (two kinds of equipment, home and abroad), joined into one risk.
//!
//! The assertion is false only if the strata's means `m_1`, `m_2` satisfy `w_1 m_1 + w_2 m_2 <= 1/2`, with `w` their
//! shares of the cards. For every way of allotting the half, the product of the strata's wealths is a test of it
//! (Stark 2023, ALPHA, section 5; Spertus, Sridhar & Stark 2024, arXiv 2409.06680). The risk is that of the way that
//! looks best for the null.
//!
//! That maximum is bounded, not searched: with bets of a fixed share of the most, wealth falls as the null mean
//! rises, so on each piece of the line the worst corner bounds all of it. A finer division gives a closer bound.

use super::bets::Fraction;
use super::martingale::Martingale;
use super::null::{Null, Population};
use super::{rounded_up, within};
use crate::AuditError;

/// Values drawn in one stratum, in order.
#[derive(Debug, Clone, Copy)]
pub struct Stratum<'a> {
    /// The values drawn.
    pub values: &'a [f64],
    /// How many there are to draw from.
    pub population: Population,
    /// Upper bound of the values.
    pub upper: f64,
    /// Its share of all cards.
    pub weight: f64,
}

impl Stratum<'_> {
    /// The largest mean that the values drawn leave possible.
    #[allow(clippy::cast_precision_loss, reason = "a statistic")]
    fn most(&self) -> f64 {
        let Population::Finite(size) = self.population else { return self.upper };
        let left = (size as f64 - self.values.len() as f64).max(0.0);
        ((self.values.iter().sum::<f64>() + self.upper * left) / size as f64).min(self.upper)
    }

    fn wealth(&self, mean: f64, share: f64) -> Result<f64, AuditError> {
        let null = Null::new(self.population, mean.clamp(0.0, self.upper), self.upper)?;
        let mut test = Martingale::new(null, Fraction(share));
        self.values.iter().try_for_each(|x| test.push(*x))?;
        Ok(test.wealth())
    }
}

/// The joint risk of two strata, rounded up; `share` of the most is bet at every draw, and the line of null means is
/// divided into `pieces`. Valid for samples whose sizes were fixed beforehand.
///
/// # Errors
/// [`AuditError::Parameter`] for weights that do not add up to 1, values out of range, or no pieces.
pub fn two_strata(strata: [Stratum<'_>; 2], share: f64, pieces: u32) -> Result<f64, AuditError> {
    let [first, second] = strata;
    within("weights", "must be positive and add up to 1", {
        let sum = first.weight + second.weight;
        first.weight > 0.0 && second.weight > 0.0 && (sum - 1.0).abs() < 1e-9
    })?;
    within("pieces", "there must be at least one", pieces > 0)?;
    within("share", "must be above 0 and below 1", share > 0.0 && share < 1.0)?;
    // Means that the draws have ruled out already need no test.
    let most = (0.5 / first.weight).min(first.most());
    let least = ((0.5 - second.weight * second.most()) / first.weight).max(0.0);
    if first.values.iter().chain(second.values).any(|x| !x.is_finite() || *x < 0.0) {
        return within("value", "must be finite and not negative", false).map(|()| 1.0);
    }
    if least > most {
        // No pair of means is possible under the null.
        return Ok(0.0);
    }
    let at = |n: u32| least + (most - least) * f64::from(n) / f64::from(pieces);
    let other = |mean: f64| ((0.5 - first.weight * mean) / second.weight).max(0.0);
    let mut worst = f64::INFINITY;
    for n in 0..pieces {
        let (high, low) = (first.wealth(at(n + 1), share)?, second.wealth(other(at(n)), share)?);
        let product = high * low;
        worst = worst.min(if product.is_nan() { 0.0 } else { product });
    }
    let draws = u64::try_from(first.values.len() + second.values.len()).unwrap_or(u64::MAX);
    Ok(rounded_up((1.0 / worst).min(1.0), draws))
}
