//! Who may say what: one function per kind of statement.

use std::collections::BTreeMap;

use recount_log::VerifierKey;

use super::{Authority, KeyIx, Ledger, OfficeIx, Place};
use crate::entry::Entry;
use crate::reason::VoidReason;
use crate::statement::{About, Appointment, Charter, Declaration, Effect, Protocol, Revocation, Role, Ruling};

/// Roles that file figures.
pub(super) const FIGURES: &[Role] =
    &[Role::Commission, Role::Territorial, Role::Precinct, Role::Machine, Role::Reconstruction];

/// Roles that file counts made by people.
const COUNTED_BY_HAND: &[Role] = &[Role::Commission, Role::Territorial, Role::Precinct, Role::Reconstruction];

/// The prefix of sources that only machines and commissions file.
const MACHINE: &str = "machine";

/// Roles that a territorial commission may give.
const BELOW_TERRITORIAL: &[Role] = &[Role::Precinct, Role::Machine, Role::Observer, Role::Party];

/// Who gives and takes a role.
fn givers(role: Role) -> &'static [Role] {
    if BELOW_TERRITORIAL.contains(&role) { &[Role::Commission, Role::Territorial] } else { &[Role::Commission] }
}

/// The charter is signed by keys of its own, one of them a commission's.
pub(super) fn charter_signatures(charter: &Charter, entry: &Entry<'_>) -> Result<(), VoidReason> {
    let seats = charter.bodies.iter().flat_map(|body| &body.seats);
    let own: Vec<&VerifierKey> = charter.keys.iter().map(|grant| &grant.key).chain(seats).collect();
    for line in &entry.lines {
        let key = own.iter().find(|key| key.name() == line.name());
        let key = key.ok_or_else(|| VoidReason::UnknownSigner { key: line.name().to_owned() })?;
        if !line.is_verified_by(key, entry.text) {
            return Err(VoidReason::BadSignature { key: line.name().to_owned() });
        }
    }
    let commission =
        |name: &str| charter.keys.iter().any(|g| g.key.name() == name && g.role == Role::Commission && g.scope == "*");
    if entry.lines.iter().any(|line| commission(line.name())) {
        Ok(())
    } else {
        Err(VoidReason::NoCharter("it is not signed by the commission that it names"))
    }
}

impl Ledger {
    pub(super) fn apply_charter(
        &mut self,
        index: u64,
        entry: &Entry<'_>,
        charter: &Charter,
    ) -> Result<Authority, VoidReason> {
        if self.charter.is_some() {
            return Err(VoidReason::SecondCharter);
        }
        if index != 0 {
            return Err(VoidReason::NoCharter("it is not the first statement"));
        }
        if charter.origin != self.origin {
            return Err(VoidReason::NoCharter("it names another log"));
        }
        if charter.semantics != 1 {
            return Err(VoidReason::NoCharter("its semantics are not version 1"));
        }
        self.log_key = Some(self.keys.enter(&charter.log, index));
        for grant in &charter.keys {
            self.keys.check(&grant.key)?;
            let ix = self.keys.enter(&grant.key, index);
            self.keys.grant(ix, grant.role, &grant.scope);
        }
        for body in &charter.bodies {
            self.check_body(body)?;
            self.enter_body(index, body);
        }
        let signers = entry.lines.iter().filter_map(|line| self.keys.find(line.name())).map(|(ix, _)| ix).collect();
        self.charter = Some((entry.id, charter.clone()));
        Ok(Authority { office: None, body: None, signers, place: Place::All })
    }

    /// The narrowest of the roles under which enough signers may speak for the place.
    pub(super) fn authorise(&self, signers: &[KeyIx], roles: &[Role], place: Place) -> Result<Authority, VoidReason> {
        let mut short: Option<VoidReason> = None;
        // Who files history speaks for all of it: the widest role of all, wherever it is named.
        let widest = |role: &&Role| **role == Role::Reconstruction;
        for &role in roles.iter().rev().filter(|role| !widest(role)).chain(roles.iter().filter(widest)) {
            let mut holders: Vec<(KeyIx, OfficeIx)> = Vec::new();
            for &signer in signers {
                holders.extend(self.office_for(signer, role, place).map(|office| (signer, office)));
            }
            let Some(office) = self.narrowest(holders.iter().map(|(_, office)| *office)) else { continue };
            let need = self.required(role);
            let have = holders.len() as u64;
            if have >= need {
                let signers = holders.into_iter().map(|(signer, _)| signer).collect();
                return Ok(Authority { office: Some(office), body: None, signers, place });
            }
            short = Some(VoidReason::TooFewSigners { role, have, need });
        }
        Err(short.unwrap_or_else(|| VoidReason::NoAuthority { needed: needed(roles) }))
    }

    /// Any office that covers the place, or, for a place that nobody's office covers, any office at all: complaints and notes
    /// change no figure.
    pub(super) fn authorise_anywhere(&self, signers: &[KeyIx], place: Place) -> Result<Authority, VoidReason> {
        match self.authorise(signers, &Role::ALL, place) {
            Err(why) => {
                let signers: Vec<KeyIx> = signers.iter().copied().filter(|signer| self.may_remark(*signer)).collect();
                if signers.is_empty() { Err(why) } else { Ok(Authority { office: None, body: None, signers, place }) }
            }
            verdict => verdict,
        }
    }

    /// Whoever holds an office, or a seat and was never revoked; but not the log itself.
    fn may_remark(&self, signer: KeyIx) -> bool {
        let holds = |key: &super::Key| !key.offices.is_empty() || key.revoked_at.is_none();
        Some(signer) != self.log_key && self.keys.get(signer).is_some_and(holds)
    }

    fn office_for(&self, signer: KeyIx, role: Role, place: Place) -> Option<OfficeIx> {
        let key = self.keys.get(signer)?;
        self.narrowest(key.offices.iter().copied().filter(|&ix| {
            self.keys.office(ix).is_some_and(|office| {
                office.role == role && self.scope(&office.scope).is_some_and(|scope| self.covers(scope, place))
            })
        }))
    }

    /// The office of the narrowest scope; of several, which all cover one place, each lies within the next.
    fn narrowest(&self, mut offices: impl Iterator<Item = OfficeIx>) -> Option<OfficeIx> {
        let first = offices.next()?;
        let scope = |ix| self.keys.office(ix).and_then(|office| self.scope(&office.scope));
        Some(offices.fold(first, |best, other| match (scope(best), scope(other)) {
            (Some(wide), Some(narrow)) if best != other && self.covers(wide, narrow) => other,
            _ => best,
        }))
    }

    fn required(&self, role: Role) -> u64 {
        let required = self.charter.as_ref().map_or(&[][..], |(_, charter)| &charter.required);
        required.iter().find(|(named, _)| *named == role).map_or(1, |(_, k)| *k)
    }

    pub(super) fn apply_clock(&mut self, time: u64, signers: &[KeyIx]) -> Result<Authority, VoidReason> {
        let is_log = |signer: &KeyIx| {
            Some(*signer) == self.log_key && self.keys.get(*signer).is_some_and(|key| key.revoked_at.is_none())
        };
        if !signers.iter().any(is_log) {
            return Err(VoidReason::NoAuthority { needed: "the log's own key".to_owned() });
        }
        if let Some(before) = self.clock
            && time < before.saturating_add(60)
        {
            return Err(VoidReason::Clock { before });
        }
        self.clock = Some(time);
        Ok(Authority { office: None, body: None, signers: Vec::new(), place: Place::All })
    }

    pub(super) fn apply_appointment(
        &mut self,
        index: u64,
        appointment: &Appointment,
        signers: &[KeyIx],
    ) -> Result<Authority, VoidReason> {
        let mut authority = None;
        let mut names: BTreeMap<&str, [u8; 32]> = BTreeMap::new();
        let mut publics: BTreeMap<[u8; 32], &str> = BTreeMap::new();
        for grant in &appointment.grants {
            // A scope that is not listed yet can be given only by those who speak for everything.
            let place = self.scope(&grant.scope).unwrap_or(Place::All);
            authority = Some(self.authorise(signers, givers(grant.role), place)?);
            self.keys.check(&grant.key)?;
            let (name, public) = (grant.key.name(), grant.key.public());
            if *names.entry(name).or_insert(public) != public || *publics.entry(public).or_insert(name) != name {
                return Err(VoidReason::NameTaken(name.to_owned()));
            }
        }
        for grant in &appointment.grants {
            let ix = self.keys.enter(&grant.key, index);
            self.keys.grant(ix, grant.role, &grant.scope);
        }
        authority.ok_or_else(|| VoidReason::NoAuthority { needed: "an appointment names at least one key".to_owned() })
    }

    pub(super) fn apply_revocation(
        &mut self,
        index: u64,
        revocation: &Revocation,
        signers: &[KeyIx],
    ) -> Result<Authority, VoidReason> {
        let mut authority = None;
        let mut revoked = Vec::new();
        for name in &revocation.keys {
            let (ix, key) = self.keys.find(name).ok_or_else(|| VoidReason::NoSuchKey(name.clone()))?;
            let mut verdict = None;
            for &office in &key.offices {
                let Some(office) = self.keys.office(office) else { continue };
                let place = self.scope(&office.scope).unwrap_or(Place::All);
                verdict = Some(self.authorise(signers, givers(office.role), place)?);
            }
            // A seat is worth more than any office that a lower hand may have given its key besides.
            authority = Some(match verdict.filter(|_| !self.holds_seat(ix)) {
                Some(verdict) => verdict,
                None => self.authorise(signers, &[Role::Commission], Place::All)?,
            });
            revoked.push(ix);
        }
        for ix in revoked {
            self.keys.revoke(ix, index, revocation.suspect_from);
        }
        authority.ok_or_else(|| VoidReason::NoAuthority { needed: "a revocation names at least one key".to_owned() })
    }

    pub(super) fn judge_protocol(&self, protocol: &Protocol<'_>, signers: &[KeyIx]) -> Result<Authority, VoidReason> {
        let place = self.station(&protocol.station)?;
        let roles = if protocol.source.starts_with(MACHINE) {
            &[Role::Commission, Role::Machine, Role::Reconstruction][..]
        } else {
            COUNTED_BY_HAND
        };
        self.authorise(signers, roles, place)
    }

    pub(super) fn judge_ruling(&self, ruling: &Ruling, signers: &[KeyIx]) -> Result<Authority, VoidReason> {
        // Who speaks is asked before of what: otherwise a stranger could spend the text of a ruling that is still to come.
        let mut authority = match &ruling.by {
            Some(body) => self.authorise_body(body, signers, ruling.claimed.present)?,
            None => self.authorise(signers, &[Role::Reconstruction], Place::All)?,
        };
        let mut places = Vec::new();
        for effect in &ruling.effects {
            places.extend(self.place_of_effect(effect)?);
        }
        if ruling.by.is_none() {
            authority.place = common(&places);
            return Ok(authority);
        }
        if !places.iter().all(|place| self.covers(authority.place, *place)) {
            return Err(VoidReason::NoAuthority { needed: "a body decides within its own unit".to_owned() });
        }
        Ok(authority)
    }

    /// Where an effect acts; `None` where it acts on a statement by index, whose place the tally knows
    /// (it asks [`Ledger::body_covers`]).
    fn place_of_effect(&self, effect: &Effect) -> Result<Option<Place>, VoidReason> {
        match effect {
            Effect::Correct { station, .. } => self.station(station).map(Some),
            Effect::Recount { about, .. } | Effect::Repeat { about, .. } | Effect::Annul { about, .. } => {
                self.place_of(about).map(Some)
            }
            Effect::Admit { .. } | Effect::Withhold { .. } | Effect::Replace { .. } => Ok(Some(Place::All)),
            _ => Ok(None),
        }
    }

    pub(super) fn judge_declaration(&self, d: &Declaration, signers: &[KeyIx]) -> Result<Authority, VoidReason> {
        let mut authority = match self.authorise_body(&d.by, signers, None) {
            Err(VoidReason::NoSuchBody(id)) => {
                self.authorise(signers, &[Role::Reconstruction], Place::All).map_err(|_| VoidReason::NoSuchBody(id))?
            }
            verdict => verdict?,
        };
        let unit = self.place_of(&About::Unit(d.unit.clone()))?;
        if !self.covers(authority.place, unit) {
            return Err(VoidReason::NoAuthority { needed: "a body declares results within its own unit".to_owned() });
        }
        authority.place = unit;
        Ok(authority)
    }
}

fn common(places: &[Place]) -> Place {
    match places {
        [first, rest @ ..] if rest.iter().all(|place| place == first) => *first,
        _ => Place::All,
    }
}

fn needed(roles: &[Role]) -> String {
    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    names.join(", ")
}
