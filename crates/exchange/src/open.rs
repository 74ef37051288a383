//! What a source of bytes holds, by its magic bytes: gzip, zstd, Parquet or plain text, with caps on what comes out.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::parquet::MAGIC;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The first of the sixteen magic numbers of frames that readers skip.
const SKIPPABLE: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];

/// Which cap was reached; carried inside the [`io::Error`] that stops the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CapReached {
    #[error("the table holds more than {0} bytes once decompressed")]
    Table(u64),
    #[error("a row holds more than {0} bytes; a quotation mark may be missing")]
    Row(u64),
}

/// What a source holds.
pub(crate) enum Opened<'a> {
    /// Text, decompressed where it needed it.
    Text(Box<dyn Read + Send + 'a>),
    /// A Parquet file as it is.
    Parquet(Box<dyn Read + Send + 'a>),
}

/// Tells what a source holds. The first bytes decide, never a file's name.
pub(crate) fn open<'a>(reader: impl Read + Send + 'a) -> io::Result<Opened<'a>> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let head = reader.fill_buf()?;
    Ok(if head.starts_with(&GZIP) {
        Opened::Text(Box::new(MultiGzDecoder::new(reader)))
    } else if head.starts_with(&ZSTD) || head.starts_with(&SKIPPABLE) {
        Opened::Text(Box::new(Frames::new(reader)))
    } else if head.starts_with(&MAGIC) {
        Opened::Parquet(Box::new(reader))
    } else {
        Opened::Text(Box::new(reader))
    })
}

/// The frames of a zstd stream one after another (RFC 8878, section 3), skippable ones left out, each with its checksum compared.
pub(crate) struct Frames<R> {
    source: R,
    frame: FrameDecoder,
    open: bool,
}

impl<R: BufRead> Frames<R> {
    /// Of a source at the start of a frame.
    pub(crate) fn new(source: R) -> Self {
        Frames { source, frame: FrameDecoder::new(), open: false }
    }

    /// Goes to the next frame that holds data; false at the end of the stream.
    fn next(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            let mut start = [0; 4];
            self.source.read_exact(&mut start)?;
            if start[0] & 0xf0 == SKIPPABLE[0] && start[1..] == SKIPPABLE[1..] {
                let mut length = [0; 4];
                self.source.read_exact(&mut length)?;
                let length = u64::from(u32::from_le_bytes(length));
                if io::copy(&mut self.source.by_ref().take(length), &mut io::sink())? != length {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            } else {
                self.frame.reset(start.as_slice().chain(&mut self.source)).map_err(io::Error::other)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn checked(&self) -> io::Result<()> {
        match self.frame.get_checksum_from_data() {
            Some(told) if self.frame.get_calculated_checksum() != Some(told) => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum of the compressed data does not hold"))
            }
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.open {
                self.open = self.next()?;
                if !self.open {
                    return Ok(0);
                }
            }
            if self.frame.can_collect() > 0 || buffer.is_empty() {
                return self.frame.read(buffer);
            }
            if self.frame.is_finished() {
                self.checked()?;
                self.open = false;
            } else {
                self.frame
                    .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(io::Error::other)?;
            }
        }
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
