//! Reading maps from TOML, and the rules that a map obeys.

use std::collections::BTreeSet;
use std::ops::Range;

use recount_election::check_id;
use thiserror::Error;

use super::{Kind, Map, RulingMap, SCHEMA, StatusValue};

/// The longest map, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// Why a text is no valid map.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MapError {
    /// Not TOML, an unknown or missing key, a wrong type, or a template that does not parse.
    #[error("{message}")]
    Toml {
        /// What is wrong.
        message: String,
        /// Bytes of the text that it is about.
        span: Option<Range<usize>>,
    },
    /// Well-formed, but against a rule of maps.
    #[error("{message}")]
    Rule {
        /// Which rule, and by what.
        message: String,
        /// Bytes of the text that it is about, where they can be found.
        span: Option<Range<usize>>,
    },
}

impl MapError {
    /// The bytes of the text that the error is about, where known.
    #[must_use]
    pub const fn span(&self) -> Option<&Range<usize>> {
        match self {
            Self::Toml { span, .. } | Self::Rule { span, .. } => span.as_ref(),
        }
    }
}

/// A broken rule, and the value that broke it.
struct Broken {
    message: String,
    value: String,
}

fn broken(value: &str, message: impl Into<String>) -> Broken {
    Broken { message: message.into(), value: value.to_owned() }
}

pub(super) fn parse(text: &str) -> Result<Map, MapError> {
    if text.len() > MAX_TEXT {
        let message = format!("a map has at most {MAX_TEXT} bytes");
        return Err(MapError::Rule { message, span: None });
    }
    let map: Map = toml::from_str(text)
        .map_err(|error| MapError::Toml { message: error.message().to_owned(), span: error.span() })?;
    rules(&map).map_err(|broken| MapError::Rule { span: find(text, &broken.value), message: broken.message })?;
    Ok(map)
}

/// The last place where the text holds `value` as a string: of two duplicates, the second.
fn find(text: &str, value: &str) -> Option<Range<usize>> {
    let quoted = format!("\"{value}\"");
    text.rfind(&quoted).map(|start| start..start + quoted.len())
}

fn rules(map: &Map) -> Result<(), Broken> {
    if map.schema != SCHEMA {
        let message = format!("schema {:?} is unknown; this version reads {SCHEMA:?}", map.schema);
        return Err(broken(&map.schema, message));
    }
    id("set", &map.set)?;
    let delimiter = map.delimiter;
    if !delimiter.is_ascii() || delimiter.is_ascii_alphanumeric() || "\"\r\n".contains(delimiter) {
        let message = format!("{delimiter:?} cannot divide cells; use , ; | or \\t");
        return Err(broken(&delimiter.to_string(), message));
    }
    if map.kind == Kind::Copies && map.by.is_none() {
        return Err(broken("copies", "copies need `by`: whose copy a row is"));
    }
    unit_rules(map)?;
    names("list", map.lists.iter().map(|list| list.id.as_str()))?;
    distinct("column of a list", map.lists.iter().map(super::ListMap::suffix))?;
    map.lists.iter().flat_map(|list| &list.contests).try_for_each(|name| id("contest", name))?;
    map.lines.keys().try_for_each(|code| id("line", code))?;
    status_rules(map)?;
    pass_rules(map)
}

fn id(what: &str, name: &str) -> Result<(), Broken> {
    check_id(name).map_err(|error| broken(name, format!("{what}: {error}")))
}

fn distinct<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Broken> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(broken(name, format!("the {what} {name:?} is declared twice")));
        }
    }
    Ok(())
}

fn names<'a>(what: &str, names: impl Iterator<Item = &'a str> + Clone) -> Result<(), Broken> {
    names.clone().try_for_each(|name| id(what, name))?;
    distinct(what, names)
}

fn unit_rules(map: &Map) -> Result<(), Broken> {
    names("level", map.units.iter().map(|unit| unit.level.as_str()))?;
    match map.units.first() {
        None => Err(broken("unit", "there should be at least one [[unit]]: the whole")),
        Some(root) if !root.id.is_constant() => {
            let message = "the first [[unit]] is the whole: its id may name no column";
            Err(broken(root.id.text(), message))
        }
        Some(_) => Ok(()),
    }?;
    names("attribute", map.station.attributes.keys().map(String::as_str))?;
    map.station.flags.iter().try_for_each(|flag| id("attribute", &flag.name))
}

fn ruling_rules(rulings: &[RulingMap]) -> Result<(), Broken> {
    rulings.iter().try_for_each(|ruling| {
        id("reason", &ruling.reason)?;
        match ruling.poll {
            Some(0) => Err(broken(&ruling.reason, "polls are counted from 1")),
            _ => Ok(()),
        }
    })
}

fn status_rules(map: &Map) -> Result<(), Broken> {
    let Some(status) = &map.status else { return Ok(()) };
    distinct("status", status.values.iter().map(|value| value.is.as_str()))?;
    status.values.iter().try_for_each(|value| status_value_rules(map, value))
}

fn status_value_rules(map: &Map, value: &StatusValue) -> Result<(), Broken> {
    value.absent.as_deref().map_or(Ok(()), |reason| id("reason", reason))?;
    ruling_rules(&value.rulings)?;
    let known = |code: &String| map.passes.iter().any(|pass| map.lines_of(pass).contains_key(code));
    match value.zero_lines.iter().find(|code| !known(code)) {
        None => Ok(()),
        Some(code) => Err(broken(code, format!("zero_lines names the unknown line {code:?}"))),
    }
}

fn pass_rules(map: &Map) -> Result<(), Broken> {
    names("pass", map.passes.iter().map(|pass| pass.id.as_str()))?;
    if map.passes.is_empty() {
        return Err(broken("pass", "there should be at least one [[pass]]"));
    }
    map.passes.iter().try_for_each(|pass| {
        id("source", &pass.source)?;
        if !pass.part.is_empty() {
            id("part", &pass.part)?;
        }
        map.lines_of(pass).keys().try_for_each(|code| id("line", code))?;
        ruling_rules(&pass.rulings)
    })
}
