//! `recount publish`: the record and its pages, as files for any web server; only what changed is written again.

mod folder;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use recount_exchange::data;
use recount_keeper::Follower;
use recount_log::{Hash, VerifierKey};
use recount_server::{Moment, frame_of};
use recount_site::outlines::Outlines;
use recount_site::{Annex, Frame, Site, Versions, annulled_whole_by};
use recount_store::{DirSource, Reader};
use recount_tally::Fold;
use serde_json::json;

use super::export::folder as tables;
use super::{parse_hash, parse_key};
use crate::annex;
use crate::error::{CliError, Outcome, input, read_text};
use crate::read::{self, AnySource, How, Opened};
use crate::show::{self, number};
use folder::{Folder, Written};

/// How often a watched record is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's directory.
    dir: PathBuf,
    /// The folder that is served; what is there of the same record is brought up to date.
    out: PathBuf,
    /// Where it will be served, for the commands that the page shows.
    #[arg(long, value_name = "URL", value_parser = super::parse_url)]
    base_url: Option<String>,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
    /// Stay, and publish every new size, until stopped.
    #[arg(long)]
    watch: bool,
    /// Outlines of units for maps: GeoJSON polygons whose `id` is the unit's.
    #[arg(long, value_name = "GEOJSON")]
    outlines: Option<PathBuf>,
    /// Pages that `recount forensics --pages` made of this record (may be repeated).
    #[arg(long, value_name = "FILE")]
    pages: Vec<PathBuf>,
    /// Write every table as CSV, JSON and Parquet below data/ too, with each size that is published.
    #[arg(long)]
    data: bool,
}

/// Makes the pages of a fold; the error says which invariant fails.
type Make<'a> = &'a dyn Fn(Arc<Fold>, Frame) -> Result<Site, String>;

/// Pages with these outlines on their maps and, if asked for, the names of the tables below `data/`.
fn maker(
    outlines: Option<Arc<Outlines>>,
    more: Vec<Annex>,
    with_data: bool,
) -> impl Fn(Arc<Fold>, Frame) -> Result<Site, String> {
    move |fold, mut frame| {
        let data_files = if with_data { tables::names(&fold) } else { Vec::new() };
        frame.annexes.extend(more.iter().filter(|own| own.since <= fold.size()).cloned());
        let frame = Frame { data_files, outlines: outlines.clone(), ..frame };
        Site::new(fold, frame).map_err(|why| why.to_string())
    }
}

/// The outlines in a file, if one is named.
pub fn outlines(file: Option<&Path>) -> Outcome<Option<Arc<Outlines>>> {
    let Some(file) = file else { return Ok(None) };
    let outlines = Outlines::from_geojson(&read_text(file)?);
    outlines.map(|own| Some(Arc::new(own))).map_err(|why| CliError::Input(format!("{}: {why}", file.display())))
}

/// Writes the tables of the pages that were written.
fn write_data(args: &Args, reader: &Reader<AnySource>, site: &Site) -> Outcome {
    if !args.data {
        return Ok(());
    }
    let frame = data::Frame {
        base_url: args.base_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        checkpoint: Some(reader.checkpoint().clone()),
        charter: site.fold().ledger().charter().map(|(hash, _)| *hash),
        ..data::Frame::default()
    };
    tables::publish(&args.out, site.fold(), &frame).map(|_| ())
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let Some(dir) = args.dir.to_str() else { return input(format!("{}: not a UTF-8 path", args.dir.display())) };
    let source = DirSource::open(&args.dir)?;
    if args.out.starts_with(source.public()) || source.public().starts_with(&args.out) {
        return input(format!("{}: the output cannot lie in the record, nor the record in it", args.out.display()));
    }
    if args.out.exists() && !args.out.is_dir() {
        return input(format!("{}: this is a file; name a folder", args.out.display()));
    }
    let folder = Folder::open(&args.out)?;
    let earlier = folder.published().map(|published| published.size);
    let how = How { key: args.key.clone(), charter: args.charter, earlier, chronicle: true, ..How::default() };
    let mut opened = read::open(dir, &how)?;
    let outlines = outlines(args.outlines.as_deref())?;
    let make = maker(outlines, annex::read_all(&args.pages)?, args.data);
    let make: Make<'_> = &make;
    let before = opened.earlier.take();
    let old = before.and_then(|fold| older(&folder, &opened, fold, args.base_url.as_ref(), make));
    let site = publish_one(&folder, &source, &opened, old.as_ref(), args.base_url.as_ref(), make)?;
    write_data(args, &opened.reader, &site.0)?;
    tell(&args.out, &site.1, as_json)?;
    if args.watch {
        drop(old);
        return watch(args, &folder, &source, opened, (site.0, make), as_json);
    }
    Ok(())
}

/// The pages that the folder holds, if it holds those of an earlier size of this record, made by this program.
fn older(folder: &Folder, opened: &Opened, fold: Fold, base_url: Option<&String>, make: Make<'_>) -> Option<Site> {
    let published = folder.published()?;
    let root = opened.reader.prover().ok()?.root_at(published.size).ok()?;
    if root != published.root {
        return None;
    }
    let frame = frame(&opened.reader, &fold, opened.author_proved, base_url).ok()?;
    make(Arc::new(fold), frame).ok()
}

/// Publishes what was opened; the pages, and what was written.
fn publish_one(
    folder: &Folder,
    source: &DirSource,
    opened: &Opened,
    old: Option<&Site>,
    base_url: Option<&String>,
    make: Make<'_>,
) -> Outcome<(Site, Written)> {
    let fold = opened.fold.clone();
    put(folder, source, (&opened.reader, fold, opened.author_proved), old, base_url, make)
}

/// Checks the invariants, then writes: nothing of a size is written before all of its pages can be made.
fn put(
    folder: &Folder,
    source: &DirSource,
    (reader, fold, author_proved): (&Reader<AnySource>, Fold, bool),
    old: Option<&Site>,
    base_url: Option<&String>,
    make: Make<'_>,
) -> Outcome<(Site, Written)> {
    let size = fold.size();
    let frame = frame(reader, &fold, author_proved, base_url)?;
    let site = make(Arc::new(fold), frame).map_err(|why| {
        CliError::No(format!("nothing of size {size} is published, because an invariant fails: {why}"))
    })?;
    let paths = old.map(|old| site.changed_since(old));
    let written = folder.write(&site, paths, source, reader)?;
    Ok((site, written))
}

/// What stands around the figures.
fn frame(reader: &Reader<AnySource>, fold: &Fold, author_proved: bool, base_url: Option<&String>) -> Outcome<Frame> {
    // Every signature was checked when the record was opened.
    let before = annulled_whole_by(fold).map(|index| read::fold_record(reader, index, index)).transpose()?;
    let charter = fold.ledger().charter();
    let moment = Moment {
        before: before.map(Arc::new),
        checkpoint: reader.checkpoint().clone(),
        charter: charter.map(|(hash, _)| *hash),
        log_key: charter.map(|(_, charter)| charter.log.clone()),
        author_proved,
        earlier: false,
        base_url: base_url.cloned(),
        // The frame speaks of what surrounds the figures, not of them.
        fold: Arc::new(Fold::new(&reader.checkpoint().origin)),
    };
    Ok(Frame { versions: Versions::Latest, annexes: super::audit::annexes(reader, fold), ..frame_of(&moment) })
}

/// Publishes every new size until the process is stopped. A size that cannot be published leaves the last good one as it is.
fn watch(
    args: &Args,
    folder: &Folder,
    source: &DirSource,
    opened: Opened,
    (first, make): (Site, Make<'_>),
    as_json: bool,
) -> Outcome {
    let author_proved = opened.author_proved;
    let Some(place) = args.dir.to_str() else { return Ok(()) };
    let mut follower = Follower::new(place, opened);
    let mut last = first;
    loop {
        std::thread::sleep(LOOK);
        let new = follower.poll().map_err(CliError::from).and_then(|grown| {
            if !grown {
                return Ok(None);
            }
            let what = (follower.reader(), follower.fold().clone(), author_proved);
            let put = put(folder, source, what, Some(&last), args.base_url.as_ref(), make)?;
            write_data(args, follower.reader(), &put.0)?;
            Ok(Some(put))
        });
        match new {
            Ok(None) => {}
            Ok(Some((site, written))) => {
                last = site;
                tell(&args.out, &written, as_json)?;
            }
            Err(why) => eprintln!("recount: ALARM: {why}; the last good size stays"),
        }
    }
}

fn tell(out: &Path, written: &Written, as_json: bool) -> Outcome {
    if as_json {
        return show::json(&json!({
            "out": out, "size": written.size, "files": written.files, "pages": written.pages,
            "milliseconds": u64::try_from(written.time.as_millis()).unwrap_or(u64::MAX),
        }));
    }
    show::line(format!(
        "{}: the pages ({} written) and the record at size {} ({} files copied).",
        out.display(),
        number(written.pages),
        number(written.size),
        number(written.files)
    ));
    show::line("Any web server can serve this folder; every reader can verify what it serves.");
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use recount_log::SigningKey;
    use recount_store::{Writer, WriterOptions};

    #[test]
    fn nothing_is_published_of_a_size_whose_invariants_fail() {
        let home = std::env::temp_dir().join(format!("recount-publish-{}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        let (dir, out) = (home.join("record"), home.join("out"));
        let key = SigningKey::from_seed("planted.example", [7; 32]).unwrap();
        let options = WriterOptions { full_sync: false, ..WriterOptions::default() };
        drop(Writer::create(&dir, "planted.example", &key, options).unwrap());
        let source = DirSource::open(&dir).unwrap();
        let public: AnySource = Box::new(DirSource::open(&dir).unwrap());
        let reader = Reader::open(public, Some(&key.verifier()), None).unwrap();
        let planted: Make<'_> =
            &|_, _| Err("the votes add up to 150, which is more than 100 % of their base".to_owned());
        let what = || (&reader, Fold::new("planted.example"), false);
        let folder = Folder::open(&out).unwrap();
        let refused = put(&folder, &source, what(), None, None, planted);
        assert!(refused.is_err_and(|why| why.to_string().contains("nothing of size 0 is published")));
        assert!(!out.exists(), "not even the folder");
        // The same folder with a good edition: it stays as it is.
        put(&folder, &source, what(), None, None, &maker(None, Vec::new(), false)).unwrap();
        let good = std::fs::read(out.join("index.html")).unwrap();
        assert!(put(&folder, &source, what(), None, None, planted).is_err());
        assert_eq!(std::fs::read(out.join("index.html")).unwrap(), good);
        std::fs::remove_dir_all(home).unwrap();
    }
}
