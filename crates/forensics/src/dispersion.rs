//! Districts whose stations agree too well.
//!
//! Honest stations of one district vary more than binomially (the median dispersion of seven Russian elections
//! is 6 to 26). For a district of m stations with pooled rate p the statistic is `X2 = sum (k - n p)^2 /
//! (n p (1 - p))`; where no station differs in truth it is chi-square with m - 1 degrees of freedom, where they
//! do it is larger. A *lower* tail is therefore conservative: agreement to within the last ballot stands out.

use serde::{Deserialize, Serialize};

use crate::{
    Limits, Mask, benjamini_hochberg,
    number::real,
    special::chi_square_lower,
    table::{Station, members},
};

/// The percentage compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Percentage {
    /// Ballots issued per registered voter.
    Turnout,
    /// Leader's votes per ballot found.
    Share,
}

impl Percentage {
    /// Part and whole of a station.
    pub fn of(self, station: Station) -> (u32, u32) {
        match self {
            Self::Turnout => (station.issued, station.registered),
            Self::Share => (station.leader, station.found),
        }
    }
}

/// One district.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct District {
    /// Its key.
    pub key: u32,
    /// Stations compared.
    pub stations: usize,
    /// The pooled rate, 0 to 1.
    pub pooled: f64,
    /// X2.
    pub statistic: f64,
    /// Lower tail of chi-square with `stations - 1` degrees of freedom.
    pub p: f64,
    /// Flagged by Benjamini and Hochberg within this percentage.
    pub flagged: bool,
}

impl District {
    /// X2 per degree of freedom; 1 is what independent binomial stations give.
    pub fn dispersion(&self) -> f64 {
        self.statistic / real(self.stations.saturating_sub(1).max(1))
    }
}

/// All districts with enough stations, the most uniform first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Which percentage.
    pub percentage: Percentage,
    /// The districts, by p, then key.
    pub districts: Vec<District>,
    /// How many are flagged.
    pub flagged: usize,
    /// Median of the districts' dispersion.
    pub median_dispersion: f64,
    /// False discovery rate.
    pub q: f64,
}

impl Limits for Agreement {
    const CANNOT_SHOW: &'static str = "It sees results assigned from above, not ballots added independently at each \
         station; totals of a district shared out among its stations by whoever compiled the file look the same.";
}

/// The stations that the check reads: at least 100 and fewer than 10,000 voters, ballots found, turnout below 100 %.
pub fn usual_mask() -> Mask {
    Mask { found_some: true, at_least: 100, below: Some(10_000), not_everyone: true, ..Mask::default() }
}

/// Compares the stations of every district of at least `at_least` stations; `keys` has one key a station.
pub fn agreement(stations: &[Station], keys: &[u32], percentage: Percentage, at_least: usize, q: f64) -> Agreement {
    let groups: Vec<(u32, Vec<usize>)> = members(keys).into_iter().collect();
    agreement_in(stations, &groups, Mask::default(), percentage, at_least, q)
}

/// The same with the places of every district known, among the stations that the mask keeps.
pub(crate) fn agreement_in(
    stations: &[Station],
    groups: &[(u32, Vec<usize>)],
    mask: Mask,
    percentage: Percentage,
    at_least: usize,
    q: f64,
) -> Agreement {
    let mut districts: Vec<District> = groups
        .iter()
        .filter_map(|(key, places)| {
            let kept = places.iter().filter_map(|place| stations.get(*place)).filter(|s| mask.keeps(**s));
            let pairs: Vec<(u32, u32)> = kept.map(|s| percentage.of(*s)).collect();
            if pairs.len() < at_least.max(2) { None } else { district(*key, &pairs) }
        })
        .collect();
    let p: Vec<f64> = districts.iter().map(|district| district.p).collect();
    let found = benjamini_hochberg(&p, q);
    for (district, flagged) in districts.iter_mut().zip(found.flagged) {
        district.flagged = flagged;
    }
    let median_dispersion = median(districts.iter().map(District::dispersion).collect());
    districts.sort_by(|a, b| a.p.total_cmp(&b.p).then(a.key.cmp(&b.key)));
    Agreement { percentage, districts, flagged: found.count, median_dispersion, q }
}

/// `None` where every vote or none is counted: there is nothing to vary.
fn district(key: u32, pairs: &[(u32, u32)]) -> Option<District> {
    let sum = |of: fn(&(u32, u32)) -> u32| pairs.iter().map(|pair| u64::from(of(pair))).sum::<u64>();
    let (part, whole) = (sum(|pair| pair.0), sum(|pair| pair.1));
    if part == 0 || part >= whole {
        return None;
    }
    let pooled = part as f64 / whole as f64;
    let term = |(k, n): &(u32, u32)| {
        let n = f64::from(*n);
        let off = f64::from(*k) - n * pooled;
        if n > 0.0 { off * off / (n * pooled * (1.0 - pooled)) } else { 0.0 }
    };
    let statistic: f64 = pairs.iter().map(term).sum();
    let p = chi_square_lower(statistic, real(pairs.len() - 1));
    Some(District { key, stations: pairs.len(), pooled, statistic, p, flagged: false })
}

/// The middle value, the mean of the two middle ones of an even number, 0 of none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.len() % 2, values.get(middle)) {
        (_, None) => 0.0,
        (1, Some(value)) => *value,
        (_, Some(upper)) => 0.5 * (upper + values.get(middle.saturating_sub(1)).unwrap_or(upper)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{random::Random, special::LogFactorial};

    /// The worst case for false flags: no station of a district differs in truth.
    #[test]
    fn equal_stations_are_rarely_flagged() {
        let facts = LogFactorial::up_to(2000);
        let mut flags = 0;
        for seed in 0..60 {
            let mut random = Random::stream(11, seed);
            let (mut stations, mut keys) = (Vec::new(), Vec::new());
            for key in 0..100 {
                let rate = 0.3 + 0.5 * random.uniform();
                for _ in 0..20 {
                    let issued = random.binomial(1000, rate, &facts);
                    stations.push(Station { registered: 1000, issued, found: issued, leader: issued / 2 });
                    keys.push(key);
                }
            }
            flags += usize::from(agreement(&stations, &keys, Percentage::Turnout, 10, 0.05).flagged > 0);
        }
        assert!(flags <= 9, "{flags} of 60 clean countries flagged");
    }

    #[test]
    fn stations_that_agree_to_the_ballot_are_flagged() {
        let size = |place: u32| 700 + 13 * place;
        let station = |place| Station {
            registered: size(place),
            issued: size(place) * 9 / 10,
            found: size(place) * 9 / 10,
            leader: size(place) / 2,
        };
        let stations: Vec<Station> = (0..30).map(station).collect();
        let found = agreement(&stations, &[7; 30], Percentage::Turnout, 10, 0.05);
        assert_eq!(found.flagged, 1);
        assert!(found.districts[0].p < 1e-30);
    }
}
