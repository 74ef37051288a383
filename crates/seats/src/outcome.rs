//! What comes out: the one thing that pages, tables and tests read.

use std::collections::BTreeMap;

mod changes;
mod people;
mod step;

use serde::Serialize;

use crate::Fraction;
use crate::Id;
use crate::ranked::RankedOutcome;
use crate::refusal::Refusal;
use crate::words::Remark;
pub use changes::{Assumption, Exactness, Margin, Move, Possible, Turning};
pub use people::{Declaration, Declared, Member, PassedOver, Reserve};
pub use step::{Rival, Step, StepKind, Test};

/// The parliament with its explanation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The rulebook's id.
    pub rulebook: String,
    /// Citations by key, for every `law` below.
    pub laws: BTreeMap<String, String>,
    /// Names by id, of everybody who stands.
    pub names: BTreeMap<String, String>,
    /// The stages in order, each with the seats after it.
    pub stages: Vec<StageOutcome>,
    /// For each list of each admit stage: in or out, by which tests, by how many votes.
    pub admission: Vec<Admission>,
    /// Seats by list after the last stage that gives or limits seats; every list of the contest is
    /// there, with 0 if it has none. While a tie stands, only seats that do not depend on it.
    pub seats: BTreeMap<String, u64>,
    /// Seats that exist but nobody can take (a list too short, a cap without redistribution).
    pub vacant: u64,
    /// All seats: those given, those vacant and those that depend on a tie.
    pub house: u64,
    /// Lists held at their cap.
    pub capped: Vec<String>,
    /// Lists whose candidates are used up and that would have received more seats.
    pub exhausted: Vec<String>,
    /// The people on the seats, if the rulebook has a stage for them and no tie stands.
    pub members: Vec<Member>,
    /// Winners of single seats without a seat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unseated: Vec<Unseated>,
    /// Candidates without a seat, list by list, in the order in which they would have been seated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reserves: Vec<Reserve>,
    /// Who had the votes for a seat and was passed over, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<PassedOver>,
    /// What stages declare beside seats: a poll to be repeated, an election not held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<Declaration>,
    /// How each seat came about.
    pub steps: Vec<Step>,
    /// Ties that stop the computation, each with what must be drawn.
    pub undetermined: Vec<Tie>,
    /// Whether the election as a whole stands.
    pub validity: Validity,
    /// Votes to the nearest change. Of admission always, but for tests about the unit whose seats are
    /// given; those and the last seat's on demand.
    pub margins: Vec<Margin>,
    /// The result under every other declared reading.
    pub readings: Vec<Reading>,
    /// Assumptions made and anything else that a reader must know.
    pub notes: Vec<Remark>,
}

/// One stage after it has run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageOutcome {
    /// The stage's id.
    pub id: String,
    /// `admit`, `allocate`, `cap` or `candidates`.
    pub kind: &'static str,
    /// The key of the law behind it.
    pub law: Option<String>,
    /// Whether the stage itself is a reading of an unclear law.
    pub is_reading: bool,
    /// Seats by list after it; empty for stages without seats.
    pub seats: BTreeMap<Id, u64>,
    /// Where the stage works unit by unit: the seats in each, units by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitOutcome>,
    /// Where the stage gives seats to units: how many to each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unit_seats: BTreeMap<Id, u64>,
    /// Where the stage counts ranked ballots: the sheet of each count, units by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<CountSheet>,
    /// Seats that this stage could give to nobody.
    pub vacant: u64,
    /// The quota in votes, where the formula has one.
    pub quota: Option<Fraction>,
    /// Of a biproportional stage: a divisor for each unit and each list. A list's votes in a unit over both
    /// divisors, rounded to the nearest whole number, are its seats there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub divisors: Vec<Divisor>,
}

/// The count of ranked ballots in one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountSheet {
    /// The unit; none: the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The count, round by round.
    pub sheet: RankedOutcome,
}

/// A divisor that proves seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Divisor {
    /// The unit or the list.
    pub of: String,
    /// The exact value, `num/den` or a whole number, of any size.
    pub value: String,
}

/// Somebody who won a single seat and does not get it, because their list's seats do not cover it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unseated {
    /// The stage.
    pub stage: String,
    /// Where they won.
    pub unit: String,
    /// Their list.
    pub list: String,
    /// Their share of the votes there.
    pub share: Fraction,
}

/// One unit of a stage that works unit by unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitOutcome {
    /// The unit.
    pub unit: Id,
    /// Seats by list; a list that is not there has none.
    pub seats: BTreeMap<Id, u64>,
    /// Seats of this unit that this stage could give to nobody.
    pub vacant: u64,
    /// The quota in votes, where the formula has one.
    pub quota: Option<Fraction>,
}

/// One list at one admit stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Admission {
    /// The admit stage.
    pub stage: Id,
    /// The list.
    pub list: Id,
    /// Its name.
    pub name: Id,
    /// Its votes in the whole.
    pub votes: u64,
    /// Whether it may receive seats (where the condition is asked unit by unit: in any of them).
    pub admitted: bool,
    /// Where the condition is asked unit by unit: the units in which it may receive seats.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Id>,
    /// Every single test, in the order of the rulebook and, per unit, of unit ids.
    pub tests: Vec<Test>,
}

/// A tie that nothing settles yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Tie {
    /// The stage at which it stands; a lot names it.
    pub stage: String,
    /// The unit in which it stands, where the stage works unit by unit; a lot names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The list whose candidates are tied, at a stage of kind `candidates`; a lot names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The lists that are tied; a lot names them all. Where units compete for seats: the units. At a
    /// stage of people: the candidates.
    pub between: Vec<String>,
    /// The seats to be decided between them (to be taken back, for `taken_back`).
    pub seats: u64,
    /// Seats of each of them before the tie.
    pub held: BTreeMap<String, u64>,
    /// `quotient`, `remainder`, `highest_average`, `taken_back`, `majority_loses` ...
    pub what: StepKind,
    /// Whether the rulebook lets a lot settle it.
    pub by_lot: bool,
}

/// Whether the election as a whole stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Validity {
    /// True if one of the rulebook's conditions voids it. Seats are then what they would be.
    pub void: bool,
    /// Each condition with its figures.
    pub findings: Vec<ValidityFinding>,
}

/// One condition of validity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValidityFinding {
    /// The word of the rulebook.
    pub rule: String,
    /// The key of the law.
    pub law: Option<String>,
    /// Whether it voids the election; none: it cannot be said, `says` tells why.
    pub voids: Option<bool>,
    /// The figures.
    pub says: Remark,
}

/// The outcome under one other reading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// The key of a declared reading, or `STAGE.FIELD=VALUE`.
    pub id: String,
    /// The stage read differently.
    pub stage: String,
    /// The field.
    pub field: String,
    /// Its value under this reading.
    pub value: String,
    /// What the rulebook says about it.
    pub says: Option<String>,
    /// Whether seats, ties or validity differ from the outcome.
    pub differs: bool,
    /// The whole outcome, or why there is none.
    pub result: ReadingResult,
}

/// What a reading leads to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingResult {
    /// The outcome.
    Outcome(Box<Outcome>),
    /// The refusal, in words.
    Refused(#[serde(serialize_with = "as_words")] Refusal),
}

fn as_words<S: serde::Serializer>(refusal: &Refusal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(refusal)
}
