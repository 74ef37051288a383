//! The sheet of a count: what every count did, as data.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::amount::Amount;

/// A finished count, or one that stands at a tie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RankedOutcome {
    /// Seats to be filled.
    pub seats: u64,
    /// Papers counted.
    pub papers: u64,
    /// The ids of the candidates, in the order in which every list of figures below stands.
    pub candidates: Vec<String>,
    /// What elected, in votes (Meek: at the last count); none for `irv`.
    pub quota: Option<Amount>,
    /// Those elected, in the order in which they were.
    pub elected: Vec<ElectedAt>,
    /// Seats that nobody is left for.
    pub vacant: u64,
    /// The counts.
    pub rounds: Vec<Round>,
    /// The tie at which the count stands, if it does.
    pub tie: Option<RankedTie>,
    /// Counts in which whole papers were taken from a pile whose papers differ further down: with
    /// another physical order the result may be another one.
    pub depends_on_order: Vec<u64>,
    /// The lots that were given to this count.
    #[serde(skip)]
    pub lots: Vec<RankedLot>,
}

/// One seat won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElectedAt {
    /// Who.
    pub candidate: String,
    /// In which count, from 1.
    pub count: u64,
    /// Whether the quota (irv: the majority) was reached; if not, as one of the last remaining.
    pub reached: bool,
}

/// One count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Round {
    /// Its number, from 1.
    pub count: u64,
    /// What was done.
    pub what: RoundKind,
    /// Votes that each candidate received in it.
    pub received: Vec<Amount>,
    /// Votes of each candidate after it.
    pub votes: Vec<Amount>,
    /// Votes on papers without a further preference, so far.
    pub exhausted: Amount,
    /// Votes lost by cutting decimals, so far. Negative where later counts gave back more than
    /// earlier ones cut.
    pub lost: Amount,
    /// The quota at this count (Meek changes it).
    pub quota: Option<Amount>,
    /// Keep values after this count, for Meek's method only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<Amount>,
    /// Elected on these votes.
    pub elected: Vec<String>,
    /// Ties on the way to this count, and what settled them.
    pub ties: Vec<TieBroken>,
}

/// What a count does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RoundKind {
    /// The first preferences.
    FirstPreferences,
    /// Papers that elected someone who left, each for the one whom it prefers among those who may follow.
    Countback {
        /// Who left.
        of: String,
    },
    /// A surplus is passed on.
    Surplus {
        /// Whose.
        of: String,
        /// How many votes above the quota.
        surplus: Amount,
        /// The factor or value of papers, where one holds for all.
        value: Option<Amount>,
    },
    /// Candidates are excluded and their papers move (or a first part of them does).
    Exclusion {
        /// Who.
        of: Vec<String>,
        /// The value of the papers that move, if only those of one value do.
        value: Option<Amount>,
    },
    /// Keep values were found (Meek's method).
    Surpluses {
        /// How often the papers were gone through.
        iterations: u64,
    },
}

/// A tie that a rule settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TieBroken {
    /// What was asked.
    pub question: TieQuestion,
    /// Who was tied.
    pub between: Vec<String>,
    /// Who was taken.
    pub taken: Vec<String>,
    /// By which rule: `earlier_counts`, `first_counts` or `lot`.
    pub by: String,
}

/// What a tie is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieQuestion {
    /// Who leaves the count.
    Exclusion,
    /// Whose surplus is passed on first.
    SurplusOrder,
    /// Who receives the paper for equal fractions (whole papers only).
    Fraction,
}

/// A tie that nothing settles yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RankedTie {
    /// The count that cannot be made, from 1.
    pub count: u64,
    /// What is asked.
    pub question: TieQuestion,
    /// Who is tied.
    pub between: Vec<String>,
    /// How many of them must be taken.
    pub take: u64,
    /// Whether the rules let a lot decide.
    pub by_lot: bool,
}

/// One drawn lot. It decides the first tie between exactly these candidates that no other lot has
/// decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankedLot {
    /// The count that it is drawn for; none: the first such tie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Who was tied, all of them.
    pub between: BTreeSet<String>,
    /// Who was drawn: excluded, passed on first, or given the paper.
    pub drawn: Vec<String>,
}
