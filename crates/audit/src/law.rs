//! From a rulebook and its result to everything that an audit of stations tests.
//!
//! The stages of the rulebook are walked one by one. Each that gives seats by a rule with a known sufficient
//! set brings its assertions; each that cannot be proved from station totals ends the walk with the reason
//! ([`LawError`]). The set as a whole is sufficient by composition: who takes part is proved, seats follow
//! from who takes part and from votes, and stages that only limit or fill seats follow from seats.
//!
//! Assertions live in [`Frame`]s: the stations of one unit, and the columns that are counted there. A threshold
//! in a region concerns the stations of that region alone; drawn in proportion to ballots without replacement,
//! the stations of a region are, in the order in which they come, a sample of that region.
//!
//! What no ballot shows is classed by [`LineClass`]. What a set takes on trust is named by its assertions.

mod admission;
mod allocate;
mod bases;
mod build;
mod facts;
mod groups;
mod in_turn;
mod ladder;
mod links;
mod people;
mod preferences;
mod ranges;
mod shape;

use std::collections::BTreeMap;

use recount_seats::{Outcome, Rulebook, Tally};

use crate::generate::{Divisors, QuotaRounding};
use crate::{Assertion, AuditError, BallotRule, Ratio};

pub use build::audit_of;
pub use in_turn::quota_in_turn;
pub use ranges::{ListRange, Ranges};

/// What is counted apart in every station.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// Votes for a list or a person, by id.
    List(String),
    /// Votes against all.
    AgainstAll,
    /// A line of the form: none of the above, signatures on the register.
    Line(String),
}

impl Choice {
    /// As the head of a column: `list:ID`, `against_all`, `line:CODE`.
    pub fn key(&self) -> String {
        match self {
            Self::List(id) => format!("list:{id}"),
            Self::AgainstAll => "against_all".to_owned(),
            Self::Line(code) => format!("line:{code}"),
        }
    }

    /// The reverse of [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        match key.split_once(':') {
            Some(("list", id)) => Some(Self::List(id.to_owned())),
            Some(("line", code)) => Some(Self::Line(code.to_owned())),
            None if key == "against_all" => Some(Self::AgainstAll),
            _ => None,
        }
    }
}

/// How far a line of the form can be checked by the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineClass {
    /// Counted again from the ballots.
    Box,
    /// Counted again from another document that is opened with the box; at most as many as the bound.
    Document(String),
    /// Taken as published.
    Trusted(String),
}

/// Figures of some stations together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Per choice.
    pub votes: Vec<u64>,
    /// Ballots reported in the boxes.
    pub found: u64,
    /// Upper bound on ballots, fixed before the seed.
    pub cards: u64,
}

/// What was reported, by unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The contest.
    pub contest: String,
    /// What is counted apart.
    pub choices: Vec<Choice>,
    /// What one ballot may hold.
    pub rule: BallotRule,
    /// The whole.
    pub whole: Totals,
    /// Units of the levels that the rulebook uses.
    pub units: BTreeMap<String, Totals>,
}

/// What is to be audited.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The law.
    pub rulebook: &'a Rulebook,
    /// The tally that was put through it: lists, units, registers.
    pub tally: &'a Tally,
    /// The declared result.
    pub outcome: &'a Outcome,
    /// The figures of stations.
    pub reported: &'a Reported,
    /// The classes of lines that the law's bases use.
    pub classes: &'a BTreeMap<String, LineClass>,
}

/// Stations of one unit, and what is counted in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The unit; none: all stations.
    pub unit: Option<String>,
    /// Positions of the choices that assertions of this frame number from 0.
    pub columns: Vec<usize>,
    /// What one place in a box may hold: a ballot, and a mark on each document that is counted beside it.
    pub rule: BallotRule,
}

/// One assertion of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its frame.
    pub frame: usize,
    /// What it says.
    pub assertion: Assertion,
    /// Whether the full result needs it. Others only sharpen partial certificates.
    pub needed: bool,
    /// Whether it is about who of a list sits, and not about how many.
    pub people: bool,
}

/// The rule that a stage gives seats by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Highest averages.
    Averages(Divisors),
    /// Highest averages after so many seats for each that takes part.
    AveragesFrom {
        /// The divisors.
        divisors: Divisors,
        /// Seats for each, at least one.
        minimum: u64,
    },
    /// Quota `E/(S + k)` of those who take part, seats left to the largest remainders.
    Remainders {
        /// What is added to the seats in the quota.
        k: u64,
    },
    /// The same with a quota rounded to whole votes.
    RoundedRemainders {
        /// What is added to the seats in the quota.
        k: u64,
        /// How it is rounded.
        rounding: QuotaRounding,
    },
    /// Quota `V/S` of all lists, at least `minimum` for each, seats left in turn by falling votes.
    InTurn {
        /// The least for each that takes part.
        minimum: u64,
    },
    /// So many with most votes.
    Plurality,
}

/// A bound on a list's share of all votes for lists, if its assertion is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Position of the list.
    pub list: usize,
    /// The share.
    pub share: Ratio,
    /// More than the share, or less.
    pub above: bool,
    /// The assertion.
    pub item: usize,
}

/// Seats given at once: by one stage, in the whole or in one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// The stage.
    pub stage: String,
    /// The unit; none: the whole.
    pub unit: Option<String>,
    /// The frame of its votes.
    pub frame: usize,
    /// The lists by id.
    pub lists: Vec<String>,
    /// Per list the columns of the frame whose votes are its own: one, or those of its people.
    pub cells: Vec<Vec<usize>>,
    /// Lists that share a distribution, as they declared: by position.
    pub alliances: Vec<Vec<usize>>,
    /// Whether an alliance counts only if all its lists take part; if not, those who do.
    pub only_whole: bool,
    /// Their names.
    pub names: Vec<String>,
    /// How many candidates each has, where it can run out.
    pub most: Vec<Option<u64>>,
    /// Seats reported.
    pub seats: Vec<u64>,
    /// All seats.
    pub house: u64,
    /// The rule.
    pub shape: Shape,
    /// Who takes part, as reported.
    pub admitted: Vec<bool>,
    /// Per list the assertions that prove that it takes part or not. Empty: nothing is asked.
    pub proof: Vec<Vec<usize>>,
    /// Bounds on shares.
    pub bounds: Vec<Bound>,
}

/// Where a stage's seats come from, once those of earlier stages are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// From votes: the allocations of this stage.
    Given,
    /// The seats of a stage, as they are.
    Same(String),
    /// The seats of several stages together.
    Sum(Vec<String>),
    /// The seats of a stage, at most so many for each list; others may have those above.
    Cap {
        /// The stage.
        of: String,
        /// At most.
        most: u64,
    },
    /// The seats of a stage, and more for the list that has most votes.
    Bonus {
        /// The stage.
        of: String,
        /// How many more.
        seats: u64,
        /// The list, as reported.
        to: String,
        /// For each other list the assertion that the first has more votes; none: nothing could break it.
        ahead: BTreeMap<String, Option<usize>>,
    },
    /// The seats of a stage, of which one moves to a list with more than half of the votes and not of the seats. As
    /// reported none does.
    Majority {
        /// The stage.
        of: String,
        /// The assertions that prove that a list has no more than half of the votes, where it has not.
        proof: BTreeMap<String, Vec<usize>>,
    },
    /// The seats of a stage, or those that a list holds elsewhere if they are more.
    Compensate {
        /// The stage with the shares.
        of: String,
        /// Seats held elsewhere: a stage.
        held: Held,
        /// Whether the house grows by what is held beyond the share. If not, the others share what is left.
        grows: bool,
    },
    /// The seats of a stage, as far as they find a place in units that hold only so many.
    Placed {
        /// The stage.
        of: String,
        /// The stage whose seats sit already.
        start: Option<String>,
        /// Whether units hold only so many.
        limited: bool,
        /// The assertions that prove that each finds one.
        proof: Vec<usize>,
    },
    /// Averages that continue from the seats of a stage.
    Onto {
        /// The stage.
        start: String,
        /// Seats given beyond them.
        more: u64,
        /// Seats in the end, as reported.
        seats: BTreeMap<String, u64>,
    },
}

/// Seats that lists hold elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Of a stage.
    Stage(String),
    /// Of the register, by list.
    Fixed(BTreeMap<String, u64>),
}

/// Everything that an audit of a result tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawAudit {
    /// Where assertions live.
    pub frames: Vec<Frame>,
    /// The assertions. All needed ones true: the seats are right.
    pub items: Vec<Item>,
    /// What gives seats, in order.
    pub allocations: Vec<Allocation>,
    /// Stages with seats by id, in order: the last one's are the result.
    pub steps: Vec<(String, Step)>,
    /// What the assertions do not cover, in sentences.
    pub leaves: Vec<String>,
}

/// Why a result cannot be audited from stations.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LawError {
    /// A stage for which no sufficient set is known.
    #[error("stage `{stage}`: {why}")]
    Stage {
        /// The stage.
        stage: String,
        /// Why.
        why: String,
    },
    /// The result as a whole.
    #[error("{0}")]
    Result(String),
    /// A base rests on a line of which the plan does not say how it can be checked.
    #[error("{0}")]
    Class(#[from] LawClassError),
    /// An audit's own refusal.
    #[error("{0}")]
    Audit(#[from] AuditError),
}

/// A line without a class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the law's base rests on line `{0}`: say whether it is counted from the box, from another document, or trusted"
)]
pub struct LawClassError(pub String);

impl LawAudit {
    /// How many assertions the full result needs.
    pub fn needed(&self) -> usize {
        self.items.iter().filter(|item| item.needed).count()
    }

    /// What the set takes from outside the boxes, each figure once.
    pub fn rests(&self) -> Vec<crate::Rests> {
        let mut all: Vec<crate::Rests> = Vec::new();
        for rests in self.items.iter().flat_map(|item| &item.assertion.rests) {
            if !all.contains(rests) {
                all.push(rests.clone());
            }
        }
        all
    }

    /// The set as text, one line each: what a plan commits to by its hash.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for item in &self.items {
            let Some(frame) = self.frames.get(item.frame) else { continue };
            let unit = frame.unit.as_deref().unwrap_or("*");
            let columns: Vec<String> = frame.columns.iter().map(ToString::to_string).collect();
            let terms: Vec<String> = item.assertion.terms().iter().map(|(c, by)| format!("{c}:{by}")).collect();
            out.push_str(&format!(
                "{}\t{unit}\t{}\t{}/{}\t{}\t{}\t{}\t{}\n",
                if item.needed { "needed" } else { "partial" },
                columns.join(","),
                frame.rule.votes,
                frame.rule.per_choice,
                item.assertion.name,
                terms.join(" "),
                item.assertion.each_card(),
                item.assertion.outside()
            ));
        }
        out
    }
}
