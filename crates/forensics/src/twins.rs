//! Stations with the same figures, or with figures that differ by one edited digit.
//!
//! The null permutes results among comparable stations: same district and similar size. Its mean is exact: of a
//! class of m stations with a pairs equal in one part of the figures and b pairs equal in the other, `a b / C(m, 2)`
//! pairs are expected to be equal in both.

use serde::{Deserialize, Serialize};

use crate::{
    Limits,
    number::real,
    random::Random,
    special::beta_lower,
    table::{List, Station, members},
    work::Workers,
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
    /// P(as many pairs) if pairs came one by one at that rate (Poisson).
    pub p: f64,
}

impl Limits for Identical {
    const CANNOT_SHOW: &'static str = "Some pairs agree by chance, more of them where stations are small or alike; which \
         of two equal protocols is the copy cannot be seen.";
}

/// Stations of at least `at_least` voters and turnout below 100 % that agree in all four figures. Similar size
/// means the same step of 2 %.
pub fn identical(stations: &[Station], at_least: u32) -> Identical {
    let read = |s: &Station| s.registered >= at_least && s.issued < s.registered;
    let step = libm::log(1.02);
    let class = |s: &Station| crate::number::whole(libm::log(f64::from(s.registered.max(1))) / step);
    let mut all: Vec<(usize, Station, usize)> = stations
        .iter()
        .enumerate()
        .filter(|(_, s)| read(s))
        .map(|(place, station)| (class(station), *station, place))
        .collect();
    all.sort_unstable();
    let expected_pairs = all.chunk_by(|a, b| a.0 == b.0).map(expected).sum();
    let same = all.chunk_by(|a, b| a.1 == b.1).filter(|group| group.len() > 1);
    let mut groups: Vec<Vec<usize>> = same.map(|group| group.iter().map(|(_, _, place)| *place).collect()).collect();
    groups.sort();
    let pairs = groups.iter().map(|group| choose_two(group.len())).sum();
    let p = poisson_upper(pairs, expected_pairs);
    Identical { stations: groups.iter().map(Vec::len).sum(), groups, pairs, expected_pairs, p }
}

/// P(X >= k) for a Poisson count X: the lower incomplete gamma function, through chi-square.
fn poisson_upper(k: u64, mean: f64) -> f64 {
    if k == 0 { 1.0 } else { crate::special::chi_square_lower(2.0 * mean, 2.0 * k as f64) }
}

fn choose_two(count: usize) -> u64 {
    let count = count as u64;
    count * count.saturating_sub(1) / 2
}

fn expected(class: &[(usize, Station, usize)]) -> f64 {
    let by_list = equal_pairs(class.iter().map(|(_, s, _)| s.registered).collect());
    let by_result = equal_pairs(class.iter().map(|(_, s, _)| (s.issued, s.found, s.leader)).collect());
    let pairs = choose_two(class.len());
    if pairs == 0 { 0.0 } else { by_list as f64 * by_result as f64 / pairs as f64 }
}

fn equal_pairs<K: Ord>(mut keys: Vec<K>) -> u64 {
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|group| choose_two(group.len())).sum()
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

/// Pairs that differ by one digit, against two nulls.
///
/// One deals each list's votes out anew within the districts. It breaks the tie between a station's lists, so where there are few
/// lists honest neighbours of one size make more such pairs than it says. The other looks at pairs that differ by one or two votes
/// more or less than 10, 100 or 1000: nobody edits those, and honest differences hit all five alike. The weaker of both counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edits {
    /// The pairs, by place.
    pub edits: Vec<Edit>,
    /// Pairs that differ by one or two votes more or less than 10, 100 or 1000.
    pub near: usize,
    /// Number of pairs expected by chance: the larger of both nulls.
    pub expected: f64,
    /// The larger of (1 + permutations with as many) / (1 + permutations) and, where there are any near ones, P(as many of the edits
    /// and the near ones together, each with a chance of one in five).
    pub p: f64,
    /// Permutations drawn.
    pub permutations: usize,
}

impl Limits for Edits {
    const CANNOT_SHOW: &'static str = "Chance is judged by dealing the lists out anew and by pairs that differ by one or two \
         votes more or less; which of two such protocols is the edited one cannot be seen.";
}

/// Searches all pairs of stations of a district whose lists total at least `at_least` votes.
pub fn digit_edits(
    lists: &[List],
    keys: &[u32],
    at_least: u64,
    permutations: usize,
    seed: u64,
    workers: &impl Workers,
) -> Edits {
    let total = |place: usize| lists.iter().filter_map(|l| l.votes.get(place)).map(|v| u64::from(*v)).sum::<u64>();
    let mut districts: Vec<Vec<usize>> = members(keys).into_values().collect();
    for places in &mut districts {
        places.retain(|place| total(*place) >= at_least);
    }
    districts.retain(|places| places.len() > 1);
    let parts = workers.map(districts.len(), &|number| {
        let places = districts.get(number).map_or(&[][..], Vec::as_slice);
        in_district(lists, places, permutations, &mut Random::stream(seed, number as u64))
    });
    let (mut edits, mut near, mut drawn) = (Vec::new(), 0, vec![0_usize; permutations]);
    for (own, beside, counts) in parts {
        edits.extend(own);
        near += beside;
        drawn.iter_mut().zip(counts).for_each(|(drawn, own)| *drawn += own);
    }
    edits.sort_by_key(|edit| edit.pair);
    let as_many = drawn.iter().filter(|count| **count >= edits.len()).count();
    let dealt = drawn.iter().map(|count| real(*count)).sum::<f64>() / real(permutations.max(1));
    let p = (real(1 + as_many) / real(1 + permutations)).max(one_in_five(edits.len(), near));
    Edits { p, edits, near, expected: dealt.max(real(near) / 4.0), permutations }
}

/// P(so many or more of `edits + near` pairs), each with a chance of one in five. Without any near pair there is nothing to compare
/// with, and the answer is 0.
fn one_in_five(edits: usize, near: usize) -> f64 {
    match (edits, near) {
        (_, 0) => 0.0,
        (0, _) => 1.0,
        _ => beta_lower(0.2, real(edits), real(near + 1)),
    }
}

/// The pairs of one district, how many near ones there are, and how many pairs each permutation has.
fn in_district(
    lists: &[List],
    places: &[usize],
    permutations: usize,
    random: &mut Random,
) -> (Vec<Edit>, usize, Vec<usize>) {
    let row = |place: &usize| lists.iter().map(|l| l.votes.get(*place).copied().unwrap_or(0)).collect();
    let mut rows: Vec<Vec<u32>> = places.iter().map(row).collect();
    let all = edited_pairs(&rows);
    let near = all.iter().filter(|(.., by)| !is_edit(*by)).count();
    let edit = |(a, b, list, by): (usize, usize, usize, u32)| {
        Some(Edit { pair: (*places.get(a)?, *places.get(b)?), list, by })
    };
    let edits = all.into_iter().filter(|(.., by)| is_edit(*by)).filter_map(edit).collect();
    let count = |_| {
        for list in 0..lists.len() {
            deal_out(&mut rows, list, random);
        }
        edited_pairs(&rows).iter().filter(|(.., by)| is_edit(*by)).count()
    };
    (edits, near, (0..permutations).map(count).collect())
}

fn is_edit(by: u32) -> bool {
    matches!(by, 10 | 100 | 1000)
}

/// Within two votes of one digit's worth.
fn is_near_edit(by: u32) -> bool {
    [10, 100, 1000].iter().any(|edit| by.abs_diff(*edit) <= 2)
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

/// Pairs of rows that differ in exactly one column, by a power of ten from 10 to 1000 give or take two: (row, row, column, by).
/// Rows are matched through their values without one column, so the work is not quadratic in the rows.
fn edited_pairs(rows: &[Vec<u32>]) -> Vec<(usize, usize, usize, u32)> {
    let columns = rows.first().map_or(0, Vec::len);
    let whole: Vec<u64> = rows.iter().map(|row| mixed(row)).collect();
    let mut found = Vec::new();
    let mut rest: Vec<(u64, usize)> = Vec::with_capacity(rows.len());
    for column in 0..columns {
        rest.clear();
        let without = rows.iter().zip(&whole).enumerate().map(|(place, (row, whole))| {
            (whole.wrapping_sub(part(column, row.get(column).copied().unwrap_or(0))), place)
        });
        rest.extend(without);
        rest.sort_unstable();
        for group in rest.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            compare_group(rows, column, group, &mut found);
        }
    }
    found
}

/// What one figure adds to the mixture of a row: taking it away leaves the mixture of the others.
fn part(column: usize, value: u32) -> u64 {
    let mut z = u64::from(value).wrapping_add((column as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^ (z >> 29)
}

fn mixed(row: &[u32]) -> u64 {
    row.iter().enumerate().fold(0_u64, |sum, (column, value)| sum.wrapping_add(part(column, *value)))
}

fn compare_group(
    rows: &[Vec<u32>],
    column: usize,
    group: &[(u64, usize)],
    found: &mut Vec<(usize, usize, usize, u32)>,
) {
    for (number, (_, a)) in group.iter().enumerate() {
        for (_, b) in group.iter().skip(number + 1) {
            let (Some(one), Some(other)) = (rows.get(*a), rows.get(*b)) else { continue };
            let same = |place: usize| place == column || one.get(place) == other.get(place);
            let by = one.get(column).zip(other.get(column)).map_or(0, |(x, y)| x.abs_diff(*y));
            if is_near_edit(by) && (0..one.len()).all(same) {
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
        let found = digit_edits(&lists, &[0; 4], 50, 99, 1, &crate::work::Alone);
        assert_eq!(found.edits, [Edit { pair: (0, 1), list: 0, by: 1000 }]);
        let apart = digit_edits(&lists, &[0, 1, 2, 3], 50, 99, 1, &crate::work::Alone);
        assert!(apart.edits.is_empty() && (apart.p - 1.0).abs() < 1e-12);
    }

    #[test]
    fn two_lists_of_honest_neighbours_are_left_alone() {
        let facts = crate::special::LogFactorial::up_to(500);
        let mut found = 0;
        for number in 0..20 {
            let mut random = Random::stream(12, number);
            // Turnout and share go together within each district: dealing the lists out anew would break that.
            let (mut one, mut other) = (Vec::new(), Vec::new());
            for place in 0..2000 {
                let voted = 150 + 2 * (place % 40) + random.binomial(40, 0.5, &facts);
                let votes = random.binomial(voted, 0.4, &facts);
                one.push(votes);
                other.push(voted - votes);
            }
            let lists = [one, other].map(|votes| List { name: String::new(), votes });
            let keys: Vec<u32> = (0..2000).map(|place| place / 40).collect();
            let own = digit_edits(&lists, &keys, 50, 39, number, &crate::work::Alone);
            assert!(own.near > 100 && own.edits.len() > 20, "{} {}", own.near, own.edits.len());
            found += usize::from(own.p < 0.05);
        }
        assert!(found <= 3, "{found} of 20");
        assert!((one_in_five(5, 0) - 0.0).abs() < 1e-15 && (one_in_five(1, 4) - 0.672_32).abs() < 1e-9);
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
