//! The first file of a ZIP archive, as a stream: published tables come as one file in one archive.

use std::io::{self, Read};

/// How every archive with a file in it begins.
pub(crate) const MAGIC: [u8; 4] = *b"PK\x03\x04";

/// Whether these bytes begin an archive.
#[must_use]
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(&MAGIC)
}

/// The content of the first file. How much comes out is limited by whoever reads it.
///
/// # Errors
/// The bytes are no archive, or the file is neither stored nor deflated.
pub fn first_file(bytes: &[u8]) -> io::Result<Box<dyn Read + Send + '_>> {
    let wrong = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why);
    let header = bytes.get(..30).filter(|own| is_zip(own)).ok_or_else(|| wrong("not a ZIP archive"))?;
    let short = |at: usize| {
        let pair = [header.get(at), header.get(at + 1)].map(|byte| byte.copied().unwrap_or(0));
        usize::from(u16::from_le_bytes(pair))
    };
    let (flags, method, name, extra) = (short(6), short(8), short(26), short(28));
    if flags & 1 == 1 {
        return Err(wrong("the ZIP archive is encrypted"));
    }
    let data = bytes.get(30 + name + extra..).ok_or_else(|| wrong("the ZIP archive is cut off"))?;
    match method {
        8 => Ok(Box::new(flate2::read::DeflateDecoder::new(data))),
        0 if flags & 8 == 0 => {
            let size = [18, 19, 20, 21].map(|at: usize| header.get(at).copied().unwrap_or(0));
            let size = usize::try_from(u32::from_le_bytes(size)).unwrap_or(usize::MAX);
            data.get(..size)
                .map(|own| Box::new(own) as Box<dyn Read + Send>)
                .ok_or_else(|| wrong("the ZIP archive is cut off"))
        }
        _ => Err(wrong("the file in the ZIP archive is compressed in an unusual way")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn archive(method: u8, data: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([20, 0, 0, 0, method, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend([0, 0, 0, 0, 5, 0, 2, 0]);
        bytes.extend(b"a.csvxx");
        bytes.extend(data);
        bytes.extend(b"PK\x01\x02 the directory");
        bytes
    }

    fn text(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        first_file(bytes)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn stored_and_deflated() {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(b"a,b\n1,2\n").unwrap();
        let deflated = encoder.finish().unwrap();
        assert_eq!(text(&archive(8, &deflated)).unwrap(), "a,b\n1,2\n");
        assert_eq!(text(&archive(0, b"a,b\n")).unwrap(), "a,b\n");
    }

    #[test]
    fn what_is_no_archive() {
        assert!(text(b"PK").is_err() && text(b"a,b\n").is_err() && text(&archive(9, b"x")).is_err());
        let mut cut = archive(0, b"a,b\n");
        cut.truncate(32);
        assert!(text(&cut).is_err());
        let mut encrypted = archive(0, b"a,b\n");
        encrypted[6] = 1;
        assert!(text(&encrypted).is_err());
    }
}
