//! Tables of the register: units, stations, lists and candidates as CSV with fixed column names.

use std::path::{Path, PathBuf};

use recount_exchange::table::{Options, Table};
use recount_record::statement::Row;
use serde::Deserialize;

use crate::error::{CliError, Outcome, input};

/// Tables of the register, relative to the charter file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterFile {
    /// `id,level,in,name` and attributes in further columns.
    pub units: PathBuf,
    /// `id,in` and `voters,name,parts` (parts divided by spaces), attributes in further columns.
    pub stations: PathBuf,
    /// `id,contest,name` and `in`, attributes in further columns.
    pub lists: PathBuf,
    /// `id,contest,list,name`, attributes in further columns.
    pub candidates: Option<PathBuf>,
}

/// One row of a table: cells by column name.
struct Cells {
    cells: Vec<(String, String)>,
    place: String,
}

impl Cells {
    fn take(&mut self, column: &str) -> Option<String> {
        let at = self.cells.iter().position(|(name, _)| name == column)?;
        let (_, cell) = self.cells.remove(at);
        (!cell.is_empty()).then_some(cell)
    }

    fn need(&mut self, column: &str) -> Outcome<String> {
        self.take(column)
            .ok_or_else(|| CliError::Input(format!("{}: column \"{column}\" is missing or empty", self.place)))
    }

    /// What is left over: attributes.
    fn attributes(self) -> Vec<(String, String)> {
        self.cells.into_iter().filter(|(_, cell)| !cell.is_empty()).collect()
    }
}

fn each(path: &Path, mut row: impl FnMut(Cells) -> Outcome) -> Outcome {
    let options = Options::default();
    let mut table =
        Table::open(path, b',', &options).map_err(|why| CliError::Input(format!("{}: {why}", path.display())))?;
    let header: Vec<String> = table.header().to_vec();
    loop {
        let next = table.next_row().map_err(|why| CliError::Input(format!("{}: {why}", path.display())))?;
        let Some(cells) = next else { return Ok(()) };
        let place = format!("{}:{}", path.display(), cells.line);
        if cells.len() != header.len() {
            return input(format!("{place}: the row has {} cells, the header has {}", cells.len(), header.len()));
        }
        let mut named = Vec::with_capacity(header.len());
        for (at, name) in header.iter().enumerate() {
            let Some(text) = cells.text(at) else { return input(format!("{place}: column \"{name}\" is not UTF-8")) };
            named.push((name.clone(), text.to_owned()));
        }
        row(Cells { cells: named, place })?;
    }
}

/// Reads the tables of a register into rows, parents first.
pub fn read_rows(register: &RegisterFile, beside: &dyn Fn(&Path) -> PathBuf) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    each(&beside(&register.units), |mut cells| {
        let (id, level, name) = (cells.need("id")?, cells.need("level")?, cells.need("name")?);
        rows.push(Row::Unit { id, level, parent: cells.take("in"), name, attributes: cells.attributes() });
        Ok(())
    })?;
    each(&beside(&register.stations), |mut cells| {
        let (id, unit) = (cells.need("id")?, cells.need("in")?);
        let voters = match cells.take("voters") {
            None => None,
            Some(cell) => match cell.parse::<u64>() {
                Ok(n) if cell.bytes().all(|b| b.is_ascii_digit()) => Some(n),
                _ => return input(format!("{}: column \"voters\": \"{cell}\" is not a whole number", cells.place)),
            },
        };
        let parts = cells.take("parts").map(|parts| parts.split_whitespace().map(str::to_owned).collect());
        let (parts, name) = (parts.unwrap_or_default(), cells.take("name"));
        rows.push(Row::Station { id, unit, voters, parts, name, attributes: cells.attributes() });
        Ok(())
    })?;
    each(&beside(&register.lists), |mut cells| {
        let (id, contest, name) = (cells.need("id")?, cells.need("contest")?, cells.need("name")?);
        rows.push(Row::List { id, contest, name, unit: cells.take("in"), attributes: cells.attributes() });
        Ok(())
    })?;
    if let Some(candidates) = &register.candidates {
        each(&beside(candidates), |mut cells| {
            let (id, contest) = (cells.need("id")?, cells.need("contest")?);
            let (list, name) = (cells.need("list")?, cells.need("name")?);
            rows.push(Row::Candidate { id, contest, list, name, attributes: cells.attributes() });
            Ok(())
        })?;
    }
    Ok(rows)
}
