//! Bodies: commissions, courts and parliaments that act by the signatures of their seats.

use super::{Authority, KeyIx, Ledger, Place};
use crate::reason::VoidReason;
use crate::statement::{BodyDef, Role};

/// A body as composed at some index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Title for people.
    pub title: String,
    /// Higher ranks may overturn rulings of lower ones.
    pub rank: u64,
    /// Seats that must be present.
    pub quorum: u64,
    /// Seats that must sign for.
    pub majority: u64,
    /// Name of its unit; `*` is the whole election.
    pub scope: String,
    /// The key of each seat.
    pub seats: Vec<KeyIx>,
    /// Index of the statement that composed it so.
    pub since: u64,
}

impl Ledger {
    /// A body is composed by the commission if it is new, else by itself or by a higher one.
    pub(super) fn apply_body(&mut self, index: u64, def: &BodyDef, signers: &[KeyIx]) -> Result<Authority, VoidReason> {
        let authority = match self.bodies.get(&def.id) {
            None => self.authorise(signers, &[Role::Commission, Role::Reconstruction], Place::All)?,
            Some(old) => {
                let place = self.scope(&old.scope).unwrap_or(Place::All);
                let speakers = self
                    .bodies
                    .iter()
                    .filter(|(id, body)| **id == def.id || (body.rank > old.rank && self.body_covers(id, place)))
                    .filter(|(_, body)| self.seats_of(body, signers).len() as u64 >= body.majority);
                let mut verdict = Err(VoidReason::RivalBody(def.id.clone()));
                for (id, body) in speakers {
                    verdict = self.may_compose((id, body), old, def).map(|()| Authority {
                        office: None,
                        body: Some(id.clone()),
                        signers: self.seats_of(body, signers),
                        place: Place::All,
                    });
                    if verdict.is_ok() {
                        break;
                    }
                }
                verdict?
            }
        };
        self.check_body(def)?;
        self.enter_body(index, def);
        Ok(authority)
    }

    /// Nobody gives what they do not have: a body leaves itself no more rank and no wider a unit than it had; one above it gives
    /// less than its own rank, within its own unit.
    fn may_compose(&self, (id, by): (&String, &Body), old: &Body, def: &BodyDef) -> Result<(), VoidReason> {
        let own = *id == def.id;
        if def.rank > old.rank && (own || def.rank >= by.rank) {
            return Err(VoidReason::Rank);
        }
        let within = match self.scope(&def.scope) {
            Some(wanted) => self.body_covers(id, wanted),
            // A unit that is not listed yet covers nothing now; what it will cover, only those give who speak for everything.
            None => self.body_covers(id, Place::All),
        };
        if within || def.scope == old.scope {
            Ok(())
        } else {
            Err(VoidReason::NoAuthority { needed: format!("a body whose unit covers \"{}\"", def.scope) })
        }
    }

    /// Whether a key holds a seat of any body.
    pub(super) fn holds_seat(&self, key: KeyIx) -> bool {
        self.bodies.values().any(|body| !self.seats_of(body, &[key]).is_empty())
    }

    /// Every seat has a key of its own, under a name of its own.
    pub(super) fn check_body(&self, def: &BodyDef) -> Result<(), VoidReason> {
        for (i, seat) in def.seats.iter().enumerate() {
            self.keys.check(seat)?;
            let again =
                |other: &recount_log::VerifierKey| other.name() == seat.name() || other.public() == seat.public();
            if def.seats.iter().take(i).any(again) {
                return Err(VoidReason::NameTaken(seat.name().to_owned()));
            }
        }
        Ok(())
    }

    pub(super) fn enter_body(&mut self, index: u64, def: &BodyDef) {
        let seats = def.seats.iter().map(|key| self.keys.enter(key, index)).collect();
        let body = Body {
            title: def.title.clone(),
            rank: def.rank,
            quorum: def.quorum,
            majority: def.majority,
            scope: def.scope.clone(),
            seats,
            since: index,
        };
        self.bodies.insert(def.id.clone(), body);
    }

    /// Whether enough distinct seats signed. Presence that is only claimed can meet the quorum; votes never can.
    pub(super) fn authorise_body(
        &self,
        id: &str,
        signers: &[KeyIx],
        claimed_present: Option<u64>,
    ) -> Result<Authority, VoidReason> {
        let body = self.bodies.get(id).ok_or_else(|| VoidReason::NoSuchBody(id.to_owned()))?;
        let seats = self.seats_of(body, signers);
        let have = seats.len() as u64;
        if have == 0 {
            return Err(VoidReason::RivalBody(id.to_owned()));
        }
        if have < body.majority {
            return Err(VoidReason::NoMajority { body: id.to_owned(), have, need: body.majority });
        }
        let present = claimed_present.unwrap_or(0).max(have);
        if present < body.quorum {
            return Err(VoidReason::NoQuorum { body: id.to_owned(), present, need: body.quorum });
        }
        let place = self.scope(&body.scope).ok_or_else(|| VoidReason::NoAuthority {
            needed: format!("the unit \"{}\" of the body is not listed", body.scope),
        })?;
        Ok(Authority { office: None, body: Some(id.to_owned()), signers: seats, place })
    }

    /// The signers that hold seats, each once. A key that was revoked holds none until the body is composed anew with it.
    fn seats_of(&self, body: &Body, signers: &[KeyIx]) -> Vec<KeyIx> {
        let holds = |signer: &KeyIx| {
            let revoked = self.keys.get(*signer).and_then(|key| key.revoked_at);
            body.seats.contains(signer) && revoked.is_none_or(|at| at < body.since)
        };
        signers.iter().copied().filter(holds).collect()
    }
}
