//! How the leader's and the others' votes move with turnout (Sobyanin and Sukhovolsky 1993), as effect sizes.
//!
//! Regresses W/N and (R - W)/N on T = G/N. With turnout and preference independent the slopes are S and 1 - S;
//! stuffing pulls them to 1 and 0; a slope of the others below zero means that their votes *fall* with turnout.
//! No p-value is given: any confounder of turnout and preference produces one (100 % false positives at a
//! correlation of 0.4).

use serde::{Deserialize, Serialize};

use crate::{
    Limits,
    number::{ratio, real},
    special::student_two_sided,
    table::Station,
};

/// A straight line through a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Change of y with x.
    pub slope: f64,
    /// y at x = 0.
    pub intercept: f64,
}

/// Mean and shape of a column (population moments, kurtosis in excess of the normal's).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Third standardised moment.
    pub skew: f64,
    /// Fourth standardised moment less 3.
    pub excess_kurtosis: f64,
}

/// Slopes and moments over the stations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Slopes {
    /// Stations used.
    pub stations: usize,
    /// Leader's votes per registered voter on turnout.
    pub leader: Line,
    /// The others' votes (with invalid ones) per registered voter on turnout.
    pub others: Line,
    /// The first, weighted by registered voters.
    pub leader_weighted: Line,
    /// The second, weighted by registered voters.
    pub others_weighted: Line,
    /// Turnout over stations.
    pub turnout: Moments,
    /// Share over stations.
    pub share: Moments,
    /// Pearson correlation of turnout and share.
    pub correlation: f64,
}

impl Limits for Slopes {
    const CANNOT_SHOW: &'static str = "An ecological regression: wherever place moves both turnout and preference the \
         slopes move too, without anyone's doing. Never a test.";
}

/// Least squares of y on x with weights.
fn line(x: &[f64], y: &[f64], weight: impl Fn(usize) -> f64) -> Line {
    let (mut total, mut sx, mut sy) = (0.0, 0.0, 0.0);
    for (place, (x, y)) in x.iter().zip(y).enumerate() {
        let w = weight(place);
        total += w;
        sx += w * x;
        sy += w * y;
    }
    if total <= 0.0 {
        return Line { slope: 0.0, intercept: 0.0 };
    }
    let (mx, my) = (sx / total, sy / total);
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for (place, (x, y)) in x.iter().zip(y).enumerate() {
        let w = weight(place);
        sxx += w * (x - mx) * (x - mx);
        sxy += w * (x - mx) * (y - my);
    }
    let slope = if sxx > 0.0 { sxy / sxx } else { 0.0 };
    Line { slope, intercept: my - slope * mx }
}

/// Population moments of a column.
pub fn moments(values: &[f64]) -> Moments {
    let count = real(values.len().max(1));
    let mean = values.iter().sum::<f64>() / count;
    let central = |power: fn(f64) -> f64| values.iter().map(|v| power(v - mean)).sum::<f64>() / count;
    let (second, third, fourth) = (central(|d| d * d), central(|d| d * d * d), central(|d| d * d * d * d));
    if second <= 0.0 {
        return Moments { mean, sd: 0.0, skew: 0.0, excess_kurtosis: 0.0 };
    }
    let sd = libm::sqrt(second);
    Moments { mean, sd, skew: third / (second * sd), excess_kurtosis: fourth / (second * second) - 3.0 }
}

/// Pearson's correlation, 0 where a column is constant.
pub fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (moments(x), moments(y));
    let products: f64 = x.iter().zip(y).map(|(x, y)| (x - mx.mean) * (y - my.mean)).sum();
    let spread = mx.sd * my.sd * real(x.len().max(1));
    if spread > 0.0 { products / spread } else { 0.0 }
}

/// Two-sided p of a correlation under bivariate normality. For calibration only: see the module's warning.
pub fn correlation_p(r: f64, count: usize) -> f64 {
    if count < 3 || r.abs() >= 1.0 {
        return if r.abs() >= 1.0 { 0.0 } else { 1.0 };
    }
    let df = real(count - 2);
    student_two_sided(r * libm::sqrt(df / (1.0 - r * r)), df)
}

/// Slopes over stations with registered voters and ballots found; others are ignored.
pub fn slopes(stations: &[Station]) -> Slopes {
    let used: Vec<&Station> = stations.iter().filter(|s| s.registered > 0 && s.found > 0).collect();
    let turnout: Vec<f64> = used.iter().map(|s| s.turnout()).collect();
    let share: Vec<f64> = used.iter().map(|s| s.share()).collect();
    let leader: Vec<f64> = used.iter().map(|s| ratio(s.leader, s.registered)).collect();
    let others: Vec<f64> = used.iter().map(|s| ratio(s.found.saturating_sub(s.leader), s.registered)).collect();
    let by_voters = |place: usize| used.get(place).map_or(0.0, |s| f64::from(s.registered));
    Slopes {
        stations: used.len(),
        leader: line(&turnout, &leader, |_| 1.0),
        others: line(&turnout, &others, |_| 1.0),
        leader_weighted: line(&turnout, &leader, by_voters),
        others_weighted: line(&turnout, &others, by_voters),
        turnout: moments(&turnout),
        share: moments(&share),
        correlation: correlation(&turnout, &share),
    }
}
