//! `recount mirror`: keeps a verified copy of a record up to date.

mod copy;

use std::path::{Path, PathBuf};

use recount_log::{Checkpoint, Hash, VerifierKey};
use recount_record::{Entry, Kind};
use recount_store::{DirSource, Reader, Source, StoreError, layout, open_source};
use serde_json::json;

use super::{parse_hash, parse_key};
use crate::error::{CliError, Outcome, input};
use crate::read::{self, AnySource};
use crate::show::{self, number};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record that is copied: an http(s) address, or a directory.
    url: String,
    /// The copy: a new directory, or one that this command made.
    dir: PathBuf,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
}

/// The copy while it is being checked: the files that were fetched, under a checkpoint that is not published yet.
struct Overlay {
    files: DirFiles,
    checkpoint: Vec<u8>,
}

/// Files below a folder that may not have a checkpoint yet.
struct DirFiles(PathBuf);

impl Source for Overlay {
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
        if path == layout::CHECKPOINT {
            return Ok(Some(self.checkpoint.clone()));
        }
        copy::read_file(&self.files.0, path, most)
    }

    fn name(&self) -> String {
        self.files.0.display().to_string()
    }
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    if args.dir.join("private").exists() {
        return input(format!("{}: this is where a record is kept, not a copy of one", args.dir.display()));
    }
    if args.dir.exists() && !args.dir.is_dir() {
        return input(format!("{}: this is a file; name a folder", args.dir.display()));
    }
    recount_keeper::read::check_place(&args.url)?;
    let source = open_source(&args.url)?;
    let remote = Reader::open(source, args.key.as_ref(), None)?;
    let (key, charter) = first_words(&remote, args)?;
    let remote: Reader<AnySource> = Reader::open(open_source(&args.url)?, Some(&key), None)?;
    let had = continues(&args.dir, &remote, &key)?;
    let public = args.dir.join("public");
    let fetched = copy::tiles(&remote, &public)?;
    let checkpoint = remote.checkpoint_bytes().to_vec();
    let overlay: AnySource = Box::new(Overlay { files: DirFiles(public.clone()), checkpoint: checkpoint.clone() });
    let local = Reader::open(overlay, Some(&key), None)?;
    let blobs = copy::blobs(&remote, &local, &public)?;
    let size = local.size();
    // What was verified when it was copied need not be verified again.
    let fold = read::fold_record(&local, size, had).map_err(|why| {
        CliError::No(format!("{why}\nThe copy does not verify and was not published. If files in {} were damaged, delete it and copy again.", args.dir.display()))
    })?;
    copy::checkpoints(&remote, &public, &checkpoint, size)?;
    if let Some(memory) = read::memory_of(&local, &key) {
        local.remember(&memory, 0)?;
    }
    let proved = args.key.is_some() && args.charter.is_some();
    if as_json {
        return show::json(&json!({
            "dir": args.dir,
            "origin": local.checkpoint().origin,
            "size_before": had,
            "size": size,
            "files": fetched,
            "blobs": blobs.fetched,
            "blobs_not_there": blobs.absent,
            "void": fold.noted().iter().filter(|noted| noted.void.is_some()).count(),
            "charter": charter.to_hex(),
            "author_proved": proved,
        }));
    }
    let since = if had > 0 { format!("from size {} ", number(had)) } else { String::new() };
    show::line(format!(
        "{}: {} {since}to size {}: {} files and {} blobs fetched, every leaf and signature checked.",
        args.dir.display(),
        local.checkpoint().origin,
        number(size),
        number(fetched),
        number(blobs.fetched)
    ));
    if blobs.absent > 0 {
        show::line(format!(
            "{} blobs that statements name are not published there (withheld or lost).",
            number(blobs.absent)
        ));
    }
    if !proved {
        show::line("Internally consistent, author unproved: give --key and --charter, as handed out.");
    }
    Ok(())
}

/// The log's key and the charter's hash, from outside or else from the record itself.
fn first_words(remote: &Reader<AnySource>, args: &Args) -> Outcome<(VerifierKey, Hash)> {
    if remote.size() == 0 {
        return input(format!("{}: the record is empty: it has no charter yet", args.url));
    }
    let bytes = remote.entry(0)?;
    let entry =
        Entry::parse(&bytes).map_err(|why| CliError::No(format!("the record does not begin with a charter: {why}")))?;
    let Kind::Charter(charter) = &entry.statement.kind else {
        return Err(CliError::No("the record does not begin with a charter".to_owned()));
    };
    if args.key.as_ref().is_some_and(|key| *key != charter.log) {
        return Err(CliError::No(format!("the charter names another log key: {}", charter.log)));
    }
    if args.charter.as_ref().is_some_and(|expected| *expected != entry.id) {
        return Err(CliError::No(format!("this is another record: its charter is {}", entry.id)));
    }
    Ok((charter.log.clone(), entry.id))
}

/// The size that is there already; it must be the beginning of what is offered.
fn continues(dir: &Path, remote: &Reader<AnySource>, key: &VerifierKey) -> Outcome<u64> {
    if !dir.join("public").join(layout::CHECKPOINT).exists() {
        return Ok(0);
    }
    let ours = Reader::open(DirSource::open(dir)?, Some(key), None)
        .map_err(|why| CliError::No(format!("{}: the copy that is there is of another log: {why}", dir.display())))?;
    let (a, b): (&Checkpoint, &Checkpoint) = (ours.checkpoint(), remote.checkpoint());
    if a.origin != b.origin {
        return input(format!("{}: a copy of {} is there, not of {}", dir.display(), a.origin, b.origin));
    }
    if a.size > b.size {
        return Err(CliError::No(format!(
            "the record was rolled back: the copy has size {}, and {} offers {}. Keep the copy.",
            a.size,
            remote.source().name(),
            b.size
        )));
    }
    let root = if a.size == b.size { b.root } else { remote.prover()?.root_at(a.size)? };
    if root != a.root {
        return Err(CliError::No(format!(
            "THE LOG HAS SIGNED TWO HISTORIES: what is offered at size {} does not begin with the copy's {}. Keep both checkpoints.",
            b.size, a.size
        )));
    }
    Ok(a.size)
}
