//! Planning: how many draws an audit will take, by simulation.
//!
//! Each repetition draws its own order (or takes the order that was really drawn), puts errors in at the
//! assumed rates and runs the very test that the audit will run, stopping where it would stop. Figures come
//! from a seed: the same plan gives the same numbers anywhere.

mod stations;

pub use stations::{Effort, Simulation, StationErrors, stations};

use crate::AuditError;
use crate::risk::{Bet, Martingale, Null, hair, within};
use crate::sample::sha256;

/// Numbers for simulations (SplitMix64, Steele, Lea & Flood 2014). Never used to draw a sample.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// From a seed and the number of the repetition.
    pub fn new(seed: &str, repetition: u64) -> Self {
        let digest = sha256(format!("{seed},simulation,{repetition}").as_bytes());
        Self(digest.iter().take(8).fold(0, |n, byte| (n << 8) | u64::from(*byte)))
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n` (0 if `n` is 0), uneven by at most one part in 2^64/n.
    pub fn below(&mut self, n: u64) -> u64 {
        u64::try_from((u128::from(self.bits()) * u128::from(n)) >> 64).unwrap_or(0)
    }

    /// Whether something of this chance happens.
    pub fn happens(&mut self, chance: f64) -> bool {
        #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
        let draw = (self.bits() >> 11) as f64 * const { hair(53) };
        draw < chance
    }
}

/// Draws that a plan expects. A repetition that never met the limit counts as a full count.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizes {
    sorted: Vec<u64>,
    /// Repetitions that ended with a full count.
    pub full_counts: u64,
}

impl Sizes {
    /// From the draws of each repetition; `None`: not met with `all` draws.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] without repetitions.
    pub fn new(draws: &[Option<u64>], all: u64) -> Result<Self, AuditError> {
        within("repetitions", "there must be at least one", !draws.is_empty())?;
        let mut sorted: Vec<u64> = draws.iter().map(|d| d.unwrap_or(all)).collect();
        sorted.sort_unstable();
        let full_counts = u64::try_from(draws.iter().filter(|d| d.is_none()).count()).unwrap_or(u64::MAX);
        Ok(Self { sorted, full_counts })
    }

    /// The mean, rounded up.
    pub fn expected(&self) -> u64 {
        let sum: u128 = self.sorted.iter().map(|d| u128::from(*d)).sum();
        let repetitions = u128::try_from(self.sorted.len()).unwrap_or(1);
        u64::try_from(sum.div_ceil(repetitions)).unwrap_or(u64::MAX)
    }

    /// Draws that suffice in this percentage of the repetitions (50, 80, 90).
    pub fn percent(&self, percent: usize) -> u64 {
        let at = (self.sorted.len() * percent.min(100)).div_ceil(100).max(1) - 1;
        self.sorted[at]
    }
}

/// A population of few different values: ballots for the winner, the loser, others; clean cards and errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    parts: Vec<(f64, u64)>,
    total: u64,
}

impl Mix {
    /// Values and how many cards have each.
    ///
    /// # Errors
    /// [`AuditError::Overflow`]; [`AuditError::Parameter`] without cards or for values that are negative or
    /// not finite.
    pub fn new(parts: &[(f64, u64)]) -> Result<Self, AuditError> {
        let total = parts.iter().try_fold(0_u64, |sum, p| sum.checked_add(p.1)).ok_or(AuditError::Overflow)?;
        within("cards", "there must be at least one", total > 0)?;
        within("values", "must be finite and not negative", parts.iter().all(|p| p.0.is_finite() && p.0 >= 0.0))?;
        Ok(Self { parts: parts.to_vec(), total })
    }

    /// Cards in all.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The cards of one comparison audit: `clean` without error, `clean/2` and `0` at the given rates of
    /// one-vote and two-vote overstatements (rounded to whole cards).
    ///
    /// # Errors
    /// [`AuditError::Parameter`] for rates outside `0..=1` or above it together.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates are checked just before"
    )]
    pub fn comparison(cards: u64, clean: f64, one: f64, two: f64) -> Result<Self, AuditError> {
        within("rates", "must be between 0 and 1", one >= 0.0 && two >= 0.0 && one + two <= 1.0)?;
        let (one, two) = ((cards as f64 * one).round() as u64, (cards as f64 * two).round() as u64);
        let rest = cards.checked_sub(one).and_then(|rest| rest.checked_sub(two)).ok_or(AuditError::Overflow)?;
        Self::new(&[(clean, rest), (clean / 2.0, one), (0.0, two)])
    }

    /// Draws until the risk is at most `limit`, in a random order of the cards without replacement.
    fn draws<B: Bet>(&self, null: Null, bet: B, limit: f64, dice: &mut Dice) -> Result<Option<u64>, AuditError> {
        let mut left: Vec<(f64, u64)> = self.parts.clone();
        let mut remaining = self.total;
        let mut test = Martingale::new(null, bet);
        while remaining > 0 {
            let pick = dice.below(remaining);
            // Counted, not searched: which part it is cannot be foreseen, and a wrong guess costs more than the sum.
            let (mut at, mut below) = (0, 0);
            for part in &left {
                below += part.1;
                at += usize::from(pick >= below);
            }
            let part = &mut left[at];
            part.1 -= 1;
            test.push(part.0)?;
            remaining -= 1;
            if test.met(limit) {
                return Ok(Some(test.null().seen()));
            }
        }
        Ok(None)
    }
}

/// Sample sizes of a polling or card-comparison audit of a population like this.
///
/// # Errors
/// [`AuditError::Parameter`] without repetitions or for a limit outside `0..1`.
pub fn cards<B: Bet + Clone>(
    mix: &Mix,
    null: &Null,
    bet: &B,
    limit: f64,
    seed: &str,
    repetitions: u64,
) -> Result<Sizes, AuditError> {
    within("risk limit", "must be between 0 and 1", limit > 0.0 && limit < 1.0)?;
    let one = |repetition| mix.draws(null.clone(), bet.clone(), limit, &mut Dice::new(seed, repetition));
    let draws = (0..repetitions).map(one).collect::<Result<Vec<_>, _>>()?;
    Sizes::new(&draws, mix.total)
}
