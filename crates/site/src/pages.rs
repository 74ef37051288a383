//! The pages: what stands in each, in one language. What stands around it is `shell`.

mod changes;
mod check;
mod controls;
mod declared;
mod front;
mod map;
mod missing;
mod place;
mod result;
mod rulings;
mod shell;
mod since;
mod small;
mod station;
mod why;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::locale::Locale;
use crate::path::{Single, View};
use crate::site::Site;

pub(crate) use map::{millionths, place as place_of};
pub(crate) use place::pages as place_pages;
pub(crate) use shell::Cx;
pub(crate) use station::said;

/// The code of a note that says that figures are synthetic.
pub(crate) const SYNTHETIC: &str = "synthetic";

/// A page in a language; `None` if the place has no such page.
pub(crate) fn page(site: &Site, locale: &'static Locale, view: &View) -> Option<String> {
    let cx = Cx::new(site, locale, view);
    let (title, body) = match view {
        View::Place(unit, page) => place::page(&cx, *unit, *page)?,
        View::Station(station) => station::page(&cx, *station)?,
        View::Front => (String::new(), front::page(&cx)),
        View::Single(single) => (cx.t.word(shell::title_key(*single)), single_page(&cx, *single)),
        View::More(single, page) => more(&cx, *single, *page)?,
        // It takes two sites: see `difference`.
        View::Since(_) => return None,
        View::Annex(address) => {
            let own = site.frame.annexes.iter().find(|own| own.language == locale.tag() && own.address == *address)?;
            (own.title.clone(), html! { (PreEscaped(&own.html)) })
        }
    };
    Some(shell::wrap(&cx, &title, &body).into_string())
}

fn single_page(cx: &Cx<'_>, single: Single) -> Markup {
    match single {
        Single::Why => why::page(cx),
        Single::Changes | Single::Feed => changes::page(cx),
        Single::Missing => missing::page(cx),
        Single::Controls => controls::page(cx),
        Single::Rulings => rulings::page(cx),
        Single::Check => check::page(cx),
        Single::Data => small::data(cx),
        Single::Print => small::print(cx),
        Single::WidgetSeats => small::widget_seats(cx),
        Single::WidgetCoverage => small::widget_coverage(cx),
    }
}

fn more(cx: &Cx<'_>, single: Single, page: usize) -> Option<(String, Markup)> {
    match single {
        Single::Why => why::more(cx, page),
        Single::Changes => changes::more(cx, page),
        Single::Missing => missing::more(cx, page),
        Single::Rulings => rulings::more(cx, page),
        _ => None,
    }
}

/// What changed between an earlier site of the same record and this one.
pub(crate) fn difference(site: &Site, older: &Site, locale: &'static Locale) -> String {
    let view = View::Since(older.size());
    let cx = Cx::new(site, locale, &view);
    let (title, body) = since::page(&cx, older);
    shell::wrap(&cx, &title, &body).into_string()
}

/// How many pages one of those pages that go on has.
pub(crate) fn single_pages(site: &Site, single: Single) -> usize {
    match single {
        Single::Why => why::pages(site.facts.outcome()),
        Single::Changes => changes::pages(site.fold.chronicle()),
        Single::Missing => missing::pages(site.facts.missing.stations.len()),
        Single::Rulings => rulings::pages(site.fold.rulings().len()),
        _ => 1,
    }
}

/// The page on which a reader chooses a language.
pub(crate) fn languages(site: &Site) -> String {
    let first = site.languages.first();
    let title = shell::election_title(&site.fold, first.map_or("en", |locale| locale.tag()));
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
    small::feed(&Cx::new(site, locale, &View::Single(Single::Feed)))
}
