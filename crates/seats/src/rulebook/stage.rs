//! Stages: the steps from votes to members.

use super::people::{Declare, PassOn, Plurality, Reserve, Runoff};
use super::{Allocate, Biproportional, Condition, Cover, Grow, Minimum, Place, Rank, Strictness, Sum};
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
    /// Adds the seats of several stages.
    Sum(Sum),
    /// Limits the seats of one list.
    Cap(Cap),
    /// Joins lists that share a distribution (apparentement).
    Group(Group),
    /// Adds seats to the largest list.
    Bonus(Bonus),
    /// Lets lists keep seats won elsewhere that are more than their share.
    Compensate(Compensate),
    /// Lets winners of single seats keep them only as far as their list's seats cover them.
    Cover(Cover),
    /// Says what lists must have at least.
    Minimum(Minimum),
    /// Enlarges the house until lists have what they must.
    Grow(Grow),
    /// Says in which units the seats of lists sit.
    Place(Place),
    /// Gives seats in units and to lists at once.
    Biproportional(Biproportional),
    /// Puts people on seats.
    Candidates(Candidates),
    /// Seats to those with most votes in polls of people.
    Plurality(Plurality),
    /// One seat per unit in two rounds.
    Runoff(Runoff),
    /// Says whether the election is valid.
    Declare(Declare),
    /// Seats that lists cannot fill go on to others.
    PassOn(PassOn),
    /// Elects people from ranked ballots.
    Rank(Rank),
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

/// Joins lists: the tally's groups receive seats together, then share them by the same formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The admit stage that says who contends.
    pub contenders: String,
    /// Whether a group counts only if all its members are admitted; if not, those who are.
    pub only_if_all_admitted: bool,
}

/// Gives seats to one list because of its votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bonus {
    /// The stage whose seats are changed.
    pub of: String,
    /// To whom, and how many.
    pub to: BonusTo,
}

/// Who receives a bonus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BonusTo {
    /// The list with most votes: so many seats more, beside the house so far.
    LargestList(u64),
    /// The list with more than half of the votes, if it has not more than half of the seats: one seat,
    /// from whoever had the last one beyond full quotas (Dutch Kieswet, article P 9).
    Majority,
}

/// Lets lists keep seats won elsewhere that are more than their share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compensate {
    /// The allocation of all seats.
    pub of: String,
    /// Where the seats won elsewhere stand.
    pub held: Held,
    /// What follows if those are more.
    pub overhang: Overhang,
}

/// Where the seats stand that lists hold elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// In an attribute of the list.
    Attribute(String),
    /// In an earlier stage.
    Stage(String),
}

/// What follows if a list holds more seats than its share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overhang {
    /// It keeps them, the house stays, and the rest is given afresh to the others.
    ExcludeRerun,
    /// It keeps them, and the house grows by them.
    KeepEnlarge,
}

/// Puts people on seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// The stage whose seats are filled.
    pub of: String,
    /// In which order those stand who do not jump.
    pub order: CandidateOrder,
    /// Who comes first by votes of their own, whatever their place.
    pub jump: Option<Jump>,
    /// Whether those who withdrew are passed over.
    pub skip_withdrawn: bool,
    /// The stage whose winners hold seats of their lists here already, and come first.
    pub first: Option<String>,
    /// The stages whose members sit on other seats, and are passed over.
    pub without: Vec<String>,
    /// Seats of each list kept for candidates with an attribute.
    pub reserve: Option<Reserve>,
}

/// The order of a list's candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateOrder {
    /// As nominated.
    List,
    /// By votes of their own.
    Votes,
}

/// Candidates with so many votes of their own come first, by votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jump {
    /// The multiple of the base.
    pub multiple: Ratio,
    /// At least, or more than.
    pub strictness: Strictness,
    /// Of what.
    pub of: JumpBase,
}

/// What a candidate's own votes are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JumpBase {
    /// The list's votes divided by its candidates.
    ListMean,
    /// The list's votes.
    ListVotes,
    /// The votes of all lists divided by the seats of the house.
    HareQuota,
}

/// What settles a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieRule {
    /// The larger total of votes.
    MoreVotes,
    /// The smaller total of votes (Portugal, Lei 14/79, art. 16(d)).
    FewerVotes,
    /// The order of the list, between candidates of one list.
    ListOrder,
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
    /// Any keys of the stage, as a `[[reading]]` sets them.
    Keys,
}

impl DoubtField {
    /// The word of the rulebook.
    pub fn word(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::In => "in",
            Self::MaxSeats => "max_seats",
            Self::Redistribute => "redistribute",
            Self::Keys => "set",
        }
    }
}
