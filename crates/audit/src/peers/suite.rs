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
fn log_falling(whole: f64, drawn: u64) -> f64 {
    if drawn == 0 {
        return 0.0;
    }
    let left = whole - drawn as f64 + 1.0;
    if left <= 0.0 { f64::NEG_INFINITY } else { libm::lgamma(whole + 1.0) - libm::lgamma(left) }
}

/// The stratum's p-value for the null that the winner leads the loser there by at most `margin` votes
/// (in SUITE the overall margin less its share `lambda` allotted to the stratum): the likelihood of the
/// sample under the null, at its best number of winner votes, over that under the report, at most 1.
///
/// As in SUITE's own code the best number need not be whole, which makes the p-value a little larger.
///
/// # Errors
/// [`AuditError::Parameter`] if votes and ballots contradict each other; [`AuditError::TooLarge`] for
/// more than 2^40 ballots.
#[allow(clippy::cast_precision_loss, reason = "below 2^40")]
pub fn suite_p(stratum: PollingStratum, margin: f64) -> Result<f64, AuditError> {
    let bad = AuditError::Parameter { what: "stratum", why: "votes and ballots contradict each other" };
    let most = (1_u64 << 40) as f64;
    if stratum.ballots > 1 << 40 || !(-most..=most).contains(&margin) {
        return Err(AuditError::TooLarge("the polling stratum"));
    }
    let (winner, loser) = stratum.reported;
    let others = winner.checked_add(loser).and_then(|both| stratum.ballots.checked_sub(both)).ok_or(bad.clone())?;
    let (won, lost) = stratum.sampled;
    let rest = won.checked_add(lost).and_then(|both| stratum.sample.checked_sub(both)).ok_or(bad)?;
    let reported = log_falling(winner as f64, won) + log_falling(loser as f64, lost) + log_falling(others as f64, rest);
    if !reported.is_finite() {
        return Ok(1.0);
    }
    let ballots = stratum.ballots as f64;
    let under = |votes: f64| {
        log_falling(votes, won) + log_falling(votes - margin, lost) + log_falling(ballots - 2.0 * votes + margin, rest)
    };
    let mut low = (won as f64).max(lost as f64 + margin);
    let mut high = f64::midpoint(ballots - rest as f64, margin);
    if low > high {
        return Ok(0.0);
    }
    let mut best = under(low).max(under(high));
    // The likelihood is log-concave in the winner's votes: ternary search, well below a millionth of a vote.
    for _ in 0..150 {
        let third = (high - low) / 3.0;
        let (left, right) = (low + third, high - third);
        let (at_left, at_right) = (under(left), under(right));
        best = best.max(at_left).max(at_right);
        if at_left < at_right { low = left } else { high = right }
    }
    Ok(libm::exp(best - reported).min(1.0))
}
