//! Small pages: data, the printable summary, widgets, the feed.

use maud::{Markup, PreEscaped, html};

use super::shell::{election_title, title_key};
use super::{Cx, changes, front, result, said};
use crate::counts::ContestCounts;
use crate::facts::root;
use crate::locale::{iso, say};
use crate::path::{Single, View};

/// Entries of the feed.
const ENTRIES: usize = 50;
/// Contests of the printable summary.
const PRINTED: usize = 10;

/// Files that others can read without help.
pub(crate) fn data(cx: &Cx<'_>) -> Markup {
    let known = [
        ("datapackage.json", "data-package"),
        ("stations", "data-stations"),
        ("units", "data-totals"),
        ("result", "data-result"),
        ("seats", "data-seats"),
        ("statements", "data-statements"),
        ("SHA256SUMS", "data-sums"),
    ];
    // One line for each table, with its formats.
    let mut tables: Vec<(&str, Vec<&str>)> = Vec::new();
    for file in &cx.site.frame.data_files {
        let table = [".csv", ".json", ".parquet"].iter().find_map(|ending| file.strip_suffix(ending));
        let table = table.filter(|table| *table != "datapackage").unwrap_or(file);
        match tables.iter_mut().find(|(name, _)| *name == table) {
            Some((_, files)) => files.push(file),
            None => tables.push((table, vec![file])),
        }
    }
    let have = &cx.site.frame.data_files;
    let widgets = [Single::WidgetSeats, Single::WidgetCoverage];
    html! {
        h1 { (cx.t.word("title-data")) }
        p.lead { (cx.t.word("data-intro")) }
        @if have.is_empty() { p.notice { (cx.t.word("data-by-command")) } pre tabindex="0" { code { "recount export " (cx.site.frame.base_url.as_deref().unwrap_or("RECORD-URL")) " --at " (cx.since()) } } }
        @else { ul.plain { @for (table, files) in &tables {
            @let known = known.iter().find(|(name, _)| name == table);
            li {
                @for (n, file) in files.iter().enumerate() { @if n > 0 { " " } a href={ (cx.root) "data/" (file) } { code { (file) } } }
                @if let Some((_, key)) = known { ": " (cx.t.word(key)) }
            }
        } } }
        section aria-labelledby="record" {
            h2 #record { (cx.t.word("the-record")) }
            p { (cx.t.word("record-intro")) }
            ul.plain { li { a href={ (cx.root) "checkpoint" } { code { "checkpoint" } } } li { a href=(cx.to(&View::Single(Single::Feed))) { code { "changes.atom" } } ": " (cx.t.word("feed-is")) } }
        }
        section aria-labelledby="widgets" {
            h2 #widgets { (cx.t.word("widgets")) }
            p { (cx.t.word("widgets-intro")) }
            @for single in widgets {
                h3 { a href=(cx.to(&View::Single(single))) { (cx.t.word(title_key(single))) } }
                pre tabindex="0" { code { (embed(cx, single)) } }
            }
        }
    }
}

fn embed(cx: &Cx<'_>, single: Single) -> String {
    let base = cx.site.frame.base_url.as_deref().unwrap_or("SITE-URL");
    let title = cx.t.word(title_key(single));
    format!(
        "<iframe src=\"{base}/{}/{}\" title=\"{title}\" width=\"640\" height=\"480\"></iframe>",
        cx.t.tag(),
        single.address()
    )
}

/// The summary that prints on a page or two.
pub(crate) fn print(cx: &Cx<'_>) -> Markup {
    html! {
        h1 { (cx.t.word("title-print")) }
        (front::status(cx))
        @for contest in cx.site.facts.contests.iter().take(PRINTED) { (printed(cx, contest)) }
        (front::readings(cx))
        (front::missing(cx))
    }
}

fn printed(cx: &Cx<'_>, contest: &ContestCounts) -> Markup {
    let Some(count) = contest.counts.iter().find(|count| count.decides) else { return html! {} };
    html! { section {
        h2 { bdi { (cx.contest(contest.contest)) } }
        p.byline { (cx.source(&count.source)) ", " (cx.t.word("decides")) }
        (result::coverage(cx, count, root(cx.counted()), &count.whole.coverage))
        (result::lists(cx, count))
        (result::lines(cx, count, root(cx.counted()), &count.whole, true))
    } }
}

/// The house, for other people's pages.
pub(crate) fn widget_seats(cx: &Cx<'_>) -> Markup {
    html! {
        h1 { a href=(cx.to(&View::Front)) target="_top" { (election_title(&cx.site.fold, cx.t.tag())) } }
        @match cx.site.facts.outcome().filter(|outcome| outcome.house > 0) {
            Some(outcome) => (result::parliament(cx, "widget", outcome)),
            None => p.empty { (cx.t.word("no-seats")) },
        }
    }
}

/// How much is counted, for other people's pages.
pub(crate) fn widget_coverage(cx: &Cx<'_>) -> Markup {
    html! {
        h1 { a href=(cx.to(&View::Front)) target="_top" { (election_title(&cx.site.fold, cx.t.tag())) } }
        @for contest in cx.site.facts.contests.iter().take(PRINTED) {
            @if cx.site.facts.contests.len() > 1 { h2 { bdi { (cx.contest(contest.contest)) } } }
            @if let Some(count) = contest.counts.iter().find(|count| count.decides) { (result::coverage(cx, count, root(cx.counted()), &count.whole.coverage)) }
        }
    }
}

/// The Atom feed of changes.
pub(crate) fn feed(cx: &Cx<'_>) -> String {
    let site = cx.site;
    let title = format!("{} · {}", election_title(&site.fold, cx.t.tag()), cx.t.word("title-changes"));
    let charter = site.fold.ledger().charter().map_or_else(String::new, |(hash, _)| hash.to_hex());
    let history = site.fold.chronicle();
    let base = site.frame.base_url.as_deref().map(|base| format!("{base}/{}/", cx.t.tag()));
    let time =
        |size: u64| iso(history.and_then(|history| history.clock_at(size)).or(site.fold.ledger().clock()).unwrap_or(0));
    let changes = history.map(|history| history.changes()).unwrap_or_default();
    html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(cx.t.tag()) {
            title { (title) }
            id { "urn:recount:" (charter) ":changes:" (cx.t.tag()) }
            updated { (time(site.size())) }
            author { name { (site.fold.ledger().charter().map_or("recount", |(_, charter)| charter.origin.as_str())) } }
            @if let Some(base) = &base {
                (PreEscaped(link("self", &format!("{base}changes.atom"))))
                (PreEscaped(link("alternate", &format!("{base}changes/"))))
            }
            @for change in changes.iter().rev().take(ENTRIES) {
                entry {
                    id { "urn:recount:" (charter) ":statement:" (change.index) ":" (cx.t.tag()) }
                    title { (cx.t.word(&format!("change-{}", change.kind.name()))) ", " (say!(cx.t, "statement-number", index = change.index.to_string())) }
                    updated { (time(change.index)) }
                    @if let Some(base) = &base { (PreEscaped(link("alternate", &format!("{base}check/#statement={}", change.index)))) }
                    summary type="text" { (plain(&said::words(cx, change.index).into_string())) " " (plain(&changes::effect(cx, change).into_string())) }
                }
            }
        }
    }
    .into_string()
}

fn link(rel: &str, href: &str) -> String {
    // XML closes what HTML leaves open.
    html! { link rel=(rel) href=(href); }.into_string().replace("\">", "\"/>")
}

/// The text of a piece of a page, with its tags left out and its entities read.
fn plain(markup: &str) -> String {
    let (mut out, mut inside) = (String::new(), false);
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let text = out
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
