//! Compares what was computed with what is expected.

use serde_json::Value;

use super::read::{Case, Trouble};

pub fn compare(case: &Case, computed: &Value) -> Result<(), Trouble> {
    subset(case, "", case.expected, computed)
}

fn subset(case: &Case, at: &str, expected: &Value, computed: &Value) -> Result<(), Trouble> {
    match expected {
        Value::Object(map) => {
            for (key, inner) in map.iter().filter(|(key, _)| *key != "note") {
                let here = format!("{at}/{key}");
                let found = computed.get(key).ok_or_else(|| Trouble::Pending(format!("`{here}` is not computed")))?;
                subset(case, &here, inner, found)?;
            }
            Ok(())
        }
        Value::Array(list) => {
            let found = computed.as_array().ok_or_else(|| wrong(at, expected, computed))?;
            if found.len() != list.len() {
                return Err(wrong(at, expected, computed));
            }
            for (i, inner) in list.iter().enumerate() {
                subset(case, &format!("{at}[{i}]"), inner, &found[i])?;
            }
            Ok(())
        }
        Value::Number(number) => {
            let wanted = number.as_f64().ok_or_else(|| wrong(at, expected, computed))?;
            let found = computed.as_f64().ok_or_else(|| wrong(at, expected, computed))?;
            if close(case, at, wanted, found) { Ok(()) } else { Err(wrong(at, expected, computed)) }
        }
        other if other == computed => Ok(()),
        _ => Err(wrong(at, expected, computed)),
    }
}

fn wrong(at: &str, expected: &Value, computed: &Value) -> Trouble {
    let short = |value: &Value| value.to_string().chars().take(120).collect::<String>();
    Trouble::Failed(format!("{at}: expected {}, got {}", short(expected), short(computed)))
}

fn close(case: &Case, at: &str, wanted: f64, found: f64) -> bool {
    let allowed = |key: &str| case.tolerance.get(key).and_then(Value::as_f64);
    let last = at.rsplit('/').next().unwrap_or("");
    let off = (wanted - found).abs();
    let is_count = last == "n" || last.starts_with("n_");
    if let (true, Some(slack)) = (is_count, allowed("n_abs")) {
        return off <= slack;
    }
    let slack = allowed("abs").unwrap_or(0.0).max(allowed("rel").unwrap_or(0.0) * wanted.abs());
    off <= slack
}
