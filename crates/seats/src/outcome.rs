//! What comes out: the one thing that pages, tables and tests read.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Fraction;
use crate::ranked::RankedOutcome;
use crate::refusal::Refusal;
use crate::words::Remark;

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
    pub seats: BTreeMap<String, u64>,
    /// Where the stage works unit by unit: the seats in each, units by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitOutcome>,
    /// Where the stage gives seats to units: how many to each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unit_seats: BTreeMap<String, u64>,
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
    pub unit: String,
    /// Seats by list; a list that is not there has none.
    pub seats: BTreeMap<String, u64>,
    /// Seats of this unit that this stage could give to nobody.
    pub vacant: u64,
    /// The quota in votes, where the formula has one.
    pub quota: Option<Fraction>,
}

/// One list at one admit stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Admission {
    /// The admit stage.
    pub stage: String,
    /// The list.
    pub list: String,
    /// Its name.
    pub name: String,
    /// Its votes in the whole.
    pub votes: u64,
    /// Whether it may receive seats (where the condition is asked unit by unit: in any of them).
    pub admitted: bool,
    /// Where the condition is asked unit by unit: the units in which it may receive seats.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// Every single test, in the order of the rulebook and, per unit, of unit ids.
    pub tests: Vec<Test>,
}

/// One test of one list in one unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Test {
    /// The key of the law.
    pub law: Option<String>,
    /// What is asked: a quantity of the rulebook, `votes`, `quota` or an attribute.
    pub base: String,
    /// The base's value in this unit (for a quota: the votes of all lists; for an attribute: its
    /// number, or 0).
    pub base_value: u64,
    /// The unit, or `national`.
    pub unit: String,
    /// The share asked (`7/100`), the multiple of the quota, or the number.
    pub share: String,
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
    /// The figures in a sentence.
    pub says: String,
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

/// How one seat, or several at once, came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The stage.
    pub stage: String,
    /// The key of the law.
    pub law: Option<String>,
    /// The last of the seats given so far in this stage, from 1.
    pub seat: u64,
    /// The unit in which the stage gave it, where it works unit by unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Who received it: a list (a unit, where the stage gives seats to units).
    pub list: String,
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
    pub list: String,
    /// Its figure.
    pub value: Fraction,
}

/// Why a step gave a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Whole quotas.
    FullQuota,
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

/// The fewest votes that change something for one list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Margin {
    /// The list.
    pub list: String,
    /// What changes.
    pub turning: Turning,
    /// The move of votes.
    pub by: Move,
    /// The unit in which the votes move, the cheapest of all; none: it does not matter where, or the
    /// rulebook asks about the whole alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The fewest votes of this move, within one unit, that do it; none: no number of them does (if
    /// not exact: none was found).
    pub votes: Option<u64>,
    /// Whether fewer are proved not to do it.
    pub exactness: Exactness,
}

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turning {
    /// It meets a test that it fails, or fails one that it meets.
    Test {
        /// The admit stage.
        stage: String,
        /// The base asked.
        base: String,
        /// The unit.
        unit: String,
        /// Whether it would now meet it.
        meets: bool,
    },
    /// Its admission turns, where that hangs on more than one share of the whole.
    Admission {
        /// The admit stage.
        stage: String,
        /// Whether it would now be admitted.
        admitted: bool,
    },
    /// It gains a seat for certain.
    GainsSeat,
    /// It loses a seat that it had for certain.
    LosesSeat,
}

/// A move of votes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// The list gains; the bases stay (ballots that now count for another, or for nobody).
    GainedBaseFixed,
    /// The list gains new votes: turnout rises, and the bases that count it.
    GainedNew,
    /// The list loses; the bases stay (its voters chose otherwise).
    LostBaseFixed,
    /// The list's voters stay away: the bases fall too.
    LostBaseFalls,
    /// Others gain new votes, and the bases rise.
    OthersGainNew,
    /// Votes move from this list to it; the bases stay.
    MovedFrom(String),
    /// Votes move from it to this list; the bases stay.
    MovedTo(String),
}

/// How sure a margin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exactness {
    /// One vote fewer does not do it: a closed form, or a search over a monotone predicate.
    Exact,
    /// So many votes do it; that fewer do not is not proved: a cap, a link between tiers or another
    /// rule under which seats need not rise with votes, or a search that was cut short.
    Suffices,
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

/// What missing stations can still do to one list at one test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Possible {
    /// The list.
    pub list: String,
    /// Its name.
    pub name: String,
    /// The admit stage.
    pub stage: String,
    /// The base asked.
    pub base: String,
    /// The unit.
    pub unit: String,
    /// Whether it meets the test now.
    pub passes_now: bool,
    /// Under which assumption the test could turn.
    pub assumption: Assumption,
    /// The least number of votes under this assumption that turns it; none: no number does.
    pub needed: Option<u64>,
    /// Electors of the missing stations, as far as known.
    pub available: u64,
    /// Missing stations whose electors are not known: each could add to `available`.
    pub stations_unknown: u64,
    /// Whether it can turn; none: not with the known electors, but unknown stations could.
    pub can_turn: Option<bool>,
}

/// The best or worst case for a list in the missing stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// Every missing elector who takes part votes for it; the others stay away.
    AllForIt,
    /// Missing electors take part and none votes for it; the base counts them.
    NoneForIt,
}
