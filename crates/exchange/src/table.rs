//! A table as a stream of rows, each with its line in the file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use csv::ByteRecord;
use thiserror::Error;

use crate::open::{CapReached, Capped, Opened, open};
use crate::parquet::{Limits, ParquetError, Reader};

/// Limits on what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The largest table, in bytes once decompressed. Default: 4 GiB.
    pub max_bytes: u64,
    /// The longest row, in bytes, give or take the size of a buffer. Default: 1 MiB.
    pub max_row: u64,
    /// The most columns. Default: 4,096.
    pub max_columns: usize,
    /// The most rows that may be refused before the reading is given up. Default: 100,000.
    pub max_refused: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_bytes: 4 << 30, max_row: 1 << 20, max_columns: 4_096, max_refused: 100_000 }
    }
}

/// Why a table cannot be read (any further).
#[derive(Debug, Error)]
pub enum TableError {
    /// The file cannot be opened or read, or its compression is broken.
    #[error("the table cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The table is larger than [`Options::max_bytes`].
    #[error("the table holds more than {cap} bytes once decompressed; raise the cap if that is right")]
    TooLarge {
        /// The cap.
        cap: u64,
    },
    /// A row is longer than [`Options::max_row`].
    #[error("the row at line {line} holds more than {cap} bytes; a quotation mark may be missing there")]
    RowTooLong {
        /// The line at which the row begins.
        line: u64,
        /// The cap.
        cap: u64,
    },
    /// The file is Parquet, and cannot be read as such.
    #[error(transparent)]
    Parquet(ParquetError),
    /// There is not even a header.
    #[error("the table is empty: its first row should name the columns")]
    Empty,
    /// The header is not UTF-8.
    #[error("the name of column {column} is not UTF-8; convert the table to UTF-8")]
    Header {
        /// Position, counted from 1.
        column: usize,
    },
    /// Two columns have the same name.
    #[error("two columns are called {name:?}; rename one")]
    DuplicateColumn {
        /// The name.
        name: String,
    },
    /// More columns than [`Options::max_columns`].
    #[error("the table has {found} columns, more than the cap of {cap}")]
    TooManyColumns {
        /// How many there are.
        found: usize,
        /// The cap.
        cap: usize,
    },
}

/// A table, CSV or Parquet: a header and a stream of rows.
pub struct Table<'a> {
    source: Source<'a>,
    header: Vec<String>,
    record: ByteRecord,
}

/// Where rows come from.
enum Source<'a> {
    Csv(Box<Csv<'a>>),
    /// With the row that was read last; the first row of figures is row 2, as it would be in CSV.
    Parquet(Box<Reader>, u64),
}

/// A stream of CSV.
struct Csv<'a> {
    reader: csv::Reader<Capped<Box<dyn Read + Send + 'a>>>,
    /// Whether the reader has counted the end of a row's line when it hands the row out: it has
    /// for lines that end in LF, and not for CR LF, whose LF it skips before the next row.
    counts_line_end: bool,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The line of the file at which the row begins, counted from 1 (the header is line 1).
    pub line: u64,
    cells: &'a ByteRecord,
}

impl<'a> Row<'a> {
    /// How many cells the row has.
    #[must_use]
    pub fn len(self) -> usize {
        self.cells.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.cells.is_empty()
    }

    /// The bytes of a cell.
    #[must_use]
    pub fn bytes(self, column: usize) -> Option<&'a [u8]> {
        self.cells.get(column)
    }

    /// The text of a cell; `None` where there is no such cell or it is not UTF-8.
    #[must_use]
    pub fn text(self, column: usize) -> Option<&'a str> {
        self.bytes(column).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
}

impl<'a> Table<'a> {
    /// Opens a file: CSV, plain or in gzip or zstd, or Parquet, told apart by its first bytes.
    ///
    /// # Errors
    /// The file cannot be read, or its header is wrong.
    pub fn open(path: &Path, delimiter: u8, options: &Options) -> Result<Self, TableError> {
        Self::from_reader(File::open(path)?, delimiter, options)
    }

    /// Opens any source of bytes: CSV, plain or in gzip or zstd, or Parquet, told apart by its first bytes.
    ///
    /// # Errors
    /// The source cannot be read, or its header is wrong.
    pub fn from_reader(source: impl Read + Send + 'a, delimiter: u8, options: &Options) -> Result<Self, TableError> {
        match open(source)? {
            Opened::Text(text) => Self::csv(text, delimiter, options),
            Opened::Parquet(mut bytes) => {
                let mut file = Vec::new();
                bytes.by_ref().take(options.max_bytes).read_to_end(&mut file)?;
                if bytes.read(&mut [0])? > 0 {
                    return Err(TableError::TooLarge { cap: options.max_bytes });
                }
                Self::parquet(file, options)
            }
        }
    }

    fn csv(text: Box<dyn Read + Send + 'a>, delimiter: u8, options: &Options) -> Result<Self, TableError> {
        let capped = Capped::new(text, options.max_bytes, options.max_row);
        let reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(capped);
        let mut csv = Csv { reader, counts_line_end: false };
        let mut record = ByteRecord::new();
        csv.next(&mut record)?.ok_or(TableError::Empty)?;
        let header = header(&record, options)?;
        csv.counts_line_end = csv.reader.position().line() > lines_within(&record).saturating_add(1);
        Ok(Self { source: Source::Csv(Box::new(csv)), header, record })
    }

    fn parquet(file: Vec<u8>, options: &Options) -> Result<Self, TableError> {
        // Every row takes a byte of text at least, so that the cap of bytes is one of rows too.
        let limits = Limits { columns: options.max_columns, text: options.max_bytes, ..Limits::default() };
        let reader = Reader::new(file, limits).map_err(TableError::Parquet)?;
        let record: ByteRecord = reader.names().collect();
        let header = header(&record, options)?;
        Ok(Self { source: Source::Parquet(Box::new(reader), 1), header, record })
    }

    /// The names of the columns.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// The source cannot be read further or reached a cap. Rows before it were complete.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, TableError> {
        let line = match &mut self.source {
            Source::Csv(csv) => csv.next(&mut self.record)?,
            Source::Parquet(reader, line) => {
                self.record.clear();
                let record = &mut self.record;
                let there = reader.row(|cell| record.push_field(cell.unwrap_or_default()));
                *line = line.saturating_add(1);
                there.map_err(TableError::Parquet)?.then_some(*line)
            }
        };
        Ok(line.map(|line| Row { line, cells: &self.record }))
    }
}

fn header(row: &ByteRecord, options: &Options) -> Result<Vec<String>, TableError> {
    if row.len() > options.max_columns {
        return Err(TableError::TooManyColumns { found: row.len(), cap: options.max_columns });
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut header = Vec::with_capacity(row.len());
    for (column, name) in row.iter().enumerate() {
        let name = std::str::from_utf8(name).map_err(|_| TableError::Header { column: column + 1 })?;
        // Some programs mark UTF-8 with a byte order mark before the first name.
        let name = if column == 0 { name.trim_start_matches('\u{feff}') } else { name };
        if !seen.insert(name) {
            return Err(TableError::DuplicateColumn { name: name.to_owned() });
        }
        header.push(name.to_owned());
    }
    Ok(header)
}

impl Csv<'_> {
    /// The line of the next row, which is put into the record; `None` at the end.
    fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, TableError> {
        let before = self.reader.position().line();
        match self.reader.read_byte_record(record) {
            Ok(false) => Ok(None),
            Ok(true) => {
                self.reader.get_mut().row_ended();
                Ok(Some(self.first_line(before, record)))
            }
            Err(error) => Err(read_error(error, before)),
        }
    }

    /// The line at which the row just read begins. The reader tells where the row before it
    /// ended, and blank lines may lie between.
    fn first_line(&self, before: u64, record: &ByteRecord) -> u64 {
        let behind = lines_within(record).saturating_add(u64::from(self.counts_line_end));
        self.reader.position().line().saturating_sub(behind).max(before)
    }
}

/// The lines that end inside of cells.
fn lines_within(record: &ByteRecord) -> u64 {
    let count = record.as_slice().iter().filter(|&&byte| byte == b'\n').count();
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn read_error(error: csv::Error, line: u64) -> TableError {
    let error = match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        // Cells of bytes and flexible rows leave no other kind of error.
        other => return TableError::Io(io::Error::other(format!("{other:?}"))),
    };
    match error.get_ref().and_then(|inner| inner.downcast_ref::<CapReached>()) {
        Some(&CapReached::Table(cap)) => TableError::TooLarge { cap },
        Some(&CapReached::Row(cap)) => TableError::RowTooLong { line, cap },
        None => TableError::Io(error),
    }
}
