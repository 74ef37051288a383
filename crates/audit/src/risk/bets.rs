//! Rules for the next bet, from the draws before it and nothing else.

use super::hair;
use super::null::Population;

/// A rule that fixes the next bet before the draw.
pub trait Bet {
    /// `lambda` for the next draw, given the null mean `mu` of what remains and the values' upper
    /// bound. The test limits it to `[0, 1/mu]`.
    fn bet(&mut self, mu: f64, upper: f64) -> f64;
    /// Takes a drawn value into account.
    fn see(&mut self, x: f64, mu: f64);
}

/// A rule that guesses the mean of what remains; [`Alpha`] turns it into a bet.
pub trait Estimator {
    /// `eta` for the next draw.
    fn estimate(&mut self, mu: f64, upper: f64) -> f64;
    /// Takes a drawn value into account.
    fn see(&mut self, x: f64);
}

/// ALPHA: `lambda = (eta/mu - 1) / (u - mu)` (Stark 2023, arXiv 2201.02707, section 2).
#[derive(Debug, Clone)]
pub struct Alpha<E>(pub E);

impl<E: Estimator> Bet for Alpha<E> {
    #[inline]
    fn bet(&mut self, mu: f64, upper: f64) -> f64 {
        let eta = self.0.estimate(mu, upper);
        // Near the upper bound there is nothing to win.
        let room = upper - mu;
        // `(eta/mu - 1) / room` with one division.
        if room <= upper * const { hair(40) } { 0.0 } else { (eta - mu) / (mu * room) }
    }

    #[inline]
    fn see(&mut self, x: f64, _mu: f64) {
        self.0.see(x);
    }
}

/// Always the same `eta`.
#[derive(Debug, Clone, Copy)]
pub struct Constant(pub f64);

impl Estimator for Constant {
    #[inline]
    fn estimate(&mut self, _mu: f64, _upper: f64) -> f64 {
        self.0
    }

    #[inline]
    fn see(&mut self, _x: f64) {}
}

/// The mean of what remains if the whole population has mean `eta`: `(N eta - S) / (N - j + 1)`.
#[derive(Debug, Clone, Copy)]
pub struct FixedMean {
    eta: f64,
    size: Option<f64>,
    seen: f64,
    sum: f64,
}

impl FixedMean {
    /// A population of mean `eta`.
    #[allow(clippy::cast_precision_loss, reason = "a statistic")]
    pub fn new(eta: f64, population: Population) -> Self {
        let size = match population {
            Population::Infinite => None,
            Population::Finite(size) => Some(size as f64),
        };
        Self { eta, size, seen: 0.0, sum: 0.0 }
    }
}

impl Estimator for FixedMean {
    #[inline]
    fn estimate(&mut self, _mu: f64, upper: f64) -> f64 {
        self.size.map_or(self.eta, |size| ((size * self.eta - self.sum) / (size - self.seen)).min(upper))
    }

    #[inline]
    fn see(&mut self, x: f64) {
        self.seen += 1.0;
        self.sum += x;
    }
}

/// Mean and population variance of what was seen (Welford).
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    #[inline]
    fn see(&mut self, x: f64) {
        self.count += 1.0;
        let off = x - self.mean;
        self.mean += off / self.count;
        self.squares += off * (x - self.mean);
    }

    fn variance(&self) -> f64 {
        if self.count > 0.0 { self.squares / self.count } else { 0.0 }
    }
}

/// Truncated shrinkage (ALPHA, section 2.5.2): between a guess `eta0`, which weighs `d` draws, and the
/// mean so far; at least `c / sqrt(d + j - 1)` above `mu` and, as SHANGRLA has it, at least as much below `u`
/// (the paper: below `u`); with `f > 0` drawn towards `u` the less the values spread.
#[derive(Debug, Clone, Copy)]
pub struct ShrinkTrunc {
    /// The guess before the first draw.
    pub eta: f64,
    /// Least distance above the null mean and below the upper bound, shrinking.
    pub c: f64,
    /// Draws that the guess weighs.
    pub d: f64,
    /// Weight of the upper bound.
    pub f: f64,
    /// Least standard deviation.
    pub min_sd: f64,
    seen: f64,
    sum: f64,
    spread: Spread,
}

impl ShrinkTrunc {
    /// The rule with its parameters.
    pub fn new(eta: f64, c: f64, d: f64, f: f64, min_sd: f64) -> Self {
        Self { eta, c, d, f, min_sd, seen: 0.0, sum: 0.0, spread: Spread::default() }
    }
}

impl Estimator for ShrinkTrunc {
    #[inline]
    fn estimate(&mut self, mu: f64, upper: f64) -> f64 {
        let weight = self.d + self.seen;
        let mut eta = (self.d * self.eta + self.sum) / weight;
        if self.f > 0.0 {
            let sd = if self.seen < 2.0 { 1.0 } else { self.spread.variance().sqrt().max(self.min_sd) };
            eta = (eta + self.f * upper / sd) / (1.0 + self.f / sd);
        }
        // Roots cost most of the time: one is drawn only where the distance is too small.
        let far = |off: f64| off > 0.0 && off * off * weight >= self.c * self.c;
        let eta = if far(eta - mu) { eta } else { eta.max(mu + self.c / weight.sqrt()) };
        let top = upper * (1.0 - f64::EPSILON);
        if far(top - eta) { eta } else { eta.min(top - self.c / weight.sqrt()) }
    }

    #[inline]
    fn see(&mut self, x: f64) {
        self.seen += 1.0;
        self.sum += x;
        if self.f > 0.0 {
            self.spread.see(x);
        }
    }
}

/// The best constant `eta` for comparison of cards if two-vote overstatements come at rate `p2` and
/// nothing else is wrong; `upper` is the bound of the overstatement assorter.
pub fn optimal_comparison_mean(upper: f64, p2: f64) -> f64 {
    let clean = 1.0 - p2;
    (1.0 - upper * clean) / (2.0 - 2.0 * upper) + upper * clean - 0.5
}

/// Always the same bet.
#[derive(Debug, Clone, Copy)]
pub struct FixedBet(pub f64);

impl Bet for FixedBet {
    #[inline]
    fn bet(&mut self, _mu: f64, _upper: f64) -> f64 {
        self.0
    }

    #[inline]
    fn see(&mut self, _x: f64, _mu: f64) {}
}

/// A share of the largest bet: `lambda = share/mu`. Below 1, no single value ends the audit.
#[derive(Debug, Clone, Copy)]
pub struct Fraction(pub f64);

impl Bet for Fraction {
    #[inline]
    fn bet(&mut self, mu: f64, _upper: f64) -> f64 {
        self.0 / mu
    }

    #[inline]
    fn see(&mut self, _x: f64, _mu: f64) {}
}

/// aGRAPA (Waudby-Smith & Ramdas 2024; RiLACS): the bet that would have been best for mean and variance
/// so far, at most `c_j/mu_j`, with `c_j` growing from `first` to `most`.
///
/// In the convention of SHANGRLA the distance is taken to the null mean of the draw before.
#[derive(Debug, Clone, Copy)]
pub struct Agrapa {
    /// The bet on the first draw.
    pub lambda: f64,
    /// `c_1`.
    pub first: f64,
    /// The limit of `c_j`.
    pub most: f64,
    /// How fast it grows.
    pub grow: f64,
    spread: Spread,
    last_mu: f64,
}

impl Agrapa {
    /// The rule with its parameters.
    pub fn new(lambda: f64, first: f64, most: f64, grow: f64) -> Self {
        Self { lambda, first, most, grow, spread: Spread::default(), last_mu: 0.0 }
    }
}

impl Bet for Agrapa {
    #[inline]
    fn bet(&mut self, mu: f64, _upper: f64) -> f64 {
        let share = self.first + (self.most - self.first) * (1.0 - 1.0 / (1.0 + self.grow * self.spread.count.sqrt()));
        let wanted = if self.spread.count == 0.0 {
            self.lambda
        } else {
            let off = self.spread.mean - self.last_mu;
            let scale = self.spread.variance() + off * off;
            if scale > 0.0 { off / scale } else { 0.0 }
        };
        wanted.max(0.0).min(share / mu)
    }

    #[inline]
    fn see(&mut self, x: f64, mu: f64) {
        self.spread.see(x);
        self.last_mu = mu;
    }
}

/// The bet that grows fastest for assumed rates of errors, shrunk towards what was seen (Spertus 2023,
/// COBRA, arXiv 2304.01010), at most `most/mu` so that no single error ends the audit.
#[derive(Debug, Clone)]
pub struct Rates {
    values: Vec<f64>,
    rates: Vec<f64>,
    seen: Vec<f64>,
    draws: f64,
    weight: f64,
    most: f64,
}

impl Rates {
    /// Values that a draw can take with the rate assumed for each (the first is "no error" and gets
    /// what is left), how many draws the assumption weighs, and the largest share of `1/mu` to bet.
    pub fn new(values: &[f64], rates: &[f64], weight: f64, most: f64) -> Self {
        let mut rates = rates.to_vec();
        rates.resize(values.len(), 0.0);
        Self { values: values.to_vec(), seen: vec![0.0; values.len()], rates, draws: 0.0, weight, most }
    }

    fn rate(&self, at: usize) -> f64 {
        (self.weight * self.rates[at] + self.seen[at]) / (self.weight + self.draws)
    }

    /// The derivative of expected log growth at `lambda`.
    fn slope(&self, lambda: f64, mu: f64) -> f64 {
        let errors: f64 = (1..self.values.len()).map(|at| self.rate(at)).sum();
        let part = |at: usize, rate: f64| {
            let off = self.values[at] - mu;
            rate * off / (1.0 + lambda * off)
        };
        part(0, (1.0 - errors).max(0.0)) + (1..self.values.len()).map(|at| part(at, self.rate(at))).sum::<f64>()
    }
}

impl Bet for Rates {
    #[inline]
    fn bet(&mut self, mu: f64, _upper: f64) -> f64 {
        if self.values.is_empty() {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, self.most.clamp(0.0, 0.999_999) / mu);
        if self.slope(high, mu) >= 0.0 {
            return high;
        }
        // Log growth is concave: halve the interval until it is narrower than matters.
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if self.slope(middle, mu) > 0.0 { low = middle } else { high = middle }
        }
        low
    }

    #[inline]
    fn see(&mut self, x: f64, _mu: f64) {
        self.draws += 1.0;
        let nearest =
            (0..self.values.len()).min_by(|a, b| (self.values[*a] - x).abs().total_cmp(&(self.values[*b] - x).abs()));
        if let Some(at) = nearest {
            self.seen[at] += 1.0;
        }
    }
}
