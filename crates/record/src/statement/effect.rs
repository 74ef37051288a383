//! What a ruling does: one effect per thing.

use recount_log::Hash;

use super::decision::{About, push_about, take_about};
use super::figures::{push_counts, take_poll};
use super::{Pairs, int, text};
use crate::fields::{Fields, ShapeError};
use crate::json::Value;

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

pub(super) fn as_effect(key: &str, value: Value<'_>) -> Result<Effect, ShapeError> {
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
