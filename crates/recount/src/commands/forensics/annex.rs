//! The report as pages for the site of its record: a file that `publish` and `serve` take.

use recount_forensics::report::Report;
use recount_report::lang::{self, Lang};
use recount_report::page;
use recount_site::Annex;

/// The report as a page in every language.
pub fn annexes(report: &Report, outlines: &page::Outlines, size: u64) -> Vec<Annex> {
    let one = |language: &'static Lang| Annex {
        language: language.tag().to_owned(),
        address: "forensics/".to_owned(),
        title: page::title(language).to_owned(),
        menu: page::menu(language).to_owned(),
        html: page::fragment(language, report, outlines),
        since: size,
        styles: Some(page::STYLES.to_owned()),
    };
    lang::all().iter().map(one).collect()
}
