//! Thrift's compact protocol, as far as Parquet's footers and page headers need it.

use super::ParquetError;

/// Wire types.
pub(super) mod kind {
    pub(crate) const TRUE: u8 = 1;
    pub(crate) const FALSE: u8 = 2;
    pub(crate) const BYTE: u8 = 3;
    pub(crate) const I16: u8 = 4;
    pub(crate) const I32: u8 = 5;
    pub(crate) const I64: u8 = 6;
    pub(crate) const DOUBLE: u8 = 7;
    pub(crate) const BINARY: u8 = 8;
    pub(crate) const LIST: u8 = 9;
    pub(crate) const SET: u8 = 10;
    pub(crate) const MAP: u8 = 11;
    pub(crate) const STRUCT: u8 = 12;
}

/// How deep structs may lie in one another. Parquet's own need six.
const DEPTH: u8 = 16;

/// A struct being written. Fields are written in rising order of their numbers, at most fifteen apart.
#[derive(Debug, Default)]
pub(super) struct Out {
    bytes: Vec<u8>,
    last: Vec<u8>,
    current: u8,
}

impl Out {
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }

    fn varint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n.to_le_bytes()[0] | 0x80);
            n >>= 7;
        }
        self.bytes.push(n.to_le_bytes()[0]);
    }

    fn zigzag(&mut self, n: i64) {
        self.varint(((n << 1) ^ (n >> 63)).cast_unsigned());
    }

    fn head(&mut self, id: u8, kind: u8) {
        let delta = id.wrapping_sub(self.current);
        self.bytes.push((delta << 4) | kind);
        self.current = id;
    }

    pub(super) fn int(&mut self, id: u8, n: i32) {
        self.head(id, kind::I32);
        self.zigzag(i64::from(n));
    }

    pub(super) fn long(&mut self, id: u8, n: i64) {
        self.head(id, kind::I64);
        self.zigzag(n);
    }

    #[cfg(test)]
    fn yes(&mut self, id: u8, yes: bool) {
        self.head(id, if yes { kind::TRUE } else { kind::FALSE });
    }

    pub(super) fn binary(&mut self, id: u8, bytes: &[u8]) {
        self.head(id, kind::BINARY);
        self.element_binary(bytes);
    }

    pub(super) fn begin(&mut self, id: u8) {
        self.head(id, kind::STRUCT);
        self.element_begin();
    }

    /// Ends a struct, whether field or element.
    pub(super) fn end(&mut self) {
        self.bytes.push(0);
        self.current = self.last.pop().unwrap_or(0);
    }

    pub(super) fn list(&mut self, id: u8, of: u8, length: usize) {
        self.head(id, kind::LIST);
        match u8::try_from(length) {
            Ok(short) if short < 15 => self.bytes.push((short << 4) | of),
            _ => {
                self.bytes.push(0xf0 | of);
                self.varint(length as u64);
            }
        }
    }

    pub(super) fn element_begin(&mut self) {
        self.last.push(self.current);
        self.current = 0;
    }

    pub(super) fn element_int(&mut self, n: i32) {
        self.zigzag(i64::from(n));
    }

    pub(super) fn element_binary(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }
}

/// A place in bytes that are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct In<'a> {
    bytes: &'a [u8],
    at: usize,
}

const ENDS: ParquetError = ParquetError::Broken("its metadata ends too soon");

impl<'a> In<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        In { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Result<u8, ParquetError> {
        let byte = self.bytes.get(self.at).copied().ok_or(ENDS)?;
        self.at += 1;
        Ok(byte)
    }

    fn varint(&mut self) -> Result<u64, ParquetError> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(ParquetError::Broken("a number in its metadata is too long"))
    }

    fn zigzag(&mut self) -> Result<i64, ParquetError> {
        let n = self.varint()?;
        Ok((n >> 1).cast_signed() ^ -((n & 1).cast_signed()))
    }

    /// An integer field of any width.
    pub(super) fn long(&mut self, of: u8) -> Result<i64, ParquetError> {
        match of {
            kind::BYTE => Ok(i64::from(self.byte()?.cast_signed())),
            kind::I16 | kind::I32 | kind::I64 => self.zigzag(),
            _ => Err(ParquetError::Broken("a field of its metadata should be a number")),
        }
    }

    pub(super) fn int(&mut self, of: u8) -> Result<i32, ParquetError> {
        i32::try_from(self.long(of)?).map_err(|_| ParquetError::Broken("a number in its metadata is too large"))
    }

    /// The value of a boolean field: its type says it.
    pub(super) fn yes(of: u8) -> Result<bool, ParquetError> {
        match of {
            kind::TRUE => Ok(true),
            kind::FALSE => Ok(false),
            _ => Err(ParquetError::Broken("a field of its metadata should be a boolean")),
        }
    }

    pub(super) fn binary(&mut self, of: u8) -> Result<&'a [u8], ParquetError> {
        if of != kind::BINARY {
            return Err(ParquetError::Broken("a field of its metadata should be text"));
        }
        let length = usize::try_from(self.varint()?).map_err(|_| ENDS)?;
        let end = self.at.checked_add(length).ok_or(ENDS)?;
        let bytes = self.bytes.get(self.at..end).ok_or(ENDS)?;
        self.at = end;
        Ok(bytes)
    }

    /// The elements of a list: how many, and of which type. Each takes at least one byte, so a length beyond the rest is a lie.
    pub(super) fn list(&mut self, of: u8) -> Result<(usize, u8), ParquetError> {
        if of != kind::LIST {
            return Err(ParquetError::Broken("a field of its metadata should be a list"));
        }
        let head = self.byte()?;
        let length = match head >> 4 {
            15 => self.varint()?,
            short => u64::from(short),
        };
        let length = usize::try_from(length).map_err(|_| ENDS)?;
        if length > self.bytes.len().saturating_sub(self.at) {
            return Err(ENDS);
        }
        Ok((length, head & 0x0f))
    }

    /// The fields of a struct. The callback reads a field's value and returns true, or false to have it skipped.
    pub(super) fn fields(
        &mut self,
        mut field: impl FnMut(i16, u8, &mut In<'a>) -> Result<bool, ParquetError>,
    ) -> Result<(), ParquetError> {
        let mut id = 0i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            let of = head & 0x0f;
            id = match head >> 4 {
                0 => i16::try_from(self.zigzag()?).map_err(|_| ENDS)?,
                delta => id.checked_add(i16::from(delta)).ok_or(ENDS)?,
            };
            if !field(id, of, self)? {
                self.skip(of, DEPTH)?;
            }
        }
    }

    fn skip(&mut self, of: u8, depth: u8) -> Result<(), ParquetError> {
        let depth = depth.checked_sub(1).ok_or(ParquetError::Broken("its metadata is nested too deeply"))?;
        match of {
            kind::TRUE | kind::FALSE => {}
            kind::BYTE => {
                self.byte()?;
            }
            kind::I16 | kind::I32 | kind::I64 => {
                self.varint()?;
            }
            kind::DOUBLE => {
                for _ in 0..8 {
                    self.byte()?;
                }
            }
            kind::BINARY => {
                self.binary(of)?;
            }
            kind::LIST | kind::SET => {
                let (length, of) = self.list(kind::LIST)?;
                for _ in 0..length {
                    self.skip_element(of, depth)?;
                }
            }
            kind::MAP => self.skip_map(depth)?,
            kind::STRUCT => loop {
                let head = self.byte()?;
                if head == 0 {
                    break;
                }
                if head >> 4 == 0 {
                    self.varint()?;
                }
                self.skip(head & 0x0f, depth)?;
            },
            _ => return Err(ParquetError::Broken("a field of its metadata has no known type")),
        }
        Ok(())
    }

    /// Booleans take a byte where they are elements.
    fn skip_element(&mut self, of: u8, depth: u8) -> Result<(), ParquetError> {
        match of {
            kind::TRUE | kind::FALSE => self.byte().map(|_| ()),
            _ => self.skip(of, depth),
        }
    }

    fn skip_map(&mut self, depth: u8) -> Result<(), ParquetError> {
        let length = self.varint()?;
        if length == 0 {
            return Ok(());
        }
        let kinds = self.byte()?;
        for _ in 0..length {
            // Every key and value takes a byte or more, so a lie about the length ends with the bytes.
            self.skip_element(kinds >> 4, depth)?;
            self.skip_element(kinds & 0x0f, depth)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut out = Out::default();
        out.int(1, -7);
        out.long(2, i64::MIN);
        out.yes(3, true);
        out.binary(4, b"text");
        out.begin(5);
        out.int(1, 300);
        out.end();
        out.list(6, kind::I32, 20);
        (0..20).for_each(|n| out.element_int(n));
        out.int(15, 1);
        let bytes = out.into_bytes();
        let mut seen = Vec::new();
        let mut input = In::new(&bytes);
        input
            .fields(|id, of, input| {
                seen.push(match id {
                    1 | 2 | 15 => input.long(of)?.to_string(),
                    3 => In::yes(of)?.to_string(),
                    4 => String::from_utf8_lossy(input.binary(of)?).into_owned(),
                    _ => return Ok(false),
                });
                Ok(true)
            })
            .unwrap();
        assert_eq!(seen, ["-7", &i64::MIN.to_string(), "true", "text", "1"]);
        assert_eq!(input.position(), bytes.len());
    }

    #[test]
    fn lies_about_lengths_end_with_the_bytes() {
        for bytes in [
            &[0x19, 0xf5, 0xff, 0xff, 0xff, 0x0f][..],
            &[0x18, 0xff, 0xff, 0xff, 0x0f],
            &[0x1c; 100],
            &[0x1b, 0xff, 0xff, 0x7f, 0x11],
        ] {
            assert!(In::new(bytes).fields(|_, _, _| Ok(false)).is_err());
        }
    }
}
