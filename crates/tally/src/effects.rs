//! What the rulings in force do, looked up by place.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::{Figures, StationIx, UnitIx};
use recount_log::Hash;
use recount_record::ledger::Place;
use recount_record::statement::Ruling;

use crate::claim::{ContestIx, Slot, WordIx};

/// Whether a ruling is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// It acts.
    InForce,
    /// A higher body suspended it by the ruling at this index.
    Suspended(u64),
    /// A higher body reversed it by the ruling at this index.
    Reversed(u64),
}

/// A ruling with what has become of it.
#[derive(Debug, Clone)]
pub struct RulingState {
    /// What it says.
    pub ruling: Ruling,
    /// Rank of its body when it was made; 0 for reconstructed ones.
    pub rank: u64,
    /// How many seats signed.
    pub signed: u64,
    /// Whether it acts.
    pub force: Force,
    /// Its effects, resolved to places.
    pub acts: Vec<Act>,
    /// The smallest place in which all its effects lie.
    pub place: Place,
}

/// An effect with its place resolved.
#[derive(Debug, Clone)]
pub enum Act {
    /// Nothing in the count: a rejected complaint, a withheld blob, a change of register, rulebook or forms.
    None,
    /// The blob may be withheld.
    Withhold(Hash),
    /// Figures put in a slot of a station.
    Correct(StationIx, Slot, Figures),
    /// Source `recount` opens there.
    Recount(Scope),
    /// The vote there is annulled.
    Annul(Scope),
    /// The vote there is annulled and the next poll opens.
    Repeat(Scope),
    /// The statement is out.
    Exclude(u64),
    /// The statement stands.
    Restore(u64),
}

/// Where an annulment, recount or repetition acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The poll.
    pub poll: u16,
    /// One contest, or all.
    pub contest: Option<ContestIx>,
    /// One part, or the whole station.
    pub part: Option<WordIx>,
    /// The place.
    pub place: Place,
}

impl Scope {
    fn meets(&self, poll: u16, contest: ContestIx) -> bool {
        self.poll == poll && self.contest.is_none_or(|own| own == contest)
    }
}

/// When an effect was made: by the ruling at this index, as its n-th effect. Of two, the later decides.
pub(crate) type Order = (u64, usize);

/// Scopes by place, each with when it was made.
#[derive(Debug, Clone, Default)]
struct ByPlace {
    all: Vec<(Scope, Order)>,
    units: BTreeMap<UnitIx, Vec<(Scope, Order)>>,
    stations: BTreeMap<StationIx, Vec<(Scope, Order)>>,
}

impl ByPlace {
    fn push(&mut self, scope: Scope, order: Order) {
        match scope.place {
            Place::All => self.all.push((scope, order)),
            Place::Unit(unit) => self.units.entry(unit).or_default().push((scope, order)),
            Place::Station(station) => self.stations.entry(station).or_default().push((scope, order)),
        }
    }

    /// The latest ruling that acts on a station, its units or everything.
    fn latest(
        &self,
        station: StationIx,
        units: impl Iterator<Item = UnitIx>,
        meets: impl Fn(&Scope) -> bool,
    ) -> Option<Order> {
        let mut latest: Option<Order> = None;
        let mut look = |scopes: &[(Scope, Order)]| {
            for (_, order) in scopes.iter().filter(|(scope, _)| meets(scope)) {
                latest = latest.max(Some(*order));
            }
        };
        look(&self.all);
        if !self.units.is_empty() {
            for unit in units {
                look(self.units.get(&unit).map_or(&[], Vec::as_slice));
            }
        }
        look(self.stations.get(&station).map_or(&[], Vec::as_slice));
        latest
    }
}

/// The effects of all rulings in force.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    excluded: BTreeMap<u64, u64>,
    restored: BTreeMap<u64, Order>,
    withheld: BTreeSet<Hash>,
    corrections: BTreeMap<StationIx, Vec<(Slot, Figures, Order)>>,
    annulled: ByPlace,
    recounts: ByPlace,
    repeats: ByPlace,
}

impl Effects {
    /// Adds the acts of one ruling.
    pub fn add(&mut self, index: u64, acts: &[Act]) {
        for (n, act) in acts.iter().enumerate() {
            match act {
                Act::None => {}
                Act::Withhold(blob) => {
                    self.withheld.insert(*blob);
                }
                Act::Correct(station, slot, figures) => {
                    self.corrections.entry(*station).or_default().push((*slot, figures.clone(), (index, n)));
                }
                Act::Recount(scope) => self.recounts.push(*scope, (index, n)),
                Act::Annul(scope) => self.annulled.push(*scope, (index, n)),
                Act::Repeat(scope) => self.repeats.push(*scope, (index, n)),
                Act::Exclude(statement) => {
                    self.restored.remove(statement);
                    self.excluded.insert(*statement, index);
                }
                Act::Restore(statement) => {
                    self.excluded.remove(statement);
                    self.restored.insert(*statement, (index, n));
                }
            }
        }
    }

    /// The effects of those rulings that are in force.
    pub fn of(rulings: &BTreeMap<u64, RulingState>) -> Effects {
        let mut effects = Effects::default();
        for (index, state) in rulings.iter().filter(|(_, state)| state.force == Force::InForce) {
            effects.add(*index, &state.acts);
        }
        effects
    }

    /// The ruling that excluded a statement.
    pub fn excluded(&self, statement: u64) -> Option<u64> {
        self.excluded.get(&statement).copied()
    }

    /// When a ruling restored a statement.
    pub(crate) fn restored_at(&self, statement: u64) -> Option<Order> {
        self.restored.get(&statement).copied()
    }

    /// Whether a blob may be withheld.
    pub fn is_withheld(&self, blob: &Hash) -> bool {
        self.withheld.contains(blob)
    }

    /// The latest correction of a slot, with its ruling.
    pub fn correction(&self, station: StationIx, slot: Slot) -> Option<(&Figures, u64)> {
        self.correction_at(station, slot).map(|(figures, (ruling, _))| (figures, ruling))
    }

    pub(crate) fn correction_at(&self, station: StationIx, slot: Slot) -> Option<(&Figures, Order)> {
        let corrections = self.corrections.get(&station)?;
        corrections.iter().rev().find(|(own, _, _)| *own == slot).map(|(_, figures, order)| (figures, *order))
    }

    /// Whether any slot of a station was corrected.
    pub fn has_corrections(&self, station: StationIx) -> bool {
        self.corrections.contains_key(&station)
    }

    /// Slots of a station that were corrected.
    pub fn corrected_slots(&self, station: StationIx) -> impl Iterator<Item = Slot> + '_ {
        self.corrections.get(&station).into_iter().flatten().map(|(slot, _, _)| *slot)
    }

    /// The latest annulment of the whole station in a poll and contest.
    pub(crate) fn annulled(
        &self,
        station: StationIx,
        units: impl Iterator<Item = UnitIx>,
        poll: u16,
        contest: ContestIx,
    ) -> Option<Order> {
        self.annulled.latest(station, units, |scope| scope.part.is_none() && scope.meets(poll, contest))
    }

    /// Parts of a station that were annulled, with the rulings.
    pub(crate) fn annulled_parts(&self, station: StationIx, poll: u16, contest: ContestIx) -> Vec<(WordIx, Order)> {
        let scopes = self.annulled.stations.get(&station).map_or(&[][..], Vec::as_slice);
        let meeting = scopes.iter().filter(|(scope, _)| scope.meets(poll, contest));
        meeting.filter_map(|(scope, order)| scope.part.map(|part| (part, *order))).collect()
    }

    /// The latest ruling that opened a recount of a part there, or of the whole station.
    pub(crate) fn recount(
        &self,
        station: StationIx,
        units: impl Iterator<Item = UnitIx>,
        poll: u16,
        contest: ContestIx,
        part: Option<WordIx>,
    ) -> Option<Order> {
        let meets = |scope: &Scope| scope.meets(poll, contest) && (scope.part.is_none() || scope.part == part);
        self.recounts.latest(station, units, meets)
    }

    /// The ruling by which the poll was repeated there.
    pub(crate) fn repeated(
        &self,
        station: StationIx,
        units: impl Iterator<Item = UnitIx>,
        poll: u16,
        contest: Option<ContestIx>,
    ) -> Option<Order> {
        self.repeats.latest(station, units, |scope| match contest {
            Some(contest) => scope.meets(poll, contest),
            None => scope.poll == poll,
        })
    }

    /// Whether any poll was repeated anywhere.
    pub fn any_repeat(&self) -> bool {
        !(self.repeats.all.is_empty() && self.repeats.units.is_empty() && self.repeats.stations.is_empty())
    }
}
