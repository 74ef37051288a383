//! Stations against the others of their district, and small stations against large ones, as effect sizes.

use libm::{log, sqrt};
use serde::{Deserialize, Serialize};

use crate::{
    Limits, benjamini_hochberg,
    dispersion::{Percentage, median},
    number::real,
    special::normal_upper,
    table::{Station, members},
};

/// A station that differs from its district.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Outlier {
    /// Place of the station.
    pub place: usize,
    /// Key of its district.
    pub key: u32,
    /// Its percentage.
    pub percent: f64,
    /// The district's median percentage.
    pub median: f64,
    /// Distance in log odds over the district's robust spread and the station's own counting noise.
    pub z: f64,
    /// Flagged by Benjamini and Hochberg over all stations compared.
    pub flagged: bool,
}

/// Stations by their distance from their neighbours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outliers {
    /// The flagged ones, largest distance first.
    pub outliers: Vec<Outlier>,
    /// Stations compared.
    pub compared: usize,
    /// False discovery rate.
    pub q: f64,
}

impl Limits for Outliers {
    const CANNOT_SHOW: &'static str = "Barracks, hospitals, dormitories, prisons and villages of one community differ \
         from their neighbours honestly; see what kind of station it is first.";
}

/// Compares each station of a district of at least `at_least` stations with the district's median:
/// `z = (logit p - median) / sqrt((1.4826 MAD)^2 + 1 / (n p (1 - p)))`, p = (k + 1/2) / (n + 1).
pub fn outliers(stations: &[Station], keys: &[u32], percentage: Percentage, at_least: usize, q: f64) -> Outliers {
    let mut all = Vec::new();
    for (key, places) in members(keys).into_iter().filter(|(_, places)| places.len() >= at_least.max(3)) {
        let point = |place: &usize| stations.get(*place).map(|s| (*place, logit(*s, percentage)));
        let points: Vec<(usize, (f64, f64))> = places.iter().filter_map(point).collect();
        let middle = median(points.iter().map(|(_, (logit, _))| *logit).collect());
        let spread = 1.4826 * median(points.iter().map(|(_, (logit, _))| (logit - middle).abs()).collect());
        let percent = |logit: f64| 100.0 / (1.0 + libm::exp(-logit));
        all.extend(points.into_iter().map(|(place, (own, noise))| Outlier {
            place,
            key,
            percent: percent(own),
            median: percent(middle),
            z: (own - middle) / sqrt(spread * spread + noise),
            flagged: false,
        }));
    }
    let p: Vec<f64> = all.iter().map(|outlier| 2.0 * normal_upper(outlier.z.abs())).collect();
    for (outlier, flagged) in all.iter_mut().zip(benjamini_hochberg(&p, q).flagged) {
        outlier.flagged = flagged;
    }
    let compared = all.len();
    all.retain(|outlier| outlier.flagged);
    all.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()).then(a.place.cmp(&b.place)));
    Outliers { outliers: all, compared, q }
}

/// Log odds of a station and their variance.
fn logit(station: Station, percentage: Percentage) -> (f64, f64) {
    let (k, n) = match percentage {
        Percentage::Turnout => (station.issued, station.registered),
        Percentage::Share => (station.leader, station.found),
    };
    let (k, n) = (f64::from(k.min(n)) + 0.5, f64::from(n) + 1.0);
    let p = k / n;
    (log(p / (1.0 - p)), 1.0 / (n * p * (1.0 - p)))
}

/// Mean difference between the small and the large stations of the same districts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SizeEffect {
    /// Small less large, in percentage points.
    pub difference: f64,
    /// Its standard error over districts.
    pub error: f64,
    /// Districts with both kinds.
    pub districts: usize,
}

impl Limits for SizeEffect {
    const CANNOT_SHOW: &'static str = "Small stations are villages, hospitals and barracks: they may differ for reasons \
         of their own. An effect size, never a test.";
}

/// Compares stations below their district's median of registered voters with the others.
pub fn small_against_large(stations: &[Station], keys: &[u32], percentage: Percentage) -> SizeEffect {
    let value = |s: &Station| match percentage {
        Percentage::Turnout => 100.0 * s.turnout(),
        Percentage::Share => 100.0 * s.share(),
    };
    let district = |places: Vec<usize>| {
        let own: Vec<Station> = places.iter().filter_map(|place| stations.get(*place).copied()).collect();
        let middle = median(own.iter().map(|s| f64::from(s.registered)).collect());
        let (small, large): (Vec<&Station>, Vec<&Station>) = own.iter().partition(|s| f64::from(s.registered) < middle);
        let mean = |side: &[&Station]| side.iter().map(|s| value(s)).sum::<f64>() / real(side.len());
        (!small.is_empty() && !large.is_empty()).then(|| mean(&small) - mean(&large))
    };
    let differences: Vec<f64> = members(keys).into_values().filter_map(district).collect();
    let count = real(differences.len().max(1));
    let difference = differences.iter().sum::<f64>() / count;
    let squares: f64 = differences.iter().map(|d| (d - difference) * (d - difference)).sum();
    let error = sqrt(squares / (count - 1.0).max(1.0) / count);
    SizeEffect { difference, error, districts: differences.len() }
}
