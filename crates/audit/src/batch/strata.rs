//! Stations drawn apart in several strata (regions, kinds of equipment), joined into one risk of an assertion.
//!
//! With `E_s` what the stations of stratum s overstate together, in parts of the reported margin, the assertion is false
//! only if `sum E_s >= 1`: that is, if for some `b_s` that add up to 1 every `E_s >= b_s`. For every such `b` the product
//! of the strata's wealths against `E_s >= b_s` is a test, and the risk is that of the `b` that looks best for the null
//! (Stark 2023, ALPHA, section 5; Spertus, Sridhar & Stark 2024, arXiv 2409.06680).
//!
//! In one stratum stations are drawn in proportion to bounds on ballots. A station's value is
//! `X_k = D_s - e_k/n_k >= 0`, `D_s` the largest overstatement per ballot that any could have; its mean over ballots is at
//! most `D_s - b_s/N_s` under the null. Betting the share c of the most, the logarithm of wealth is
//! `sum ln(1 - c + c X/m)`, with m the mean that is left: convex in `b_s`, and rising. So every tangent is a lower bound,
//! and the least sum of tangents over all b is found by filling up to 1 with the flattest pieces first. Tangents at the
//! solution are added until it stays: each round is a bound that holds, the last the closest.
//!
//! The wealth is that of now, not the best so far: whoever chooses from which stratum the next station comes may look at
//! what was found, and stop at any time.

use super::{Comparison, Finding};
use crate::AuditError;
use crate::risk::{hair, rounded_up, within};

/// Rounds of tangents.
const ROUNDS: usize = 24;
/// Tangents of a stratum at the outset, closer to the end of what is possible.
const FIRST: u32 = 8;

/// What was drawn in a stratum. All figures are in parts of the reported margin.
#[derive(Debug, Clone)]
struct Part {
    /// Bounds on ballots.
    cards: f64,
    /// The largest overstatement of a ballot.
    top: f64,
    /// The largest value `X`.
    upper: f64,
    /// Values, with the bounds of their stations.
    draws: Vec<(f64, f64)>,
    /// The sum of values times bounds.
    seen: f64,
    /// The sum of bounds.
    gone: f64,
}

/// A tangent: where, how high, how steep.
#[derive(Debug, Clone, Copy)]
struct Tangent {
    at: f64,
    high: f64,
    steep: f64,
}

impl Part {
    /// The most that the stratum can overstate, given what was seen.
    fn most(&self) -> f64 {
        self.cards * self.top - self.seen
    }

    /// The least that it can overstate at all.
    fn least(&self) -> f64 {
        self.cards * (self.top - self.upper)
    }

    /// The logarithm of wealth against "it overstates at least `b`", and how fast it rises; none where that is not
    /// possible any more.
    fn wealth(&self, b: f64, share: f64) -> Option<Tangent> {
        let (mut high, mut steep) = (0.0, 0.0);
        // A hair more than the null's mean: rounding never helps.
        let all = (self.cards * self.top - b) * (1.0 + hair(45));
        let (mut seen, mut gone) = (0.0, 0.0);
        for (x, cards) in &self.draws {
            let left = self.cards - gone;
            let mean = (all - seen) / left;
            if mean.is_nan() || mean <= 0.0 {
                return None;
            }
            let factor = 1.0 - share + share * x / mean;
            high += libm::log(factor);
            steep += share * x / (left * mean * mean * factor);
            seen += x * cards;
            gone += cards;
        }
        (high.is_finite() && steep.is_finite()).then_some(Tangent { at: b, high, steep })
    }
}

/// A test over strata in progress.
#[derive(Debug, Clone)]
pub struct StrataTest<'a> {
    comparison: &'a Comparison<'a>,
    /// The stratum of each station.
    of: Vec<usize>,
    parts: Vec<Part>,
    share: f64,
}

impl<'a> StrataTest<'a> {
    /// A test of the stations by strata: `of` says for each station the number of its own. The share of the largest bet is
    /// fixed before the seed.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] for a share out of range or another number of stations.
    pub fn new(comparison: &'a Comparison<'a>, of: &[usize], share: f64) -> Result<Self, AuditError> {
        within("share", "must be above 0 and below 1", share > 0.0 && share < 1.0)?;
        within("strata", "one for each station", of.len() == comparison.batches.stations().len())?;
        let count = of.iter().max().map_or(0, |last| last + 1);
        within("strata", "at most a thousand", count <= 1_000)?;
        let empty = Part { cards: 0.0, top: 0.0, upper: 0.0, draws: Vec::new(), seen: 0.0, gone: 0.0 };
        let mut parts = vec![empty; count];
        let mut least: Vec<f64> = vec![f64::INFINITY; count];
        let (low, high) = comparison.ends();
        for (place, stratum) in of.iter().enumerate() {
            let (cards, mean) = comparison.reported_mean(place)?;
            if cards > 0.0 {
                let part = &mut parts[*stratum];
                part.top = if part.cards > 0.0 { part.top.max(mean - low) } else { mean - low };
                part.cards += cards;
                least[*stratum] = least[*stratum].min(mean);
            }
        }
        for (part, least) in parts.iter_mut().zip(least).filter(|(part, _)| part.cards > 0.0) {
            // Somewhat more than the most is no loss of validity.
            part.top *= 1.0 + hair(45);
            part.upper = part.top + high - least;
        }
        Ok(Self { comparison, of: of.to_vec(), parts, share })
    }

    /// Takes the finding of the next station of its stratum.
    ///
    /// # Errors
    /// As [`Comparison::taint`].
    pub fn push(&mut self, place: usize, finding: &Finding) -> Result<(), AuditError> {
        let error = self.comparison.error_per_card(place, Some(finding))?;
        self.take(place, error)
    }

    /// Takes the next station of its stratum, found to hold what was reported.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn push_reported(&mut self, place: usize) -> Result<(), AuditError> {
        let error = self.comparison.error_per_card(place, None)?;
        self.take(place, error)
    }

    fn take(&mut self, place: usize, error: f64) -> Result<(), AuditError> {
        let cards = self.comparison.reported_mean(place)?.0;
        let stratum = self.of.get(place).and_then(|at| self.parts.get_mut(*at));
        let Some(part) = stratum.filter(|_| cards > 0.0) else { return Ok(()) };
        within("stations", "more than the stratum holds", part.gone + cards <= part.cards * (1.0 + hair(40)))?;
        let x = (part.top - error).max(0.0);
        part.seen += x * cards;
        part.gone += cards;
        part.draws.push((x, cards));
        Ok(())
    }

    /// The risk now, rounded up. Valid at any moment.
    pub fn risk(&self) -> f64 {
        let draws = self.parts.iter().map(|part| part.draws.len()).sum::<usize>();
        match self.least_wealth() {
            None => 0.0,
            Some(wealth) => rounded_up(libm::exp(-wealth).min(1.0), u64::try_from(draws).unwrap_or(u64::MAX)),
        }
    }

    /// A lower bound on the logarithm of wealth over all ways to share out the overstatement; none: there is no such way
    /// left.
    fn least_wealth(&self) -> Option<f64> {
        let parts: Vec<&Part> = self.parts.iter().filter(|part| part.cards > 0.0).collect();
        let mut tangents: Vec<Vec<Tangent>> = Vec::new();
        for part in &parts {
            let (least, most) = (part.least(), part.most());
            let at = |n: u32| most - (most - least) * libm::pow(0.25, f64::from(n));
            let mut own: Vec<Tangent> = (0..FIRST).filter_map(|n| part.wealth(at(n), self.share)).collect();
            own.extend(part.wealth(0.0_f64.clamp(least.min(most), most), self.share));
            tangents.push(own);
        }
        let room: f64 = parts.iter().map(|part| part.most()).sum();
        let size: f64 = parts.iter().map(|part| part.cards * part.top.abs()).sum();
        if room + size * hair(40) < 1.0 {
            return None;
        }
        let mut best = f64::NEG_INFINITY;
        for _ in 0..ROUNDS {
            let (wealth, points) = fill(&parts, &mut tangents);
            best = best.max(wealth);
            let mut news = false;
            for ((part, own), b) in parts.iter().zip(&mut tangents).zip(points) {
                if let Some(tangent) = part.wealth(b, self.share)
                    && !own.iter().any(|old| old.at.total_cmp(&b).is_eq())
                {
                    own.push(tangent);
                    news = true;
                }
            }
            if !news {
                break;
            }
        }
        Some(best)
    }
}

/// Pieces of the upper envelope of a stratum's tangents: slope and length, from the least on; and the height there.
fn pieces(part: &Part, tangents: &mut [Tangent]) -> (f64, Vec<(f64, f64)>) {
    let (least, most) = (part.least(), part.most());
    tangents.sort_by(|a, b| a.at.total_cmp(&b.at));
    let height = |tangent: &Tangent, b: f64| tangent.high + tangent.steep * (b - tangent.at);
    // Wealth is never below that of losing every bet.
    let Some(first) = tangents.first() else { return (f64::NEG_INFINITY, vec![(0.0, most - least)]) };
    let start = height(first, least);
    let mut all = Vec::with_capacity(tangents.len());
    let mut from = least;
    for (at, own) in tangents.iter().enumerate() {
        let to = match tangents.get(at + 1) {
            None => most,
            // Where the next one is higher.
            Some(next) if next.steep > own.steep => {
                ((own.high - own.steep * own.at) - (next.high - next.steep * next.at)) / (next.steep - own.steep)
            }
            Some(next) => next.at,
        };
        let to = to.clamp(from, most.max(from));
        all.push((own.steep, to - from));
        from = to;
    }
    (start, all)
}

/// The least sum of envelopes over shares that add up to 1, and the shares that give it.
fn fill(parts: &[&Part], tangents: &mut [Vec<Tangent>]) -> (f64, Vec<f64>) {
    let mut points: Vec<f64> = parts.iter().map(|part| part.least()).collect();
    let mut wealth = 0.0;
    let mut order: Vec<(f64, f64, usize)> = Vec::new();
    for (at, (part, own)) in parts.iter().zip(tangents).enumerate() {
        let (start, pieces) = pieces(part, own);
        wealth += start;
        order.extend(pieces.into_iter().map(|(steep, long)| (steep, long, at)));
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    let mut left = 1.0 - points.iter().sum::<f64>();
    for (steep, long, at) in order {
        if left.is_nan() || left <= 0.0 {
            break;
        }
        let step = long.min(left);
        wealth += steep * step;
        points[at] += step;
        left -= step;
    }
    (wealth, points)
}
