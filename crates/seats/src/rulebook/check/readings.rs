//! Declared readings: another value of a doubtful field, or other keys of a stage.

use super::super::raw::{self, Spanned};
use super::super::{DeclaredReading, DoubtField, MOST_READINGS, Rulebook, RulebookError, Stage};
use super::{Known, law, stages};

pub(super) fn readings(
    raw: Vec<raw::Reading>,
    stages: &[Stage],
    known: &Known,
    text: &str,
) -> Result<Vec<DeclaredReading>, RulebookError> {
    let ids: Vec<String> = stages.iter().map(|stage| stage.id.clone()).collect();
    // Before any of them is read: each may cost as much as the rulebook itself.
    if raw.len() > MOST_READINGS {
        return Err(RulebookError::whole("too many readings", format!("declare at most {MOST_READINGS}")));
    }
    let mut readings: Vec<DeclaredReading> = Vec::new();
    for reading in raw {
        raw::known(&reading.stage, &ids, "stage")?;
        law(reading.law.as_ref(), known)?;
        let stage = stages.iter().find(|stage| stage.id == *reading.stage.as_ref());
        let (field, value, alternative) = match (reading.field, reading.value, reading.set) {
            (Some(field), Some(value), None) => {
                let field = stage.map_or(Ok(DoubtField::Base), |stage| stages::doubt_field(&field, &stage.kind))?;
                stages::reading_value(field, &value, known)?;
                (field, value.into_inner(), None)
            }
            (None, None, Some(set)) => {
                let (value, alternative) = with_keys(text, reading.stage.as_ref(), &set)?;
                (DoubtField::Keys, value, Some(Box::new(alternative)))
            }
            _ => {
                return Err(RulebookError::at(
                    reading.stage.span(),
                    format!("the reading `{}` does not say once what it reads differently", reading.id),
                    "write field and value, or set = { KEY = VALUE } with keys of the stage",
                ));
            }
        };
        readings.push(DeclaredReading {
            id: reading.id,
            says: reading.says,
            law: reading.law.map(Spanned::into_inner),
            stage: reading.stage.into_inner(),
            field,
            value,
            alternative,
        });
    }
    Ok(readings)
}

/// The rulebook in which these keys of the stage are other ones, without readings of its own.
fn with_keys(text: &str, stage: &str, set: &Spanned<toml::Table>) -> Result<(String, Rulebook), RulebookError> {
    let wrong = |what: String| RulebookError::at(set.span(), what, "set keys that the stage may have");
    let mut table: toml::Table = toml::from_str(text).map_err(|error| RulebookError::toml(&error))?;
    table.remove("reading");
    let stages = table.get_mut("stage").and_then(toml::Value::as_array_mut);
    let found = stages
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_table_mut)
        .find(|table| table.get("id").and_then(toml::Value::as_str) == Some(stage));
    let keys = set.as_ref();
    if let Some(found) = found {
        if keys.is_empty() || keys.contains_key("id") {
            return Err(wrong("a reading sets some keys of a stage, and not its id".to_owned()));
        }
        for (key, value) in keys {
            found.insert(key.clone(), value.clone());
        }
        // The doubt is answered here by what is set.
        found.remove("doubt");
    }
    let value = toml::Value::Table(keys.clone()).to_string();
    let other = toml::to_string(&table).map_err(|error| wrong(error.to_string()))?;
    let rulebook = Rulebook::parse(&other).map_err(|error| wrong(format!("under this reading: {error}")))?;
    Ok((value, rulebook))
}
