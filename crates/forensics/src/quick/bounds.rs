//! Partial returns: weighting classes, and the bounds that hold whatever is missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Denominator, Estimate, NotEstimable, Return, estimate};
use crate::Limits;

/// Where the share can lie, whatever the stations that have not reported will say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Share among what has reported.
    pub reported: f64,
    /// Part of the denominator that has not reported, 0 to 1.
    pub missing: f64,
    /// Least and largest share possible.
    pub between: (f64, f64),
}

impl Limits for Bounds {
    const CANNOT_SHOW: &'static str = "Bounds say what is possible, not what is likely; they are only as good as the \
         assumed range of the missing stations.";
}

/// `(1 - q) p + q L` to `(1 - q) p + q U` for a missing part q whose own share lies between `low` and `high`.
pub fn worst_case(reported: f64, missing: f64, low: f64, high: f64) -> Bounds {
    let q = missing.clamp(0.0, 1.0);
    let (low, high) = (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0));
    let between = ((1.0 - q) * reported + q * low.min(high), (1.0 - q) * reported + q * low.max(high));
    Bounds { reported, missing: q, between }
}

/// Classes of size within strata: the key of each station is its stratum's thirds (or other parts) by registered
/// voters, numbered `stratum * parts + part`.
pub fn size_classes(strata: &[u32], registered: &[u32], parts: u32) -> Vec<u32> {
    let parts = parts.max(1);
    let mut by_stratum = BTreeMap::<u32, Vec<(u32, usize)>>::new();
    for (place, (stratum, size)) in strata.iter().zip(registered).enumerate() {
        by_stratum.entry(*stratum).or_default().push((*size, place));
    }
    let mut classes = vec![0; strata.len()];
    for (stratum, mut own) in by_stratum {
        own.sort_unstable();
        let count = own.len() as u64;
        for (rank, (_, place)) in own.into_iter().enumerate() {
            let part = rank as u64 * u64::from(parts) / count.max(1);
            let part = u32::try_from(part).unwrap_or(0);
            if let Some(class) = classes.get_mut(place) {
                *class = stratum.saturating_mul(parts).saturating_add(part);
            }
        }
    }
    classes
}

/// The estimate with classes in place of strata: each class counts for all its stations, however many returned.
/// Removes the bias of early returns as far as arrival depends on the class alone; classes with too few returns
/// are merged into the next class of the register.
///
/// # Errors
/// [`NotEstimable`] where all classes together have fewer than two returns.
pub fn post_stratified(
    returns: &[Return],
    register: &BTreeMap<u32, usize>,
    least: usize,
    denominator: Denominator,
    level: f64,
) -> Result<Estimate, NotEstimable> {
    let mut counts = BTreeMap::<u32, usize>::new();
    for one in returns {
        if !register.contains_key(&one.stratum) {
            return Err(NotEstimable::Unknown { stratum: one.stratum });
        }
        *counts.entry(one.stratum).or_default() += 1;
    }
    let mut merged = BTreeMap::<u32, u32>::new();
    let (mut sizes, mut open, mut so_far) = (BTreeMap::<u32, usize>::new(), None, 0);
    let mut last_full = None;
    for (class, stations) in register {
        let into = *open.get_or_insert(*class);
        merged.insert(*class, into);
        *sizes.entry(into).or_default() += stations;
        so_far += counts.get(class).copied().unwrap_or(0);
        if so_far >= least.max(2) {
            last_full = open.take();
            so_far = 0;
        }
    }
    // A last run of classes with too few returns joins the one before it.
    if let (Some(open), Some(full)) = (open, last_full) {
        let rest = sizes.remove(&open).unwrap_or(0);
        *sizes.entry(full).or_default() += rest;
        for into in merged.values_mut().filter(|into| **into == open) {
            *into = full;
        }
    }
    let moved = |one: &Return| Return { stratum: merged.get(&one.stratum).copied().unwrap_or(one.stratum), ..*one };
    let moved: Vec<Return> = returns.iter().map(moved).collect();
    estimate(&moved, &sizes, denominator, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_missing_part_bounds_the_share() {
        let found = worst_case(0.5, 0.2, 0.0, 1.0);
        assert!((found.between.0 - 0.4).abs() < 1e-15 && (found.between.1 - 0.6).abs() < 1e-15);
    }

    #[test]
    fn thin_classes_are_merged() {
        let classes = size_classes(&[0; 6], &[10, 60, 20, 50, 30, 40], 3);
        assert_eq!(classes, [0, 2, 0, 2, 1, 1]);
        let register = BTreeMap::from([(0, 40), (1, 40), (2, 40)]);
        let one = |stratum, votes| Return { stratum, votes, of: 100.0 };
        let returns = [one(0, 10.0), one(0, 20.0), one(1, 50.0), one(2, 60.0), one(2, 80.0)];
        let found = post_stratified(&returns, &register, 2, Denominator::Valid, 0.95).unwrap();
        // Class 1 alone is thin and joins class 2: (40 * 15 + 80 * 63.333) / 12000.
        assert!((found.share - (40.0 * 15.0 + 80.0 * 190.0 / 3.0) / 12_000.0).abs() < 1e-12);
    }
}
