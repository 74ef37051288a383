//! From any JSON to the restricted canonical JSON of statements, with the place of whatever does not fit.

use recount_record::json::{MAX_INTEGER, Value};

/// The value as a statement may hold it; keys are sorted on the way.
///
/// # Errors
/// A sentence that names the place: a fraction, a number too large, `null`.
pub fn value(from: &serde_json::Value, place: &str) -> Result<Value<'static>, String> {
    let here = if place.is_empty() { "the description" } else { place };
    match from {
        serde_json::Value::Null => Err(format!("{here}: null has no place in a statement; leave the key out")),
        serde_json::Value::Bool(flag) => Ok(Value::Bool(*flag)),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(n) if n.unsigned_abs() <= MAX_INTEGER.unsigned_abs() => Ok(Value::Int(n)),
            Some(_) => Err(format!("{here}: {n} is beyond 2^53 - 1")),
            None => Err(format!("{here}: {n} is not a whole number")),
        },
        serde_json::Value::String(text) => Ok(Value::str(text.clone())),
        serde_json::Value::Array(items) => {
            let items = items.iter().enumerate().map(|(at, item)| value(item, &format!("{place}[{at}]")));
            Ok(Value::Array(items.collect::<Result<_, _>>()?))
        }
        serde_json::Value::Object(pairs) => {
            let mut each = Vec::with_capacity(pairs.len());
            for (key, item) in pairs {
                let inner = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                each.push((key.clone(), value(item, &inner)?));
            }
            Ok(Value::object(each))
        }
    }
}
