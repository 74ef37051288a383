//! The register as read so far: geography, lists, seals, and late changes that wait for a ruling.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::{CandidateDef, Geography, ListDef, StationIx};
use recount_log::CompactRange;
use recount_log::{Hash, leaf_hash};

use super::{Authority, KeyIx, Ledger, Place};
use crate::reason::VoidReason;
use crate::statement::{PhaseName, Register, Role, Row, Seal};

const WHO: &[Role] = &[Role::Commission, Role::Reconstruction];

/// Units, stations and lists, with what is known of their completeness.
#[derive(Debug, Default)]
pub struct RegisterState {
    geography: Geography,
    lists: BTreeMap<(String, u64), Vec<ListDef>>,
    parts: BTreeMap<StationIx, Vec<String>>,
    dropped: BTreeSet<StationIx>,
    later_voters: BTreeMap<(StationIx, u64), u64>,
    chunks: BTreeMap<u64, CompactRange>,
    seals: BTreeMap<u64, u64>,
    late: BTreeMap<u64, Register>,
    admitted: Vec<u64>,
    version: u64,
}

impl RegisterState {
    /// Units and stations, in order of first appearance.
    pub fn geography(&self) -> &Geography {
        &self.geography
    }

    /// The lists of a contest in a poll: those of the latest poll up to this one that names any.
    pub fn lists(&self, contest: &str, poll: u64) -> &[ListDef] {
        let key = (contest.to_owned(), poll);
        let latest = self.lists.range((contest.to_owned(), 0)..=key).next_back();
        latest.map_or(&[], |(_, lists)| lists)
    }

    /// The contests for which lists are registered.
    pub fn contests(&self) -> Vec<&str> {
        let mut contests: Vec<&str> = self.lists.keys().map(|(contest, _)| contest.as_str()).collect();
        contests.dedup();
        contests
    }

    /// Every list of a contest over all polls, in order of first appearance, each once.
    pub fn all_lists(&self, contest: &str) -> Vec<&ListDef> {
        let mut all: Vec<&ListDef> = Vec::new();
        for ((of, _), lists) in &self.lists {
            if of == contest {
                let seen: BTreeSet<&str> = all.iter().map(|list| list.id.as_str()).collect();
                all.extend(lists.iter().filter(|list| !seen.contains(list.id.as_str())));
            }
        }
        all
    }

    /// Parts of a station whose ballots are counted apart; empty means one count.
    pub fn parts(&self, station: StationIx) -> &[String] {
        self.parts.get(&station).map_or(&[], Vec::as_slice)
    }

    /// Whether the station was taken off the register.
    pub fn is_dropped(&self, station: StationIx) -> bool {
        self.dropped.contains(&station)
    }

    /// Voters on the station's list in a poll.
    pub fn voters(&self, station: StationIx, poll: u64) -> Option<u64> {
        let later = self.later_voters.range((station, 0)..=(station, poll)).next_back();
        later.map(|(_, n)| *n).or_else(|| self.geography.station(station).and_then(|s| s.expected))
    }

    /// Index of the seal that closes the register of a poll; `None` means "register incomplete".
    pub fn sealed(&self, poll: u64) -> Option<u64> {
        self.seals.get(&poll).copied()
    }

    /// Indices of changes that came after polling opened and wait for a ruling.
    pub fn waiting(&self) -> impl Iterator<Item = u64> {
        self.late.keys().copied()
    }

    /// Indices of late changes that a ruling let in.
    pub fn admitted(&self) -> &[u64] {
        &self.admitted
    }

    /// Grows with every change: whoever keeps something derived from the register compares it.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The seal that would close the register of a poll as it now stands.
    pub fn seal(&self, poll: u64) -> Seal {
        let chunks = self.chunks.get(&poll);
        Seal {
            poll,
            chunks: chunks.map_or(0, CompactRange::size),
            units: self.geography.units().len() as u64,
            stations: (self.geography.stations().len() - self.dropped.len()) as u64,
            lists: self.lists.values().map(|lists| lists.len() as u64).sum(),
            root: chunks.map_or_else(recount_log::empty_root, CompactRange::root),
        }
    }

    pub(super) fn admit(&mut self, index: u64) -> Result<(), VoidReason> {
        let late = self.late.remove(&index).ok_or(VoidReason::NotThat { index, what: "a register change that waits" })?;
        self.check(&late)?;
        self.enter(&late);
        self.admitted.push(index);
        Ok(())
    }

    /// Whether every row fits, one after the other; nothing is entered.
    fn check(&self, register: &Register) -> Result<(), VoidReason> {
        let mut units: BTreeSet<&str> = BTreeSet::new();
        let mut stations: BTreeMap<&str, bool> = BTreeMap::new();
        let mut lists: BTreeSet<(&str, &str)> = BTreeSet::new();
        let refuse = |why: String| Err(VoidReason::Register(why));
        for row in &register.rows {
            match row {
                Row::Unit { id, parent, .. } => {
                    let first = self.geography.root().is_none() && units.is_empty();
                    let known = |u: &str| units.contains(u) || self.geography.unit_ix(u).is_some();
                    match parent {
                        None if first => {}
                        None => return refuse(format!("unit \"{id}\" has no unit above it, and the root is there already")),
                        Some(parent) if !known(parent) => return refuse(format!("unit \"{id}\" lies in \"{parent}\", which is not listed before it")),
                        Some(_) => {}
                    }
                    if known(id) || self.geography.station_ix(id).is_some() || stations.contains_key(id.as_str()) {
                        return refuse(format!("\"{id}\" is listed already"));
                    }
                    units.insert(id);
                }
                Row::Station { id, unit, .. } => {
                    if !units.contains(unit.as_str()) && self.geography.unit_ix(unit).is_none() {
                        return refuse(format!("station \"{id}\" lies in \"{unit}\", which is not listed before it"));
                    }
                    if units.contains(id.as_str()) || self.geography.unit_ix(id).is_some() {
                        return refuse(format!("\"{id}\" is a unit already"));
                    }
                    if let Some(ix) = self.geography.station_ix(id) {
                        let moved = self.geography.station(ix).and_then(|s| self.geography.unit(s.unit));
                        if moved.is_some_and(|old| old.id != *unit) {
                            return refuse(format!("station \"{id}\" cannot move to another unit"));
                        }
                    } else if stations.insert(id, true).is_some() {
                        return refuse(format!("station \"{id}\" is listed twice"));
                    }
                }
                Row::Drop { station } => {
                    let known = stations.contains_key(station.as_str()) || self.geography.station_ix(station).is_some();
                    if !known {
                        return refuse(format!("station \"{station}\" is not listed and cannot be dropped"));
                    }
                }
                Row::List { id, contest, unit, .. } => {
                    let here = self.lists.get(&(contest.clone(), register.poll));
                    let there = here.is_some_and(|lists| lists.iter().any(|list| list.id == *id));
                    if there || !lists.insert((contest, id)) {
                        return refuse(format!("list \"{id}\" of contest \"{contest}\" is listed already"));
                    }
                    if let Some(unit) = unit
                        && !units.contains(unit.as_str())
                        && self.geography.unit_ix(unit).is_none()
                    {
                        return refuse(format!("list \"{id}\" stands in \"{unit}\", which is not listed"));
                    }
                }
                Row::Candidate { id, contest, list, .. } => {
                    let here = self.lists.get(&(contest.clone(), register.poll));
                    let there = here.is_some_and(|lists| lists.iter().any(|l| l.id == *list));
                    if !there && !lists.contains(&(contest.as_str(), list.as_str())) {
                        return refuse(format!("candidate \"{id}\" stands on \"{list}\", which is not listed before"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Enters rows that [`RegisterState::check`] has passed.
    fn enter(&mut self, register: &Register) {
        self.version += 1;
        for row in &register.rows {
            match row {
                Row::Unit { id, level, parent, name, attributes } => {
                    let attributes = attributes.iter().cloned().collect();
                    let _ = self.geography.add_unit(id, level, parent.as_deref(), name, attributes);
                }
                Row::Station { id, unit, voters, parts, name, attributes } => {
                    let ix = match self.geography.station_ix(id) {
                        Some(ix) if register.poll > 1 => {
                            if let Some(n) = voters {
                                self.later_voters.insert((ix, register.poll), *n);
                            }
                            ix
                        }
                        Some(ix) => {
                            let _ = self.geography.set_expected(ix, *voters);
                            self.dropped.remove(&ix);
                            ix
                        }
                        None => {
                            let attributes = attributes.iter().cloned().collect();
                            let added = self.geography.add_station(id, unit, *voters, name.as_deref(), attributes);
                            let Ok(ix) = added else { continue };
                            ix
                        }
                    };
                    if !parts.is_empty() {
                        self.parts.insert(ix, parts.clone());
                    }
                }
                Row::Drop { station } => self.dropped.extend(self.geography.station_ix(station)),
                Row::List { id, contest, name, unit, attributes } => {
                    let list = ListDef {
                        id: id.clone(),
                        contest: contest.clone(),
                        name: name.clone(),
                        unit: unit.clone(),
                        attributes: attributes.iter().cloned().collect(),
                        candidates: Vec::new(),
                    };
                    self.lists.entry((contest.clone(), register.poll)).or_default().push(list);
                }
                Row::Candidate { id, contest, list, name, attributes } => {
                    let lists = self.lists.entry((contest.clone(), register.poll)).or_default();
                    if let Some(list) = lists.iter_mut().find(|l| l.id == *list) {
                        let attributes = attributes.iter().cloned().collect();
                        list.candidates.push(CandidateDef { id: id.clone(), name: name.clone(), attributes });
                    }
                }
            }
        }
    }
}

impl Ledger {
    pub(super) fn apply_register(
        &mut self,
        index: u64,
        id: &Hash,
        register: &Register,
        signers: &[KeyIx],
    ) -> Result<Authority, VoidReason> {
        let authority = self.authorise(signers, WHO, Place::All)?;
        self.register.check(register)?;
        if self.phase(register.poll, PhaseName::PollingOpened).is_some() {
            self.register.late.insert(index, register.clone());
            return Ok(authority);
        }
        self.register.seals.remove(&register.poll);
        let chunks = self.register.chunks.entry(register.poll).or_default();
        if chunks.push(leaf_hash(id.as_bytes())).is_err() {
            return Err(VoidReason::Register("too many chunks".to_owned()));
        }
        self.register.enter(register);
        Ok(authority)
    }

    pub(super) fn apply_seal(&mut self, index: u64, seal: &Seal, signers: &[KeyIx]) -> Result<Authority, VoidReason> {
        let authority = self.authorise(signers, WHO, Place::All)?;
        let expected = self.register.seal(seal.poll);
        if *seal != expected {
            let why = format!(
                "it says {} chunks, {} units, {} stations, {} lists; there are {}, {}, {}, {}{}",
                seal.chunks, seal.units, seal.stations, seal.lists,
                expected.chunks, expected.units, expected.stations, expected.lists,
                if seal.root == expected.root { "" } else { ", and the root differs" }
            );
            return Err(VoidReason::Seal(why));
        }
        self.register.seals.insert(seal.poll, index);
        Ok(authority)
    }
}
