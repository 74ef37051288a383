//! Two results side by side: before and after, as counted and as if.

use std::collections::BTreeMap;

use recount_tally::diff::Difference;
use recount_tally::totals::Coverage;
use recount_tally::{Fold, Source, View};
use serde_json::{Value, json};

use crate::error::{Outcome, input};
use crate::show::{self, Align, Table, number, signed};

/// A contest as one side counts it.
pub struct Side {
    /// Coverage of the whole contest.
    pub coverage: Coverage,
    /// Votes per list, in the order of the ballot: id, name, votes.
    pub votes: Vec<(String, String, u64)>,
    /// Lines summed.
    pub lines: BTreeMap<String, u64>,
}

impl Side {
    /// The totals of a contest over everything.
    pub fn of(fold: &Fold, contest: &str, view: View) -> Outcome<Side> {
        let empty = Side { coverage: Coverage::default(), votes: Vec::new(), lines: BTreeMap::new() };
        let (Some(ix), Some(root)) = (fold.contest_ix(contest), fold.ledger().register().geography().root()) else {
            return Ok(empty);
        };
        let totals = fold.totals(ix, view)?;
        let (Some(total), Some(state)) = (totals.get(&root), fold.contest(ix)) else { return Ok(empty) };
        let lists = fold.ledger().register().all_lists(contest);
        let name = |id: &str| {
            lists.iter().find(|list| list.id == id).map_or_else(|| id.replace('_', " "), |list| list.name.clone())
        };
        let votes = state
            .columns
            .lists()
            .map(|(column, id)| (id.to_owned(), name(id), total.sums.at(column.index()).unwrap_or(0)));
        let lines =
            state.columns.lines().filter_map(|(column, code)| Some((code.to_owned(), total.sums.at(column.index())?)));
        Ok(Side { coverage: total.coverage.clone(), votes: votes.collect(), lines: lines.collect() })
    }

    /// For scripts.
    pub fn json(&self) -> Value {
        let votes: serde_json::Map<String, Value> =
            self.votes.iter().map(|(id, _, n)| (id.clone(), json!(n))).collect();
        json!({
            "expected": self.coverage.expected,
            "received": self.coverage.received,
            "countable": self.coverage.countable,
            "reasons": self.coverage.reasons,
            "votes": votes,
            "lines": self.lines,
        })
    }
}

/// The view that a source's word asks for.
pub fn view(fold: &Fold, source: Option<&str>, poll: Option<u16>) -> Outcome<View> {
    let source = match source {
        None => Source::Deciding,
        Some("copies") => Source::Copies,
        Some(word) => match fold.sources().find(word) {
            Some(source) => Source::Only(source),
            None => {
                let known: Vec<&str> = fold.sources().iter().map(|(_, word)| word).collect();
                return input(format!(
                    "nothing was filed from the source \"{word}\" (there are: {}, copies)",
                    known.join(", ")
                ));
            }
        },
    };
    if let Some(poll) = poll {
        crate::commands::count::poll_is_open(fold, u64::from(poll))?;
    }
    Ok(View { source, poll })
}

/// Seats by list, or why there are none.
pub fn parliament(fold: &Fold, view: View) -> Value {
    match fold.outcome(view) {
        Err(why) => json!({ "seats": null, "why_none": why.to_string() }),
        Ok(outcome) => {
            let seats: serde_json::Map<String, Value> =
                outcome.seats.iter().filter(|(_, n)| **n > 0).map(|(id, n)| (id.clone(), json!(n))).collect();
            let why = outcome.validity.void.then(|| {
                let voids = outcome.validity.findings.iter().filter(|finding| finding.voids == Some(true));
                voids.map(|finding| format!("{}: {}", finding.rule, finding.says)).collect::<Vec<_>>().join("; ")
            });
            json!({ "seats": seats, "why_none": why, "ties": outcome.undetermined.len() })
        }
    }
}

/// Coverage and votes of both sides, list by list.
pub fn print_votes(before: &Side, after: &Side, difference: Option<&Difference>) {
    let mut table = Table::new(&[
        ("", Align::Left),
        ("before", Align::Right),
        ("after", Align::Right),
        ("change", Align::Right),
        (if difference.is_some() { "came" } else { "" }, Align::Right),
        (if difference.is_some() { "went" } else { "" }, Align::Right),
    ]);
    let change = |x: u64, y: u64| {
        let change = i64::try_from(i128::from(y) - i128::from(x)).unwrap_or(i64::MAX);
        if change == 0 { "0".to_owned() } else { signed(change) }
    };
    let mut row = |name: &str, x: u64, y: u64, column: Option<String>| {
        let sums = column.and_then(|column| difference?.sums.get(&column).copied());
        let moved = |n: u64| if difference.is_some() { number(n) } else { String::new() };
        let (came, went) = sums.map_or((moved(0), moved(0)), |(came, went)| (number(came), number(went)));
        let (came, went) = if name.starts_with("stations") { (String::new(), String::new()) } else { (came, went) };
        table.row([name.to_owned(), number(x), number(y), change(x, y), came, went]);
    };
    row("stations countable", before.coverage.countable, after.coverage.countable, None);
    row("stations expected", before.coverage.expected, after.coverage.expected, None);
    let mut votes: Vec<&(String, String, u64)> = after.votes.iter().collect();
    votes.sort_by_key(|(_, _, n)| std::cmp::Reverse(*n));
    for (id, name, now) in votes {
        let then = before.votes.iter().find(|(own, _, _)| own == id).map_or(0, |(_, _, n)| *n);
        row(name, then, *now, Some(format!("votes.{id}")));
    }
    table.print();
}

/// Seats of both sides, or why there are none.
pub fn print_parliaments(fold: &Fold, first: &str, before: &Value, second: &str, after: &Value) {
    if before["seats"].is_null() && after["seats"].is_null() {
        if before["why_none"] != after["why_none"] {
            print_why(first, before);
        }
        print_why(second, after);
        return;
    }
    show::heading("Seats");
    let seats = |side: &Value, list: &str| side["seats"][list].as_u64().unwrap_or(0);
    let mut lists: Vec<String> = Vec::new();
    for side in [before, after] {
        lists.extend(side["seats"].as_object().into_iter().flatten().map(|(list, _)| list.clone()));
    }
    lists.sort_by_key(|list| (std::cmp::Reverse(seats(after, list).max(seats(before, list))), list.clone()));
    lists.dedup();
    let mut table = Table::new(&[("list", Align::Left), (first, Align::Right), (second, Align::Right)]);
    for list in lists {
        let cell = |side: &Value| match seats(side, &list) {
            0 => "-".to_owned(),
            n => n.to_string(),
        };
        let (x, y) = (cell(before), cell(after));
        table.row([name(fold, &list), x, y]);
    }
    table.print();
    for (label, side) in [(first, before), (second, after)] {
        print_why(label, side);
    }
    if before["seats"] == after["seats"] {
        show::line("The same seats.");
    }
}

/// A list's name, in whichever contest it stands.
fn name(fold: &Fold, id: &str) -> String {
    let register = fold.ledger().register();
    let lists = register.contests().into_iter().flat_map(|contest| register.all_lists(contest));
    lists.into_iter().find(|list| list.id == id).map_or_else(|| id.to_owned(), |list| list.name.clone())
}

fn print_why(label: &str, side: &Value) {
    if let Some(why) = side["why_none"].as_str() {
        show::paragraph(format!("No seats {label}: {why}"));
    }
}
