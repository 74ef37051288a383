//! What is disputed and decided: complaints, rulings with their effects, declarations, lots; and notes.

use recount_log::Hash;

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

fn take_about(fields: &mut Fields<'_>) -> Result<About, ShapeError> {
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

fn push_about(pairs: &mut Pairs, about: &About) {
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

/// One thing that a ruling does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Rejects a complaint.
    Reject {
        /// Index of the complaint.
        complaint: u64,
    },
    /// Puts other figures in the place.
    Correct {
        /// The poll.
        poll: u64,
        /// The contest.
        contest: String,
        /// The station.
        station: String,
        /// The part.
        part: Option<String>,
        /// The source corrected.
        source: String,
        /// All lines as they now stand.
        lines: Vec<(String, u64)>,
        /// All votes as they now stand.
        votes: Vec<(String, u64)>,
    },
    /// Opens source `recount` there.
    Recount {
        /// The poll.
        poll: u64,
        /// Where.
        about: About,
    },
    /// Annuls the vote there.
    Annul {
        /// The poll.
        poll: u64,
        /// Only this contest, if named.
        contest: Option<String>,
        /// Where.
        about: About,
    },
    /// Annuls the vote there and opens the next poll.
    Repeat {
        /// The poll that is to be repeated.
        poll: u64,
        /// Only this contest, if named.
        contest: Option<String>,
        /// Where.
        about: About,
    },
    /// Takes a statement out of the count.
    Exclude {
        /// Its index.
        statement: u64,
    },
    /// Puts an excluded or conflicting statement in: it stands in its place.
    Restore {
        /// Its index.
        statement: u64,
    },
    /// Lets a register change made after polling opened take effect.
    Admit {
        /// Index of the register statement.
        statement: u64,
    },
    /// The blob may be withheld from publication.
    Withhold {
        /// Its hash.
        blob: Hash,
    },
    /// A new rulebook or new forms, from this index on.
    Replace {
        /// `rulebook` or `forms`.
        what: String,
        /// The new blob.
        blob: Hash,
    },
    /// Suspends a ruling of a lower body.
    Suspend {
        /// Index of the ruling.
        ruling: u64,
    },
    /// Reverses a ruling of a lower body.
    Reverse {
        /// Index of the ruling.
        ruling: u64,
    },
    /// Restores a ruling that was suspended or reversed.
    Reinstate {
        /// Index of the ruling.
        ruling: u64,
    },
}

fn as_effect(key: &str, value: Value<'_>) -> Result<Effect, ShapeError> {
    let mut f = Fields::of(key, value)?;
    let word = f.text("do")?;
    let owned = |s: std::borrow::Cow<'_, str>| s.into_owned();
    let effect = match &*word {
        "reject" => Effect::Reject { complaint: f.count("complaint")? },
        "correct" => Effect::Correct {
            poll: take_poll(&mut f)?,
            contest: owned(f.id("contest")?),
            station: owned(f.id("station")?),
            part: f.id_opt("part")?.map(owned),
            source: owned(f.id("source")?),
            lines: f.counts_owned("lines")?,
            votes: f.counts_owned("votes")?,
        },
        "recount" => Effect::Recount { poll: take_poll(&mut f)?, about: take_about(&mut f)? },
        "annul" => Effect::Annul {
            poll: take_poll(&mut f)?,
            contest: f.id_opt("contest")?.map(owned),
            about: take_about(&mut f)?,
        },
        "repeat" => Effect::Repeat {
            poll: take_poll(&mut f)?,
            contest: f.id_opt("contest")?.map(owned),
            about: take_about(&mut f)?,
        },
        "exclude" => Effect::Exclude { statement: f.count("statement")? },
        "restore" => Effect::Restore { statement: f.count("statement")? },
        "admit" => Effect::Admit { statement: f.count("statement")? },
        "withhold" => Effect::Withhold { blob: f.hash("blob")? },
        "replace" => Effect::Replace { what: owned(f.id("what")?), blob: f.hash("blob")? },
        "suspend" => Effect::Suspend { ruling: f.count("ruling")? },
        "reverse" => Effect::Reverse { ruling: f.count("ruling")? },
        "reinstate" => Effect::Reinstate { ruling: f.count("ruling")? },
        _ => return Err(ShapeError::Wrong { key: "do".to_owned(), why: "is not an effect" }),
    };
    f.done()?;
    let nowhere = match &effect {
        Effect::Recount { about, .. } | Effect::Annul { about, .. } => matches!(about, About::Statement(_)),
        Effect::Repeat { about, .. } => matches!(about, About::Statement(_) | About::Station { part: Some(_), .. }),
        Effect::Replace { what, .. } => what != "rulebook" && what != "forms",
        _ => false,
    };
    if nowhere {
        return Err(ShapeError::Wrong { key: "do".to_owned(), why: "does not fit what it is applied to" });
    }
    Ok(effect)
}

impl Effect {
    /// The word under the key `do`.
    pub fn word(&self) -> &'static str {
        match self {
            Effect::Reject { .. } => "reject",
            Effect::Correct { .. } => "correct",
            Effect::Recount { .. } => "recount",
            Effect::Annul { .. } => "annul",
            Effect::Repeat { .. } => "repeat",
            Effect::Exclude { .. } => "exclude",
            Effect::Restore { .. } => "restore",
            Effect::Admit { .. } => "admit",
            Effect::Withhold { .. } => "withhold",
            Effect::Replace { .. } => "replace",
            Effect::Suspend { .. } => "suspend",
            Effect::Reverse { .. } => "reverse",
            Effect::Reinstate { .. } => "reinstate",
        }
    }

    /// The effect's JSON value.
    pub fn value(&self) -> Value<'static> {
        let mut pairs: Pairs = vec![("do", text(self.word()))];
        match self {
            Effect::Reject { complaint } => pairs.push(("complaint", int(*complaint))),
            Effect::Correct { poll, contest, station, part, source, lines, votes } => {
                pairs.extend([
                    ("poll", int(*poll)),
                    ("contest", text(contest)),
                    ("station", text(station)),
                    ("source", text(source)),
                ]);
                pairs.extend(part.as_ref().map(|p| ("part", text(p))));
                push_counts(&mut pairs, lines, votes);
            }
            Effect::Recount { poll, about } => {
                pairs.push(("poll", int(*poll)));
                push_about(&mut pairs, about);
            }
            Effect::Annul { poll, contest, about } | Effect::Repeat { poll, contest, about } => {
                pairs.push(("poll", int(*poll)));
                pairs.extend(contest.as_ref().map(|c| ("contest", text(c))));
                push_about(&mut pairs, about);
            }
            Effect::Exclude { statement } | Effect::Restore { statement } | Effect::Admit { statement } => {
                pairs.push(("statement", int(*statement)));
            }
            Effect::Withhold { blob } => pairs.push(("blob", text(&blob.to_hex()))),
            Effect::Replace { what, blob } => pairs.extend([("what", text(what)), ("blob", text(&blob.to_hex()))]),
            Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => {
                pairs.push(("ruling", int(*ruling)));
            }
        }
        Value::object(pairs)
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
            between: fields.list("between", as_id_owned)?,
            drawn: fields.list("drawn", as_id_owned)?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        vec![
            ("poll", int(self.poll)),
            ("contest", text(&self.contest)),
            ("stage", text(&self.stage)),
            ("between", texts(&self.between)),
            ("drawn", texts(&self.drawn)),
        ]
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
