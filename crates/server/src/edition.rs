//! An edition: everything that is said at one size of the record, made once and put up whole.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use recount_log::sha256;
use recount_tally::claim::ContestIx;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, View};
use serde_json::Value;

use crate::options::{MakePages, Moment, Pages};
use crate::pack::Body;

/// A page as it goes out.
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    pub(crate) media_type: &'static str,
    pub(crate) body: Body,
    pub(crate) embed: bool,
    /// A tag of its own, where the same bytes serve many sizes: of stylesheets and scripts.
    pub(crate) etag: Option<String>,
}

/// Pages that were rendered, up to so many bytes.
#[derive(Debug, Default)]
struct Kept {
    pages: HashMap<String, Rendered>,
    bytes: usize,
}

/// The tag of bytes, in quotes.
pub(crate) fn content_tag(bytes: &[u8]) -> String {
    format!("\"{}\"", sha256(bytes).to_hex())
}

/// One size of the record with its pages.
pub(crate) struct Edition {
    pub(crate) moment: Moment,
    /// A strong tag, in quotes: with the size and the root all answers of an edition are given, for one version of the program.
    pub(crate) etag: String,
    pages: Box<dyn Pages>,
    kept: RwLock<Kept>,
    most: usize,
    totals: OnceLock<Result<BTreeMap<ContestIx, UnitTotals>, String>>,
    pub(crate) outcome: OnceLock<Value>,
    pub(crate) controls: OnceLock<Vec<Value>>,
}

impl Edition {
    /// Makes the pages of a moment; the error says which invariant fails.
    pub(crate) fn make(moment: Moment, make: &MakePages, most: usize) -> Result<Edition, String> {
        let size = moment.fold.size();
        let root: String = moment.checkpoint.root.to_hex().chars().take(16).collect();
        let etag = format!("\"{size}-{root}-{}\"", env!("CARGO_PKG_VERSION"));
        let input = moment.clone();
        // A page that breaks off is a fault of the program: like a broken invariant it must not take down what is up.
        let pages = catch_unwind(AssertUnwindSafe(|| make(input)))
            .map_err(|_| "making the pages broke off".to_owned())
            .and_then(|made| made)?;
        Ok(Edition {
            moment,
            etag,
            pages,
            kept: RwLock::default(),
            most,
            totals: OnceLock::new(),
            outcome: OnceLock::new(),
            controls: OnceLock::new(),
        })
    }

    pub(crate) fn fold(&self) -> &Arc<Fold> {
        &self.moment.fold
    }

    pub(crate) fn size(&self) -> u64 {
        self.moment.fold.size()
    }

    /// A page that was rendered before.
    pub(crate) fn kept(&self, key: &str) -> Option<Rendered> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).pages.get(key).cloned()
    }

    /// Keeps a page, unless there are enough.
    pub(crate) fn keep(&self, key: &str, page: &Rendered) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let bytes = kept.bytes.saturating_add(page.body.weight()).saturating_add(key.len());
        if bytes <= self.most && !kept.pages.contains_key(key) {
            kept.bytes = bytes;
            kept.pages.insert(key.to_owned(), page.clone());
        }
    }

    /// Whether the path names a table: large, and long in the making.
    pub(crate) fn is_table(&self, path: &str) -> bool {
        self.pages.is_table(path)
    }

    /// Renders a page; `None` if there is none at that path.
    pub(crate) fn render(&self, path: &str) -> Option<Rendered> {
        let page = self.pages.page(path)?;
        let etag = path.starts_with("assets/").then(|| content_tag(&page.body));
        let page = Rendered { media_type: page.media_type, body: Body::new(page.body), embed: page.embed, etag };
        self.keep(path, &page);
        Some(page)
    }

    /// Renders what changed since an earlier edition, in a language; `None` if there is no such language, or it is no earlier one.
    pub(crate) fn render_since(&self, path: &str, older: &Edition, language: &str) -> Option<Rendered> {
        let page = self.pages.site()?.difference(older.pages.site()?, language)?;
        let page = Rendered { media_type: page.media_type, body: Body::new(page.body), embed: page.embed, etag: None };
        self.keep(path, &page);
        Some(page)
    }

    /// Totals by law of every contest, by unit.
    pub(crate) fn totals(&self) -> Result<&BTreeMap<ContestIx, UnitTotals>, String> {
        let made = self.totals.get_or_init(|| {
            let fold = self.fold();
            let of = |(ix, _)| fold.totals(ix, View::LAW).map(|totals| (ix, totals)).map_err(|why| why.to_string());
            fold.contests().map(of).collect()
        });
        made.as_ref().map_err(Clone::clone)
    }
}
