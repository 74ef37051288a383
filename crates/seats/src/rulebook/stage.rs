//! Stages: the steps from votes to members.

use super::{Condition, Formula};
use crate::Ratio;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its key; later stages and lots refer to it.
    pub id: String,
    /// The key of the law behind it.
    pub law: Option<String>,
    /// What it does.
    pub kind: StageKind,
    /// What settles a tie, in order.
    pub ties: Vec<TieRule>,
    /// The doubt about one of its fields, if declared.
    pub doubt: Option<Doubt>,
    /// Whether the whole stage is a reading of an unclear law.
    pub is_reading: bool,
}

/// What a stage does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StageKind {
    /// Says who may receive seats.
    Admit {
        /// The contest.
        contest: String,
        /// What a list must meet.
        when: Condition,
    },
    /// Gives seats to lists.
    Allocate(Allocate),
    /// Limits the seats of one list.
    Cap(Cap),
    /// Puts people on seats.
    Candidates(Candidates),
    /// A kind that is known, checked for its references, and not computed by this version.
    Later(String),
}

/// Gives seats to lists by a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocate {
    /// The contest.
    pub contest: String,
    /// The admit stage that says who contends; none: all lists of the contest.
    pub contenders: Option<String>,
    /// How many seats.
    pub seats: SeatCount,
    /// The formula.
    pub formula: Formula,
    /// Seats that every contender with a vote has first.
    pub minimum: u64,
    /// Whether a list whose candidates are used up leaves its next seat to the others.
    pub next_when_exhausted: bool,
    /// What this version cannot compute about it (`per`, `weights`, ...).
    pub not_yet: Option<String>,
}

/// How many seats a stage gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatCount {
    /// This many.
    Fixed(u64),
    /// As another stage or a register number says.
    From(String),
}

/// Limits the seats of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// The allocation that is limited.
    pub of: String,
    /// The limit.
    pub limit: CapLimit,
    /// Whether the seats above the limit go to the others by running the allocation again without
    /// the capped lists (until nobody is above). If not, they stay vacant.
    pub redistribute: bool,
}

/// The limit of a cap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CapLimit {
    /// This many seats.
    Seats(u64),
    /// A multiple of the list's share of a base, of a house; rounded down.
    ShareMultiple {
        /// The multiple.
        multiple: Ratio,
        /// The quantity that the share is of.
        base: String,
        /// The seats of the whole house.
        house: u64,
        /// An attribute of the list with seats won elsewhere, which count towards the limit.
        also_counts: Option<String>,
    },
}

/// Puts people on seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// The stage whose seats are filled.
    pub of: String,
    /// Whether those who withdrew are passed over.
    pub skip_withdrawn: bool,
    /// What this version cannot compute about it.
    pub not_yet: Option<String>,
}

/// What settles a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieRule {
    /// The larger total of votes.
    MoreVotes,
    /// A lot, drawn outside and given to the program.
    Lot,
    /// Nothing: the law does not say.
    Unresolved,
}

/// A doubt about one field of a stage: the result under each other reading is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The field.
    pub field: DoubtField,
    /// Why the reading in the stage was chosen.
    pub chosen_because: Option<String>,
    /// The other values.
    pub other_readings: Vec<String>,
}

/// A field that can be read in more than one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoubtField {
    /// The base of the stage's shares (those of the first share's base).
    Base,
    /// Where the stage's shares that are not national are taken.
    In,
    /// The seats that a cap allows.
    MaxSeats,
    /// `rerun` or `vacant`: what happens to the seats above a cap.
    Redistribute,
}

impl DoubtField {
    /// The word of the rulebook.
    pub fn word(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::In => "in",
            Self::MaxSeats => "max_seats",
            Self::Redistribute => "redistribute",
        }
    }
}
