//! Cards of which only their batch's totals were reported, beside cards with records of their own: ONEAudit (Stark 2023,
//! arXiv 2303.03335). Every card of such a pool has the pool's mean as its reported value; a card with a record has its own.
//! Their mean over all cards is the reported one either way, so the test is that of any comparison. What varies within a
//! pool looks like error and costs cards: the bet has to be smaller, and is found from the report before the seed.

use std::collections::BTreeMap;

use super::{CardAssertion, CardTest, Kind, Paper, Test, comparison};
use crate::comparison::{Audited, Overstatement, Reported, Style, overstatement};
use crate::oneaudit::Pool;
use crate::plan::{Mix, Sizes, cards as simulate};
use crate::risk::{Fraction, within};
use crate::{AuditError, Ratio};

/// Bets are a multiple of one part in this many of the largest.
const BETS: u32 = 200;

/// Values that simulations tell apart: the whole scale is divided into so many steps.
const STEPS: f64 = 1_000.0;

impl CardAssertion {
    /// What is reported of every card of a pool: the mean of the assorter over it.
    ///
    /// # Errors
    /// [`AuditError::NoSufficientSet`] for an instant-runoff, of which totals say nothing; [`AuditError::Parameter`] for an
    /// empty pool, [`AuditError::Overflow`].
    pub fn pool_value(&self, pool: &Pool) -> Result<Ratio, AuditError> {
        match &self.kind {
            Kind::Ranked(_) => {
                Err(AuditError::NoSufficientSet("totals of ranked ballots do not say who outlasts whom"))
            }
            Kind::Pair { assertion, rule } => pool.mean(&assertion.assorter(*rule, self.cards)?),
        }
    }

    /// What a drawn card can be worth if everything is as reported, and on how many cards: one value for all cards with
    /// a record, and for each pool those of ballots for the winner, for the loser, for neither or both.
    fn values(&self, pools: &[Pool]) -> Result<Vec<(f64, u64)>, AuditError> {
        let scale = Overstatement::new(self.upper, self.margin)?;
        let mut values = Vec::new();
        let mut pooled = 0_u64;
        for pool in pools.iter().filter(|pool| pool.ballots > 0) {
            let mean = self.pool_value(pool)?;
            let x = |value: Ratio| -> Result<f64, AuditError> {
                let omega = overstatement(Reported::Value(mean), Audited::Value(value), Style::Ignored)?;
                Ok(scale.value(omega)?.to_f64())
            };
            let (winner, loser) = self.both(pool)?;
            let neither = pool.ballots.saturating_sub(winner.saturating_add(loser));
            let each = [(Ratio::ONE, winner), (Ratio::ZERO, loser), (Ratio::new(1, 2)?, neither)];
            for (value, cards) in each {
                values.push((x(value)?, cards));
            }
            pooled = pooled.checked_add(pool.ballots).ok_or(AuditError::Overflow)?;
        }
        let recorded = self.cards.checked_sub(pooled).ok_or(AuditError::Overflow)?;
        values.push((scale.no_error()?.to_f64(), recorded));
        Ok(values)
    }

    /// Votes of a pool for the winner and for the loser; where marks overlap, only what either has alone.
    fn both(&self, pool: &Pool) -> Result<(u64, u64), AuditError> {
        let Kind::Pair { assertion, .. } = &self.kind else { return Ok((0, 0)) };
        let mut sums = [0_u64; 2];
        for (choice, by) in assertion.terms() {
            let votes = *pool.votes.get(*choice).ok_or(AuditError::UnknownChoice(*choice))?;
            let own = &mut sums[usize::from(by.is_negative())];
            *own = own.checked_add(votes).ok_or(AuditError::Overflow)?;
        }
        let overlap = sums[0].saturating_add(sums[1]).saturating_sub(pool.ballots);
        Ok((sums[0].saturating_sub(overlap), sums[1].saturating_sub(overlap)))
    }

    /// The share of the largest bet at which wealth grows fastest if everything is as reported, at most `most`. It depends
    /// on the report alone, and so is fixed before the seed.
    ///
    /// # Errors
    /// As [`Self::pool_value`]; [`AuditError::Parameter`] for a share outside 0 to 1.
    pub fn pooled_bet(&self, pools: &[Pool], most: f64) -> Result<f64, AuditError> {
        within("bet", "must be a share from 0 to 1", (0.0..=1.0).contains(&most))?;
        let values = self.values(pools)?;
        let steps: Vec<f64> =
            (1..BETS).map(|n| f64::from(n) / f64::from(BETS)).filter(|share| *share <= most).collect();
        #[allow(clippy::cast_precision_loss, reason = "a weight")]
        let growth = |share: f64| -> f64 {
            let one = |(x, cards): &(f64, u64)| *cards as f64 * libm::log1p(share * (x / 0.5 - 1.0));
            values.iter().map(one).sum()
        };
        let mut best = (0.0, most.min(1.0 / f64::from(BETS)));
        for share in steps {
            let own = growth(share);
            // Growth is concave: once it falls it falls.
            if own < best.0 {
                break;
            }
            best = (own, share);
        }
        Ok(best.1)
    }
}

impl CardTest<'_> {
    /// The next card, drawn from a pool whose cards are reported at `mean` ([`CardAssertion::pool_value`]). A card without
    /// the contest counts one half: a pool's totals do not say which of its cards hold it.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`]; [`AuditError::Parameter`] in polling.
    pub fn push_pooled(&mut self, mean: Ratio, paper: &Paper) -> Result<(), AuditError> {
        let audited = self.assertion.audited(paper)?;
        let Test::Comparison(test, scale) = &mut self.test else {
            return Err(AuditError::Parameter { what: "pool", why: "polling knows no pools" });
        };
        test.push(scale.value(overstatement(Reported::Value(mean), audited, Style::Ignored)?)?.to_f64())
    }
}

/// How many cards an assertion takes where some cards have only their pools' totals, by simulation, if the report is
/// right. Values are told apart in a thousand steps.
///
/// # Errors
/// As [`CardAssertion::pooled_bet`]; [`AuditError::Parameter`] for a limit out of range, or without repetitions.
pub fn pooled_sizes(
    assertion: &CardAssertion,
    pools: &[Pool],
    most: f64,
    limit: f64,
    repetitions: u64,
) -> Result<Sizes, AuditError> {
    let (null, _) = comparison(assertion, most)?;
    let mut steps: BTreeMap<u64, u64> = BTreeMap::new();
    for (x, cards) in assertion.values(pools)?.into_iter().filter(|(_, cards)| *cards > 0) {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "values lie between 0 and the bound"
        )]
        let step = (x / null.upper() * STEPS).round().clamp(0.0, STEPS) as u64;
        *steps.entry(step).or_default() += cards;
    }
    #[allow(clippy::cast_precision_loss, reason = "a step of a thousand")]
    let parts: Vec<(f64, u64)> = steps.into_iter().map(|(n, cards)| (n as f64 * null.upper() / STEPS, cards)).collect();
    let bet = Fraction(assertion.pooled_bet(pools, most)?);
    let seed = format!("size of {} with pools", assertion.name);
    simulate(&Mix::new(&parts)?, &null, &bet, limit, &seed, repetitions)
}
