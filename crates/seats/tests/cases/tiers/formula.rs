//! Formulas and ties as a rulebook writes them.

use serde_json::{Map, Value};

use super::super::words::{Trouble, array, failed, keys, object, quoted, ratio, text};

/// The `formula` of a tier, as a TOML table; more keys than these are refused by name.
pub fn formula(tier: &Map<String, Value>) -> Result<String, Trouble> {
    let Some(formula) = tier.get("formula") else { return failed("a tier without a formula") };
    let formula = match formula {
        // A word alone is a divisor rule.
        Value::String(rule) => return Ok(format!("{{ family = \"divisor\", rule = {} }}", quoted(rule))),
        formula => object(formula, "formula")?,
    };
    let known = ["family", "quota", "rounding", "remainders", "rule", "first", "over_allocation", "continues"];
    keys(formula, &known, &[], "formula")?;
    let mut parts = Vec::new();
    for (key, value) in formula {
        match key.as_str() {
            "first" | "continues" => {}
            "remainders" => {
                let word = text(value, key)?;
                let remainder = if word == "largest" { "largest_fraction" } else { word };
                parts.push(format!("remainder = {}", quoted(remainder)));
            }
            _ => parts.push(format!("{key} = {}", quoted(text(value, key)?))),
        }
    }
    if let Some(first) = formula.get("first").or_else(|| tier.get("first")) {
        parts.push(format!("first = \"{}\"", ratio(first, 1, "first")?));
    }
    if let Some(over) = tier.get("over_allocation") {
        parts.push(format!("over_allocation = {}", quoted(text(over, "over_allocation")?)));
    }
    if formula.get("family").and_then(Value::as_str) == Some("quota") && !formula.contains_key("remainders") {
        parts.push("remainder = \"largest_fraction\"".to_owned());
    }
    Ok(format!("{{ {} }}", parts.join(", ")))
}

pub fn continues(tier: &Map<String, Value>) -> bool {
    tier.get("formula").and_then(|formula| formula.get("continues")) == Some(&Value::Bool(true))
}

/// The tie rules of a tier, or of the election. A lot is always allowed in where one is given.
pub fn ties(tier: &Map<String, Value>, rules: &Map<String, Value>) -> Result<String, Trouble> {
    let mut words = Vec::new();
    if let Some(ties) = tier.get("ties").or_else(|| rules.get("ties")) {
        for word in array(ties, "ties")? {
            words.push(match text(word, "ties")? {
                "undefined_in_text_found" => "\"unresolved\"",
                "more_votes" => "\"more_votes\"",
                "lot" => "\"lot\"",
                other => return failed(format!("unknown tie rule `{other}`")),
            });
        }
    }
    Ok(format!("ties = [{}]\n", words.join(", ")))
}

/// What each has at least, and the tie rules: the end of a stage that allocates.
pub fn minimum_and_ties(tier: &Map<String, Value>, rules: &Map<String, Value>) -> Result<String, Trouble> {
    let minimum = number(tier, "minimum")?.map_or(String::new(), |least| format!("minimum = {least}\n"));
    Ok(minimum + &ties(tier, rules)?)
}

/// Seats that may be written as a number.
pub fn number(tier: &Map<String, Value>, key: &str) -> Result<Option<u64>, Trouble> {
    match tier.get(key) {
        None => Ok(None),
        Some(value) => value.as_u64().map(Some).map_or_else(|| failed(format!("`{key}` is not a number")), Ok),
    }
}
