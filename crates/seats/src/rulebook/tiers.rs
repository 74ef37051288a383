//! Linked tiers: what lists must have at least, houses that grow, levelling seats and where they sit,
//! seats in districts and lists at once.

use super::{Divisors, Expression};

/// `minimum`: the seats that a list must have at least, from earlier stages. It gives no seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minimum {
    /// For each list.
    pub per_party: Expression,
}

/// `grow`: the smallest house, by a divisor rule, in which every list reaches its minimum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grow {
    /// The contest whose votes count.
    pub contest: String,
    /// The admit stage that says which lists contend; none: all lists of the contest.
    pub contenders: Option<String>,
    /// The least house.
    pub start: u64,
    /// The stage whose seats are taken off first where their holders do not contend.
    pub outside: Option<String>,
    /// The divisor rule.
    pub rule: Divisors,
    /// The stage with the minima.
    pub every: String,
    /// Seats that may be lacking.
    pub ignored: Option<Ignored>,
    /// Whether the seats that are lacking are added to the house in the end.
    pub add_shortfall: bool,
}

/// Seats below a minimum for which the house need not grow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Of all lists together.
    pub max_total: u64,
    /// The `minimum` stage that says how many of each list; none: all may be of one list.
    pub only_from: Option<String>,
}

/// `place`: seats that lists have, to units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The contest whose votes count.
    pub contest: String,
    /// The stage that says how many seats each list has (in each unit of a higher level, or in the whole).
    pub of: String,
    /// The stage whose seats sit in the units already; they are among those of `of`.
    pub start: Option<String>,
    /// The level whose units receive them.
    pub level: String,
    /// The divisor rule of the quotients.
    pub rule: Divisors,
    /// What quotients are measured against.
    pub scale: Scale,
    /// The most seats that a unit receives here.
    pub capacity: Option<Capacity>,
    /// Which seat is placed first.
    pub order: PlaceOrder,
}

/// What the quotients of a unit are measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Nothing: votes over the divisor.
    None,
    /// The votes of the unit per seat held there: a quotient counts as seats of the unit.
    VotesPerSeat,
    /// The votes of the unit: shares are compared.
    Share,
}

impl Scale {
    /// The word of the rulebook.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::VotesPerSeat => "votes_per_seat",
            Self::Share => "share",
        }
    }
}

/// The most seats that a unit receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capacity {
    /// This many in each.
    Fixed(u64),
    /// As many as the register says.
    Register {
        /// The level.
        level: String,
        /// The name.
        name: String,
    },
    /// As many as an earlier stage gave to it.
    Stage(String),
}

/// Which seat is placed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceOrder {
    /// That of the largest quotient of all.
    Largest,
    /// In the order in which the lists received them in the whole, each where its quotient is largest.
    National,
}

/// `biproportional`: each unit has its seats, each list has its seats, and each cell is its votes over a
/// unit's and a list's divisor, rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Biproportional {
    /// The contest whose votes count.
    pub contest: String,
    /// The admit stage that says which lists contend; none: all lists of the contest.
    pub contenders: Option<String>,
    /// The level of the units.
    pub level: String,
    /// The seats of each unit: of the register, or of an earlier stage.
    pub seats: Capacity,
    /// What counts for a list in the whole.
    pub voters: Voters,
    /// The divisor rule by which lists receive seats in the whole.
    pub rule: Divisors,
}

/// What counts for a list over units whose voters have different numbers of votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voters {
    /// Voter numbers: votes divided by the unit's seats, rounded to the nearest whole number (a half up) in
    /// each unit, then added up.
    Rounded,
    /// The votes themselves.
    Votes,
}

/// `compensate` with `overhang = "forfeit"`: winners of single seats take their list's seats in the unit,
/// those with the largest share first; who is not covered by them has no seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The stage with the lists' seats by unit.
    pub of: String,
    /// The stage that says who won where.
    pub held: String,
    /// The contest that they won.
    pub contest: String,
    /// The base of their shares.
    pub base: String,
}
