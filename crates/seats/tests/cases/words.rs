//! Reading a case's JSON: keys by name, numbers written as decimals.

use serde_json::{Map, Value};

/// Why a case did not pass.
#[derive(Debug)]
pub enum Trouble {
    /// It needs something that is not computed yet.
    Pending(String),
    /// It came out otherwise, or has a word that is not in the vocabulary.
    Failed(String),
    /// It gave a result, and should have been refused.
    Accepted(String),
}

pub fn pending<T>(why: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Pending(why.into()))
}

pub fn failed<T>(why: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Failed(why.into()))
}

/// A result where the case expects a refusal.
pub fn accepted<T>(found: impl std::fmt::Debug) -> Result<T, Trouble> {
    Err(Trouble::Accepted(format!("not refused: {found:?}")))
}

/// The value as an object.
pub fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, Trouble> {
    value.as_object().map_or_else(|| failed(format!("`{what}` is not an object")), Ok)
}

/// The value as an array.
pub fn array<'a>(value: &'a Value, what: &str) -> Result<&'a Vec<Value>, Trouble> {
    value.as_array().map_or_else(|| failed(format!("`{what}` is not an array")), Ok)
}

/// The value as text.
pub fn text<'a>(value: &'a Value, what: &str) -> Result<&'a str, Trouble> {
    value.as_str().map_or_else(|| failed(format!("`{what}` is not a text")), Ok)
}

/// Every key of `map` must be known. One that is known and not computed yet makes the case pending,
/// whatever stands beside it.
pub fn keys(map: &Map<String, Value>, known: &[&str], later: &[&str], what: &str) -> Result<(), Trouble> {
    if let Some(key) = map.keys().find(|key| later.contains(&key.as_str())) {
        return pending(format!("`{key}` in {what}"));
    }
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => failed(format!("unknown word `{key}` in {what}")),
        None => Ok(()),
    }
}

/// A decimal such as `"0.7"`, as numerator and denominator over `scale`: percent is scale 100.
pub fn ratio(value: &Value, scale: u64, what: &str) -> Result<String, Trouble> {
    let written = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return failed(format!("`{what}` is not a number")),
    };
    let (whole, decimals) = written.split_once('.').unwrap_or((&written, ""));
    let digits = format!("{whole}{decimals}");
    let power = 10u64.checked_pow(u32::try_from(decimals.len()).unwrap_or(u32::MAX));
    match (digits.parse::<u64>(), power.and_then(|power| power.checked_mul(scale))) {
        (Ok(num), Some(den)) => Ok(format!("{num}/{den}")),
        // Whatever it is, the library refuses it.
        _ => Ok(format!("{written}/{scale}")),
    }
}

/// A text as TOML writes it.
pub fn quoted(text: &str) -> String {
    // JSON's escapes are those of a TOML basic string.
    Value::String(text.to_owned()).to_string()
}

/// One condition of a `threshold`.
pub struct Asked {
    pub toml: String,
    /// Where a share is taken; none: it is no share.
    pub place: Option<&'static str>,
    /// The sizes of coalitions that it is for; none: it is for all.
    pub range: Option<String>,
}

/// All conditions. What is asked of coalitions of some size replaces the plain share taken at the same place, and
/// nothing else: floors in regions, quotas and ranks stay.
pub fn by_size(asked: &[Asked]) -> Vec<String> {
    let attribute = |range: &str| format!("{{ attribute = {{ name = \"coalition_members\", {range} }} }}");
    let one = |this: &Asked| match &this.range {
        Some(range) => format!("{{ any = [{{ not = {} }}, {}] }}", attribute(range), this.toml),
        None => {
            let at_place = asked.iter().filter(|other| this.place.is_some() && other.place == this.place);
            let mut branches = vec![this.toml.clone()];
            branches.extend(at_place.filter_map(|other| other.range.as_deref()).map(attribute));
            match branches.as_slice() {
                [alone] => alone.clone(),
                _ => format!("{{ any = [{}] }}", branches.join(", ")),
            }
        }
    };
    asked.iter().map(one).collect()
}

/// `coalition of 2-3`, `2`, `4+`.
pub fn coalition(range: &str) -> Result<String, Trouble> {
    let size = range.strip_prefix("coalition of ").unwrap_or(range);
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (least, most) = if let Some(least) = size.strip_suffix('+') {
        (number(least), None)
    } else if let Some((least, most)) = size.split_once('-') {
        (number(least), Some(number(most)))
    } else {
        (number(size), Some(number(size)))
    };
    match (least, most) {
        (Some(least), None) => Ok(format!("at_least = {least}")),
        (Some(least), Some(Some(most))) => Ok(format!("at_least = {least}, at_most = {most}")),
        _ => failed(format!("unknown range `{range}`")),
    }
}
