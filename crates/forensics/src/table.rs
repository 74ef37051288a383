//! The compact table of station results that every check reads.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The four figures of one station that most checks need, as counts of voters or ballots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Station {
    /// N: voters on the list.
    pub registered: u32,
    /// G: ballots given out (the numerator of turnout).
    pub issued: u32,
    /// R: ballots found in the boxes, valid and invalid (the denominator of shares).
    pub found: u32,
    /// W: votes of the list looked at, usually the leading one.
    pub leader: u32,
}

impl Station {
    /// Turnout G/N, 0 where nobody is registered.
    pub fn turnout(&self) -> f64 {
        crate::number::ratio(self.issued, self.registered)
    }

    /// Share W/R, 0 where no ballot was found.
    pub fn share(&self) -> f64 {
        crate::number::ratio(self.leader, self.found)
    }

    /// How many of the three rules it breaks: no more issued than registered, found than issued, for the leader than found.
    pub fn contradictions(&self) -> u32 {
        let broken = [self.issued > self.registered, self.found > self.issued, self.leader > self.found];
        broken.into_iter().map(u32::from).sum()
    }
}

/// A grouping of stations: one key a station, an index into the names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Keys {
    /// Key of each station.
    pub of: Vec<u32>,
    /// Name of each key, in order of first appearance.
    pub names: Vec<String>,
}

impl Keys {
    /// Groups by name. More than 2^32 different names are folded into the last one.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut keys = Self::default();
        let mut seen = std::collections::BTreeMap::<String, u32>::new();
        for name in names {
            let key = match seen.get(name) {
                Some(key) => *key,
                None => {
                    let key = u32::try_from(keys.names.len()).unwrap_or(u32::MAX);
                    seen.insert(name.to_owned(), key);
                    keys.names.push(name.to_owned());
                    key
                }
            };
            keys.of.push(key);
        }
        keys
    }

    /// The keys of the chosen rows, in their order.
    pub fn pick(&self, rows: &[usize]) -> Vec<u32> {
        rows.iter().map(|row| self.of.get(*row).copied().unwrap_or(u32::MAX)).collect()
    }

    /// The name of a key, empty where there is none.
    pub fn name(&self, key: u32) -> &str {
        self.names.get(key as usize).map_or("", String::as_str)
    }
}

/// Stations by key, in order of the keys: for each key the places of its stations, ascending.
pub(crate) fn members(keys: &[u32]) -> std::collections::BTreeMap<u32, Vec<usize>> {
    let mut groups = std::collections::BTreeMap::<u32, Vec<usize>>::new();
    for (place, key) in keys.iter().enumerate() {
        groups.entry(*key).or_default().push(place);
    }
    groups
}

/// One list or candidate: votes at each station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Name as printed by the source.
    pub name: String,
    /// Votes at each station.
    pub votes: Vec<u32>,
}

/// Columns of different length.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("column `{column}` has {found} rows where {expected} were expected")]
pub struct Uneven {
    /// The column that differs.
    pub column: String,
    /// Its length.
    pub found: usize,
    /// Length of the first column.
    pub expected: usize,
}

/// A whole election: stations, their regions and districts, and every list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// The four figures of each station.
    pub stations: Vec<Station>,
    /// Region of each station.
    pub region: Keys,
    /// District (territorial commission) of each station.
    pub district: Keys,
    /// Every list or candidate.
    pub lists: Vec<List>,
}

impl Table {
    /// Checks that all columns have the same length.
    ///
    /// # Errors
    /// [`Uneven`] names the first column that differs.
    pub fn checked(self) -> Result<Self, Uneven> {
        let expected = self.stations.len();
        let own = [("region", self.region.of.len()), ("district", self.district.of.len())];
        let lists = self.lists.iter().map(|list| (list.name.as_str(), list.votes.len()));
        let uneven = own.into_iter().chain(lists).find(|(_, found)| *found != expected);
        if let Some((column, found)) = uneven {
            return Err(Uneven { column: column.to_owned(), found, expected });
        }
        Ok(self)
    }
}

/// Stations from four columns of equal length.
///
/// # Errors
/// [`Uneven`] names the first column that differs from `registered`.
pub fn stations(registered: &[u32], issued: &[u32], found: &[u32], leader: &[u32]) -> Result<Vec<Station>, Uneven> {
    let expected = registered.len();
    for (column, len) in [("issued", issued.len()), ("found", found.len()), ("leader", leader.len())] {
        if len != expected {
            return Err(Uneven { column: column.to_owned(), found: len, expected });
        }
    }
    let rest = issued.iter().zip(found).zip(leader);
    let station = |(registered, ((issued, found), leader)): (&u32, ((&u32, &u32), &u32))| Station {
        registered: *registered,
        issued: *issued,
        found: *found,
        leader: *leader,
    };
    Ok(registered.iter().zip(rest).map(station).collect())
}
