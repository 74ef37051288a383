//! The map of a table (`map.toml`): what its columns and rows mean.
//!
//! A map is data with a schema, `recount-map/1`; keys that it does not know are refused, and
//! errors carry the place in the text. The fields below are its reference.

use std::collections::BTreeMap;

use recount_election::declared::{self, DeclarationError};
use recount_election::{Attributes, ContestKind};
use serde::{Deserialize, Serialize};

use crate::template::Template;

mod validate;

/// The schema that this version reads.
pub const SCHEMA: &str = "recount-map/1";

/// The map of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// [`SCHEMA`].
    pub schema: String,
    /// Identifier of the set.
    pub set: String,
    /// What the table holds, for people.
    pub title: String,
    /// Where the table comes from.
    pub origin: String,
    /// Under which terms.
    pub licence: String,
    /// What a reader must know.
    #[serde(default)]
    pub note: String,
    /// The file of forms, relative to the map.
    #[serde(default)]
    pub forms: Option<String>,
    /// What the rows are.
    #[serde(default)]
    pub kind: Kind,
    /// What divides cells: one ASCII character.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Which row describes a station that occurs in several passes.
    #[serde(default)]
    pub register: Which,
    /// For copies: whose copy a row is.
    #[serde(default)]
    pub by: Option<Template>,
    /// The poll: a number from 1; by default 1.
    #[serde(default)]
    pub poll: Option<Template>,
    /// What is voted on.
    pub contest: ContestMap,
    /// The path of units from the root (a constant) down to the one that holds the station.
    #[serde(rename = "unit")]
    pub units: Vec<UnitMap>,
    /// The station.
    pub station: StationMap,
    /// Lines of the protocol: code = column.
    #[serde(default)]
    pub lines: BTreeMap<String, String>,
    /// Where the votes are.
    pub votes: VotesMap,
    /// The lists; where none is declared, every column with the prefix of the votes is one.
    #[serde(default, rename = "list")]
    pub lists: Vec<ListMap>,
    /// What a status column means.
    #[serde(default)]
    pub status: Option<StatusMap>,
    /// What rows yield, in the order in which it is filed.
    #[serde(rename = "pass")]
    pub passes: Vec<PassMap>,
}

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Protocols of commissions.
    #[default]
    Protocols,
    /// Observers' or parties' copies.
    Copies,
}

/// Which of several rows describes a station.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The row of the earliest pass.
    #[default]
    First,
    /// The row of the latest pass.
    Last,
}

/// What is voted on; a contest for each value that `id` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContestMap {
    /// Identifier.
    pub id: Template,
    /// Name for people.
    #[serde(default)]
    pub title: Option<Template>,
    /// What stands on the ballot.
    pub kind: ContestKind,
    /// Identifier of the unit in which it is decided: one of the row's units.
    pub unit: Template,
    /// Whether there is a line "against all" (the list of that identifier).
    #[serde(default)]
    pub against_all: bool,
}

/// One level of the path of units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitMap {
    /// Its level.
    pub level: String,
    /// Its identifier.
    pub id: Template,
    /// Its name; where rows differ, the first one stands, and an empty one becomes the identifier.
    pub name: Template,
}

/// The station of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StationMap {
    /// Identifier.
    pub id: Template,
    /// Name or address.
    #[serde(default)]
    pub name: Option<Template>,
    /// The column with the number of expected voters.
    #[serde(default)]
    pub expected: Option<String>,
    /// Facts: attribute = template; an empty one is left out.
    #[serde(default)]
    pub attributes: BTreeMap<String, Template>,
    /// Facts about some stations only.
    #[serde(default, rename = "flag")]
    pub flags: Vec<FlagMap>,
}

/// A fact about the stations of the rows that satisfy a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagMap {
    /// The attribute.
    pub name: String,
    /// Its value.
    pub value: String,
    /// When it holds.
    #[serde(rename = "where")]
    pub when: Condition,
}

/// Columns and the values that they must have (one of them, each).
pub type Condition = BTreeMap<String, OneOrMany>;

/// One value or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One value.
    One(String),
    /// Any of these.
    Many(Vec<String>),
}

impl OneOrMany {
    /// Whether `value` is the one, or one of them.
    #[must_use]
    pub fn contains(&self, value: &str) -> bool {
        match self {
            Self::One(one) => one == value,
            Self::Many(many) => many.iter().any(|one| one == value),
        }
    }
}

/// Where the votes are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VotesMap {
    /// What the names of the columns begin with.
    pub prefix: String,
    /// In which contests a list stands that names none itself.
    #[serde(default)]
    pub stand: Stand,
    /// Whether an empty cell is zero.
    #[serde(default)]
    pub empty: Empty,
}

/// In which contests a list stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// In all.
    #[default]
    All,
    /// In those where it has at least one vote: for tables that write 0 where a list does not
    /// stand. (A list that stood without any vote cannot be told from one that did not.)
    Nonzero,
}

/// What an empty cell means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    /// Not stated.
    #[default]
    Absent,
    /// Zero.
    Zero,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListMap {
    /// Identifier.
    pub id: String,
    /// Name as printed on the ballot.
    pub name: String,
    /// What follows the prefix in the name of its column; by default its identifier.
    #[serde(default)]
    pub column: Option<String>,
    /// The contests in which it stands; empty: see [`VotesMap::stand`].
    #[serde(default)]
    pub contests: Vec<String>,
    /// Facts about it.
    #[serde(default)]
    pub attributes: Attributes,
}

impl ListMap {
    /// What follows the prefix in the name of its column.
    #[must_use]
    pub fn suffix(&self) -> &str {
        self.column.as_deref().unwrap_or(&self.id)
    }
}

/// What a status column means. A status that is not listed refuses its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusMap {
    /// The column.
    pub column: String,
    /// Its values.
    #[serde(rename = "value")]
    pub values: Vec<StatusValue>,
}

/// What one status means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusValue {
    /// The value of the column.
    pub is: String,
    /// Why the row yields no protocol (`no_data`, `not_installed`); by default it yields one.
    #[serde(default)]
    pub absent: Option<String>,
    /// Whether the number of expected voters is unknown, whatever the cell holds.
    #[serde(default)]
    pub expected_unknown: bool,
    /// Whether empty cells of votes are zero.
    #[serde(default)]
    pub empty_votes: Empty,
    /// The lines whose empty cells are zero.
    #[serde(default)]
    pub zero_lines: Vec<String>,
    /// The rulings that it stands for.
    #[serde(default)]
    pub rulings: Vec<RulingMap>,
}

/// A ruling that is reconstructed from a table. It claims no votes and no quorum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulingMap {
    /// What it does.
    pub effect: Effect,
    /// Why: a code.
    pub reason: String,
    /// The poll that it is about; by default the row's.
    #[serde(default)]
    pub poll: Option<u32>,
}

/// What a reconstructed ruling does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The station's results are annulled, or the station is closed without any.
    Annul,
    /// The protocol does not count until it is restored.
    Exclude,
    /// A (reconstructed) complaint is rejected; the protocol stands.
    Reject,
    /// The station votes again: the next poll.
    Repeat,
}

/// What the rows that satisfy a condition yield: one protocol each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassMap {
    /// Identifier.
    pub id: String,
    /// Source of the protocols.
    pub source: String,
    /// Part of the station; empty: the whole.
    #[serde(default)]
    pub part: String,
    /// The rows that it takes: every one of these columns has (one of) these values.
    #[serde(default, rename = "where")]
    pub when: Condition,
    /// The rows that it leaves: any of these columns has (one of) these values.
    #[serde(default)]
    pub unless: Condition,
    /// The poll, in place of the map's.
    #[serde(default)]
    pub poll: Option<Template>,
    /// The lines, in place of the map's.
    #[serde(default)]
    pub lines: Option<BTreeMap<String, String>>,
    /// The prefix of the votes, in place of the map's.
    #[serde(default)]
    pub prefix: Option<String>,
    /// Rulings that every row of the pass stands for.
    #[serde(default)]
    pub rulings: Vec<RulingMap>,
}

impl Map {
    /// What divides cells, as a byte.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        u8::try_from(self.delimiter).unwrap_or(b',')
    }

    /// The lines that a pass reads.
    #[must_use]
    pub fn lines_of<'a>(&'a self, pass: &'a PassMap) -> &'a BTreeMap<String, String> {
        pass.lines.as_ref().unwrap_or(&self.lines)
    }

    /// The prefix of the votes that a pass reads.
    #[must_use]
    pub fn prefix_of<'a>(&'a self, pass: &'a PassMap) -> &'a str {
        pass.prefix.as_deref().unwrap_or(&self.votes.prefix)
    }
}

const fn comma() -> char {
    ','
}

/// Reads a map.
///
/// # Errors
/// What is wrong, with the place in the text where it can be named.
pub fn read_map(text: &str) -> Result<Map, DeclarationError> {
    declared::read(text, "a map", validate::rules)
}
