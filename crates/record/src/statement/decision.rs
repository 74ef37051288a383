//! What is disputed and decided: complaints, rulings, declarations, lots; and notes.

use std::borrow::Cow;

use super::effect::{Effect, as_effect};
use super::figures::{push_blobs, push_counts, take_blobs, take_poll};
use super::{BlobRef, Pairs, counts, int, text, texts};
use crate::fields::{EMPTY, Fields, ShapeError, as_count, as_id_owned, as_text};
use crate::json::Value;

/// What a complaint, an effect or a note is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The whole poll.
    Poll,
    /// A unit with everything below it.
    Unit(String),
    /// A station, or one part of it.
    Station {
        /// The station.
        id: String,
        /// The part; `None` is the whole station.
        part: Option<String>,
    },
    /// A statement, by index.
    Statement(u64),
}

pub(super) fn take_about(fields: &mut Fields<'_>) -> Result<About, ShapeError> {
    let unit = fields.id_opt("unit")?;
    let station = fields.id_opt("station")?;
    let statement = fields.count_opt("statement")?;
    match (unit, station, statement) {
        (None, None, None) => Ok(About::Poll),
        (Some(unit), None, None) => Ok(About::Unit(unit.into_owned())),
        (None, Some(id), None) => {
            Ok(About::Station { id: id.into_owned(), part: fields.id_opt("part")?.map(|p| p.into_owned()) })
        }
        (None, None, Some(index)) => Ok(About::Statement(index)),
        _ => Err(ShapeError::Wrong {
            key: "station".to_owned(),
            why: "unit and statement: only one of them can be meant",
        }),
    }
}

pub(super) fn push_about(pairs: &mut Pairs, about: &About) {
    match about {
        About::Poll => {}
        About::Unit(id) => pairs.push(("unit", text(id))),
        About::Station { id, part } => {
            pairs.push(("station", text(id)));
            pairs.extend(part.as_ref().map(|p| ("part", text(p))));
        }
        About::Statement(index) => pairs.push(("statement", int(*index))),
    }
}

/// A dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The poll.
    pub poll: u64,
    /// What it is about.
    pub about: About,
    /// A code: `bribery`, `figures`, `access` ...
    pub code: String,
    /// Text and evidence, withholdable.
    pub blobs: Vec<BlobRef>,
}

impl Complaint {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Complaint, ShapeError> {
        Ok(Complaint {
            poll: take_poll(fields)?,
            about: take_about(fields)?,
            code: fields.id("code")?.into_owned(),
            blobs: take_blobs(fields)?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = vec![("poll", int(self.poll)), ("code", text(&self.code))];
        push_about(&mut pairs, &self.about);
        push_blobs(&mut pairs, &self.blobs);
        pairs
    }
}

/// Presence and votes that a ruling claims without signatures: shown as "claimed, not proved".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Claimed {
    /// Seats said to have been present.
    pub present: Option<u64>,
    /// Votes said to have been cast for.
    pub votes_for: Option<u64>,
    /// Votes said to have been cast against.
    pub against: Option<u64>,
}

/// A decision of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The body; `None` only in reconstructed rulings.
    pub by: Option<String>,
    /// What it does, in order.
    pub effects: Vec<Effect>,
    /// The legal basis.
    pub law: Option<String>,
    /// A code for the grounds.
    pub reason: String,
    /// Indices of the complaints that it answers.
    pub complaints: Vec<u64>,
    /// Presence and votes claimed.
    pub claimed: Claimed,
    /// The text of the decision.
    pub blobs: Vec<BlobRef>,
}

impl Ruling {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Ruling, ShapeError> {
        let mut claimed = Claimed::default();
        if let Some(value) = fields.take("claimed") {
            let mut of = Fields::of("claimed", value)?;
            claimed = Claimed {
                present: of.count_opt("present")?,
                votes_for: of.count_opt("for")?,
                against: of.count_opt("against")?,
            };
            of.done()?;
            if claimed == Claimed::default() {
                return Err(ShapeError::Wrong { key: "claimed".to_owned(), why: EMPTY });
            }
        }
        let by = fields.id_opt("by")?.map(|s| s.into_owned());
        if by.is_none() && claimed != Claimed::default() {
            return Err(ShapeError::Wrong {
                key: "claimed".to_owned(),
                why: "stands only beside \"by\": a reconstructed ruling claims no votes",
            });
        }
        Ok(Ruling {
            by,
            effects: fields.list("effects", as_effect)?,
            law: fields.text_opt("law")?.map(|s| s.into_owned()),
            reason: fields.id("reason")?.into_owned(),
            complaints: fields.list_opt("complaints", as_count)?,
            claimed,
            blobs: take_blobs(fields)?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = vec![
            ("effects", Value::Array(self.effects.iter().map(Effect::value).collect())),
            ("reason", text(&self.reason)),
        ];
        pairs.extend(self.by.as_ref().map(|b| ("by", text(b))));
        pairs.extend(self.law.as_ref().map(|l| ("law", text(l))));
        if !self.complaints.is_empty() {
            pairs.push(("complaints", Value::Array(self.complaints.iter().map(|i| int(*i)).collect())));
        }
        if self.claimed != Claimed::default() {
            let c = self.claimed;
            let said = [("present", c.present), ("for", c.votes_for), ("against", c.against)];
            pairs.push(("claimed", Value::object(said.into_iter().filter_map(|(k, v)| v.map(|n| (k, int(n)))))));
        }
        push_blobs(&mut pairs, &self.blobs);
        pairs
    }
}

/// A body's statement "the result at size N is this". Whoever verifies computes it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The body.
    pub by: String,
    /// The poll.
    pub poll: u64,
    /// The contest.
    pub contest: String,
    /// The unit whose result it is; stations below it can no longer supersede their protocols.
    pub unit: String,
    /// The source that was summed.
    pub source: String,
    /// The size of the record at which the figures hold.
    pub size: u64,
    /// Lines summed.
    pub lines: Vec<(String, u64)>,
    /// Votes summed.
    pub votes: Vec<(String, u64)>,
    /// Seats, if the declaration gives any.
    pub seats: Vec<(String, u64)>,
}

impl Declaration {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Declaration, ShapeError> {
        Ok(Declaration {
            by: fields.id("by")?.into_owned(),
            poll: take_poll(fields)?,
            contest: fields.id("contest")?.into_owned(),
            unit: fields.id("unit")?.into_owned(),
            source: fields.id("source")?.into_owned(),
            size: fields.count("size")?,
            lines: fields.counts_owned("lines")?,
            votes: fields.counts_owned("votes")?,
            seats: fields.counts_owned("seats")?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = vec![
            ("by", text(&self.by)),
            ("poll", int(self.poll)),
            ("contest", text(&self.contest)),
            ("unit", text(&self.unit)),
            ("source", text(&self.source)),
            ("size", int(self.size)),
        ];
        push_counts(&mut pairs, &self.lines, &self.votes);
        if !self.seats.is_empty() {
            pairs.push(("seats", counts(&self.seats)));
        }
        pairs
    }
}

/// A lot that was drawn, keyed by what it decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// The poll.
    pub poll: u64,
    /// The contest.
    pub contest: String,
    /// The rulebook's stage at which the tie stood.
    pub stage: String,
    /// The unit in which it stood, where the stage works unit by unit.
    pub unit: Option<String>,
    /// Who was tied.
    pub between: Vec<String>,
    /// Who was drawn.
    pub drawn: Vec<String>,
}

impl Lot {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Lot, ShapeError> {
        Ok(Lot {
            poll: take_poll(fields)?,
            contest: fields.id("contest")?.into_owned(),
            stage: fields.id("stage")?.into_owned(),
            unit: fields.id_opt("unit")?.map(Cow::into_owned),
            between: fields.list("between", as_id_owned)?,
            drawn: fields.list("drawn", as_id_owned)?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = vec![
            ("poll", int(self.poll)),
            ("contest", text(&self.contest)),
            ("stage", text(&self.stage)),
            ("between", texts(&self.between)),
            ("drawn", texts(&self.drawn)),
        ];
        pairs.extend(self.unit.as_deref().map(|unit| ("unit", text(unit))));
        pairs
    }
}

/// A remark for readers; it changes no figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteStatement {
    /// A code.
    pub code: String,
    /// What it is about.
    pub about: About,
    /// Numbers that it reports.
    pub figures: Vec<(String, u64)>,
    /// Where it was published.
    pub sources: Vec<String>,
    /// Texts.
    pub blobs: Vec<BlobRef>,
}

impl NoteStatement {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<NoteStatement, ShapeError> {
        Ok(NoteStatement {
            code: fields.id("code")?.into_owned(),
            about: take_about(fields)?,
            figures: fields.counts_owned("figures")?,
            sources: fields.list_opt("sources", |key, value| Ok(as_text(key, value)?.into_owned()))?,
            blobs: take_blobs(fields)?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = vec![("code", text(&self.code))];
        push_about(&mut pairs, &self.about);
        if !self.figures.is_empty() {
            pairs.push(("figures", counts(&self.figures)));
        }
        if !self.sources.is_empty() {
            pairs.push(("sources", texts(&self.sources)));
        }
        push_blobs(&mut pairs, &self.blobs);
        pairs
    }
}
