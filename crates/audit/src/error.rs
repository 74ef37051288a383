//! What an audit refuses, and why.

/// Why a computation was refused. An audit never clips, guesses or repairs an input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// An exact computation left the range of 128-bit integers.
    #[error("figures too large for exact arithmetic")]
    Overflow,
    /// A fraction with nothing below the line.
    #[error("a fraction needs a denominator that is not zero")]
    ZeroDenominator,
    /// A text that should be a fraction such as `7/100` is not one.
    #[error("`{0}` is not a fraction")]
    NotAFraction(String),
    /// A choice that the contest does not have.
    #[error("the contest has no choice number {0}")]
    UnknownChoice(usize),
    /// Vectors that belong together have different lengths.
    #[error("{what}: expected {expected} figures, got {found}")]
    Length {
        /// What was given.
        what: &'static str,
        /// How many figures were expected.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The reported tallies do not satisfy the assertion: nothing to audit, the report is wrong.
    #[error("the reported result does not satisfy `{0}`")]
    NotReported(String),
    /// The assertion's left side cannot be negative on any ballot, or is always zero.
    #[error("`{0}` holds whatever the ballots say: it needs no audit")]
    Trivial(String),
    /// A parameter outside its range.
    #[error("{what}: {why}")]
    Parameter {
        /// Which parameter.
        what: &'static str,
        /// What it must be.
        why: &'static str,
    },
    /// More figures reported or found than the bound that was fixed before the seed.
    #[error("station `{station}`: {found} ballots, but the bound fixed beforehand is {bound}")]
    BoundBroken {
        /// Which station.
        station: String,
        /// The bound.
        bound: u64,
        /// What was found.
        found: u64,
    },
    /// Reported votes that no set of legal ballots of that number can hold.
    #[error("station `{0}`: more votes than its ballots can hold")]
    ImpossibleVotes(String),
    /// A tie where the result needs a lot.
    #[error("a tie for the last seat: an audit needs a result that votes alone decide")]
    Tie,
    /// No sufficient set of assertions is known for the rule.
    #[error("no sufficient set of assertions is known: {0}")]
    NoSufficientSet(&'static str),
    /// A search would need more work than its limit allows.
    #[error("{0}: more work than the limit allows")]
    TooLarge(&'static str),
}
