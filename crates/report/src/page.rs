//! The report of statistical checks as a page: in the order of an honest report, readable without knowing statistics.
//!
//! [`page`] is one file of HTML with its styles in it, for reading, sending and printing (a browser prints it to PDF with the
//! print styles); [`fragment`] is the same content for a page of the site. Everything is made from a
//! [`recount_forensics::report::Report`]; nothing is computed here but what a reader sees. Every chart stands beside its figures.

mod charts;
mod effects;
mod findings;
mod maps;
mod numbers;
mod places;
mod ranking;
mod rounding;
mod shape;
mod top;
mod words;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use recount_forensics::calibrate::Check;
use recount_forensics::report::{Finding, Report, Topic};

use crate::lang::Lang;
pub use maps::Outlines;

/// The styles of the report and its charts, for a page that has styles of its own.
pub const STYLES: &str = include_str!("../assets/forensics.css");
/// What a file that stands alone needs besides.
const ALONE: &str = include_str!("../assets/alone.css");

/// The report as one file, in a language.
#[must_use]
pub fn page(t: &Lang, report: &Report) -> String {
    page_with_maps(t, report, &Outlines::new())
}

/// The report as one file, with maps of the regions that have outlines.
#[must_use]
pub fn page_with_maps(t: &Lang, report: &Report, outlines: &Outlines) -> String {
    html! {
        (DOCTYPE)
        html lang=(t.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="recount";
                title { (t.say(words::TITLE)) " · " (report.subject.title) }
                style { (PreEscaped(ALONE)) (PreEscaped(STYLES)) }
            }
            body { main #main { (content(t, report, outlines)) } }
        }
    }
    .into_string()
}

/// What the report is called, in a language.
#[must_use]
pub fn title(t: &Lang) -> &str {
    t.say(words::TITLE)
}

/// What a list of pages calls the report: one word.
#[must_use]
pub fn menu(t: &Lang) -> &str {
    t.say("Statistics")
}

/// The same content for a page of the site, without head and styles of its own.
#[must_use]
pub fn fragment(t: &Lang, report: &Report, outlines: &Outlines) -> String {
    html! { div lang=(t.tag()) { (content(t, report, outlines)) } }.into_string()
}

/// The summary as text: for each check its name, a word for the outcome, and a sentence.
#[must_use]
pub fn summary(t: &Lang, report: &Report) -> Vec<(String, String, String)> {
    let line = |own: &Finding| {
        let (name, word) = (t.say(words::topic(own.topic)), t.say(findings::word(&own.verdict)));
        (name.to_owned(), word.to_owned(), findings::sentence(t, report, own))
    };
    report.findings.iter().map(line).collect()
}

/// The name of a test, as the report prints it.
#[must_use]
pub fn name_of(check: Check) -> &'static str {
    words::check(check)
}

fn content(t: &Lang, report: &Report, outlines: &Outlines) -> Markup {
    let sections: Vec<(&str, &str, Markup)> = [
        ("data", words::H_DATA, Some(top::data(t, report))),
        ("calibration", words::H_CALIBRATION, Some(top::calibration(t, report))),
        ("found", words::H_FOUND, Some(findings::section(t, report))),
        ("ranking", words::H_RANKING, ranking::section(t, report)),
        ("rounding", words::H_ROUNDING, Some(rounding::section(t, report))),
        ("spikes", words::H_SPIKES, Some(rounding::spikes(t, report))),
        ("agreement", words::H_AGREEMENT, Some(places::agreement(t, report))),
        ("copies", words::H_COPIES, Some(places::copies(t, report))),
        ("small", words::H_SMALL, Some(places::small_lists(t, report))),
        ("extremes", words::H_EXTREMES, Some(places::extremes(t, report))),
        ("shape", words::H_SHAPE, Some(shape::section(t, report))),
        ("account", words::H_ACCOUNT, Some(shape::account(t, report))),
        ("model", words::H_MODEL, Some(effects::model(t, report))),
        ("effects", words::H_EFFECTS, Some(effects::section(t, report))),
        ("outside", words::H_OUTSIDE, effects::outside(t, report)),
        ("between", words::H_BETWEEN, effects::between(t, report)),
        ("compared", words::H_COMPARED, places::compared(t, report)),
        ("digits", words::H_DIGITS, effects::digits(t, report)),
        ("mixture", words::H_MIXTURE, effects::mixture(t, report)),
        ("maps", words::H_MAPS, maps::section(t, report, outlines)),
        ("regions", words::H_REGIONS, shape::regions(t, report)),
        ("methods", words::H_METHODS, Some(top::methods(t, report))),
    ]
    .into_iter()
    .filter_map(|(id, title, content)| content.map(|content| (id, t.say(title), content)))
    .collect();
    html! {
        div.forensics {
            h1 { (t.say(words::TITLE)) }
            p.subject { (report.subject.title) }
            p { (t.say(words::LEAD)) }
            (findings::short(t, report))
            aside.minute aria-label=(t.say("How to read this page")) { ul { @for text in words::MINUTE { li { (t.say(text)) } } } }
            blockquote { p { (t.say(words::CITED)) } footer { (t.say(words::CITED_FROM)) } }
            nav.contents aria-label=(t.say("Contents")) { ol { @for (id, title, _) in &sections { li { a href={ "#" (id) } { (title) } } } } }
            @for (id, title, content) in &sections {
                section id=(id) aria-labelledby={ (id) "-h" } { h2 id={ (id) "-h" } { (title) } (content) }
            }
        }
    }
}

/// What a check cannot show.
fn cannot(t: &Lang, texts: &[&str]) -> Markup {
    html! { div.caution { (cannot_show(t, texts)) } }
}

fn cannot_show(t: &Lang, texts: &[&str]) -> Markup {
    html! { h3 { (t.say("What this cannot show")) } @for text in texts { p { (t.say(text)) } } }
}

/// What each section ends with: innocent explanations, and what the check cannot see.
fn caution(t: &Lang, topic: Topic, texts: &[&str]) -> Markup {
    html! {
        div.caution {
            h3 { (t.say("Innocent explanations to check first")) }
            ul { @for text in words::innocent(topic) { li { (t.say(text)) } } }
            (cannot_show(t, texts))
        }
    }
}

/// A chart with its summary, and its figures below a fold.
fn figure(t: &Lang, svg: &str, caption: &str, table: &Markup) -> Markup {
    html! {
        figure.wide tabindex="0" { (PreEscaped(svg)) figcaption { (caption) } }
        details { summary { (t.say("The figures of this picture as a table")) } div.scroll role="group" tabindex="0" aria-label=(t.say("Table")) { (table) } }
    }
}
