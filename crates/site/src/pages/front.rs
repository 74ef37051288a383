//! The front page: what is known now, what it rests on, and what could still change it.

use maud::{Markup, html};

use recount_seats::{Assumption, Possible, ReadingResult};

use super::{Cx, changes, declared, result};
use crate::counts::{ContestCounts, Count};
use crate::facts::root;
use crate::locale::say;
use crate::names;
use crate::path::{Single, View};
use crate::standing::State;

/// Contests that are shown in full; with more, the front page is a table of them.
const FULL: usize = 3;
/// Changes on the front page.
const LATEST: usize = 5;
/// Lists of a contest in the table of many contests.
const LEADERS: usize = 3;

pub(crate) fn page(cx: &Cx<'_>) -> Markup {
    let contests = &cx.site.facts.contests;
    let whole = root(&cx.site.fold);
    let contradicted = whole.is_some_and(|root| declared::is_contradicted(cx, root));
    html! {
        (status(cx))
        @if let Some(root) = whole.filter(|_| contradicted) { (declared::section(cx, root)) }
        @if contests.is_empty() { h1 { (cx.t.word("title-front")) } }
        @if cx.site.fold.law().is_none() {}
        @else if contests.is_empty() { p.empty { (cx.t.word("no-contests")) } }
        @else if contests.len() > FULL { (many(cx, contests)) }
        @else { @for (n, contest) in contests.iter().enumerate() { (full(cx, contest, n)) } }
        @if let Some(root) = whole.filter(|_| !contradicted) { (declared::section(cx, root)) }
        (missing(cx))
        (readings(cx))
        (latest(cx))
        (more(cx))
    }
}

/// The state of the election in a sentence.
pub(crate) fn status(cx: &Cx<'_>) -> Markup {
    let fold = &*cx.site.fold;
    let sealed = fold.ledger().register().sealed(1).is_some();
    let (class, sentence) = match cx.site.facts.state(fold) {
        State::NoCharter => ("none", cx.t.word("no-charter")),
        State::Annulled { ruling, repeat } => {
            let by = fold.rulings().get(&ruling).and_then(|state| state.ruling.by.as_ref());
            let key = if repeat { "annulled-and-repeated" } else { "annulled-whole" };
            ("annulled", say!(cx.t, key, ruling = ruling.to_string(), by = cx.body(by)))
        }
        State::Declared(declared) => {
            let by = names::body(fold, &declared.declaration.by);
            let check = declared::verdict(cx, &declared.check);
            let size = declared.declaration.size;
            let class = if declared::contradicts(&declared.check) { "contradicted" } else { "declared" };
            (class, format!("{} {check}", say!(cx.t, "declared-by", by = by, size = size)))
        }
        State::Preliminary => ("preliminary", cx.t.word("preliminary-sentence")),
    };
    html! {
        p class={ "state " (class) } { (sentence) @if fold.law().is_some() && !sealed { " " (cx.t.word("register-incomplete")) } }
        @if cx.counted().size() != fold.size() { p.notice { (say!(cx.t, "as-before", size = cx.counted().size())) } }
    }
}

/// One contest: the count by law beside the parliament, then all sources side by side.
pub(crate) fn full(cx: &Cx<'_>, contest: &ContestCounts, n: usize) -> Markup {
    let Some(count) = contest.counts.iter().find(|count| count.decides) else { return html! {} };
    let id = format!("contest-{n}");
    html! {
        section.contest aria-labelledby=(id) {
            @if n == 0 { h1 id=(id) { bdi { (cx.contest(contest.contest)) } } } @else { h2 id=(id) { bdi { (cx.contest(contest.contest)) } } }
            p.byline { (cx.source(&count.source)) ", " (cx.t.word("decides")) }
            (result::coverage(cx, count, root(cx.counted()), &count.whole.coverage))
            @if count.whole.coverage.countable == 0 { p.empty { (cx.t.word("nothing-counts")) } }
            @else {
                div.spread {
                    div.main { (result::lists(cx, count)) }
                    div.side { @match &count.outcome {
                        Ok(outcome) if outcome.house > 0 && n == 0 => (result::parliament(cx, &id, outcome)),
                        Ok(_) => {},
                        Err(why) => (result::no_seats(cx, why)),
                    } (result::lines(cx, count, root(cx.counted()), &count.whole, false)) }
                }
            }
        }
        (side_by_side(cx, contest, n))
    }
}

/// Every count of the same ballots in a column of its own, each with its coverage and its denominator.
fn side_by_side(cx: &Cx<'_>, contest: &ContestCounts, n: usize) -> Markup {
    let shown: Vec<&Count> = contest.counts.iter().filter(|own| own.whole.coverage.received > 0).collect();
    if shown.len() < 2 {
        return html! {};
    }
    let id = format!("sources-{n}");
    let Some(first) = shown.first() else { return html! {} };
    let rows = result::rows(cx, first.contest, &first.whole);
    let bases: Vec<_> = shown.iter().map(|own| crate::base::base(cx.counted(), own)).collect();
    let of = |own: &Count, list: &str| {
        let state = cx.counted().contest(own.contest)?;
        own.whole.sums.list(&state.columns, list)
    };
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (cx.t.word("side-by-side")) }
            p { (cx.t.word("side-by-side-intro")) }
            div.scroll role="group" tabindex="0" aria-labelledby=(id) { table.compare {
                thead {
                    tr {
                        th scope="col" { (cx.t.word("list")) }
                        @for own in &shown { th.n scope="col" { (cx.source(&own.source)) @if own.decides { " " span.tag { (cx.t.word("decides")) } } } }
                    }
                }
                tbody {
                    tr { th scope="row" { (cx.t.word("coverage-column")) }
                        @for own in &shown { td.n { (cx.n(own.whole.coverage.countable)) " / " (cx.n(own.whole.coverage.expected)) } } }
                    tr { th scope="row" { (cx.t.word("denominator")) }
                        @for base in &bases { td.n { (base.as_ref().map_or_else(|| "–".to_owned(), |base| cx.n(base.votes))) } } }
                    @for row in &rows { tr {
                        th scope="row" { bdi { (cx.list(first.contest, &row.id)) } }
                        @for (own, base) in shown.iter().zip(&bases) { td.n {
                            @match of(own, &row.id) {
                                None => "–",
                                Some(votes) => {
                                    span data-figure=[cx.figure("votes", own.contest, own.view(), root(cx.counted()), &row.id)] { (cx.n(votes)) }
                                    @if let Some(share) = base.as_ref().and_then(|base| cx.t.percent(votes, base.votes)) { br; span.small { (share) } } },
                            }
                        } }
                    } }
                    @if shown.iter().any(|own| own.outcome.as_ref().is_ok_and(|outcome| outcome.house > 0)) && n == 0 { tr.sum {
                        th scope="row" { (cx.t.word("seats")) }
                        @for own in &shown { td { @match &own.outcome { Ok(outcome) => (cx.seats(&outcome.seats)), Err(_) => (cx.t.word("no-seats")) } } }
                    } }
                }
            } }
        }
    }
}

/// Many contests as a table: coverage and the leaders of each.
fn many(cx: &Cx<'_>, contests: &[ContestCounts]) -> Markup {
    let counts = contests.iter().filter_map(|own| Some((own, own.counts.iter().find(|count| count.decides)?)));
    let seats = cx.site.facts.outcome().filter(|outcome| outcome.house > 0);
    html! {
        @if let Some(outcome) = seats { section { h1 { (cx.t.word("title-widget-seats")) } (result::parliament(cx, "house", outcome)) } }
        section aria-labelledby="contests" {
            h1 id="contests" { (say!(cx.t, "contests", contests = contests.len())) }
            div.scroll role="group" tabindex="0" aria-labelledby="contests" { table.compare {
                thead { tr { th scope="col" { (cx.t.word("contest")) } th.n scope="col" { (cx.t.word("coverage-column")) } th scope="col" { (cx.t.word("leaders")) } } }
                tbody { @for (own, count) in counts { tr {
                    th scope="row" { bdi { (cx.contest(own.contest)) } }
                    td.n { (cx.n(count.whole.coverage.countable)) " / " (cx.n(count.whole.coverage.expected)) }
                    td { @for (n, row) in result::rows(cx, own.contest, &count.whole).iter().take(LEADERS).enumerate() {
                        @if n > 0 { ", " } bdi { (cx.list(own.contest, &row.id)) } "\u{a0}" (cx.n(row.votes))
                    } }
                } } }
            } }
        }
    }
}

/// What the stations that are not counted could still change.
pub(crate) fn missing(cx: &Cx<'_>) -> Markup {
    let missing = &cx.site.facts.missing;
    let Some(possible) = &missing.possible else { return html! {} };
    let (stations, voters) = missing.told;
    html! {
        section aria-labelledby="missing" {
            h2 #missing { (cx.t.word("missing-can-change")) }
            p { (say!(cx.t, "missing-intro", stations = stations, voters = voters)) " " a href=(cx.to(&View::Single(Single::Missing))) { (cx.t.word("which-stations")) } }
            @match possible {
                Err(why) => p.notice { (why.describe_in(cx.t.explains_in())) },
                Ok(possible) => (turning(cx, possible)),
            }
        }
    }
}

fn turning(cx: &Cx<'_>, possible: &[Possible]) -> Markup {
    let turning: Vec<&Possible> = possible.iter().filter(|own| own.can_turn != Some(false)).collect();
    html! {
        @if turning.is_empty() { p { (cx.t.word("missing-nothing")) } }
        @else { ul.plain { @for own in &turning { li {
            @let key = match own.assumption { Assumption::AllForIt => "can-enter", Assumption::NoneForIt => "can-fall" };
            strong { bdi { (cx.any_list(&own.list)) } } " " (say!(cx.t, key, line = line_of(cx, own), votes = own.needed.unwrap_or(0)))
            @if own.can_turn.is_none() { " " (say!(cx.t, "electors-unknown", stations = own.stations_unknown)) }
        } } } }
        p.small {
            @if possible.len() > turning.len() && !turning.is_empty() { (say!(cx.t, "others-cannot-turn", tests = possible.len() - turning.len())) " " }
            (cx.t.word("missing-note"))
        }
    }
}

/// The line in words: "7 % of voters who took part".
fn line_of(cx: &Cx<'_>, own: &Possible) -> String {
    let base = cx.base(Some(&own.base));
    let stage = cx.counted().law().and_then(|law| law.rulebook.stage(&own.stage));
    let ratio = stage.and_then(|stage| match &stage.kind {
        recount_seats::StageKind::Admit { when, .. } => ratio_of(when, &own.base),
        _ => None,
    });
    ratio.map_or_else(|| base.clone(), |ratio| say!(cx.t, "line-of", line = cx.t.ratio(&ratio), base = &base))
}

/// The result under each other reading of the law.
pub(crate) fn readings(cx: &Cx<'_>) -> Markup {
    let Some(outcome) = cx.site.facts.outcome().filter(|outcome| !outcome.readings.is_empty()) else { return html! {} };
    let words = cx.words(outcome);
    html! {
        section aria-labelledby="readings" {
            h2 #readings { (cx.t.word("readings")) }
            p { (cx.t.word("readings-intro")) }
            div.scroll role="group" tabindex="0" aria-labelledby="readings" { table.readings {
                thead { tr { th scope="col" { (cx.t.word("reading")) } th scope="col" { (cx.t.word("seats")) } } }
                tbody {
                    tr.chosen { th scope="row" { (cx.t.word("as-computed")) } td { (cx.seats(&outcome.seats)) } }
                    @for reading in &outcome.readings { tr {
                        th scope="row" { (reading_title(cx, reading)) }
                        td { @match &reading.result {
                            ReadingResult::Outcome(_) if !reading.differs => (cx.t.word("same-seats")),
                            ReadingResult::Outcome(other) => { strong { (cx.t.word("differs")) } " " (cx.seats(&other.seats))
                                @for tie in &other.undetermined { " " (words.tie(tie)) } },
                            ReadingResult::Refused(why) => (why.describe_in(cx.t.explains_in())),
                        } }
                    } }
                }
            } }
        }
    }
}

/// What the rulebook says about a reading that it declares by name; for other values of a doubtful field, the value.
fn reading_title(cx: &Cx<'_>, reading: &recount_seats::Reading) -> String {
    let of_field = reading.id.contains('=');
    match (&reading.says, reading.field.as_str()) {
        (Some(says), _) if !of_field => says.clone(),
        (_, "base") => say!(cx.t, "shares-taken-of", base = cx.base(Some(&reading.value))),
        (_, field) => format!("{}: {} = {}", reading.stage, field.replace('_', " "), reading.value),
    }
}

fn latest(cx: &Cx<'_>) -> Markup {
    let changes = changes::latest(cx, LATEST);
    html! { @if let Some(changes) = changes {
        section aria-labelledby="latest" {
            h2 #latest { (cx.t.word("latest-changes")) }
            (changes)
            p { a href=(cx.to(&View::Single(Single::Changes))) { (cx.t.word("all-changes")) } }
        }
    } }
}

/// What else is open: conflicts, controls, rulings, with their numbers.
fn more(cx: &Cx<'_>) -> Markup {
    let facts = &cx.site.facts;
    let breaks = facts.broken.iter().fold(0u64, |sum, own| sum.saturating_add(own.breaks));
    let items = [
        (Single::Changes, say!(cx.t, "open-conflicts", n = facts.conflicts.0.len())),
        (Single::Controls, say!(cx.t, "open-controls", n = breaks)),
        (
            Single::Rulings,
            say!(
                cx.t,
                "open-rulings",
                n = cx.site.fold.rulings().len(),
                complaints = cx.site.fold.events().complaints.len()
            ),
        ),
        (Single::Check, cx.t.word("open-check")),
        (Single::Data, cx.t.word("open-data")),
        (Single::Print, cx.t.word("open-print")),
    ];
    html! {
        section aria-labelledby="more" {
            h2 #more { (cx.t.word("see-also")) }
            ul.more { @for (single, says) in &items { li { a href=(cx.to(&View::Single(*single))) { (says) } } } }
        }
    }
}

/// The first share of the whole that a condition asks of a base.
fn ratio_of(when: &recount_seats::Condition, base: &str) -> Option<String> {
    use recount_seats::{Condition, Scope};
    match when {
        Condition::All(of) | Condition::Any(of) => of.iter().find_map(|inner| ratio_of(inner, base)),
        Condition::Not(inner) => ratio_of(inner, base),
        Condition::Share { base: own, scope: Scope::National, share, .. } if own == base => Some(share.to_string()),
        _ => None,
    }
}
