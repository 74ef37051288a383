//! `allocate`: seats by a formula, to whom, where and out of which votes.

use super::Formula;

/// Gives seats by a formula: to lists in the whole, to lists in each unit, to units, or each list's
/// seats to units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocate {
    /// The contest whose votes count. Empty where a register number counts instead.
    pub contest: String,
    /// The admit or group stage that says which lists contend; none: all lists of the contest.
    pub contenders: Option<String>,
    /// The level whose units receive the seats, instead of lists.
    pub units: Option<String>,
    /// One allocation in each unit, or for each list.
    pub per: Option<Per>,
    /// What counts for a unit; none: the votes of the contest.
    pub weights: Option<Weights>,
    /// The quota stage whose remainders count as votes, instead of the votes themselves.
    pub remainders_of: Option<String>,
    /// How many seats (beside those of `start`).
    pub seats: SeatCount,
    /// The stage whose seats are held at the outset: quotients continue from there, and the result
    /// includes them.
    pub start: Option<String>,
    /// The stage below whose seats nobody falls.
    pub at_least: Option<String>,
    /// The stage whose seats are taken off the house first where their holders do not contend.
    pub outside: Option<String>,
    /// The formula.
    pub formula: Formula,
    /// Seats that every contender with a vote has first.
    pub minimum: u64,
    /// Whether a list whose candidates are used up leaves its next seat to the others.
    pub next_when_exhausted: bool,
}

/// What a stage is repeated for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Per {
    /// For each unit of this level.
    Unit(String),
    /// For each list.
    Party,
}

/// What counts for a unit that receives seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weights {
    /// A number of the register, such as `land.population`.
    Register {
        /// The level.
        level: String,
        /// The name.
        name: String,
    },
    /// A named base.
    Quantity(String),
    /// The votes of a contest: all lists' together, or the one list's whose seats are given.
    Contest(String),
}

/// How many seats a stage gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatCount {
    /// This many (in each unit, for a stage that works unit by unit).
    Fixed(u64),
    /// As many as an earlier stage gave: to this unit, to this list, or in all.
    Stage(String),
    /// As many as the register says for the unit.
    Register {
        /// The level.
        level: String,
        /// The name.
        name: String,
    },
    /// As many as an earlier stage could give to nobody.
    LeftBy(String),
}

/// Adds the seats of stages that do not know of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The stages.
    pub of: Vec<String>,
}
