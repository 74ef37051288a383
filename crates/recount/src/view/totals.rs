//! Totals: votes per list with shares, each share with its denominator named; and lines.

use recount_election::AGAINST_ALL;
use recount_tally::Fold;
use recount_tally::claim::ContestIx;
use recount_tally::totals::{Sums, UnitTotal};
use serde_json::{Value, json};

use super::bases::{self, Base};
use super::names;
use crate::show::{self, Align, Table};

/// One list with its votes.
#[derive(Debug, Clone)]
pub struct Row {
    /// The list, or `against_all`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its votes; `None` if no station stated any.
    pub votes: Option<u64>,
}

/// The lists of a contest by votes, most first; votes against all come last.
pub fn rows(fold: &Fold, contest: ContestIx, sums: &Sums) -> Vec<Row> {
    let Some(state) = fold.contest(contest) else { return Vec::new() };
    let mut rows: Vec<Row> = state
        .columns
        .lists()
        .map(|(column, id)| Row {
            id: id.to_owned(),
            name: names::list(fold, &state.id, id),
            votes: sums.at(column.index()),
        })
        .collect();
    rows.sort_by(|a, b| {
        let last = |row: &Row| row.id == AGAINST_ALL;
        last(a).cmp(&last(b)).then(b.votes.cmp(&a.votes)).then(a.id.cmp(&b.id))
    });
    rows
}

/// A base, and why its shares are withheld if an invariant fails: shares of one base sum to at most 100 %, no part is above its whole.
pub struct Shares {
    /// The base.
    pub base: Base,
    /// The invariant that fails.
    pub withheld: Option<String>,
}

impl Shares {
    /// Whether a row has a share of this base.
    pub fn covers(&self, row: &Row) -> bool {
        row.id != AGAINST_ALL || self.base.with_against_all
    }

    fn check(base: Base, rows: &[Row]) -> Shares {
        let shares = Shares { base, withheld: None };
        let Some(whole) = shares.base.value else { return shares };
        let n = show::number;
        let counted = rows.iter().filter(|row| shares.covers(row));
        let mut sum = 0u64;
        let mut withheld = None;
        for row in counted {
            let votes = row.votes.unwrap_or(0);
            sum = sum.saturating_add(votes);
            if votes > whole {
                withheld = Some(format!(
                    "{} has {} votes, more than the {} of {}",
                    row.name,
                    n(votes),
                    n(whole),
                    shares.base.words
                ));
            }
        }
        if withheld.is_none() && sum > whole {
            withheld =
                Some(format!("the votes sum to {}, more than the {} of {}", n(sum), n(whole), shares.base.words));
        }
        Shares { withheld, ..shares }
    }

    /// The share of a row in percent, or a word why there is none.
    pub fn cell(&self, row: &Row) -> String {
        match (row.votes, self.base.value) {
            _ if !self.covers(row) => String::new(),
            _ if self.withheld.is_some() => "withheld".to_owned(),
            (Some(votes), Some(whole)) => show::share(votes, whole),
            _ => "-".to_owned(),
        }
    }
}

/// The shares of a contest's lists, by base.
pub fn shares(fold: &Fold, contest: ContestIx, sums: &Sums) -> Vec<Shares> {
    let rows = rows(fold, contest, sums);
    bases::of(fold, contest, sums).into_iter().map(|base| Shares::check(base, &rows)).collect()
}

/// Prints the lists with votes and shares.
pub fn print(fold: &Fold, contest: ContestIx, total: &UnitTotal) {
    let rows = rows(fold, contest, &total.sums);
    let shares = shares(fold, contest, &total.sums);
    let heads: Vec<String> = shares.iter().map(|shares| format!("of {}", shares.base.key)).collect();
    let mut columns = vec![("list", Align::Left), ("name", Align::Left), ("votes", Align::Right)];
    columns.extend(heads.iter().map(|head| (head.as_str(), Align::Right)));
    let mut table = Table::new(&columns);
    for row in &rows {
        let mut cells = vec![row.id.clone(), row.name.clone(), show::figure(row.votes)];
        cells.extend(shares.iter().map(|shares| shares.cell(row)));
        table.row(cells);
    }
    table.print();
    for Shares { base, withheld } in &shares {
        match (base.value, withheld) {
            (None, _) => {
                show::item(format!("{}: {}: not stated, so no share of it can be given.", base.key, base.words))
            }
            (Some(value), None) => {
                show::item(format!("100 % of {} = {}: {}.", base.key, show::number(value), base.words))
            }
            (Some(_), Some(why)) => show::item(format!("shares of {} are WITHHELD: {why}.", base.key)),
        }
    }
}

/// Prints the other lines of the protocols, summed.
pub fn print_lines(fold: &Fold, contest: ContestIx, total: &UnitTotal) {
    let Some(state) = fold.contest(contest) else { return };
    let mut table = Table::new(&[("line", Align::Left), ("what it counts", Align::Left), ("sum", Align::Right)]);
    for (column, code) in state.columns.lines() {
        table.row([code.to_owned(), bases::line_title(fold, code), show::figure(total.sums.at(column.index()))]);
    }
    if !table.is_empty() {
        table.print();
    }
}

/// The same for scripts: votes, bases and lines as integers; a withheld base says why.
pub fn json(fold: &Fold, contest: ContestIx, total: &UnitTotal) -> Value {
    let Some(state) = fold.contest(contest) else { return Value::Null };
    let lists = rows(fold, contest, &total.sums);
    let lists = lists.iter().map(|row| json!({ "list": row.id, "name": row.name, "votes": row.votes }));
    let bases = shares(fold, contest, &total.sums);
    let bases = bases.iter().map(|shares| {
        json!({ "base": shares.base.key, "means": shares.base.words, "value": shares.base.value, "withheld": shares.withheld })
    });
    let lines: serde_json::Map<String, Value> =
        state.columns.lines().map(|(column, code)| (code.to_owned(), json!(total.sums.at(column.index())))).collect();
    json!({ "lists": lists.collect::<Vec<_>>(), "bases": bases.collect::<Vec<_>>(), "lines": lines })
}
