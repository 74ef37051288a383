//! A folder with every table in every format, and the package that describes them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use recount_exchange::data::{Frame, Package, Place, Source, Written};
use recount_tally::{Fold, View};
use serde_json::{Value, json};

use super::data_error;
use crate::error::{Outcome, file_error, input};
use crate::show::{self, number};
use crate::view::computed;

/// Writes the folder and says what is in it. A package that is there already is replaced file by file, its description last.
pub fn write(dir: &Path, source: &Source<'_>, frame: &Frame, as_json: bool) -> Outcome {
    let known = dir.join(Package::DESCRIPTOR).exists();
    if !known && dir.read_dir().is_ok_and(|mut files| files.next().is_some()) {
        return input(format!("{}: there are files here that are not of a package; name a new folder", dir.display()));
    }
    std::fs::create_dir_all(dir).map_err(|error| file_error(dir, &error))?;
    let written = all(dir, source, frame)?;
    let bytes: u64 = written.iter().map(|file| file.bytes).sum();
    if as_json {
        let files: Vec<Value> = written
            .iter()
            .map(|file| json!({ "path": file.path, "bytes": file.bytes, "sha256": file.sha256.to_hex() }))
            .collect();
        return show::json(&json!({ "dir": dir, "size": source.fold.size(), "files": files }));
    }
    show::line(format!(
        "{}: {} files, {} bytes, of the record at size {}.",
        dir.display(),
        number(written.len() as u64),
        number(bytes),
        number(source.fold.size())
    ));
    show::line("datapackage.json names every file with its columns and its SHA-256.");
    Ok(())
}

/// Writes every file of a package to a folder. Each is whole or not there; files of an earlier size that are no more are removed.
pub fn all(dir: &Path, source: &Source<'_>, frame: &Frame) -> Outcome<Vec<Written>> {
    let mut folder = Folder { dir };
    let written = Package::new(source, frame).write(&mut folder).map_err(data_error)?;
    for file in &written {
        folder.settle(&file.path).map_err(|error| file_error(&dir.join(&file.path), &error))?;
    }
    remove_others(dir, &written).map_err(|error| file_error(dir, &error))?;
    Ok(written)
}

/// The names of the files below `data/` of a published site.
pub fn names(fold: &Fold) -> Vec<String> {
    let frame = Frame::default();
    Package::new(&Source::new(fold, None), &frame).names()
}

/// Writes the files below `data/` of a published site: what the law counts, in every table and format.
pub fn publish(out: &Path, fold: &Fold, frame: &Frame) -> Outcome<Vec<Written>> {
    let dir = out.join("data");
    std::fs::create_dir_all(&dir).map_err(|error| file_error(&dir, &error))?;
    let seats = computed::compute(fold, View::LAW)?.outcome.ok();
    all(&dir, &Source::new(fold, seats.as_ref()), frame)
}

/// Files are written beside their names and renamed when all of them are whole.
struct Folder<'d> {
    dir: &'d Path,
}

impl Folder<'_> {
    fn beside(&self, path: &str) -> PathBuf {
        self.dir.join(format!(".{path}.new"))
    }

    fn settle(&self, path: &str) -> io::Result<()> {
        std::fs::rename(self.beside(path), self.dir.join(path))
    }
}

impl Place for Folder<'_> {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>> {
        Ok(Box::new(BufWriter::with_capacity(1 << 16, File::create(self.beside(path))?)))
    }
}

/// Removes tables that the package no longer has; nothing else.
fn remove_others(dir: &Path, written: &[Written]) -> io::Result<()> {
    for entry in dir.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let is_table = [".csv", ".json", ".parquet"].iter().any(|ending| name.ends_with(ending));
        let is_left_over = name.starts_with('.') && name.ends_with(".new");
        if (is_table || is_left_over) && entry.file_type()?.is_file() && !written.iter().any(|file| file.path == name) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
