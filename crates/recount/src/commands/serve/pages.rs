//! Pages of the live service: those of the site, the record's audits beside them, and every table below `data/`, made when it is asked for.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use recount_exchange::data::{self, Package, Place, Source};
use recount_seats::Outcome;
use recount_server::{MakePages, Moment, Page, Pages, frame_of};
use recount_site::outlines::Outlines;
use recount_site::{Annex, Frame, Site};
use recount_store::{DirSource, Reader};
use recount_tally::{Fold, View};

use crate::commands::audit;
use crate::commands::export::folder;
use crate::read::AnySource;
use crate::view::computed;

/// Pages of a record in this directory, and these that were made before, from their size on.
pub fn pages(dir: &Path, outlines: Option<Arc<Outlines>>, more: Vec<Annex>) -> MakePages {
    let dir = dir.to_owned();
    Arc::new(move |moment: Moment| {
        let size = moment.fold.size();
        let more = more.iter().filter(|own| own.since <= size).cloned();
        let frame = Frame {
            annexes: annexes(&dir, &moment).into_iter().chain(more).collect(),
            data_files: folder::names(&moment.fold),
            outlines: outlines.clone(),
            ..frame_of(&moment)
        };
        let tables = data::Frame {
            base_url: frame.base_url.clone(),
            checkpoint: frame.checkpoint.clone(),
            charter: frame.charter,
            ..data::Frame::default()
        };
        let site = Site::new(moment.fold, frame).map_err(|why| why.to_string())?;
        Ok(Box::new(Live { site, tables, outcome: OnceLock::new(), described: OnceLock::new() }) as Box<dyn Pages>)
    })
}

/// Pages of the record's last audit. One that cannot be opened has no page; the log of the service says why.
fn annexes(dir: &Path, moment: &Moment) -> Vec<Annex> {
    if recount_assessment::trail::trails(&moment.fold).is_empty() {
        return Vec::new();
    }
    let source = DirSource::open(dir).map(|source| Box::new(source) as AnySource);
    let reader = source.map_err(|why| why.to_string()).and_then(|source| {
        Reader::open(source, moment.log_key.as_ref(), Some(moment.fold.size())).map_err(|why| why.to_string())
    });
    match reader {
        Ok(reader) => audit::annexes(&reader, &moment.fold),
        Err(why) => {
            tracing::error!(why, "the page of the audit could not be made");
            Vec::new()
        }
    }
}

/// The site with its tables.
struct Live {
    site: Site,
    tables: data::Frame,
    outcome: OnceLock<Option<Outcome>>,
    /// What describes the tables: it holds their hashes, so all of them are written for it.
    described: OnceLock<BTreeMap<String, Vec<u8>>>,
}

impl Live {
    fn fold(&self) -> &Fold {
        self.site.fold()
    }

    fn source(&self) -> Source<'_> {
        let outcome = self.outcome.get_or_init(|| computed::compute(self.fold(), View::LAW).ok()?.outcome.ok());
        Source::new(self.fold(), outcome.as_ref())
    }

    /// A file below `data/`.
    fn table(&self, name: &str) -> Option<Page> {
        if [Package::DESCRIPTOR, Package::SUMS].contains(&name) {
            let body = self.described().get(name)?.clone();
            let media_type = if name == Package::SUMS { "text/plain; charset=utf-8" } else { "application/json" };
            return Some(Page { media_type, body, embed: false });
        }
        let source = self.source();
        let package = Package::new(&source, &self.tables);
        let file = package.files().find(|file| file.path() == name)?;
        let mut body = Vec::new();
        let media_type = file.media_type();
        match file.write(&mut body) {
            Ok(_) => Some(Page { media_type, body, embed: false }),
            Err(why) => {
                tracing::error!(name, why = %why, "a table could not be made");
                None
            }
        }
    }

    fn described(&self) -> &BTreeMap<String, Vec<u8>> {
        self.described.get_or_init(|| {
            let mut kept = Kept::default();
            let source = self.source();
            if let Err(why) = Package::new(&source, &self.tables).write(&mut kept) {
                tracing::error!(why = %why, "the tables could not be described");
                return BTreeMap::new();
            }
            kept.0
        })
    }
}

impl Pages for Live {
    fn page(&self, path: &str) -> Option<Page> {
        match path.strip_prefix("data/") {
            Some(name) => self.table(name),
            None => Pages::page(&self.site, path),
        }
    }

    fn is_table(&self, path: &str) -> bool {
        path.strip_prefix("data/").is_some_and(|name| self.site.frame().data_files.iter().any(|own| own == name))
    }

    fn site(&self) -> Option<&Site> {
        Some(&self.site)
    }
}

/// Keeps what describes tables, and lets the tables go.
#[derive(Default)]
struct Kept(BTreeMap<String, Vec<u8>>);

impl Place for Kept {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>> {
        if [Package::DESCRIPTOR, Package::SUMS].contains(&path) {
            return Ok(Box::new(self.0.entry(path.to_owned()).or_default()));
        }
        Ok(Box::new(io::sink()))
    }
}
