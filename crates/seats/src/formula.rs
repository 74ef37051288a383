//! The arithmetic of quotas and divisors, on positions instead of lists.

pub(crate) mod biproportional;
pub(crate) mod divisor;
pub(crate) mod grow;
pub(crate) mod majority;
pub(crate) mod place;
pub(crate) mod plurality;
pub(crate) mod quota;
pub(crate) mod residual;
pub(crate) mod seating;

use crate::Fraction;
use crate::outcome::StepKind;
use crate::rulebook::Remainder;

use residual::Residual;

/// One who may receive seats.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Contender {
    /// Votes.
    pub votes: u64,
    /// The most seats it can take (its candidates); none: no limit.
    pub room: Option<u64>,
    /// Seats that it holds at the outset, beside those to be given.
    pub start: u64,
    /// Seats below which it does not fall; they are among those to be given.
    pub least: u64,
}

impl Contender {
    /// One with these votes and nothing else.
    pub(crate) fn of(votes: u64) -> Self {
        Self { votes, ..Self::default() }
    }
}

/// What a formula gave out.
#[derive(Debug, Default)]
pub(crate) struct Award {
    /// Seats by position.
    pub seats: Vec<u64>,
    /// Seats that nobody could take.
    pub vacant: u64,
    /// Seats held at the outset, of all together; they are in `seats`.
    pub start: u64,
    /// Positions whose room is used up and that would have received more.
    pub exhausted: Vec<usize>,
    /// The steps, if a trace was asked.
    pub steps: Vec<RawStep>,
    /// The tie at the end, whose seats nobody has yet (for seats taken back: all still hold them).
    pub tie: Option<RawTie>,
    /// The quota in votes.
    pub quota: Option<Fraction>,
    /// Votes left over after full quotas, by position, in whole votes (rounded down).
    pub rests: Vec<u64>,
    /// The seats beyond full quotas, in the order in which they were given.
    pub residuals: Vec<Residual>,
    /// The phase in which the tie stands.
    pub tied_in: Option<Remainder>,
}

impl Award {
    /// Whether this one has had a seat in a phase that gives each at most one.
    pub(crate) fn served(&self, who: usize, phase: Remainder) -> bool {
        !matches!(phase, Remainder::HighestAverages | Remainder::MostVotesInTurn)
            && self.residuals.iter().any(|residual| residual.who == who && residual.phase == phase)
    }
}

/// A step on positions.
#[derive(Debug)]
pub(crate) struct RawStep {
    pub who: usize,
    pub held: u64,
    pub seats: u64,
    pub what: StepKind,
    pub value: Fraction,
    pub over: Option<(usize, Fraction)>,
}

/// A tie on positions.
#[derive(Debug)]
pub(crate) struct RawTie {
    pub between: Vec<usize>,
    pub seats: u64,
    pub what: StepKind,
    pub value: Fraction,
}

/// Why a formula gives nothing; the stage machine adds where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unable {
    NoVotes,
    OverAllocated { given: u64 },
    RemaindersExhausted { left: u64, lists: u64 },
    MinimumAboveSeats { needed: u64 },
    DivisorsExhausted { length: u64 },
    TooLarge,
}
