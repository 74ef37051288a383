//! Whether register rows fit what is listed; nothing is entered.

use std::collections::{BTreeMap, BTreeSet};

use super::RegisterState;
use crate::reason::VoidReason;
use crate::statement::{Register, Row};

/// The depth of the lowest unit, as in [`recount_election::Geography`]: the root has depth 0.
const MAX_DEPTH: u8 = 15;

/// Checks rows one after the other, against the register and the rows before them.
pub(super) struct Checker<'a> {
    state: &'a RegisterState,
    /// New units with their depth.
    units: BTreeMap<&'a str, u8>,
    /// New stations with their unit.
    stations: BTreeMap<&'a str, &'a str>,
    lists: BTreeSet<(u64, &'a str, &'a str)>,
}

fn refuse<T>(why: String) -> Result<T, VoidReason> {
    Err(VoidReason::Register(why))
}

impl<'a> Checker<'a> {
    pub fn new(state: &'a RegisterState) -> Checker<'a> {
        Checker { state, units: BTreeMap::new(), stations: BTreeMap::new(), lists: BTreeSet::new() }
    }

    /// Checks one register statement; its rows count as listed for the next one.
    pub fn check(&mut self, register: &'a Register) -> Result<(), VoidReason> {
        let mut stations: BTreeSet<&str> = BTreeSet::new();
        for row in &register.rows {
            match row {
                Row::Unit { id, parent, .. } => self.unit(id, parent.as_deref())?,
                Row::Station { id, unit, .. } => {
                    self.station(id, unit)?;
                    if !stations.insert(id) {
                        return refuse(format!("station \"{id}\" is listed twice"));
                    }
                }
                Row::Drop { station } => {
                    if self.unit_of(station).is_none() {
                        return refuse(format!("station \"{station}\" is not listed and cannot be dropped"));
                    }
                }
                Row::List { id, contest, unit, .. } => self.list(register.poll, id, contest, unit.as_deref())?,
                Row::Candidate { id, contest, list, .. } => {
                    if !self.has_list(register.poll, contest, list) {
                        return refuse(format!("candidate \"{id}\" stands on \"{list}\", which is not listed before"));
                    }
                }
            }
        }
        Ok(())
    }

    fn unit(&mut self, id: &'a str, parent: Option<&str>) -> Result<(), VoidReason> {
        let empty = self.state.geography.root().is_none() && self.units.is_empty();
        let depth = match parent {
            None if empty => 0,
            None => return refuse(format!("unit \"{id}\" has no unit above it, and the root is there already")),
            Some(parent) => match self.depth(parent) {
                None => return refuse(format!("unit \"{id}\" lies in \"{parent}\", which is not listed before it")),
                Some(depth) if depth >= MAX_DEPTH => return refuse(format!("unit \"{id}\" lies too deep")),
                Some(depth) => depth.saturating_add(1),
            },
        };
        if self.depth(id).is_some() || self.unit_of(id).is_some() {
            return refuse(format!("\"{id}\" is listed already"));
        }
        self.units.insert(id, depth);
        Ok(())
    }

    fn station(&mut self, id: &'a str, unit: &'a str) -> Result<(), VoidReason> {
        if self.depth(unit).is_none() {
            return refuse(format!("station \"{id}\" lies in \"{unit}\", which is not listed before it"));
        }
        if self.depth(id).is_some() {
            return refuse(format!("\"{id}\" is a unit already"));
        }
        match self.unit_of(id) {
            Some(old) if old != unit => return refuse(format!("station \"{id}\" cannot move to another unit")),
            Some(_) => {}
            None => {
                self.stations.insert(id, unit);
            }
        }
        Ok(())
    }

    fn list(&mut self, poll: u64, id: &'a str, contest: &'a str, unit: Option<&str>) -> Result<(), VoidReason> {
        if self.has_list(poll, contest, id) {
            return refuse(format!("list \"{id}\" of contest \"{contest}\" is listed already"));
        }
        if let Some(unit) = unit.filter(|unit| self.depth(unit).is_none()) {
            return refuse(format!("list \"{id}\" stands in \"{unit}\", which is not listed"));
        }
        self.lists.insert((poll, contest, id));
        Ok(())
    }

    fn has_list(&self, poll: u64, contest: &str, id: &str) -> bool {
        let here = self.state.lists.get(&(contest.to_owned(), poll));
        here.is_some_and(|lists| lists.iter().any(|list| list.id == id)) || self.lists.contains(&(poll, contest, id))
    }

    /// The depth of a unit that is listed.
    fn depth(&self, id: &str) -> Option<u8> {
        let geography = &self.state.geography;
        let listed = geography.unit_ix(id).and_then(|ix| geography.unit(ix)).map(|unit| unit.depth);
        listed.or_else(|| self.units.get(id).copied())
    }

    /// The unit of a station that is listed.
    fn unit_of(&self, id: &str) -> Option<&str> {
        let geography = &self.state.geography;
        let station = geography.station_ix(id).and_then(|ix| geography.station(ix));
        let listed = station.and_then(|station| geography.unit(station.unit)).map(|unit| unit.id.as_str());
        listed.or_else(|| self.stations.get(id).copied())
    }
}
