//! Station results as columns, wherever they come from, and the choice of what is looked at.

mod figures;
mod read;
mod russian;
mod table;
mod zip;

use recount_forensics::Keys;
use recount_forensics::pairs::Compared;
use thiserror::Error;

pub use figures::{Chosen, choose};
pub use read::read_table;
pub use russian::{is_published, read_published};
pub use table::{of_import, register_of_import};
pub use zip::{first_file, is_zip};

/// Why no figures can be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InputError {
    /// Something was asked for that is not there.
    #[error("there is no {what} \"{wanted}\"; there is {known}")]
    Unknown {
        /// What was asked for: a line, a list, a contest, a source.
        what: &'static str,
        /// The word asked for.
        wanted: String,
        /// What there is.
        known: String,
    },
    /// There are several contests and none was chosen.
    #[error("there are several contests: choose one of {known}")]
    Several {
        /// Their identifiers.
        known: String,
    },
    /// Nothing says how many ballots were found.
    #[error("no line says how many ballots were found: name the lines, such as \"valid + invalid\"")]
    NoFound,
    /// The table needs a map, since nothing else says what its columns mean.
    #[error("a table needs a map, which says what its columns mean")]
    NoMap,
    /// The file cannot be read as a table, or its map does not fit.
    #[error("{0}")]
    Unreadable(String),
    /// There is nothing to look at.
    #[error("{0}")]
    Nothing(&'static str),
}

/// Which figures are looked at; what is not given is found by the codes of the lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The contest, where there are several.
    pub contest: Option<String>,
    /// The source of the figures; by default the first of the map.
    pub source: Option<String>,
    /// The poll; by default the latest at each station.
    pub poll: Option<u16>,
    /// The list looked at; by default the one with most votes.
    pub list: Option<String>,
    /// Lines that are registered voters, added up with `+`.
    pub registered: Option<String>,
    /// Lines that are ballots issued.
    pub issued: Option<String>,
    /// Lines that are ballots found.
    pub found: Option<String>,
    /// The level of units that are regions; by default the first below the whole.
    pub region: Option<String>,
    /// The level of units that are districts; by default the last above the stations.
    pub district: Option<String>,
    /// Leave out stations that have one of these attributes.
    pub without: Vec<String>,
}

/// Station results before any figure is chosen. All columns are as long as `ids`.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The election.
    pub title: String,
    /// File, or record and size.
    pub source: String,
    /// SHA-256 of the file, or the root of the record.
    pub hash: String,
    /// Rows of the table, or stations of the register.
    pub rows: u64,
    /// Identifiers of the stations.
    pub ids: Vec<String>,
    /// Identifier and name of every unit, for outlines that name units by identifier.
    pub units: Vec<(String, String)>,
    /// Level and parent of every unit, in the same order.
    pub tree: Vec<(String, Option<usize>)>,
    /// Place of each station's unit in `units`; empty where a table names regions and districts only.
    pub unit_of: Vec<usize>,
    /// Regions.
    pub region: Keys,
    /// Districts.
    pub district: Keys,
    /// Expected voters.
    pub expected: Vec<Option<u32>>,
    /// Lines of the protocol, by code.
    pub lines: Vec<(String, Vec<Option<u32>>)>,
    /// Lists: identifier, name, votes.
    pub lists: Vec<(String, String, Vec<Option<u32>>)>,
    /// Why rows were left out already, and how many.
    pub left_out: Vec<(String, u64)>,
    /// Two counts of the same ballots: differences by place in `ids`, and the names of the columns.
    pub compared: Option<(Compared, Vec<String>)>,
}

impl Sheet {
    /// Outlines of the regions: those under their names, or else under the identifier of a unit of that name.
    pub fn outlines<'a>(&self, of: impl Fn(&str) -> Option<&'a [Vec<(i32, i32)>]>) -> crate::page::Outlines {
        let named = |name: &str| {
            let units = || self.units.iter().filter(|(_, own)| own == name);
            of(name).or_else(|| units().find_map(|(id, _)| of(id)))
        };
        self.region.names.iter().filter_map(|name| Some((name.clone(), named(name)?.to_vec()))).collect()
    }
}

/// Units of a table or of a register, with the path of each.
#[derive(Debug)]
pub struct Units<'a> {
    /// Level, name and parent of each unit.
    pub all: Vec<(&'a str, &'a str, Option<usize>)>,
}

impl Units<'_> {
    /// Level and parent of every unit.
    pub fn tree(&self) -> Vec<(String, Option<usize>)> {
        self.all.iter().map(|(level, _, parent)| ((*level).to_owned(), *parent)).collect()
    }

    /// From the root down to a unit.
    fn path(&self, unit: usize) -> Vec<usize> {
        let mut path = vec![unit];
        while let Some(parent) = path.last().and_then(|own| self.all.get(*own)).and_then(|own| own.2) {
            if path.contains(&parent) {
                break;
            }
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// Groups stations, given by their units, at a level; without one at the first level below the root, or at the last.
    pub fn keys(&self, stations: &[usize], level: Option<&str>, is_region: bool) -> Keys {
        let mut keys = Keys::default();
        let mut seen = std::collections::BTreeMap::<usize, u32>::new();
        for unit in stations {
            let path = self.path(*unit);
            let at = match level {
                Some(level) => path.iter().position(|own| self.all.get(*own).is_some_and(|own| own.0 == level)),
                None if is_region => Some(1),
                None => path.len().checked_sub(1),
            };
            let own = at.and_then(|at| path.get(at)).or(path.last()).copied().unwrap_or(*unit);
            let key = *seen.entry(own).or_insert_with(|| {
                keys.names.push(self.name(own, is_region));
                u32::try_from(keys.names.len() - 1).unwrap_or(u32::MAX)
            });
            keys.of.push(key);
        }
        keys
    }

    /// The name of a unit; that of a district with its region before it.
    fn name(&self, unit: usize, is_region: bool) -> String {
        let name = |unit: usize| self.all.get(unit).map_or("", |own| own.1);
        let path = self.path(unit);
        match path.get(1) {
            Some(region) if !is_region && *region != unit => format!("{} · {}", name(*region), name(unit)),
            _ => name(unit).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_districts_by_level() {
        let all = vec![
            ("national", "Country", None),
            ("region", "North", Some(0)),
            ("district", "One", Some(1)),
            ("district", "Two", Some(1)),
            ("region", "Abroad", Some(0)),
        ];
        let units = Units { all };
        let stations = [2, 3, 2, 4];
        let regions = units.keys(&stations, None, true);
        assert_eq!((regions.of, regions.names), (vec![0, 0, 0, 1], vec!["North".to_owned(), "Abroad".to_owned()]));
        let districts = units.keys(&stations, None, false);
        assert_eq!(districts.names, ["North · One", "North · Two", "Abroad"]);
        assert_eq!(units.keys(&stations, Some("region"), false).names, ["North", "Abroad"]);
        let alone = Units { all: vec![("national", "Country", None)] };
        assert_eq!(alone.keys(&[0, 0], None, true).names, ["Country"]);
    }
}
