//! Why: admission and every seat step by step, the margins of each list, each reading.

use maud::{Markup, PreEscaped, html};
use recount_chart::swatch;

use recount_seats::{Admission, Outcome, Step, Words};

use super::shell::pager;
use super::{Cx, front, result};
use crate::locale::say;
use crate::path::{Single, escape};

/// Steps on one page.
const STEPS: usize = 150;
/// Tests of one list that are shown open.
const TESTS: usize = 12;

/// How many pages the steps of an outcome take.
pub(crate) fn pages(outcome: Option<&Outcome>) -> usize {
    outcome.map_or(0, |outcome| outcome.steps.len()).div_ceil(STEPS).max(1)
}

pub(crate) fn page(cx: &Cx<'_>) -> Markup {
    let Some(count) = cx.site.facts.by_law() else {
        return html! { h1 { (cx.t.word("title-why")) } p.empty { (cx.t.word("no-contests")) } };
    };
    let outcome = match &count.outcome {
        Ok(outcome) => outcome,
        Err(why) => {
            return html! { h1 { (cx.t.word("why-heading")) } p { (cx.t.word("why-no-seats")) } (result::no_seats(cx, why)) };
        }
    };
    let words = Words::new(cx.t.explains_in(), outcome);
    html! {
        h1 { (cx.t.word("why-heading")) }
        p.lead { (cx.t.word("why-intro")) }
        (rules(cx))
        section aria-labelledby="admission" {
            h2 #admission { (cx.t.word("admission")) }
            @for own in &outcome.admission { (admission(cx, own, &words)) }
        }
        @if outcome.house > 0 { section aria-labelledby="seats" { h2 #seats { (cx.t.word("seats")) } (result::parliament(cx, "why", outcome)) } }
        (steps(cx, outcome, 1))
        (margins(cx, outcome, &words))
        (front::readings(cx))
    }
}

/// A further page of steps.
pub(crate) fn more(cx: &Cx<'_>, page: usize) -> Option<(String, Markup)> {
    let outcome = cx.site.facts.outcome()?;
    let title = cx.t.word("steps");
    (2..=pages(Some(outcome)))
        .contains(&page)
        .then(|| (title, html! { h1 { (cx.t.word("why-heading")) } (steps(cx, outcome, page)) }))
}

/// The rulebook in force, in words.
fn rules(cx: &Cx<'_>) -> Markup {
    let Some(law) = cx.counted().law() else { return html! {} };
    html! {
        details {
            summary { (cx.t.word("the-law")) ": " bdi { (law.rulebook.title) } }
            ul { @for rule in law.rulebook.explain_in(cx.t.explains_in()) { li { (rule) } } }
            p.small { (cx.t.word("rulebook-hash")) " " code { (law.rulebook_hash.to_hex()) } }
        }
    }
}

fn admission(cx: &Cx<'_>, own: &Admission, words: &Words<'_>) -> Markup {
    let (first, rest) = own.tests.split_at(own.tests.len().min(TESTS));
    html! {
        article.reason id={ "list-" (escape(&own.list)) } {
            h3 { (PreEscaped(swatch(cx.any_mark(&own.list)))) " " bdi { (own.name) } " "
                span class=(if own.admitted { "tag good" } else { "tag bad" }) { (cx.t.word(if own.admitted { "admitted" } else { "not-admitted" })) } }
            p { (words.admission(own)) }
            ul.plain { @for test in first { li { (words.test(test)) (words.article(test.law.as_deref())) } } }
            @if !rest.is_empty() { p.small { (say!(cx.t, "and-more", more = rest.len())) } }
        }
    }
}

/// Every seat, in the order in which they were given.
fn steps(cx: &Cx<'_>, outcome: &Outcome, page: usize) -> Markup {
    let all = pages(Some(outcome));
    let words = Words::new(cx.t.explains_in(), outcome);
    let shown: Vec<&Step> = outcome.steps.iter().skip((page - 1) * STEPS).take(STEPS).collect();
    html! { @if !shown.is_empty() {
        section aria-labelledby="steps" {
            h2 #steps { (cx.t.word("steps")) }
            ol.steps start=((page - 1) * STEPS + 1) { @for step in shown { li { (words.step(step)) } } }
            (pager(cx, Single::Why, all, page))
        }
    } }
}

fn margins(cx: &Cx<'_>, outcome: &Outcome, words: &Words<'_>) -> Markup {
    html! { @if !outcome.margins.is_empty() {
        section aria-labelledby="margins" {
            h2 #margins { (cx.t.word("margins")) }
            p { (cx.t.word("margins-intro")) }
            ul.plain { @for margin in outcome.margins.iter().take(200) { li { (words.margin(margin)) } } }
        }
    } }
}
