//! The published JSON Schema and the reference of keys: up to date, true of every rulebook that ships,
//! and false of mistakes. `RECOUNT_WRITE_DOCS=1` writes both anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::path::{Path, PathBuf};

use recount_seats::{rulebook_reference, rulebook_schema};
use serde_json::{Map, Value};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The file says this, or, if asked, is made to.
fn published(path: &str, text: &str) {
    if std::env::var_os("RECOUNT_WRITE_DOCS").is_some() {
        std::fs::write(root(path), text).unwrap();
    }
    let found = std::fs::read_to_string(root(path)).unwrap_or_default();
    assert!(found == text, "{path} is not up to date; run this test with RECOUNT_WRITE_DOCS=1");
}

#[test]
fn the_published_schema_is_up_to_date() {
    published("docs/rulebook.schema.json", &(serde_json::to_string_pretty(&rulebook_schema()).unwrap() + "\n"));
}

#[test]
fn the_reference_is_up_to_date() {
    let mark = "<!-- from here on written by crates/seats/tests/schema.rs -->\n";
    let page = std::fs::read_to_string(root("docs/rulebooks.md")).unwrap();
    let (head, _) = page.split_once(mark).unwrap();
    published("docs/rulebooks.md", &format!("{head}{mark}\n{}", rulebook_reference()));
}

/// TOML as JSON: dates are texts.
fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(key, value)| (key.clone(), json(value))).collect())
        }
        toml::Value::Array(list) => Value::Array(list.iter().map(json).collect()),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Boolean(flag) => Value::Bool(*flag),
        toml::Value::Float(number) => Value::from(*number),
    }
}

/// What the schema says against a value; the words of the schema that it does not know are refused.
struct Judge<'a> {
    root: &'a Value,
}

impl Judge<'_> {
    fn judge(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        for (word, rule) in schema.as_object().unwrap() {
            let holds = match word.as_str() {
                "$ref" => {
                    let path = rule.as_str().unwrap().trim_start_matches('#');
                    self.judge(self.root.pointer(path).unwrap(), value, at).map(|()| true)?
                }
                "type" => match rule.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "boolean" => value.is_boolean(),
                    other => panic!("type {other}"),
                },
                "enum" => rule.as_array().unwrap().contains(value),
                "const" => rule == value,
                "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
                "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
                "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= rule.as_u64().unwrap()),
                // The one pattern there is: a ratio.
                "pattern" => value.as_str().is_none_or(|text| {
                    let parts: Vec<&str> = text.split('/').collect();
                    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_digit());
                    parts.len() <= 2 && parts.iter().all(digits)
                }),
                "items" => self.each(rule, value, at)?,
                "properties" => self.properties(rule.as_object().unwrap(), value, at)?,
                "required" => {
                    let keys = rule.as_array().unwrap().iter().map(|key| key.as_str().unwrap());
                    value.as_object().is_none_or(|object| keys.clone().all(|key| object.contains_key(key)))
                }
                "additionalProperties" => self.others(schema, rule, value, at)?,
                "propertyNames" => value.as_object().is_none_or(|object| {
                    object.keys().all(|key| rule["enum"].as_array().unwrap().contains(&Value::String(key.clone())))
                }),
                "anyOf" => rule.as_array().unwrap().iter().any(|one| self.judge(one, value, at).is_ok()),
                "allOf" => {
                    rule.as_array().unwrap().iter().try_for_each(|one| self.judge(one, value, at)).map(|()| true)?
                }
                "if" => match self.judge(rule, value, at) {
                    Ok(()) => self.judge(&schema["then"], value, at).map(|()| true)?,
                    Err(_) => true,
                },
                "then" | "$schema" | "$id" | "title" | "description" | "$defs" => true,
                other => panic!("the test does not know `{other}`"),
            };
            if !holds {
                return Err(format!("{at}: {value} against {word} {rule}"));
            }
        }
        Ok(())
    }

    fn each(&self, rule: &Value, value: &Value, at: &str) -> Result<bool, String> {
        let items = value.as_array().into_iter().flatten().enumerate();
        items.map(|(place, item)| self.judge(rule, item, &format!("{at}[{place}]"))).collect::<Result<Vec<()>, _>>()?;
        Ok(true)
    }

    fn properties(&self, rules: &Map<String, Value>, value: &Value, at: &str) -> Result<bool, String> {
        for (key, rule) in rules {
            if let Some(inner) = value.get(key) {
                self.judge(rule, inner, &format!("{at}.{key}"))?;
            }
        }
        Ok(true)
    }

    fn others(&self, schema: &Value, rule: &Value, value: &Value, at: &str) -> Result<bool, String> {
        for (key, inner) in value.as_object().into_iter().flatten() {
            if schema["properties"].get(key).is_some() {
                continue;
            }
            if *rule == Value::Bool(false) {
                return Err(format!("{at}: no key `{key}`"));
            }
            self.judge(rule, inner, &format!("{at}.{key}"))?;
        }
        Ok(true)
    }
}

fn check(text: &str) -> Result<(), String> {
    let schema = rulebook_schema();
    let value = json(&toml::Value::Table(toml::from_str(text).unwrap()));
    Judge { root: &schema }.judge(&schema, &value, "")
}

#[test]
fn every_rulebook_that_ships_follows_the_schema() {
    let mut checked = 0;
    for entry in std::fs::read_dir(root("rulebooks")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "toml") {
            let verdict = check(&std::fs::read_to_string(&path).unwrap());
            assert!(verdict.is_ok(), "{}: {verdict:?}", path.display());
            checked += 1;
        }
    }
    assert!(checked >= 2);
}

#[test]
fn mistakes_do_not_follow_the_schema() {
    let good = std::fs::read_to_string(root("rulebooks/pt-ar.toml")).unwrap();
    assert_eq!(check(&good), Ok(()));
    for (from, to) in [
        ("title = ", "titel = "),
        ("kind = \"allocate\"", "kind = \"alocate\""),
        ("rule = \"dhondt\"", "rule = \"dhont\""),
        ("order = \"list\"", "order = \"list\"\nmax_seats = 3"),
        ("formula = { family = \"divisor\", rule = \"dhondt\" }", ""),
        ("required = { constituency = 22 }", "required = { constituency = -1 }"),
        ("ties = [\"fewer_votes\", \"unresolved\"]", "ties = [\"coin\"]"),
        ("id = \"seats\"", "id = 7"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        assert!(check(&text).is_err(), "{to}");
    }
}
