//! Who may speak: charter, bodies, appointments, revocations.

use recount_log::Hash;
use recount_log::{KeyKind, VerifierKey};

use super::{Pairs, int, text};
use crate::fields::{Fields, ShapeError, as_id_owned, as_text};
use crate::json::Value;

/// What a key may say. Authority is `role` within `scope`; nothing else gives any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The commission that runs the election: everything within its scope.
    Commission,
    /// A commission between centre and station: appointments, rulings, recounts, declarations within its unit.
    Territorial,
    /// The commission of one station: its protocols by hand and its turnout.
    Precinct,
    /// A counting machine: its preliminary protocols and turnout.
    Machine,
    /// An observer: copies and complaints.
    Observer,
    /// A party or candidate: copies and complaints.
    Party,
    /// An auditor: notes on audits.
    Auditor,
    /// A court: rulings.
    Court,
    /// Files imported history; everything it files says so.
    Reconstruction,
}

impl Role {
    /// All roles, in order.
    pub const ALL: [Role; 9] = [
        Role::Commission,
        Role::Territorial,
        Role::Precinct,
        Role::Machine,
        Role::Observer,
        Role::Party,
        Role::Auditor,
        Role::Court,
        Role::Reconstruction,
    ];

    /// The word in statements.
    pub fn name(self) -> &'static str {
        match self {
            Role::Commission => "commission",
            Role::Territorial => "territorial",
            Role::Precinct => "precinct",
            Role::Machine => "machine",
            Role::Observer => "observer",
            Role::Party => "party",
            Role::Auditor => "auditor",
            Role::Court => "court",
            Role::Reconstruction => "reconstruction",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == word)
    }
}

fn take_role(fields: &mut Fields<'_>) -> Result<Role, ShapeError> {
    let word = fields.text("role")?;
    Role::parse(&word).ok_or(ShapeError::Wrong { key: "role".to_owned(), why: "is not a role" })
}

fn as_key(key: &str, value: Value<'_>) -> Result<VerifierKey, ShapeError> {
    let text = as_text(key, value)?;
    match VerifierKey::parse(&text) {
        Ok(parsed) if parsed.kind() == KeyKind::Ed25519 && parsed.to_string() == *text => Ok(parsed),
        _ => Err(ShapeError::Wrong { key: key.to_owned(), why: "is not an Ed25519 verifier key (name+id+base64)" }),
    }
}

fn take_key(fields: &mut Fields<'_>, key: &'static str) -> Result<VerifierKey, ShapeError> {
    let value = fields.take(key).ok_or(ShapeError::Missing(key))?;
    as_key(key, value)
}

/// One key with one role in one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The key; its name is that of an office, unique in the record.
    pub key: VerifierKey,
    /// What it may say.
    pub role: Role,
    /// A unit or station, with everything below it; `*` is the whole election.
    pub scope: String,
}

fn as_grant(key: &str, value: Value<'_>) -> Result<Grant, ShapeError> {
    let mut fields = Fields::of(key, value)?;
    let grant =
        Grant { key: take_key(&mut fields, "key")?, role: take_role(&mut fields)?, scope: take_scope(&mut fields)? };
    fields.done()?;
    Ok(grant)
}

fn take_scope(fields: &mut Fields<'_>) -> Result<String, ShapeError> {
    let value = fields.take("scope").ok_or(ShapeError::Missing("scope"))?;
    match &value {
        Value::Str(s) if s == "*" => Ok("*".to_owned()),
        _ => as_id_owned("scope", value),
    }
}

impl Grant {
    fn value(&self) -> Value<'static> {
        Value::object([
            ("key", text(&self.key.to_string())),
            ("role", text(self.role.name())),
            ("scope", text(&self.scope)),
        ])
    }
}

/// Which election this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Election {
    /// Identifier.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Polling day, `YYYY-MM-DD`.
    pub polling_day: String,
}

/// The election of which this one is the repetition, in another record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeats {
    /// Origin of the earlier record.
    pub origin: String,
    /// SHA-256 of the earlier record's checkpoint.
    pub checkpoint: Hash,
    /// Index of the ruling there.
    pub ruling: u64,
}

/// The record's first statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charter {
    /// The log's origin line.
    pub origin: String,
    /// 32 hexadecimal digits of randomness: two elections never share a charter.
    pub nonce: String,
    /// Version of the rules by which this record is computed for ever: 1.
    pub semantics: u64,
    /// Which election.
    pub election: Election,
    /// SHA-256 of the rulebook (a blob).
    pub rulebook: Hash,
    /// SHA-256 of the protocol forms (a blob).
    pub forms: Hash,
    /// The log's own key; only it signs clock statements.
    pub log: VerifierKey,
    /// First keys.
    pub keys: Vec<Grant>,
    /// First bodies.
    pub bodies: Vec<BodyDef>,
    /// For a role, how many distinct signers a protocol needs (1 where the role is not named).
    pub required: Vec<(Role, u64)>,
    /// Set if this election repeats another.
    pub repeats: Option<Repeats>,
}

impl Charter {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Charter, ShapeError> {
        let election = fields.take("election").ok_or(ShapeError::Missing("election"))?;
        let mut of = Fields::of("election", election)?;
        let election = Election {
            id: of.id("id")?.into_owned(),
            title: of.text("title")?.into_owned(),
            polling_day: of.text("polling_day")?.into_owned(),
        };
        of.done()?;
        let repeats = match fields.take("repeats") {
            None => None,
            Some(value) => {
                let mut of = Fields::of("repeats", value)?;
                let repeats = Repeats {
                    origin: of.text("origin")?.into_owned(),
                    checkpoint: of.hash("checkpoint")?,
                    ruling: of.count("ruling")?,
                };
                of.done()?;
                Some(repeats)
            }
        };
        let mut required = Vec::new();
        for (word, k) in fields.counts("required")? {
            match Role::parse(&word) {
                Some(role) if k >= 1 => required.push((role, k)),
                _ => {
                    return Err(ShapeError::Wrong {
                        key: "required".to_owned(),
                        why: "names a role and at least one signer",
                    });
                }
            }
        }
        let nonce = fields.text("nonce")?.into_owned();
        if nonce.len() != 32 || !nonce.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(ShapeError::Wrong { key: "nonce".to_owned(), why: "must be 32 hexadecimal digits" });
        }
        Ok(Charter {
            origin: fields.text("origin")?.into_owned(),
            nonce,
            semantics: fields.count("semantics")?,
            election,
            rulebook: fields.hash("rulebook")?,
            forms: fields.hash("forms")?,
            log: take_key(fields, "log")?,
            keys: fields.list("keys", as_grant)?,
            bodies: fields.list_opt("bodies", |key, value| {
                let mut of = Fields::of(key, value)?;
                let body = BodyDef::take(&mut of)?;
                of.done()?;
                Ok(body)
            })?,
            required,
            repeats,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = vec![
            ("origin", text(&self.origin)),
            ("nonce", text(&self.nonce)),
            ("semantics", int(self.semantics)),
            (
                "election",
                Value::object([
                    ("id", text(&self.election.id)),
                    ("title", text(&self.election.title)),
                    ("polling_day", text(&self.election.polling_day)),
                ]),
            ),
            ("rulebook", text(&self.rulebook.to_hex())),
            ("forms", text(&self.forms.to_hex())),
            ("log", text(&self.log.to_string())),
            ("keys", Value::Array(self.keys.iter().map(Grant::value).collect())),
        ];
        if !self.bodies.is_empty() {
            pairs.push(("bodies", Value::Array(self.bodies.iter().map(|b| Value::object(b.pairs())).collect())));
        }
        if !self.required.is_empty() {
            pairs.push(("required", Value::object(self.required.iter().map(|(role, k)| (role.name(), int(*k))))));
        }
        if let Some(r) = &self.repeats {
            pairs.push((
                "repeats",
                Value::object([
                    ("origin", text(&r.origin)),
                    ("checkpoint", text(&r.checkpoint.to_hex())),
                    ("ruling", int(r.ruling)),
                ]),
            ));
        }
        pairs
    }
}

/// A commission, court or parliament with its seats; the statement sets or replaces its composition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyDef {
    /// Identifier.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Higher ranks may suspend, reverse or restore the rulings of lower ones.
    pub rank: u64,
    /// How many seats must be present.
    pub quorum: u64,
    /// How many seats must sign for.
    pub majority: u64,
    /// A unit or station, with everything below it; `*` is the whole election.
    pub scope: String,
    /// One key per seat.
    pub seats: Vec<VerifierKey>,
}

impl BodyDef {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<BodyDef, ShapeError> {
        let body = BodyDef {
            id: fields.id("id")?.into_owned(),
            title: fields.text("title")?.into_owned(),
            rank: fields.count("rank")?,
            quorum: fields.count("quorum")?,
            majority: fields.count("majority")?,
            scope: take_scope(fields)?,
            seats: fields.list("seats", as_key)?,
        };
        let seats = body.seats.len() as u64;
        if body.majority == 0 || body.majority > seats || body.quorum > seats {
            return Err(ShapeError::Wrong {
                key: "majority".to_owned(),
                why: "and quorum must lie within the number of seats",
            });
        }
        Ok(body)
    }

    pub(crate) fn pairs(&self) -> Pairs {
        vec![
            ("id", text(&self.id)),
            ("title", text(&self.title)),
            ("rank", int(self.rank)),
            ("quorum", int(self.quorum)),
            ("majority", int(self.majority)),
            ("scope", text(&self.scope)),
            ("seats", Value::Array(self.seats.iter().map(|k| text(&k.to_string())).collect())),
        ]
    }
}

/// Gives roles to keys from its own index on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Each key with its role and scope.
    pub grants: Vec<Grant>,
}

impl Appointment {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Appointment, ShapeError> {
        Ok(Appointment { grants: fields.list("grants", as_grant)? })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        vec![("grants", Value::Array(self.grants.iter().map(Grant::value).collect()))]
    }
}

/// Takes every role from keys, from its own index on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Names of the keys.
    pub keys: Vec<String>,
    /// A code: `lost`, `compromised`, `dismissed`, `ended` ...
    pub reason: String,
    /// Statements of these keys from this index on become contested; they keep standing until a ruling.
    pub suspect_from: Option<u64>,
}

impl Revocation {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Revocation, ShapeError> {
        Ok(Revocation {
            keys: fields.list("keys", |key, value| Ok(as_text(key, value)?.into_owned()))?,
            reason: fields.id("reason")?.into_owned(),
            suspect_from: fields.count_opt("suspect_from")?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = vec![("keys", super::texts(&self.keys)), ("reason", text(&self.reason))];
        if let Some(index) = self.suspect_from {
            pairs.push(("suspect_from", int(index)));
        }
        pairs
    }
}
