//! The page: the order of its sections, and what stands around them.

use maud::{DOCTYPE, Markup, html};

use recount_tally::Fold;

use crate::frame::Frame;
use crate::sections::{check, conflicts, controls, counts, missing, readings, rulings, top, units};
use crate::words;

/// The code of a note that says that figures are synthetic.
const SYNTHETIC: &str = "synthetic";

/// The page of a record at the size of the fold.
#[must_use]
pub fn result_page(fold: &Fold, frame: &Frame) -> String {
    page(fold, fold, frame).into_string()
}

/// The page of a record whose whole vote was annulled, with the count as it stood before: `before` is the same record folded
/// to the size that [`crate::annulled_whole_by`] names. State, rulings and checkpoint are those of `fold`.
#[must_use]
pub fn result_page_before(fold: &Fold, before: &Fold, frame: &Frame) -> String {
    page(fold, before, frame).into_string()
}

fn page(fold: &Fold, counted: &Fold, frame: &Frame) -> Markup {
    let title = fold.ledger().charter().map_or(words::UNTITLED, |(_, charter)| charter.election.title.as_str());
    html! {
        (DOCTYPE)
        html lang=(words::LANG) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="recount";
                title { (title) " · " (words::RESULT) }
                link rel="stylesheet" href="style.css";
            }
            body {
                a.skip href="#main" { (words::SKIP) }
                @if let Some(banner) = banner(fold, frame) {
                    p.banner role="note" { strong { (words::SYNTHETIC_LABEL) } " " (banner) }
                }
                (top::header(fold, frame))
                @match fold.law() {
                    None => main #main { p.empty { (words::NO_CHARTER) } },
                    Some(_) => (body(fold, counted, frame)),
                }
                footer { p { (words::FOOTER) } }
            }
        }
    }
}

fn body(fold: &Fold, counted: &Fold, frame: &Frame) -> Markup {
    let contests = counts::of(counted);
    let law = contests.iter().flat_map(|contest| &contest.counts).find(|count| count.decides);
    let outcome = law.and_then(|count| count.outcome.as_ref().ok());
    let sections = [
        ("counts", words::COUNTS, counts::section(counted, &contests)),
        ("readings", words::READINGS, outcome.and_then(|outcome| readings::section(counted, outcome))),
        ("missing", words::MISSING, missing::section(counted)),
        ("conflicts", words::CONFLICTS, conflicts::section(counted, outcome)),
        ("rulings", words::RULINGS, rulings::section(fold)),
        ("units", words::UNITS, units::section(counted, &contests)),
        ("controls", words::CONTROLS, controls::section(counted)),
        ("check", words::CHECK, Some(check::section(fold, frame, ""))),
    ];
    let shown: Vec<(&str, &str, Markup)> =
        sections.into_iter().filter_map(|(id, title, content)| content.map(|content| (id, title, content))).collect();
    html! {
        nav aria-label=(words::NAV) { ul { @for (id, title, _) in &shown { li { a href={ "#" (id) } { (title) } } } } }
        main #main {
            @if counted.size() != fold.size() { p.notice { (words::as_before(counted.size())) } }
            @for (id, title, content) in &shown {
                section id=(id) aria-labelledby={ (id) "-h" } { h2 id={ (id) "-h" } { (title) } (content) }
            }
        }
    }
}

/// The sentence above everything where figures are synthetic.
fn banner(fold: &Fold, frame: &Frame) -> Option<String> {
    let noted = fold.events().notes.iter().any(|note| note.what.code == SYNTHETIC);
    frame.synthetic.clone().or_else(|| noted.then(|| words::SYNTHETIC.to_owned()))
}
