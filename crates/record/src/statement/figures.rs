//! What was counted: protocols, copies, turnout; and the blobs that statements name.

use std::borrow::Cow;

use recount_log::Hash;

use super::{Pairs, counts, int, text};
use crate::fields::{Fields, ShapeError};
use crate::json::Value;

/// Codes or list ids with their counts, in ascending order of code.
pub type Counts<'a> = Vec<(Cow<'a, str>, u64)>;

/// A larger thing named by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRef {
    /// SHA-256 of the blob, or of salt and blob if `salted`.
    pub sha256: Hash,
    /// Length in bytes, without the salt.
    pub bytes: u64,
    /// Media type.
    pub media: String,
    /// The blob begins with a 32-byte salt, so that it can be withheld and its content not guessed from the hash.
    pub salted: bool,
}

fn as_blob(key: &str, value: Value<'_>) -> Result<BlobRef, ShapeError> {
    let mut fields = Fields::of(key, value)?;
    let blob = BlobRef {
        sha256: fields.hash("sha256")?,
        bytes: fields.count("bytes")?,
        media: fields.text("type")?.into_owned(),
        salted: fields.flag("salted")?,
    };
    fields.done()?;
    Ok(blob)
}

pub(crate) fn take_blobs(fields: &mut Fields<'_>) -> Result<Vec<BlobRef>, ShapeError> {
    fields.list_opt("blobs", as_blob)
}

pub(crate) fn push_blobs(pairs: &mut Pairs, blobs: &[BlobRef]) {
    if blobs.is_empty() {
        return;
    }
    let each = |blob: &BlobRef| {
        let mut pairs =
            vec![("sha256", text(&blob.sha256.to_hex())), ("bytes", int(blob.bytes)), ("type", text(&blob.media))];
        if blob.salted {
            pairs.push(("salted", Value::Bool(true)));
        }
        Value::object(pairs)
    };
    pairs.push(("blobs", Value::Array(blobs.iter().map(each).collect())));
}

/// What a protocol replaces: named twice, so that neither a wrong index nor a re-encoding can mislead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supersedes {
    /// Index of the statement replaced.
    pub index: u64,
    /// Its text hash.
    pub text: Hash,
}

/// The official results record of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocol<'a> {
    /// The poll: 1 is the first vote.
    pub poll: u64,
    /// The contest.
    pub contest: Cow<'a, str>,
    /// The station.
    pub station: Cow<'a, str>,
    /// The part of the station's ballots; `None` is the whole station.
    pub part: Option<Cow<'a, str>>,
    /// Which of the rival counts this is: `hand`, `machine` ...
    pub source: Cow<'a, str>,
    /// Numbered lines of the form.
    pub lines: Counts<'a>,
    /// Votes per list.
    pub votes: Counts<'a>,
    /// The protocol that this one replaces.
    pub supersedes: Option<Supersedes>,
    /// Time claimed by the signer, seconds since 1970: shown, never used.
    pub time: Option<u64>,
    /// Row number in the table that this was imported from.
    pub row: Option<u64>,
    /// Scans.
    pub blobs: Vec<BlobRef>,
}

impl<'a> Protocol<'a> {
    pub(crate) fn take(fields: &mut Fields<'a>) -> Result<Protocol<'a>, ShapeError> {
        Ok(Protocol {
            poll: take_poll(fields)?,
            contest: fields.id("contest")?,
            station: fields.id("station")?,
            part: fields.id_opt("part")?,
            source: fields.id("source")?,
            lines: fields.counts("lines")?,
            votes: fields.counts("votes")?,
            supersedes: take_supersedes(fields)?,
            time: fields.count_opt("time")?,
            row: fields.count_opt("row")?,
            blobs: take_blobs(fields)?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = place_pairs(self.poll, &self.contest, &self.station, &self.source, self.part.as_deref());
        push_counts(&mut pairs, &self.lines, &self.votes);
        if let Some(s) = &self.supersedes {
            pairs.push(("supersedes", Value::object([("index", int(s.index)), ("text", text(&s.text.to_hex()))])));
        }
        for (key, value) in [("time", self.time), ("row", self.row)] {
            if let Some(n) = value {
                pairs.push((key, int(n)));
            }
        }
        push_blobs(&mut pairs, &self.blobs);
        pairs
    }
}

/// Which count of which ballots the figures are of: what protocols and copies begin with.
fn place_pairs(poll: u64, contest: &str, station: &str, source: &str, part: Option<&str>) -> Pairs {
    let mut pairs =
        vec![("poll", int(poll)), ("contest", text(contest)), ("station", text(station)), ("source", text(source))];
    pairs.extend(part.map(|part| ("part", text(part))));
    pairs
}

pub(crate) fn push_counts<S: AsRef<str>>(pairs: &mut Pairs, lines: &[(S, u64)], votes: &[(S, u64)]) {
    for (key, figures) in [("lines", lines), ("votes", votes)] {
        if !figures.is_empty() {
            pairs.push((key, counts(figures)));
        }
    }
}

pub(crate) fn take_poll(fields: &mut Fields<'_>) -> Result<u64, ShapeError> {
    match fields.count("poll")? {
        poll @ 1..=1000 => Ok(poll),
        _ => Err(ShapeError::Wrong { key: "poll".to_owned(), why: "is from 1 to 1000" }),
    }
}

fn take_supersedes(fields: &mut Fields<'_>) -> Result<Option<Supersedes>, ShapeError> {
    let Some(value) = fields.take("supersedes") else { return Ok(None) };
    let mut of = Fields::of("supersedes", value)?;
    let supersedes = Supersedes { index: of.count("index")?, text: of.hash("text")? };
    of.done()?;
    Ok(Some(supersedes))
}

/// An observer's or party's copy of a protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy<'a> {
    /// The poll.
    pub poll: u64,
    /// The contest.
    pub contest: Cow<'a, str>,
    /// The station.
    pub station: Cow<'a, str>,
    /// The part; `None` is the whole station.
    pub part: Option<Cow<'a, str>>,
    /// Which count the copy is of.
    pub source: Cow<'a, str>,
    /// Numbered lines, as far as the copy shows them.
    pub lines: Counts<'a>,
    /// Votes per list.
    pub votes: Counts<'a>,
    /// Photographs.
    pub blobs: Vec<BlobRef>,
}

impl<'a> Copy<'a> {
    pub(crate) fn take(fields: &mut Fields<'a>) -> Result<Copy<'a>, ShapeError> {
        Ok(Copy {
            poll: take_poll(fields)?,
            contest: fields.id("contest")?,
            station: fields.id("station")?,
            part: fields.id_opt("part")?,
            source: fields.id("source")?,
            lines: fields.counts("lines")?,
            votes: fields.counts("votes")?,
            blobs: take_blobs(fields)?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = place_pairs(self.poll, &self.contest, &self.station, &self.source, self.part.as_deref());
        push_counts(&mut pairs, &self.lines, &self.votes);
        push_blobs(&mut pairs, &self.blobs);
        pairs
    }
}

/// How many have voted so far in a unit or station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turnout {
    /// The poll.
    pub poll: u64,
    /// A unit or station; `*` is the whole election.
    pub of: String,
    /// How many have taken part.
    pub voted: u64,
    /// How many may vote, if the statement says so.
    pub registered: Option<u64>,
    /// How many stations the figure covers, if it says so.
    pub stations: Option<u64>,
    /// The share printed beside it, in ten-thousandths, if any: shown, never used.
    pub printed_share: Option<u64>,
    /// Time claimed, seconds since 1970.
    pub time: u64,
}

impl Turnout {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Turnout, ShapeError> {
        Ok(Turnout {
            poll: take_poll(fields)?,
            of: fields.text("of")?.into_owned(),
            voted: fields.count("voted")?,
            registered: fields.count_opt("registered")?,
            stations: fields.count_opt("stations")?,
            printed_share: fields.count_opt("printed_share")?,
            time: fields.count("time")?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = vec![
            ("poll", int(self.poll)),
            ("of", text(&self.of)),
            ("voted", int(self.voted)),
            ("time", int(self.time)),
        ];
        let optional =
            [("registered", self.registered), ("stations", self.stations), ("printed_share", self.printed_share)];
        for (key, value) in optional {
            if let Some(n) = value {
                pairs.push((key, int(n)));
            }
        }
        pairs
    }
}
