//! Filing the notes of an audit.

use std::path::{Path, PathBuf};

use recount_assessment::trail::OF;
use recount_log::{Hash, SigningKey};
use recount_record::statement::{About, BlobRef, Kind, NoteStatement, Statement};

use crate::error::{CliError, Outcome, input};
use crate::keys;
use crate::write::{Filed, Recorder};

/// Reads the keys that sign.
pub fn keys(paths: &[PathBuf]) -> Outcome<Vec<SigningKey>> {
    paths.iter().map(|path| keys::read(path)).collect()
}

/// A record open for the statements of an audit.
pub struct Desk {
    /// The record.
    pub recorder: Recorder,
    keys: Vec<SigningKey>,
    charter: Hash,
}

impl Desk {
    /// Opens a record's directory for these signers.
    pub fn open(dir: &str, signers: &[PathBuf]) -> Outcome<Desk> {
        if dir.contains("://") {
            return input("statements are filed where the record is kept: name its directory");
        }
        let keys = keys(signers)?;
        let recorder = Recorder::open(Path::new(dir))?;
        let charter = recorder.fold().ledger().charter().map(|(hash, _)| *hash);
        let charter = charter.ok_or_else(|| CliError::Input("the record has no charter yet".to_owned()))?;
        Ok(Desk { recorder, keys, charter })
    }

    /// Stores a blob and names it.
    pub fn blob(&mut self, bytes: &[u8], media: &str) -> Outcome<BlobRef> {
        let sha256 = self.recorder.put_blob(bytes)?;
        Ok(BlobRef { sha256, bytes: bytes.len() as u64, media: media.to_owned(), salted: false })
    }

    /// Signs and files statements; each must have effect.
    pub fn file(&mut self, kinds: Vec<Kind<'_>>) -> Outcome<Vec<Filed>> {
        let text = |kind| Statement { charter: Some(self.charter), kind }.to_text();
        let texts: Vec<String> = kinds.into_iter().map(text).collect();
        let keys: Vec<&SigningKey> = self.keys.iter().collect();
        let filed = self.recorder.file_texts(&texts, &keys, "filing")?;
        match filed.iter().find_map(|own| own.void.as_ref().map(|why| (own.index, why))) {
            Some((index, why)) => input(format!("statement {index} was filed and is VOID: {why}")),
            None => Ok(filed),
        }
    }

    /// Files one note.
    pub fn note(&mut self, note: NoteStatement) -> Outcome<u64> {
        let filed = self.file(vec![Kind::Note(note)])?;
        filed.first().map(|own| own.index).ok_or_else(|| CliError::Environment("nothing was filed".to_owned()))
    }
}

/// A note about an audit's plan.
pub fn note(code: &str, plan: u64) -> NoteStatement {
    NoteStatement {
        code: code.to_owned(),
        about: About::Statement(plan),
        figures: Vec::new(),
        sources: Vec::new(),
        blobs: Vec::new(),
    }
}

/// A note about a station within an audit.
pub fn station_note(code: &str, plan: u64, station: &str) -> NoteStatement {
    NoteStatement {
        about: About::Station { id: station.to_owned(), part: None },
        figures: vec![(OF.to_owned(), plan)],
        ..note(code, plan)
    }
}
