//! Authority over a record: who may say what, at each index.
//!
//! The ledger reads statements in the order of the log. For each it answers with the [`Authority`] under which it speaks, or
//! with the [`VoidReason`] for which it has no effect. Authority is judged *at the statement's index*, never at a time that
//! somebody claims, and comes from the charter, appointments, revocations and bodies alone.
//!
//! Reading goes in two steps, so that a reader can check signatures on several processors and still get one answer:
//! [`Ledger::signatures`] checks the lines of one entry against the keys known so far and changes nothing;
//! [`Ledger::apply`] takes its result. Entries whose kind [changes authority](crate::Kind::changes_authority) must be applied before the
//! signatures of later ones are checked.

mod bodies;
mod keyring;
mod place;
mod register;
mod rules;

use std::collections::{BTreeMap, HashMap, hash_map};

use recount_log::Hash;

pub use bodies::Body;
pub use keyring::{Key, KeyIx, Keyring, Office, OfficeIx};
pub use place::Place;
pub use register::RegisterState;

use crate::entry::Entry;
use crate::reason::VoidReason;
use crate::statement::{Charter, Kind, PhaseName, Role};

/// Under which authority a statement speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Role and scope of the signers; `None` where a body or the log itself speaks.
    pub office: Option<OfficeIx>,
    /// The body that speaks, if it is one.
    pub body: Option<String>,
    /// Distinct signers who held this authority; never empty but for the log's clock.
    pub signers: Vec<KeyIx>,
    /// Where it speaks.
    pub place: Place,
}

/// The signature lines of one entry, checked: every one by a known key, every one right; or why not.
pub type Signed = Result<Vec<KeyIx>, VoidReason>;

/// Who may say what, as of the statements read so far.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    origin: String,
    charter: Option<(Hash, Charter)>,
    keys: Keyring,
    bodies: BTreeMap<String, Body>,
    register: RegisterState,
    phases: BTreeMap<(u64, PhaseName), u64>,
    clock: Option<u64>,
    log_key: Option<KeyIx>,
    texts: HashMap<Hash, u64>,
}

impl Ledger {
    /// A ledger for the log of this origin, before its first statement.
    pub fn new(origin: &str) -> Ledger {
        Ledger { origin: origin.to_owned(), ..Ledger::default() }
    }

    /// Makes room for so many further statements at once, mostly protocols of as many stations. More may come, or fewer.
    pub fn make_room(&mut self, statements: usize) {
        self.texts.reserve(statements);
        self.register.make_room(statements);
    }

    /// The charter and its hash, once read.
    pub fn charter(&self) -> Option<(&Hash, &Charter)> {
        self.charter.as_ref().map(|(hash, charter)| (hash, charter))
    }

    /// Every key ever named.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// The bodies as now composed.
    pub fn bodies(&self) -> &BTreeMap<String, Body> {
        &self.bodies
    }

    /// Units, stations and lists.
    pub fn register(&self) -> &RegisterState {
        &self.register
    }

    /// The index at which a poll entered a phase.
    pub fn phase(&self, poll: u64, phase: PhaseName) -> Option<u64> {
        self.phases.get(&(poll, phase)).copied()
    }

    /// The log's last clock statement, in seconds since 1970.
    pub fn clock(&self) -> Option<u64> {
        self.clock
    }

    /// Index of the statement with this text, if it is in the record (void ones that lacked signatures do not count).
    pub fn find(&self, id: &Hash) -> Option<u64> {
        self.texts.get(id).copied()
    }

    /// Checks the signature lines of an entry against the keys known now. Changes nothing.
    ///
    /// With `trusted`, the signatures themselves are not computed again: only for entries that this reader has verified before.
    ///
    /// # Errors
    /// An unknown signer or a wrong signature makes the whole statement void.
    pub fn signatures(&self, entry: &Entry<'_>, trusted: bool) -> Signed {
        if let Kind::Charter(charter) = &entry.statement.kind {
            // The charter brings its own keys; they are entered when it is applied.
            return rules::charter_signatures(charter, entry).map(|()| Vec::new());
        }
        let mut signers = Vec::with_capacity(entry.lines.len());
        for line in &entry.lines {
            let Some((ix, key)) = self.keys.find(line.name()) else {
                return Err(VoidReason::UnknownSigner { key: line.name().to_owned() });
            };
            let key = &key.verifier;
            if key.id() != line.id() || !(trusted || line.is_verified_by(key, entry.text)) {
                return Err(VoidReason::BadSignature { key: line.name().to_owned() });
            }
            signers.push(ix);
        }
        Ok(signers)
    }

    /// Takes the next statement: its authority, or why it is void.
    ///
    /// # Errors
    /// See [`VoidReason`]; then nothing has changed but that the text is known.
    pub fn apply(&mut self, index: u64, entry: &Entry<'_>, signed: Signed) -> Result<Authority, VoidReason> {
        match self.texts.entry(entry.id) {
            hash_map::Entry::Occupied(known) => return Err(VoidReason::Duplicate { of: *known.get() }),
            hash_map::Entry::Vacant(place) => place.insert(index),
        };
        let verdict = self.judge(index, entry, signed);
        if verdict.as_ref().is_err_and(VoidReason::lacks_signatures) {
            self.texts.remove(&entry.id);
        }
        verdict
    }

    /// Makes the text of a statement free again, which turned out to be void for want of signatures only when it was counted.
    pub fn forget(&mut self, id: &Hash) {
        self.texts.remove(id);
    }

    fn judge(&mut self, index: u64, entry: &Entry<'_>, signed: Signed) -> Result<Authority, VoidReason> {
        if let Kind::Charter(charter) = &entry.statement.kind {
            signed?;
            return self.apply_charter(index, entry, charter);
        }
        let Some((charter, _)) = &self.charter else {
            return Err(VoidReason::NoCharter("another statement stands before it"));
        };
        if entry.statement.charter != Some(*charter) {
            return Err(VoidReason::OtherRecord);
        }
        let signers = signed?;
        match &entry.statement.kind {
            Kind::Charter(_) => Err(VoidReason::SecondCharter),
            Kind::Body(def) => self.apply_body(index, def, &signers),
            Kind::Register(register) => self.apply_register(index, &entry.id, register, &signers),
            Kind::Seal(seal) => self.apply_seal(index, seal, &signers),
            Kind::Appointment(appointment) => self.apply_appointment(index, appointment, &signers),
            Kind::Revocation(revocation) => self.apply_revocation(index, revocation, &signers),
            Kind::Phase(phase) => {
                let authority = self.authorise(&signers, &[Role::Commission, Role::Reconstruction], Place::All)?;
                self.phases.entry((phase.poll, phase.phase)).or_insert(index);
                Ok(authority)
            }
            Kind::Clock(clock) => self.apply_clock(clock.time, &signers),
            Kind::Protocol(p) => self.judge_protocol(p, &signers),
            Kind::Copy(copy) => {
                let place = self.station(&copy.station)?;
                self.authorise(&signers, &[Role::Observer, Role::Party, Role::Reconstruction], place)
            }
            Kind::Turnout(turnout) => {
                let place = self.place(&turnout.of)?;
                self.authorise(&signers, rules::FIGURES, place)
            }
            Kind::Complaint(complaint) => {
                let place = self.place_of(&complaint.about)?;
                self.authorise_anywhere(&signers, place)
            }
            Kind::Ruling(ruling) => self.judge_ruling(ruling, &signers),
            Kind::Declaration(declaration) => self.judge_declaration(declaration, &signers),
            Kind::Lot(_) => {
                self.authorise(&signers, &[Role::Commission, Role::Court, Role::Reconstruction], Place::All)
            }
            Kind::Note(note) => {
                let place = self.place_of(&note.about)?;
                self.authorise_anywhere(&signers, place)
            }
        }
    }

    /// Whether register changes that came after polling opened could take effect, in this order.
    ///
    /// # Errors
    /// One of them does not wait, or its rows no longer fit.
    pub fn can_admit_register(&self, indices: &[u64]) -> Result<(), VoidReason> {
        self.register.can_admit(indices)
    }

    /// Lets register changes that came after polling opened take effect, all or none; a ruling asked for it.
    ///
    /// # Errors
    /// One of them does not wait, or its rows no longer fit; then nothing has changed.
    pub fn admit_register(&mut self, indices: &[u64]) -> Result<(), VoidReason> {
        self.register.admit(indices)
    }

    /// Takes an admitted register change back, because the ruling that let it in no longer acts: it waits again.
    pub fn withdraw_register(&mut self, index: u64) {
        self.register.withdraw(index);
    }

    /// Whether the body speaks for this place.
    pub fn body_covers(&self, body: &str, place: Place) -> bool {
        let Some(body) = self.bodies.get(body) else { return false };
        self.scope(&body.scope).is_some_and(|scope| self.covers(scope, place))
    }
}
