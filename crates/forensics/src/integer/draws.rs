//! The published Monte Carlo, seeded, as a cross-check of the exact null.

use serde::{Deserialize, Serialize};

use super::{Rule, Which, is_hit};
use crate::{Limits, number, random::Random, special::LogFactorial, table::Station};

/// Moments of the count of hits over simulated elections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Simulated elections.
    pub replicates: usize,
    /// Mean of the count.
    pub mean: f64,
    /// Standard deviation of the count.
    pub sd: f64,
    /// The counts, in the order drawn.
    pub counts: Vec<u32>,
}

impl Limits for Drawn {
    const CANNOT_SHOW: &'static str = "A simulation of B elections knows its mean only to sd / sqrt(B) and no tail below \
         1 / B; the exact null has neither limit.";
}

/// Draws elections under the null: G* ~ Bin(N, G/N) and W* ~ Bin(R, W/R) at every station.
pub fn monte_carlo(stations: &[Station], rule: Rule, which: Which, replicates: usize, seed: u64) -> Drawn {
    let largest = stations.iter().map(|s| s.registered.max(s.found)).max().unwrap_or(0);
    let facts = LogFactorial::up_to(largest);
    let draw = |number: usize| {
        let mut random = Random::stream(seed, number as u64);
        let mut count = 0_u32;
        for station in stations {
            count += u32::from(drawn_hit(*station, rule, which, &mut random, &facts));
        }
        count
    };
    let counts: Vec<u32> = (0..replicates).map(draw).collect();
    let size = number::real(replicates.max(1));
    let mean = counts.iter().map(|c| f64::from(*c)).sum::<f64>() / size;
    let squares: f64 = counts.iter().map(|c| (f64::from(*c) - mean) * (f64::from(*c) - mean)).sum();
    Drawn { replicates, mean, sd: libm::sqrt(squares / (size - 1.0).max(1.0)), counts }
}

fn drawn_hit(station: Station, rule: Rule, which: Which, random: &mut Random, facts: &LogFactorial) -> bool {
    let mut drawn = |k: u32, n: u32| is_hit(random.binomial(n, number::ratio(k, n), facts), n, rule);
    match which {
        Which::Turnout => drawn(station.issued, station.registered),
        Which::Share => drawn(station.leader, station.found),
        Which::Either => {
            let turnout = drawn(station.issued, station.registered);
            let share = drawn(station.leader, station.found);
            turnout || share
        }
    }
}
