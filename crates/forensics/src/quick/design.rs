//! How many stations, in which strata, and which ones.

use std::collections::BTreeMap;

use libm::{ceil, sqrt};
use serde::{Deserialize, Serialize};

use crate::{
    number::{real, whole},
    random::Random,
    special::normal_point,
};

/// Stations needed for a margin of `margin` (0 to 1) at `level`, from the residuals of an earlier election:
/// `n0 = z^2 S_e^2 / (margin^2 M^2)` with the mean denominator M, and `n = n0 / (1 + n0 / N)`.
pub fn needed(residual_variance: f64, mean_denominator: f64, margin: f64, level: f64, stations: usize) -> usize {
    let z = normal_point(0.5 * (1.0 - level.clamp(0.0, 0.999_999)));
    let wanted = z * z * residual_variance / (margin * margin * mean_denominator * mean_denominator);
    if !wanted.is_finite() {
        return stations;
    }
    whole(ceil(wanted / (1.0 + wanted / real(stations.max(1))))).clamp(2.min(stations), stations)
}

/// Shares out `total` stations in proportion to the strata, at least two each where they have two.
pub fn proportional(register: &BTreeMap<u32, usize>, total: usize) -> BTreeMap<u32, usize> {
    let weights = register.iter().map(|(stratum, stations)| (*stratum, (*stations, real(*stations)))).collect();
    shared_out(&weights, total)
}

/// Shares out in proportion to stations times the residual standard deviation of each stratum (Neyman 1934).
pub fn neyman(register: &BTreeMap<u32, usize>, spread: &BTreeMap<u32, f64>, total: usize) -> BTreeMap<u32, usize> {
    let weight = |stratum: &u32, stations: usize| real(stations) * spread.get(stratum).copied().unwrap_or(0.0).max(0.0);
    let weights = register.iter().map(|(stratum, n)| (*stratum, (*n, weight(stratum, *n)))).collect();
    shared_out(&weights, total)
}

/// Two each first, the rest one by one to where the weight per station drawn is largest (Huntington-Hill's rule).
fn shared_out(weights: &BTreeMap<u32, (usize, f64)>, total: usize) -> BTreeMap<u32, usize> {
    let mut drawn: BTreeMap<u32, usize> = weights.iter().map(|(stratum, (n, _))| (*stratum, 2.min(*n))).collect();
    let mut left = total.saturating_sub(drawn.values().sum());
    while left > 0 {
        let priority = |stratum: &u32, (stations, weight): &(usize, f64)| {
            let own = drawn.get(stratum).copied().unwrap_or(0);
            let own_real = real(own);
            (own < *stations).then(|| weight / sqrt(own_real * (own_real + 1.0)).max(1e-9))
        };
        let mut best: Option<(f64, u32)> = None;
        for (stratum, weight) in weights {
            if let Some(own) = priority(stratum, weight)
                && best.is_none_or(|(most, _)| own > most)
            {
                best = Some((own, *stratum));
            }
        }
        let Some((_, stratum)) = best else { break };
        *drawn.entry(stratum).or_default() += 1;
        left -= 1;
    }
    drawn
}

/// A sample, to be committed to by its hash before the vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// Places of the stations drawn, ascending.
    pub places: Vec<usize>,
    /// The seed, from a public ceremony.
    pub seed: u64,
}

/// Draws the given number of stations in every stratum, each set equally likely.
pub fn draw(strata: &[u32], counts: &BTreeMap<u32, usize>, seed: u64) -> Drawn {
    let mut places = Vec::new();
    for (stratum, mut own) in crate::table::members(strata) {
        let mut random = Random::stream(seed, u64::from(stratum));
        random.shuffle(&mut own);
        places.extend(own.into_iter().take(counts.get(&stratum).copied().unwrap_or(0)));
    }
    places.sort_unstable();
    Drawn { places, seed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_shared_out_and_drawn() {
        let register = BTreeMap::from([(0, 100), (1, 300), (2, 1)]);
        assert_eq!(proportional(&register, 41), BTreeMap::from([(0, 10), (1, 30), (2, 1)]));
        assert_eq!(proportional(&register, 5000), register);
        let spread = BTreeMap::from([(0, 3.0), (1, 1.0), (2, 0.0)]);
        assert_eq!(neyman(&register, &spread, 41), BTreeMap::from([(0, 20), (1, 20), (2, 1)]));
        let strata: Vec<u32> =
            (0..401).map(|place| if place < 100 { 0 } else { u32::from(place < 400).max(1) }).collect();
        let drawn = draw(&strata, &BTreeMap::from([(0, 10), (1, 30)]), 8);
        assert_eq!(drawn.places.len(), 40);
        assert_eq!(drawn.places.iter().filter(|place| **place < 100).count(), 10);
        assert_eq!(drawn, draw(&strata, &BTreeMap::from([(0, 10), (1, 30)]), 8));
        assert_eq!(needed(0.0, 1.0, 0.01, 0.95, 100), 2);
    }
}
