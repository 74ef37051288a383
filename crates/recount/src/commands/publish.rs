//! `recount publish`: the record and its result page, as files for any web server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use recount_log::{Hash, VerifierKey};
use recount_site::{Frame, Site, Verified, Versions, annulled_whole_by, result_page, result_page_before};
use recount_store::{DirSource, Source, layout};
use serde_json::json;

use super::mirror::place;
use super::{parse_hash, parse_key};
use crate::error::{CliError, Outcome, input};
use crate::read::{self, How, Opened};
use crate::show::{self, number};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's directory.
    dir: PathBuf,
    /// The folder that is served; what is there of the same record is brought up to date.
    out: PathBuf,
    /// Where it will be served, for the commands that the page shows.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let Some(dir) = args.dir.to_str() else { return input(format!("{}: not a UTF-8 path", args.dir.display())) };
    let source = DirSource::open(&args.dir)?;
    if args.out.starts_with(source.public()) || source.public().starts_with(&args.out) {
        return input(format!("{}: the output cannot lie in the record, nor the record in it", args.out.display()));
    }
    let how = How { at: None, key: args.key.clone(), charter: args.charter, afresh: false };
    let opened = read::open(dir, &how)?;
    let before = annulled_whole_by(&opened.fold).map(|index| read::fold_record(&opened.reader, index, index));
    let mut frame = frame(&opened, args.base_url.clone());
    frame.before = before.transpose()?.map(Arc::new);
    frame.versions = Versions::Latest;
    let Opened { reader, fold, .. } = opened;
    let size = fold.size();
    let site = Site::new(Arc::new(fold), frame).map_err(|why| {
        CliError::No(format!("nothing of size {size} is published, because an invariant fails: {why}"))
    })?;
    let copied = copy(&source, &args.out, reader.checkpoint_bytes(), size)?;
    let mut written = 0u64;
    for path in site.paths() {
        let Some(page) = site.page(&path) else { continue };
        let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
        // A page whose content is the same keeps the size at which it was written, and is not written again.
        if std::fs::read(args.out.join(&file)).is_ok_and(|there| there == page.body) {
            continue;
        }
        place(&args.out, &file, &page.body)?;
        written += 1;
    }
    if as_json {
        return show::json(&json!({ "out": args.out, "size": size, "files": copied, "pages": written }));
    }
    show::line(format!(
        "{}: the pages ({} written) and the record at size {} ({} files copied).",
        args.out.display(),
        number(written),
        number(size),
        number(copied)
    ));
    show::line("Any web server can serve this folder; every reader can verify what it serves.");
    Ok(())
}

/// The result page. Of a vote that was annulled as a whole it shows the count as it stood before.
pub fn page(opened: &Opened, base_url: Option<String>) -> Outcome<String> {
    let frame = frame(opened, base_url);
    match annulled_whole_by(&opened.fold) {
        None => Ok(result_page(&opened.fold, &frame)),
        Some(index) => {
            // Every signature up to here was checked when the record was opened.
            let before = read::fold_record(&opened.reader, index, index)?;
            Ok(result_page_before(&opened.fold, &before, &frame))
        }
    }
}

/// What the page says beside the figures.
fn frame(opened: &Opened, base_url: Option<String>) -> Frame {
    Frame {
        base_url,
        vkey: Some(opened.log_key.clone()),
        charter: Some(opened.charter),
        checkpoint: Some(opened.reader.checkpoint().clone()),
        verified: Verified {
            log_key: opened.author_proved,
            charter: opened.author_proved,
            tree: true,
            statements: true,
            declarations: true,
            witnesses: 0,
        },
        ..Frame::default()
    }
}

/// Copies the public files that are not there yet; the checkpoint last.
fn copy(source: &DirSource, out: &Path, checkpoint: &[u8], size: u64) -> Outcome<u64> {
    let mut copied = 0;
    for path in source.list()?.unwrap_or_default() {
        let ours = path.starts_with("tile/") || path.starts_with("checkpoints/") || path.starts_with("blob/");
        let later = layout::parse_checkpoint_path(&path).is_some_and(|kept| kept > size);
        if !ours || later || out.join(&path).exists() {
            continue;
        }
        let gone = || CliError::Environment(format!("{path}: it was there a moment ago"));
        let bytes = source.get(&path, u64::MAX)?.ok_or_else(gone)?;
        place(out, &path, &bytes)?;
        copied += 1;
    }
    place(out, layout::CHECKPOINT, checkpoint)?;
    Ok(copied + 1)
}
