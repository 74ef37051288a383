//! Small lists that get one vote here, two there, and hardly ever none (the "1-2-1-2" pattern, D. Kireev 2021).

use libm::{exp, log, log1p};
use serde::{Deserialize, Serialize};

use crate::{
    Limits, benjamini_hochberg,
    number::real,
    special::LogFactorial,
    table::{List, members},
};

/// One list in one district.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Heap {
    /// Key of the district.
    pub key: u32,
    /// Place of the list.
    pub list: usize,
    /// Stations of the district.
    pub stations: usize,
    /// Stations without a vote for it.
    pub zeros: usize,
    /// Stations with exactly one.
    pub ones: usize,
    /// Stations with exactly two.
    pub twos: usize,
    /// P(so few zeros) if stations were negative binomial with this district's mean and variance.
    pub p: f64,
    /// Flagged by Benjamini and Hochberg over all lists and districts tested.
    pub flagged: bool,
    /// Meets the published rule: more than 20 ones, more than 20 twos, fewer than 10 zeros.
    pub published_rule: bool,
}

/// All lists in all districts with enough stations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heaps {
    /// Those flagged or caught by the published rule, in order of district and list.
    pub heaps: Vec<Heap>,
    /// Pairs of district and list tested.
    pub tested: usize,
    /// False discovery rate.
    pub q: f64,
}

impl Limits for Heaps {
    const CANNOT_SHOW: &'static str = "A shortage of zeros shows that small figures were not left to chance; it says \
         nothing about the large ones, where the votes are.";
}

/// Looks for a shortage of zeros. The null is a negative binomial fitted by moments, a Poisson where the district
/// varies less than that; its P(0), and the zeros of m independent stations are Bin(m, P(0)).
pub fn heaps(lists: &[List], keys: &[u32], at_least: usize, q: f64) -> Heaps {
    let districts = members(keys);
    let largest = districts.values().map(Vec::len).max().unwrap_or(0);
    let facts = LogFactorial::up_to(u32::try_from(largest).unwrap_or(u32::MAX));
    let mut all = Vec::new();
    for (key, places) in districts.iter().filter(|(_, places)| places.len() >= at_least.max(2)) {
        for (number, list) in lists.iter().enumerate() {
            let votes: Vec<u32> = places.iter().filter_map(|place| list.votes.get(*place).copied()).collect();
            all.push(heap(*key, number, &votes, &facts));
        }
    }
    let p: Vec<f64> = all.iter().map(|heap| heap.p).collect();
    for (heap, flagged) in all.iter_mut().zip(benjamini_hochberg(&p, q).flagged) {
        heap.flagged = flagged;
    }
    let tested = all.len();
    all.retain(|heap| heap.flagged || heap.published_rule);
    Heaps { heaps: all, tested, q }
}

fn heap(key: u32, list: usize, votes: &[u32], facts: &LogFactorial) -> Heap {
    let count = |figure: u32| votes.iter().filter(|votes| **votes == figure).count();
    let (stations, zeros, ones, twos) = (votes.len(), count(0), count(1), count(2));
    let size = real(stations.max(1));
    let mean = votes.iter().map(|v| f64::from(*v)).sum::<f64>() / size;
    let variance = votes.iter().map(|v| (f64::from(*v) - mean) * (f64::from(*v) - mean)).sum::<f64>() / size;
    let empty = if variance > mean && mean > 0.0 {
        let shape = mean * mean / (variance - mean);
        exp(-shape * log1p(mean / shape))
    } else {
        exp(-mean)
    };
    let p = at_most(zeros, stations, empty, facts);
    let published_rule = ones > 20 && twos > 20 && zeros < 10;
    Heap { key, list, stations, zeros, ones, twos, p, flagged: false, published_rule }
}

/// P(Bin(n, p) <= k).
fn at_most(k: usize, n: usize, p: f64, facts: &LogFactorial) -> f64 {
    if p >= 1.0 {
        return if k >= n { 1.0 } else { 0.0 };
    }
    if p <= 0.0 {
        return 1.0;
    }
    let small = |x: usize| u32::try_from(x).unwrap_or(u32::MAX);
    let mass = |j: usize| {
        let ways = facts.of(small(n)) - facts.of(small(j)) - facts.of(small(n - j));
        exp(ways + real(j) * log(p) + real(n - j) * log1p(-p))
    };
    (0..=k.min(n)).map(mass).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn list(votes: Vec<u32>) -> List {
        List { name: "a".into(), votes }
    }

    #[test]
    fn chance_makes_zeros_and_hands_forget_them() {
        let mut random = Random::stream(2, 0);
        let facts = LogFactorial::up_to(2000);
        // 200 districts of 60 stations with about 1.5 votes each, honestly counted.
        let votes: Vec<u32> = (0..12_000).map(|_| random.binomial(1000, 0.0015, &facts)).collect();
        let keys: Vec<u32> = (0..12_000).map(|place| place / 60).collect();
        assert_eq!(heaps(&[list(votes)], &keys, 20, 0.05).heaps.len(), 0);
        let alternating: Vec<u32> = (0..60).map(|place| 1 + place % 2).collect();
        let found = heaps(&[list(alternating)], &[5; 60], 20, 0.05);
        assert_eq!(found.heaps.len(), 1);
        assert!(found.heaps[0].published_rule && found.heaps[0].flagged);
    }
}
