//! The JSON Schema of rulebooks (draft 2020-12) and the reference of their keys, from the table in
//! `keys`.

use serde_json::{Map, Value, json};

use super::check;
use super::keys::{COMMON, KINDS, Key, STAGE, Shape, TABLES};

/// The JSON Schema (draft 2020-12) of a rulebook, read as JSON: tables are objects, dates are texts.
/// It says which keys there are and what may stand behind them; that names are declared, shares are
/// at most the whole and so on is checked by [`Rulebook::parse`](super::Rulebook::parse) alone.
pub fn rulebook_schema() -> Value {
    let mut definitions = Map::new();
    for (name, keys) in TABLES {
        definitions.insert((*name).to_owned(), table(keys));
    }
    definitions.insert("stage".to_owned(), stage());
    definitions.insert(
        "ratio".to_owned(),
        json!({ "type": "string", "pattern": "^[0-9]+(/[0-9]+)?$", "description": "a ratio, such as \"7/100\"" }),
    );
    let root = definitions.remove("rulebook").unwrap_or_default();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:recount:rulebook:1",
        "title": "recount-rulebook/1",
        "description": "The arithmetic of an election law as data",
    });
    if let (Some(schema), Value::Object(root)) = (schema.as_object_mut(), root) {
        schema.extend(root);
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

fn table(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// Every stage has the keys of all kinds; which of them a kind knows follows from `kind`.
fn stage() -> Value {
    let mut stage = table(STAGE);
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let rules: Vec<Value> = KINDS
        .iter()
        .map(|kind| {
            let mut then = json!({ "required": kind.needs, "description": kind.says });
            let known = check::allowed(kind.name).unwrap_or_default();
            if !known.is_empty() {
                let names: Vec<&str> = COMMON.iter().chain(known).copied().collect();
                then["propertyNames"] = json!({ "enum": names });
            }
            json!({ "if": { "properties": { "kind": { "const": kind.name } } }, "then": then })
        })
        .collect();
    stage["properties"]["kind"]["enum"] = json!(kinds);
    stage["allOf"] = json!(rules);
    stage
}

fn property(key: &Key) -> Value {
    let mut property = shape(key.shape);
    if let Some(property) = property.as_object_mut() {
        property.insert("description".to_owned(), json!(key.says));
    }
    property
}

fn shape(shape: Shape) -> Value {
    let to = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
    let number = || json!({ "type": "integer", "minimum": 0 });
    let text = || json!({ "type": "string" });
    let list = |of: Value| json!({ "type": "array", "items": of });
    match shape {
        Shape::Text | Shape::Name => text(),
        Shape::Word(words) => json!({ "type": "string", "enum": words }),
        Shape::Ratio => to("ratio"),
        Shape::Number => number(),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Date => json!({ "type": "string" }),
        Shape::Table(name) => to(name),
        Shape::NameOr(name) => json!({ "anyOf": [text(), to(name)] }),
        Shape::NumberOr(name) => json!({ "anyOf": [number(), to(name)] }),
        Shape::NumberOrName => json!({ "anyOf": [number(), text()] }),
        Shape::Names => json!({ "anyOf": [text(), list(text())] }),
        Shape::Words(words) => list(json!({ "type": "string", "enum": words })),
        Shape::Ratios => list(to("ratio")),
        Shape::Range => json!({ "type": "array", "items": number(), "minItems": 2, "maxItems": 2 }),
        Shape::Tables(name) => list(to(name)),
        Shape::TableOrTables(name) => json!({ "anyOf": [to(name), list(to(name))] }),
        Shape::ByKey(name) => json!({ "type": "object", "additionalProperties": to(name) }),
        Shape::Numbers => json!({ "type": "object", "additionalProperties": number() }),
        Shape::Texts => json!({
            "type": "object",
            "additionalProperties": { "type": "object", "additionalProperties": text() },
        }),
        Shape::Any => json!({}),
    }
}

/// The reference of all keys as Markdown: the file, each kind of stage, then the tables within.
pub fn rulebook_reference() -> String {
    let mut text = String::from("### The file\n\n");
    let of = |name: &str| TABLES.iter().find(|(own, _)| *own == name).map_or(&[][..], |(_, keys)| *keys);
    text.push_str(&rows(of("rulebook").iter()));
    text.push_str("\n### Every stage\n\n");
    text.push_str(&rows(STAGE.iter().filter(|key| COMMON.contains(&key.name))));
    for kind in KINDS {
        text.push_str(&format!("\n### Stage `{}`\n\nIt {}.\n\n", kind.name, kind.says));
        let known = check::allowed(kind.name).unwrap_or_default();
        if known.is_empty() {
            text.push_str("Read and checked for its references; this version does not compute it.\n");
            continue;
        }
        let keys = STAGE.iter().filter(|key| known.contains(&key.name));
        let keys: Vec<Key> = keys.map(|key| Key { required: kind.needs.contains(&key.name), ..*key }).collect();
        text.push_str(&rows(keys.iter()));
    }
    for (name, keys) in TABLES.iter().filter(|(name, _)| *name != "rulebook") {
        text.push_str(&format!("\n### Table `{name}`\n\n"));
        text.push_str(&rows(keys.iter()));
    }
    text
}

fn rows<'a>(keys: impl Iterator<Item = &'a Key>) -> String {
    let mut text = String::from("| key | is | means |\n| --- | --- | --- |\n");
    for key in keys {
        let must = if key.required { ", **must be there**" } else { "" };
        text.push_str(&format!("| `{}` | {}{must} | {} |\n", key.name, words(key.shape), key.says));
    }
    text
}

fn words(shape: Shape) -> String {
    let listed = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let link = |name: &str| format!("[`{name}`](#table-{name})");
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Name => "name".to_owned(),
        Shape::Word(words) => listed(words),
        Shape::Ratio => "ratio".to_owned(),
        Shape::Number => "whole number".to_owned(),
        Shape::Flag => "true or false".to_owned(),
        Shape::Date => "date".to_owned(),
        Shape::Table(name) => format!("table {}", link(name)),
        Shape::NameOr(name) => format!("text, or table {}", link(name)),
        Shape::NumberOr(name) => format!("whole number, or table {}", link(name)),
        Shape::NumberOrName => "whole number, or name".to_owned(),
        Shape::Names => "name, or list of names".to_owned(),
        Shape::Words(words) => format!("list of {}", listed(words)),
        Shape::Ratios => "list of ratios".to_owned(),
        Shape::Range => "two whole numbers".to_owned(),
        Shape::Tables("stage") => "`[[stage]]`, see below".to_owned(),
        Shape::Tables(name) => format!("list of tables {}", link(name)),
        Shape::TableOrTables(name) => format!("table {}, or list of them", link(name)),
        Shape::ByKey(name) => format!("tables {} by key", link(name)),
        Shape::Numbers => "whole numbers by key".to_owned(),
        Shape::Texts => "texts by level and name".to_owned(),
        Shape::Any => "see the stage kind".to_owned(),
    }
}
