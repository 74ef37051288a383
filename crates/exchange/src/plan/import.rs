//! What comes out of a table: plain rows, in the order in which they are to be filed.

use recount_election::{Attributes, Columns, ContestKind, Figures, Geography, GeographyError, IdError, ListDef};
use thiserror::Error;

use crate::figure::FigureProblem;
use crate::map::{Effect, RulingMap};

/// Everything that a table yields.
#[derive(Debug, Clone)]
pub struct Import {
    /// Identifier of the set.
    pub set: String,
    /// Whether the protocols are copies.
    pub copies: bool,
    /// How many rows the table has, without its header.
    pub rows: u64,
    /// The columns of every protocol's figures: all lines, then all lists, of all contests.
    pub columns: Columns,
    /// How many stations a later pass places or describes otherwise than the row that counts.
    pub moved: u64,
    /// Units, parents first, in the order of first appearance.
    pub units: Vec<UnitRow>,
    /// Stations in the order of first appearance.
    pub stations: Vec<StationRow>,
    /// Contests in the order of first appearance.
    pub contests: Vec<ContestRow>,
    /// Lists, by contest, in the order of the columns.
    pub lists: Vec<ListDef>,
    /// What each pass of the map came to.
    pub passes: Vec<PassReport>,
    /// Protocols in the order in which they are to be filed: pass by pass, each in the order
    /// of the file.
    pub protocols: Vec<ProtocolRow>,
    /// Reconstructed rulings in the order of the file, each once.
    pub rulings: Vec<Ruling>,
    /// Every row that was refused, in the order of the file.
    pub refused: Vec<RefusedRow>,
    /// Every row (of a pass) that holds no protocol, and why.
    pub absent: Vec<Absent>,
    /// How many protocols were left out because their place has these figures already.
    pub unchanged: u64,
}

impl Import {
    /// The geography of the table.
    ///
    /// # Errors
    /// None for what [`crate::plan()`] returns: it has checked every rule.
    pub fn geography(&self) -> Result<Geography, GeographyError> {
        let mut geography = Geography::new();
        let id = |unit: usize| self.units.get(unit).map_or("", |unit| unit.id.as_str());
        for unit in &self.units {
            let parent = unit.parent.map(id);
            geography.add_unit(&unit.id, &unit.level, parent, &unit.name, Attributes::new())?;
        }
        for station in &self.stations {
            geography.add_station(
                &station.id,
                id(station.unit),
                station.expected,
                station.name.as_deref(),
                station.attributes.clone(),
            )?;
        }
        Ok(geography)
    }

    /// The station of a protocol.
    #[must_use]
    pub fn station(&self, row: &ProtocolRow) -> Option<&StationRow> {
        self.stations.get(row.station)
    }

    /// The contest of a protocol.
    #[must_use]
    pub fn contest(&self, row: &ProtocolRow) -> Option<&ContestRow> {
        self.contests.get(row.contest)
    }

    /// The pass of a protocol, which names its source and part.
    #[must_use]
    pub fn pass(&self, row: &ProtocolRow) -> Option<&PassReport> {
        self.passes.get(row.pass)
    }

    /// The lines that a protocol states, by code.
    pub fn lines<'a>(&'a self, row: &'a ProtocolRow) -> impl Iterator<Item = (&'a str, u64)> {
        self.columns.lines().filter_map(|(ix, code)| row.figures.get(ix).map(|f| (code, f)))
    }

    /// The votes that a protocol states, by list.
    pub fn votes<'a>(&'a self, row: &'a ProtocolRow) -> impl Iterator<Item = (&'a str, u64)> {
        self.columns.lists().filter_map(|(ix, id)| row.figures.get(ix).map(|f| (id, f)))
    }
}

/// A unit of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// The row that it was first seen in.
    pub line: u64,
    /// Identifier.
    pub id: String,
    /// Level.
    pub level: String,
    /// Position of its parent among the units; `None` for the root.
    pub parent: Option<usize>,
    /// Name.
    pub name: String,
}

/// A station of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StationRow {
    /// The row that describes it.
    pub line: u64,
    /// Identifier.
    pub id: String,
    /// Position of its unit among the units.
    pub unit: usize,
    /// Name or address.
    pub name: Option<String>,
    /// Expected voters, where known.
    pub expected: Option<u64>,
    /// Facts about it.
    pub attributes: Attributes,
}

/// A contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContestRow {
    /// Identifier.
    pub id: String,
    /// Name.
    pub title: String,
    /// What stands on the ballot.
    pub kind: ContestKind,
    /// Identifier of the unit in which it is decided.
    pub unit: String,
    /// Whether there is a line "against all".
    pub against_all: bool,
}

/// What a pass came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassReport {
    /// Identifier of the pass.
    pub id: String,
    /// Source of its protocols.
    pub source: String,
    /// Part of the station; empty: the whole.
    pub part: String,
    /// Protocols that its rows hold.
    pub rows: u64,
    /// Protocols to be filed, those that replace another included.
    pub filed: u64,
    /// Protocols to be filed that replace one of an earlier pass of the same source.
    pub replacing: u64,
    /// Protocols left out because their place has these figures already.
    pub unchanged: u64,
}

/// A protocol (or copy) to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolRow {
    /// The row of the table, by the line at which it begins.
    pub line: u64,
    /// Position of its pass.
    pub pass: usize,
    /// The poll, from 1.
    pub poll: u32,
    /// Position of its contest.
    pub contest: usize,
    /// Position of its station.
    pub station: usize,
    /// Whose copy it is; `None` for protocols.
    pub by: Option<String>,
    /// Position of the protocol that it replaces.
    pub supersedes: Option<usize>,
    /// Its figures, in the order of [`Import::columns`].
    pub figures: Figures,
}

/// A ruling reconstructed from the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ruling {
    /// The row that it was read from.
    pub line: u64,
    /// Position of the station.
    pub station: usize,
    /// Position of the contest.
    pub contest: usize,
    /// The poll that it is about.
    pub poll: u32,
    /// Position among the rulings of its row: they are to be filed in this order.
    pub order: usize,
    /// What it does.
    pub effect: Effect,
    /// Why: a code.
    pub reason: String,
}

impl Ruling {
    pub(super) fn new(line: u64, (station, contest): (usize, usize), poll: u32, order: usize, map: &RulingMap) -> Self {
        let poll = map.poll.unwrap_or(poll);
        let (effect, reason) = (map.effect, map.reason.clone());
        Self { line, station, contest, poll, order, effect, reason }
    }

    /// What it decides, whatever row it was read from.
    pub(super) fn decision(&self) -> (usize, usize, u32, Effect, String) {
        (self.station, self.contest, self.poll, self.effect, self.reason.clone())
    }
}

/// A row that holds no protocol for a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// The line at which the row begins.
    pub line: u64,
    /// Position of the station.
    pub station: usize,
    /// Position of the pass; `None` where the status of the row says it of all passes.
    pub pass: Option<usize>,
    /// Why: the code that the map gives to the status, or `no_figures` where every cell that
    /// the pass reads is empty.
    pub reason: String,
}

/// A row that was refused. Its station is in the register nevertheless where that part of the
/// row could be read: it is expected, and now missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The line at which the row begins, counted from 1 (the header is line 1).
    pub line: u64,
    /// Identifier of the station, where it could be read.
    pub station: Option<String>,
    /// The column that is wrong, where it is one.
    pub column: Option<String>,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong.
    pub reason: Refusal,
}

/// Why a row was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The row has more or fewer cells than the header.
    #[error("the row has {found} cells, but the header has {expected}")]
    Cells {
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// A cell is not UTF-8.
    #[error("the cell is not UTF-8")]
    NotUtf8,
    /// A cell holds no figure.
    #[error(transparent)]
    Figure(#[from] FigureProblem),
    /// What a template makes of the row is no identifier.
    #[error("{what}: {error}")]
    Id {
        /// What was to be identified.
        what: &'static str,
        /// Why it is none.
        error: IdError,
    },
    /// A name is too long or holds control characters.
    #[error("a name has at most 400 characters, none of them a control character")]
    Name,
    /// The poll is no number from 1 to 999.
    #[error("a poll is a number from 1 to 999")]
    Poll,
    /// The status is not listed in the map.
    #[error("the map does not say what this status means")]
    Status,
    /// No pass of the map takes the row.
    #[error("no pass of the map takes this row")]
    NoPass,
    /// The unit lies below another parent than an earlier row said.
    #[error("the unit {unit:?} lies in {here:?} here, but in {before:?} at line {line}")]
    Parent {
        /// The unit.
        unit: String,
        /// Its parent in this row.
        here: String,
        /// Its parent before.
        before: String,
        /// The line that said so.
        line: u64,
    },
    /// The station lies in another unit than an earlier row of the same pass said.
    #[error("the station lies in the unit {here:?} here, but in {before:?} at line {line}")]
    Moved {
        /// Its unit in this row.
        here: String,
        /// Its unit before.
        before: String,
        /// The line that said so.
        line: u64,
    },
    /// The unit in which the contest is decided is none of the row's units.
    #[error("the contest is decided in {unit:?}, which is none of the row's units")]
    ContestUnit {
        /// The unit.
        unit: String,
    },
    /// A contest is decided in another unit than an earlier row said.
    #[error("the contest {contest:?} is decided in two units")]
    ContestMoved {
        /// The contest.
        contest: String,
    },
    /// Votes for a list that does not stand in the contest.
    #[error("votes for the list {list:?}, which does not stand in this contest")]
    NotStanding {
        /// The list.
        list: String,
    },
    /// The same place with other figures in the same pass.
    #[error("line {line} holds other figures for the same place; nobody can say which is right")]
    Duplicate {
        /// The line of the first one.
        line: u64,
    },
}
