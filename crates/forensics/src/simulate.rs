//! Simulated elections with the user's own station sizes: clean ones, and ones altered in a known way.
//!
//! A clean station has turnout `T* = logistic(logit t + z1 s / (t (1 - t)))` and share likewise, with normals z1 and z2 of
//! correlation rho; then G ~ Bin(N, T*) and W ~ Bin(G, S*).

use libm::{log, sqrt};
use serde::{Deserialize, Serialize};

use crate::{
    number::{ratio, real, whole, whole32},
    random::Random,
    special::{LogFactorial, quick_exp},
    table::Station,
};

/// What a clean election looks like, apart from the sizes of its stations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Typical turnout, 0 to 1.
    pub turnout: f64,
    /// Standard deviation of turnout between stations.
    pub turnout_spread: f64,
    /// Typical share, 0 to 1.
    pub share: f64,
    /// Standard deviation of the share between stations.
    pub share_spread: f64,
    /// Correlation of the two.
    pub rho: f64,
}

impl Default for Recipe {
    /// Turnout 55 % with 9 points, share 45 % with 12 points, no correlation.
    fn default() -> Self {
        Self { turnout: 0.55, turnout_spread: 0.09, share: 0.45, share_spread: 0.12, rho: 0.0 }
    }
}

impl Recipe {
    /// Draws the figures of stations with these numbers of registered voters.
    pub fn election(&self, sizes: &[u32], random: &mut Random, facts: &LogFactorial) -> Vec<Station> {
        let (turnouts, shares) =
            (Level::new(self.turnout, self.turnout_spread), Level::new(self.share, self.share_spread));
        let rest = sqrt((1.0 - self.rho * self.rho).max(0.0));
        let station = |registered: &u32| {
            let z1 = random.normal();
            let z2 = self.rho * z1 + rest * random.normal();
            let issued = random.binomial(*registered, turnouts.at(z1), facts);
            let leader = random.binomial(issued, shares.at(z2), facts);
            Station { registered: *registered, issued, found: issued, leader }
        };
        sizes.iter().map(station).collect()
    }
}

/// A percentage on the logistic scale.
struct Level {
    logit: f64,
    step: f64,
}

impl Level {
    fn new(centre: f64, spread: f64) -> Self {
        let centre = centre.clamp(1e-6, 1.0 - 1e-6);
        let slope = centre * (1.0 - centre);
        Self { logit: log(centre / (1.0 - centre)), step: spread / slope }
    }

    fn at(&self, z: f64) -> f64 {
        1.0 / (1.0 + quick_exp(-(self.logit + z * self.step)))
    }
}

/// A known way to alter an election.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alteration {
    /// Adds a fraction of the absent, min(|N(0, 0.3)|, 0.95), to the ballots and the leader.
    Stuff,
    /// Moves such a fraction of the others' votes to the leader.
    Steal,
    /// Stuffs up to the next multiple of 5 % turnout at least 2 points higher, at most 95 %.
    RoundFive,
    /// Replaces the figures: turnout a whole percent of 60 to 95, share one of 60 to 88.
    Rewrite,
    /// Replaces the leader's last digit by one that people tend to invent.
    Invent,
}

/// How often people write each last digit.
const INVENTED: [f64; 10] = [0.06, 0.11, 0.11, 0.14, 0.10, 0.08, 0.10, 0.13, 0.10, 0.07];

impl Alteration {
    /// Alters a random `fraction` of the stations.
    pub fn apply(self, stations: &mut [Station], fraction: f64, random: &mut Random) {
        let count = whole(fraction.clamp(0.0, 1.0) * real(stations.len()) + 0.5);
        let mut places: Vec<usize> = (0..stations.len()).collect();
        random.shuffle(&mut places);
        for place in places.into_iter().take(count) {
            if let Some(station) = stations.get_mut(place) {
                self.alter(station, random);
            }
        }
    }

    /// Alters one station.
    pub(crate) fn alter(self, s: &mut Station, random: &mut Random) {
        let part = |random: &mut Random, whole: u32| {
            whole32((0.3 * random.normal()).abs().min(0.95) * f64::from(whole)).min(whole)
        };
        match self {
            Self::Stuff => {
                let added = part(random, s.registered.saturating_sub(s.issued));
                add(s, added);
            }
            Self::Steal => s.leader += part(random, s.found.saturating_sub(s.leader)),
            Self::RoundFive => {
                let goal = libm::ceil((ratio(s.issued, s.registered) + 0.02) * 20.0).min(19.0) / 20.0;
                let goal = whole32(goal * f64::from(s.registered) + 0.5);
                add(s, goal.saturating_sub(s.issued));
            }
            Self::Rewrite => {
                let turnout = real(60 + random.below(36)) / 100.0;
                let share = real(60 + random.below(29)) / 100.0;
                s.issued = whole32(turnout * f64::from(s.registered) + 0.5);
                s.found = s.issued;
                s.leader = whole32(share * f64::from(s.found) + 0.5);
            }
            Self::Invent => {
                let mut left = random.uniform();
                let mut digit = 0;
                while digit < 9 && left >= INVENTED[digit as usize] {
                    left -= INVENTED[digit as usize];
                    digit += 1;
                }
                s.leader = (s.leader / 10 * 10 + digit).min(s.found);
            }
        }
    }
}

fn add(station: &mut Station, ballots: u32) {
    station.issued = station.issued.saturating_add(ballots);
    station.found = station.found.saturating_add(ballots);
    station.leader = station.leader.saturating_add(ballots);
}
