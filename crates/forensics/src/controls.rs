//! Figures that cannot be, figures at the edge, and relations between the lines of a protocol.
//!
//! Where the state's system refuses protocols that break a relation, official data always pass; the value is in
//! paper protocols, observers' copies and other countries.

use recount_election::{Check, Columns, Figures, Formula};
use serde::{Deserialize, Serialize};

use crate::{Limits, table::Station};

/// How one relation fares over all protocols.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The relation, as written.
    pub formula: String,
    /// Places of the protocols that break it.
    pub broken: Vec<usize>,
    /// Protocols in which a line that it needs is not stated.
    pub not_checkable: usize,
}

impl Limits for Relation {
    const CANNOT_SHOW: &'static str = "Protocols that add up can still be invented, and one that does not is first of \
         all an arithmetical slip.";
}

/// Checks every relation on every protocol.
pub fn relations(columns: &Columns, formulas: &[Formula], protocols: &[Figures]) -> Vec<Relation> {
    let check = |formula: &Formula| {
        let bound = formula.bind(columns);
        let mut relation = Relation { formula: formula.text().to_owned(), broken: Vec::new(), not_checkable: 0 };
        for (place, figures) in protocols.iter().enumerate() {
            match bound.check(figures) {
                Check::Holds => {}
                Check::NotCheckable { .. } => relation.not_checkable += 1,
                _ => relation.broken.push(place),
            }
        }
        relation
    };
    formulas.iter().map(check).collect()
}

/// Places of stations whose figures contradict each other, or stand at the edge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Extremes {
    /// More ballots issued than voters registered.
    pub issued_above_registered: Vec<usize>,
    /// More ballots found than issued.
    pub found_above_issued: Vec<usize>,
    /// More votes for the leader than ballots found.
    pub leader_above_found: Vec<usize>,
    /// Everyone registered took a ballot.
    pub everyone_voted: Vec<usize>,
    /// Every ballot found is for the leader.
    pub all_for_leader: Vec<usize>,
    /// Nobody is registered.
    pub nobody_registered: Vec<usize>,
    /// No ballot was found.
    pub nothing_found: Vec<usize>,
}

impl Limits for Extremes {
    const CANNOT_SHOW: &'static str = "Ships, hospitals, barracks and stations for travellers reach 100 % honestly; an \
         impossible figure shows a wrong protocol, not why it is wrong.";
}

/// Lists the stations of each kind.
pub fn extremes(stations: &[Station]) -> Extremes {
    let places = |test: fn(&Station) -> bool| {
        let matching = stations.iter().enumerate().filter(|(_, station)| test(station));
        matching.map(|(place, _)| place).collect()
    };
    Extremes {
        issued_above_registered: places(|s| s.issued > s.registered),
        found_above_issued: places(|s| s.found > s.issued),
        leader_above_found: places(|s| s.leader > s.found),
        everyone_voted: places(|s| s.registered > 0 && s.issued == s.registered),
        all_for_leader: places(|s| s.found > 0 && s.leader == s.found),
        nobody_registered: places(|s| s.registered == 0),
        nothing_found: places(|s| s.found == 0),
    }
}
