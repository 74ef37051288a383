//! The parts of a rulebook beside its stages.

use std::collections::BTreeMap;

use crate::Share;

/// A citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// Act and article.
    pub cite: String,
    /// The wording, or its gist.
    pub text: Option<String>,
}

/// The geography that rules refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units {
    /// Level names from the whole downwards; the first is the whole.
    pub levels: Vec<String>,
    /// How many units of a level must have totals; units abroad do not count. Fewer: refusal.
    pub required: BTreeMap<String, u64>,
}

/// What is voted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// Lists, candidates or rankings.
    pub kind: ContestKind,
    /// Seats of this contest, if fixed here.
    pub seats: Option<u64>,
    /// Seats in each unit, if fixed here.
    pub seats_each: Option<u64>,
    /// The level whose units each hold it, if it is not held in the whole.
    pub unit: Option<String>,
    /// What votes against all do.
    pub against_all: AgainstAll,
}

/// The kind of a contest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContestKind {
    /// Votes for lists.
    List,
    /// Votes for candidates.
    Candidate,
    /// Rankings of candidates.
    Ranked,
}

/// What votes against all lists do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgainstAll {
    /// The ballot does not offer it.
    None,
    /// They are counted (a base may include them) but win nothing.
    CountedNotContending,
    /// If they lead, the poll is repeated.
    RepeatIfMost,
}

/// A named base: the denominator of a percentage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// A line of the form.
    Line {
        /// Its name in the tally.
        line: String,
        /// Whether a vote more is one more here (true for those who took part, false for a
        /// register). Decides what "gained with turnout rising" means.
        grows: bool,
    },
    /// A sum of contests (all votes for lists), `against_all`, and other quantities.
    Sum(Vec<String>),
}

/// Which count decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The source that decides.
    pub decides: String,
    /// The source that decides after a ruling.
    pub after_ruling: Option<String>,
    /// Sources that are shown before the deciding one is there.
    pub preliminary: Vec<String>,
    /// Whether one total may mix sources.
    pub mix_sources: bool,
}

/// What the annulment of a station does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Annulment {
    /// Whether those who took part there stay in the denominators.
    pub turnout: Effect,
    /// Whether its register stays; as `turnout` if the rulebook does not say.
    pub registered: Effect,
}

/// Stays or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Stays in the denominators.
    Keep,
    /// Leaves the denominators.
    Drop,
}

/// When the whole election is void.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validity {
    /// The law behind it.
    pub law: Option<String>,
    /// Conditions of which each voids the election.
    pub void_if: Vec<VoidIf>,
    /// The least turnout.
    pub turnout_min: Option<TurnoutFloor>,
}

/// A condition that voids the election.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidIf {
    /// More votes against all than for any list.
    AgainstAllLeads,
    /// No list is admitted.
    NoListAdmitted,
}

/// A floor under the turnout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnoutFloor {
    /// The quantity that must be reached.
    pub of: String,
    /// The quantity that it is a share of.
    pub base: String,
    /// The share.
    pub at_least: Share,
}

/// A doubt about one field of one stage, declared beside the stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredReading {
    /// Its key.
    pub id: String,
    /// What it says, in words.
    pub says: String,
    /// The law behind it.
    pub law: Option<String>,
    /// The stage that it reads differently.
    pub stage: String,
    /// The field.
    pub field: super::DoubtField,
    /// The value under this reading; for keys that are set, their TOML.
    pub value: String,
    /// Where keys of the stage are set: the rulebook with them.
    pub alternative: Option<Box<super::Rulebook>>,
}
