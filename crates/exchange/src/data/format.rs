//! Writes rows as CSV, JSON or Parquet.

use std::io::Write;

use super::{Cell, DataError, Schema, Sheet};
use crate::parquet::{ParquetError, Value, Writer};

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// RFC 4180 in UTF-8, lines end in LF: a header, then one row each; an absent value is an empty cell.
    Csv,
    /// An array of objects, one a line; an absent value is `null`.
    Json,
    /// Apache Parquet; an absent value is null.
    Parquet,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 3] = [Format::Csv, Format::Json, Format::Parquet];

    /// The ending of file names, and the word in a package.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Parquet => "parquet",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv",
            Format::Json => "application/json",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// What takes the rows of a table.
pub trait Rows {
    /// Takes a row: one cell per column of the schema.
    ///
    /// # Errors
    /// The row cannot be written.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), DataError>;
}

/// Writes a table. The metadata go into the footer of a Parquet file; the other formats have no place for them.
///
/// # Errors
/// The bytes cannot be written, a total cannot be formed, or a number does not fit.
pub fn write_table(
    sheet: &Sheet<'_>,
    format: Format,
    metadata: &[(String, String)],
    out: &mut dyn Write,
) -> Result<(), DataError> {
    match format {
        Format::Csv => {
            let mut rows = Csv { out, line: String::new() };
            rows.header(&sheet.schema)?;
            sheet.rows(&mut rows)?;
            rows.out.flush()?;
        }
        Format::Json => {
            let mut rows = Json::new(out, &sheet.schema);
            sheet.rows(&mut rows)?;
            rows.finish()?;
        }
        Format::Parquet => {
            let writer = Writer::new(out, sheet.schema.fields(), metadata.to_vec())?;
            let mut rows = Parquet { writer, schema: &sheet.schema };
            sheet.rows(&mut rows)?;
            rows.writer.finish()?;
        }
    }
    Ok(())
}

struct Csv<'w> {
    out: &'w mut dyn Write,
    line: String,
}

impl Csv<'_> {
    fn header(&mut self, schema: &Schema) -> Result<(), DataError> {
        let names: Vec<Cell<'_>> = schema.columns.iter().map(|column| Cell::text(column.name.as_ref())).collect();
        self.row(&names)
    }
}

impl Rows for Csv<'_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), DataError> {
        self.line.clear();
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                self.line.push(',');
            }
            match cell {
                Cell::Text(text) if text.contains([',', '"', '\n', '\r']) => {
                    self.line.push('"');
                    self.line.push_str(&text.replace('"', "\"\""));
                    self.line.push('"');
                }
                other => other.push(&mut self.line),
            }
        }
        // A row of one absent value would be an empty line, which readers skip.
        if self.line.is_empty() {
            self.line.push_str("\"\"");
        }
        self.line.push('\n');
        Ok(self.out.write_all(self.line.as_bytes())?)
    }
}

struct Json<'w> {
    out: &'w mut dyn Write,
    keys: Vec<String>,
    line: String,
    first: bool,
}

impl<'w> Json<'w> {
    fn new(out: &'w mut dyn Write, schema: &Schema) -> Json<'w> {
        let key = |(n, name): (usize, &str)| {
            let mut key = String::from(if n == 0 { "{" } else { "," });
            quote(name, &mut key);
            key.push(':');
            key
        };
        let names = schema.columns.iter().map(|column| column.name.as_ref());
        Json { out, keys: names.enumerate().map(key).collect(), line: String::new(), first: true }
    }

    fn finish(self) -> Result<(), DataError> {
        self.out.write_all(if self.first { b"[]\n" } else { b"\n]\n" })?;
        Ok(self.out.flush()?)
    }
}

impl Rows for Json<'_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), DataError> {
        self.line.clear();
        self.line.push_str(if self.first { "[\n" } else { ",\n" });
        self.first = false;
        for (key, cell) in self.keys.iter().zip(cells) {
            self.line.push_str(key);
            match cell {
                Cell::Absent => self.line.push_str("null"),
                Cell::Text(text) => quote(text, &mut self.line),
                other => other.push(&mut self.line),
            }
        }
        self.line.push('}');
        Ok(self.out.write_all(self.line.as_bytes())?)
    }
}

/// A JSON string.
fn quote(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                // Writing to memory does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

struct Parquet<'w, 's> {
    writer: Writer<&'w mut dyn Write>,
    schema: &'s Schema,
}

impl Rows for Parquet<'_, '_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), DataError> {
        let too_large = cells.iter().position(|cell| matches!(cell, Cell::Number(n) if i64::try_from(*n).is_err()));
        if let Some((Cell::Number(number), column)) =
            too_large.and_then(|at| Some((cells.get(at)?, self.schema.columns.get(at)?)))
        {
            return Err(DataError::TooLarge { column: column.name.clone().into_owned(), number: *number });
        }
        let value = |cell| match cell {
            &Cell::Absent => Value::Absent,
            Cell::Text(text) => Value::Text(text),
            Cell::Number(n) => i64::try_from(*n).map_or(Value::Absent, Value::Integer),
            Cell::Flag(yes) => Value::Boolean(*yes),
            Cell::Millionths(n) => Value::Integer(*n),
        };
        self.writer.row(cells.iter().map(value)).map_err(|why: ParquetError| why.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::Column;

    fn sheet() -> Sheet<'static> {
        let columns =
            vec![Column::text("name", "A name."), Column::number("n", "A number."), Column::flag("ok", "Whether.")];
        Sheet::made("things", Schema { columns }, |rows: &mut dyn Rows| {
            rows.row(&[Cell::text("a \"b\", c\n\u{1}"), Cell::number(-3), Cell::Flag(true)])?;
            rows.row(&[Cell::text("плюс"), Cell::Absent, Cell::Absent])?;
            rows.row(&[Cell::Absent, Cell::Number(1 << 100), Cell::Absent])
        })
    }

    fn written(format: Format) -> Result<String, DataError> {
        let mut out = Vec::new();
        write_table(&sheet(), format, &[], &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        let csv = written(Format::Csv).unwrap();
        assert_eq!(csv, format!("name,n,ok\n\"a \"\"b\"\", c\n\u{1}\",-3,true\nплюс,,\n,{},\n", 1u128 << 100));
    }

    #[test]
    fn json_is_json() {
        let json: serde_json::Value =
            serde_json::from_str(&written(Format::Json).unwrap().replace(&(1u128 << 100).to_string(), "7")).unwrap();
        assert_eq!(json[0]["name"], "a \"b\", c\n\u{1}");
        assert_eq!(json[0]["n"], -3);
        assert_eq!(json[0]["ok"], true);
        assert!(json[1]["n"].is_null());
        assert_eq!(json[2]["n"], 7);
    }

    #[test]
    fn parquet_refuses_what_does_not_fit() {
        assert!(matches!(written(Format::Parquet), Err(DataError::TooLarge { column, .. }) if column == "n"));
    }
}
