//! What is listed: units, stations, lists and candidates, in chunks, and the seal that closes them.

use recount_log::Hash;

use super::{Pairs, int, text};
use crate::fields::{Fields, ShapeError, as_id_owned};
use crate::json::Value;

/// One chunk of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The poll for which these rows hold; units and stations of poll 1 hold for later polls too.
    pub poll: u64,
    /// The rows, in order; a parent stands before its children.
    pub rows: Vec<Row>,
}

/// One row of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A node of the election's geography.
    Unit {
        /// Identifier.
        id: String,
        /// One of the forms' levels.
        level: String,
        /// The unit above; `None` for the root.
        parent: Option<String>,
        /// Name for people.
        name: String,
        /// Numbers and marks that rules use: `abroad`, `population` ...
        attributes: Vec<(String, String)>,
    },
    /// A station; a row for a station that is listed already changes its expected voters.
    Station {
        /// Identifier.
        id: String,
        /// The unit it lies in.
        unit: String,
        /// Voters on its list.
        voters: Option<u64>,
        /// Parts whose ballots are counted apart; empty means one count.
        parts: Vec<String>,
        /// Name or address.
        name: Option<String>,
        /// Marks: `remote` ...
        attributes: Vec<(String, String)>,
    },
    /// Takes a station off the register; its leaf in the station tree stays.
    Drop {
        /// The station.
        station: String,
    },
    /// A list (or, in a contest between candidates, one candidate).
    List {
        /// Identifier, unique in the contest.
        id: String,
        /// The contest.
        contest: String,
        /// Name for people.
        name: String,
        /// Where it stands, if not everywhere.
        unit: Option<String>,
        /// Marks that rules use: `minority`, `coalition_members` ...
        attributes: Vec<(String, String)>,
    },
    /// A candidate of a list, in list order.
    Candidate {
        /// Identifier, unique in the list.
        id: String,
        /// The contest.
        contest: String,
        /// The list.
        list: String,
        /// Name for people.
        name: String,
        /// Marks that rules use: `gender` ...
        attributes: Vec<(String, String)>,
    },
}

impl Register {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Register, ShapeError> {
        Ok(Register { poll: super::figures::take_poll(fields)?, rows: fields.list("rows", as_row)? })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        vec![("poll", int(self.poll)), ("rows", Value::Array(self.rows.iter().map(Row::value).collect()))]
    }
}

fn as_row(key: &str, value: Value<'_>) -> Result<Row, ShapeError> {
    let mut f = Fields::of(key, value)?;
    let owned = |s: std::borrow::Cow<'_, str>| s.into_owned();
    let row = if let Some(id) = f.id_opt("unit_id")? {
        Row::Unit {
            id: owned(id),
            level: owned(f.id("level")?),
            parent: f.id_opt("in")?.map(owned),
            name: owned(f.text("name")?),
            attributes: f.attributes("attributes")?,
        }
    } else if let Some(id) = f.id_opt("station_id")? {
        Row::Station {
            id: owned(id),
            unit: owned(f.id("in")?),
            voters: f.count_opt("voters")?,
            parts: f.list_opt("parts", as_id_owned)?,
            name: f.text_opt("name")?.map(owned),
            attributes: f.attributes("attributes")?,
        }
    } else if let Some(station) = f.id_opt("drop")? {
        Row::Drop { station: owned(station) }
    } else if let Some(id) = f.id_opt("list_id")? {
        Row::List {
            id: owned(id),
            contest: owned(f.id("contest")?),
            name: owned(f.text("name")?),
            unit: f.id_opt("in")?.map(owned),
            attributes: f.attributes("attributes")?,
        }
    } else if let Some(id) = f.id_opt("candidate_id")? {
        Row::Candidate {
            id: owned(id),
            contest: owned(f.id("contest")?),
            list: owned(f.id("list")?),
            name: owned(f.text("name")?),
            attributes: f.attributes("attributes")?,
        }
    } else {
        return Err(ShapeError::Wrong {
            key: "rows".to_owned(),
            why: "holds a row that is no unit, station, list or candidate",
        });
    };
    f.done()?;
    Ok(row)
}

fn push_attributes(pairs: &mut Pairs, attributes: &[(String, String)]) {
    if !attributes.is_empty() {
        pairs.push(("attributes", Value::object(attributes.iter().map(|(k, v)| (k.clone(), text(v))))));
    }
}

impl Row {
    /// The row's JSON value; its length tells how many rows fit a chunk.
    pub fn value(&self) -> Value<'static> {
        let mut pairs: Pairs = Vec::new();
        match self {
            Row::Unit { id, level, parent, name, attributes } => {
                pairs.extend([("unit_id", text(id)), ("level", text(level)), ("name", text(name))]);
                pairs.extend(parent.as_ref().map(|p| ("in", text(p))));
                push_attributes(&mut pairs, attributes);
            }
            Row::Station { id, unit, voters, parts, name, attributes } => {
                push_attributes(&mut pairs, attributes);
                pairs.extend([("station_id", text(id)), ("in", text(unit))]);
                pairs.extend(voters.map(|n| ("voters", int(n))));
                pairs.extend(name.as_ref().map(|n| ("name", text(n))));
                if !parts.is_empty() {
                    pairs.push(("parts", super::texts(parts)));
                }
            }
            Row::Drop { station } => pairs.push(("drop", text(station))),
            Row::List { id, contest, name, unit, attributes } => {
                pairs.extend([("list_id", text(id)), ("contest", text(contest)), ("name", text(name))]);
                pairs.extend(unit.as_ref().map(|u| ("in", text(u))));
                push_attributes(&mut pairs, attributes);
            }
            Row::Candidate { id, contest, list, name, attributes } => {
                pairs.extend([
                    ("candidate_id", text(id)),
                    ("contest", text(contest)),
                    ("list", text(list)),
                    ("name", text(name)),
                ]);
                push_attributes(&mut pairs, attributes);
            }
        }
        Value::object(pairs)
    }
}

/// Closes the register: how much there is of it, and the root over its chunks. Before it, coverage says "register incomplete".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The poll.
    pub poll: u64,
    /// Number of effective register statements of this poll so far.
    pub chunks: u64,
    /// Units listed.
    pub units: u64,
    /// Stations listed and not dropped.
    pub stations: u64,
    /// Lists listed.
    pub lists: u64,
    /// RFC 6962 tree root over the text hashes of those statements, in order (each text hash is one leaf's data).
    pub root: Hash,
}

impl Seal {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Seal, ShapeError> {
        Ok(Seal {
            poll: super::figures::take_poll(fields)?,
            chunks: fields.count("chunks")?,
            units: fields.count("units")?,
            stations: fields.count("stations")?,
            lists: fields.count("lists")?,
            root: fields.hash("root")?,
        })
    }

    pub(crate) fn pairs(&self) -> Pairs {
        vec![
            ("poll", int(self.poll)),
            ("chunks", int(self.chunks)),
            ("units", int(self.units)),
            ("stations", int(self.stations)),
            ("lists", int(self.lists)),
            ("root", text(&self.root.to_hex())),
        ]
    }
}
