//! `rank`: the rules of a ranked count, and how a rulebook writes them.

use super::SeatCount;
use crate::ranked::RankRules;

/// Elects people from ranked ballots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rank {
    /// The contest whose ballots are counted.
    pub contest: String,
    /// The level with one count in each unit; none: one count in the whole.
    pub per: Option<String>,
    /// How many seats (in each unit, for a stage that works unit by unit).
    pub seats: SeatCount,
    /// The rules of the count.
    pub rules: RankRules,
    /// Whether ballots alone do not give the official count again, because the law takes whole papers
    /// as they happen to lie.
    pub counts_only: bool,
}
