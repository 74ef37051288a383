//! The rules that a map obeys.

use recount_election::declared::{Broken, distinct, id, names};

use super::{Kind, Map, RulingMap, SCHEMA, StatusValue};

pub(super) fn rules(map: &Map) -> Result<(), Broken> {
    if map.schema != SCHEMA {
        let message = format!("schema {:?} is unknown; this version reads {SCHEMA:?}", map.schema);
        return Err(Broken::new(&map.schema, message));
    }
    id("set", &map.set)?;
    let delimiter = map.delimiter;
    if !delimiter.is_ascii() || delimiter.is_ascii_alphanumeric() || "\"\r\n".contains(delimiter) {
        let message = format!("{delimiter:?} cannot divide cells; use , ; | or \\t");
        return Err(Broken::new(&delimiter.to_string(), message));
    }
    if map.kind == Kind::Copies && map.by.is_none() {
        return Err(Broken::new("copies", "copies need `by`: whose copy a row is"));
    }
    unit_rules(map)?;
    names("list", map.lists.iter().map(|list| list.id.as_str()))?;
    distinct("column of a list", map.lists.iter().map(super::ListMap::suffix))?;
    map.lists.iter().flat_map(|list| &list.contests).try_for_each(|name| id("contest", name))?;
    map.lines.keys().try_for_each(|code| id("line", code))?;
    status_rules(map)?;
    pass_rules(map)
}

fn unit_rules(map: &Map) -> Result<(), Broken> {
    names("level", map.units.iter().map(|unit| unit.level.as_str()))?;
    match map.units.first() {
        None => Err(Broken::new("unit", "there should be at least one [[unit]]: the whole")),
        Some(root) if !root.id.is_constant() => {
            let message = "the first [[unit]] is the whole: its id may name no column";
            Err(Broken::new(root.id.text(), message))
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
            Some(0) => Err(Broken::new(&ruling.reason, "polls are counted from 1")),
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
        Some(code) => Err(Broken::new(code, format!("zero_lines names the unknown line {code:?}"))),
    }
}

fn pass_rules(map: &Map) -> Result<(), Broken> {
    names("pass", map.passes.iter().map(|pass| pass.id.as_str()))?;
    if map.passes.is_empty() {
        return Err(Broken::new("pass", "there should be at least one [[pass]]"));
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
