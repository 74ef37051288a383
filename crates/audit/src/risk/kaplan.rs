//! Kaplan's measures: products of the draws against the null mean, with a padding `g` against zeros.

use super::martingale::Progress;
use super::null::{Null, Population, Remaining};
use super::{rounded_up, within};
use crate::AuditError;

struct Product {
    wealth: f64,
    best: f64,
    progress: Progress,
}

impl Product {
    fn new() -> Self {
        let progress = Progress { risk: 1.0, history: Vec::new(), wealth: Vec::new() };
        Self { wealth: 1.0, best: 1.0, progress }
    }

    fn times(&mut self, factor: f64) {
        self.wealth *= factor;
        if self.wealth.is_nan() {
            self.wealth = 0.0;
        }
        self.best = self.best.max(self.wealth);
        let draws = u64::try_from(self.progress.wealth.len()).unwrap_or(u64::MAX).saturating_add(1);
        self.progress.history.push(rounded_up((1.0 / self.wealth).min(1.0), draws));
        self.progress.wealth.push(self.wealth);
        self.progress.risk = rounded_up(1.0 / self.best, draws);
    }
}

fn value(x: f64) -> Result<(), AuditError> {
    within("value", "must be finite and not negative", x.is_finite() && x >= 0.0)
}

fn padding(g: f64, most: f64) -> Result<(), AuditError> {
    within("g", "must be from 0, and below 1 for Kaplan-Wald", (0.0..most).contains(&g))
}

/// Kaplan-Markov, independent draws: `prod (t + g) / (X + g)` (Stark 2009).
///
/// # Errors
/// [`AuditError::Parameter`].
pub fn kaplan_markov(values: &[f64], t: f64, g: f64) -> Result<Progress, AuditError> {
    padding(g, f64::INFINITY)?;
    within("t", "must be positive", t > 0.0)?;
    let mut product = Product::new();
    for x in values {
        value(*x)?;
        product.times((x + g) / (t + g));
    }
    Ok(product.progress)
}

/// Kaplan-Wald, independent draws: `1 / prod ((1 - g) X/t + g)` (Kaplan 1987, Stark & Teague 2014).
///
/// # Errors
/// [`AuditError::Parameter`].
pub fn kaplan_wald(values: &[f64], t: f64, g: f64) -> Result<Progress, AuditError> {
    padding(g, 1.0)?;
    within("t", "must be positive", t > 0.0)?;
    let mut product = Product::new();
    for x in values {
        value(*x)?;
        product.times((1.0 - g) * x / t + g);
    }
    Ok(product.progress)
}

/// Kaplan-Kolmogorov, without replacement: `X + g` against the mean of what remains under `t + g`.
///
/// # Errors
/// [`AuditError::Parameter`], also for more draws than the population holds.
pub fn kaplan_kolmogorov(values: &[f64], size: u64, t: f64, g: f64) -> Result<Progress, AuditError> {
    padding(g, f64::INFINITY)?;
    within("t", "must be positive", t > 0.0)?;
    let mut null = Null::new(Population::Finite(size), t + g, f64::MAX)?;
    let mut product = Product::new();
    for x in values {
        value(*x)?;
        let before = null.remaining();
        null.see(x + g)?;
        match before {
            _ if null.refuted_by_all() => product.times(f64::INFINITY),
            Remaining::Mean(mu) => product.times((x + g) / mu),
            Remaining::Impossible => product.times(f64::INFINITY),
            Remaining::OnlyZeros | Remaining::Certain => product.times(0.0),
        }
    }
    Ok(product.progress)
}
