//! Cast-vote records: what a scanner read on each card, in the formats in which commissions publish them.
//!
//! Every reader gives the same [`CastVotes`]: contests with their choices, and for each card which contests it holds and what was
//! marked there. A contest that is not on a card is something else than one that was left blank: audits depend on it.
//!
//! | [`Format`] | what it is |
//! | --- | --- |
//! | `Dominion` | CSV export of Democracy Suite: three lines of heads, one column per choice, 1, 0 or nothing |
//! | `DominionJson` | `CvrExport.json` of Democracy Suite, or the zip with all its parts and the files that give the names |
//! | `Ess` | CSV export of ElectionWare: one column per contest, the choice by name, `undervote` or `overvote` |
//! | `ClearBallot` | CSV export of ClearVote: one column per choice, called `Choice_N:CONTEST:Vote For N:CHOICE:PARTY` |
//! | `Hart` | XML of Verity, one file per card, or a zip of them |
//! | `NistJson`, `NistXml` | NIST SP 1500-103, a CastVoteRecordReport |
//! | `Plain` | CSV with the columns card, batch, style, contest, choice, rank, overvote: one row per mark |
//!
//! Nothing is repaired: a cell that means nothing in its format is an error with its line.

mod build;
mod choices;
mod dominion;
mod dominion_json;
mod ess;
mod hart;
mod manifest;
mod nist;
mod plain;
mod rows;
mod xml;
mod zip;

use std::io::{self, Read};

use thiserror::Error;

pub use manifest::{Batch, read_manifest};

use crate::table::Options;

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Dominion Democracy Suite, CSV.
    Dominion,
    /// Dominion Democracy Suite, JSON or a zip of it.
    DominionJson,
    /// ES&S ElectionWare, CSV.
    Ess,
    /// Clear Ballot ClearVote, CSV.
    ClearBallot,
    /// Hart Verity, XML or a zip of it.
    Hart,
    /// NIST SP 1500-103, JSON.
    NistJson,
    /// NIST SP 1500-103, XML.
    NistXml,
    /// One row per mark, CSV.
    Plain,
}

impl Format {
    /// All of them, the plainest first.
    pub const ALL: [Format; 8] = [
        Format::Plain,
        Format::Dominion,
        Format::DominionJson,
        Format::Ess,
        Format::ClearBallot,
        Format::Hart,
        Format::NistJson,
        Format::NistXml,
    ];

    /// A name for command lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Format::Plain => "plain",
            Format::Dominion => "dominion",
            Format::DominionJson => "dominion-json",
            Format::Ess => "ess",
            Format::ClearBallot => "clear-ballot",
            Format::Hart => "hart",
            Format::NistJson => "nist-json",
            Format::NistXml => "nist-xml",
        }
    }

    /// What it is, for people.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Format::Plain => "CSV with the columns card, contest, choice, and rank, batch, style, overvote",
            Format::Dominion => "Dominion Democracy Suite, CSV",
            Format::DominionJson => "Dominion Democracy Suite, JSON or a zip of it with its manifests",
            Format::Ess => "ES&S ElectionWare, CSV",
            Format::ClearBallot => "Clear Ballot ClearVote, CSV",
            Format::Hart => "Hart Verity, XML or a zip of it",
            Format::NistJson => "NIST SP 1500-103, JSON",
            Format::NistXml => "NIST SP 1500-103, XML",
        }
    }
}

/// A contest as the records name it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contest {
    /// Its name.
    pub name: String,
    /// Its choices, in order of first appearance.
    pub choices: Vec<String>,
    /// How many choices a voter may mark, where the records say so.
    pub vote_for: Option<u32>,
}

/// One mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The choice, by its place in the contest.
    pub choice: u32,
    /// The preference, from 1; 1 where choices are not ranked.
    pub rank: u32,
}

/// What a card says in one contest that it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vote {
    /// The contest, by its place.
    pub contest: u32,
    /// The marks; none: left blank, or spoilt by an overvote that the format does not tell apart further.
    pub marks: Box<[Mark]>,
    /// Whether more was marked than is allowed, so that nothing counts.
    pub overvoted: bool,
}

/// One card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// Its identifier: what is imprinted on it, or how the records call it.
    pub id: String,
    /// Its batch, by its place; none where the records do not say.
    pub batch: Option<u32>,
    /// Its style, by its place; none where the records do not say.
    pub style: Option<u32>,
    /// The contests that it holds, in the order of the contests.
    pub votes: Vec<Vote>,
}

/// Cast-vote records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CastVotes {
    /// Contests, in order of first appearance.
    pub contests: Vec<Contest>,
    /// Names of batches.
    pub batches: Vec<String>,
    /// Names of styles.
    pub styles: Vec<String>,
    /// Cards, in their order.
    pub cards: Vec<Card>,
}

impl CastVotes {
    /// How many cards hold each contest, and how many marks of the first preference each choice has there; an overvote has none.
    #[must_use]
    pub fn totals(&self) -> Vec<(u64, Vec<u64>)> {
        let mut totals: Vec<(u64, Vec<u64>)> =
            self.contests.iter().map(|contest| (0, vec![0; contest.choices.len()])).collect();
        for vote in self.cards.iter().flat_map(|card| &card.votes) {
            let Some((cards, choices)) = usize::try_from(vote.contest).ok().and_then(|at| totals.get_mut(at)) else {
                continue;
            };
            *cards += 1;
            for mark in vote.marks.iter().filter(|mark| mark.rank == 1 && !vote.overvoted) {
                if let Some(n) = usize::try_from(mark.choice).ok().and_then(|at| choices.get_mut(at)) {
                    *n += 1;
                }
            }
        }
        totals
    }
}

/// Why cast-vote records cannot be read.
#[derive(Debug, Error)]
pub enum CvrError {
    /// The bytes cannot be read.
    #[error("the cast-vote records cannot be read: {0}")]
    Io(#[from] io::Error),
    /// More than the cap of bytes.
    #[error("the cast-vote records hold more than {0} bytes once decompressed; raise the cap if that is right")]
    TooLarge(u64),
    /// They do not have the form that they should have.
    #[error("line {line}: {what}")]
    Line {
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// They are not of this format.
    #[error("these are no cast-vote records of this format: {0}")]
    Form(String),
}

fn form<T>(what: impl Into<String>) -> Result<T, CvrError> {
    Err(CvrError::Form(what.into()))
}

/// Reads cast-vote records, plain or compressed with gzip or zstd.
///
/// # Errors
/// They cannot be read, are of another format, or are broken; the first thing that is wrong.
pub fn read(source: impl Read + Send, format: Format, options: &Options) -> Result<CastVotes, CvrError> {
    match format {
        Format::Dominion => dominion::read(rows::Rows::open(source, options)?),
        Format::DominionJson => dominion_json::read(&rows::whole(source, options)?, options),
        Format::Ess => ess::read(rows::Rows::open(source, options)?),
        Format::ClearBallot => choices::clear_ballot(rows::Rows::open(source, options)?),
        Format::Plain => plain::read(rows::Rows::open(source, options)?),
        Format::Hart => hart::read(&rows::whole(source, options)?, options),
        Format::NistJson => nist::json(&rows::whole(source, options)?),
        Format::NistXml => nist::xml(&rows::whole(source, options)?),
    }
}
