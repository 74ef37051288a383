//! People on seats, people without, and what is declared about a poll.

use serde::Serialize;

use crate::words::Remark;

/// A person, or an empty chair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The stage that seated them.
    pub stage: String,
    /// The list; none: elected without one.
    pub list: Option<String>,
    /// The unit of the seat, where seats belong to units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The seat within the list (and unit), from 1.
    pub seat: u64,
    /// The candidate's id; none: the seat is vacant because the list is used up.
    pub candidate: Option<String>,
    /// The candidate's name.
    pub name: Option<String>,
    /// The place on the list as nominated, from 1.
    pub place: Option<u64>,
    /// Whether votes of their own lifted them before others on the list.
    pub by_preference: bool,
}

/// A candidate without a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reserve {
    /// The list.
    pub list: String,
    /// The unit, where the list has other candidates in each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The candidate's id.
    pub candidate: String,
    /// The candidate's name.
    pub name: String,
    /// The place on the list as nominated, from 1.
    pub place: u64,
}

/// Someone who had the votes for a seat and does not get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    /// The stage.
    pub stage: String,
    /// The unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The candidate's id.
    pub candidate: String,
    /// The attribute of which too many have the same value.
    pub attribute: String,
}

/// What a stage declares beside seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Declaration {
    /// The stage.
    pub stage: String,
    /// The key of the law.
    pub law: Option<String>,
    /// The unit; none: the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What is declared.
    pub what: Declared,
    /// Those it is about: the candidates of a second round.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
    /// The figures.
    pub says: Remark,
}

/// The word of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Declared {
    /// The poll is repeated.
    RepeatElection,
    /// The election counts as not held.
    NotHeld,
    /// A second round is needed.
    SecondRound,
    /// The election is valid.
    Valid,
    /// The election is not valid.
    NotValid,
}
