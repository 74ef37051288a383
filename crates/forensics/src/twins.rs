//! Stations with the same figures, or with figures that differ by one edited digit.
//!
//! The null permutes results among comparable stations: same district and similar size. Its mean is exact: of a
//! class of m stations with a pairs equal in one part of the figures and b pairs equal in the other, `a b / C(m, 2)`
//! pairs are expected to be equal in both.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Limits,
    number::real,
    random::Random,
    table::{List, Station, members},
};

/// Stations that share all four figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identical {
    /// Groups of places, by first place.
    pub groups: Vec<Vec<usize>>,
    /// Stations in the groups.
    pub stations: usize,
    /// Pairs of stations in the groups.
    pub pairs: u64,
    /// Pairs expected if the voter lists were dealt out anew among stations of similar size.
    pub expected_pairs: f64,
}

impl Limits for Identical {
    const CANNOT_SHOW: &'static str = "Some pairs agree by chance, more of them where stations are small or alike; which \
         of two equal protocols is the copy cannot be seen.";
}

/// Stations of at least `at_least` voters and turnout below 100 % that agree in all four figures. Similar size
/// means the same step of 2 %.
pub fn identical(stations: &[Station], at_least: u32) -> Identical {
    let read = |s: &Station| s.registered >= at_least && s.issued < s.registered;
    let mut same = BTreeMap::<Station, Vec<usize>>::new();
    let mut classes = BTreeMap::<usize, Vec<Station>>::new();
    for (place, station) in stations.iter().enumerate().filter(|(_, s)| read(s)) {
        same.entry(*station).or_default().push(place);
        let class = crate::number::whole(libm::log(f64::from(station.registered.max(1))) / libm::log(1.02));
        classes.entry(class).or_default().push(*station);
    }
    let expected_pairs = classes.values().map(|class| expected(class)).sum();
    let mut groups: Vec<Vec<usize>> = same.into_values().filter(|places| places.len() > 1).collect();
    groups.sort();
    let pairs = groups.iter().map(|group| choose_two(group.len())).sum();
    Identical { stations: groups.iter().map(Vec::len).sum(), groups, pairs, expected_pairs }
}

fn choose_two(count: usize) -> u64 {
    let count = count as u64;
    count * count.saturating_sub(1) / 2
}

fn expected(class: &[Station]) -> f64 {
    let by_list = equal_pairs(class.iter().map(|s| s.registered));
    let by_result = equal_pairs(class.iter().map(|s| (s.issued, s.found, s.leader)));
    let pairs = choose_two(class.len());
    if pairs == 0 { 0.0 } else { by_list as f64 * by_result as f64 / pairs as f64 }
}

fn equal_pairs<K: Ord>(keys: impl Iterator<Item = K>) -> u64 {
    let mut counts = BTreeMap::<K, usize>::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts.into_values().map(choose_two).sum()
}

/// Two stations of one district whose results differ in one list only, by 10, 100 or 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Places of the two stations.
    pub pair: (usize, usize),
    /// Place of the list.
    pub list: usize,
    /// The difference.
    pub by: u32,
}

/// Pairs that differ by one digit, against a permutation null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edits {
    /// The pairs, by place.
    pub edits: Vec<Edit>,
    /// Mean number of such pairs when each list's votes are dealt out anew within the districts.
    pub expected: f64,
    /// (1 + permutations with as many) / (1 + permutations).
    pub p: f64,
    /// Permutations drawn.
    pub permutations: usize,
}

impl Limits for Edits {
    const CANNOT_SHOW: &'static str = "Dealing lists out one by one breaks the tie between a station's lists, so similar \
         neighbours make the expectation too small; the pairs are protocols to ask for, no more.";
}

/// Searches all pairs of stations of a district whose lists total at least `at_least` votes.
pub fn digit_edits(lists: &[List], keys: &[u32], at_least: u64, permutations: usize, seed: u64) -> Edits {
    let total = |place: usize| lists.iter().filter_map(|l| l.votes.get(place)).map(|v| u64::from(*v)).sum::<u64>();
    let mut districts: Vec<Vec<usize>> = members(keys).into_values().collect();
    for places in &mut districts {
        places.retain(|place| total(*place) >= at_least);
    }
    let results = |places: &[usize]| -> Vec<Vec<u32>> {
        let row = |place: &usize| lists.iter().map(|l| l.votes.get(*place).copied().unwrap_or(0)).collect();
        places.iter().map(row).collect()
    };
    let (mut edits, mut drawn) = (Vec::new(), vec![0_usize; permutations]);
    for (number, places) in districts.iter().enumerate().filter(|(_, places)| places.len() > 1) {
        let mut rows = results(places);
        let found = edited_pairs(&rows).into_iter();
        edits.extend(
            found.filter_map(|(a, b, list, by)| Some(Edit { pair: (*places.get(a)?, *places.get(b)?), list, by })),
        );
        let mut random = Random::stream(seed, number as u64);
        for drawn in &mut drawn {
            for list in 0..lists.len() {
                deal_out(&mut rows, list, &mut random);
            }
            *drawn += edited_pairs(&rows).len();
        }
    }
    edits.sort_by_key(|edit| edit.pair);
    let as_many = drawn.iter().filter(|count| **count >= edits.len()).count();
    let expected = drawn.iter().map(|count| real(*count)).sum::<f64>() / real(permutations.max(1));
    Edits { p: real(1 + as_many) / real(1 + permutations), edits, expected, permutations }
}

fn deal_out(rows: &mut [Vec<u32>], list: usize, random: &mut Random) {
    let mut column: Vec<u32> = rows.iter().filter_map(|row| row.get(list).copied()).collect();
    random.shuffle(&mut column);
    for (row, votes) in rows.iter_mut().zip(column) {
        if let Some(cell) = row.get_mut(list) {
            *cell = votes;
        }
    }
}

/// Pairs of rows that differ in exactly one column, by a power of ten from 10 to 1000: (row, row, column, by).
/// Rows are matched through their values without one column, so the work is not quadratic in the rows.
fn edited_pairs(rows: &[Vec<u32>]) -> Vec<(usize, usize, usize, u32)> {
    let columns = rows.first().map_or(0, Vec::len);
    let mut found = Vec::new();
    for column in 0..columns {
        let mut rest = BTreeMap::<u64, Vec<usize>>::new();
        for (place, row) in rows.iter().enumerate() {
            rest.entry(hash_without(row, column)).or_default().push(place);
        }
        for group in rest.into_values().filter(|group| group.len() > 1) {
            compare_group(rows, column, &group, &mut found);
        }
    }
    found
}

fn hash_without(row: &[u32], column: usize) -> u64 {
    let others = row.iter().enumerate().filter(|(place, _)| *place != column);
    others.fold(0xcbf2_9ce4_8422_2325, |hash, (_, value)| {
        (hash ^ u64::from(*value)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    })
}

fn compare_group(rows: &[Vec<u32>], column: usize, group: &[usize], found: &mut Vec<(usize, usize, usize, u32)>) {
    for (number, a) in group.iter().enumerate() {
        for b in group.iter().skip(number + 1) {
            let (Some(one), Some(other)) = (rows.get(*a), rows.get(*b)) else { continue };
            let same = |place: usize| place == column || one.get(place) == other.get(place);
            let by = one.get(column).zip(other.get(column)).map_or(0, |(x, y)| x.abs_diff(*y));
            if matches!(by, 10 | 100 | 1000) && (0..one.len()).all(same) {
                found.push((*a, *b, column, by));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_more_for_one_list_is_found() {
        let list = |votes: &[u32]| List { name: String::new(), votes: votes.to_vec() };
        let lists = [list(&[310, 1310, 500, 77]), list(&[45, 45, 12, 31]), list(&[101, 101, 90, 65])];
        let found = digit_edits(&lists, &[0; 4], 50, 99, 1);
        assert_eq!(found.edits, [Edit { pair: (0, 1), list: 0, by: 1000 }]);
        let apart = digit_edits(&lists, &[0, 1, 2, 3], 50, 99, 1);
        assert!(apart.edits.is_empty() && (apart.p - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_expectation_is_that_of_all_permutations() {
        let station = |registered, leader| Station { registered, issued: 500, found: 500, leader };
        // Two equal lists, two equal results, four stations: one of the six pairs, on average 1/6.
        let stations = [station(1001, 5), station(1001, 6), station(1002, 5), station(1003, 9)];
        let found = identical(&stations, 500);
        assert_eq!((found.stations, found.pairs), (0, 0));
        assert!((found.expected_pairs - 1.0 / 6.0).abs() < 1e-12);
    }
}
