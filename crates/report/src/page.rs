//! The report of statistical checks as a page: in the order of an honest report, readable without knowing statistics.
//!
//! [`page`] is one file of HTML with its styles in it, for reading, sending and printing (a browser prints it to PDF with the
//! print styles); [`fragment`] is the same content for a page of the site. Everything is made from a
//! [`recount_forensics::report::Report`]; nothing is computed here but what a reader sees. Every chart stands beside its figures.

mod charts;
mod effects;
mod findings;
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

/// The styles of the report and its charts, for a page that has styles of its own.
pub const STYLES: &str = include_str!("../assets/forensics.css");
/// What a file that stands alone needs besides.
const ALONE: &str = include_str!("../assets/alone.css");

/// The report as one file.
#[must_use]
pub fn page(report: &Report) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="recount";
                title { (words::TITLE) " · " (report.subject.title) }
                style { (PreEscaped(ALONE)) (PreEscaped(STYLES)) }
            }
            body { main #main { (content(report)) } }
        }
    }
    .into_string()
}

/// The same content for a page of the site, without head and styles of its own.
#[must_use]
pub fn fragment(report: &Report) -> String {
    html! { div lang="en" { (content(report)) } }.into_string()
}

/// The summary as text: for each check its name, a word for the outcome, and a sentence.
#[must_use]
pub fn summary(report: &Report) -> Vec<(&'static str, &'static str, String)> {
    let line = |own: &Finding| (words::topic(own.topic), findings::word(&own.verdict), findings::sentence(report, own));
    report.findings.iter().map(line).collect()
}

/// The name of a test, as the report prints it.
#[must_use]
pub fn name_of(check: Check) -> &'static str {
    words::check(check)
}

fn content(report: &Report) -> Markup {
    let sections: Vec<(&str, &str, Markup)> = [
        ("data", words::H_DATA, Some(top::data(report))),
        ("calibration", words::H_CALIBRATION, Some(top::calibration(report))),
        ("found", words::H_FOUND, Some(findings::section(report))),
        ("ranking", words::H_RANKING, ranking::section(report)),
        ("rounding", words::H_ROUNDING, Some(rounding::section(report))),
        ("spikes", words::H_SPIKES, Some(rounding::spikes(report))),
        ("agreement", words::H_AGREEMENT, Some(places::agreement(report))),
        ("copies", words::H_COPIES, Some(places::copies(report))),
        ("small", words::H_SMALL, Some(places::small_lists(report))),
        ("extremes", words::H_EXTREMES, Some(places::extremes(report))),
        ("shape", words::H_SHAPE, Some(shape::section(report))),
        ("account", words::H_ACCOUNT, Some(shape::account(report))),
        ("model", words::H_MODEL, Some(effects::model(report))),
        ("effects", words::H_EFFECTS, Some(effects::section(report))),
        ("outside", words::H_OUTSIDE, effects::outside(report)),
        ("between", words::H_BETWEEN, effects::between(report)),
        ("compared", words::H_COMPARED, places::compared(report)),
        ("digits", words::H_DIGITS, effects::digits(report)),
        ("mixture", words::H_MIXTURE, effects::mixture(report)),
        ("regions", words::H_REGIONS, shape::regions(report)),
        ("methods", words::H_METHODS, Some(top::methods(report))),
    ]
    .into_iter()
    .filter_map(|(id, title, content)| content.map(|content| (id, title, content)))
    .collect();
    html! {
        div.forensics {
            h1 { (words::TITLE) }
            p.subject { (report.subject.title) }
            p { (words::LEAD) }
            aside.minute aria-label="How to read this page" { ul { @for text in words::MINUTE { li { (text) } } } }
            blockquote { p { (words::CITED) } footer { (words::CITED_FROM) } }
            nav.contents aria-label="Contents" { ol { @for (id, title, _) in &sections { li { a href={ "#" (id) } { (title) } } } } }
            @for (id, title, content) in &sections {
                section id=(id) aria-labelledby={ (id) "-h" } { h2 id={ (id) "-h" } { (title) } (content) }
            }
        }
    }
}

/// What each section ends with: innocent explanations, and what the check cannot see.
fn caution(topic: Topic, cannot: &[&str]) -> Markup {
    html! {
        div.caution {
            h3 { "Innocent explanations to check first" }
            ul { @for text in words::innocent(topic) { li { (text) } } }
            h3 { "What this cannot show" }
            @for text in cannot { p { (text) } }
        }
    }
}

/// A chart with its summary, and its figures below a fold.
fn figure(svg: &str, caption: &str, table: &Markup) -> Markup {
    html! {
        figure.wide { (PreEscaped(svg)) figcaption { (caption) } }
        details { summary { "The figures of this picture as a table" } div.scroll { (table) } }
    }
}
