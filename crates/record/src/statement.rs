//! What statements say: one type per kind, read from and written to canonical JSON.
//!
//! The keys of each kind are in `docs/statements.md`. Every kind refuses keys that it does not know. The kinds that come by
//! the hundred thousand ([`Protocol`], [`Copy`](struct@Copy)) borrow from the entry; the rare ones own what they say.

mod authority;
mod decision;
mod effect;
mod figures;
mod register;
mod time;

use recount_log::Hash;

pub use authority::{Appointment, BodyDef, Charter, Election, Grant, Repeats, Revocation, Role};
pub use decision::{About, Claimed, Complaint, Declaration, Lot, NoteStatement, Ruling};
pub use effect::Effect;
pub use figures::{BlobRef, Copy, Counts, Protocol, Supersedes, Turnout};
pub use register::{Register, Row, Seal};
pub use time::{Clock, Phase, PhaseName};

use crate::fields::{Fields, ShapeError};
use crate::json::Value;

/// The first line of every statement: its type and version.
pub const TYPE_LINE: &str = "recount/statement/v1";

/// What one statement says, and of which record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The text hash of the record's charter; `None` in the charter itself.
    pub charter: Option<Hash>,
    /// What is said.
    pub kind: Kind<'a>,
}

/// The kinds of statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind<'a> {
    Charter(Box<Charter>),
    Body(BodyDef),
    Register(Register),
    Seal(Seal),
    Appointment(Appointment),
    Revocation(Revocation),
    Phase(Phase),
    Clock(Clock),
    Protocol(Protocol<'a>),
    Copy(Copy<'a>),
    Turnout(Turnout),
    Complaint(Complaint),
    Ruling(Ruling),
    Declaration(Declaration),
    Lot(Lot),
    Note(NoteStatement),
}

impl<'a> Statement<'a> {
    /// Reads a statement from its JSON value.
    pub fn from_value(value: Value<'a>) -> Result<Statement<'a>, ShapeError> {
        let mut fields = Fields::of("statement", value)?;
        let kind = fields.text("kind")?;
        let charter = match &*kind {
            "charter" => None,
            _ => Some(fields.hash("charter")?),
        };
        let f = &mut fields;
        let kind = match &*kind {
            "charter" => Kind::Charter(Box::new(Charter::take(f)?)),
            "body" => Kind::Body(BodyDef::take(f)?),
            "register" => Kind::Register(Register::take(f)?),
            "seal" => Kind::Seal(Seal::take(f)?),
            "appointment" => Kind::Appointment(Appointment::take(f)?),
            "revocation" => Kind::Revocation(Revocation::take(f)?),
            "phase" => Kind::Phase(Phase::take(f)?),
            "clock" => Kind::Clock(Clock::take(f)?),
            "protocol" => Kind::Protocol(Protocol::take(f)?),
            "copy" => Kind::Copy(Copy::take(f)?),
            "turnout" => Kind::Turnout(Turnout::take(f)?),
            "complaint" => Kind::Complaint(Complaint::take(f)?),
            "ruling" => Kind::Ruling(Ruling::take(f)?),
            "declaration" => Kind::Declaration(Declaration::take(f)?),
            "lot" => Kind::Lot(Lot::take(f)?),
            "note" => Kind::Note(NoteStatement::take(f)?),
            _ => return Err(ShapeError::Wrong { key: "kind".to_owned(), why: "is not a kind of statement" }),
        };
        fields.done()?;
        Ok(Statement { charter, kind })
    }

    /// The JSON value: the inverse of [`Statement::from_value`].
    pub fn to_value(&self) -> Value<'static> {
        let mut pairs = match &self.kind {
            Kind::Charter(k) => k.pairs(),
            Kind::Body(k) => k.pairs(),
            Kind::Register(k) => k.pairs(),
            Kind::Seal(k) => k.pairs(),
            Kind::Appointment(k) => k.pairs(),
            Kind::Revocation(k) => k.pairs(),
            Kind::Phase(k) => k.pairs(),
            Kind::Clock(k) => k.pairs(),
            Kind::Protocol(k) => k.pairs(),
            Kind::Copy(k) => k.pairs(),
            Kind::Turnout(k) => k.pairs(),
            Kind::Complaint(k) => k.pairs(),
            Kind::Ruling(k) => k.pairs(),
            Kind::Declaration(k) => k.pairs(),
            Kind::Lot(k) => k.pairs(),
            Kind::Note(k) => k.pairs(),
        };
        pairs.push(("kind", Value::str(self.kind.name())));
        if let Some(charter) = &self.charter {
            pairs.push(("charter", Value::str(charter.to_hex())));
        }
        Value::object(pairs)
    }

    /// The text that signers sign: the type line and one line of canonical JSON.
    pub fn to_text(&self) -> String {
        format!("{TYPE_LINE}\n{}\n", self.to_value())
    }
}

impl Kind<'_> {
    /// The word under the key `kind`.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Charter(_) => "charter",
            Kind::Body(_) => "body",
            Kind::Register(_) => "register",
            Kind::Seal(_) => "seal",
            Kind::Appointment(_) => "appointment",
            Kind::Revocation(_) => "revocation",
            Kind::Phase(_) => "phase",
            Kind::Clock(_) => "clock",
            Kind::Protocol(_) => "protocol",
            Kind::Copy(_) => "copy",
            Kind::Turnout(_) => "turnout",
            Kind::Complaint(_) => "complaint",
            Kind::Ruling(_) => "ruling",
            Kind::Declaration(_) => "declaration",
            Kind::Lot(_) => "lot",
            Kind::Note(_) => "note",
        }
    }

    /// The blobs that the statement names, by hash.
    pub fn blobs(&self) -> Vec<Hash> {
        let listed = match self {
            Kind::Charter(charter) => return vec![charter.rulebook, charter.forms],
            Kind::Protocol(protocol) => &protocol.blobs,
            Kind::Copy(copy) => &copy.blobs,
            Kind::Complaint(complaint) => &complaint.blobs,
            Kind::Note(note) => &note.blobs,
            Kind::Ruling(ruling) => {
                let replaced = ruling.effects.iter().filter_map(|effect| match effect {
                    Effect::Replace { blob, .. } => Some(*blob),
                    _ => None,
                });
                return replaced.chain(ruling.blobs.iter().map(|blob| blob.sha256)).collect();
            }
            _ => return Vec::new(),
        };
        listed.iter().map(|blob| blob.sha256).collect()
    }

    /// Whether such a statement can change who may say what, or what is listed: it must be folded before later ones are judged.
    pub fn changes_authority(&self) -> bool {
        matches!(
            self,
            Kind::Charter(_)
                | Kind::Body(_)
                | Kind::Register(_)
                | Kind::Seal(_)
                | Kind::Appointment(_)
                | Kind::Revocation(_)
        )
    }
}

/// The pairs of an object under construction.
pub(crate) type Pairs = Vec<(&'static str, Value<'static>)>;

pub(crate) fn int(n: u64) -> Value<'static> {
    // Figures are at most 2^53 - 1; a larger index cannot be in a log of at most 2^48 entries.
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

pub(crate) fn text(s: &str) -> Value<'static> {
    Value::str(s.to_owned())
}

pub(crate) fn texts(items: &[String]) -> Value<'static> {
    Value::Array(items.iter().map(|s| text(s)).collect())
}

pub(crate) fn counts<S: AsRef<str>>(items: &[(S, u64)]) -> Value<'static> {
    Value::object(items.iter().map(|(name, n)| (name.as_ref().to_owned(), int(*n))))
}
