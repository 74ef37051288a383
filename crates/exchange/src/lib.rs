//! Readers and writers of election tables: a table and a map of its columns become plain rows; a record becomes tables.
//!
//! [`data`] writes what a record says at a size, as CSV, JSON, Parquet and a Frictionless data package. [`cvr`] reads what
//! scanners read on ballots. The rest reads: a table of station results (CSV, plain or in gzip or zstd, or [`parquet`]) is read with a *map* (`map.toml`,
//! `schema = "recount-map/1"`): which columns name units and stations, which hold lines and
//! votes, which rows belong to which source, part and poll, and what a status column means.
//! The outcome is an [`Import`]: register rows, lists, protocols in the order in which they are
//! to be filed, reconstructed rulings, and every row that was refused, with file line, column,
//! value and reason.
//!
//! This crate deliberately does not write to a record, and knows no keys: the command line
//! turns the rows into statements. It never repairs a figure: a cell that is not an integer
//! refuses its row, an empty cell is absent unless the map says that it is zero, and nothing
//! is filed twice.
//!
//! ```
//! use recount_exchange::{Options, Table, plan, read_map};
//!
//! let map = read_map(r#"
//! schema = "recount-map/1"
//! set = "village"
//! title = "A village"
//! origin = "made up"
//! licence = "CC0"
//! [contest]
//! id = "mayor"
//! kind = "candidate"
//! unit = "village"
//! [[unit]]
//! level = "national"
//! id = "village"
//! name = "The village"
//! [station]
//! id = "s{station}"
//! expected = "voters"
//! [lines]
//! valid = "valid"
//! [votes]
//! prefix = "for_"
//! [[pass]]
//! id = "count"
//! source = "hand"
//! "#)?;
//! let csv = "station,voters,valid,for_a,for_b\n1,90,50,30,20\n2,80,-4,1,1\n";
//! let options = Options::default();
//! let mut table = Table::from_reader(csv.as_bytes(), map.delimiter(), &options)?;
//! let import = plan(&mut table, &map, &options)?;
//!
//! assert_eq!(import.protocols.len(), 1);
//! let refused = &import.refused[0];
//! assert_eq!((refused.line, refused.column.as_deref()), (3, Some("valid")));
//! assert_eq!(refused.reason.to_string(), "a figure cannot be negative");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cvr;
pub mod data;
mod declarations;
pub mod figure;
pub mod map;
pub mod parquet;
pub mod plan;
pub mod table;
pub mod template;

mod open;

pub use declarations::declarations;
pub use figure::FigureProblem;
pub use map::{Effect, Map, read_map};
pub use plan::{
    Absent, ContestRow, Import, PassReport, PlanError, Planner, ProtocolRow, Refusal, RefusedRow, Ruling, StationRow,
    UnitRow, plan,
};
pub use table::{Options, Row, Table, TableError};
pub use template::{Template, TemplateError};
