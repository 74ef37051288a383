//! Why: admission and every seat step by step, the margins of each list, each reading.

use maud::{Markup, PreEscaped, html};
use recount_chart::swatch;

use recount_seats::{Admission, Outcome, Step, Test, Words};

use super::shell::pager;
use super::{Cx, front, result};
use crate::locale::say;
use crate::path::{Single, escape};

/// Steps on one page.
const STEPS: usize = 150;
/// Tests of one list that no table holds.
const TESTS: usize = 12;
/// Margins that are named.
const MARGINS: usize = 80;
/// Units with a column of their own.
const UNITS: usize = 24;

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
    let words = cx.words(outcome);
    html! {
        h1 { (cx.t.word("why-heading")) }
        p.lead { (cx.t.word("why-intro")) }
        (rules(cx))
        section aria-labelledby="admission" {
            h2 #admission { (cx.t.word("admission")) }
            ul.plain { @for own in &outcome.admission { (admission(cx, own, &words)) } }
            (shares(cx, outcome, &words))
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

/// Each list: in or out, with the tests that no table below can hold.
fn admission(cx: &Cx<'_>, own: &Admission, words: &Words<'_>) -> Markup {
    let others: Vec<&Test> = own.tests.iter().filter(|test| !is_share(cx, test)).collect();
    html! {
        li id={ "list-" (escape(&own.list)) } {
            (PreEscaped(swatch(cx.any_mark(&own.list)))) " " strong { bdi { (cx.any_list(&own.list)) } } " "
            span class=(if own.admitted { "tag good" } else { "tag bad" }) { (cx.t.word(if own.admitted { "admitted" } else { "not-admitted" })) }
            " " span.small { (say!(cx.t, "votes-number", votes = own.votes)) }
            @for test in others.iter().take(TESTS) { p.small { (words.test(test)) (words.article(test.law.as_deref())) } }
            @if others.len() > TESTS { p.small { (say!(cx.t, "and-more", more = others.len() - TESTS)) } }
        }
    }
}

fn is_share(cx: &Cx<'_>, test: &Test) -> bool {
    cx.counted().law().is_some_and(|law| law.rulebook.quantities.contains_key(test.base.as_str()))
}

/// A share that the law asks, of everybody alike: the votes that it takes in each unit, and how far each list is from them.
fn shares(cx: &Cx<'_>, outcome: &Outcome, words: &Words<'_>) -> Markup {
    let mut asked: Vec<(&str, &Test)> = Vec::new();
    for own in &outcome.admission {
        for test in own.tests.iter().filter(|test| is_share(cx, test)) {
            // What is asked of the whole and what is asked in every unit are two tables.
            let same = |(stage, other): &(&str, &Test)| {
                *stage == own.stage && other.base == test.base && other.share == test.share
            };
            if !asked.iter().any(same) {
                asked.push((own.stage.as_str(), test));
            }
        }
    }
    html! { @for (n, (stage, test)) in asked.iter().enumerate() { (share_table(cx, outcome, (stage, test), &format!("share-{n}"), words)) } }
}

fn share_table(cx: &Cx<'_>, outcome: &Outcome, (stage, asked): (&str, &Test), id: &str, words: &Words<'_>) -> Markup {
    let own = |list: &'_ Admission| -> Vec<Test> {
        list.tests.iter().filter(|test| test.base == asked.base && test.share == asked.share).cloned().collect()
    };
    let lists: Vec<(&Admission, Vec<Test>)> =
        outcome.admission.iter().filter(|list| list.stage == stage).map(|list| (list, own(list))).collect();
    let columns: Vec<&Test> = lists
        .iter()
        .map(|(_, tests)| tests)
        .max_by_key(|tests| tests.len())
        .into_iter()
        .flatten()
        .take(UNITS)
        .collect();
    let title = say!(cx.t, "line-of", line = cx.t.ratio(&asked.share), base = cx.base(Some(&asked.base)));
    let at = |tests: &[Test], unit: &str| tests.iter().find(|test| test.unit == unit).cloned();
    html! {
        h3 id=(id) { (title) (words.article(asked.law.as_deref())) }
        p.small { (cx.t.word(if asked.strict { "share-strict" } else { "share-not-strict" })) }
        div.scroll role="group" tabindex="0" aria-labelledby=(id) { table.units {
            thead { tr {
                th scope="col" { (cx.t.word("list")) }
                @for test in &columns { th.n scope="col" { (unit_name(cx, &test.unit)) br; (say!(cx.t, "needs", votes = test.needed)) } }
            } }
            tbody { @for (list, tests) in &lists { tr {
                th scope="row" { bdi { (cx.any_list(&list.list)) } }
                @for column in &columns { td.n { @match at(tests, &column.unit) {
                    None => "–",
                    Some(test) => { (cx.n(test.votes)) br;
                        @if test.passed { span.small { (cx.t.signed(i128::from(test.margin))) } }
                        @else { strong.small { (say!(cx.t, "short-by", votes = test.margin.unsigned_abs())) } } },
                } } }
            } } }
        } }
        @if lists.iter().any(|(_, tests)| tests.len() > UNITS) { p.small { (cx.t.word("more-units")) } }
    }
}

fn unit_name(cx: &Cx<'_>, unit: &str) -> String {
    match unit {
        "national" => cx.t.word("the-whole"),
        unit => cx.unit_by_id(unit),
    }
}

/// Every seat, in the order in which they were given.
fn steps(cx: &Cx<'_>, outcome: &Outcome, page: usize) -> Markup {
    let all = pages(Some(outcome));
    let words = cx.words(outcome);
    let shown: Vec<&Step> = outcome.steps.iter().skip((page - 1) * STEPS).take(STEPS).collect();
    html! { @if !shown.is_empty() {
        section aria-labelledby="steps" {
            h2 #steps { (cx.t.word("steps")) }
            ol.given start=((page - 1) * STEPS + 1) { @for step in shown { li { (words.step(step)) } } }
            (pager(cx, Single::Why, all, page))
        }
    } }
}

fn margins(cx: &Cx<'_>, outcome: &Outcome, words: &Words<'_>) -> Markup {
    html! { @if !outcome.margins.is_empty() {
        section aria-labelledby="margins" {
            h2 #margins { (cx.t.word("margins")) }
            p { (cx.t.word("margins-intro")) }
            ul.plain { @for margin in outcome.margins.iter().take(MARGINS) { li { (words.margin(margin)) } } }
            @if outcome.margins.len() > MARGINS { p.small { (say!(cx.t, "and-more", more = outcome.margins.len() - MARGINS)) } }
        }
    } }
}
