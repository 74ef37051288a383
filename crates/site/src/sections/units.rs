//! Totals by unit of the second level, in the count by law.

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};

use recount_election::{AGAINST_ALL, UnitIx};
use recount_tally::Fold;
use recount_tally::totals::UnitTotal;

use super::counts::{ContestCounts, Count};
use crate::invariants;
use crate::names::{self, ListName};
use crate::number::grouped;
use crate::words;

/// How many lists have a column of their own.
const LISTS: usize = 8;

pub(crate) fn section(fold: &Fold, contests: &[ContestCounts]) -> Option<Markup> {
    let geography = fold.ledger().register().geography();
    let root = geography.root()?;
    let children = geography.children(root);
    // A table per contest would bury the page where there are many.
    let contest = contests.first().filter(|_| contests.len() == 1 && !children.is_empty())?;
    let count = contest.counts.iter().find(|count| count.decides)?;
    let units: Vec<(UnitIx, &UnitTotal)> =
        children.iter().filter_map(|unit| Some((*unit, count.totals.get(unit)?))).collect();
    if units.is_empty() {
        return None;
    }
    // Stations may hang on the root itself; then the units are not the whole, and need not add up to it.
    let complete = geography.stations_of(root).is_empty();
    let lists = leading(fold, count);
    let names = names::lists(fold, contest.contest);
    let broken = lists.iter().filter(|_| complete).find_map(|list| {
        let parts = units.iter().map(|(_, total)| votes(fold, count, total, list).unwrap_or(0));
        invariants::units(parts, votes(fold, count, &count.whole, list).unwrap_or(0)).err()
    });
    Some(match broken {
        Some(violation) => html! { p.alarm role="alert" { strong { (words::WITHHELD) } " " (violation) "." } },
        None => table(fold, count, &names, &lists, &units),
    })
}

fn table(
    fold: &Fold,
    count: &Count,
    names: &BTreeMap<String, ListName>,
    lists: &[String],
    units: &[(UnitIx, &UnitTotal)],
) -> Markup {
    html! {
        p { (words::units_intro(&words::source(&count.source))) }
        div.scroll role="region" tabindex="0" aria-label=(words::UNITS) {
            table.units {
                thead { tr {
                    th scope="col" { (words::UNIT) }
                    th.n scope="col" { (words::COUNTED_OF_EXPECTED) }
                    @for list in lists { th.n scope="col" {
                        @if list != AGAINST_ALL { (PreEscaped(recount_chart::swatch(names.get(list).map(|name| name.mark)))) " " }
                        bdi { (names::list_name(names, list)) }
                    } }
                } }
                tbody { @for (unit, total) in units { tr {
                    th scope="row" { bdi { (names::unit(fold, *unit)) } }
                    td.n { (grouped(total.coverage.countable)) " / " (grouped(total.coverage.expected)) }
                    @for list in lists { td.n { (cell(votes(fold, count, total, list))) } }
                } } }
                tfoot { tr {
                    th scope="row" { (words::TOTAL) }
                    td.n { (grouped(count.whole.coverage.countable)) " / " (grouped(count.whole.coverage.expected)) }
                    @for list in lists { td.n { (cell(votes(fold, count, &count.whole, list))) } }
                } }
            }
        }
    }
}

fn cell(votes: Option<u64>) -> String {
    votes.map_or_else(|| "–".to_owned(), grouped)
}

fn votes(fold: &Fold, count: &Count, total: &UnitTotal, list: &str) -> Option<u64> {
    total.sums.list(&fold.contest(count.contest)?.columns, list)
}

/// The lists with most votes in the whole.
fn leading(fold: &Fold, count: &Count) -> Vec<String> {
    let Some(state) = fold.contest(count.contest) else { return Vec::new() };
    let stated = state.columns.lists().filter_map(|(column, id)| Some((count.whole.sums.at(column.index())?, id)));
    let mut lists: Vec<(u64, &str)> = stated.collect();
    lists.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    lists.into_iter().take(LISTS).map(|(_, id)| id.to_owned()).collect()
}
