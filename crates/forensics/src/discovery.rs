//! Many tests at once: the procedure of Benjamini and Hochberg (J. R. Statist. Soc. B 57:289, 1995).

use serde::{Deserialize, Serialize};

/// A family of p-values judged together at a false discovery rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discovery {
    /// The rate asked for.
    pub q: f64,
    /// Whether each test is flagged, in the order given.
    pub flagged: Vec<bool>,
    /// How many are flagged.
    pub count: usize,
}

/// Flags the largest k with p(k) at most `q k / m`, and every smaller p. Not-a-number counts as 1.
pub fn benjamini_hochberg(p: &[f64], q: f64) -> Discovery {
    let value = |place: usize| p.get(place).copied().filter(|p| !p.is_nan()).unwrap_or(1.0);
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| value(*a).total_cmp(&value(*b)).then(a.cmp(b)));
    let tests = p.len() as f64;
    let passes = |(rank, place): (usize, &usize)| value(*place) <= q * (rank + 1) as f64 / tests;
    let count = order.iter().enumerate().rposition(|(rank, place)| passes((rank, place))).map_or(0, |last| last + 1);
    let mut flagged = vec![false; p.len()];
    for place in order.iter().take(count) {
        if let Some(flag) = flagged.get_mut(*place) {
            *flag = true;
        }
    }
    Discovery { q, flagged, count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_paper() {
        // Benjamini and Hochberg 1995, section 4.1: fifteen p-values, four flagged at 0.05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0000,
        ];
        let found = benjamini_hochberg(&p, 0.05);
        assert_eq!(found.count, 4);
        assert_eq!(found.flagged.iter().position(|flag| !flag), Some(4));
        assert_eq!(benjamini_hochberg(&[], 0.05).count, 0);
        assert_eq!(benjamini_hochberg(&[f64::NAN], 0.05).count, 0);
    }
}
