//! The footer: columns, row groups and where their chunks lie. Page headers too.

use super::thrift::{In, kind};
use super::{ParquetError, page};

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Boolean,
    /// Whole numbers; without a sign where the flag is set.
    Whole {
        bytes: usize,
        unsigned: bool,
    },
    /// Binary floating point of 4 or 8 bytes.
    Float(usize),
    /// Text, or bytes taken as such, each with its length before it.
    Text,
    /// Text of a fixed length.
    FixedText(usize),
    /// A decimal in this many bytes (0: each with its length before it), the highest first or, of numbers, the lowest.
    Decimal {
        bytes: usize,
        number: bool,
        scale: u32,
    },
    /// Days since 1970.
    Date,
    /// So many units in a second, since 1970.
    Time(i64),
}

/// One column of a flat table.
#[derive(Debug, Clone)]
pub(super) struct ColumnMeta {
    pub name: String,
    pub optional: bool,
    pub meaning: Meaning,
}

/// A column's part of a row group.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChunkMeta {
    pub at: usize,
    pub end: usize,
    pub codec: i32,
}

#[derive(Debug, Clone)]
pub(super) struct GroupMeta {
    pub rows: u64,
    pub chunks: Vec<ChunkMeta>,
}

#[derive(Debug)]
pub(super) struct FileMeta {
    pub columns: Vec<ColumnMeta>,
    pub groups: Vec<GroupMeta>,
}

/// An element of the schema as it stands in the file.
#[derive(Debug, Default)]
struct Element {
    physical: Option<i32>,
    length: i64,
    repetition: i32,
    name: String,
    children: i64,
    converted: Option<i32>,
    scale: i64,
    logical: Option<Logical>,
}

/// The logical types that change how a value is written as text.
#[derive(Debug, Clone, Copy)]
enum Logical {
    Decimal(i64),
    Date,
    Time(i64),
    Whole { unsigned: bool },
    Other,
}

const BROKEN: ParquetError = ParquetError::Broken("its footer does not say what it must");

/// Reads a footer. `length` is that of the file before its footer: all chunks lie there.
pub(super) fn read(bytes: &[u8], length: usize, most_columns: usize) -> Result<FileMeta, ParquetError> {
    let (mut elements, mut groups) = (Vec::new(), Vec::new());
    In::new(bytes).fields(|id, of, input| {
        match id {
            2 => {
                for _ in 0..structs(input, of)? {
                    elements.push(element(input)?);
                    if elements.len() > most_columns.saturating_add(1) {
                        return Err(ParquetError::TooMuch { what: "columns", limit: most_columns as u64 });
                    }
                }
            }
            4 => {
                for _ in 0..structs(input, of)? {
                    groups.push(group(input, length)?);
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let mut elements = elements.into_iter();
    let root = elements.next().ok_or(BROKEN)?;
    let columns: Vec<ColumnMeta> = elements.map(column).collect::<Result<_, _>>()?;
    let fits = |group: &GroupMeta| group.chunks.len() == columns.len();
    if usize::try_from(root.children) != Ok(columns.len()) || columns.is_empty() || !groups.iter().all(fits) {
        return Err(BROKEN);
    }
    Ok(FileMeta { columns, groups })
}

fn structs(input: &mut In<'_>, of: u8) -> Result<usize, ParquetError> {
    match input.list(of)? {
        (length, kind::STRUCT) => Ok(length),
        (0, _) => Ok(0),
        _ => Err(BROKEN),
    }
}

fn text(input: &mut In<'_>, of: u8) -> Result<String, ParquetError> {
    let bytes = input.binary(of)?;
    let text = std::str::from_utf8(bytes).map_err(|_| ParquetError::Broken("the name of a column is not UTF-8"))?;
    Ok(text.to_owned())
}

fn element(input: &mut In<'_>) -> Result<Element, ParquetError> {
    let mut own = Element::default();
    input.fields(|id, of, input| {
        match id {
            1 => own.physical = Some(input.int(of)?),
            2 => own.length = input.long(of)?,
            3 => own.repetition = input.int(of)?,
            4 => own.name = text(input, of)?,
            5 => own.children = input.long(of)?,
            6 => own.converted = Some(input.int(of)?),
            7 => own.scale = input.long(of)?,
            10 => own.logical = Some(logical(input, of)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(own)
}

fn is_struct(of: u8) -> Result<(), ParquetError> {
    if of == kind::STRUCT { Ok(()) } else { Err(BROKEN) }
}

fn logical(input: &mut In<'_>, of: u8) -> Result<Logical, ParquetError> {
    is_struct(of)?;
    let mut found = Logical::Other;
    input.fields(|id, of, input| {
        match id {
            5 | 8 | 10 => is_struct(of)?,
            6 => found = Logical::Date,
            _ => {}
        }
        match id {
            5 => {
                let mut scale = 0;
                input.fields(|id, of, input| {
                    if id == 1 {
                        scale = input.long(of)?;
                    }
                    Ok(id == 1)
                })?;
                found = Logical::Decimal(scale);
            }
            8 => found = Logical::Time(time_unit(input)?),
            10 => {
                let mut signed = true;
                input.fields(|id, of, _| {
                    if id == 2 {
                        signed = In::yes(of)?;
                    }
                    Ok(id == 2)
                })?;
                found = Logical::Whole { unsigned: !signed };
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(found)
}

/// Units in a second of a timestamp.
fn time_unit(input: &mut In<'_>) -> Result<i64, ParquetError> {
    let mut unit = 1;
    input.fields(|id, of, input| {
        if id != 2 {
            return Ok(false);
        }
        is_struct(of)?;
        input.fields(|id, _, _| {
            unit = match id {
                1 => 1_000,
                2 => 1_000_000,
                _ => 1_000_000_000,
            };
            Ok(false)
        })?;
        Ok(true)
    })?;
    Ok(unit)
}

fn column(own: Element) -> Result<ColumnMeta, ParquetError> {
    if own.children > 0 || own.repetition == 2 {
        return Err(ParquetError::Unsupported { column: own.name, why: "is nested or repeated" });
    }
    let meaning = meaning(&own)?;
    Ok(ColumnMeta { name: own.name, optional: own.repetition == 1, meaning })
}

fn meaning(own: &Element) -> Result<Meaning, ParquetError> {
    let unsupported = |why| Err(ParquetError::Unsupported { column: own.name.clone(), why });
    let bytes = match own.physical {
        Some(0) => return Ok(Meaning::Boolean),
        Some(1) => 4,
        Some(2) => 8,
        Some(4) => return Ok(Meaning::Float(4)),
        Some(5) => return Ok(Meaning::Float(8)),
        Some(6) => 0,
        Some(7) => match usize::try_from(own.length) {
            Ok(length) if length > 0 => length,
            _ => return Err(BROKEN),
        },
        Some(3) => return unsupported("holds times in a form that was given up (INT96)"),
        _ => return Err(BROKEN),
    };
    let is_number = matches!(own.physical, Some(1 | 2));
    let decimal = match (own.logical, own.converted) {
        (Some(Logical::Decimal(scale)), _) => Some(scale),
        (None | Some(Logical::Other), Some(5)) => Some(own.scale),
        _ => None,
    };
    if let Some(scale) = decimal {
        let scale = u32::try_from(scale).ok().filter(|scale| *scale <= 38);
        return match (scale, bytes) {
            (Some(scale), 0..=16) => Ok(Meaning::Decimal { bytes, number: is_number, scale }),
            _ => unsupported("holds decimals of more than 38 digits"),
        };
    }
    if !is_number {
        return Ok(if bytes == 0 { Meaning::Text } else { Meaning::FixedText(bytes) });
    }
    Ok(match (own.logical, own.converted) {
        (Some(Logical::Date), _) | (None, Some(6)) => Meaning::Date,
        (Some(Logical::Time(unit)), _) => Meaning::Time(unit),
        (None, Some(9)) => Meaning::Time(1_000),
        (None, Some(10)) => Meaning::Time(1_000_000),
        (Some(Logical::Whole { unsigned }), _) => Meaning::Whole { bytes, unsigned },
        (None, Some(11..=14)) => Meaning::Whole { bytes, unsigned: true },
        _ => Meaning::Whole { bytes, unsigned: false },
    })
}

fn group(input: &mut In<'_>, length: usize) -> Result<GroupMeta, ParquetError> {
    let mut own = GroupMeta { rows: 0, chunks: Vec::new() };
    input.fields(|id, of, input| {
        match id {
            1 => {
                for _ in 0..structs(input, of)? {
                    own.chunks.push(chunk(input, length)?);
                }
            }
            3 => own.rows = u64::try_from(input.long(of)?).map_err(|_| BROKEN)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(own)
}

fn chunk(input: &mut In<'_>, length: usize) -> Result<ChunkMeta, ParquetError> {
    let (mut codec, mut total, mut data, mut dictionary, mut elsewhere) = (0, None, None, None, false);
    input.fields(|id, of, input| {
        match id {
            1 => elsewhere = !input.binary(of)?.is_empty(),
            3 => {
                is_struct(of)?;
                input.fields(|id, of, input| {
                    match id {
                        4 => codec = input.int(of)?,
                        7 => total = Some(input.long(of)?),
                        9 => data = Some(input.long(of)?),
                        // Some writers give 0 where there is none.
                        11 => dictionary = Some(input.long(of)?).filter(|at| *at > 0),
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    if elsewhere {
        return Err(ParquetError::Broken("its columns lie in other files"));
    }
    let place = || {
        let data = usize::try_from(data?).ok()?;
        let at = dictionary.and_then(|at| usize::try_from(at).ok()).map_or(data, |at| at.min(data));
        let end = at.checked_add(usize::try_from(total?).ok()?)?;
        (end <= length).then_some((at, end))
    };
    let (at, end) = place().ok_or(ParquetError::Broken("a column lies outside of the file"))?;
    Ok(ChunkMeta { at, end, codec })
}

/// What stands before a page.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct PageHead {
    pub kind: i32,
    pub raw: usize,
    pub packed: usize,
    pub values: u64,
    pub encoding: i32,
    /// Bytes of levels before the values, of pages of the second version.
    pub levels: usize,
    /// Whether the values of such a page are compressed.
    pub compressed: bool,
}

/// Reads a page's header; also how many bytes it takes.
pub(super) fn page_head(bytes: &[u8]) -> Result<(PageHead, usize), ParquetError> {
    let mut own = PageHead { kind: -1, compressed: true, ..PageHead::default() };
    let mut input = In::new(bytes);
    let mut repeated = 0;
    input.fields(|id, of, input| {
        match id {
            1 => own.kind = input.int(of)?,
            2 => own.raw = length(input, of)?,
            3 => own.packed = length(input, of)?,
            5 | 7 | 8 => {
                is_struct(of)?;
                input.fields(|inner, of, input| {
                    match (id, inner) {
                        (_, 1) => own.values = length(input, of)? as u64,
                        (5 | 7, 2) | (8, 4) => own.encoding = input.int(of)?,
                        (8, 5) => own.levels = length(input, of)?,
                        (8, 6) => repeated = length(input, of)?,
                        (8, 7) => own.compressed = In::yes(of)?,
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    if own.kind == page::DATA_V2 && repeated > 0 {
        return Err(ParquetError::Broken("a flat column has levels of repetition"));
    }
    Ok((own, input.position()))
}

fn length(input: &mut In<'_>, of: u8) -> Result<usize, ParquetError> {
    usize::try_from(input.int(of)?).map_err(|_| ParquetError::Broken("a page has a negative length"))
}
