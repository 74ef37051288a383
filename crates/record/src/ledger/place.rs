//! Places of the register, and whether one lies within another.

use recount_election::{StationIx, UnitIx};

use super::Ledger;
use crate::reason::VoidReason;
use crate::statement::About;

/// A place for which somebody speaks: everything, a unit or a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The whole election.
    All,
    /// A unit with everything below it.
    Unit(UnitIx),
    /// A station.
    Station(StationIx),
}

impl Ledger {
    /// The place of a scope's name: `*`, a unit, or a station; `None` if none is listed.
    pub fn scope(&self, name: &str) -> Option<Place> {
        if name == "*" {
            return Some(Place::All);
        }
        let geography = self.register.geography();
        geography.unit_ix(name).map(Place::Unit).or_else(|| geography.station_ix(name).map(Place::Station))
    }

    /// Whether `inner` lies within `outer`. The root unit covers the whole election.
    pub fn covers(&self, outer: Place, inner: Place) -> bool {
        let geography = self.register.geography();
        match (outer, inner) {
            (Place::All, _) => true,
            (Place::Unit(unit), Place::All) => geography.root() == Some(unit),
            (Place::Unit(unit), Place::Unit(below)) => geography.is_within(below, unit),
            (Place::Unit(unit), Place::Station(station)) => geography.station_is_within(station, unit),
            (Place::Station(a), Place::Station(b)) => a == b,
            (Place::Station(_), _) => false,
        }
    }

    /// The place named by an identifier or `*`.
    pub(crate) fn place(&self, name: &str) -> Result<Place, VoidReason> {
        self.scope(name).ok_or_else(|| VoidReason::NotListed { what: "unit or station", id: name.to_owned() })
    }

    pub(crate) fn station(&self, id: &str) -> Result<Place, VoidReason> {
        let station = self.register.geography().station_ix(id);
        station.map(Place::Station).ok_or_else(|| VoidReason::NotListed { what: "station", id: id.to_owned() })
    }

    /// The place that something is about; a statement's own place is not looked up here.
    pub(crate) fn place_of(&self, about: &About) -> Result<Place, VoidReason> {
        match about {
            About::Poll | About::Statement(_) => Ok(Place::All),
            About::Unit(id) => {
                let unit = self.register.geography().unit_ix(id);
                unit.map(Place::Unit).ok_or_else(|| VoidReason::NotListed { what: "unit", id: id.clone() })
            }
            About::Station { id, .. } => self.station(id),
        }
    }
}
