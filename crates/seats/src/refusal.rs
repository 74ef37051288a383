//! Why a tally cannot be put through a rulebook: typed, each with a sentence for a clerk.

mod figure;
mod json;
mod reason;

use thiserror::Error;

pub use figure::Figure;
pub use reason::Reason;

/// The computation was refused. Nothing was guessed; each sentence says what to supply.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The tally is not readable.
    #[error("the tally cannot be read: {reason}")]
    TallyUnreadable {
        /// What is wrong and where.
        reason: Reason,
    },
    /// The same list stands twice.
    #[error("the list `{list}` stands twice in the tally; give each list one entry")]
    DuplicateList {
        /// The list's id.
        list: String,
    },
    /// The same candidate stands twice on a list, in the same place.
    #[error("the candidate `{candidate}` stands twice on the list `{list}`; give each person an id of their own")]
    DuplicateCandidate {
        /// The list's id.
        list: String,
        /// The candidate's id.
        candidate: String,
    },
    /// The same unit stands twice.
    #[error("the unit `{unit}` stands twice in the tally; give each unit one entry")]
    DuplicateUnit {
        /// The unit's id.
        unit: String,
    },
    /// Two totals for one contest and unit.
    #[error("contest `{contest}` has two totals for unit `{unit}`; give it one")]
    DuplicateTotal {
        /// The contest.
        contest: String,
        /// The unit.
        unit: String,
    },
    /// Votes for a list that does not stand.
    #[error("unit `{unit}` has votes for `{list}`, which is not among the tally's lists")]
    UnknownList {
        /// The unknown list.
        list: String,
        /// Where it has votes.
        unit: String,
    },
    /// A total or parent names a unit that the tally does not have.
    #[error("`{unit}` is named but is not among the tally's units")]
    UnknownUnit {
        /// The unknown unit.
        unit: String,
    },
    /// A unit's level is not one of the rulebook's.
    #[error("unit `{unit}` has level `{level}`, which the rulebook's units.levels does not name")]
    UnknownLevel {
        /// The unit.
        unit: String,
        /// Its level.
        level: String,
    },
    /// A total for a contest that the rulebook does not have.
    #[error("the tally has totals for contest `{contest}`, which the rulebook does not name")]
    UnknownContest {
        /// The contest.
        contest: String,
    },
    /// More than one unit of the highest level.
    #[error("`{first}` and `{second}` both have the highest level; there is one national unit")]
    TwoNationalUnits {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// A contest without any total.
    #[error("there are no totals for contest `{contest}`")]
    NoTotals {
        /// The contest.
        contest: String,
    },
    /// A unit lacks a total that its siblings have.
    #[error("unit `{unit}` has no total for contest `{contest}`, but others of its level have")]
    UnitMissing {
        /// The contest.
        contest: String,
        /// The unit without a total.
        unit: String,
    },
    /// Fewer units than the rulebook requires.
    #[error("the tally has {found} units of level `{level}` that count, the rulebook requires {required}")]
    UnitsMissing {
        /// The level.
        level: String,
        /// How many there are.
        found: u64,
        /// How many there must be.
        required: u64,
    },
    /// A condition per unit, and no totals per unit.
    #[error(
        "stage `{stage}` asks for a share in each {level}, and the tally has no totals of that level; \
         supply them, or state the assumption that every list passes"
    )]
    NoUnitTotals {
        /// The stage.
        stage: String,
        /// The level.
        level: String,
    },
    /// A register number that a rule needs is not in the tally.
    #[error("the register of unit `{unit}` has no number `{name}`, which stage `{stage}` needs")]
    RegisterMissing {
        /// The stage.
        stage: String,
        /// The unit.
        unit: String,
        /// The number.
        name: String,
    },
    /// A stage works unit by unit, and the tally has no units of that level.
    #[error("stage `{stage}` works in each {level}, and the tally has none with totals")]
    NoUnits {
        /// The stage.
        stage: String,
        /// The level.
        level: String,
    },
    /// Who is admitted differs from unit to unit, and a stage asks it for another place.
    #[error(
        "stage `{stage}` asks who is admitted in the {level} of stage `{admit}`, and does not work in each {level}"
    )]
    AdmittedElsewhere {
        /// The stage.
        stage: String,
        /// The admit stage.
        admit: String,
        /// The level at which it admits.
        level: String,
    },
    /// A stage refers to seats by unit of a level that lies above its own.
    #[error(
        "stage `{stage}` needs the seats of stage `{of}` by {level}, and that stage does not give them by unit there"
    )]
    SeatsNotByUnit {
        /// The stage.
        stage: String,
        /// The stage referred to.
        of: String,
        /// The level needed.
        level: String,
    },
    /// Two nominees of one contest with the same id, or one for a contest that is none of people.
    #[error("nominee `{nominee}`: {reason}")]
    BadNominee {
        /// The nominee.
        nominee: String,
        /// What is wrong, and what to do.
        reason: Reason,
    },
    /// A minimum that cannot be computed.
    #[error("stage `{stage}` has no value for list `{list}`: {reason}")]
    Uncomputable {
        /// The stage.
        stage: String,
        /// The list.
        list: String,
        /// Why.
        reason: Reason,
    },
    /// A list has fewer seats than already sit in the units.
    #[error("stage `{stage}` cannot place the seats of `{list}`: it has {seats}, and {held} sit in the units already")]
    PlacedBelowHeld {
        /// The stage.
        stage: String,
        /// The list.
        list: String,
        /// Seats in the units.
        held: u64,
        /// Seats it has.
        seats: u64,
    },
    /// No seats in units and to lists have these totals.
    #[error(
        "stage `{stage}`: the units {units} have votes for the lists [{lists}] alone, and more seats than those \
         lists; no distribution has both totals"
    )]
    NoBiproportionalSeats {
        /// The stage.
        stage: String,
        /// The units.
        units: String,
        /// The lists.
        lists: String,
    },
    /// More seats than any parliament has.
    #[error("stage `{stage}` would give {seats} seats; at most {most} can be given")]
    TooManySeats {
        /// The stage.
        stage: String,
        /// The seats.
        seats: u64,
        /// The most.
        most: u64,
    },
    /// The parts of a unit are not the whole.
    #[error("`{what}` of `{unit}` is {whole}, but its parts sum to {parts}")]
    UnitsDoNotSum {
        /// The unit above.
        unit: String,
        /// A list, a line or `against_all`.
        what: String,
        /// The figure of the unit.
        whole: u64,
        /// The sum of its parts.
        parts: u64,
    },
    /// The base of a percentage is not in the tally.
    #[error("the base `{base}` of unit `{unit}` is not in the tally: {lacking} is missing")]
    BaseMissing {
        /// The quantity of the rulebook.
        base: String,
        /// The unit.
        unit: String,
        /// The line or figure that is not there.
        lacking: Reason,
    },
    /// A list has more votes than the base of its percentage: the base cannot be right.
    #[error(
        "`{}` has {votes} votes in `{unit}`, more than the base `{base}` of {base_value}",
        list.as_deref().unwrap_or("all lists")
    )]
    PartAboveWhole {
        /// The list; none: all lists together.
        list: Option<String>,
        /// Its votes.
        votes: u64,
        /// The quantity of the rulebook.
        base: String,
        /// Its value.
        base_value: u64,
        /// The unit.
        unit: String,
    },
    /// A fact about a list is not a number where a rule needs one.
    #[error("`{attribute}` of list `{list}` is `{value}`, not a whole number")]
    AttributeNotANumber {
        /// The list.
        list: String,
        /// The attribute.
        attribute: String,
        /// What stands there.
        value: String,
    },
    /// A list stands in two groups that share a distribution.
    #[error("list `{list}` is in the groups `{groups}`; a list is in one group at most")]
    GroupOverlap {
        /// The list.
        list: String,
        /// What stands there.
        groups: String,
    },
    /// A candidate's own votes are needed and not there.
    #[error("candidate `{candidate}` of list `{list}` has no votes of their own in the tally (attribute `votes`)")]
    CandidateVotesMissing {
        /// The list.
        list: String,
        /// The candidate.
        candidate: String,
    },
    /// Nobody passes, and the rulebook does not say what follows.
    #[error("no list passes stage `{stage}`, and the rulebook's [validity] does not say what follows")]
    NobodyAdmitted {
        /// The stage.
        stage: String,
    },
    /// Nobody of those who may receive seats has a vote.
    #[error("stage `{stage}` has seats to give, but no contender has a vote")]
    NoVotes {
        /// The stage.
        stage: String,
    },
    /// The formula gives out more seats than there are.
    #[error(
        "the quota of stage `{stage}` gives {given} seats where there are {seats}, and the rulebook \
         does not say which to take back"
    )]
    OverAllocated {
        /// The stage.
        stage: String,
        /// Seats given by full quotas.
        given: u64,
        /// Seats there are.
        seats: u64,
    },
    /// More seats are left than lists that could take one each.
    #[error(
        "stage `{stage}` has {left} seats left after full quotas, and only {lists} lists to take one \
         each; the rulebook does not say who takes the rest"
    )]
    RemaindersExhausted {
        /// The stage.
        stage: String,
        /// Seats left.
        left: u64,
        /// Lists that can take one.
        lists: u64,
    },
    /// Everybody's minimum is more than there are seats.
    #[error("the minimum of stage `{stage}` needs {needed} seats, there are {seats}")]
    MinimumAboveSeats {
        /// The stage.
        stage: String,
        /// Seats needed.
        needed: u64,
        /// Seats there are.
        seats: u64,
    },
    /// A written list of divisors is too short.
    #[error("the divisors of stage `{stage}` end after {length} seats for one list")]
    DivisorsExhausted {
        /// The stage.
        stage: String,
        /// How many there are.
        length: u64,
    },
    /// A stage that this version parses but does not compute.
    #[error("stage `{stage}` needs {what}, which this version does not compute yet")]
    NotYetComputable {
        /// The stage.
        stage: String,
        /// What it needs.
        what: Reason,
    },
    /// A lot that names a stage, list or number of seats that cannot be.
    #[error("the lot of stage `{stage}` cannot be: {reason}")]
    ForeignLot {
        /// The stage named.
        stage: String,
        /// Why it cannot be.
        reason: Reason,
    },
    /// A lot for a tie that does not exist, or that changes nothing.
    #[error("the lot of stage `{stage}` between {between} decides nothing; remove it")]
    SuperfluousLot {
        /// The stage named.
        stage: String,
        /// The lists named.
        between: String,
    },
    /// A vacancy is asked about, and the rulebook does not say who follows.
    #[error("the rulebook has no [vacancy]: it does not say who follows")]
    NoVacancyRule,
    /// A vacancy of someone who has no seat.
    #[error("`{candidate}` cannot leave a seat: {reason}")]
    NotSeated {
        /// Who is said to leave.
        candidate: String,
        /// Why that cannot be.
        reason: Reason,
    },
    /// A sum does not fit 64 bits.
    #[error("`{what}` of `{unit}` is too large for a count of votes")]
    TooLarge {
        /// What was summed.
        what: Figure,
        /// Where.
        unit: String,
    },
    /// Ranked ballots that are not there or cannot be.
    #[error("the ranked ballots of contest `{contest}` in `{unit}`: {reason}")]
    Papers {
        /// The contest.
        contest: String,
        /// The unit.
        unit: String,
        /// What is wrong, and what to do.
        reason: Reason,
    },
    /// A ranked count that cannot be made.
    #[error("stage `{stage}` cannot count the ranked ballots of `{unit}`: {reason}")]
    RankedCount {
        /// The stage.
        stage: String,
        /// The unit.
        unit: String,
        /// Why.
        reason: Reason,
    },
}
