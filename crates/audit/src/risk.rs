//! Risk measures: how likely a sample this good would be if an assertion were false.
//!
//! **Rounding.** These are the only floating-point figures of the crate (binary64; logarithms from
//! `libm`). They are rounded against the result: the null mean is taken larger by 2^-48 of the whole,
//! and a measured risk grows by 2^-50 for every draw. The effect is below 1e-9 for a million draws;
//! a risk is never reported lower than it is.

mod bets;
mod kaplan;
mod martingale;
mod normal;
mod null;
mod strata;
mod supersimple;

pub use bets::{
    Agrapa, Alpha, Bet, Constant, Estimator, FixedBet, FixedMean, Fraction, Rates, ShrinkTrunc, optimal_comparison_mean,
};
pub use kaplan::{kaplan_kolmogorov, kaplan_markov, kaplan_wald};
pub use martingale::{Martingale, Progress, measure, sample_size};
pub use normal::{normal_cdf, normal_quantile};
pub use null::{Null, Population};
pub use strata::{Stratum, two_strata};
pub use supersimple::{Discrepancies, ErrorRates, InVotes, SuperSimple};

use crate::AuditError;

/// `2^-n` for small `n`: exact. (Written out, for the hot loops are built without their libraries being optimised.)
pub(crate) const fn hair(n: u32) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a power of two")]
    let whole = (1_u64 << n) as f64;
    1.0 / whole
}

/// Takes a computed risk to one that is safe to report after `draws` steps of rounding.
#[inline]
pub(crate) fn rounded_up(p: f64, draws: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "an allowance")]
    let allowance = 1.0 + (draws as f64 + 8.0) * const { hair(50) };
    (p * allowance).min(1.0)
}

/// Refuses a figure that is not a number of the range.
#[inline]
pub(crate) fn within(what: &'static str, why: &'static str, ok: bool) -> Result<(), AuditError> {
    if ok { Ok(()) } else { Err(AuditError::Parameter { what, why }) }
}
