//! A table that becomes CSV (RFC 4180) or JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::{CliError, Outcome};

/// Rows of named cells. Columns appear in the order in which they were first named.
#[derive(Debug, Default)]
pub struct Table {
    columns: Vec<String>,
    index: BTreeMap<String, usize>,
    rows: Vec<Vec<Option<Value>>>,
}

impl Table {
    /// A table that has these columns even if no row fills them.
    pub fn new(columns: &[&str]) -> Table {
        let mut table = Table::default();
        for column in columns {
            table.column(column);
        }
        table
    }

    /// The place of a column, made if it is new.
    pub fn column(&mut self, name: &str) -> usize {
        if let Some(at) = self.index.get(name) {
            return *at;
        }
        let at = self.columns.len();
        self.columns.push(name.to_owned());
        self.index.insert(name.to_owned(), at);
        at
    }

    /// Adds a row; what is `null` is absent.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = (S, Value)>) {
        let mut row: Vec<Option<Value>> = Vec::with_capacity(self.columns.len());
        for (name, value) in cells {
            let at = self.column(name.as_ref());
            if row.len() <= at {
                row.resize(at + 1, None);
            }
            row[at] = Some(value).filter(|value| !value.is_null());
        }
        self.rows.push(row);
    }

    /// As CSV.
    pub fn csv(&self) -> String {
        let mut text = String::new();
        push_row(&mut text, self.columns.iter().map(|name| quoted(name)));
        for row in &self.rows {
            let cells = (0..self.columns.len()).map(|at| match row.get(at).and_then(Option::as_ref) {
                None => String::new(),
                Some(Value::String(words)) => quoted(words),
                Some(other) => other.to_string(),
            });
            push_row(&mut text, cells);
        }
        text
    }

    /// As a JSON array of objects.
    pub fn json(&self) -> Outcome<String> {
        let mut text = String::from("[");
        for (at, row) in self.rows.iter().enumerate() {
            let pairs = self.columns.iter().zip(row).filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
            let object = Value::Object(pairs.collect::<Map<String, Value>>());
            let object = serde_json::to_string(&object).map_err(|e| CliError::Environment(e.to_string()))?;
            text.push_str(if at == 0 { "\n" } else { ",\n" });
            text.push_str(&object);
        }
        text.push_str("\n]\n");
        Ok(text)
    }
}

fn push_row(text: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&cell);
    }
    text.push('\n');
}

/// In quotes where a comma, a quote or a line end asks for them.
fn quoted(words: &str) -> String {
    if words.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", words.replace('"', "\"\""))
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_empty_and_never_zero() {
        let mut table = Table::new(&["station"]);
        table.row([("station", Value::from("1")), ("valid", Value::from(0))]);
        table.row([("station", Value::from("a \"b\", c")), ("invalid", Value::from(2))]);
        assert_eq!(table.csv(), "station,valid,invalid\n1,0,\n\"a \"\"b\"\", c\",,2\n");
        let back: Value = serde_json::from_str(&table.json().unwrap_or_default()).unwrap_or_default();
        assert_eq!(back[1]["invalid"], 2);
        assert!(back[1].get("valid").is_none());
    }
}
