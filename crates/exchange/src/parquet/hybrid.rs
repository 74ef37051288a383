//! Small numbers of a fixed width: runs and bit-packed groups of eight, mixed ("RLE/bit-packing hybrid").

use super::ParquetError;

/// A run is worth its own header from here on.
const RUN: usize = 8;

/// How many bits the largest index of a dictionary of this length needs.
pub(super) const fn width_of(entries: usize) -> u32 {
    usize::BITS - entries.saturating_sub(1).leading_zeros()
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n.to_le_bytes()[0] | 0x80);
        n >>= 7;
    }
    out.push(n.to_le_bytes()[0]);
}

/// Writes numbers of at most `width` bits, at most 32.
pub(super) fn encode(values: &[u32], width: u32, out: &mut Vec<u8>) {
    let (mut from, mut at) = (0, 0);
    while let Some(&value) = values.get(at) {
        let run = values.iter().skip(at).take_while(|own| **own == value).count();
        // What is packed before a run must fill its last group of eight.
        let fill = (8 - (at - from) % 8) % 8;
        if run >= fill + RUN {
            pack(values.get(from..at + fill).unwrap_or_default(), width, out);
            varint(out, ((run - fill) as u64) << 1);
            let bytes = usize::try_from(width.div_ceil(8)).unwrap_or(4);
            out.extend(value.to_le_bytes().iter().take(bytes));
            from = at + run;
        }
        at += run;
    }
    pack(values.get(from..).unwrap_or_default(), width, out);
}

/// Packs whole groups of eight; the last one is filled up with zeros.
fn pack(values: &[u32], width: u32, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let groups = values.len().div_ceil(8);
    varint(out, ((groups as u64) << 1) | 1);
    let (mut held, mut bits) = (0u64, 0u32);
    let padded = values.iter().copied().chain(std::iter::repeat_n(0, groups * 8 - values.len()));
    for value in padded {
        held |= u64::from(value) << bits;
        bits += width;
        while bits >= 8 {
            out.push(held.to_le_bytes()[0]);
            held >>= 8;
            bits -= 8;
        }
    }
}

/// What the decoder is in the middle of.
#[derive(Debug, Clone, Copy)]
enum Run {
    /// So many more of one value.
    Same(u32, u64),
    /// So many more packed values, the next at this bit.
    Packed(u64, usize),
}

/// A decoder over a part of a page. It never expands a run: it counts it down.
#[derive(Debug)]
pub(super) struct Hybrid {
    at: usize,
    end: usize,
    width: u32,
    run: Run,
}

const ENDS: ParquetError = ParquetError::Broken("a page ends before its values do");

impl Hybrid {
    /// Of the bytes from `at` to `end`; widths beyond 32 bits are refused.
    pub(super) const fn new(at: usize, end: usize, width: u32) -> Result<Self, ParquetError> {
        if width > 32 {
            return Err(ParquetError::Broken("a page has indices of more than 32 bits"));
        }
        Ok(Hybrid { at, end, width, run: Run::Same(0, 0) })
    }

    /// The next value.
    pub(super) fn next(&mut self, body: &[u8]) -> Result<u32, ParquetError> {
        loop {
            match &mut self.run {
                Run::Same(value, left) if *left > 0 => {
                    *left -= 1;
                    return Ok(*value);
                }
                Run::Packed(left, bit) if *left > 0 => {
                    *left -= 1;
                    let at = *bit;
                    *bit += self.width as usize;
                    return bits(body.get(..self.end).ok_or(ENDS)?, at, self.width);
                }
                _ => self.begin(body)?,
            }
        }
    }

    fn byte(&mut self, body: &[u8]) -> Result<u8, ParquetError> {
        if self.at >= self.end {
            return Err(ENDS);
        }
        let byte = body.get(self.at).copied().ok_or(ENDS)?;
        self.at += 1;
        Ok(byte)
    }

    fn begin(&mut self, body: &[u8]) -> Result<(), ParquetError> {
        let mut head = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte(body)?;
            head |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        if head & 1 == 0 {
            let mut value = [0u8; 4];
            let bytes = usize::try_from(self.width.div_ceil(8)).unwrap_or(4);
            for slot in value.iter_mut().take(bytes) {
                *slot = self.byte(body)?;
            }
            self.run = Run::Same(u32::from_le_bytes(value), head >> 1);
            return Ok(());
        }
        // The last group of a page may be cut short by some writers: reading beyond the end is what fails, not the header.
        let groups = head >> 1;
        let length =
            usize::try_from(groups).ok().and_then(|groups| groups.checked_mul(self.width as usize)).ok_or(ENDS)?;
        let bit = self.at.checked_mul(8).ok_or(ENDS)?;
        let packed = self.at.saturating_add(length).min(self.end);
        self.run = Run::Packed(groups.saturating_mul(8), bit);
        self.at = packed;
        Ok(())
    }
}

/// The number of `width` bits that begins at a bit.
fn bits(body: &[u8], at: usize, width: u32) -> Result<u32, ParquetError> {
    let mut held = 0u64;
    let last = at.saturating_add(width as usize).div_ceil(8);
    for (n, byte) in body.get(at / 8..last).ok_or(ENDS)?.iter().enumerate() {
        held |= u64::from(*byte) << (8 * n);
    }
    let value = (held >> (at % 8)) & ((1u64 << width) - 1);
    u32::try_from(value).map_err(|_| ENDS)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn back(values: &[u32], width: u32) {
        let mut bytes = Vec::new();
        encode(values, width, &mut bytes);
        let mut hybrid = Hybrid::new(0, bytes.len(), width).unwrap();
        let read: Vec<u32> = values.iter().map(|_| hybrid.next(&bytes).unwrap()).collect();
        assert_eq!(read, values);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(width in 0u32..=32, runs in prop::collection::vec((any::<u32>(), 1usize..30), 0..40)) {
            let mask = u32::try_from((1u64 << width) - 1).unwrap();
            let values: Vec<u32> = runs.iter().flat_map(|(v, n)| std::iter::repeat_n(v & mask, *n)).collect();
            back(&values, width);
        }

        #[test]
        fn any_bytes_give_values_or_an_error(bytes: Vec<u8>, width in 0u32..=32) {
            let mut hybrid = Hybrid::new(0, bytes.len(), width).unwrap();
            for _ in 0..1000 {
                if hybrid.next(&bytes).is_err() {
                    break;
                }
            }
        }
    }

    #[test]
    fn widths() {
        assert_eq!([0, 1, 2, 3, 4, 5, 256, 257].map(width_of), [0, 0, 1, 2, 2, 3, 8, 9]);
    }
}
