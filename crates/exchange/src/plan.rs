//! From a table and its map to the rows that are to be filed.
//!
//! Rows are read once, in the order of the file. What they yield is gathered per pass, and at
//! the end filed pass by pass: a protocol whose place already has the same figures is
//! *unchanged* and not filed again; one with other figures replaces the earlier one if it
//! belongs to a later pass, and is refused as a duplicate within the same pass.

use recount_election::{Columns, ColumnsError};
use thiserror::Error;

use crate::map::{Kind, Map};
use crate::table::{Options, Row, Table, TableError};

mod bind;
mod file;
mod import;
mod register;
mod row;

pub use import::{
    Absent, ContestRow, Import, PassReport, ProtocolRow, Refusal, RefusedRow, Ruling, StationRow, UnitRow,
};

use bind::BoundMap;
use register::Register;

/// Why a table cannot be planned at all.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The table cannot be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The map names a column that the table lacks.
    #[error("the map names the column {column:?}, which the table does not have")]
    NoColumn {
        /// The column.
        column: String,
    },
    /// The table has a column with the prefix of the votes that no list declares.
    #[error("the column {column:?} holds votes for a list that the map does not declare")]
    NoList {
        /// The column.
        column: String,
    },
    /// The table has no column with the prefix of the votes.
    #[error("no column of the table begins with {prefix:?}, the prefix of the votes")]
    NoVotes {
        /// The prefix.
        prefix: String,
    },
    /// Lines or lists that cannot be columns.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// More rows were refused than [`Options::max_refused`].
    #[error(
        "more than {cap} rows were refused, the last one at line {line}: {reason}; the map probably does not fit the table"
    )]
    TooManyRefused {
        /// The cap.
        cap: usize,
        /// The line of the last refused row.
        line: u64,
        /// Why it was refused.
        reason: String,
    },
}

/// Reads a whole table.
///
/// # Errors
/// The table cannot be read to its end, or the map does not fit its header. Single rows that
/// are wrong are no error: they are listed in [`Import::refused`].
pub fn plan(table: &mut Table<'_>, map: &Map, options: &Options) -> Result<Import, PlanError> {
    let mut planner = Planner::new(map, table.header(), options)?;
    while let Some(row) = table.next_row()? {
        planner.row(row)?;
    }
    Ok(planner.finish())
}

/// Reads a table row by row, for callers that show progress.
pub struct Planner<'m> {
    map: &'m Map,
    bound: BoundMap<'m>,
    columns: Columns,
    max_refused: usize,
    rows: u64,
    register: Register,
    contests: Vec<ContestRow>,
    contest_index: std::collections::BTreeMap<String, usize>,
    gathered: Vec<Vec<ProtocolRow>>,
    rulings: Vec<Ruling>,
    refused: Vec<RefusedRow>,
    absent: Vec<Absent>,
}

impl<'m> Planner<'m> {
    /// Looks the map's columns up in the header of a table.
    ///
    /// # Errors
    /// The map does not fit the header.
    pub fn new(map: &'m Map, header: &[String], options: &Options) -> Result<Self, PlanError> {
        let (bound, columns) = bind::bind(map, header)?;
        Ok(Self {
            map,
            bound,
            columns,
            max_refused: options.max_refused,
            rows: 0,
            register: Register::new(map.register),
            contests: Vec::new(),
            contest_index: std::collections::BTreeMap::new(),
            gathered: map.passes.iter().map(|_| Vec::new()).collect(),
            rulings: Vec::new(),
            refused: Vec::new(),
            absent: Vec::new(),
        })
    }

    /// Takes one row in.
    ///
    /// # Errors
    /// Only when more rows were refused than the options allow.
    pub fn row(&mut self, row: Row<'_>) -> Result<(), PlanError> {
        self.rows = self.rows.saturating_add(1);
        let Some(refused) = self.take(row) else { return Ok(()) };
        if self.refused.len() >= self.max_refused {
            let reason = refused.reason.to_string();
            return Err(PlanError::TooManyRefused { cap: self.max_refused, line: row.line, reason });
        }
        self.refused.push(refused);
        Ok(())
    }

    /// Files what was gathered, pass by pass.
    #[must_use]
    pub fn finish(mut self) -> Import {
        let lists = file::standing(self.map, &self.columns, &self.contests, &mut self.gathered);
        let filed = file::file(self.map, &self.register, self.gathered);
        self.refused.extend(filed.refused);
        self.refused.sort_by_key(|refused| refused.line);
        self.rulings.sort();
        let mut decided = std::collections::BTreeSet::new();
        self.rulings.retain(|ruling| decided.insert(ruling.decision()));
        Import {
            set: self.map.set.clone(),
            copies: self.map.kind == Kind::Copies,
            rows: self.rows,
            columns: self.columns,
            moved: self.register.moved,
            units: self.register.units,
            stations: self.register.stations,
            contests: self.contests,
            lists,
            passes: filed.passes,
            protocols: filed.protocols,
            rulings: self.rulings,
            refused: self.refused,
            absent: self.absent,
            unchanged: filed.unchanged,
        }
    }
}
