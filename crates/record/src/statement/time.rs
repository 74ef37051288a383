//! When: the phases of a poll, and the log's clock.

use super::{Pairs, int, text};
use crate::fields::{Fields, ShapeError};

/// The phases of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhaseName {
    /// Polling has opened: from here a change of the register needs a ruling.
    PollingOpened,
    /// Polling has closed.
    PollingClosed,
    /// Counting has ended.
    CountingEnded,
}

impl PhaseName {
    /// The word in statements.
    pub fn name(self) -> &'static str {
        match self {
            PhaseName::PollingOpened => "polling_opened",
            PhaseName::PollingClosed => "polling_closed",
            PhaseName::CountingEnded => "counting_ended",
        }
    }
}

/// A poll enters a phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// The poll.
    pub poll: u64,
    /// The phase that begins.
    pub phase: PhaseName,
}

impl Phase {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Phase, ShapeError> {
        let phase = match &*fields.text("phase")? {
            "polling_opened" => PhaseName::PollingOpened,
            "polling_closed" => PhaseName::PollingClosed,
            "counting_ended" => PhaseName::CountingEnded,
            _ => return Err(ShapeError::Wrong { key: "phase".to_owned(), why: "is not a phase" }),
        };
        Ok(Phase { poll: fields.count("poll")?, phase })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        vec![("poll", int(self.poll)), ("phase", text(self.phase.name()))]
    }
}

/// The log's own time, in seconds since 1970: the only time that deadlines use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub time: u64,
}

impl Clock {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Clock, ShapeError> {
        Ok(Clock { time: fields.count("time")? })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        vec![("time", int(self.time))]
    }
}
