//! Comparison per station: source against source, protocol against copies.

use recount_election::StationIx;

use crate::claim::{ContestIx, Slot};
use crate::fold::Fold;

/// Two counts of the same ballots that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The station.
    pub station: StationIx,
    /// The slot of the one.
    pub slot: Slot,
    /// Index of the statement that stands there.
    pub index: u64,
    /// Index of the other: the standing statement of another source, or a copy.
    pub other: u64,
    /// The columns that differ, each with both figures. Columns that only one of them states do not count.
    pub columns: Vec<(String, u64, u64)>,
}

/// How a comparison came out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Stations (with part) of which both were there.
    pub compared: u64,
    /// Those that differ.
    pub differing: Vec<Differing>,
}

impl Fold {
    /// Compares two sources at every station and part where both stand.
    pub fn compare_sources(&self, contest: ContestIx, a: crate::claim::WordIx, b: crate::claim::WordIx) -> Comparison {
        let mut comparison = Comparison::default();
        for station in self.station_numbers() {
            for slot in self.slots(station).into_iter().filter(|slot| slot.contest == contest && slot.source == a) {
                let other = Slot { source: b, ..slot };
                if let (Some(x), Some(y)) = (self.stand(station, slot), self.stand(station, other)) {
                    let (index, by) = (index_of(x.by), index_of(y.by));
                    let columns = self.differing_columns(contest, x.figures, y.figures);
                    comparison.note(station, slot, index, by, columns);
                }
            }
        }
        comparison
    }

    /// Compares every copy with the protocol that stands in its place.
    pub fn compare_copies(&self, contest: ContestIx) -> Comparison {
        let mut comparison = Comparison::default();
        for station in self.station_numbers() {
            let copies = self.station(station).map_or(&[][..], |state| &state.copies);
            for copy in copies.iter().filter(|copy| copy.slot.contest == contest) {
                if let Some(stand) = self.stand(station, copy.slot) {
                    let columns = self.differing_columns(contest, stand.figures, &copy.figures);
                    comparison.note(station, copy.slot, index_of(stand.by), copy.index, columns);
                }
            }
        }
        comparison
    }

    /// Every station, in order of first appearance in the register.
    pub fn station_numbers(&self) -> impl Iterator<Item = StationIx> + use<> {
        let n = self.ledger().register().geography().stations().len();
        (0..u32::try_from(n).unwrap_or(u32::MAX)).map(StationIx)
    }

    /// Columns that both state and that differ, by name; votes carry the prefix `votes.`.
    pub fn differing_columns(
        &self,
        contest: ContestIx,
        a: &recount_election::Figures,
        b: &recount_election::Figures,
    ) -> Vec<(String, u64, u64)> {
        let Some(state) = self.contest(contest) else { return Vec::new() };
        let lines = state.columns.lines().map(|(ix, code)| (ix, code.to_owned()));
        let lists = state.columns.lists().map(|(ix, id)| (ix, format!("votes.{id}")));
        let both = lines.chain(lists).filter_map(|(ix, name)| Some((name, a.get(ix)?, b.get(ix)?)));
        both.filter(|(_, x, y)| x != y).collect()
    }
}

impl Comparison {
    fn note(&mut self, station: StationIx, slot: Slot, index: u64, other: u64, columns: Vec<(String, u64, u64)>) {
        self.compared += 1;
        if !columns.is_empty() {
            self.differing.push(Differing { station, slot, index, other, columns });
        }
    }
}

pub(crate) fn index_of(by: crate::standing::By) -> u64 {
    match by {
        crate::standing::By::Claim(index) | crate::standing::By::Ruling(index) => index,
    }
}
