//! Rows of CSV without a header that readers know beforehand, and whole files, with caps.

use std::io::Read;

use csv::StringRecord;

use super::{CvrError, form};
use crate::open::{CapReached, Capped, Opened, open};
use crate::table::Options;

/// A stream of rows.
pub(super) struct Rows<'a> {
    reader: csv::Reader<Capped<Box<dyn Read + Send + 'a>>>,
    pub row: StringRecord,
    /// The line at which the row ends.
    pub line: u64,
}

fn text<'a>(source: impl Read + Send + 'a) -> Result<Box<dyn Read + Send + 'a>, CvrError> {
    match open(source)? {
        Opened::Text(text) => Ok(text),
        Opened::Parquet(_) => form("they are a Parquet file"),
    }
}

impl<'a> Rows<'a> {
    pub fn open(source: impl Read + Send + 'a, options: &Options) -> Result<Self, CvrError> {
        let capped = Capped::new(text(source)?, options.max_bytes, options.max_row);
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(capped);
        Ok(Rows { reader, row: StringRecord::new(), line: 0 })
    }

    /// Goes to the next row; false at the end.
    pub fn next(&mut self) -> Result<bool, CvrError> {
        self.line = self.reader.position().line();
        let line = self.line;
        let there = match self.reader.read_record(&mut self.row) {
            Ok(there) => there,
            Err(why) => return Err(broken(why, line)),
        };
        if there {
            self.reader.get_mut().row_ended();
        }
        Ok(there)
    }

    /// The next row, which must be there.
    pub fn head(&mut self) -> Result<StringRecord, CvrError> {
        if !self.next()? {
            return form("they end before their heads do");
        }
        // Some programs mark UTF-8 with a byte order mark before the first name.
        let mut row = StringRecord::new();
        for (n, cell) in self.row.iter().enumerate() {
            row.push_field(if n == 0 && self.line <= 1 { cell.trim_start_matches('\u{feff}') } else { cell });
        }
        Ok(row)
    }

    /// A cell of the row; empty beyond its end.
    pub fn cell(&self, at: usize) -> &str {
        self.row.get(at).unwrap_or_default().trim()
    }

    /// An error at this row.
    pub fn wrong<T>(&self, what: impl Into<String>) -> Result<T, CvrError> {
        Err(CvrError::Line { line: self.line, what: what.into() })
    }
}

fn broken(why: csv::Error, line: u64) -> CvrError {
    match why.into_kind() {
        csv::ErrorKind::Io(why) => match why.get_ref().and_then(|inner| inner.downcast_ref::<CapReached>()) {
            Some(&CapReached::Table(cap)) => CvrError::TooLarge(cap),
            Some(&CapReached::Row(cap)) => {
                CvrError::Line { line, what: format!("the row holds more than {cap} bytes") }
            }
            None => CvrError::Io(why),
        },
        csv::ErrorKind::Utf8 { .. } => CvrError::Line { line, what: "the row is not UTF-8".to_owned() },
        other => CvrError::Line { line, what: format!("{other:?}") },
    }
}

/// A whole file, decompressed.
pub(super) fn whole(source: impl Read + Send, options: &Options) -> Result<Vec<u8>, CvrError> {
    let mut bytes = Vec::new();
    text(source)?.take(options.max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > options.max_bytes {
        return Err(CvrError::TooLarge(options.max_bytes));
    }
    Ok(bytes)
}
