//! Rulings taken into the count, and rulings about rulings.

use std::collections::BTreeMap;

use recount_election::StationIx;
use recount_record::VoidReason;
use recount_record::ledger::{Authority, Place};
use recount_record::statement::{About, Effect, Ruling};

use super::law::NewLaw;
use super::{Blobs, Fold};
use crate::claim::{Slot, WordIx};
use crate::effects::{Act, Effects, Force, RulingState, Scope};

impl Fold {
    pub(super) fn take_ruling(
        &mut self,
        index: u64,
        ruling: &Ruling,
        authority: &Authority,
        blobs: &dyn Blobs,
    ) -> Result<(), VoidReason> {
        let rank = authority.body.as_ref().and_then(|id| self.ledger.bodies().get(id)).map_or(0, |body| body.rank);
        let mut acts = Vec::with_capacity(ruling.effects.len());
        for effect in &ruling.effects {
            self.check_place(effect, authority)?;
            acts.push(self.act(effect, ruling.by.is_none(), rank)?);
        }
        // Everything that can fail is done before anything is changed.
        let law = NewLaw::of(&ruling.effects, blobs)?;
        self.ledger.can_admit_register(&admits(&ruling.effects))?;
        if !law.is_empty() {
            self.enter_law(index, law);
        }
        let signed = authority.signers.len() as u64;
        let place = self.place_of_acts(&ruling.effects, &acts);
        let state = RulingState { ruling: ruling.clone(), rank, signed, force: Force::InForce, acts, place };
        self.enforce(index, state)
    }

    /// Puts a ruling in force: also one that is only assumed.
    pub(crate) fn enforce(&mut self, index: u64, state: RulingState) -> Result<(), VoidReason> {
        let beyond_stations = |effect: &Effect| {
            overturned(effect, index).is_some() || matches!(effect, Effect::Admit { .. } | Effect::Replace { .. })
        };
        if state.ruling.effects.iter().any(beyond_stations) {
            self.rulings.insert(index, state);
            return self.settle_rulings();
        }
        match self.touched(&state.acts) {
            Some(stations) => self.change_all(&stations, |fold| fold.effects.add(index, &state.acts)),
            None => {
                self.effects.add(index, &state.acts);
                self.totals = None;
            }
        }
        self.rulings.insert(index, state);
        Ok(())
    }

    /// Refolds what rulings do, as if those that no longer act had not been made.
    fn settle_rulings(&mut self) -> Result<(), VoidReason> {
        self.totals = None;
        self.settle_force();
        let in_force = self.rulings.values().filter(|state| state.force == Force::InForce);
        let wanted: Vec<u64> = in_force.flat_map(|state| admits(&state.ruling.effects)).collect();
        let admitted = self.ledger.register().admitted().to_vec();
        for index in admitted.iter().rev().filter(|index| !wanted.contains(index)) {
            self.ledger.withdraw_register(*index);
        }
        for index in &wanted {
            if !self.ledger.register().admitted().contains(index) {
                // A change that no longer fits, because of what came meanwhile, goes on waiting.
                let _ = self.ledger.admit_register(&[*index]);
            }
        }
        self.effects = Effects::of(&self.rulings);
        self.choose_law()?;
        self.refresh()
    }

    /// Which rulings are in force. A ruling speaks only of earlier ones, so that whether it acts itself is known, from the last one
    /// back, before it is asked what it says: one that was reversed overturns nothing.
    fn settle_force(&mut self) {
        let mut said: BTreeMap<u64, Force> = BTreeMap::new();
        for (index, state) in self.rulings.iter_mut().rev() {
            state.force = said.remove(index).unwrap_or(Force::InForce);
            if state.force == Force::InForce {
                for (target, force) in state.ruling.effects.iter().rev().filter_map(|e| overturned(e, *index)) {
                    said.entry(target).or_insert(force);
                }
            }
        }
    }

    /// The stations that acts touch; `None` if they touch whole units.
    fn touched(&self, acts: &[Act]) -> Option<Vec<StationIx>> {
        let mut stations = Vec::new();
        for act in acts {
            match act {
                Act::None | Act::Withhold(_) => {}
                Act::Correct(station, _, _) => stations.push(*station),
                Act::Recount(scope) | Act::Annul(scope) | Act::Repeat(scope) => match scope.place {
                    Place::Station(station) => stations.push(station),
                    _ => return None,
                },
                Act::Exclude(statement) | Act::Restore(statement) => {
                    stations.extend(self.noted_at(*statement).and_then(|noted| noted.station));
                }
            }
        }
        stations.sort_unstable();
        stations.dedup();
        Some(stations)
    }

    fn noted_at(&self, index: u64) -> Option<&super::Noted> {
        usize::try_from(index).ok().and_then(|at| self.noted.get(at))
    }

    /// A body rules only on statements about its own unit, and overturns only rulings whose effects lie within it.
    fn check_place(&self, effect: &Effect, authority: &Authority) -> Result<(), VoidReason> {
        let Some(body) = &authority.body else { return Ok(()) };
        let covers = |place: Place| self.ledger.body_covers(body, place);
        let within = match effect {
            Effect::Exclude { statement } | Effect::Restore { statement } | Effect::Reject { complaint: statement } => {
                covers(self.place_of_statement(*statement))
            }
            Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => {
                self.rulings.get(ruling).is_none_or(|state| covers(state.place))
            }
            _ => true,
        };
        let needed = || VoidReason::NoAuthority { needed: "a body decides within its own unit".to_owned() };
        if within { Ok(()) } else { Err(needed()) }
    }

    fn place_of_statement(&self, index: u64) -> Place {
        self.noted_at(index).and_then(|noted| noted.station).map_or(Place::All, Place::Station)
    }

    /// The smallest place in which all these effects lie. What is said of a ruling lies where that ruling's effects do.
    pub(crate) fn place_of_acts(&self, effects: &[Effect], acts: &[Act]) -> Place {
        let place = |(act, effect): (&Act, &Effect)| match (act, effect) {
            (Act::Correct(station, _, _), _) => Place::Station(*station),
            (Act::Recount(scope) | Act::Annul(scope) | Act::Repeat(scope), _) => scope.place,
            (Act::Exclude(statement) | Act::Restore(statement), _) => self.place_of_statement(*statement),
            (_, Effect::Reject { complaint }) => self.place_of_statement(*complaint),
            (_, Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling }) => {
                self.rulings.get(ruling).map_or(Place::All, |state| state.place)
            }
            _ => Place::All,
        };
        let places = acts.iter().zip(effects).map(place);
        places.reduce(|a, b| self.both(a, b)).unwrap_or(Place::All)
    }

    /// The smallest place that covers two.
    fn both(&self, a: Place, b: Place) -> Place {
        if self.ledger.covers(b, a) {
            return b;
        }
        let geography = self.ledger.register().geography();
        let unit = match a {
            Place::All => return a,
            Place::Unit(unit) => Some(unit),
            Place::Station(_) if a == b => return a,
            Place::Station(station) => geography.station(station).map(|own| own.unit),
        };
        let mut above = unit.into_iter().flat_map(|unit| geography.ancestors(unit));
        above.find(|unit| self.ledger.covers(Place::Unit(*unit), b)).map_or(Place::All, Place::Unit)
    }

    fn is_kind(&self, index: u64, kinds: &[&str], what: &'static str) -> Result<(), VoidReason> {
        match self.noted_at(index) {
            Some(noted) if kinds.contains(&noted.kind) && noted.void.is_none() => Ok(()),
            _ => Err(VoidReason::NotThat { index, what }),
        }
    }

    /// An effect with its place resolved.
    pub(crate) fn act(&mut self, effect: &Effect, reconstructed: bool, rank: u64) -> Result<Act, VoidReason> {
        match effect {
            Effect::Reject { complaint } => {
                self.is_kind(*complaint, &["complaint"], "a complaint that had effect")?;
                Ok(Act::None)
            }
            Effect::Correct { poll, contest, station, part, source, lines, votes } => {
                let ix = self.ledger.register().geography().station_ix(station);
                let ix = ix.ok_or_else(|| VoidReason::NotListed { what: "station", id: station.clone() })?;
                let slot: Slot = self.slot(ix, *poll, contest, part.as_deref(), source, true)?;
                Ok(Act::Correct(ix, slot, self.figures(slot, lines, votes)?))
            }
            Effect::Recount { poll, about } => Ok(Act::Recount(self.scope(*poll, None, about)?)),
            Effect::Annul { poll, contest, about } => Ok(Act::Annul(self.scope(*poll, contest.as_deref(), about)?)),
            Effect::Repeat { poll, contest, about } => Ok(Act::Repeat(self.scope(*poll, contest.as_deref(), about)?)),
            Effect::Exclude { statement } => {
                self.is_kind(*statement, &["protocol", "lot"], "an authorised protocol or lot")?;
                Ok(Act::Exclude(*statement))
            }
            Effect::Restore { statement } => {
                self.is_kind(*statement, &["protocol", "lot"], "an authorised protocol or lot")?;
                Ok(Act::Restore(*statement))
            }
            Effect::Withhold { blob } => Ok(Act::Withhold(*blob)),
            Effect::Admit { .. } | Effect::Replace { .. } => Ok(Act::None),
            Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => {
                let target = self.rulings.get(ruling);
                let target = target.ok_or(VoidReason::NotThat { index: *ruling, what: "a ruling that had effect" })?;
                // Imported history may tell that an imported ruling fell.
                let both_imported = reconstructed && target.ruling.by.is_none();
                if rank > target.rank || both_imported { Ok(Act::None) } else { Err(VoidReason::Rank) }
            }
        }
    }

    fn scope(&mut self, poll: u64, contest: Option<&str>, about: &About) -> Result<Scope, VoidReason> {
        let listed = |what, id: &str| VoidReason::NotListed { what, id: id.to_owned() };
        let contest = match contest {
            None => None,
            Some(id) => Some(self.contest_ix(id).ok_or_else(|| listed("contest", id))?),
        };
        let geography = self.ledger.register().geography();
        let mut part: Option<WordIx> = None;
        let place = match about {
            About::Poll => Place::All,
            About::Unit(id) => Place::Unit(geography.unit_ix(id).ok_or_else(|| listed("unit", id))?),
            About::Station { id, part: named } => {
                let station = geography.station_ix(id).ok_or_else(|| listed("station", id))?;
                if let Some(named) = named {
                    part = Some(self.parts.intern(named).ok_or_else(|| listed("part", named))?);
                }
                Place::Station(station)
            }
            About::Statement(index) => return Err(VoidReason::NotThat { index: *index, what: "a place" }),
        };
        let poll = u16::try_from(poll).map_err(|_| VoidReason::PollNotOpen(poll))?;
        Ok(Scope { poll, contest, part, place })
    }
}

/// The ruling that an effect of the ruling at an index speaks of, and what it makes of it.
fn overturned(effect: &Effect, by: u64) -> Option<(u64, Force)> {
    match effect {
        Effect::Suspend { ruling } => Some((*ruling, Force::Suspended(by))),
        Effect::Reverse { ruling } => Some((*ruling, Force::Reversed(by))),
        Effect::Reinstate { ruling } => Some((*ruling, Force::InForce)),
        _ => None,
    }
}

/// The register changes that effects admit, in order.
fn admits(effects: &[Effect]) -> Vec<u64> {
    let admitted = |effect: &Effect| match effect {
        Effect::Admit { statement } => Some(*statement),
        _ => None,
    };
    effects.iter().filter_map(admitted).collect()
}
