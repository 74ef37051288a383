//! The geography of an election: a tree of units of any depth, with stations as leaves.
//!
//! Indices are dense and given in the order of first appearance; they are never reused, so
//! that leaf `i` of the record's station tree is station `i` here. A unit's parent must exist
//! when the unit is added, so a cycle cannot be built.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use thiserror::Error;

use crate::id::{IdError, check_id};
use crate::list::Attributes;

/// The deepest tree: the root has depth 0, so at most 16 levels of units.
pub const MAX_DEPTH: u8 = 15;

/// A unit's dense index, in the order in which units were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitIx(pub u32);

/// A station's dense index, in the order in which stations were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StationIx(pub u32);

/// Why a unit or station was not added.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GeographyError {
    /// A name is not an identifier.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The parent (or a station's unit) has not been added.
    #[error("{child:?} names the unit {parent:?}, which is not in the register before it")]
    UnknownUnit {
        /// What was to be added.
        child: String,
        /// The unit that does not exist.
        parent: String,
    },
    /// A unit of this name exists.
    #[error("the unit {id:?} is in the register already")]
    DuplicateUnit {
        /// The name.
        id: String,
    },
    /// A station of this name exists.
    #[error("the station {id:?} is in the register already")]
    DuplicateStation {
        /// The name.
        id: String,
    },
    /// A second unit without a parent.
    #[error("{id:?} has no parent, but {root:?} is the root already")]
    SecondRoot {
        /// What was to be added.
        id: String,
        /// The root.
        root: String,
    },
    /// The tree would be deeper than [`MAX_DEPTH`].
    #[error("{id:?} would lie deeper than {MAX_DEPTH} levels below the root")]
    TooDeep {
        /// What was to be added.
        id: String,
    },
    /// The number of expected voters is above [`crate::MAX_FIGURE`].
    #[error("{id:?} expects {expected} voters, more than any figure may be")]
    Expected {
        /// The station.
        id: String,
        /// The number.
        expected: u64,
    },
    /// More than 2^32 - 1 units or stations.
    #[error("there are too many units or stations")]
    Full,
}

/// A node of the geography.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Identifier.
    pub id: String,
    /// Its level: "national", "region", "district" ...
    pub level: String,
    /// The unit above; `None` for the root.
    pub parent: Option<UnitIx>,
    /// Name for people.
    pub name: String,
    /// Facts about it.
    pub attributes: Attributes,
    /// Distance from the root.
    pub depth: u8,
    children: Vec<UnitIx>,
    stations: Vec<StationIx>,
}

/// A leaf: a place where votes are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Identifier.
    pub id: String,
    /// The unit directly above.
    pub unit: UnitIx,
    /// Voters on the register before polling, where known.
    pub expected: Option<u64>,
    /// Name or address for people.
    pub name: Option<String>,
    /// Facts about it (`remote = "yes"`).
    pub attributes: Attributes,
}

/// The tree of units and stations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Geography {
    units: Vec<Unit>,
    stations: Vec<Station>,
    // Only looked up, never gone through: the order of a hash table must not show.
    unit_index: HashMap<String, UnitIx>,
    station_index: HashMap<String, StationIx>,
}

impl Geography {
    /// An empty geography.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for so many further stations at once: adding them then costs no moving of those before.
    pub fn make_room(&mut self, stations: usize) {
        self.stations.reserve(stations);
        self.station_index.reserve(stations);
    }

    /// Adds a unit. The first one is the root and has no parent; every other one names a
    /// unit that exists.
    ///
    /// # Errors
    /// See [`GeographyError`]; then nothing has changed.
    pub fn add_unit(
        &mut self,
        id: &str,
        level: &str,
        parent: Option<&str>,
        name: &str,
        attributes: Attributes,
    ) -> Result<UnitIx, GeographyError> {
        check_id(id)?;
        check_id(level)?;
        if self.unit_index.contains_key(id) {
            return Err(GeographyError::DuplicateUnit { id: id.to_owned() });
        }
        let (parent, depth) = self.parent_of(id, parent)?;
        let unit = UnitIx(u32::try_from(self.units.len()).map_err(|_| GeographyError::Full)?);
        self.units.push(Unit {
            id: id.to_owned(),
            level: level.to_owned(),
            parent,
            name: name.to_owned(),
            attributes,
            depth,
            children: Vec::new(),
            stations: Vec::new(),
        });
        self.unit_index.insert(id.to_owned(), unit);
        if let Some(above) = parent.and_then(|parent| self.units.get_mut(parent.0 as usize)) {
            above.children.push(unit);
        }
        Ok(unit)
    }

    fn parent_of(&self, id: &str, parent: Option<&str>) -> Result<(Option<UnitIx>, u8), GeographyError> {
        let Some(parent) = parent else {
            return match self.units.first() {
                None => Ok((None, 0)),
                Some(root) => Err(GeographyError::SecondRoot { id: id.to_owned(), root: root.id.clone() }),
            };
        };
        let above = self.known(id, parent)?;
        let depth = self.unit(above).map_or(0, |unit| unit.depth);
        if depth >= MAX_DEPTH {
            return Err(GeographyError::TooDeep { id: id.to_owned() });
        }
        Ok((Some(above), depth.saturating_add(1)))
    }

    fn known(&self, child: &str, unit: &str) -> Result<UnitIx, GeographyError> {
        self.unit_ix(unit)
            .ok_or_else(|| GeographyError::UnknownUnit { child: child.to_owned(), parent: unit.to_owned() })
    }

    /// Adds a station to a unit that exists. `expected` is the number of registered voters.
    ///
    /// # Errors
    /// See [`GeographyError`]; then nothing has changed.
    pub fn add_station(
        &mut self,
        id: &str,
        unit: &str,
        expected: Option<u64>,
        name: Option<&str>,
        attributes: Attributes,
    ) -> Result<StationIx, GeographyError> {
        check_id(id)?;
        let above = self.known(id, unit);
        let Entry::Vacant(place) = self.station_index.entry(id.to_owned()) else {
            return Err(GeographyError::DuplicateStation { id: id.to_owned() });
        };
        check_expected(id, expected)?;
        let unit = above?;
        let station = StationIx(u32::try_from(self.stations.len()).map_err(|_| GeographyError::Full)?);
        self.stations.push(Station { id: id.to_owned(), unit, expected, name: name.map(str::to_owned), attributes });
        place.insert(station);
        if let Some(above) = self.units.get_mut(unit.0 as usize) {
            above.stations.push(station);
        }
        Ok(station)
    }

    /// Changes the number of expected voters: a late change of the register.
    ///
    /// # Errors
    /// The number is above every figure. An index of another geography changes nothing.
    pub fn set_expected(&mut self, station: StationIx, expected: Option<u64>) -> Result<(), GeographyError> {
        if let Some(station) = self.stations.get_mut(station.0 as usize) {
            check_expected(&station.id, expected)?;
            station.expected = expected;
        }
        Ok(())
    }

    /// The root; `None` while the geography is empty.
    #[must_use]
    pub fn root(&self) -> Option<UnitIx> {
        (!self.units.is_empty()).then_some(UnitIx(0))
    }

    /// Units in the order of first appearance.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Stations in the order of first appearance.
    #[must_use]
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// A unit by index; `None` for an index of another geography.
    #[must_use]
    pub fn unit(&self, unit: UnitIx) -> Option<&Unit> {
        self.units.get(unit.0 as usize)
    }

    /// A station by index; `None` for an index of another geography.
    #[must_use]
    pub fn station(&self, station: StationIx) -> Option<&Station> {
        self.stations.get(station.0 as usize)
    }

    /// A unit's index by name.
    #[must_use]
    pub fn unit_ix(&self, id: &str) -> Option<UnitIx> {
        self.unit_index.get(id).copied()
    }

    /// A station's index by name.
    #[must_use]
    pub fn station_ix(&self, id: &str) -> Option<StationIx> {
        self.station_index.get(id).copied()
    }

    /// The unit itself, then the units above it up to the root.
    pub fn ancestors(&self, unit: UnitIx) -> impl Iterator<Item = UnitIx> + '_ {
        let first = self.unit(unit).map(|_| unit);
        std::iter::successors(first, |&unit| self.unit(unit).and_then(|unit| unit.parent))
    }

    /// Whether `inner` is `outer` or lies below it.
    #[must_use]
    pub fn is_within(&self, inner: UnitIx, outer: UnitIx) -> bool {
        self.ancestors(inner).any(|unit| unit == outer)
    }

    /// Whether a station lies in `outer`, at any depth.
    #[must_use]
    pub fn station_is_within(&self, station: StationIx, outer: UnitIx) -> bool {
        self.station(station).is_some_and(|station| self.is_within(station.unit, outer))
    }

    /// The nearest unit of `level` at or above `unit`.
    #[must_use]
    pub fn at_level(&self, unit: UnitIx, level: &str) -> Option<UnitIx> {
        self.ancestors(unit).find(|&unit| self.unit(unit).is_some_and(|unit| unit.level == level))
    }

    /// The units directly below.
    #[must_use]
    pub fn children(&self, unit: UnitIx) -> &[UnitIx] {
        self.unit(unit).map_or(&[], |unit| &unit.children)
    }

    /// The stations directly in a unit (not those of the units below it).
    #[must_use]
    pub fn stations_of(&self, unit: UnitIx) -> &[StationIx] {
        self.unit(unit).map_or(&[], |unit| &unit.stations)
    }

    /// All stations in a unit and below it, in the order of the tree.
    #[must_use]
    pub fn stations_within(&self, unit: UnitIx) -> Vec<StationIx> {
        let mut found = Vec::new();
        let mut open = vec![unit];
        while let Some(unit) = open.pop() {
            found.extend_from_slice(self.stations_of(unit));
            open.extend(self.children(unit).iter().rev());
        }
        found
    }
}

fn check_expected(id: &str, expected: Option<u64>) -> Result<(), GeographyError> {
    match expected {
        Some(expected) if expected > crate::MAX_FIGURE => Err(GeographyError::Expected { id: id.to_owned(), expected }),
        _ => Ok(()),
    }
}
