//! The pages: what stands in each, in one language. What stands around it is `shell`.

mod check;
mod place;
mod shell;
mod station;

use maud::{DOCTYPE, Markup, html};

use crate::locale::Locale;
use crate::path::{Single, View};
use crate::sections::{conflicts, controls, counts, missing, readings, rulings};
use crate::site::Site;

pub(crate) use place::pages as place_pages;
use shell::Cx;

/// The code of a note that says that figures are synthetic.
pub(crate) const SYNTHETIC: &str = "synthetic";

/// A page in a language; `None` if the place has no such page.
pub(crate) fn page(site: &Site, locale: &'static Locale, view: &View) -> Option<String> {
    let cx = Cx::new(site, locale, view);
    let (title, body) = match view {
        View::Place(unit, page) => place::page(&cx, *unit, *page)?,
        View::Station(station) => station::page(&cx, *station)?,
        View::Front => (String::new(), front(&cx)),
        View::Single(single) => (cx.t.word(shell::title_key(*single)), single_page(&cx, *single)),
        View::Annex(address) => {
            let own = site.frame.annexes.iter().find(|own| own.language == locale.tag() && own.address == *address)?;
            (own.title.clone(), html! { (maud::PreEscaped(&own.html)) })
        }
    };
    Some(shell::wrap(&cx, &title, &body).into_string())
}

fn front(cx: &Cx<'_>) -> Markup {
    counts::section(cx.counted(), &cx.site.facts.contests).unwrap_or_default()
}

fn single_page(cx: &Cx<'_>, single: Single) -> Markup {
    let (fold, counted) = (&*cx.site.fold, cx.counted());
    let law = cx.site.facts.contests.iter().flat_map(|contest| &contest.counts).find(|count| count.decides);
    let outcome = law.and_then(|count| count.outcome.as_ref().ok());
    if single == Single::Check {
        return check::page(cx);
    }
    let content = match single {
        Single::Why => outcome.and_then(|outcome| readings::section(counted, outcome)),
        Single::Changes => conflicts::section(counted, outcome),
        Single::Missing => missing::section(counted),
        Single::Controls => controls::section(counted),
        Single::Rulings => rulings::section(fold),
        Single::Print | Single::WidgetSeats | Single::WidgetCoverage => Some(front(cx)),
        Single::Data | Single::Feed | Single::Check => None,
    };
    html! { h1 { (cx.t.word(shell::title_key(single))) } (content.unwrap_or_default()) }
}

/// The page on which a reader chooses a language.
pub(crate) fn languages(site: &Site) -> String {
    let title = shell::election_title(&site.fold);
    let first = site.languages.first();
    html! {
        (DOCTYPE)
        html lang=(first.map_or("en", |locale| locale.tag())) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href="assets/style.css";
            }
            body.choose {
                main {
                    h1 { (title) }
                    ul.languages { @for locale in &site.languages {
                        li { a href={ (locale.tag()) "/" } lang=(locale.tag()) hreflang=(locale.tag()) dir=(locale.direction()) {
                            (locale.word("language-name"))
                        } }
                    } }
                }
            }
        }
    }
    .into_string()
}

/// The Atom feed of changes.
pub(crate) fn feed(site: &Site, locale: &'static Locale) -> String {
    let cx = Cx::new(site, locale, &View::Single(Single::Feed));
    let title = format!("{} · {}", shell::election_title(&site.fold), cx.t.word("title-changes"));
    let updated = crate::locale::iso(site.fold.ledger().clock().unwrap_or(0));
    html! {
        (maud::PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(locale.tag()) {
            title { (title) }
            id { "urn:recount:" (site.fold.ledger().charter().map_or_else(String::new, |(hash, _)| hash.to_hex())) ":changes" }
            updated { (updated) }
        }
    }
    .into_string()
}
