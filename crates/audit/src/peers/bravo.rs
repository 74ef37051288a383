//! BRAVO (Lindeman, Stark, Yates 2012) and Wald's sequential probability ratio test (1945).

use crate::AuditError;
use crate::risk::{Progress, normal_quantile, within};

/// BRAVO for one winner and one loser with their reported votes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bravo {
    share: f64,
    /// Ballots that hold a vote for one of the two, as a share of all.
    pair: f64,
}

impl Bravo {
    /// Shares of all ballots reported for winner and loser.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] unless the winner leads and both shares add up to at most 1.
    pub fn new(winner: f64, loser: f64) -> Result<Self, AuditError> {
        within("shares", "the winner must lead", winner > loser && loser >= 0.0 && winner.is_finite())?;
        within("shares", "must add up to at most 1", winner + loser <= 1.0 + 1e-12)?;
        Ok(Self { share: winner / (winner + loser), pair: winner + loser })
    }

    fn logs(&self) -> (f64, f64) {
        (libm::log(2.0 * self.share), libm::log(2.0 * (1.0 - self.share)))
    }

    /// The statistic `T = (2s)^winner (2 - 2s)^loser`; the risk is `1/T`.
    pub fn statistic(&self, winner: u64, loser: u64) -> f64 {
        let power = |base: f64, n: u64| if n == 0 { 1.0 } else { libm::pow(base, count(n)) };
        power(2.0 * self.share, winner) * power(2.0 - 2.0 * self.share, loser)
    }

    /// The average sample number in ballots: `(ln(1/alpha) + z_w/2) / (p_w z_w + p_l z_l)`, rounded up.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] unless `0 < limit < 1`.
    pub fn average(&self, limit: f64) -> Result<u64, AuditError> {
        within("risk limit", "must be between 0 and 1", limit > 0.0 && limit < 1.0)?;
        let (plus, minus) = self.logs();
        let lost = if self.share < 1.0 { (1.0 - self.share) * minus } else { 0.0 };
        Ok(whole(((-libm::log(limit) + plus / 2.0) / (self.pair * (self.share * plus + lost))).ceil()))
    }

    /// The size of a next round that ends the audit with at least the chance `completion` if the report is right
    /// (a rule of M. Lindeman, also in Arlo): the normal approximation gives a first size; the exact binomial
    /// quantile of the winner's votes then confirms it, or it is enlarged until it does. The chance is that among
    /// ballots for one of the two; ballots for others are added in proportion, as if their number were certain.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] for chances outside `0..1`, or a winner with every vote.
    pub fn round(&self, limit: f64, before: (u64, u64), completion: f64) -> Result<u64, AuditError> {
        within("risk limit", "must be between 0 and 1", limit > 0.0 && limit < 1.0)?;
        within("completion", "must be between 0 and 1", completion > 0.0 && completion < 1.0)?;
        within("shares", "the loser must have votes", self.share < 1.0)?;
        let (plus, minus) = self.logs();
        let missing = -libm::log(limit) - (count(before.0) * plus + count(before.1) * minus);
        if missing <= 0.0 {
            return Ok(0);
        }
        // Winner votes at the quantile, n s + z sqrt(n s (1-s)), meet the least that ends the audit,
        // (missing - n minus) / (plus - minus): a quadratic in sqrt n.
        let slope = self.share + minus / (plus - minus);
        let bend = -normal_quantile(completion) * (self.share * (1.0 - self.share)).sqrt();
        let rest = missing / (plus - minus);
        let root = (-bend + (bend * bend + 4.0 * slope * rest).sqrt()) / (2.0 * slope);
        let mut n = whole((root * root).floor());
        for _ in 0..10_000 {
            let won = binomial_quantile(1.0 - completion, n, self.share);
            if count(won) * plus + count(n - won) * minus > missing {
                return Ok(whole((count(n) / self.pair).ceil()));
            }
            n = n.saturating_add(1);
        }
        Err(AuditError::TooLarge("the size of a round"))
    }
}

/// The least k with `P(X <= k) >= p` for a binomial X.
fn binomial_quantile(p: f64, n: u64, share: f64) -> u64 {
    let deviation = (count(n) * share * (1.0 - share)).sqrt();
    let mut k = whole((count(n) * share - 20.0 * deviation - 20.0).floor());
    let log_choose = libm::lgamma(count(n) + 1.0) - libm::lgamma(count(k) + 1.0) - libm::lgamma(count(n - k) + 1.0);
    let mut chance = libm::exp(log_choose + count(k) * libm::log(share) + count(n - k) * libm::log1p(-share));
    let mut sum = chance;
    while sum < p && k < n {
        chance *= count(n - k) / count(k + 1) * (share / (1.0 - share));
        k += 1;
        sum += chance;
    }
    k
}

/// Wald's SPRT for values in `[0, u]`, with or without replacement: each value multiplies the ratio by
/// `(x eta/mu + (u - x)(u - eta)/(u - mu)) / u`, once. (SHANGRLA 9d5db92 accumulates twice, which gives
/// a risk of error above 40 % at a limit of 5 %.) Here with independent draws: `mu = t`.
///
/// # Errors
/// [`AuditError::Parameter`] unless `0 < t < u`, `0 <= eta <= u` and all values are in `[0, u]`.
pub fn wald_sprt(values: &[f64], t: f64, u: f64, eta: f64) -> Result<Progress, AuditError> {
    within("t", "must be between 0 and u", t > 0.0 && t < u)?;
    within("eta", "must be between 0 and u", (0.0..=u).contains(&eta))?;
    let mut progress = Progress { risk: 1.0, history: Vec::new(), wealth: Vec::new() };
    let mut ratio = 1.0_f64;
    for x in values {
        within("value", "must be between 0 and u", (0.0..=u).contains(x))?;
        ratio *= (x * eta / t + (u - x) * (u - eta) / (u - t)) / u;
        progress.risk = progress.risk.min(1.0 / ratio);
        progress.history.push((1.0 / ratio).min(1.0));
        progress.wealth.push(ratio);
    }
    Ok(progress)
}

#[allow(clippy::cast_precision_loss, reason = "a statistic")]
fn count(n: u64) -> f64 {
    n as f64
}

/// A computed count as an integer; what does not fit is the largest.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just before")]
fn whole(n: f64) -> u64 {
    if n >= 9.0e15 { 9_000_000_000_000_000 } else { n.max(0.0) as u64 }
}
