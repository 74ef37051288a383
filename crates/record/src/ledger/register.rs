//! The register as read so far: geography, lists, seals, and late changes that wait for a ruling.

mod check;
mod enter;

use std::collections::{BTreeMap, BTreeSet};

use recount_election::{Geography, ListDef, StationIx};
use recount_log::CompactRange;
use recount_log::{Hash, leaf_hash};

use super::{Authority, KeyIx, Ledger, Place};
use crate::reason::VoidReason;
use crate::statement::{PhaseName, Register, Role, Row, Seal};
use check::Checker;
use enter::Undo;

const WHO: &[Role] = &[Role::Commission, Role::Reconstruction];

/// A late change that a ruling let in, with what it takes to undo it.
#[derive(Debug, Clone)]
struct Change {
    index: u64,
    register: Register,
    undo: Vec<Undo>,
}

/// Units, stations and lists, with what is known of their completeness.
#[derive(Debug, Clone, Default)]
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
    changes: Vec<Change>,
    version: u64,
}

impl RegisterState {
    /// Makes room for so many further stations.
    pub(super) fn make_room(&mut self, stations: usize) {
        self.geography.make_room(stations);
    }

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
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let of_contest = self.lists.range((contest.to_owned(), 0)..=(contest.to_owned(), u64::MAX));
        of_contest.flat_map(|(_, lists)| lists).filter(|list| seen.insert(&list.id)).collect()
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

    /// Whether the change at this index waits for a ruling.
    pub fn is_waiting(&self, index: u64) -> bool {
        self.late.contains_key(&index)
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

    /// Whether a row changes what is a unit, a station or a part.
    fn changes_places(&self, row: &Row) -> bool {
        match row {
            Row::Unit { .. } | Row::Drop { .. } => true,
            Row::Station { id, parts, .. } => self.geography.station_ix(id).is_none_or(|station| {
                self.is_dropped(station) || (!parts.is_empty() && parts.as_slice() != self.parts(station))
            }),
            Row::List { .. } | Row::Candidate { .. } => false,
        }
    }

    /// Lets late changes in, one after the other: all of them, or none.
    pub(super) fn admit(&mut self, indices: &[u64]) -> Result<(), VoidReason> {
        self.can_admit(indices)?;
        for index in indices {
            let Some(late) = self.late.remove(index) else { continue };
            let undo = self.enter(&late);
            self.admitted.push(*index);
            self.changes.push(Change { index: *index, register: late, undo });
        }
        Ok(())
    }

    /// Whether these late changes wait and fit, in this order.
    pub(super) fn can_admit(&self, indices: &[u64]) -> Result<(), VoidReason> {
        let mut checker = Checker::new(self);
        for (i, &index) in indices.iter().enumerate() {
            let waits = self.late.get(&index).filter(|_| !indices[..i].contains(&index));
            checker.check(waits.ok_or(VoidReason::NotThat { index, what: "a register change that waits" })?)?;
        }
        Ok(())
    }

    /// Takes an admitted change back: it waits again. Those that were admitted after it are entered anew; what no longer fits
    /// without it waits as well.
    pub(super) fn withdraw(&mut self, index: u64) {
        let Some(at) = self.changes.iter().position(|change| change.index == index) else { return };
        let later = self.changes.split_off(at);
        for change in later.iter().rev() {
            self.undo(&change.undo);
            self.late.insert(change.index, change.register.clone());
        }
        self.admitted.truncate(at);
        for change in later.iter().skip(1) {
            // One that does not fit stays with those that wait.
            let _ = self.admit(&[change.index]);
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
        Checker::new(&self.register).check(register)?;
        if self.comes_late(register) {
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

    /// Whether polling has opened where these rows would change something: in their own poll or a later one, which takes over what
    /// it does not name itself; and in any poll for units, stations and parts, which all polls share.
    fn comes_late(&self, register: &Register) -> bool {
        let shared = register.rows.iter().any(|row| self.register.changes_places(row));
        let mut opened = self.phases.keys().filter(|(_, phase)| *phase == PhaseName::PollingOpened);
        opened.any(|(poll, _)| shared || *poll >= register.poll)
    }

    pub(super) fn apply_seal(&mut self, index: u64, seal: &Seal, signers: &[KeyIx]) -> Result<Authority, VoidReason> {
        let authority = self.authorise(signers, WHO, Place::All)?;
        let expected = self.register.seal(seal.poll);
        if *seal != expected {
            let why = format!(
                "it says {} chunks, {} units, {} stations, {} lists; there are {}, {}, {}, {}{}",
                seal.chunks,
                seal.units,
                seal.stations,
                seal.lists,
                expected.chunks,
                expected.units,
                expected.stations,
                expected.lists,
                if seal.root == expected.root { "" } else { ", and the root differs" }
            );
            return Err(VoidReason::Seal(why));
        }
        self.register.seals.insert(seal.poll, index);
        Ok(authority)
    }
}
