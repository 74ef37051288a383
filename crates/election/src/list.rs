//! Lists and candidates: what votes are cast for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{IdError, check_id};

/// The reserved identifier of the line "against all" (also "none of the above"). It is
/// counted like a list, but is no part of `votes` in a formula.
pub const AGAINST_ALL: &str = "against_all";

/// Facts about a unit, station, list or candidate that a rulebook or page may use
/// (`women = "yes"`, `remote = "yes"`, `seats = "3"`), by code, in the order of the codes.
pub type Attributes = BTreeMap<String, String>;

/// What something is called in a language: the attribute `name-TAG` (BCP 47: `name-ky`), or its name where there is none.
///
/// ```
/// let also = [("name-ky".to_owned(), "Талас".to_owned())].into();
/// assert_eq!(recount_election::name_in("Talas", &also, "ky"), "Талас");
/// assert_eq!(recount_election::name_in("Talas", &also, "ru"), "Talas");
/// ```
#[must_use]
pub fn name_in<'a>(name: &'a str, attributes: &'a Attributes, tag: &str) -> &'a str {
    attributes.get(&format!("name-{tag}")).map_or(name, String::as_str)
}

/// A title in a language, from the titles by tag that a form declares beside the first.
#[must_use]
pub fn title_in<'a>(title: &'a str, titles: &'a BTreeMap<String, String>, tag: &str) -> &'a str {
    titles.get(tag).map_or(title, String::as_str)
}

/// A list that stands in a contest: a party's list, an alliance, or one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDef {
    /// Identifier, unique within its contest.
    pub id: String,
    /// The contest in which it stands.
    pub contest: String,
    /// Name as printed on the ballot.
    pub name: String,
    /// The unit in which alone it stands; `None` where it stands everywhere in its contest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Facts about it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: Attributes,
    /// Its candidates, in the list's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CandidateDef>,
}

impl ListDef {
    /// Checks every identifier in it.
    ///
    /// # Errors
    /// The first identifier that is none.
    pub fn check(&self) -> Result<(), IdError> {
        check_id(&self.id)?;
        check_id(&self.contest)?;
        self.unit.as_deref().map_or(Ok(()), check_id)?;
        self.candidates.iter().try_for_each(|candidate| check_id(&candidate.id))
    }
}

/// A candidate on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidateDef {
    /// Identifier, unique within the list.
    pub id: String,
    /// Name as printed on the list.
    pub name: String,
    /// Facts about the candidate.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: Attributes,
}
