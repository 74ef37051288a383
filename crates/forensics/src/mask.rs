//! Which stations a check reads, and an account of those it leaves out.

use serde::{Deserialize, Serialize};

use crate::table::Station;

/// Conditions a station must meet to be read by a check. The default keeps everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mask {
    /// At least one ballot was found.
    pub found_some: bool,
    /// At least so many registered voters.
    pub at_least: u32,
    /// Fewer registered voters than this, where given.
    pub below: Option<u32>,
    /// Turnout below 100 %.
    pub not_everyone: bool,
    /// Turnout at most so many percent, where given.
    pub turnout_cap: Option<u32>,
    /// Share at most so many percent, where given.
    pub share_cap: Option<u32>,
}

/// Stations left out by one condition, each station counted once, under the first condition it fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// The condition in words.
    pub reason: String,
    /// How many stations fail it and none before it.
    pub stations: usize,
    /// Their registered voters.
    pub registered: u64,
}

/// The stations that a mask keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tested {
    /// Places of the kept stations in the whole, ascending.
    pub rows: Vec<usize>,
    /// The kept stations.
    pub stations: Vec<Station>,
    /// The account of the others.
    pub excluded: Vec<Exclusion>,
}

impl Mask {
    /// Kobak, Shpilkin and Pshenichnikov (Annals of Applied Statistics 10:54, 2016): ballots found, at least
    /// 100 registered, turnout and share at most 99 %.
    pub fn published() -> Self {
        Self::published_from(100)
    }

    /// The same with another least number of registered voters.
    pub fn published_from(at_least: u32) -> Self {
        Self { found_some: true, at_least, turnout_cap: Some(99), share_cap: Some(99), ..Self::default() }
    }

    /// Which conditions a station fails, in the order of [`Mask::reasons`].
    fn failures(self, station: Station) -> [bool; 6] {
        let over = |part: u32, whole: u32, cap: Option<u32>| {
            cap.is_some_and(|cap| 100 * u64::from(part) > u64::from(cap) * u64::from(whole))
        };
        [
            self.found_some && station.found == 0,
            station.registered < self.at_least,
            self.below.is_some_and(|below| station.registered >= below),
            self.not_everyone && station.issued >= station.registered,
            over(station.issued, station.registered, self.turnout_cap),
            over(station.leader, station.found, self.share_cap),
        ]
    }

    /// The conditions in words: what is wrong with a station that fails them.
    fn reasons(self) -> [String; 6] {
        [
            "no ballots found".to_owned(),
            format!("fewer than {} registered voters", self.at_least),
            format!("{} registered voters or more", self.below.unwrap_or(u32::MAX)),
            "turnout of 100 % or more".to_owned(),
            format!("turnout above {} %", self.turnout_cap.unwrap_or(100)),
            format!("share above {} %", self.share_cap.unwrap_or(100)),
        ]
    }

    /// Whether a station is read.
    pub fn keeps(self, station: Station) -> bool {
        // Without a branch for each condition: a simulated election asks a hundred thousand times.
        !self.failures(station).into_iter().fold(false, |any, fails| any | fails)
    }

    /// Keeps what the mask keeps and accounts for the rest.
    pub fn apply(self, stations: &[Station]) -> Tested {
        let mut tested = Tested::default();
        let mut lost = [(0_usize, 0_u64); 6];
        for (row, station) in stations.iter().enumerate() {
            match self.failures(*station).iter().position(|fails| *fails) {
                Some(first) => {
                    if let Some(lost) = lost.get_mut(first) {
                        lost.0 += 1;
                        lost.1 += u64::from(station.registered);
                    }
                }
                None => {
                    tested.rows.push(row);
                    tested.stations.push(*station);
                }
            }
        }
        // A simulated election has many masks applied, and nobody reads its account: words are made where there is one.
        if tested.rows.len() < stations.len() {
            let accounts = self.reasons().into_iter().zip(lost).filter(|(_, (stations, _))| *stations > 0);
            let account = |(reason, (stations, registered))| Exclusion { reason, stations, registered };
            tested.excluded = accounts.map(account).collect();
        }
        tested
    }
}
