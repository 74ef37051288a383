//! Everything at a size as files: every table in every format, and a `datapackage.json` with the hash and size of each.

use std::io::{self, Write};

use recount_log::Hash;
use sha2::{Digest, Sha256};

use super::{DataError, Format, Frame, Sheet, Source, descriptor, tables, write_table};

/// Where files are put.
pub trait Place {
    /// Opens a file for writing; its path has no folders.
    ///
    /// # Errors
    /// It cannot be opened.
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>>;
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its path in the package.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: Hash,
}

/// A table in one format.
#[derive(Debug, Clone, Copy)]
pub struct File<'p, 'a> {
    sheet: &'p Sheet<'a>,
    format: Format,
    metadata: &'p [(String, String)],
}

impl File<'_, '_> {
    /// Its path in the package.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.sheet.name, self.format.ending())
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        self.format.media_type()
    }

    /// What it holds, in a sentence.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.sheet.description
    }

    /// Writes it; what its bytes are.
    ///
    /// # Errors
    /// The bytes cannot be written, a total cannot be formed, or a number does not fit.
    pub fn write(&self, out: &mut dyn Write) -> Result<Written, DataError> {
        let mut out = Hashing { out, sha256: Sha256::new(), bytes: 0 };
        write_table(self.sheet, self.format, self.metadata, &mut out)?;
        Ok(Written { path: self.path(), bytes: out.bytes, sha256: Hash(out.sha256.finalize().into()) })
    }
}

/// Every file of a record at a size.
#[derive(Debug)]
pub struct Package<'a> {
    frame: Frame,
    about: descriptor::About,
    metadata: Vec<(String, String)>,
    sheets: Vec<Sheet<'a>>,
}

impl<'a> Package<'a> {
    /// The name of the file that describes the others.
    pub const DESCRIPTOR: &'static str = "datapackage.json";
    /// The name of the file with the SHA-256 of every other, as `sha256sum -c` reads it.
    pub const SUMS: &'static str = "SHA256SUMS";

    /// The names of all its files.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let fixed = [Self::DESCRIPTOR, Self::SUMS].map(str::to_owned);
        self.files().map(|file| file.path()).chain(fixed).collect()
    }

    /// The package of a source.
    #[must_use]
    pub fn new(source: &Source<'a>, frame: &Frame) -> Package<'a> {
        let about = descriptor::About::new(source, frame);
        Package { frame: frame.clone(), metadata: about.metadata(), about, sheets: tables(source) }
    }

    /// Its tables.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet<'a>] {
        &self.sheets
    }

    /// Every file but the descriptor, in its order.
    pub fn files(&self) -> impl Iterator<Item = File<'_, 'a>> {
        let metadata = &self.metadata;
        self.sheets.iter().flat_map(move |sheet| Format::ALL.map(|format| File { sheet, format, metadata }))
    }

    /// The text of the descriptor, from what the files are.
    #[must_use]
    pub fn descriptor(&self, written: &[Written]) -> String {
        let find = |sheet: &Sheet<'_>, format: Format| {
            let path = format!("{}.{}", sheet.name, format.ending());
            written.iter().find(|own| own.path == path).map(|own| (format, own))
        };
        let resources = self
            .sheets
            .iter()
            .map(|sheet| (sheet, Format::ALL.iter().filter_map(|format| find(sheet, *format)).collect()));
        descriptor::text(&self.about, &self.frame, resources)
    }

    /// Writes every file, the descriptor and the sums last.
    ///
    /// # Errors
    /// A file cannot be written, a total cannot be formed, or a number does not fit.
    pub fn write(&self, place: &mut dyn Place) -> Result<Vec<Written>, DataError> {
        let mut all = Vec::new();
        for file in self.files() {
            let mut out = place.create(&file.path())?;
            all.push(file.write(&mut out)?);
        }
        all.push(put(place, Self::DESCRIPTOR, &self.descriptor(&all))?);
        let sums = all.iter().map(|file| format!("{}  {}\n", file.sha256.to_hex(), file.path));
        all.push(put(place, Self::SUMS, &sums.collect::<String>())?);
        Ok(all)
    }
}

fn put(place: &mut dyn Place, path: &str, text: &str) -> Result<Written, DataError> {
    let mut out = place.create(path)?;
    out.write_all(text.as_bytes())?;
    out.flush()?;
    let sha256 = recount_log::sha256(text.as_bytes());
    Ok(Written { path: path.to_owned(), bytes: text.len() as u64, sha256 })
}

/// Counts and hashes what goes through.
struct Hashing<'w> {
    out: &'w mut dyn Write,
    sha256: Sha256,
    bytes: u64,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sha256.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
