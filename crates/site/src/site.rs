//! The site of one record at one size: computed once, then every page is cheap.

use std::collections::BTreeSet;
use std::sync::Arc;

use recount_tally::Fold;

use crate::assets;
use crate::facts::Facts;
use crate::frame::{Annex, Frame};
use crate::invariants::Violation;
use crate::locale::{Locale, locales};
use crate::pages;
use crate::path::{Route, Single, View, route};

/// One page or file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub body: Vec<u8>,
    /// Whether other sites may show it in a frame: a widget.
    pub embed: bool,
}

/// Everything that pages say about one record at one size.
#[derive(Debug)]
pub struct Site {
    pub(crate) fold: Arc<Fold>,
    pub(crate) frame: Frame,
    pub(crate) facts: Facts,
    pub(crate) languages: Vec<&'static Locale>,
}

impl Site {
    /// Computes everything, and checks what must hold of it.
    ///
    /// # Errors
    /// An invariant fails: shares above 100 %, a part above its whole, units that do not add up. Then nothing of this size is to be
    /// published; the last good site stays.
    pub fn new(fold: Arc<Fold>, frame: Frame) -> Result<Site, Violation> {
        let facts = Facts::of(&fold, &frame);
        facts.check(frame.before.as_deref().unwrap_or(&fold))?;
        let languages = in_order(&frame);
        Ok(Site { fold, frame, facts, languages })
    }

    /// The fold.
    #[must_use]
    pub fn fold(&self) -> &Arc<Fold> {
        &self.fold
    }

    /// What stands around the figures.
    #[must_use]
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The size of the record.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.fold.size()
    }

    /// The fold whose figures are shown: of a vote annulled as a whole the one before.
    pub(crate) fn counted(&self) -> &Fold {
        self.frame.before.as_deref().unwrap_or(&self.fold)
    }

    /// The page at a path without a slash in front: `en/`, `en/station/1234/`, `assets/style.css`. `None` if there is none.
    #[must_use]
    pub fn page(&self, path: &str) -> Option<Page> {
        match route(path, self.fold.ledger().register().geography())? {
            Route::Languages => {
                Some(Page { media_type: HTML, body: pages::languages(self).into_bytes(), embed: false })
            }
            Route::Asset(name) => {
                let (media_type, body) = assets::asset(&name).or_else(|| self.annex_styles(&name))?;
                Some(Page { media_type, body: body.to_vec(), embed: false })
            }
            Route::Page(locale, View::Single(Single::Feed)) => {
                Some(Page { media_type: ATOM, body: pages::feed(self, locale).into_bytes(), embed: false })
            }
            Route::Page(locale, view) => {
                let embed = matches!(view, View::Single(Single::WidgetSeats | Single::WidgetCoverage));
                Some(Page { media_type: HTML, body: pages::page(self, locale, &view)?.into_bytes(), embed })
            }
        }
    }

    /// The stylesheet of a page that others made.
    fn annex_styles(&self, name: &str) -> Option<(&'static str, &[u8])> {
        let own = self.frame.annexes.iter().find(|own| own.stylesheet().as_deref() == Some(name))?;
        Some(("text/css; charset=utf-8", own.styles.as_ref()?.as_bytes()))
    }

    /// What changed since an earlier site of the same record, in a language: the page `changes/since-SIZE/`, which lies in no folder
    /// and is made when it is asked for. `None` if there is no such language, or `older` is not older.
    #[must_use]
    pub fn difference(&self, older: &Site, language: &str) -> Option<Page> {
        let locale = self.languages.iter().find(|own| own.tag() == language)?;
        let earlier = older.size() < self.size();
        earlier.then(|| Page {
            media_type: HTML,
            body: pages::difference(self, older, locale).into_bytes(),
            embed: false,
        })
    }

    /// The paths of all pages and files: what stands at a path that is empty or ends in a slash belongs into an `index.html` there.
    pub fn paths(&self) -> impl Iterator<Item = String> + '_ {
        let geography = self.fold.ledger().register().geography();
        let own: BTreeSet<String> = self.frame.annexes.iter().filter_map(Annex::stylesheet).collect();
        let assets = assets::assets().map(str::to_owned).chain(own).map(|name| format!("assets/{name}"));
        let pages = self.languages.iter().flat_map(move |locale| {
            self.views(locale).map(move |view| format!("{}/{}", locale.tag(), view.address(geography)))
        });
        std::iter::once(String::new()).chain(assets).chain(pages)
    }

    /// The paths of pages that must be written again where those of `older` lie: what changed, and what is new.
    #[must_use]
    pub fn changed_since(&self, older: &Site) -> Vec<String> {
        let geography = self.fold.ledger().register().geography();
        let everything = !self.frame.same_everywhere(&older.frame) || self.size() < older.size();
        if everything {
            return self.paths().collect();
        }
        if self.size() == older.size() {
            return Vec::new();
        }
        let mut changed = vec![String::new()];
        for locale in &self.languages {
            let views = self.views(locale).filter(|view| self.facts.since(view, self) > older.size());
            changed.extend(views.map(|view| format!("{}/{}", locale.tag(), view.address(geography))));
        }
        changed
    }

    /// Every page of one language.
    fn views<'a>(&'a self, locale: &'a Locale) -> impl Iterator<Item = View> + 'a {
        let geography = self.fold.ledger().register().geography();
        let places = (0u32..).zip(geography.units()).flat_map(move |(n, _)| {
            let unit = recount_election::UnitIx(n);
            (1..=pages::place_pages(geography, unit)).map(move |page| View::Place(unit, page))
        });
        let stations = (0u32..).zip(geography.stations()).map(|(n, _)| View::Station(recount_election::StationIx(n)));
        let annexes = self.frame.annexes.iter().filter(|own| own.language == locale.tag());
        let more = Single::PAGED
            .into_iter()
            .flat_map(move |single| (2..=pages::single_pages(self, single)).map(move |page| View::More(single, page)));
        std::iter::once(View::Front)
            .chain(Single::ALL.map(View::Single))
            .chain(more)
            .chain(annexes.map(|own| View::Annex(own.address.clone())))
            .chain(places)
            .chain(stations)
    }
}

const HTML: &str = "text/html; charset=utf-8";
const ATOM: &str = "application/atom+xml; charset=utf-8";

/// All languages, those that the frame names first.
fn in_order(frame: &Frame) -> Vec<&'static Locale> {
    let place = |locale: &&Locale| {
        let named = frame.languages.iter().position(|own| own == locale.tag());
        named.unwrap_or(frame.languages.len())
    };
    let mut all: Vec<&'static Locale> = locales().iter().collect();
    all.sort_by_key(place);
    all
}
