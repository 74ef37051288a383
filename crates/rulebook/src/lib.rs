//! A rulebook's text as it is written: its tables and keys, each with its place, before anything is asked of their meaning.
//!
//! [`read`] turns TOML into these tables and refuses unknown keys and wrong types. `recount-seats` checks them into the law that
//! it computes; the keys, their meaning and their source are described there, once, in its key tables and the schema made of them.
//! It is a crate of its own because what reads text is generic, large and never hot: it is built for a short build.
//!
//! ```
//! let error = recount_rulebook::read("seats = 5").err().unwrap();
//! assert!(error.message().contains("unknown field `seats`"));
//! ```

#![allow(missing_docs, reason = "the keys are described in the key tables of recount-seats, and only there")]

mod either;

use std::collections::BTreeMap;

use serde::Deserialize;
pub use toml::Spanned;

pub use either::{NumberOr, NumberOrText, OneOrMore, OneOrMoreTables, TextOr};

/// A text with its place.
pub type Text = Spanned<String>;

/// Reads the tables of a rulebook.
///
/// # Errors
/// The text is not TOML, a key is unknown or missing, or a value has another type; with its place.
pub fn read(text: &str) -> Result<Rulebook, toml::de::Error> {
    toml::from_str(text)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rulebook {
    pub schema: Text,
    pub id: Text,
    pub title: String,
    pub jurisdiction: Option<String>,
    pub polling_day: Option<toml::value::Datetime>,
    pub arithmetic: Option<Text>,
    #[serde(default)]
    pub law: BTreeMap<String, Law>,
    pub units: Units,
    #[serde(default)]
    pub register: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    pub contest: BTreeMap<String, Contest>,
    #[serde(default)]
    pub quantity: BTreeMap<String, Spanned<Quantity>>,
    #[serde(default)]
    pub stage: Vec<Spanned<Stage>>,
    pub nomination: Option<Nomination>,
    #[serde(default)]
    pub vacancy: OneOrMoreTables<Vacancy>,
    pub standing: Option<Standing>,
    pub annulment: Option<Annulment>,
    pub validity: Option<Validity>,
    #[serde(default)]
    pub reading: Vec<Reading>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    pub cite: String,
    pub text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    pub levels: Spanned<Vec<String>>,
    pub required_regions: Option<Spanned<u64>>,
    #[serde(default)]
    pub required: BTreeMap<Text, u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    pub kind: Text,
    pub seats: Option<Spanned<u64>>,
    pub seats_each: Option<Spanned<u64>>,
    pub unit: Option<Text>,
    pub against_all: Option<Text>,
    pub partial_rankings: Option<String>,
    pub first_preference_required: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    pub line: Option<String>,
    pub sum: Option<Vec<Text>>,
    pub grows_with_votes: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub id: Text,
    pub kind: Text,
    pub contest: Option<Text>,
    pub law: Option<Text>,
    pub status: Option<Text>,
    pub when: Option<Spanned<Condition>>,
    pub doubt: Option<Doubt>,
    pub contenders: Option<Text>,
    pub seats: Option<Spanned<NumberOr<SeatsFrom>>>,
    pub formula: Option<Spanned<Formula>>,
    pub minimum: Option<Spanned<u64>>,
    pub ties: Option<Vec<Text>>,
    pub of: Option<Spanned<OneOrMore>>,
    pub max_seats: Option<Spanned<u64>>,
    pub share_multiple: Option<Spanned<ShareMultiple>>,
    pub redistribute: Option<Spanned<Redistribute>>,
    pub order: Option<Text>,
    pub withdrawn: Option<Text>,
    pub on_exhausted: Option<Text>,
    pub per: Option<Text>,
    pub weights: Option<Text>,
    pub votes: Option<Spanned<VotesFrom>>,
    pub start: Option<Spanned<NumberOrText>>,
    pub at_least: Option<Text>,
    pub outside: Option<Text>,
    pub jump: Option<Spanned<Jump>>,
    pub only_if_all_admitted: Option<Spanned<bool>>,
    pub limit: Option<Spanned<Limit>>,
    pub second: Option<Text>,
    pub second_round: Option<Spanned<SecondRound>>,
    pub valid_if: Option<Spanned<ValidIf>>,
    pub without: Option<Spanned<OneOrMore>>,
    pub reserve: Option<Spanned<Reserve>>,
    pub to: Option<Text>,
    pub held: Option<Text>,
    pub overhang: Option<Text>,
    pub base: Option<Text>,
    pub capacity: Option<Spanned<NumberOr<SeatsFrom>>>,
    pub scale: Option<Text>,
    pub voters: Option<Text>,
    // Of the kinds and options that are read now and computed by a later version.
    pub first: Option<Text>,
    pub until: Option<Spanned<Until>>,
    pub then: Option<Text>,
    #[serde(rename = "in")]
    pub scope: Option<Text>,
    pub per_party: Option<Text>,
    pub method: Option<Text>,
    pub quota: Option<Text>,
    pub surplus: Option<Spanned<Surplus>>,
    pub surplus_order: Option<Text>,
    pub exclude: Option<Spanned<Exclude>>,
    pub replayable: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub all: Option<Vec<Spanned<Condition>>>,
    pub any: Option<Vec<Spanned<Condition>>>,
    pub not: Option<Box<Spanned<Condition>>>,
    pub share: Option<Spanned<Share>>,
    pub votes: Option<Spanned<Votes>>,
    pub seats: Option<Spanned<SeatsWon>>,
    pub quota: Option<Spanned<QuotaMultiple>>,
    pub attribute: Option<Spanned<TextOr<Attribute>>>,
    pub rank: Option<Spanned<Rank>>,
    pub votes_per_seat: Option<Spanned<VotesPerSeat>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub base: Option<Text>,
    #[serde(rename = "in")]
    pub scope: Option<Text>,
    pub at_least: Option<Text>,
    pub more_than: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Votes {
    #[serde(rename = "in")]
    pub scope: Option<Text>,
    pub at_least: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VotesPerSeat {
    pub base: Text,
    pub stage: Text,
    #[serde(rename = "in")]
    pub level: Text,
    pub units: Spanned<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatsWon {
    pub stage: Text,
    pub at_least: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaMultiple {
    pub quota: Text,
    pub seats: Spanned<u64>,
    pub at_least: Option<Text>,
    pub more_than: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    pub name: String,
    pub is: Option<String>,
    pub at_least: Option<u64>,
    pub at_most: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    #[serde(rename = "in")]
    pub scope: Option<Text>,
    pub at_most: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doubt {
    pub field: Text,
    pub chosen_because: Option<String>,
    pub other_readings: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatsFrom {
    pub from: Option<Text>,
    pub left_by: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Until {
    pub every: Text,
    pub shortfall_ignored: Option<Shortfall>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortfall {
    pub max_total: u64,
    pub only_from: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VotesFrom {
    pub remainders_of: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formula {
    pub family: Text,
    pub quota: Option<Text>,
    pub over: Option<Text>,
    pub rounding: Option<Text>,
    pub remainder: Option<Spanned<OneOrMore>>,
    pub remainder_at_least: Option<Text>,
    pub over_allocation: Option<Text>,
    pub rule: Option<Text>,
    pub first: Option<Text>,
    pub divisors: Option<Spanned<Vec<Text>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareMultiple {
    pub multiple: Text,
    pub base: Text,
    pub house: Spanned<u64>,
    pub also_counts: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    pub of: Text,
    pub at_least: Option<Text>,
    pub more_than: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub attribute: String,
    pub max_per_value: u64,
    pub if_impossible: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondRound {
    pub top: Option<u64>,
    pub base: Option<Text>,
    pub at_least: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidIf {
    pub attribute: Option<String>,
    pub each_value_at_least: Option<u64>,
    pub some_value_at_least: Option<u64>,
    pub filled: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    pub attribute: String,
    pub is: String,
    pub at_least: Text,
    pub rounding: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redistribute {
    pub stage: Text,
    pub without: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nomination {
    pub law: Option<Text>,
    pub list_length: Option<Spanned<[u64; 2]>>,
    #[serde(default)]
    pub share_limits: Vec<ShareLimit>,
    #[serde(default)]
    pub share_minimums: Vec<ShareMinimum>,
    #[serde(default)]
    pub count_minimums: Vec<CountMinimum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareLimit {
    pub attribute: String,
    pub max: Text,
    pub max_gap_in_order: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareMinimum {
    pub attribute: String,
    pub min: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountMinimum {
    pub attribute: String,
    pub min: u64,
    pub of_which_in_first_50: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vacancy {
    pub of: Option<Text>,
    pub law: Option<Text>,
    pub rule: Text,
    pub same: Option<Text>,
    pub others: Option<Text>,
    pub if_none: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    pub decides: String,
    pub after_ruling: Option<String>,
    #[serde(default)]
    pub preliminary: Vec<String>,
    #[serde(default)]
    pub mix_sources: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annulment {
    pub turnout: Text,
    pub registered: Option<Text>,
    pub law: Option<Text>,
    pub status: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    pub turnout_min: Option<Spanned<TextOr<TurnoutFloor>>>,
    #[serde(default)]
    pub void_if: Vec<Text>,
    pub law: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnoutFloor {
    pub of: Text,
    pub base: Text,
    pub at_least: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    pub id: String,
    pub says: String,
    pub law: Option<Text>,
    pub stage: Text,
    pub field: Option<Text>,
    pub value: Option<Text>,
    pub set: Option<Spanned<toml::Table>>,
}

/// `surplus = { ... }` as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surplus {
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
pub struct Exclude {
    pub order: Option<Text>,
    pub together_if_cannot_matter: Option<bool>,
    pub keep_deposit_check: Option<Text>,
    pub papers: Option<Text>,
}
