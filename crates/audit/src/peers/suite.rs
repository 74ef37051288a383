//! The ballot-polling stratum of SUITE (Ottoboni, Stark, Lindeman, McBurnett 2018, arXiv 1809.04235,
//! section 3.2 and appendix): a sequential probability ratio with three kinds of ballots and sampling
//! without replacement.

use crate::AuditError;

/// What is reported and sampled in the stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollingStratum {
    /// Ballots in the stratum.
    pub ballots: u64,
    /// Reported votes for the winner and the loser.
    pub reported: (u64, u64),
    /// Sampled votes for the winner and the loser.
    pub sampled: (u64, u64),
    /// Ballots sampled.
    pub sample: u64,
}

/// `sum ln(whole - i)` for `i < drawn`, minus infinity if there are too few.
#[allow(clippy::cast_precision_loss, reason = "a statistic")]
fn log_falling(whole: i64, drawn: u64) -> f64 {
    if drawn == 0 {
        return 0.0;
    }
    if whole < 0 || whole.unsigned_abs() < drawn {
        return f64::NEG_INFINITY;
    }
    let whole = whole.unsigned_abs() as f64 + 1.0;
    libm::lgamma(whole) - libm::lgamma(whole - drawn as f64)
}

/// The stratum's p-value for the null that the winner leads the loser there by at most `margin` votes
/// (in SUITE the overall margin less its share `lambda` allotted to the stratum): the likelihood of the
/// sample under the null, at its best number of winner votes, over that under the report, at most 1.
///
/// # Errors
/// [`AuditError::Parameter`] if votes and ballots contradict each other; [`AuditError::TooLarge`] for
/// more than 2^40 ballots.
pub fn suite_p(stratum: PollingStratum, margin: i64) -> Result<f64, AuditError> {
    let signed = |n: u64| i64::try_from(n).map_err(|_| AuditError::Overflow);
    let bad = AuditError::Parameter { what: "stratum", why: "votes and ballots contradict each other" };
    if stratum.ballots > 1 << 40 || margin.unsigned_abs() > 1 << 40 {
        return Err(AuditError::TooLarge("the polling stratum"));
    }
    let (winner, loser) = stratum.reported;
    let others = winner.checked_add(loser).and_then(|both| stratum.ballots.checked_sub(both)).ok_or(bad.clone())?;
    let (won, lost) = stratum.sampled;
    let rest = won.checked_add(lost).and_then(|both| stratum.sample.checked_sub(both)).ok_or(bad.clone())?;
    let reported =
        log_falling(signed(winner)?, won) + log_falling(signed(loser)?, lost) + log_falling(signed(others)?, rest);
    if reported.is_nan() || reported.is_infinite() {
        return Ok(1.0);
    }
    let ballots = signed(stratum.ballots)?;
    let under = |votes: i64| {
        log_falling(votes, won) + log_falling(votes - margin, lost) + log_falling(ballots - 2 * votes + margin, rest)
    };
    let mut low = signed(won)?.max(signed(lost)? + margin).max(margin).max(0);
    let mut high = (ballots - signed(rest)? + margin).div_euclid(2);
    if low > high {
        return Ok(0.0);
    }
    // The likelihood is log-concave in the winner's votes: ternary search over whole numbers.
    while high - low > 2 {
        let third = (high - low) / 3;
        if under(low + third) < under(high - third) { low += third } else { high -= third }
    }
    let best = (low..=high).map(under).fold(f64::NEG_INFINITY, f64::max);
    Ok(libm::exp(best - reported).min(1.0))
}
