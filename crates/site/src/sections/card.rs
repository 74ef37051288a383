//! One count: its coverage, its lists with votes, shares and the base of the shares, its seats.

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};
use recount_chart::{Bench, hemicycle, swatch};

use recount_election::AGAINST_ALL;
use recount_seats::{Admission, Margin, Move, Outcome, Test, Turning};
use recount_tally::totals::Coverage;
use recount_tally::{Fold, NoOutcome};

use super::base::{Base, base};
use super::counts::Count;
use super::seats_in_words;
use crate::invariants::{self, Violation};
use crate::names::{self, ListName};
use crate::number::{grouped, per_mille, percent, ratio_percent};
use crate::words;

/// One row of the table of lists.
struct Row {
    id: String,
    votes: u64,
    mark: Option<usize>,
}

pub(crate) fn card(fold: &Fold, count: &Count, number: usize) -> Markup {
    let names = names::lists(fold, count.contest);
    let id = format!("count-{}-{number}", count.contest.0);
    html! {
        article.card aria-labelledby=(id) {
            h3 id=(id) {
                (words::source(&count.source))
                @if count.decides { " " span.tag { (words::DECIDES) } }
            }
            (coverage(&count.whole.coverage))
            @if count.whole.coverage.countable == 0 {
                p.empty { (words::NOTHING_COUNTS) }
            } @else {
                (lists(fold, count, &names))
                @match &count.outcome {
                    Ok(outcome) => (parliament(&id, &names, outcome)),
                    Err(NoOutcome::NoStages) => {},
                    Err(why) => p.notice { (words::NO_SEATS_BECAUSE) " " (why) "." },
                }
                (lines(fold, count))
            }
        }
    }
}

fn coverage(coverage: &Coverage) -> Markup {
    let Coverage { received, countable, expected, .. } = *coverage;
    if let Err(violation) = invariants::coverage(received, countable, expected) {
        return withheld(&violation);
    }
    html! {
        dl.coverage {
            div { dt { (words::RECEIVED) } dd { (grouped(received)) } }
            div { dt { (words::COUNTABLE) } dd { (grouped(countable)) } }
            div { dt { (words::EXPECTED) } dd { (grouped(expected)) } }
        }
        @if !coverage.reasons.is_empty() {
            p.small {
                (words::NOT_COUNTED) " "
                @for (n, (reason, stations)) in coverage.reasons.iter().enumerate() {
                    @if n > 0 { ", " } (grouped(*stations)) " " (words::reason(reason))
                }
                " (" (words::voters_there(&grouped(coverage.voters_uncounted))) ")."
            }
        }
        @if coverage.conflicts > 0 { p.small { (words::stations_in_conflict(coverage.conflicts)) } }
        @if coverage.suspect > 0 { p.small { (words::stations_suspect(coverage.suspect)) } }
    }
}

fn withheld(violation: &Violation) -> Markup {
    html! { p.alarm role="alert" { strong { (words::WITHHELD) } " " (violation) "." } }
}

fn lists(fold: &Fold, count: &Count, names: &BTreeMap<String, ListName>) -> Markup {
    let rows = rows(fold, count, names);
    let admission = admissions(fold, count);
    let base = base(fold, count);
    let holds = |row: &&Row| row.id != AGAINST_ALL || base.as_ref().is_some_and(|base| base.against_all);
    let inside = rows.iter().filter(holds).map(|row| row.votes);
    let checked = base.as_ref().map(|base| invariants::shares(inside, base.votes));
    let violation = checked.as_ref().and_then(|checked| checked.as_ref().err());
    // From here on there is a base only if shares of it may be shown.
    let base = base.as_ref().filter(|_| violation.is_none());
    let top = rows.iter().map(|row| row.votes).max().unwrap_or(0);
    let outcome = count.outcome.as_ref().ok().filter(|outcome| outcome.house > 0);
    html! {
        @if let Some(violation) = violation { (withheld(violation)) }
        table.lists {
            caption {
                @if let Some(base) = base { (words::shares_of(&base.name, &grouped(base.votes))) }
                @else if violation.is_none() { (words::NO_BASE) }
                @else { (words::VOTES) }
            }
            thead { tr {
                th scope="col" { (words::LIST) }
                th.n scope="col" { (words::VOTES) @if base.is_some() { br; span.small { (words::SHARE) } } }
                @if outcome.is_some() { th.n scope="col" { (words::SEATS) } }
            } }
            tbody { @for row in &rows { tr {
                th scope="row" {
                    @if row.id != AGAINST_ALL { (PreEscaped(swatch(row.mark))) " " }
                    bdi { (names::list_name(names, &row.id)) }
                    @if let Some(base) = base { (bar(row, base, top)) }
                    @if let Some(admission) = admission.get(row.id.as_str()) {
                        (margins(fold, admission, count.outcome.as_ref().ok()))
                    }
                }
                td.n {
                    (grouped(row.votes))
                    @if let Some(share) = base.filter(|_| holds(&row)).and_then(|base| percent(row.votes, base.votes)) {
                        br; span.small { (share) }
                    }
                }
                @if let Some(outcome) = outcome { td.n.seats { (seats_of(outcome, &row.id)) } }
            } } }
        }
    }
}

fn rows(fold: &Fold, count: &Count, names: &BTreeMap<String, ListName>) -> Vec<Row> {
    let Some(state) = fold.contest(count.contest) else { return Vec::new() };
    let columns = state.columns.lists().filter_map(|(column, id)| {
        let votes = count.whole.sums.at(column.index())?;
        Some(Row { id: id.to_owned(), votes, mark: names.get(id).map(|list| list.mark) })
    });
    let mut rows: Vec<Row> = columns.collect();
    rows.sort_by(|a, b| {
        let key = |row: &Row| (row.id == AGAINST_ALL, u64::MAX - row.votes);
        key(a).cmp(&key(b)).then(a.id.cmp(&b.id))
    });
    rows
}

/// The admission of each list in the stage of this contest.
fn admissions<'a>(fold: &Fold, count: &'a Count) -> BTreeMap<&'a str, &'a Admission> {
    let Some(state) = fold.contest(count.contest) else { return BTreeMap::new() };
    let of_contest = |stage: &str| {
        let found = fold.law().and_then(|law| law.rulebook.stage(stage));
        found.is_some_and(
            |stage| matches!(&stage.kind, recount_seats::StageKind::Admit { contest, .. } if *contest == state.id),
        )
    };
    let all = count.outcome.as_ref().map(|outcome| outcome.admission.as_slice()).unwrap_or_default();
    all.iter().filter(|admission| of_contest(&admission.stage)).map(|own| (own.list.as_str(), own)).collect()
}

fn is_share(fold: &Fold, test: &Test) -> bool {
    fold.law().is_some_and(|law| law.rulebook.quantities.contains_key(test.base.as_str()))
}

fn is_whole(fold: &Fold, test: &Test) -> bool {
    let geography = fold.ledger().register().geography();
    let root = geography.root().and_then(|root| geography.unit(root));
    root.is_none_or(|root| root.id == test.unit) || test.unit == "national"
}

/// A bar as long as the share, on the scale of the largest, with the threshold as a tick. The figures stand beside it.
fn bar(row: &Row, base: &Base, top: u64) -> Markup {
    let length = per_mille(row.votes, top);
    let tick = base.line.as_deref().and_then(|ratio| ratio.split_once('/')).and_then(|(num, den)| {
        let (num, den): (u128, u128) = (num.parse().ok()?, den.parse().ok()?);
        let votes = (u128::from(base.votes) * num).checked_div(den)?;
        Some(per_mille(u64::try_from(votes).ok()?, top)).filter(|at| (1..1000).contains(at))
    });
    let class = row.mark.map_or_else(|| "plain".to_owned(), |mark| format!("c{}", mark % 8));
    html! {
        svg.bar viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track x="0" y="6" width="1000" height="8" {}
            rect class=(class) x="0" y="4" width=(length) height="12" {}
            @if let Some(tick) = tick { rect.tick x=(tick) y="0" width="4" height="20" {} }
        }
    }
}

/// How far a list is from each line of the law.
fn margins(fold: &Fold, admission: &Admission, outcome: Option<&Outcome>) -> Markup {
    let whole: Vec<&Test> =
        admission.tests.iter().filter(|test| is_share(fold, test) && is_whole(fold, test)).collect();
    let elsewhere: Vec<&Test> = admission.tests.iter().filter(|test| !is_whole(fold, test)).collect();
    let failed: Vec<&&Test> = elsewhere.iter().filter(|test| !test.passed).collect();
    html! {
        @for test in whole {
            @let line = ratio_percent(&test.share);
            span.margin {
                @if test.passed { (words::above(&grouped(test.margin.unsigned_abs()), &line)) }
                @else {
                    (words::below(&grouped(test.margin.unsigned_abs()), &line))
                    @if let Some(new) = new_votes(outcome, &admission.list, test) {
                        (words::or_new_votes(&grouped(new)))
                    }
                }
            }
        }
        @if let Some(first) = elsewhere.first() {
            span.margin {
                @let line = ratio_percent(&first.share);
                (words::met_in_units(&line, elsewhere.len() - failed.len(), elsewhere.len()))
                @for (n, test) in failed.iter().take(3).enumerate() {
                    @if n == 0 { (words::FAILS_IN) } @else { ", " } (names::unit_by_id(fold, &test.unit))
                }
                @if failed.len() > 3 { (words::and_more(failed.len() - 3)) }
            }
        }
        @if !admission.admitted { span.margin { (words::NOT_ADMITTED) } }
    }
}

/// How many new votes (turnout rises, and with it the base) would carry a list over a line.
fn new_votes(outcome: Option<&Outcome>, list: &str, test: &Test) -> Option<u64> {
    let same = |margin: &&Margin| {
        margin.list == list
            && margin.by == Move::GainedNew
            && matches!(&margin.turning, Turning::Test { base, unit, .. } if *base == test.base && *unit == test.unit)
    };
    outcome?.margins.iter().find(same)?.votes
}

fn seats_of(outcome: &Outcome, list: &str) -> Markup {
    html! {
        @match outcome.seats.get(list) {
            Some(seats) => { (grouped(*seats)) @if outcome.capped.iter().any(|own| own == list) { br; span.small { (words::AT_CAP) } } },
            None => span aria-hidden="true" { "–" },
        }
    }
}

fn parliament(id: &str, names: &BTreeMap<String, ListName>, outcome: &Outcome) -> Markup {
    if let Err(violation) = invariants::seats(outcome.seats.values().copied(), outcome.vacant, outcome.house) {
        return withheld(&violation);
    }
    let mut benches: Vec<(&String, u64)> =
        outcome.seats.iter().filter(|(_, n)| **n > 0).map(|(l, n)| (l, *n)).collect();
    benches.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let benches: Vec<Bench> = benches
        .into_iter()
        .map(|(list, seats)| Bench {
            name: names::list_name(names, list),
            seats,
            mark: names.get(list).map_or(0, |list| list.mark),
        })
        .collect();
    let given: u64 = benches.iter().fold(0, |sum, bench| sum.saturating_add(bench.seats));
    let open = outcome.house.saturating_sub(given);
    let says = seats_in_words(names, &outcome.seats);
    html! {
        figure {
            @if let Some(drawn) = hemicycle(&format!("{id}-seats"), &words::seats_title(outcome.house), &says, &benches, open) { (PreEscaped(drawn)) }
            figcaption { (says) @if open > 0 { "; " (words::seats_open(open)) } "." }
        }
        @for tie in &outcome.undetermined {
            p.notice {
                (words::tie(tie.seats, &tie.between.iter().map(|l| names::list_name(names, l)).collect::<Vec<_>>().join(", "), tie.by_lot))
            }
        }
        @for finding in outcome.validity.findings.iter().filter(|finding| finding.voids != Some(false)) {
            p.notice { @if finding.voids == Some(true) { strong { (words::VOID_BY_LAW) } " " } (finding.says) }
        }
        @if !outcome.notes.is_empty() {
            details { summary { (words::ASSUMPTIONS) } ul { @for note in &outcome.notes { li { (note) } } } }
        }
    }
}

/// The other figures of the form, summed.
fn lines(fold: &Fold, count: &Count) -> Markup {
    let Some(state) = fold.contest(count.contest) else { return html! {} };
    let stated = state.columns.lines().filter_map(|(column, code)| Some((code, count.whole.sums.at(column.index())?)));
    let stated: Vec<(&str, u64)> = stated.collect();
    html! {
        @if !stated.is_empty() {
            details {
                summary { (words::LINES) }
                dl.lines { @for (code, sum) in &stated { div { dt { (names::line(fold, code)) } dd { (grouped(*sum)) } } } }
            }
        }
    }
}
