//! Two stages: units (wards, polling centres) drawn first with chances in proportion to their size, then stations within them.
//!
//! Observers travel: ten stations in one town cost less than ten in ten towns. Stations of one unit resemble each other,
//! so that such a sample is worth less than one of as many stations drawn singly; the design effect says how much less.

use std::collections::BTreeMap;

use libm::sqrt;
use serde::{Deserialize, Serialize};

use super::{Denominator, Estimate, NotEstimable};
use crate::{Limits, number::real, random::Random, special::student_point, table::members};

/// A drawn sample in two stages, to be committed to by its hash before the vote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TwoStage {
    /// Units drawn, and each station drawn within them.
    pub drawn: Vec<DrawnStation>,
    /// Units of each stratum.
    pub units: BTreeMap<u32, usize>,
    /// Stations drawn in each unit, at most.
    pub within: usize,
    /// The seed, from a public ceremony.
    pub seed: u64,
}

/// One drawn station.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DrawnStation {
    /// Its place in the register.
    pub place: usize,
    /// Its unit.
    pub unit: u32,
    /// Its stratum.
    pub stratum: u32,
    /// One over its chance to be drawn.
    pub weight: f64,
}

/// One returned station of a sample in two stages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClusterReturn {
    /// Stratum of its unit.
    pub stratum: u32,
    /// Its unit.
    pub unit: u32,
    /// One over its chance to be drawn, and for missing returns of a unit the number drawn over the number returned.
    pub weight: f64,
    /// Votes of the option; for a lead, those of one less those of the other.
    pub votes: f64,
    /// The denominator.
    pub of: f64,
}

/// An estimate with what its clustering costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Clustered {
    /// The estimate.
    pub estimate: Estimate,
    /// Units that returned.
    pub units: usize,
    /// Its variance over that of as many stations drawn singly (with the weights, but without units and strata).
    pub design_effect: f64,
}

impl Limits for Clustered {
    const CANNOT_SHOW: &'static str = "The interval holds the error of drawing units and stations and no other: not wrong \
         protocols, not units that observers could not reach, not a register that is not the real one.";
}

/// Draws units in every stratum with chances in proportion to their size, in order of their numbers at equal steps from a
/// random start (systematic selection, Madow 1949), then at most `within` stations of each, each set equally likely.
/// A unit larger than a step is taken for certain, before the others are drawn.
///
/// `unit` and `registered` name the unit and the voters of every station, `stratum` the stratum of every unit, `units` how many
/// units each stratum gets.
pub fn draw_two_stage(
    unit: &[u32],
    registered: &[u32],
    stratum: &BTreeMap<u32, u32>,
    units: &BTreeMap<u32, usize>,
    within: usize,
    seed: u64,
) -> TwoStage {
    let stations = members(unit);
    let mut sizes = BTreeMap::<u32, BTreeMap<u32, u64>>::new();
    for (name, own) in &stations {
        let size = own.iter().map(|place| u64::from(registered.get(*place).copied().unwrap_or(0))).sum();
        let stratum = stratum.get(name).copied().unwrap_or(0);
        sizes.entry(stratum).or_default().insert(*name, size);
    }
    let mut drawn = Vec::new();
    for (stratum, sizes) in &sizes {
        let wanted = units.get(stratum).copied().unwrap_or(0);
        let mut random = Random::stream(seed, u64::from(*stratum));
        for (unit, chance) in in_proportion(sizes, wanted, &mut random) {
            let mut own = stations.get(&unit).cloned().unwrap_or_default();
            let (all, taken) = (own.len(), within.max(1).min(own.len()));
            Random::stream(seed ^ 0x7374_6167, u64::from(unit)).shuffle(&mut own);
            let weight = real(all) / real(taken.max(1)) / chance;
            let one = |place| DrawnStation { place, unit, stratum: *stratum, weight };
            drawn.extend(own.into_iter().take(taken).map(one));
        }
    }
    drawn.sort_by_key(|own| own.place);
    let units = sizes.iter().map(|(stratum, own)| (*stratum, own.len())).collect();
    TwoStage { drawn, units, within, seed }
}

/// Units with their chances: those as large as a step for certain, the others at equal steps.
fn in_proportion(sizes: &BTreeMap<u32, u64>, wanted: usize, random: &mut Random) -> Vec<(u32, f64)> {
    let mut left: Vec<(u32, u64)> = sizes.iter().map(|(unit, size)| (*unit, (*size).max(1))).collect();
    let mut drawn = Vec::new();
    if wanted >= left.len() {
        return left.into_iter().map(|(unit, _)| (unit, 1.0)).collect();
    }
    loop {
        let open = wanted - drawn.len();
        let total: u64 = left.iter().map(|(_, size)| size).sum();
        // size >= total / open, in whole numbers.
        let certain = |(_, size): &(u32, u64)| u128::from(*size) * open as u128 >= u128::from(total);
        if open == 0 {
            return drawn;
        }
        if !left.iter().any(certain) {
            drawn.extend(at_steps(&left, total, open, random));
            return drawn;
        }
        drawn.extend(left.iter().filter(|own| certain(own)).map(|(unit, _)| (*unit, 1.0)).take(open));
        left.retain(|own| !certain(own));
    }
}

/// Systematic selection in proportion to size; no unit is as large as a step.
fn at_steps(units: &[(u32, u64)], total: u64, wanted: usize, random: &mut Random) -> Vec<(u32, f64)> {
    let step = total as f64 / real(wanted);
    let (mut next, mut so_far, mut drawn) = (random.uniform() * step, 0_u64, Vec::new());
    for (unit, size) in units {
        so_far += size;
        if next < so_far as f64 && drawn.len() < wanted {
            drawn.push((*unit, *size as f64 / step));
            next += step;
        }
    }
    drawn
}

/// Ratio estimate from a sample in two stages, with the variance between units of a stratum ("ultimate clusters", Hansen, Hurwitz
/// and Madow 1953): `p = sum w y / sum w m`; with `z_c = sum over the unit of w (y - p m)`,
/// `v = sum over strata of a / (a - 1) sum (z_c - mean z)^2 / (sum w m)^2` for a units with returns. Student's t with units less
/// strata degrees of freedom.
///
/// `register` gives the number of units of every stratum. The variance takes units as drawn with replacement: it is too wide where
/// many of a stratum's units are drawn, or some of them for certain; never too narrow for that reason.
///
/// # Errors
/// [`NotEstimable`] where a stratum has returns from fewer than two units.
pub fn estimate_clusters(
    returns: &[ClusterReturn],
    register: &BTreeMap<u32, usize>,
    denominator: Denominator,
    level: f64,
) -> Result<Clustered, NotEstimable> {
    let total: f64 = returns.iter().map(|own| own.weight * own.of).sum();
    let share = returns.iter().map(|own| own.weight * own.votes).sum::<f64>() / total;
    if !share.is_finite() {
        return Err(NotEstimable::Empty);
    }
    let residual = |own: &ClusterReturn| own.weight * (own.votes - share * own.of);
    let mut strata: BTreeMap<u32, BTreeMap<u32, f64>> =
        register.keys().map(|stratum| (*stratum, BTreeMap::new())).collect();
    for own in returns {
        let stratum = own.stratum;
        let units = strata.get_mut(&stratum).ok_or(NotEstimable::Unknown { stratum })?;
        *units.entry(own.unit).or_default() += residual(own);
    }
    let (mut variance, mut freedom, mut units) = (0.0, 0.0, 0);
    for (stratum, own) in &strata {
        let (drawn, all) = (own.len(), register.get(stratum).copied().unwrap_or(0));
        if drawn > all {
            return Err(NotEstimable::Overfull { stratum: *stratum });
        }
        if all == 0 {
            continue;
        }
        // Stations of a single unit say nothing about the others, and little about those not drawn within it.
        if drawn < 2 {
            return Err(NotEstimable::FewUnits { stratum: *stratum, units: drawn, of: all });
        }
        units += drawn;
        let count = real(drawn);
        let mean = own.values().sum::<f64>() / count;
        let squares: f64 = own.values().map(|z| (z - mean) * (z - mean)).sum();
        variance += count / (count - 1.0) * squares;
        freedom += count - 1.0;
    }
    let error = sqrt(variance) / total;
    let reach = student_point(level.clamp(0.0, 0.999_999), freedom.max(1.0)) * error;
    let interval = (share - reach, share + reach);
    let estimate = Estimate { share, error, interval, level, freedom, denominator, stations: returns.len() };
    Ok(Clustered { estimate, units, design_effect: variance / singly(returns, residual) })
}

/// What the variance (times the square of the total) would be if stations were drawn singly and with replacement.
fn singly(returns: &[ClusterReturn], residual: impl Fn(&ClusterReturn) -> f64) -> f64 {
    let count = real(returns.len());
    let squares: f64 = returns.iter().map(|own| residual(own) * residual(own)).sum();
    squares * count / (count - 1.0).max(1.0)
}

/// Units to draw of a stratum so that the margin at `level` is `margin`, from an earlier estimate with as many stations in each
/// unit: variance falls as one over the units.
pub fn units_needed(earlier: &Clustered, margin: f64) -> usize {
    let reach = 0.5 * (earlier.estimate.interval.1 - earlier.estimate.interval.0);
    let times = reach / margin;
    if !times.is_finite() {
        return earlier.units;
    }
    crate::number::whole(libm::ceil(real(earlier.units) * times * times)).max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_in_proportion_to_size_and_add_up() {
        let sizes = BTreeMap::from([(0, 50), (1, 100), (2, 150), (3, 5_000), (4, 300), (5, 400)]);
        let mut drawn = BTreeMap::<u32, u32>::new();
        for seed in 0..4_000 {
            let own = in_proportion(&sizes, 3, &mut Random::stream(seed, 1));
            assert_eq!(own.len(), 3);
            for (unit, chance) in own {
                *drawn.entry(unit).or_default() += 1;
                // Unit 3 is larger than a step: certain. The others share two places by size: 1,000 in all.
                let wanted = if unit == 3 { 1.0 } else { sizes[&unit] as f64 / 500.0 };
                assert!((chance - wanted).abs() < 1e-12, "{unit}: {chance}");
            }
        }
        for (unit, size) in sizes {
            let wanted = if unit == 3 { 4_000.0 } else { 4_000.0 * size as f64 / 500.0 };
            assert!((f64::from(drawn[&unit]) - wanted).abs() < 160.0, "{unit}: {} for {wanted}", drawn[&unit]);
        }
    }

    #[test]
    fn the_variance_between_units_by_hand() {
        let one = |unit, weight, votes, of| ClusterReturn { stratum: 0, unit, weight, votes, of };
        let returns =
            [one(1, 2.0, 30.0, 50.0), one(1, 2.0, 20.0, 50.0), one(2, 4.0, 20.0, 50.0), one(3, 4.0, 25.0, 50.0)];
        let found = estimate_clusters(&returns, &BTreeMap::from([(0, 9)]), Denominator::Valid, 0.95).unwrap();
        // p = 280 / 600; z = 2 (50 - 46.667), 4 (20 - 23.333), 4 (25 - 23.333) = 6.667, -13.333, 6.667; v = 1.5 * 266.667 / 600^2.
        assert!((found.estimate.share - 280.0 / 600.0).abs() < 1e-12);
        assert!((found.estimate.error - (1.5_f64 * 800.0 / 3.0).sqrt() / 600.0).abs() < 1e-12);
        assert_eq!((found.units, found.estimate.freedom), (3, 2.0));
        let thin = estimate_clusters(&returns[..2], &BTreeMap::from([(0, 9)]), Denominator::Valid, 0.95);
        assert_eq!(thin, Err(NotEstimable::FewUnits { stratum: 0, units: 1, of: 9 }));
        assert_eq!(units_needed(&found, found.estimate.interval.1 - found.estimate.share), 3);
    }

    #[test]
    fn a_sample_in_two_stages_is_drawn_again_from_its_seed() {
        let unit: Vec<u32> = (0..200).map(|place| place / 10).collect();
        let stratum: BTreeMap<u32, u32> = (0..20).map(|unit| (unit, unit % 2)).collect();
        let sizes = vec![700; 200];
        let units = BTreeMap::from([(0, 4), (1, 3)]);
        let drawn = draw_two_stage(&unit, &sizes, &stratum, &units, 2, 5);
        assert_eq!(drawn.drawn.len(), 14);
        assert!(drawn.drawn.iter().all(|own| unit[own.place] == own.unit && stratum[&own.unit] == own.stratum));
        // 10 of 10 units' stations stand for 200: weights add up to the register.
        let sum: f64 = drawn.drawn.iter().map(|own| own.weight).sum();
        assert!((sum - 200.0).abs() < 1e-9, "{sum}");
        assert_eq!(drawn, draw_two_stage(&unit, &sizes, &stratum, &units, 2, 5));
        assert_eq!(drawn.units, BTreeMap::from([(0, 10), (1, 10)]));
    }
}
