//! Walks one column of a row group, page by page, value by value.

use super::hybrid::Hybrid;
use super::meta::{ChunkMeta, ColumnMeta, Meaning, PageHead, page_head};
use super::{ParquetError, encoding, page, render, unpack};

const BROKEN: ParquetError = ParquetError::Broken("a page contradicts its header");

/// A dictionary: its page, and where each value lies in it.
#[derive(Debug, Default)]
struct Dictionary {
    body: Vec<u8>,
    places: Vec<(usize, usize)>,
}

/// How the values of a page are stored.
#[derive(Debug)]
enum Values {
    Plain {
        at: usize,
    },
    /// One bit each, from this one on.
    Bits {
        at: usize,
    },
    Indices(Hybrid),
    Runs(Hybrid),
}

/// A page that is being read.
#[derive(Debug)]
struct Page {
    body: Vec<u8>,
    left: u64,
    levels: Option<Hybrid>,
    values: Values,
}

/// A place in a column chunk.
#[derive(Debug)]
pub(super) struct Cursor {
    at: usize,
    end: usize,
    codec: i32,
    dictionary: Option<Dictionary>,
    page: Option<Page>,
}

impl Cursor {
    pub(super) const fn new(chunk: ChunkMeta) -> Cursor {
        Cursor { at: chunk.at, end: chunk.end, codec: chunk.codec, dictionary: None, page: None }
    }

    /// Bytes that it holds.
    pub(super) fn held(&self) -> usize {
        let dictionary =
            self.dictionary.as_ref().map_or(0, |own| own.body.len() + own.places.len() * size_of::<(usize, usize)>());
        dictionary + self.page.as_ref().map_or(0, |page| page.body.len())
    }

    /// Writes the next value as text; false where there is none. The budget is what pages may still take.
    pub(super) fn next(
        &mut self,
        file: &[u8],
        column: &ColumnMeta,
        budget: usize,
        out: &mut Vec<u8>,
    ) -> Result<bool, ParquetError> {
        while self.page.as_ref().is_none_or(|page| page.left == 0) {
            self.turn(file, column, budget)?;
        }
        let Some(page) = &mut self.page else { return Err(BROKEN) };
        page.left -= 1;
        if let Some(levels) = &mut page.levels
            && levels.next(&page.body)? == 0
        {
            return Ok(false);
        }
        page.value(column.meaning, self.dictionary.as_ref(), out)
    }

    /// Goes to the next page.
    fn turn(&mut self, file: &[u8], column: &ColumnMeta, budget: usize) -> Result<(), ParquetError> {
        self.page = None;
        let rest = file.get(self.at..self.end).filter(|rest| !rest.is_empty());
        let rest = rest.ok_or(ParquetError::Broken("a column has fewer values than its row group has rows"))?;
        let (head, length) = page_head(rest)?;
        let bytes = length.checked_add(head.packed).and_then(|end| rest.get(length..end)).ok_or(BROKEN)?;
        self.at += length + head.packed;
        // A dictionary also keeps where each of its values lies.
        let entries = if head.kind == page::DICTIONARY { head.values } else { 0 };
        let entries = usize::try_from(entries).unwrap_or(usize::MAX).saturating_mul(size_of::<(usize, usize)>());
        if head.raw.saturating_add(entries) > budget {
            return Err(ParquetError::TooMuch { what: "memory for pages", limit: budget as u64 });
        }
        match head.kind {
            page::DICTIONARY if self.dictionary.is_none() => {
                let body = unpack::unpack(&column.name, self.codec, bytes, head.raw)?;
                self.dictionary = Some(Dictionary::new(body, &head, column.meaning)?);
            }
            page::DATA => {
                let body = unpack::unpack(&column.name, self.codec, bytes, head.raw)?;
                self.page = Some(Page::first_version(body, &head, column, self.dictionary.as_ref())?);
            }
            page::DATA_V2 => {
                let body = self.body_of_second(bytes, &head, column)?;
                self.page = Some(Page::second_version(body, &head, column, self.dictionary.as_ref())?);
            }
            page::DICTIONARY => return Err(ParquetError::Broken("a column has two dictionaries")),
            // Index pages and kinds to come are skipped, as the specification asks.
            _ => {}
        }
        Ok(())
    }

    /// Levels of the second version are never compressed, its values may be.
    fn body_of_second(&self, bytes: &[u8], head: &PageHead, column: &ColumnMeta) -> Result<Vec<u8>, ParquetError> {
        let (levels, values) = bytes.split_at_checked(head.levels).ok_or(BROKEN)?;
        let raw = head.raw.checked_sub(head.levels).ok_or(BROKEN)?;
        let codec = if head.compressed && !values.is_empty() { self.codec } else { 0 };
        let values = unpack::unpack(&column.name, codec, values, raw)?;
        Ok([levels, &values].concat())
    }
}

impl Dictionary {
    fn new(body: Vec<u8>, head: &PageHead, meaning: Meaning) -> Result<Dictionary, ParquetError> {
        if !matches!(head.encoding, encoding::PLAIN | encoding::PLAIN_DICTIONARY) || meaning == Meaning::Boolean {
            return Err(BROKEN);
        }
        let mut places = Vec::new();
        let mut at = 0;
        for _ in 0..head.values {
            let (value, end) = render::next(meaning, &body, at)?;
            places.push((end - value.len(), end));
            at = end;
        }
        Ok(Dictionary { body, places })
    }

    fn get(&self, index: u32) -> Result<&[u8], ParquetError> {
        let place = usize::try_from(index).ok().and_then(|index| self.places.get(index));
        let (from, to) = place.ok_or(ParquetError::Broken("a value is not in its column's dictionary"))?;
        self.body.get(*from..*to).ok_or(BROKEN)
    }
}

impl Page {
    /// Levels with their length before them, then values.
    fn first_version(
        body: Vec<u8>,
        head: &PageHead,
        column: &ColumnMeta,
        dictionary: Option<&Dictionary>,
    ) -> Result<Page, ParquetError> {
        let mut from = 0;
        let mut levels = None;
        if column.optional {
            let length = body.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes)).ok_or(BROKEN)?;
            from = usize::try_from(length).ok().and_then(|length| length.checked_add(4)).ok_or(BROKEN)?;
            if from > body.len() {
                return Err(BROKEN);
            }
            levels = Some(Hybrid::new(4, from, 1)?);
        }
        Page::with_values(body, from, levels, head, column, dictionary)
    }

    fn second_version(
        body: Vec<u8>,
        head: &PageHead,
        column: &ColumnMeta,
        dictionary: Option<&Dictionary>,
    ) -> Result<Page, ParquetError> {
        let levels = if column.optional { Some(Hybrid::new(0, head.levels, 1)?) } else { None };
        Page::with_values(body, head.levels, levels, head, column, dictionary)
    }

    fn with_values(
        body: Vec<u8>,
        from: usize,
        levels: Option<Hybrid>,
        head: &PageHead,
        column: &ColumnMeta,
        dictionary: Option<&Dictionary>,
    ) -> Result<Page, ParquetError> {
        let is_boolean = column.meaning == Meaning::Boolean;
        let values = match head.encoding {
            encoding::PLAIN if is_boolean => Values::Bits { at: from.saturating_mul(8) },
            encoding::PLAIN => Values::Plain { at: from },
            encoding::RLE if is_boolean => {
                // Four bytes tell a length that the page tells too.
                Values::Runs(Hybrid::new(from.saturating_add(4), body.len(), 1)?)
            }
            encoding::PLAIN_DICTIONARY | encoding::RLE_DICTIONARY if dictionary.is_some() => match body.get(from) {
                Some(width) => Values::Indices(Hybrid::new(from + 1, body.len(), u32::from(*width))?),
                // A page of absent values alone may say nothing more.
                None => Values::Plain { at: from },
            },
            number => {
                let instead = "plain or dictionary values (data page version 1)";
                return Err(ParquetError::Method { column: column.name.clone(), what: "encoding", number, instead });
            }
        };
        Ok(Page { body, left: head.values, levels, values })
    }

    fn value(
        &mut self,
        meaning: Meaning,
        dictionary: Option<&Dictionary>,
        out: &mut Vec<u8>,
    ) -> Result<bool, ParquetError> {
        match &mut self.values {
            Values::Plain { at } => {
                let (value, end) = render::next(meaning, &self.body, *at)?;
                *at = end;
                Ok(render::push(meaning, value, out))
            }
            Values::Bits { at } => {
                let byte = self.body.get(*at / 8).ok_or(BROKEN)?;
                let bit = (byte >> (*at % 8)) & 1;
                *at += 1;
                Ok(render::push(meaning, &[bit], out))
            }
            Values::Runs(runs) => {
                let bit = u8::from(runs.next(&self.body)? != 0);
                Ok(render::push(meaning, &[bit], out))
            }
            Values::Indices(indices) => {
                let index = indices.next(&self.body)?;
                Ok(render::push(meaning, dictionary.ok_or(BROKEN)?.get(index)?, out))
            }
        }
    }
}
