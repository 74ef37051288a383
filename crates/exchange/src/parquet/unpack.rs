//! Decompresses pages.

use std::io::Read;

use super::{ParquetError, snappy};
use crate::open::Frames;

/// The bytes of a page, which must have exactly the length that its header says.
pub(super) fn unpack(column: &str, codec: i32, bytes: &[u8], length: usize) -> Result<Vec<u8>, ParquetError> {
    let out = match codec {
        0 => bytes.to_vec(),
        1 => snappy::decompress(bytes, length)?,
        2 => limited(flate2::read::MultiGzDecoder::new(bytes), length)?,
        6 => limited(Frames::new(bytes), length)?,
        number => {
            let instead = "Snappy, gzip, zstd or no compression";
            return Err(ParquetError::Method { column: column.to_owned(), what: "compression", number, instead });
        }
    };
    if out.len() == length { Ok(out) } else { Err(ParquetError::Broken("a page has another length than it says")) }
}

fn limited(reader: impl Read, length: usize) -> Result<Vec<u8>, ParquetError> {
    let mut out = Vec::new();
    reader.take((length as u64).saturating_add(1)).read_to_end(&mut out)?;
    Ok(out)
}
