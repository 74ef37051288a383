//! What a column is: its name, type, meaning and unit. CSV, JSON, Parquet and the package read it from here.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::parquet::{Field, Physical};

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
    /// A number with six digits after the point.
    Decimal,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, unique in the table.
    pub name: Cow<'static, str>,
    /// What it means, in a sentence.
    pub description: Cow<'static, str>,
    /// Its type.
    pub kind: Kind,
    /// What is counted: `votes`, `voters`, `ballots`, `seats`, `stations`, `statements`, `percent`.
    pub unit: Option<&'static str>,
    /// Whether every row has a value.
    pub required: bool,
}

impl Column {
    fn new(name: impl Into<Cow<'static, str>>, description: impl Into<Cow<'static, str>>, kind: Kind) -> Column {
        Column { name: name.into(), description: description.into(), kind, unit: None, required: false }
    }

    /// A column of text.
    pub fn text(name: impl Into<Cow<'static, str>>, description: impl Into<Cow<'static, str>>) -> Column {
        Column::new(name, description, Kind::Text)
    }

    /// A column of whole numbers, with what they count.
    pub fn count(
        name: impl Into<Cow<'static, str>>,
        unit: &'static str,
        description: impl Into<Cow<'static, str>>,
    ) -> Column {
        Column { unit: Some(unit), ..Column::new(name, description, Kind::Integer) }
    }

    /// A column of whole numbers that count nothing: indices, places.
    pub fn number(name: impl Into<Cow<'static, str>>, description: impl Into<Cow<'static, str>>) -> Column {
        Column::new(name, description, Kind::Integer)
    }

    /// A column of yes and no.
    pub fn flag(name: impl Into<Cow<'static, str>>, description: impl Into<Cow<'static, str>>) -> Column {
        Column::new(name, description, Kind::Flag)
    }

    /// A column of numbers with six digits after the point.
    pub fn decimal(
        name: impl Into<Cow<'static, str>>,
        unit: &'static str,
        description: impl Into<Cow<'static, str>>,
    ) -> Column {
        Column { unit: Some(unit), ..Column::new(name, description, Kind::Decimal) }
    }

    /// The same, with a value in every row.
    #[must_use]
    pub fn always(self) -> Column {
        Column { required: true, ..self }
    }

    /// The field of a Frictionless table schema.
    fn describe(&self) -> Value {
        let word = match self.kind {
            Kind::Text => "string",
            Kind::Integer => "integer",
            Kind::Flag => "boolean",
            Kind::Decimal => "number",
        };
        let mut field = Map::new();
        field.insert("name".to_owned(), json!(self.name));
        field.insert("type".to_owned(), json!(word));
        field.insert("description".to_owned(), json!(self.description));
        if let Some(unit) = self.unit {
            field.insert("unit".to_owned(), json!(unit));
        }
        if self.required {
            field.insert("constraints".to_owned(), json!({ "required": true }));
        }
        Value::Object(field)
    }
}

/// The columns of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// In their order.
    pub columns: Vec<Column>,
}

impl Schema {
    /// As a Frictionless table schema.
    #[must_use]
    pub fn describe(&self) -> Value {
        json!({ "fields": self.columns.iter().map(Column::describe).collect::<Vec<_>>(), "missingValues": [""] })
    }

    /// As the columns of a Parquet file.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let field = |column: &Column| Field {
            name: column.name.clone().into_owned(),
            physical: match column.kind {
                Kind::Text => Physical::Text,
                Kind::Integer => Physical::Integer,
                Kind::Flag => Physical::Boolean,
                Kind::Decimal => Physical::Decimal(6),
            },
            optional: !column.required,
        };
        self.columns.iter().map(field).collect()
    }
}
