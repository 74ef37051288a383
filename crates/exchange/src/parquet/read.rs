//! Reads a flat table, row by row.

use super::cursor::Cursor;
use super::meta::{self, FileMeta};
use super::{MAGIC, ParquetError};

/// Limits on what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most columns. Default: 4,096.
    pub columns: usize,
    /// The most rows. Default: 100 million.
    pub rows: u64,
    /// The most bytes of pages that are held at once. Default: 512 MiB.
    pub pages: usize,
    /// The most bytes of text that come out, counted as CSV would be: a byte more for each value. Default: 4 GiB.
    pub text: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { columns: 4_096, rows: 100_000_000, pages: 512 << 20, text: 4 << 30 }
    }
}

/// A reader of one file, which is held whole.
///
/// ```
/// use recount_exchange::parquet::{Field, Limits, Physical, Reader, Value, Writer};
///
/// let fields = vec![
///     Field { name: "station".into(), physical: Physical::Text, optional: false },
///     Field { name: "votes".into(), physical: Physical::Integer, optional: true },
/// ];
/// let mut writer = Writer::new(Vec::new(), fields, Vec::new())?;
/// writer.row([Value::Text("1001"), Value::Integer(417)])?;
/// writer.row([Value::Text("1002"), Value::Absent])?;
/// let bytes = writer.finish()?;
///
/// let mut reader = Reader::new(bytes, Limits::default())?;
/// assert_eq!(reader.names().collect::<Vec<_>>(), ["station", "votes"]);
/// let mut row = Vec::new();
/// let mut cells = Vec::new();
/// while reader.row(|cell| row.push(cell.map(<[u8]>::to_vec)))? {
///     cells.push(std::mem::take(&mut row));
/// }
/// assert_eq!(cells[0], [Some(b"1001".to_vec()), Some(b"417".to_vec())]);
/// assert_eq!(cells[1], [Some(b"1002".to_vec()), None]);
/// # Ok::<(), recount_exchange::parquet::ParquetError>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    file: Vec<u8>,
    meta: FileMeta,
    limits: Limits,
    group: usize,
    left: u64,
    cursors: Vec<Cursor>,
    value: Vec<u8>,
    written: u64,
}

impl Reader {
    /// Whether bytes begin as a Parquet file does.
    #[must_use]
    pub fn is_parquet(head: &[u8]) -> bool {
        head.starts_with(&MAGIC)
    }

    /// Reads the footer of a file.
    ///
    /// # Errors
    /// The file is broken, nested or beyond the limits.
    pub fn new(file: Vec<u8>, limits: Limits) -> Result<Reader, ParquetError> {
        let short = ParquetError::Broken("it does not end as a Parquet file does");
        let tail = file.len().checked_sub(8).filter(|tail| *tail >= MAGIC.len());
        let (Some(tail), true, true) = (tail, file.starts_with(&MAGIC), file.ends_with(&MAGIC)) else {
            return Err(short);
        };
        let length = file.get(tail..).and_then(|bytes| bytes.first_chunk::<4>());
        let length = length.and_then(|bytes| usize::try_from(u32::from_le_bytes(*bytes)).ok());
        let from = length.and_then(|length| tail.checked_sub(length)).filter(|from| *from >= MAGIC.len());
        let from = from.ok_or(ParquetError::Broken("its footer is longer than the file"))?;
        let meta = meta::read(file.get(from..tail).unwrap_or_default(), from, limits.columns)?;
        let rows = meta.groups.iter().fold(0u64, |sum, group| sum.saturating_add(group.rows));
        if rows > limits.rows {
            return Err(ParquetError::TooMuch { what: "rows", limit: limits.rows });
        }
        Ok(Reader { file, meta, limits, group: 0, left: 0, cursors: Vec::new(), value: Vec::new(), written: 0 })
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.meta.columns.iter().map(|column| column.name.as_str())
    }

    /// The next row: each value as text, or none. False at the end, and no value is given.
    ///
    /// # Errors
    /// A page is broken, or the limits are reached. Rows before it were complete.
    pub fn row(&mut self, mut cell: impl FnMut(Option<&[u8]>)) -> Result<bool, ParquetError> {
        while self.left == 0 {
            let Some(group) = self.meta.groups.get(self.group) else { return Ok(false) };
            self.group += 1;
            self.left = group.rows;
            self.cursors = group.chunks.iter().map(|chunk| Cursor::new(*chunk)).collect();
        }
        self.left -= 1;
        let mut held: usize = self.cursors.iter().map(Cursor::held).sum();
        for (cursor, column) in self.cursors.iter_mut().zip(&self.meta.columns) {
            let before = cursor.held();
            let budget = self.limits.pages.saturating_sub(held - before);
            self.value.clear();
            let there = cursor.next(&self.file, column, budget, &mut self.value)?;
            held = held - before + cursor.held();
            self.written = self.written.saturating_add(self.value.len() as u64).saturating_add(1);
            if self.written > self.limits.text {
                return Err(ParquetError::TooMuch { what: "bytes of text", limit: self.limits.text });
            }
            cell(there.then_some(self.value.as_slice()));
        }
        Ok(true)
    }
}
