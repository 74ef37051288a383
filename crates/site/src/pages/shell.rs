//! What stands around every page: head, masthead, navigation, and on what the page rests.

use maud::{DOCTYPE, Markup, html};

use recount_election::{UnitIx, title_in};
use recount_seats::{Outcome, Words};
use recount_tally::Fold;
use recount_tally::claim::ContestIx;

use crate::assets;
use crate::frame::Versions;
use crate::locale::{Locale, iso, say};
use crate::path::{Single, View};
use crate::site::Site;
use crate::standing::State;

/// What a page knows while it is written.
pub(crate) struct Cx<'a> {
    pub site: &'a Site,
    pub t: &'static Locale,
    pub view: &'a View,
    /// The address of the page below its language.
    pub address: String,
    /// From the page up to the folder of all languages: `../../`.
    pub root: String,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(site: &'a Site, t: &'static Locale, view: &'a View) -> Cx<'a> {
        let address = view.address(site.fold.ledger().register().geography());
        let root = "../".repeat(address.matches('/').count() + 1);
        Cx { site, t, view, address, root }
    }

    /// The fold whose figures are shown.
    pub(crate) fn counted(&self) -> &'a Fold {
        self.site.counted()
    }

    /// The address of another page of the same language, from this one.
    pub(crate) fn to(&self, view: &View) -> String {
        let geography = self.site.fold.ledger().register().geography();
        format!("{}{}/{}", self.root, self.t.tag(), view.address(geography))
    }

    /// The words of an outcome, with names as this page gives them.
    pub(crate) fn words<'w>(&self, outcome: &'w Outcome) -> Words<'w>
    where
        'a: 'w,
    {
        Words::new(self.t.explains_in(), outcome).calling(self.site.facts.called(self.t.tag()))
    }

    /// A number as the language writes it.
    pub(crate) fn n(&self, n: u64) -> String {
        self.t.number(n)
    }

    /// The name of a figure, by which scripts derive it again and show its way: see `assets/figures.js`.
    pub(crate) fn figure(
        &self,
        what: &str,
        contest: ContestIx,
        view: &str,
        unit: Option<UnitIx>,
        item: &str,
    ) -> Option<String> {
        let contest = self.counted().contest(contest)?;
        let unit = self.site.fold.ledger().register().geography().unit(unit?)?;
        Some(format!("{what} {} {view} {} {item}", contest.id, unit.id))
    }

    /// The size on which the page rests.
    pub(crate) fn since(&self) -> u64 {
        self.site.facts.since(self.view, self.site)
    }
}

/// The message that is the title of a page.
pub(crate) fn title_key(single: Single) -> &'static str {
    match single {
        Single::Why => "title-why",
        Single::Changes | Single::Feed => "title-changes",
        Single::Missing => "title-missing",
        Single::Controls => "title-controls",
        Single::Rulings => "title-rulings",
        Single::Check => "title-check",
        Single::Data => "title-data",
        Single::Print => "title-print",
        Single::WidgetSeats => "title-widget-seats",
        Single::WidgetCoverage => "title-widget-coverage",
    }
}

/// The title of the election in a language; "Recount" while there is no charter.
pub(crate) fn election_title(fold: &Fold, tag: &str) -> String {
    let Some((_, charter)) = fold.ledger().charter() else { return "Recount".to_owned() };
    let title = charter.election.title.as_str();
    fold.law().map_or(title, |law| title_in(title, &law.forms.titles, tag)).to_owned()
}

/// The whole page.
pub(crate) fn wrap(cx: &Cx<'_>, title: &str, body: &Markup) -> Markup {
    let election = election_title(&cx.site.fold, cx.t.tag());
    let is_widget = matches!(cx.view, View::Single(Single::WidgetSeats | Single::WidgetCoverage));
    html! {
        (DOCTYPE)
        html lang=(cx.t.tag()) dir=(cx.t.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="recount";
                meta name="recount-size" content=(cx.since());
                @if site_is_kept(cx) { meta name="recount-fixed" content="true"; }
                title { @if !title.is_empty() { (title) " · " } (election) }
                link rel="stylesheet" href={ (cx.root) "assets/style.css" };
                @if let Some(own) = annex_styles(cx) { link rel="stylesheet" href={ (cx.root) "assets/" (own) }; }
                @for other in cx.site.languages.iter().filter(|other| other.tag() != cx.t.tag()) {
                    link rel="alternate" hreflang=(other.tag()) href={ (cx.root) (other.tag()) "/" (cx.address) };
                }
                link rel="alternate" type="application/atom+xml" title=(cx.t.word("title-changes")) href=(cx.to(&View::Single(Single::Feed)));
                (scripts(cx))
            }
            body class=[is_widget.then_some("widget")] {
                @if !is_widget {
                    a.skip href="#main" { (cx.t.word("skip")) }
                }
                @if let Some(banner) = banner(cx) {
                    aside.banner aria-label=(cx.t.word("synthetic-label")) { strong { (cx.t.word("synthetic-label")) } " " (banner) }
                }
                @if !is_widget { (masthead(cx, &election)) (navigation(cx)) }
                main #main { (body) }
                template #live-words { p data-word="updated" { (say!(cx.t, "js-updated", size = "{size}")) } }
                (foot(cx, is_widget))
            }
        }
    }
}

/// The stylesheet that a page of others brings.
fn annex_styles(cx: &Cx<'_>) -> Option<String> {
    let View::Annex(address) = cx.view else { return None };
    cx.site.frame.annexes.iter().find(|own| own.address == *address)?.stylesheet()
}

/// Whether the site belongs to one size for good: then no news of a larger one is told.
fn site_is_kept(cx: &Cx<'_>) -> bool {
    cx.site.frame.versions == Versions::Here
}

/// Scripts are asked for where they lie: pages are complete without them.
fn scripts(cx: &Cx<'_>) -> Markup {
    let own = match cx.view {
        View::Single(Single::Check) => "check.js",
        _ => "site.js",
    };
    html! { @if assets::asset(own).is_some() { script type="module" src={ (cx.root) "assets/" (own) } {} } }
}

/// The sentence above everything where figures are synthetic.
fn banner(cx: &Cx<'_>) -> Option<String> {
    cx.site.frame.synthetic.clone().or_else(|| cx.site.facts.synthetic.then(|| cx.t.word("synthetic")))
}

fn masthead(cx: &Cx<'_>, election: &str) -> Markup {
    let (word, class) = match cx.site.facts.state(&cx.site.fold) {
        State::NoCharter => ("state-none", "none"),
        State::Preliminary => ("state-preliminary", "preliminary"),
        State::Declared(_) => ("state-declared", "declared"),
        State::Annulled { .. } => ("state-annulled", "annulled"),
    };
    let day = cx.site.fold.ledger().charter().map(|(_, charter)| charter.election.polling_day.as_str());
    html! {
        header.masthead {
            div.over {
                p.day { @if let Some(day) = day { time datetime=(day) { (cx.t.date(day)) } } " " span class={ "status " (class) } { (cx.t.word(word)) } }
                nav.tongues aria-label=(cx.t.word("languages")) { ul { @for other in &cx.site.languages { li {
                    @if other.tag() == cx.t.tag() { span aria-current="true" lang=(other.tag()) { (other.word("language-name")) } }
                    @else { a href={ (cx.root) (other.tag()) "/" (cx.address) } lang=(other.tag()) hreflang=(other.tag()) dir=(other.direction()) { (other.word("language-name")) } }
                } } } }
            }
            p.title { a href=(cx.to(&View::Front)) { (election) } }
        }
    }
}

fn navigation(cx: &Cx<'_>) -> Markup {
    let root = crate::facts::root(&cx.site.fold);
    let mut links = vec![(View::Front, cx.t.word("title-front")), (View::Single(Single::Why), cx.t.word("title-why"))];
    links.extend(root.map(|root| (View::Place(root, 1), cx.t.word("title-places"))));
    let more = [Single::Changes, Single::Missing, Single::Controls, Single::Rulings];
    links.extend(more.map(|single| (View::Single(single), cx.t.word(title_key(single)))));
    let annexes = cx.site.frame.annexes.iter().filter(|own| own.language == cx.t.tag());
    let shown = annexes.filter(|own| own.address.matches('/').count() == 1);
    links.extend(shown.map(|own| (View::Annex(own.address.clone()), own.menu.clone())));
    let last = [Single::Check, Single::Data];
    links.extend(last.map(|single| (View::Single(single), cx.t.word(title_key(single)))));
    let here = |view: &View| match (view, cx.view) {
        (View::Place(..), View::Station(_)) => "true",
        (View::Place(..), View::Place(unit, 1)) if Some(*unit) == root => "page",
        (View::Place(..), View::Place(..)) => "true",
        (own, asked) if own == asked => "page",
        _ => "",
    };
    html! {
        nav.sections aria-label=(cx.t.word("sections")) { ul { @for (view, title) in &links { li {
            @let current = Some(here(view)).filter(|own| !own.is_empty());
            a href=(cx.to(view)) aria-current=[current] { (title) }
        } } } }
    }
}

/// On what the page rests, and the same page at that size.
fn foot(cx: &Cx<'_>, is_widget: bool) -> Markup {
    let (site, since) = (cx.site, cx.since());
    // What is true of the latest size alone would change pages that nothing else changes.
    let is_latest = !matches!(cx.view, View::Place(..) | View::Station(_) | View::Annex(_));
    let checkpoint = site.frame.checkpoint.as_ref().filter(|own| own.size == since && is_latest);
    let time = match site.fold.chronicle() {
        Some(history) => history.clock_at(since),
        None => site.fold.ledger().clock().filter(|_| is_latest),
    };
    let kept = format!("{}at/{since}/{}/{}", cx.root, cx.t.tag(), cx.address);
    html! {
        footer {
            p.basis {
                (say!(cx.t, "basis", size = since))
                @if let Some(time) = time { " " (cx.t.word("clock")) " " time datetime=(iso(time)) { (cx.t.time(time)) } "." }
                @if matches!(cx.view, View::Place(..) | View::Station(_)) { " " (cx.t.word("basis-unchanged")) }
            }
            @if let Some(checkpoint) = checkpoint {
                p.basis { (cx.t.word("checkpoint-root")) " " code { (checkpoint.root.to_hex()) } }
            }
            p.basis { @match site.frame.versions {
                Versions::Kept => a href=(kept) { (say!(cx.t, "same-page-at", size = since)) },
                Versions::Here => a href={ (cx.root) "../../" (cx.t.tag()) "/" (cx.address) } { (cx.t.word("latest-page")) },
                Versions::Latest => (cx.t.word("earlier-by-command")),
            } }
            @if !is_widget { p.basis { (cx.t.word("footer")) } }
        }
    }
}

/// Links to the further pages of a long list.
pub(crate) fn pager(cx: &Cx<'_>, single: Single, all: usize, page: usize) -> Markup {
    pager_of(cx, all, page, |other| if other == 1 { View::Single(single) } else { View::More(single, other) })
}

/// The same for any page.
pub(crate) fn pager_of(cx: &Cx<'_>, all: usize, page: usize, to: impl Fn(usize) -> View) -> Markup {
    // Of very many pages those at the ends and those nearby.
    let shown = |other: &usize| *other <= 3 || *other + 3 > all || other.abs_diff(page) <= 3;
    html! { @if all > 1 {
        nav.pages aria-label=(cx.t.word("more-pages")) { ul { @for other in (1..=all).filter(shown) { li {
            @let number = cx.n(u64::try_from(other).unwrap_or(u64::MAX));
            @if other == page { span aria-current="page" { (number) } } @else { a href=(cx.to(&to(other))) { (number) } }
        } } } }
    } }
}
