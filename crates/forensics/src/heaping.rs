//! Small lists that get one vote here, two there, and hardly ever none (the "1-2-1-2" pattern, D. Kireev 2021).

use libm::{exp, log};
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
    /// P(so few zeros) given the stations with 0, 1 or 2 votes and their sum, if votes were Poisson; honest mixtures have more.
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

/// Looks for a shortage of zeros, without assuming how a list's support is spread over stations.
///
/// Votes of rare supporters are Poisson with a rate that differs from station to station, and for any spread of rates
/// `P(0) 2 P(2) >= P(1)^2` (Cauchy and Schwarz): zeros beside ones and twos are at their fewest where all rates are equal. There the
/// zeros, given how many stations have 0, 1 or 2 votes and their sum, have a known distribution without any rate in it, and its lower
/// tail is the p. A negative binomial fitted by moments, in comparison, flags 61 lists of an ordinary election (Bulgaria 2021).
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
    let p = at_most(zeros, ones, twos, facts);
    let published_rule = ones > 20 && twos > 20 && zeros < 10;
    Heap { key, list, stations, zeros, ones, twos, p, flagged: false, published_rule }
}

/// P(as few zeros or fewer | stations with 0, 1 or 2, and their sum) under equal Poisson rates: the weight of k twos is
/// `1 / (zeros! ones! k! 2^k)` with ones and zeros that keep both sums.
fn at_most(zeros: usize, ones: usize, twos: usize, facts: &LogFactorial) -> f64 {
    let (stations, votes) = (zeros + ones + twos, ones + 2 * twos);
    let small = |x: usize| u32::try_from(x).unwrap_or(u32::MAX);
    let weight = |twos: usize| {
        let ones = votes.checked_sub(2 * twos)?;
        let zeros = stations.checked_sub(ones + twos)?;
        let size = facts.of(small(zeros)) + facts.of(small(ones)) + facts.of(small(twos));
        Some((zeros, -size - real(twos) * log(2.0)))
    };
    let all: Vec<(usize, f64)> = (0..=votes / 2).filter_map(weight).collect();
    let most = all.iter().map(|(_, weight)| *weight).fold(f64::NEG_INFINITY, f64::max);
    let (mut few, mut total) = (0.0, 0.0);
    for (own, weight) in all {
        let mass = exp(weight - most);
        total += mass;
        if own <= zeros {
            few += mass;
        }
    }
    if total > 0.0 { (few / total).min(1.0) } else { 1.0 }
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
        // Rates that differ a lot make more zeros, never fewer.
        let mixed: Vec<u32> = (0..12_000_u32)
            .map(|place| random.binomial(1000, if place % 3 == 0 { 0.006 } else { 0.0007 }, &facts))
            .collect();
        assert_eq!(heaps(&[list(mixed)], &keys, 20, 0.05).heaps.len(), 0);
    }

    #[test]
    fn the_exact_tail_by_hand() {
        let facts = LogFactorial::up_to(10);
        // Two stations with two votes together: (1, 1) has weight 1/2, (0, 2) one way of 1/2 each for two orders: 1/2.
        assert!((at_most(0, 2, 0, &facts) - 0.5).abs() < 1e-12);
        assert!((at_most(1, 0, 1, &facts) - 1.0).abs() < 1e-12);
        assert!((at_most(0, 0, 0, &facts) - 1.0).abs() < 1e-12);
    }
}
