//! Decompresses a block of Snappy (`google/snappy`, format_description.txt).

use super::ParquetError;

const BROKEN: ParquetError = ParquetError::Broken("a page is not sound Snappy");

struct Source<'a> {
    bytes: &'a [u8],
}

impl<'a> Source<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], ParquetError> {
        let (head, rest) = self.bytes.split_at_checked(n).ok_or(BROKEN)?;
        self.bytes = rest;
        Ok(head)
    }

    /// A number of `n` bytes, at most four, the lowest first.
    fn number(&mut self, n: usize) -> Result<usize, ParquetError> {
        let bytes = self.take(n)?;
        Ok(bytes.iter().rev().fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte)))
    }

    fn varint(&mut self) -> Result<usize, ParquetError> {
        let mut n = 0usize;
        for shift in (0..35).step_by(7) {
            let byte = self.number(1)?;
            n |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(BROKEN)
    }
}

/// The block, which must have exactly the length that it is said to have.
pub(super) fn decompress(bytes: &[u8], length: usize) -> Result<Vec<u8>, ParquetError> {
    let mut source = Source { bytes };
    if source.varint()? != length {
        return Err(BROKEN);
    }
    let mut out: Vec<u8> = Vec::new();
    while !source.bytes.is_empty() {
        let tag = source.number(1)?;
        let (copied, offset) = match tag & 3 {
            0 => {
                let short = tag >> 2;
                let n = if short < 60 { short } else { source.number(short - 59)? };
                let literal = source.take(n.checked_add(1).ok_or(BROKEN)?)?;
                if out.len() + literal.len() > length {
                    return Err(BROKEN);
                }
                out.extend_from_slice(literal);
                continue;
            }
            1 => (((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | source.number(1)?),
            2 => ((tag >> 2) + 1, source.number(2)?),
            _ => ((tag >> 2) + 1, source.number(4)?),
        };
        let from = out.len().checked_sub(offset).filter(|_| offset > 0).ok_or(BROKEN)?;
        if out.len() + copied > length {
            return Err(BROKEN);
        }
        // Source and target may overlap: bytes copied a moment ago are copied again.
        for at in from..from + copied {
            let byte = out.get(at).copied().ok_or(BROKEN)?;
            out.push(byte);
        }
    }
    if out.len() == length { Ok(out) } else { Err(BROKEN) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn literals_and_copies() {
        // "abcd", a copy of 8 bytes from 4 back, a literal "!".
        let block = [13, 3 << 2, b'a', b'b', b'c', b'd', (4 << 2) | 1, 4, 0, b'!'];
        assert_eq!(decompress(&block, 13).unwrap(), b"abcdabcdabcd!");
        assert!(decompress(&block, 12).is_err());
        assert!(decompress(&block[..7], 13).is_err());
        // A copy from before the beginning.
        assert!(decompress(&[4, 1, 9], 4).is_err());
        // A length without bytes.
        assert!(decompress(&[0xff, 0xff, 0xff, 0x0f], usize::MAX).is_err());
    }
}
