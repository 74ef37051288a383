//! Reading a case's inputs.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Index;

use recount_audit::risk::Population;
use recount_audit::{AuditError, Ratio};
use serde_json::Value;

/// Why a case did not pass.
pub enum Trouble {
    /// Words that this version does not compute.
    Pending(String),
    /// A wrong figure, or a case that cannot be read.
    Failed(String),
}

impl From<AuditError> for Trouble {
    fn from(error: AuditError) -> Self {
        Self::Failed(format!("refused: {error}"))
    }
}

impl From<String> for Trouble {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

/// Inputs that say nothing to compute with: prose, and figures that follow from others.
const PROSE: [&str; 11] =
    ["x_rule", "placement", "note", "notes", "algorithm", "reps", "data_ref", "gmin", "gmax", "x_first20", "invalid"];

/// The inputs of a case; remembers which were asked for.
pub struct Inputs<'a> {
    of: &'a Value,
    read: RefCell<BTreeSet<String>>,
}

impl<'a> Inputs<'a> {
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.read.borrow_mut().insert(key.to_owned());
        self.of.get(key)
    }

    /// The first input that nobody asked for, and that is no prose.
    pub fn unread(&self) -> Option<&'a str> {
        let read = self.read.borrow();
        let keys = self.of.as_object().into_iter().flat_map(serde_json::Map::keys).map(String::as_str);
        keys.into_iter().find(|key| !read.contains(*key) && !PROSE.contains(key))
    }
}

impl Index<&str> for Inputs<'_> {
    type Output = Value;

    fn index(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(&Value::Null)
    }
}

/// One case of the file.
pub struct Case<'a> {
    pub file: &'a Value,
    pub id: &'a str,
    pub family: &'a str,
    pub function: &'a str,
    pub inputs: Inputs<'a>,
    pub expected: &'a Value,
    pub tolerance: &'a Value,
    /// The keys of `inputs.votes` in the file's order.
    pub order: Vec<String>,
}

impl<'a> Case<'a> {
    pub fn new(file: &'a Value, vector: &'a Value, order: Vec<String>) -> Self {
        let word = |key: &str| vector.get(key).and_then(Value::as_str).unwrap_or("");
        Self {
            file,
            id: word("id"),
            family: word("family"),
            function: word("function"),
            inputs: Inputs { of: &vector["inputs"], read: RefCell::default() },
            expected: &vector["expected"],
            tolerance: &vector["tolerance"],
            order,
        }
    }

    /// The words of `function` that say what to do.
    pub fn word(&self) -> &'a str {
        self.function.split([',', '(', '[']).next().unwrap_or("").trim()
    }

    pub fn pending(&self) -> Trouble {
        Trouble::Pending(format!("function `{}`", self.function))
    }

    /// An input in words that must be these.
    pub fn says(&self, key: &str, words: &str) -> Result<(), Trouble> {
        match self.inputs.get(key).and_then(Value::as_str) {
            Some(own) if own == words => Ok(()),
            own => Err(Trouble::Pending(format!("`{key}`: {own:?}"))),
        }
    }

    pub fn has(&self, key: &str) -> bool {
        self.inputs.get(key).is_some()
    }

    pub fn number(&self, key: &str) -> Result<f64, Trouble> {
        self.inputs.get(key).and_then(Value::as_f64).ok_or_else(|| missing(key))
    }

    pub fn number_or(&self, key: &str, otherwise: f64) -> Result<f64, Trouble> {
        if self.has(key) { self.number(key) } else { Ok(otherwise) }
    }

    pub fn count(&self, key: &str) -> Result<u64, Trouble> {
        self.inputs.get(key).and_then(Value::as_u64).ok_or_else(|| missing(key))
    }

    pub fn text(&self, key: &str) -> Result<&'a str, Trouble> {
        self.inputs.get(key).and_then(Value::as_str).ok_or_else(|| missing(key))
    }

    /// The population: a size, or `"inf"` (also if absent).
    pub fn population(&self) -> Result<Population, Trouble> {
        match self.inputs.get("N") {
            None => Ok(Population::Infinite),
            Some(Value::String(word)) if word == "inf" => Ok(Population::Infinite),
            Some(_) => Ok(Population::Finite(self.count("N")?)),
        }
    }

    /// The draws: a list, or a value repeated.
    pub fn values(&self) -> Result<Vec<f64>, Trouble> {
        let x = self.inputs.get("x").ok_or_else(|| missing("x"))?;
        if let Some(repeat) = x.get("repeat").and_then(Value::as_array) {
            let value = repeat[0].as_f64().ok_or_else(|| missing("repeat"))?;
            let times = repeat[1].as_u64().and_then(|n| usize::try_from(n).ok()).ok_or_else(|| missing("repeat"))?;
            return Ok(vec![value; times]);
        }
        numbers(x, "x")
    }

    /// Votes per choice; those of `votes` in the file's order.
    pub fn votes(&self, key: &str) -> Result<Vec<(String, u64)>, Trouble> {
        let mut found = votes(self.inputs.get(key).ok_or_else(|| missing(key))?)?;
        if key == "votes" {
            found.sort_by_key(|(name, _)| self.order.iter().position(|o| o == name));
        }
        Ok(found)
    }
}

pub fn missing(key: &str) -> Trouble {
    Trouble::Failed(format!("the case has no readable `{key}`"))
}

pub fn count(of: &Value, key: &str) -> Result<u64, Trouble> {
    of.get(key).and_then(Value::as_u64).ok_or_else(|| missing(key))
}

pub fn numbers(of: &Value, key: &str) -> Result<Vec<f64>, Trouble> {
    let list = of.as_array().ok_or_else(|| missing(key))?;
    list.iter().map(|x| x.as_f64().ok_or_else(|| missing(key))).collect()
}

pub fn votes(of: &Value) -> Result<Vec<(String, u64)>, Trouble> {
    let map = of.as_object().ok_or_else(|| missing("votes"))?;
    map.iter().map(|(k, v)| Ok((k.clone(), v.as_u64().ok_or_else(|| missing(k))?))).collect()
}

/// A JSON decimal as the exact fraction that its digits say.
pub fn exact(of: &Value) -> Result<Ratio, Trouble> {
    let text = match of {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Ok(text.parse::<Ratio>()?)
}
