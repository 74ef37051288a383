//! Taking an object apart by key, so that what is missing, misspelt or left over is named.

use std::borrow::Cow;

use recount_election::check_id;
use recount_log::Hash;
use thiserror::Error;

use crate::json::Value;

/// Why an object is not the shape that its kind asks for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShapeError {
    /// A key that the kind needs is not there.
    #[error("the key \"{0}\" is missing")]
    Missing(&'static str),
    /// A key that the kind does not know.
    #[error("the key \"{0}\" is not known here")]
    Unknown(String),
    /// A key holds the wrong type or a value out of range.
    #[error("\"{key}\" {why}")]
    Wrong {
        /// The key.
        key: String,
        /// What was expected of it.
        why: &'static str,
    },
}

/// One thing has one spelling: nothing is said by leaving the key out, not by an empty list.
pub(crate) const EMPTY: &str = "is left out where it is empty";

/// What is left of an object while its keys are being taken.
pub(crate) struct Fields<'a> {
    left: Vec<(Cow<'a, str>, Value<'a>)>,
}

fn wrong<T>(key: &str, why: &'static str) -> Result<T, ShapeError> {
    Err(ShapeError::Wrong { key: key.to_owned(), why })
}

impl<'a> Fields<'a> {
    pub fn of(key: &str, value: Value<'a>) -> Result<Fields<'a>, ShapeError> {
        match value {
            Value::Object(left) => Ok(Fields { left }),
            _ => wrong(key, "must be an object"),
        }
    }

    pub fn take(&mut self, key: &str) -> Option<Value<'a>> {
        let at = self.left.iter().position(|(name, _)| name == key)?;
        Some(self.left.remove(at).1)
    }

    fn need(&mut self, key: &'static str) -> Result<Value<'a>, ShapeError> {
        self.take(key).ok_or(ShapeError::Missing(key))
    }

    /// Ends the taking: a key that nobody asked for is an error.
    pub fn done(self) -> Result<(), ShapeError> {
        match self.left.first() {
            None => Ok(()),
            Some((key, _)) => Err(ShapeError::Unknown(key.clone().into_owned())),
        }
    }

    pub fn text(&mut self, key: &'static str) -> Result<Cow<'a, str>, ShapeError> {
        as_text(key, self.need(key)?)
    }

    pub fn text_opt(&mut self, key: &'static str) -> Result<Option<Cow<'a, str>>, ShapeError> {
        self.take(key).map(|value| as_text(key, value)).transpose()
    }

    pub fn id(&mut self, key: &'static str) -> Result<Cow<'a, str>, ShapeError> {
        as_id(key, self.need(key)?)
    }

    pub fn id_opt(&mut self, key: &'static str) -> Result<Option<Cow<'a, str>>, ShapeError> {
        self.take(key).map(|value| as_id(key, value)).transpose()
    }

    pub fn count(&mut self, key: &'static str) -> Result<u64, ShapeError> {
        as_count(key, self.need(key)?)
    }

    pub fn count_opt(&mut self, key: &'static str) -> Result<Option<u64>, ShapeError> {
        self.take(key).map(|value| as_count(key, value)).transpose()
    }

    pub fn hash(&mut self, key: &'static str) -> Result<Hash, ShapeError> {
        as_hash(key, self.need(key)?)
    }

    pub fn flag(&mut self, key: &'static str) -> Result<bool, ShapeError> {
        match self.take(key) {
            None => Ok(false),
            Some(Value::Bool(true)) => Ok(true),
            Some(_) => wrong(key, "is true or left out"),
        }
    }

    pub fn list<T>(
        &mut self,
        key: &'static str,
        each: impl Fn(&'static str, Value<'a>) -> Result<T, ShapeError>,
    ) -> Result<Vec<T>, ShapeError> {
        match self.need(key)? {
            Value::Array(items) => items.into_iter().map(|item| each(key, item)).collect(),
            _ => wrong(key, "must be an array"),
        }
    }

    pub fn list_opt<T>(
        &mut self,
        key: &'static str,
        each: impl Fn(&'static str, Value<'a>) -> Result<T, ShapeError>,
    ) -> Result<Vec<T>, ShapeError> {
        if !self.left.iter().any(|(name, _)| name == key) {
            return Ok(Vec::new());
        }
        let items = self.list(key, each)?;
        if items.is_empty() { wrong(key, EMPTY) } else { Ok(items) }
    }

    /// An object of identifiers and counts, in key order; absent means empty.
    pub fn counts(&mut self, key: &'static str) -> Result<Vec<(Cow<'a, str>, u64)>, ShapeError> {
        let Some(value) = self.take(key) else { return Ok(Vec::new()) };
        let Value::Object(pairs) = value else { return wrong(key, "must be an object of counts") };
        if pairs.is_empty() {
            return wrong(key, EMPTY);
        }
        pairs
            .into_iter()
            .map(|(name, value)| {
                if check_id(&name).is_err() {
                    return wrong(&name, "is not an identifier");
                }
                let count = as_count(&name, value)?;
                Ok((name, count))
            })
            .collect()
    }

    pub fn counts_owned(&mut self, key: &'static str) -> Result<Vec<(String, u64)>, ShapeError> {
        Ok(self.counts(key)?.into_iter().map(|(name, n)| (name.into_owned(), n)).collect())
    }

    /// An object of identifiers and short strings.
    pub fn attributes(&mut self, key: &'static str) -> Result<Vec<(String, String)>, ShapeError> {
        let Some(value) = self.take(key) else { return Ok(Vec::new()) };
        let Value::Object(pairs) = value else { return wrong(key, "must be an object of strings") };
        if pairs.is_empty() {
            return wrong(key, EMPTY);
        }
        pairs
            .into_iter()
            .map(|(name, value)| Ok((name.clone().into_owned(), as_text(&name, value)?.into_owned())))
            .collect()
    }
}

pub(crate) fn as_text<'a>(key: &str, value: Value<'a>) -> Result<Cow<'a, str>, ShapeError> {
    match value {
        Value::Str(text) => Ok(text),
        _ => wrong(key, "must be a string"),
    }
}

pub(crate) fn as_id<'a>(key: &str, value: Value<'a>) -> Result<Cow<'a, str>, ShapeError> {
    let text = as_text(key, value)?;
    if check_id(&text).is_err() {
        return wrong(key, "is not an identifier (ASCII letters, digits and . _ : / - up to 64)");
    }
    Ok(text)
}

pub(crate) fn as_id_owned(key: &str, value: Value<'_>) -> Result<String, ShapeError> {
    as_id(key, value).map(Cow::into_owned)
}

pub(crate) fn as_count(key: &str, value: Value<'_>) -> Result<u64, ShapeError> {
    match value {
        Value::Int(n) => u64::try_from(n).or_else(|_| wrong(key, "is negative")),
        _ => wrong(key, "must be a whole number"),
    }
}

pub(crate) fn as_hash(key: &str, value: Value<'_>) -> Result<Hash, ShapeError> {
    let text = as_text(key, value)?;
    match Hash::from_hex(&text) {
        Some(hash) if !text.bytes().any(|digit| digit.is_ascii_uppercase()) => Ok(hash),
        _ => wrong(key, "must be a SHA-256 hash in 64 lower-case hexadecimal digits"),
    }
}
