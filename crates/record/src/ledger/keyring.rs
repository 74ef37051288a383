//! The keys of a record, by name, with the offices that they hold.

use std::collections::{BTreeMap, HashMap};

use recount_log::VerifierKey;

use crate::reason::VoidReason;
use crate::statement::Role;

/// A key's number in the keyring, in order of first appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyIx(pub u32);

/// An office's number: a role with a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfficeIx(pub u32);

/// A role within a scope. Two keys with the same office speak for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Office {
    /// The role.
    pub role: Role,
    /// The unit or station by name; `*` is the whole election.
    pub scope: String,
}

/// A key that the record knows.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key itself, with its name.
    pub verifier: VerifierKey,
    /// Offices held now.
    pub offices: Vec<OfficeIx>,
    /// Index of the statement that named it first.
    pub since: u64,
    /// Index of the last revocation.
    pub revoked_at: Option<u64>,
    /// The earliest index from which anything of this key is contested.
    pub suspect_from: Option<u64>,
    /// Each suspicion: the first index that it touches, and that of the revocation that said so.
    pub suspicions: Vec<(u64, u64)>,
}

impl Key {
    /// Whether a statement of this key at this index is suspect.
    pub fn is_suspect_at(&self, index: u64) -> bool {
        self.suspected_by(index).is_some()
    }

    /// The last revocation that throws suspicion on a statement of this key at this index.
    pub fn suspected_by(&self, index: u64) -> Option<u64> {
        let touching = self.suspicions.iter().rev().find(|(from, until)| (*from..*until).contains(&index));
        touching.map(|(_, until)| *until)
    }
}

/// All keys and offices, in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    keys: Vec<Key>,
    names: HashMap<String, KeyIx>,
    publics: HashMap<[u8; 32], KeyIx>,
    offices: Vec<Office>,
    office_index: BTreeMap<Office, OfficeIx>,
}

impl Keyring {
    /// A key by name.
    pub fn find(&self, name: &str) -> Option<(KeyIx, &Key)> {
        let ix = *self.names.get(name)?;
        self.get(ix).map(|key| (ix, key))
    }

    /// A key by number.
    pub fn get(&self, ix: KeyIx) -> Option<&Key> {
        self.keys.get(ix.0 as usize)
    }

    /// A key's name; empty for a number of another keyring.
    pub fn name(&self, ix: KeyIx) -> &str {
        self.get(ix).map_or("", |key| key.verifier.name())
    }

    /// An office by number.
    pub fn office(&self, ix: OfficeIx) -> Option<&Office> {
        self.offices.get(ix.0 as usize)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All keys in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (KeyIx, &Key)> {
        self.keys.iter().zip(0u32..).map(|(key, n)| (KeyIx(n), key))
    }

    /// Whether a key can be entered: its name and its public half belong together or are both new.
    pub(crate) fn check(&self, verifier: &VerifierKey) -> Result<(), VoidReason> {
        let by_name = self.names.get(verifier.name());
        let by_public = self.publics.get(&verifier.public());
        if by_name == by_public { Ok(()) } else { Err(VoidReason::NameTaken(verifier.name().to_owned())) }
    }

    /// Enters a key that [`Keyring::check`] has passed.
    pub(crate) fn enter(&mut self, verifier: &VerifierKey, index: u64) -> KeyIx {
        if let Some(&ix) = self.names.get(verifier.name()) {
            return ix;
        }
        let ix = KeyIx(u32::try_from(self.keys.len()).unwrap_or(u32::MAX));
        self.names.insert(verifier.name().to_owned(), ix);
        self.publics.insert(verifier.public(), ix);
        let key = Key {
            verifier: verifier.clone(),
            offices: Vec::new(),
            since: index,
            revoked_at: None,
            suspect_from: None,
            suspicions: Vec::new(),
        };
        self.keys.push(key);
        ix
    }

    pub(crate) fn grant(&mut self, ix: KeyIx, role: Role, scope: &str) {
        let office = Office { role, scope: scope.to_owned() };
        let next = OfficeIx(u32::try_from(self.offices.len()).unwrap_or(u32::MAX));
        let office_ix = *self.office_index.entry(office.clone()).or_insert(next);
        if office_ix == next {
            self.offices.push(office);
        }
        if let Some(key) = self.keys.get_mut(ix.0 as usize)
            && !key.offices.contains(&office_ix)
        {
            key.offices.push(office_ix);
        }
    }

    pub(crate) fn revoke(&mut self, ix: KeyIx, index: u64, suspect_from: Option<u64>) {
        if let Some(key) = self.keys.get_mut(ix.0 as usize) {
            key.offices.clear();
            key.revoked_at = Some(index);
            if let Some(from) = suspect_from {
                key.suspect_from = Some(key.suspect_from.map_or(from, |before| before.min(from)));
                key.suspicions.push((from, index));
            }
        }
    }
}
