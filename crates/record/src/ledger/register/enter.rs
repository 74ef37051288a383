//! Rows entered in the register, and taken back.

use recount_election::{CandidateDef, ListDef, StationIx};

use super::RegisterState;
use crate::statement::{Register, Row};

/// What one row changed, so that it can be changed back. Units and stations keep their numbers: a station that is taken back
/// is off the register, like one that was dropped.
#[derive(Debug, Clone)]
pub(super) enum Undo {
    /// The station was new, or had been dropped.
    Drop(StationIx),
    /// The station was on the register before it was dropped.
    Keep(StationIx),
    /// Voters before.
    Voters(StationIx, Option<u64>),
    /// Voters in a later poll before.
    LaterVoters(StationIx, u64, Option<u64>),
    /// Parts before.
    Parts(StationIx, Option<Vec<String>>),
    /// The last list of a contest and poll was new.
    List(String, u64),
    /// The last candidate of a list was new.
    Candidate(String, u64, String),
}

impl RegisterState {
    /// Enters rows that have been checked.
    pub(super) fn enter(&mut self, register: &Register) -> Vec<Undo> {
        self.version = self.version.saturating_add(1);
        let mut undo = Vec::new();
        for row in &register.rows {
            self.enter_row(register.poll, row, &mut undo);
        }
        undo
    }

    fn enter_row(&mut self, poll: u64, row: &Row, undo: &mut Vec<Undo>) {
        match row {
            Row::Unit { id, level, parent, name, attributes } => {
                let attributes = attributes.iter().cloned().collect();
                // Checked before; one that is taken back and comes again is there already.
                let _ = self.geography.add_unit(id, level, parent.as_deref(), name, attributes);
            }
            Row::Station { id, unit, voters, parts, name, attributes } => {
                let attributes = attributes.iter().cloned().collect();
                // Most are new. The row was checked before, so what cannot be added is there already.
                let added = self.geography.add_station(id, unit, *voters, name.as_deref(), attributes);
                let ix = match added {
                    Ok(ix) => {
                        undo.push(Undo::Drop(ix));
                        ix
                    }
                    Err(_) => {
                        let Some(ix) = self.geography.station_ix(id) else { return };
                        self.change_station(ix, poll, *voters, undo);
                        ix
                    }
                };
                if !parts.is_empty() {
                    undo.push(Undo::Parts(ix, self.parts.insert(ix, parts.clone())));
                }
            }
            Row::Drop { station } => {
                if let Some(ix) = self.geography.station_ix(station)
                    && self.dropped.insert(ix)
                {
                    undo.push(Undo::Keep(ix));
                }
            }
            Row::List { id, contest, name, unit, attributes } => {
                let list = ListDef {
                    id: id.clone(),
                    contest: contest.clone(),
                    name: name.clone(),
                    unit: unit.clone(),
                    attributes: attributes.iter().cloned().collect(),
                    candidates: Vec::new(),
                };
                self.lists.entry((contest.clone(), poll)).or_default().push(list);
                undo.push(Undo::List(contest.clone(), poll));
            }
            Row::Candidate { id, contest, list, name, attributes } => {
                let lists = self.lists.entry((contest.clone(), poll)).or_default();
                if let Some(own) = lists.iter_mut().find(|l| l.id == *list) {
                    let attributes = attributes.iter().cloned().collect();
                    own.candidates.push(CandidateDef { id: id.clone(), name: name.clone(), attributes });
                    undo.push(Undo::Candidate(contest.clone(), poll, list.clone()));
                }
            }
        }
    }

    /// A row for a station that is listed already: it is on the register (again), with these voters.
    fn change_station(&mut self, ix: StationIx, poll: u64, voters: Option<u64>, undo: &mut Vec<Undo>) {
        if self.dropped.remove(&ix) {
            undo.push(Undo::Drop(ix));
        }
        if poll == 1 {
            undo.push(Undo::Voters(ix, self.geography.station(ix).and_then(|station| station.expected)));
            // A count of a statement is never above a figure's limit.
            let _ = self.geography.set_expected(ix, voters);
        } else if let Some(n) = voters {
            undo.push(Undo::LaterVoters(ix, poll, self.later_voters.insert((ix, poll), n)));
        }
    }

    pub(super) fn undo(&mut self, changes: &[Undo]) {
        self.version = self.version.saturating_add(1);
        for change in changes.iter().rev() {
            match change {
                Undo::Drop(ix) => {
                    self.dropped.insert(*ix);
                }
                Undo::Keep(ix) => {
                    self.dropped.remove(ix);
                }
                Undo::Voters(ix, before) => {
                    let _ = self.geography.set_expected(*ix, *before);
                }
                Undo::LaterVoters(ix, poll, before) => {
                    match before {
                        Some(n) => self.later_voters.insert((*ix, *poll), *n),
                        None => self.later_voters.remove(&(*ix, *poll)),
                    };
                }
                Undo::Parts(ix, before) => {
                    match before {
                        Some(parts) => self.parts.insert(*ix, parts.clone()),
                        None => self.parts.remove(ix),
                    };
                }
                Undo::List(contest, poll) => {
                    let key = (contest.clone(), *poll);
                    if let Some(lists) = self.lists.get_mut(&key) {
                        lists.pop();
                        if lists.is_empty() {
                            self.lists.remove(&key);
                        }
                    }
                }
                Undo::Candidate(contest, poll, list) => {
                    let lists = self.lists.get_mut(&(contest.clone(), *poll));
                    if let Some(own) = lists.and_then(|lists| lists.iter_mut().find(|l| l.id == *list)) {
                        own.candidates.pop();
                    }
                }
            }
        }
    }
}
