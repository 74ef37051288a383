//! Stages that elect people, and those that judge a poll or move the last seats.

use super::Condition;
use crate::{Ratio, Share};

/// Seats to those with most votes in a contest of candidates, in each unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plurality {
    /// The contest.
    pub contest: String,
    /// The level whose units each elect; none: the whole does.
    pub per: Option<String>,
    /// Seats in each.
    pub seats: SeatsEach,
    /// How many may share one value of an attribute.
    pub limit: Option<Limit>,
}

/// How many seats each unit has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatsEach {
    /// So many.
    Fixed(u64),
    /// A number of the register, by its name.
    Register(String),
}

/// At most so many of those elected share one value of an attribute; others are passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The attribute, such as `gender`. Who lacks it is not limited.
    pub attribute: String,
    /// How many.
    pub max_per_value: u64,
    /// Whether the unit's election counts as not held if seats cannot be filled because of the limit;
    /// if not, those seats stay vacant.
    pub not_held_if_impossible: bool,
}

/// One seat in each unit, in two rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runoff {
    /// The contest of the first round.
    pub contest: String,
    /// The contest of the second round, if the tally may hold its figures.
    pub second: Option<String>,
    /// The level whose units each elect; none: the whole does.
    pub per: Option<String>,
    /// What elects in the first round: shares and votes of the own unit, or of the whole.
    pub when: Condition,
    /// Who may stand in the second round: the first so many.
    pub top: u64,
    /// Who may stand besides: those with this share of a base.
    pub also: Option<(String, Share)>,
}

/// Says whether the election is valid, from who was elected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declare {
    /// The stage whose result is judged.
    pub of: String,
    /// What makes it valid.
    pub valid_if: ValidIf,
}

/// What makes an election valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidIf {
    /// Each value of the attribute that stands among the nominees has at least so many seats.
    EachValue {
        /// The attribute.
        attribute: String,
        /// How many seats.
        at_least: u64,
    },
    /// Some value of the attribute has at least so many seats.
    SomeValue {
        /// The attribute.
        attribute: String,
        /// How many seats.
        at_least: u64,
    },
    /// At least this share of the seats is filled.
    Filled(Share),
}

/// Seats that lists cannot fill with candidates go on to others, by continuing the seats beyond full
/// quotas of the allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassOn {
    /// The stage whose seats are looked at.
    pub of: String,
}

/// Seats of a list kept for candidates with an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// The attribute.
    pub attribute: String,
    /// Its value.
    pub is: String,
    /// The share of the list's seats.
    pub at_least: Ratio,
    /// Whether a fraction of a seat counts as one.
    pub round_up: bool,
}
