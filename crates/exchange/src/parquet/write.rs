//! Writes a flat table: row groups of bounded size, dictionaries where they pay, statistics, no compression.

use std::io::Write;

use super::column::{Field, Physical, Value};
use super::encode::Held;
use super::thrift::{Out, kind};
use super::{MAGIC, ParquetError, encoding, hybrid, page};

/// Rows of a group.
const GROUP_ROWS: usize = 16_384;
/// Bytes of text that are held for a group, at most, and then some.
const GROUP_BYTES: usize = 8 << 20;
/// What files say of their writer.
const CREATED_BY: &str = concat!("recount version ", env!("CARGO_PKG_VERSION"));
/// Digits of a decimal column.
const PRECISION: i32 = 18;

#[derive(Debug)]
struct Column {
    field: Field,
    held: Held,
    there: Vec<u32>,
}

/// Where a chunk lies, and what its metadata says.
struct Chunk {
    encodings: &'static [i32],
    values: usize,
    bytes: u64,
    dictionary: Option<u64>,
    data: u64,
    nulls: usize,
    range: Option<(Vec<u8>, Vec<u8>)>,
}

struct Group {
    rows: usize,
    chunks: Vec<Chunk>,
}

/// A writer of one file.
pub struct Writer<W> {
    out: W,
    at: u64,
    columns: Vec<Column>,
    rows: usize,
    groups: Vec<Group>,
    metadata: Vec<(String, String)>,
}

impl<W: Write> Writer<W> {
    /// Begins a file. The metadata are pairs of texts, kept in its footer.
    ///
    /// # Errors
    /// The bytes cannot be written.
    pub fn new(mut out: W, fields: Vec<Field>, metadata: Vec<(String, String)>) -> Result<Self, ParquetError> {
        out.write_all(&MAGIC)?;
        let columns = fields.into_iter().map(Column::new).collect();
        Ok(Writer { out, at: MAGIC.len() as u64, columns, rows: 0, groups: Vec::new(), metadata })
    }

    /// Adds a row, one value per column.
    ///
    /// # Errors
    /// A value does not fit its column, or the bytes cannot be written.
    pub fn row<'v>(&mut self, values: impl IntoIterator<Item = Value<'v>>) -> Result<(), ParquetError> {
        let mut values = values.into_iter();
        let mut text = 0;
        for column in &mut self.columns {
            column.push(values.next().unwrap_or(Value::Absent))?;
            text += column.text_bytes();
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || text > GROUP_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.rows);
        let mut chunks = Vec::with_capacity(self.columns.len());
        for column in &mut self.columns {
            let (bytes, chunk) = column.chunk(self.at, rows)?;
            self.out.write_all(&bytes)?;
            self.at += bytes.len() as u64;
            chunks.push(chunk);
        }
        self.groups.push(Group { rows, chunks });
        Ok(())
    }

    /// Writes the rest and the footer.
    ///
    /// # Errors
    /// The bytes cannot be written.
    pub fn finish(mut self) -> Result<W, ParquetError> {
        if self.rows > 0 {
            self.flush()?;
        }
        let footer = self.footer()?;
        self.out.write_all(&footer)?;
        self.out.write_all(&size(footer.len())?.to_le_bytes())?;
        self.out.write_all(&MAGIC)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn footer(&self) -> Result<Vec<u8>, ParquetError> {
        let mut out = Out::default();
        out.int(1, 1);
        out.list(2, kind::STRUCT, self.columns.len() + 1);
        out.element_begin();
        out.binary(4, b"schema");
        out.int(5, size(self.columns.len())?);
        out.end();
        for column in &self.columns {
            schema_element(&mut out, &column.field);
        }
        out.long(3, long(self.groups.iter().map(|group| group.rows as u64).sum())?);
        out.list(4, kind::STRUCT, self.groups.len());
        for group in &self.groups {
            self.group(&mut out, group)?;
        }
        if !self.metadata.is_empty() {
            out.list(5, kind::STRUCT, self.metadata.len());
            for (key, value) in &self.metadata {
                out.element_begin();
                out.binary(1, key.as_bytes());
                out.binary(2, value.as_bytes());
                out.end();
            }
        }
        out.binary(6, CREATED_BY.as_bytes());
        // The order by which the statistics were made: that of the types.
        out.list(7, kind::STRUCT, self.columns.len());
        for _ in &self.columns {
            out.element_begin();
            out.begin(1);
            out.end();
            out.end();
        }
        Ok(out.into_bytes())
    }

    fn group(&self, out: &mut Out, group: &Group) -> Result<(), ParquetError> {
        let total: u64 = group.chunks.iter().map(|chunk| chunk.bytes).sum();
        out.element_begin();
        out.list(1, kind::STRUCT, group.chunks.len());
        for (chunk, column) in group.chunks.iter().zip(&self.columns) {
            out.element_begin();
            out.long(2, long(chunk.dictionary.unwrap_or(chunk.data))?);
            out.begin(3);
            chunk.metadata(out, &column.field)?;
            out.end();
            out.end();
        }
        out.long(2, long(total)?);
        out.long(3, long(group.rows as u64)?);
        out.end();
        Ok(())
    }
}

impl Chunk {
    fn metadata(&self, out: &mut Out, field: &Field) -> Result<(), ParquetError> {
        out.int(1, type_of(field.physical));
        out.list(2, kind::I32, self.encodings.len());
        self.encodings.iter().for_each(|encoding| out.element_int(*encoding));
        out.list(3, kind::BINARY, 1);
        out.element_binary(field.name.as_bytes());
        out.int(4, 0);
        out.long(5, long(self.values as u64)?);
        out.long(6, long(self.bytes)?);
        out.long(7, long(self.bytes)?);
        out.long(9, long(self.data)?);
        if let Some(at) = self.dictionary {
            out.long(11, long(at)?);
        }
        out.begin(12);
        out.long(3, long(self.nulls as u64)?);
        if let Some((least, most)) = &self.range {
            out.binary(5, most);
            out.binary(6, least);
        }
        out.end();
        Ok(())
    }
}

fn size(n: usize) -> Result<i32, ParquetError> {
    i32::try_from(n).map_err(|_| ParquetError::TooMuch { what: "bytes in a page", limit: 1 << 31 })
}

fn long(n: u64) -> Result<i64, ParquetError> {
    i64::try_from(n).map_err(|_| ParquetError::TooMuch { what: "bytes", limit: 1 << 63 })
}

const fn type_of(physical: Physical) -> i32 {
    match physical {
        Physical::Boolean => 0,
        Physical::Integer | Physical::Decimal(_) => 2,
        Physical::Text => 6,
    }
}

fn schema_element(out: &mut Out, field: &Field) {
    out.element_begin();
    out.int(1, type_of(field.physical));
    out.int(3, i32::from(field.optional));
    out.binary(4, field.name.as_bytes());
    match field.physical {
        Physical::Text => {
            out.int(6, 0);
            out.begin(10);
            out.begin(1);
            out.end();
            out.end();
        }
        Physical::Decimal(scale) => {
            out.int(6, 5);
            out.int(7, i32::from(scale));
            out.int(8, PRECISION);
            out.begin(10);
            out.begin(5);
            out.int(1, i32::from(scale));
            out.int(2, PRECISION);
            out.end();
            out.end();
        }
        Physical::Integer | Physical::Boolean => {}
    }
    out.end();
}

impl Column {
    fn new(field: Field) -> Column {
        Column { held: Held::of(field.physical), field, there: Vec::new() }
    }

    const fn text_bytes(&self) -> usize {
        match &self.held {
            Held::Text { bytes, .. } => bytes.len(),
            _ => 0,
        }
    }

    fn push(&mut self, value: Value<'_>) -> Result<(), ParquetError> {
        match (&mut self.held, value) {
            (_, Value::Absent) if self.field.optional => {
                self.there.push(0);
                return Ok(());
            }
            (Held::Text { bytes, ends }, Value::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(bytes.len());
            }
            (Held::Integer(held), Value::Integer(n)) => held.push(n),
            (Held::Boolean(held), Value::Boolean(yes)) => held.push(yes),
            (_, value) => {
                return Err(ParquetError::Value { column: self.field.name.clone(), value: format!("{value:?}") });
            }
        }
        if self.field.optional {
            self.there.push(1);
        }
        Ok(())
    }

    /// The bytes of the chunk that begins at an offset, and what is said of it. What was held is gone then.
    fn chunk(&mut self, at: u64, rows: usize) -> Result<(Vec<u8>, Chunk), ParquetError> {
        let there = std::mem::take(&mut self.there);
        let nulls = there.iter().filter(|own| **own == 0).count();
        let encoded = self.held.encode();
        let mut bytes = Vec::new();
        if let Some((entries, values)) = &encoded.dictionary {
            let mut head = Out::default();
            head.int(1, page::DICTIONARY);
            head.int(2, size(values.len())?);
            head.int(3, size(values.len())?);
            head.begin(7);
            head.int(1, size(*entries)?);
            head.int(2, encoding::PLAIN);
            head.end();
            bytes.extend(head.into_bytes());
            bytes.extend_from_slice(values);
        }
        let data = at + bytes.len() as u64;
        let mut body = Vec::new();
        if self.field.optional {
            let mut levels = Vec::new();
            hybrid::encode(&there, 1, &mut levels);
            body.extend(size(levels.len())?.to_le_bytes());
            body.extend(levels);
        }
        body.extend_from_slice(&encoded.data);
        let of = if encoded.dictionary.is_some() { encoding::RLE_DICTIONARY } else { encoding::PLAIN };
        let mut head = Out::default();
        head.int(1, page::DATA);
        head.int(2, size(body.len())?);
        head.int(3, size(body.len())?);
        head.begin(5);
        head.int(1, size(rows)?);
        head.int(2, of);
        head.int(3, encoding::RLE);
        head.int(4, encoding::RLE);
        head.end();
        bytes.extend(head.into_bytes());
        bytes.extend(body);
        let has_dictionary = encoded.dictionary.is_some();
        let chunk = Chunk {
            encodings: if has_dictionary {
                &[encoding::PLAIN, encoding::RLE, encoding::RLE_DICTIONARY]
            } else {
                &[encoding::PLAIN, encoding::RLE]
            },
            values: rows,
            bytes: bytes.len() as u64,
            dictionary: has_dictionary.then_some(at),
            data,
            nulls,
            range: encoded.range,
        };
        Ok((bytes, chunk))
    }
}
