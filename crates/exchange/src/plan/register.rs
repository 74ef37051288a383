//! Gathering the register: units and stations from the rows of a table.

use std::collections::BTreeMap;

use super::import::{Refusal, StationRow, UnitRow};
use crate::map::Which;

/// Units and stations seen so far.
pub(super) struct Register {
    which: Which,
    pub units: Vec<UnitRow>,
    pub stations: Vec<StationRow>,
    /// The latest pass that described each station.
    ranks: Vec<usize>,
    /// Whether another pass described the station otherwise.
    differs: Vec<bool>,
    unit_index: BTreeMap<String, usize>,
    station_index: BTreeMap<String, usize>,
    pub moved: u64,
}

impl Register {
    pub(super) const fn new(which: Which) -> Self {
        Self {
            which,
            units: Vec::new(),
            stations: Vec::new(),
            ranks: Vec::new(),
            differs: Vec::new(),
            unit_index: BTreeMap::new(),
            station_index: BTreeMap::new(),
            moved: 0,
        }
    }

    /// The unit of an identifier; `None` where it is new.
    pub(super) fn known_unit(&self, id: &str, parent: Option<usize>) -> Result<Option<usize>, Refusal> {
        let Some(&unit) = self.unit_index.get(id) else { return Ok(None) };
        match self.units.get(unit) {
            Some(row) if row.parent != parent => Err(Refusal::Parent {
                unit: row.id.clone(),
                here: self.unit_name(parent),
                before: self.unit_name(row.parent),
                line: row.line,
            }),
            _ => Ok(Some(unit)),
        }
    }

    /// Adds a unit that is new.
    pub(super) fn add_unit(
        &mut self,
        line: u64,
        id: String,
        level: &str,
        parent: Option<usize>,
        name: String,
    ) -> usize {
        let unit = self.units.len();
        self.unit_index.insert(id.clone(), unit);
        self.units.push(UnitRow { line, id, level: level.to_owned(), parent, name });
        unit
    }

    fn unit_name(&self, unit: Option<usize>) -> String {
        let unit = unit.and_then(|unit| self.units.get(unit));
        unit.map_or_else(|| "nothing".to_owned(), |unit| unit.id.clone())
    }

    /// The station of a row that pass number `rank` takes, added if it is new.
    pub(super) fn station(&mut self, row: StationRow, rank: usize) -> Result<usize, Refusal> {
        let Some(&found) = self.station_index.get(&row.id) else {
            let station = self.stations.len();
            self.station_index.insert(row.id.clone(), station);
            self.stations.push(row);
            self.ranks.push(rank);
            self.differs.push(false);
            return Ok(station);
        };
        let here = self.unit_name(Some(row.unit));
        let (Some(before), Some(before_rank), Some(differs)) =
            (self.stations.get_mut(found), self.ranks.get_mut(found), self.differs.get_mut(found))
        else {
            return Ok(found);
        };
        if before.unit != row.unit && *before_rank == rank {
            let (unit, line) = (before.unit, before.line);
            return Err(Refusal::Moved { here, before: self.unit_name(Some(unit)), line });
        }
        if (before.unit, &before.name) != (row.unit, &row.name) && !*differs {
            *differs = true;
            self.moved = self.moved.saturating_add(1);
        }
        let replaces = match self.which {
            Which::First => rank < *before_rank,
            Which::Last => rank > *before_rank,
        };
        if replaces {
            *before = row;
            *before_rank = rank;
        }
        Ok(found)
    }
}
