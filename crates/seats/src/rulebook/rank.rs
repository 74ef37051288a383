//! `rank`: the rules of a ranked count, and how a rulebook writes them.

use serde::Deserialize;
use toml::Spanned;

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

type Text = Spanned<String>;

/// `surplus = { ... }` as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSurplus {
    pub papers: Option<Text>,
    pub transfer: Text,
    pub of: Option<Text>,
    pub choose: Option<Text>,
    pub value_decimals: Option<Spanned<u32>>,
    pub vote_decimals: Option<Spanned<u32>>,
    pub wait_if_cannot_matter: Option<bool>,
    // Of Meek's method.
    pub decimals: Option<Spanned<u32>>,
    pub tolerance: Option<Spanned<u32>>,
}

/// `exclude = { ... }` as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExclude {
    pub order: Option<Text>,
    pub together_if_cannot_matter: Option<bool>,
    pub keep_deposit_check: Option<Text>,
    pub papers: Option<Text>,
}
