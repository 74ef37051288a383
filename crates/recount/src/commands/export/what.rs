//! What can be exported: stations, units, statements, the tally.

use recount_election::{Columns, Figures, StationIx};
use recount_seats::Tally;
use recount_tally::claim::ContestIx;
use recount_tally::fold::ContestState;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, View};
use serde_json::{Value, json};

use super::table::Table;
use crate::error::{CliError, Outcome};

/// The part of the record that is exported.
pub struct Chosen<'a> {
    /// The record at its size.
    pub fold: &'a Fold,
    /// Which figures are counted.
    pub view: View,
    /// One contest alone.
    pub contest: Option<&'a str>,
}

type Cells = Vec<(String, Value)>;

impl Chosen<'_> {
    fn contests(&self) -> impl Iterator<Item = (ContestIx, &ContestState)> {
        self.fold.contests().filter(|(_, state)| self.contest.is_none_or(|own| own == state.id))
    }

    /// One row per contest and station.
    pub fn stations(&self) -> Table {
        let mut table = Table::new(&["contest", "station", "unit", "voters", "poll", "status"]);
        let register = self.fold.ledger().register();
        let geography = register.geography();
        for (ix, state) in self.contests() {
            for (station, n) in geography.stations().iter().zip(0u32..) {
                let at = StationIx(n);
                if !self.fold.is_expected(at, ix) {
                    continue;
                }
                let count = self.fold.count_station(at, ix, self.view);
                let unit = geography.unit(station.unit).map(|unit| unit.id.as_str());
                let status = count.reason.map_or("countable", |reason| reason.code());
                let mut cells: Cells = vec![
                    ("contest".to_owned(), json!(state.id)),
                    ("station".to_owned(), json!(station.id)),
                    ("unit".to_owned(), json!(unit)),
                    ("voters".to_owned(), json!(register.voters(at, u64::from(count.poll)))),
                    ("poll".to_owned(), json!(count.poll)),
                    ("status".to_owned(), json!(status)),
                ];
                figures(&mut cells, &state.columns, |column| {
                    count.figures.as_ref().and_then(|own: &Figures| own.get(column))
                });
                table.row(cells);
            }
        }
        table
    }

    /// One row per contest and unit.
    pub fn units(&self) -> Outcome<Table> {
        let mut table =
            Table::new(&["contest", "unit", "level", "name", "in", "expected", "received", "countable", "voters"]);
        let geography = self.fold.ledger().register().geography();
        for (ix, state) in self.contests() {
            for (unit, total) in &self.fold.totals(ix, self.view)? {
                let Some(unit) = geography.unit(*unit) else { continue };
                let above = unit.parent.and_then(|parent| geography.unit(parent)).map(|parent| parent.id.as_str());
                let mut cells: Cells = vec![
                    ("contest".to_owned(), json!(state.id)),
                    ("unit".to_owned(), json!(unit.id)),
                    ("level".to_owned(), json!(unit.level)),
                    ("name".to_owned(), json!(unit.name)),
                    ("in".to_owned(), json!(above)),
                    ("expected".to_owned(), json!(total.coverage.expected)),
                    ("received".to_owned(), json!(total.coverage.received)),
                    ("countable".to_owned(), json!(total.coverage.countable)),
                    ("voters".to_owned(), json!(total.coverage.voters)),
                ];
                figures(&mut cells, &state.columns, |column| total.sums.at(column.index()));
                table.row(cells);
            }
        }
        Ok(table)
    }

    /// One row per statement.
    pub fn statements(&self) -> Table {
        let mut table = Table::new(&["index", "kind", "status", "signer", "station", "reason"]);
        let (keys, geography) = (self.fold.ledger().keys(), self.fold.ledger().register().geography());
        for (noted, index) in self.fold.noted().iter().zip(0u64..) {
            let status = self.fold.status(index);
            let reason =
                status.as_ref().map(recount_tally::history::Status::reason).filter(|reason| !reason.is_empty());
            table.row([
                ("index", json!(index)),
                ("kind", json!(if noted.kind.is_empty() { "unreadable" } else { noted.kind })),
                ("status", json!(status.as_ref().map(recount_tally::history::Status::word))),
                ("signer", json!(noted.signer.map(|signer| keys.name(signer)))),
                ("station", json!(noted.station.and_then(|at| geography.station(at)).map(|station| &station.id))),
                ("reason", json!(reason)),
            ]);
        }
        table
    }

    /// The totals as the rulebook reads them.
    pub fn tally(&self) -> Outcome<Tally> {
        let contests =
            self.fold.rulebook_contests().into_iter().filter(|ix| {
                self.contest.is_none_or(|own| self.fold.contest(*ix).is_some_and(|state| state.id == own))
            });
        let totals: Vec<(ContestIx, UnitTotals)> =
            contests.map(|ix| Ok((ix, self.fold.totals(ix, self.view)?))).collect::<Outcome<_>>()?;
        let borrowed: Vec<(ContestIx, &UnitTotals)> = totals.iter().map(|(ix, totals)| (*ix, totals)).collect();
        self.fold.tally_of(&borrowed).map_err(|why| CliError::No(why.to_string()))
    }
}

/// Lines under their codes, votes under `votes.` and the list's id.
fn figures(cells: &mut Cells, columns: &Columns, figure: impl Fn(recount_election::ColumnIx) -> Option<u64>) {
    cells.extend(columns.lines().map(|(column, code)| (code.to_owned(), json!(figure(column)))));
    cells.extend(columns.lists().map(|(column, id)| (format!("votes.{id}"), json!(figure(column)))));
}
