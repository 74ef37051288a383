//! Quick counts (parallel vote tabulation): estimates from a drawn sample of stations, with their coverage.
//!
//! The unit is the station, never the voter: intervals from voters cover 24 to 39 % of the time where 95 % is
//! claimed. The denominator is named with the estimate. A stratum with one station gives no variance, and then
//! the answer is "not estimable", never zero.

mod bounds;
mod clusters;
mod design;

use std::collections::BTreeMap;

use libm::sqrt;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use bounds::{Bounds, post_stratified, size_classes, worst_case};
pub use clusters::{ClusterReturn, Clustered, DrawnStation, TwoStage, draw_two_stage, estimate_clusters, units_needed};
pub use design::{Drawn, draw, needed, neyman, proportional};

use crate::{Limits, number::real, special::student_point};

/// One returned station: the option's votes, and the denominator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Return {
    /// Stratum of the station.
    pub stratum: u32,
    /// Votes of the option; for a lead, those of one less those of the other.
    pub votes: f64,
    /// The denominator: valid votes, ballots cast or registered voters.
    pub of: f64,
}

/// What the denominator counts; it stands beside every percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denominator {
    /// Valid votes.
    Valid,
    /// Ballots cast, valid and invalid.
    Cast,
    /// Registered voters.
    Registered,
}

/// An estimated share with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The share, 0 to 1 (or the lead, -1 to 1).
    pub share: f64,
    /// Its standard error.
    pub error: f64,
    /// Lower and upper end of the interval.
    pub interval: (f64, f64),
    /// Level of the interval.
    pub level: f64,
    /// Degrees of freedom.
    pub freedom: f64,
    /// What the share is a share of.
    pub denominator: Denominator,
    /// Stations used.
    pub stations: usize,
}

impl Limits for Estimate {
    const CANNOT_SHOW: &'static str = "The interval holds the error of drawing stations and no other: not wrong protocols, \
         not stations missing for a reason, not a register that is not the real one.";
}

impl Estimate {
    /// Whether 0 lies in the interval: of a lead, too close to call.
    pub fn too_close(&self) -> bool {
        self.interval.0 <= 0.0 && self.interval.1 >= 0.0
    }
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "not_estimable", rename_all = "snake_case")]
pub enum NotEstimable {
    /// A stratum has stations in the register and fewer than two returns.
    #[error("stratum {stratum} has {returns} returns of {stations} stations: at least two are needed")]
    Thin {
        /// The stratum.
        stratum: u32,
        /// Returns from it.
        returns: usize,
        /// Its stations.
        stations: usize,
    },
    /// In two stages: a stratum has returns from fewer than two units.
    #[error("stratum {stratum} has returns from {units} of {of} units: at least two are needed")]
    FewUnits {
        /// The stratum.
        stratum: u32,
        /// Units with returns.
        units: usize,
        /// Its units.
        of: usize,
    },
    /// More returns than stations.
    #[error("stratum {stratum} has more returns than stations")]
    Overfull {
        /// The stratum.
        stratum: u32,
    },
    /// Returns from a stratum that the register does not know.
    #[error("stratum {stratum} is not in the register")]
    Unknown {
        /// The stratum.
        stratum: u32,
    },
    /// The denominator is zero in total, or a figure is not a number.
    #[error("the returns hold no votes to take a share of")]
    Empty,
}

/// Combined ratio estimate over strata: `p = sum N_h ybar_h / sum N_h mbar_h`, with variance
/// `sum N_h^2 (1 - n_h / N_h) s_h^2 / n_h / M^2` of the residuals `e = y - p m`, and Student's t with
/// `sum (n_h - 1)` degrees of freedom. One stratum for all is the plain ratio estimate.
///
/// `register` gives the number of stations N_h of every stratum.
///
/// # Errors
/// [`NotEstimable`] where a stratum has no variance to offer.
pub fn estimate(
    returns: &[Return],
    register: &BTreeMap<u32, usize>,
    denominator: Denominator,
    level: f64,
) -> Result<Estimate, NotEstimable> {
    let strata = grouped(returns, register)?;
    let expanded = |of: fn(&Return) -> f64| {
        strata
            .iter()
            .map(|(stations, own)| stations * own.iter().map(|r| of(r)).sum::<f64>() / real(own.len()))
            .sum::<f64>()
    };
    let total = expanded(|r| r.of);
    let share = expanded(|r| r.votes) / total;
    if !share.is_finite() {
        return Err(NotEstimable::Empty);
    }
    let mut variance = 0.0;
    let mut freedom = 0.0;
    for (stations, own) in &strata {
        let count = real(own.len());
        if *stations > count {
            variance += stations * stations * (1.0 - count / stations) * residual_variance(own, share) / count;
        }
        freedom += count - 1.0;
    }
    let error = sqrt(variance) / total;
    let reach = student_point(level.clamp(0.0, 0.999_999), freedom.max(1.0)) * error;
    let interval = (share - reach, share + reach);
    Ok(Estimate { share, error, interval, level, freedom, denominator, stations: returns.len() })
}

/// Strata as (stations, returns), each with two returns or complete.
fn grouped<'a>(
    returns: &'a [Return],
    register: &BTreeMap<u32, usize>,
) -> Result<Vec<(f64, Vec<&'a Return>)>, NotEstimable> {
    let mut strata: BTreeMap<u32, Vec<&Return>> = register.keys().map(|stratum| (*stratum, Vec::new())).collect();
    for one in returns {
        let stratum = one.stratum;
        strata.get_mut(&stratum).ok_or(NotEstimable::Unknown { stratum })?.push(one);
    }
    let mut grouped = Vec::new();
    for (stratum, own) in strata {
        let stations = register.get(&stratum).copied().unwrap_or(0);
        if own.len() > stations {
            return Err(NotEstimable::Overfull { stratum });
        }
        if own.len() < 2 && own.len() < stations {
            return Err(NotEstimable::Thin { stratum, returns: own.len(), stations });
        }
        if stations > 0 {
            grouped.push((real(stations), own));
        }
    }
    if grouped.is_empty() { Err(NotEstimable::Empty) } else { Ok(grouped) }
}

/// Sample variance of `y - share m` within a stratum.
fn residual_variance(own: &[&Return], share: f64) -> f64 {
    let residual = |r: &&Return| r.votes - share * r.of;
    let count = real(own.len());
    let mean = own.iter().map(residual).sum::<f64>() / count;
    let squares: f64 = own.iter().map(|r| (residual(r) - mean) * (residual(r) - mean)).sum();
    squares / (count - 1.0).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(stratum: u32, votes: f64, of: f64) -> Return {
        Return { stratum, votes, of }
    }

    #[test]
    fn the_ratio_estimate_by_hand() {
        // Three of ten stations: p = 60 / 150; residuals 0, 4, -4; s2 = 16; v = 100 * 0.7 * 16 / 3 / 500^2.
        let returns = [one(0, 20.0, 50.0), one(0, 24.0, 50.0), one(0, 16.0, 50.0)];
        let found = estimate(&returns, &BTreeMap::from([(0, 10)]), Denominator::Valid, 0.95).unwrap();
        assert!((found.share - 0.4).abs() < 1e-15);
        assert!((found.error - (100.0_f64 * 0.7 * 16.0 / 3.0).sqrt() / 500.0).abs() < 1e-12);
        // t of 95 % with two degrees of freedom is 4.3027.
        assert!((found.interval.1 - found.share - 4.302_652_73 * found.error).abs() < 1e-7);
        assert!(!found.too_close());
    }

    #[test]
    fn refusals() {
        let register = BTreeMap::from([(0, 10), (1, 5)]);
        let both = |b: Return| estimate(&[one(0, 1.0, 2.0), one(0, 2.0, 3.0), b], &register, Denominator::Cast, 0.95);
        assert_eq!(both(one(1, 1.0, 2.0)), Err(NotEstimable::Thin { stratum: 1, returns: 1, stations: 5 }));
        assert_eq!(both(one(7, 1.0, 2.0)), Err(NotEstimable::Unknown { stratum: 7 }));
        let one_station = BTreeMap::from([(0, 1)]);
        let all = estimate(&[one(0, 3.0, 4.0)], &one_station, Denominator::Cast, 0.95).unwrap();
        assert!((all.share - 0.75).abs() < 1e-15 && all.error == 0.0);
        let empty = estimate(&[one(0, 0.0, 0.0)], &one_station, Denominator::Cast, 0.95);
        assert_eq!(empty, Err(NotEstimable::Empty));
    }
}
