//! Compares every key of `expected` with what was computed.

use serde_json::Value;

use crate::Trouble;

/// How far a number may be off: at most `abs`, or `rel` of the expected one, whichever allows more.
#[derive(Clone, Copy)]
pub struct Within {
    pub abs: f64,
    pub rel: f64,
}

pub const EXACT: Within = Within { abs: 0.0, rel: 0.0 };

pub fn abs(abs: f64) -> Within {
    Within { abs, rel: 0.0 }
}

pub fn rel(rel: f64) -> Within {
    Within { abs: 0.0, rel }
}

/// Compares all of `expected`; `within` gives the tolerance for a dotted path.
pub fn compare(expected: &Value, got: &Value, within: &dyn Fn(&str) -> Within) -> Result<(), Trouble> {
    let mut wrong = Vec::new();
    walk(expected, got, "", within, &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(Trouble::Failed(wrong.join("; "))) }
}

fn walk(expected: &Value, got: &Value, path: &str, within: &dyn Fn(&str) -> Within, wrong: &mut Vec<String>) {
    match expected {
        Value::Object(keys) => {
            for (key, value) in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match got.get(key) {
                    Some(got) => walk(value, got, &path, within, wrong),
                    None => wrong.push(format!("{path} was not computed")),
                }
            }
        }
        Value::Array(items) => {
            let found = got.as_array().map_or(0, Vec::len);
            if found < items.len() {
                wrong.push(format!("{path}: {found} entries, expected {}", items.len()));
            }
            for (place, value) in items.iter().enumerate().take(found) {
                walk(value, &got[place], &format!("{path}.{place}"), within, wrong);
            }
        }
        Value::Number(number) => {
            let expected = number.as_f64().unwrap();
            let Within { abs, rel } = within(path);
            let bound = abs.max(rel * expected.abs());
            match got.as_f64() {
                Some(got) if (got - expected).abs() <= bound => {}
                other => wrong.push(format!("{path}: {other:?}, expected {expected} within {bound}")),
            }
        }
        other if other == got => {}
        other => wrong.push(format!("{path}: {got}, expected {other}")),
    }
}
