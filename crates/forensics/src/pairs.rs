//! Two counts of the same ballots: machine and hand, protocol and copy. Which figures differ, and how.
//!
//! Differences are sorted by what an honest or dishonest hand does to paper: one digit written wrongly, a few figures changed, or
//! a protocol written anew. Copies are no random sample (observers go to cities, and stations with observers are cleaner), so
//! that differences are summed over what was compared and never scaled up, unless the stations were drawn ([`sampled_total`]).

use libm::sqrt;
use serde::{Deserialize, Serialize};

use crate::{Limits, number::real, special::student_point};

/// How two counts of one station compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Every figure that both state is the same.
    Equal,
    /// One or two figures differ, each in one digit, by one dropped or added digit, or by two digits that changed places.
    DigitEdit,
    /// One or two figures differ otherwise.
    FewFigures,
    /// Three figures or more differ.
    Rewrite,
}

/// One station's differences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The station, as the caller numbers it.
    pub place: usize,
    /// How they compare.
    pub class: Class,
    /// Columns that differ: number of the column, figure of the first count, figure of the second.
    pub columns: Vec<(usize, u32, u32)>,
}

/// All stations of which both counts are there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Compared {
    /// Stations compared.
    pub stations: usize,
    /// Stations in each class, in the order of [`Class`].
    pub classes: [usize; 4],
    /// The stations that differ, in the order given.
    pub differences: Vec<Difference>,
    /// Net difference of each column over the stations compared: second count less first.
    pub net: Vec<i64>,
    /// Sum of the absolute differences of each column.
    pub absolute: Vec<u64>,
}

impl Limits for Compared {
    const CANNOT_SHOW: &'static str = "The stations compared are not a sample unless somebody drew them: nothing here says what \
         the others are like, and which of two figures is right is on paper.";
}

/// Compares pairs of rows of figures, `None` where a figure is not stated; `columns` of them in each row.
pub fn compare<'a>(
    pairs: impl Iterator<Item = (usize, &'a [Option<u32>], &'a [Option<u32>])>,
    columns: usize,
) -> Compared {
    let differing = pairs.map(|(place, first, second)| {
        let both = first.iter().zip(second).take(columns).enumerate();
        let stated = both.filter_map(|(column, (a, b))| Some((column, (*a)?, (*b)?)));
        (place, stated.filter(|(_, a, b)| a != b).collect())
    });
    of_differences(differing, columns)
}

/// The same where the differing figures are known: place of the station, and (column, first, second) for each of them.
pub fn of_differences(stations: impl Iterator<Item = (usize, Vec<(usize, u32, u32)>)>, columns: usize) -> Compared {
    let mut all = Compared { net: vec![0; columns], absolute: vec![0; columns], ..Compared::default() };
    for (place, differing) in stations {
        all.stations += 1;
        for (column, a, b) in &differing {
            if let (Some(net), Some(absolute)) = (all.net.get_mut(*column), all.absolute.get_mut(*column)) {
                *net += i64::from(*b) - i64::from(*a);
                *absolute += u64::from(a.abs_diff(*b));
            }
        }
        let class = classify(&differing);
        if let Some(count) = all.classes.get_mut(class as usize) {
            *count += 1;
        }
        if class != Class::Equal {
            all.differences.push(Difference { place, class, columns: differing });
        }
    }
    all
}

fn classify(differing: &[(usize, u32, u32)]) -> Class {
    match differing.len() {
        0 => Class::Equal,
        1 | 2 if differing.iter().all(|(_, a, b)| is_digit_edit(*a, *b)) => Class::DigitEdit,
        1 | 2 => Class::FewFigures,
        _ => Class::Rewrite,
    }
}

/// Whether two different figures are one slip apart: one digit replaced, dropped or added, or two neighbours swapped.
pub fn is_digit_edit(a: u32, b: u32) -> bool {
    let (a, b) = (a.to_string().into_bytes(), b.to_string().into_bytes());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() == short.len() {
        let off: Vec<usize> = (0..short.len()).filter(|at| short[*at] != long[*at]).collect();
        return match off[..] {
            [_] => true,
            [i, j] => j == i + 1 && short[i] == long[j] && short[j] == long[i],
            _ => false,
        };
    }
    if long.len() != short.len() + 1 {
        return false;
    }
    // Without one of its digits the longer figure is the shorter one.
    let same = short.iter().zip(long.iter()).take_while(|(s, l)| s == l).count();
    short[same..] == long[same + 1..]
}

/// A total over all stations from a drawn sample of them, with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Total {
    /// Estimated difference over all stations.
    pub total: f64,
    /// Its interval at the level asked for.
    pub interval: (f64, f64),
}

/// Expands the differences of a simple random sample of `stations` stations: `N dbar` with variance
/// `N^2 (1 - n/N) s^2 / n` and Student's t. `None` for fewer than two stations or more than there are.
pub fn sampled_total(differences: &[i64], stations: usize, level: f64) -> Option<Total> {
    let (n, all) = (real(differences.len()), real(stations));
    if differences.len() < 2 || differences.len() > stations {
        return None;
    }
    let mean = differences.iter().map(|d| *d as f64).sum::<f64>() / n;
    let squares: f64 = differences.iter().map(|d| (*d as f64 - mean) * (*d as f64 - mean)).sum();
    let error = all * sqrt((1.0 - n / all).max(0.0) * squares / (n - 1.0) / n);
    let reach = student_point(level.clamp(0.0, 0.999_999), n - 1.0) * error;
    let total = all * mean;
    Some(Total { total, interval: (total - reach, total + reach) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen() {
        for (a, b) in [(617, 717), (617, 167), (61, 617), (617, 6175), (0, 9), (1000, 2000)] {
            assert!(is_digit_edit(a, b) && is_digit_edit(b, a), "{a} {b}");
        }
        for (a, b) in [(617, 762), (617, 716), (5, 617), (123, 1), (99, 100)] {
            assert!(!is_digit_edit(a, b), "{a} {b}");
        }
    }

    #[test]
    fn classes_and_sums() {
        let row = |figures: [u32; 4]| figures.map(Some).to_vec();
        let base = row([100, 50, 30, 20]);
        let others = [base.clone(), row([100, 50, 30, 29]), row([100, 50, 41, 9]), row([123, 71, 30, 22])];
        let found = compare(others.iter().enumerate().map(|(place, other)| (place, &base[..], &other[..])), 4);
        assert_eq!((found.stations, found.classes), (4, [1, 1, 1, 1]));
        assert_eq!(found.net, [23, 21, 11, 9 - 11 + 2]);
        assert_eq!(found.differences[2].class, Class::Rewrite);
        let silent = [None; 4];
        assert_eq!(compare(std::iter::once((0, &base[..], &silent[..])), 4).classes, [1, 0, 0, 0]);
    }

    #[test]
    fn a_drawn_sample_alone_is_expanded() {
        let found = sampled_total(&[0, 0, 10, -2], 400, 0.95).unwrap();
        assert!((found.total - 800.0).abs() < 1e-9 && found.interval.0 < 0.0 && found.interval.1 > 1600.0);
        assert!(sampled_total(&[1], 400, 0.95).is_none() && sampled_total(&[1, 2, 3], 2, 0.95).is_none());
        let complete = sampled_total(&[3, 4], 2, 0.95).unwrap();
        assert!((complete.interval.0 - 7.0).abs() < 1e-9 && (complete.interval.1 - 7.0).abs() < 1e-9);
    }
}
