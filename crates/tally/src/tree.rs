//! The dense tree of stations: "these and only these statements, and this stands".
//!
//! Leaf *i* is canonical JSON about the station that appeared *i*-th in the register, under RFC 6962 hashing. Leaves are never
//! reused. Whoever holds the record derives the same root; a citizen with one inclusion proof has everything about a station.

use recount_election::StationIx;
use recount_log::{CompactRange, Hash, leaf_hash};
use recount_record::json::Value;

use crate::count::View;
use crate::fold::Fold;
use crate::standing::By;

fn int(n: u64) -> Value<'static> {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

impl Fold {
    /// The leaf of a station: its statements in order, what stands in each slot, and its state under the law.
    pub fn station_leaf(&self, station: StationIx) -> Option<String> {
        let geography = self.ledger().register().geography();
        let id = geography.station(station)?.id.clone();
        let state = self.station(station);
        let indices = |claims: &[crate::claim::Claim]| Value::Array(claims.iter().map(|c| int(c.index)).collect());
        let mut stands = Vec::new();
        for slot in self.slots(station) {
            let Some(stand) = self.stand(station, slot) else { continue };
            let (word, index) = match stand.by {
                By::Claim(index) => ("statement", index),
                By::Ruling(index) => ("ruling", index),
            };
            let contest = self.contest(slot.contest).map_or("", |contest| &contest.id);
            let mut pairs = vec![
                ("contest", Value::str(contest.to_owned())),
                ("poll", int(u64::from(slot.poll))),
                ("source", Value::str(self.source_name(slot).to_owned())),
                (word, int(index)),
            ];
            pairs.extend(slot.part.map(|part| ("part", Value::str(self.parts().get(part).to_owned()))));
            stands.push(Value::object(pairs));
        }
        let mut status = Vec::new();
        for (ix, contest) in self.contests().filter(|(ix, _)| self.is_expected(station, *ix)) {
            let reason = self.count_station(station, ix, View::LAW).reason;
            status.push((contest.id.clone(), Value::str(crate::totals::reason_code(reason))));
        }
        let leaf = Value::object([
            ("copies", indices(state.map_or(&[], |state| &state.copies))),
            ("protocols", indices(state.map_or(&[], |state| &state.claims))),
            ("stands", Value::Array(stands)),
            ("station", Value::str(id)),
            ("status", Value::object(status)),
        ]);
        Some(leaf.to_string())
    }

    /// The hash of a station's leaf.
    pub fn station_hash(&self, station: StationIx) -> Hash {
        leaf_hash(self.station_leaf(station).unwrap_or_default().as_bytes())
    }

    /// The root over the leaves of all stations, in order of first appearance in the register.
    pub fn station_root(&self) -> Hash {
        root_of(self.station_numbers().map(|station| self.station_hash(station)))
    }
}

/// The root over the hashes of all stations' leaves.
pub fn root_of(hashes: impl IntoIterator<Item = Hash>) -> Hash {
    let mut range = CompactRange::new();
    for hash in hashes {
        // A register has fewer stations than a tree has room for.
        let _ = range.push(hash);
    }
    range.root()
}
