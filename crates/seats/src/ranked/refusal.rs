//! Why papers cannot be read or counted.

use std::fmt;

use thiserror::Error;

/// A text that is not a set of ranked ballots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotsError {
    /// The line, from 1, where the text has lines.
    pub line: Option<usize>,
    /// What is wrong there, and what to write.
    pub what: String,
}

impl BallotsError {
    pub(super) fn at(line: usize, what: impl Into<String>) -> Self {
        Self { line: Some(line), what: what.into() }
    }

    pub(super) fn whole(what: impl Into<String>) -> Self {
        Self { line: None, what: what.into() }
    }

    /// The same at this line, unless it already has one.
    pub(super) fn on(self, line: usize) -> Self {
        Self { line: self.line.or(Some(line)), ..self }
    }
}

impl fmt::Display for BallotsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "the ballots cannot be read: line {line}: {}", self.what),
            None => write!(f, "the ballots cannot be read: {}", self.what),
        }
    }
}

impl std::error::Error for BallotsError {}

/// A count that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RankedRefusal {
    /// The rules contradict themselves or the seats.
    #[error("these rules cannot be: {reason}")]
    Rules {
        /// Why.
        reason: String,
    },
    /// No paper, or no candidate.
    #[error("there is nothing to count: {lacking}")]
    Nothing {
        /// What is missing.
        lacking: String,
    },
    /// Exact fractions that have grown beyond what is computed.
    #[error("at count {count} the exact fractions have more than {bits} bits; state the decimals to keep")]
    TooFine {
        /// The count.
        count: u64,
        /// The limit.
        bits: u64,
    },
    /// More work than one count may take.
    #[error("this count would take too many steps; group equal papers, or keep fewer decimals")]
    TooLong,
    /// A lot for a tie that does not come up.
    #[error("the lot between {between} decides nothing; remove it")]
    SuperfluousLot {
        /// Those named.
        between: String,
    },
    /// A lot that cannot decide its tie.
    #[error("the lot between {between} cannot be: {reason}")]
    ForeignLot {
        /// Those named.
        between: String,
        /// Why.
        reason: String,
    },
}
