//! Rulings taken into the count, and rulings about rulings.

use recount_election::StationIx;
use recount_record::VoidReason;
use recount_record::ledger::{Authority, Place};
use recount_record::statement::{About, Effect, Ruling};

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
        self.refresh()?;
        let rank = authority.body.as_ref().and_then(|id| self.ledger.bodies().get(id)).map_or(0, |body| body.rank);
        let mut acts = Vec::with_capacity(ruling.effects.len());
        for effect in &ruling.effects {
            self.check_statement_place(effect, authority)?;
            acts.push(self.act(effect, rank)?);
        }
        // Everything that can fail is done before anything is changed.
        for effect in &ruling.effects {
            match effect {
                Effect::Replace { what, blob } if what == "rulebook" => {
                    self.take_law(index, Some(*blob), None, blobs)?;
                }
                Effect::Replace { blob, .. } => self.take_law(index, None, Some(*blob), blobs)?,
                Effect::Admit { statement } => {
                    self.ledger.admit_register(*statement)?;
                    self.totals = None;
                }
                _ => {}
            }
        }
        let signed = authority.signers.len() as u64;
        let state = RulingState { ruling: ruling.clone(), rank, signed, force: Force::InForce, acts };
        self.enforce(index, state);
        Ok(())
    }

    /// Puts a ruling in force: also one that is only assumed.
    pub(crate) fn enforce(&mut self, index: u64, state: RulingState) {
        let overturns = state.ruling.effects.iter().any(|effect| {
            matches!(effect, Effect::Suspend { .. } | Effect::Reverse { .. } | Effect::Reinstate { .. })
        });
        if overturns {
            for effect in &state.ruling.effects {
                let (target, force) = match effect {
                    Effect::Suspend { ruling } => (ruling, Force::Suspended(index)),
                    Effect::Reverse { ruling } => (ruling, Force::Reversed(index)),
                    Effect::Reinstate { ruling } => (ruling, Force::InForce),
                    _ => continue,
                };
                if let Some(target) = self.rulings.get_mut(target) {
                    target.force = force;
                }
            }
            self.rulings.insert(index, state);
            self.effects = Effects::of(&self.rulings);
            self.totals = None;
            return;
        }
        let touched = self.touched(&state.acts);
        match touched {
            Some(stations) => self.change_all(&stations, |fold| fold.effects.add(index, &state.acts)),
            None => {
                self.effects.add(index, &state.acts);
                self.totals = None;
            }
        }
        self.rulings.insert(index, state);
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

    /// A body rules only on statements about its own unit.
    fn check_statement_place(&self, effect: &Effect, authority: &Authority) -> Result<(), VoidReason> {
        let (Effect::Exclude { statement } | Effect::Restore { statement } | Effect::Reject { complaint: statement }) =
            effect
        else {
            return Ok(());
        };
        let place = self.noted_at(*statement).and_then(|noted| noted.station).map_or(Place::All, Place::Station);
        match &authority.body {
            Some(body) if !self.ledger.body_covers(body, place) => {
                Err(VoidReason::NoAuthority { needed: "a body decides within its own unit".to_owned() })
            }
            _ => Ok(()),
        }
    }

    fn is_kind(&self, index: u64, kind: &'static str, what: &'static str) -> Result<(), VoidReason> {
        match self.noted_at(index) {
            Some(noted) if noted.kind == kind && noted.void.is_none() => Ok(()),
            _ => Err(VoidReason::NotThat { index, what }),
        }
    }

    /// An effect with its place resolved.
    pub(crate) fn act(&mut self, effect: &Effect, rank: u64) -> Result<Act, VoidReason> {
        match effect {
            Effect::Reject { complaint } => {
                self.is_kind(*complaint, "complaint", "a complaint")?;
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
                self.is_kind(*statement, "protocol", "an authorised protocol")?;
                Ok(Act::Exclude(*statement))
            }
            Effect::Restore { statement } => {
                self.is_kind(*statement, "protocol", "an authorised protocol")?;
                Ok(Act::Restore(*statement))
            }
            Effect::Withhold { blob } => Ok(Act::Withhold(*blob)),
            Effect::Admit { .. } | Effect::Replace { .. } => Ok(Act::None),
            Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => {
                let target = self.rulings.get(ruling);
                let target = target.ok_or(VoidReason::NotThat { index: *ruling, what: "a ruling that had effect" })?;
                if rank > target.rank { Ok(Act::None) } else { Err(VoidReason::Rank) }
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
