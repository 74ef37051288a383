//! One assertion over stations: bounds, taints, the common scale, and the tests on them.

use super::{Batches, Finding, possible};
use crate::risk::{Bet, Martingale, Null};
use crate::sample::Weighted;
use crate::scaled::Scaled;
use crate::{Assertion, AuditError};

/// How stations are drawn and valued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In proportion to ballots, one sample for all assertions and contests (the default).
    Ballots,
    /// In proportion to this assertion's own error bounds: fewer draws where it alone decides.
    Bounds,
}

/// An assertion's batch comparison, ready for findings.
#[derive(Debug, Clone)]
pub struct Comparison<'a> {
    pub(super) batches: &'a Batches,
    name: String,
    scaled: Scaled,
    /// `G` of each station as reported, times the factor.
    reported: Totals,
    /// `G`, times the factor.
    total: i128,
    /// The station with the largest mean value: `G_k / n_k`.
    top: (i128, u64),
    /// The station with the smallest.
    bottom: (i128, u64),
}

/// Whole numbers of stations, short where they can be: there are many.
#[derive(Debug, Clone)]
pub(super) enum Totals {
    Short(Vec<i64>),
    Long(Vec<i128>),
}

impl Totals {
    fn new(batches: &Batches, scaled: &Scaled) -> Result<Self, AuditError> {
        let all = (&batches.votes[..], batches.found, batches.cards);
        if let Some(short) = scaled.totals(&batches.columns, &batches.sizes, all) {
            return Ok(Self::Short(short));
        }
        let one =
            |(place, (cards, found)): (usize, &(u64, u64))| scaled.total_at(&batches.columns, place, *found, *cards);
        Ok(Self::Long(batches.sizes.iter().enumerate().map(one).collect::<Result<_, _>>()?))
    }

    #[inline]
    pub(super) fn of(&self, place: usize) -> i128 {
        match self {
            Self::Short(all) => i128::from(all[place]),
            Self::Long(all) => all[place],
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "statistics start here")]
fn float(n: i128) -> f64 {
    n as f64
}

#[allow(clippy::cast_precision_loss, reason = "statistics start here")]
fn count(n: u64) -> f64 {
    n as f64
}

/// Whether `a.0/a.1 > b.0/b.1`.
fn above(a: (i128, u64), b: (i128, u64)) -> Result<bool, AuditError> {
    if let (Ok(short_a), Ok(short_b)) = (i64::try_from(a.0), i64::try_from(b.0)) {
        // 63 and 64 bits: never more than 127.
        let times = |g: i64, n: u64| i128::from(g).wrapping_mul(i128::from(n));
        return Ok(times(short_a, b.1) > times(short_b, a.1));
    }
    let left = a.0.checked_mul(i128::from(b.1)).ok_or(AuditError::Overflow)?;
    let right = b.0.checked_mul(i128::from(a.1)).ok_or(AuditError::Overflow)?;
    Ok(left > right)
}

impl<'a> Comparison<'a> {
    /// One pass over the stations.
    ///
    /// # Errors
    /// [`AuditError::NotReported`] if the reported tallies do not satisfy the assertion,
    /// [`AuditError::Trivial`], [`AuditError::Overflow`].
    pub fn new(batches: &'a Batches, assertion: &Assertion) -> Result<Self, AuditError> {
        let scaled = Scaled::new(assertion, batches.rule, batches.cards)?;
        let reported = Totals::new(batches, &scaled)?;
        let (mut total, mut top, mut bottom) = (0_i128, None, None);
        for (place, (cards, _)) in batches.sizes.iter().copied().enumerate() {
            let g = reported.of(place);
            total = total.checked_add(g).ok_or(AuditError::Overflow)?;
            if cards == 0 {
                continue;
            }
            let here = (g, cards);
            if top.map_or(Ok(true), |t| above(here, t))? {
                top = Some(here);
            }
            if bottom.map_or(Ok(true), |b| above(b, here))? {
                bottom = Some(here);
            }
        }
        if total <= 0 {
            return Err(AuditError::NotReported(assertion.name.clone()));
        }
        let (top, bottom) = (top.unwrap_or((0, 1)), bottom.unwrap_or((0, 1)));
        Ok(Self { batches, name: assertion.name.clone(), scaled, reported, total, top, bottom })
    }

    /// The assertion's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `G`, the reported left side.
    pub fn total(&self) -> f64 {
        float(self.total) / float(self.scaled.factor)
    }

    /// The assorter margin `v`.
    pub fn margin(&self) -> f64 {
        float(self.total) / (float(-self.scaled.low) * count(self.batches.cards))
    }

    /// The mean value of a station on the assorter's scale: `(G_k/n_k - gmin) / (-2 gmin)`.
    fn mean_value(&self, g: i128, cards: u64) -> f64 {
        let low = float(self.scaled.low);
        (float(g) / count(cards) - low) / (-2.0 * low)
    }

    /// `w`, the largest reported mean value of a station.
    pub fn top(&self) -> f64 {
        self.mean_value(self.top.0, self.top.1)
    }

    /// The station's error bound `u_k = (G_k - n_k gmin)/G`, as the integer `u_k` times `G`.
    fn room(&self, place: usize) -> Result<i128, AuditError> {
        let station = self.batches.station(place)?;
        self.reported.of(place).checked_sub(self.scaled.worst(station.cards)?).ok_or(AuditError::Overflow)
    }

    /// The error bound `u_k`, relative to the margin.
    ///
    /// # Errors
    /// [`AuditError::Overflow`], [`AuditError::Parameter`] for no such place.
    pub fn bound(&self, place: usize) -> Result<f64, AuditError> {
        Ok(float(self.room(place)?) / float(self.total))
    }

    /// `U`, the sum of the bounds: `1 + 1/v`.
    pub fn bounds(&self) -> f64 {
        1.0 + 1.0 / self.margin()
    }

    /// `G` of a station as found; what is missing to its bound counts as the worst.
    fn audited(&self, place: usize, finding: &Finding) -> Result<i128, AuditError> {
        let station = self.batches.station(place)?;
        match finding {
            Finding::Unavailable => self.scaled.worst(station.cards),
            Finding::Counted { found, votes } => {
                let batches = self.batches;
                possible(&station.name, station.cards, *found, votes, batches.rule, batches.votes.len())?;
                // The missing cards carry the constant's part within the worst, not apart from it.
                let g = self.scaled.total(votes, *found, *found)?;
                g.checked_add(self.scaled.worst(station.cards - found)?).ok_or(AuditError::Overflow)
            }
            Finding::Mixed { found, votes, cards } => {
                let batches = self.batches;
                if *cards < station.cards || *cards == 0 {
                    return Err(AuditError::Parameter { what: "bounds", why: "those of mixed boxes hold each own" });
                }
                possible(&station.name, *cards, *found, votes, batches.rule, batches.votes.len())?;
                let g = self.scaled.total(votes, *found, *found)?;
                let all = g.checked_add(self.scaled.worst(cards - found)?).ok_or(AuditError::Overflow)?;
                // Rounded against the assertion.
                let part = all.checked_mul(i128::from(station.cards)).ok_or(AuditError::Overflow)?;
                Ok(part.div_euclid(i128::from(*cards)))
            }
        }
    }

    /// `G` of a station that holds what was reported.
    fn as_reported(&self, place: usize) -> Result<i128, AuditError> {
        let Some((cards, found)) = self.batches.sizes.get(place).copied() else {
            return self.batches.station(place).map(|_| 0);
        };
        let g = self.scaled.total_at(&self.batches.columns, place, found, found)?;
        g.checked_add(self.scaled.worst(cards - found)?).ok_or(AuditError::Overflow)
    }

    /// The overstatement of `G` in a station, times the factor.
    fn error(&self, place: usize, finding: &Finding) -> Result<i128, AuditError> {
        let audited = self.audited(place, finding)?;
        self.reported.of(place).checked_sub(audited).ok_or(AuditError::Overflow)
    }

    /// The error of a finding relative to the margin, as if the whole were in error at the same rate per ballot:
    /// 1 where that would be a tie. Its mean over draws in proportion to ballots estimates the whole.
    ///
    /// # Errors
    /// As [`Self::taint`].
    pub fn relative_error(&self, place: usize, finding: &Finding) -> Result<f64, AuditError> {
        let cards = self.batches.station(place)?.cards;
        if cards == 0 {
            return Ok(0.0);
        }
        let error = float(self.error(place, finding)?);
        Ok(error / count(cards) * count(self.batches.cards) / float(self.total))
    }

    /// The lowest and highest value of a ballot, in parts of the margin.
    pub(super) fn ends(&self) -> (f64, f64) {
        (float(self.scaled.low) / float(self.total), float(self.scaled.high) / float(self.total))
    }

    /// A station's bound on ballots, and its reported mean in parts of the margin.
    pub(super) fn reported_mean(&self, place: usize) -> Result<(f64, f64), AuditError> {
        let cards = count(self.batches.station(place)?.cards);
        let mean = if cards > 0.0 { float(self.reported.of(place)) / float(self.total) / cards } else { 0.0 };
        Ok((cards, mean))
    }

    /// What a finding (none: as reported) overstates, per ballot, in parts of the margin.
    pub(super) fn error_per_card(&self, place: usize, finding: Option<&Finding>) -> Result<f64, AuditError> {
        let cards = self.batches.station(place)?.cards;
        let error = match finding {
            Some(finding) => self.error(place, finding)?,
            None => self.reported.of(place).checked_sub(self.as_reported(place)?).ok_or(AuditError::Overflow)?,
        };
        Ok(if cards > 0 { float(error) / float(self.total) / count(cards) } else { 0.0 })
    }

    /// The margin as a share of the largest that the ballots could give: `gbar / (gmax - gmin)`.
    pub fn relative_margin(&self) -> f64 {
        float(self.total) / (float(self.scaled.high - self.scaled.low) * count(self.batches.cards))
    }

    /// The taint `t_k = e_k/u_k`, at most 1; negative if the margin was understated.
    ///
    /// # Errors
    /// [`AuditError::BoundBroken`], [`AuditError::ImpossibleVotes`], [`AuditError::Length`],
    /// [`AuditError::Overflow`].
    pub fn taint(&self, place: usize, finding: &Finding) -> Result<f64, AuditError> {
        let (error, room) = (self.error(place, finding)?, self.room(place)?);
        Ok(if room == 0 { 0.0 } else { float(error) / float(room) })
    }

    /// The value of a finding on the common scale: `X_k = (w - (A_k reported - A_k audited)) / (2w - v)`.
    ///
    /// # Errors
    /// As [`Self::taint`].
    pub fn value(&self, place: usize, finding: &Finding) -> Result<f64, AuditError> {
        let station = self.batches.station(place)?;
        Ok(self.value_of(self.error(place, finding)?, station.cards))
    }

    fn value_of(&self, error: i128, cards: u64) -> f64 {
        let off = float(error) / (count(cards) * -2.0 * float(self.scaled.low));
        ((self.top() - off) / (2.0 * self.top() - self.margin())).max(0.0)
    }

    /// The largest possible value on the common scale.
    fn upper_value(&self) -> f64 {
        let least = self.mean_value(self.bottom.0, self.bottom.1);
        let low = float(self.scaled.low);
        let most = (float(self.scaled.high) - low) / (-2.0 * low);
        (self.top() + most - least) / (2.0 * self.top() - self.margin())
    }

    /// The sampler that belongs to a way. That of [`Way::Bounds`] draws by whole-number weights `u_k G`.
    ///
    /// # Errors
    /// [`AuditError::Overflow`], [`AuditError::Parameter`] if there is nothing to draw.
    pub fn sampler(&self, way: Way) -> Result<Weighted, AuditError> {
        match way {
            Way::Ballots => self.batches.sampler(),
            Way::Bounds => {
                let weight = |place| u64::try_from(self.room(place)?).map_err(|_| AuditError::Overflow);
                Weighted::new(&(0..self.batches.stations.len()).map(weight).collect::<Result<Vec<_>, _>>()?)
            }
        }
    }

    /// A test ready for findings in the order of the draw. `again`: draws with replacement.
    ///
    /// # Errors
    /// [`AuditError::Parameter`].
    pub fn test<B: Bet>(&'a self, way: Way, again: bool, bet: B) -> Result<Assessment<'a, B>, AuditError> {
        let null = match way {
            Way::Ballots => Null::weighted((!again).then(|| count(self.batches.cards)), 0.5, self.upper_value())?,
            Way::Bounds => {
                let most = float(self.scaled.high - self.scaled.low) / float(self.total) * count(self.batches.cards);
                Null::weighted((!again).then(|| self.bounds()), 1.0 - 1.0 / self.bounds(), most.max(1.0))?
            }
        };
        Ok(Assessment { comparison: self, way, test: Martingale::new(null, bet) })
    }

    /// Draws that maximal bets need if nothing is wrong, with replacement: `ln(alpha) / ln(1 - 1/U)`.
    pub fn least_draws(&self, limit: f64) -> f64 {
        (libm::log(limit) / libm::log1p(-1.0 / self.bounds())).ceil()
    }
}

/// A test in progress.
#[derive(Debug, Clone)]
pub struct Assessment<'a, B> {
    comparison: &'a Comparison<'a>,
    way: Way,
    test: Martingale<B>,
}

impl<B: Bet> Assessment<'_, B> {
    /// Takes the next drawn station's finding.
    ///
    /// # Errors
    /// As [`Comparison::taint`]; [`AuditError::Parameter`] for more stations than there are.
    pub fn push(&mut self, place: usize, finding: &Finding) -> Result<(), AuditError> {
        match self.way {
            Way::Ballots => {
                let cards = self.comparison.batches.station(place)?.cards;
                self.test.push_weighted(self.comparison.value(place, finding)?, count(cards))
            }
            Way::Bounds => {
                let x = 1.0 - self.comparison.taint(place, finding)?;
                self.test.push_weighted(x, self.comparison.bound(place)?)
            }
        }
    }

    /// Takes the next drawn station, found to hold what was reported.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn push_reported(&mut self, place: usize) -> Result<(), AuditError> {
        let own = self.comparison;
        let cards = own.batches.station(place)?.cards;
        let error = own.reported.of(place).checked_sub(own.as_reported(place)?).ok_or(AuditError::Overflow)?;
        match self.way {
            Way::Ballots => self.test.push_weighted(own.value_of(error, cards), count(cards)),
            Way::Bounds => {
                let room = own.room(place)?;
                let taint = if room == 0 { 0.0 } else { float(error) / float(room) };
                self.test.push_weighted(1.0 - taint, own.bound(place)?)
            }
        }
    }

    /// The wealth after the last draw.
    pub fn wealth(&self) -> f64 {
        self.test.wealth()
    }

    /// Whether the risk is at most `limit`.
    pub fn met(&self, limit: f64) -> bool {
        self.test.met(limit)
    }

    /// The risk now, rounded up. Valid at any moment.
    pub fn risk(&self) -> f64 {
        self.test.risk()
    }
}
