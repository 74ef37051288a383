//! The trace: each test of a list, and how each seat came about.

use serde::Serialize;

use crate::{Fraction, Id};

/// One test of one list in one unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Test {
    /// The key of the law.
    pub law: Option<Id>,
    /// What is asked: a quantity of the rulebook, `votes`, `quota` or an attribute.
    pub base: Id,
    /// The base's value in this unit (for a quota: the votes of all lists; for an attribute: its
    /// number, or 0).
    pub base_value: u64,
    /// The unit, or `national`.
    pub unit: Id,
    /// The share asked (`7/100`), the multiple of the quota, or the number.
    pub share: Id,
    /// Whether the very edge fails.
    pub strict: bool,
    /// The list's votes in this unit.
    pub votes: u64,
    /// The least votes that pass with this base; for an attribute 0.
    pub needed: u64,
    /// Votes minus needed: how many it may lose, or, negative, how many it lacks, with the base
    /// fixed. Kept within the signed 64-bit range.
    pub margin: i64,
    /// Whether it passed.
    pub passed: bool,
}

/// How one seat, or several at once, came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The stage.
    pub stage: Id,
    /// The key of the law.
    pub law: Option<Id>,
    /// The last of the seats given so far in this stage, from 1; of those shared so far, after
    /// [`StepKind::Shared`].
    pub seat: u64,
    /// The unit in which the stage gave it, where it works unit by unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Id>,
    /// Who received it: a list (a unit, where the stage gives seats to units; the ids of all with ` + ` between
    /// them, where lists that share a distribution receive it as one).
    pub list: Id,
    /// Seats of that list before this step.
    pub held: u64,
    /// Seats given in this step (taken back, for `taken_back`).
    pub seats: u64,
    /// Why.
    pub what: StepKind,
    /// The figure that decided: the quotient; the remainder in votes; for full quotas the votes in
    /// quotas.
    pub value: Fraction,
    /// The nearest rival that it beat, with its figure.
    pub over: Option<Rival>,
}

/// A rival that was beaten.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rival {
    /// The list.
    pub list: Id,
    /// Its figure.
    pub value: Fraction,
}

/// Why a step gave a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Whole quotas.
    FullQuota,
    /// Lists that share a distribution: the votes of all of them, with which they compete as one.
    Together,
    /// The seats that they won as one, which the next steps give to them one by one.
    Shared,
    /// One of the largest remainders.
    Remainder,
    /// One of the highest quotients.
    Quotient,
    /// Beyond full quotas: one of the highest averages (votes per seat with one more).
    HighestAverage,
    /// A seat that full quotas left, given in turn by falling votes.
    InTurn,
    /// More than half of the votes and not of the seats: one more.
    Majority,
    /// Its last seat beyond full quotas goes to the list with more than half of the votes.
    MajorityLoses,
    /// Its candidates are used up: seats that go on to others.
    PassedOn,
    /// The minimum for each.
    Minimum,
    /// Seats held at the outset, from another stage.
    Held,
    /// A seat too many, taken back from one of the smallest remainders.
    TakenBack,
    /// Held at the cap.
    Capped,
    /// The bonus of the largest list.
    Bonus,
    /// Seats won elsewhere that are more than its share: it keeps them.
    Overhang,
    /// The votes of the candidates themselves: who of them takes the list's seat.
    CandidateVotes,
    /// Among those with most votes of a poll.
    Elected,
    /// Ranked ballots: who leaves the count.
    Exclusion,
    /// Ranked ballots: whose surplus is passed on first.
    SurplusOrder,
    /// Ranked ballots: who receives the paper for equal fractions.
    Fraction,
    /// Tied, and has more votes in all.
    MoreVotes,
    /// Tied, and has fewer votes in all.
    FewerVotes,
    /// Tied, and drawn by lot.
    Lot,
}
