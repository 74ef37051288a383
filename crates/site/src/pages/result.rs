//! Parts of a result that several pages show: coverage, the table of lists, the parliament.

use maud::{Markup, PreEscaped, html};
use recount_chart::{Bench, hemicycle, swatch};

use recount_election::{AGAINST_ALL, UnitIx};
use recount_seats::{Admission, Margin, Move, Outcome, StageKind, Test, Turning};
use recount_tally::NoOutcome;
use recount_tally::claim::ContestIx;
use recount_tally::totals::{Coverage, UnitTotal};

use super::Cx;
use crate::base::{Base, base_of};
use crate::counts::Count;
use crate::facts::root;
use crate::invariants;
use crate::locale::say;
use crate::number::per_mille;
use crate::path::{Single, View, escape};

/// Lists on one page; a contest with more shows those with most votes.
const LISTS: usize = 60;

/// One row of the table of lists.
pub(crate) struct Row {
    pub id: String,
    pub votes: u64,
}

/// The lists of a total by falling votes, "against all" last.
pub(crate) fn rows(cx: &Cx<'_>, contest: ContestIx, total: &UnitTotal) -> Vec<Row> {
    let Some(state) = cx.counted().contest(contest) else { return Vec::new() };
    let columns = state.columns.lists();
    let stated =
        columns.filter_map(|(column, id)| Some(Row { id: id.to_owned(), votes: total.sums.at(column.index())? }));
    let mut rows: Vec<Row> = stated.collect();
    rows.sort_by(|a, b| {
        let key = |row: &Row| (row.id == AGAINST_ALL, u64::MAX - row.votes);
        key(a).cmp(&key(b)).then(a.id.cmp(&b.id))
    });
    rows
}

/// Whether the votes are more than the base: no share of it is shown. Of the whole such a site is not made at all.
pub(crate) fn exceeds(rows: &[Row], base: &Base) -> bool {
    let inside = rows.iter().filter(|row| row.id != AGAINST_ALL || base.against_all);
    invariants::shares(inside.map(|row| row.votes), base.votes).is_err()
}

/// Three numbers, never one percent; with the reasons for what does not count.
pub(crate) fn coverage(cx: &Cx<'_>, count: &Count, unit: Option<UnitIx>, coverage: &Coverage) -> Markup {
    let Coverage { received, countable, expected, voters_uncounted, conflicts, suspect, .. } = *coverage;
    let at = |n: u64| per_mille(n, expected);
    let named = |item: &str| cx.figure("coverage", count.contest, count.view(), unit, item);
    html! {
        dl.coverage {
            div { dt { (cx.t.word("received")) } dd data-figure=[named("received")] { (cx.n(received)) } }
            div { dt { (cx.t.word("countable")) } dd data-figure=[named("countable")] { (cx.n(countable)) } }
            div { dt { (cx.t.word("expected")) } dd data-figure=[named("expected")] { (cx.n(expected)) } }
        }
        svg.progress viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track x="0" y="0" width="1000" height="12" {}
            rect.received x="0" y="0" width=(at(received)) height="12" {}
            rect.countable x="0" y="0" width=(at(countable)) height="12" {}
        }
        @if !coverage.reasons.is_empty() {
            p.small {
                (cx.t.word("not-countable")) " "
                @for (n, (reason, stations)) in coverage.reasons.iter().enumerate() {
                    @if n > 0 { ", " } (cx.n(*stations)) " " (cx.reason(reason))
                }
                ". " (say!(cx.t, "voters-there", voters = voters_uncounted))
            }
        }
        @if conflicts > 0 { p.small { (say!(cx.t, "stations-in-conflict", stations = conflicts)) } }
        @if suspect > 0 { p.small { (say!(cx.t, "stations-suspect", stations = suspect)) } }
    }
}

/// The table of lists of a count, of the whole.
pub(crate) fn lists(cx: &Cx<'_>, count: &Count) -> Markup {
    let outcome = count.outcome.as_ref().ok();
    Table { cx, count, unit: root(cx.counted()), total: &count.whole, outcome }.markup()
}

/// The table of lists of one unit, in the count by law.
pub(crate) fn unit_lists(cx: &Cx<'_>, count: &Count, unit: UnitIx, total: &UnitTotal) -> Markup {
    Table { cx, count, unit: Some(unit), total, outcome: None }.markup()
}

struct Table<'a> {
    cx: &'a Cx<'a>,
    count: &'a Count,
    unit: Option<UnitIx>,
    total: &'a UnitTotal,
    /// None: a unit, without margins and seats.
    outcome: Option<&'a Outcome>,
}

impl Table<'_> {
    fn markup(&self) -> Markup {
        let cx = self.cx;
        let rows = rows(cx, self.count.contest, self.total);
        let whole = base_of(cx.counted(), self.count.contest, self.total);
        let withheld = whole.as_ref().is_some_and(|base| exceeds(&rows, base));
        let base = whole.filter(|_| !withheld);
        let top = rows.iter().map(|row| row.votes).max().unwrap_or(0);
        let seats = self.outcome.filter(|outcome| outcome.house > 0 && self.gives_seats());
        let line = base.as_ref().and_then(|base| self.line(base));
        let below = line.as_ref().and_then(|(needed, _)| {
            rows.iter().position(|row| row.votes < *needed || row.id == AGAINST_ALL).filter(|at| *at > 0)
        });
        let columns = 2 + usize::from(base.is_some()) + usize::from(seats.is_some());
        html! {
            table.lists {
                caption {
                    @match &base {
                        Some(base) => (say!(cx.t, "shares-of", votes = base.votes, base = cx.base(base.quantity.as_deref()))),
                        None if withheld => (cx.t.word("shares-withheld")),
                        None => (cx.t.word("no-base")),
                    }
                }
                thead { tr {
                    th scope="col" { (cx.t.word("list")) }
                    th.n scope="col" { (cx.t.word("column-votes")) }
                    @if base.is_some() { th.n scope="col" { (cx.t.word("column-share")) } }
                    @if seats.is_some() { th.n scope="col" { (cx.t.word("column-seats")) } }
                } }
                tbody { @for (n, row) in rows.iter().take(LISTS).enumerate() {
                    @if let Some((_, says)) = line.as_ref().filter(|_| below == Some(n)) {
                        tr.line { td colspan=(columns) { span { (says) } } }
                    }
                    (self.row(row, base.as_ref(), top, seats))
                } }
            }
            @if rows.len() > LISTS { p.small { (say!(cx.t, "and-more-lists", more = rows.len() - LISTS)) } }
        }
    }

    fn row(&self, row: &Row, base: Option<&Base>, top: u64, seats: Option<&Outcome>) -> Markup {
        let cx = self.cx;
        let mark = cx.mark(self.count.contest, &row.id);
        let in_base = |base: &&Base| row.id != AGAINST_ALL || base.against_all;
        let own = seats.and_then(|outcome| outcome.seats.get(&row.id).copied());
        let votes = cx.figure("votes", self.count.contest, self.count.view(), self.unit, &row.id);
        // Scripts derive the seats of the count by law alone.
        let seats_name = self.count.decides.then(|| format!("seats {}", row.id));
        let why = format!("{}#list-{}", cx.to(&View::Single(Single::Why)), escape(&row.id));
        html! {
            tr {
                th scope="row" {
                    @if row.id != AGAINST_ALL { (PreEscaped(swatch(mark))) " " }
                    bdi { (cx.list(self.count.contest, &row.id)) }
                }
                td.n data-figure=[votes] { (cx.n(row.votes)) }
                @if let Some(base) = base {
                    td.n { (Some(base).filter(in_base).and_then(|base| cx.t.percent(row.votes, base.votes)).unwrap_or_else(|| "–".to_owned())) }
                }
                @if let Some(outcome) = seats {
                    td.n.seats {
                        @match own {
                            Some(seats) => { a href=(why) data-figure=[seats_name] { (cx.n(seats)) } @if outcome.capped.contains(&row.id) { br; span.small { (cx.t.word("at-cap")) } } },
                            None => span aria-hidden="true" { "–" },
                        }
                    }
                }
            }
            tr.under { td colspan=(2 + usize::from(base.is_some()) + usize::from(seats.is_some())) {
                (bar(row.votes, mark, top))
                @if let Some(outcome) = self.outcome { (self.margins(row, outcome)) }
            } }
        }
    }

    /// Whether a stage of the rulebook gives seats to the lists of this contest.
    fn gives_seats(&self) -> bool {
        let listed = self.cx.site.facts.names(self.count.contest);
        self.outcome.is_some_and(|outcome| outcome.seats.keys().any(|id| listed.contains_key(id)))
    }

    /// The least votes at the threshold of the whole, with the sentence that stands there.
    fn line(&self, base: &Base) -> Option<(u64, String)> {
        let (cx, ratio) = (self.cx, base.line.as_deref()?);
        self.outcome?;
        let (num, den) = ratio.split_once('/')?;
        let (num, den): (u128, u128) = (num.parse().ok()?, den.parse().ok()?);
        let needed = (u128::from(base.votes) * num).checked_add(den.checked_sub(1)?)?.checked_div(den)?;
        let needed = u64::try_from(needed).ok()?;
        let of = cx.base(base.quantity.as_deref());
        Some((needed, say!(cx.t, "threshold-line", line = cx.t.ratio(ratio), votes = needed, base = of)))
    }

    /// How far a list is from each line of the law.
    fn margins(&self, row: &Row, outcome: &Outcome) -> Markup {
        let cx = self.cx;
        let own = outcome.admission.iter().find(|own| own.list == row.id && self.is_of_contest(own));
        let Some(admission) = own else { return html! {} };
        let whole = admission.tests.iter().filter(|test| self.is_share(test) && self.is_whole(test));
        let units: Vec<&Test> = admission.tests.iter().filter(|test| !self.is_whole(test)).collect();
        let failed: Vec<&&Test> = units.iter().filter(|test| !test.passed).collect();
        html! {
            @for test in whole { span.margin {
                @let (votes, line) = (test.margin.unsigned_abs(), cx.t.ratio(&test.share));
                @if test.passed { (say!(cx.t, "above-line", votes = votes, line = line)) }
                @else {
                    (say!(cx.t, "below-line", votes = votes, line = line))
                    @if let Some(new) = new_votes(outcome, &admission.list, test) { " " (say!(cx.t, "or-new-votes", votes = new)) }
                }
            } }
            @if let Some(first) = units.first() { span.margin {
                (say!(cx.t, "met-in-units", line = cx.t.ratio(&first.share), met = units.len() - failed.len(), of = units.len()))
                @if !failed.is_empty() {
                    " (" (cx.t.word("fails-in")) " "
                    @for (n, test) in failed.iter().take(3).enumerate() { @if n > 0 { ", " } (cx.unit_by_id(&test.unit)) }
                    @if failed.len() > 3 { " " (say!(cx.t, "and-more", more = failed.len() - 3)) }
                    ")"
                }
            } }
            @if !admission.admitted { span.margin { strong { (cx.t.word("not-admitted")) } } }
        }
    }

    fn is_of_contest(&self, admission: &Admission) -> bool {
        let fold = self.cx.counted();
        let contest = fold.contest(self.count.contest).map(|own| own.id.as_str());
        let stage = fold.law().and_then(|law| law.rulebook.stage(&admission.stage));
        stage.is_some_and(
            |stage| matches!(&stage.kind, StageKind::Admit { contest: of, .. } if Some(of.as_str()) == contest),
        )
    }

    fn is_share(&self, test: &Test) -> bool {
        self.cx.counted().law().is_some_and(|law| law.rulebook.quantities.contains_key(test.base.as_str()))
    }

    fn is_whole(&self, test: &Test) -> bool {
        let geography = self.cx.counted().ledger().register().geography();
        let root = geography.root().and_then(|root| geography.unit(root));
        test.unit == "national" || root.is_none_or(|root| root.id == test.unit)
    }
}

/// How many new votes (turnout rises, and with it the base) would carry a list over a line.
fn new_votes(outcome: &Outcome, list: &str, test: &Test) -> Option<u64> {
    let same = |margin: &&Margin| {
        margin.list == list
            && margin.by == Move::GainedNew
            && matches!(&margin.turning, Turning::Test { base, unit, .. } if *base == test.base && *unit == test.unit)
    };
    outcome.margins.iter().find(same)?.votes
}

/// A bar as long as the votes, on the scale of the largest. The figures stand beside it.
fn bar(votes: u64, mark: Option<usize>, top: u64) -> Markup {
    let class = mark.map_or_else(|| "plain".to_owned(), |mark| format!("c{}", mark % 8));
    html! {
        svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track x="0" y="4" width="1000" height="2" {}
            rect class=(class) x="0" y="0" width=(per_mille(votes, top)) height="10" {}
        }
    }
}

/// The house as a half circle, with the same figures as a list; ties, conditions of validity and assumptions below.
pub(crate) fn parliament(cx: &Cx<'_>, id: &str, outcome: &Outcome) -> Markup {
    let mut seats: Vec<(&String, u64)> = outcome.seats.iter().filter(|(_, n)| **n > 0).map(|(l, n)| (l, *n)).collect();
    seats.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let bench = |(list, seats): &(&String, u64)| Bench {
        name: cx.any_list(list),
        seats: *seats,
        mark: cx.any_mark(list).unwrap_or(0),
    };
    let benches: Vec<Bench> = seats.iter().map(bench).collect();
    let given = benches.iter().fold(0u64, |sum, bench| sum.saturating_add(bench.seats));
    let open = outcome.house.saturating_sub(given);
    let says = cx.seats(&outcome.seats);
    let title = say!(cx.t, "parliament-of", seats = outcome.house);
    let majority = outcome.house / 2 + 1;
    let words = cx.words(outcome);
    html! {
        figure.parliament {
            @if let Some(drawn) = hemicycle(&format!("{id}-seats"), &title, &says, &benches, open) { (PreEscaped(drawn)) }
            figcaption {
                ul.benches { @for bench in &benches { li {
                    (PreEscaped(swatch(Some(bench.mark)))) " " bdi { (bench.name) } " " strong { (cx.n(bench.seats)) }
                } } }
                @if open > 0 { (say!(cx.t, "seats-open", seats = open)) " " }
                (say!(cx.t, "majority", seats = majority))
            }
        }
        @for tie in &outcome.undetermined { p.notice { (words.tie(tie)) } }
        @for finding in outcome.validity.findings.iter().filter(|finding| finding.voids != Some(false)) {
            p.notice { @if finding.voids == Some(true) { strong { (cx.t.word("void-by-law")) } " " } (words.remark(&finding.says)) "." }
        }
        @if !outcome.notes.is_empty() {
            details { summary { (cx.t.word("assumptions")) } ul { @for note in &outcome.notes { li { (words.remark(note)) "." } } } }
        }
    }
}

/// Why there are no seats, where a rulebook would give some.
pub(crate) fn no_seats(cx: &Cx<'_>, why: &NoOutcome) -> Markup {
    let why = match why {
        NoOutcome::NoStages => return html! {},
        NoOutcome::Refused(refusal) => refusal.describe_in(cx.t.explains_in()),
        other => other.to_string(),
    };
    html! { p.notice { (cx.t.word("no-seats-because")) " " (why) @if !why.ends_with('.') { "." } } }
}

/// The other figures of the form, summed.
pub(crate) fn lines(cx: &Cx<'_>, count: &Count, unit: Option<UnitIx>, total: &UnitTotal, open: bool) -> Markup {
    let Some(state) = cx.counted().contest(count.contest) else { return html! {} };
    let stated = state.columns.lines().filter_map(|(column, code)| Some((code, total.sums.at(column.index())?)));
    let stated: Vec<(&str, u64)> = stated.collect();
    html! {
        @if !stated.is_empty() {
            details open[open] {
                summary { (cx.t.word("lines-summed")) }
                dl.lines { @for (code, sum) in &stated { div { dt { bdi { (cx.line(code)) } } dd data-figure=[cx.figure("line", count.contest, count.view(), unit, code)] { (cx.n(*sum)) } } } }
            }
        }
    }
}
