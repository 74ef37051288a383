//! The files of a zip archive, as far as exports of cast-vote records need it: stored or deflated, not split, not encrypted.
//!
//! Source: PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.

use std::io::Read;

use super::{CvrError, form};

/// The first four bytes of an archive.
pub(super) const MAGIC: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";

fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte)))
}

/// Gives each file with its name, in the order of the archive's directory. All of them together hold at most `cap` bytes.
pub(super) fn files(
    archive: &[u8],
    cap: u64,
    mut each: impl FnMut(&str, Vec<u8>) -> Result<(), CvrError>,
) -> Result<(), CvrError> {
    let broken = || CvrError::Form("the zip archive is broken".to_owned());
    // The end record lies behind everything, with a comment of at most 65,535 bytes.
    let from = archive.len().saturating_sub(22 + 65_535);
    let tail = archive.get(from..).unwrap_or_default();
    let end = tail.windows(4).rposition(|window| window == END).map(|at| from + at).ok_or_else(broken)?;
    if archive.len() < end + 22 {
        return Err(broken());
    }
    let count = number(archive, end + 10, 2).ok_or_else(broken)?;
    let mut at = number(archive, end + 16, 4).ok_or_else(broken)?;
    let mut left = cap;
    for _ in 0..count {
        let head = archive.get(at..).filter(|head| head.starts_with(&CENTRAL)).ok_or_else(broken)?;
        let field = |place, length| number(head, place, length).ok_or_else(broken);
        let (flags, method, packed) = (field(8, 2)?, field(10, 2)?, field(20, 4)?);
        let (name, extra, comment, local) = (field(28, 2)?, field(30, 2)?, field(32, 2)?, field(42, 4)?);
        let text = head.get(46..46 + name).ok_or_else(broken)?;
        at += 46 + name + extra + comment;
        if flags & 1 != 0 {
            return form("the zip archive is encrypted");
        }
        let behind = |place| number(archive, local.checked_add(place)?, 2);
        let data = behind(26).zip(behind(28)).map(|(name, extra)| local + 30 + name + extra).ok_or_else(broken)?;
        let bytes = data.checked_add(packed).and_then(|end| archive.get(data..end)).ok_or_else(broken)?;
        let name = String::from_utf8_lossy(text);
        if name.ends_with('/') {
            continue;
        }
        let mut out = Vec::new();
        match method {
            0 => bytes.take(left.saturating_add(1)).read_to_end(&mut out)?,
            8 => flate2::read::DeflateDecoder::new(bytes).take(left.saturating_add(1)).read_to_end(&mut out)?,
            _ => return form("the zip archive uses a compression that is not read"),
        };
        left = left.checked_sub(out.len() as u64).ok_or(CvrError::TooLarge(cap))?;
        each(&name, out)?;
    }
    Ok(())
}
