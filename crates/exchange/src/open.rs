//! From bytes to text: gzip and zstd by their magic bytes, with caps on what comes out.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Which cap was reached; carried inside the [`io::Error`] that stops the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CapReached {
    #[error("the table holds more than {0} bytes once decompressed")]
    Table(u64),
    #[error("a row holds more than {0} bytes; a quotation mark may be missing")]
    Row(u64),
}

/// Decompresses what needs it. The first bytes decide, never a file's name.
pub(crate) fn decompress<'a>(reader: impl Read + Send + 'a) -> io::Result<Box<dyn Read + Send + 'a>> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let head = reader.fill_buf()?;
    if head.starts_with(&GZIP) {
        Ok(Box::new(MultiGzDecoder::new(reader)))
    } else if head.starts_with(&ZSTD) {
        Ok(Box::new(zstd::stream::read::Decoder::with_buffer(reader)?))
    } else {
        Ok(Box::new(reader))
    }
}

/// A reader that stops at a total and at a length since the last row.
pub(crate) struct Capped<R> {
    inner: R,
    total: u64,
    max_total: u64,
    row: u64,
    max_row: u64,
}

impl<R: Read> Capped<R> {
    pub(crate) const fn new(inner: R, max_total: u64, max_row: u64) -> Self {
        Self { inner, total: 0, max_total, row: 0, max_row }
    }

    /// A row ended: its length counts from here. (What the CSV reader has buffered of the next
    /// row was counted already; the cap is a guard, not a measure.)
    pub(crate) const fn row_ended(&mut self) {
        self.row = 0;
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.row > self.max_row {
            return Err(io::Error::other(CapReached::Row(self.max_row)));
        }
        let read = self.inner.read(buffer)?;
        let grown = u64::try_from(read).unwrap_or(u64::MAX);
        self.total = self.total.saturating_add(grown);
        self.row = self.row.saturating_add(grown);
        if self.total > self.max_total {
            return Err(io::Error::other(CapReached::Table(self.max_total)));
        }
        Ok(read)
    }
}
