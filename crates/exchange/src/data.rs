//! What a record says at a size, as tables: CSV, JSON and Parquet, with a description of every column, in one package.
//!
//! [`Source`] is a record at a size with what is asked of it (which figures, which contests). [`tables()`] gives its tables, each a
//! [`Sheet`] with a [`Schema`] and rows that are made as they are written; [`write_table`] writes one in one [`Format`], and
//! [`Package`] writes all of them with a `datapackage.json` that holds the SHA-256 and size of every file.
//!
//! The columns of a table are declared in one place, beside the code that fills them: CSV headers, JSON keys, Parquet schemas and
//! the package's field descriptions all come from there. Bytes depend on the record, the size and the [`Frame`] alone: no clock,
//! no locale. What is absent is an empty cell in CSV, `null` in JSON and Parquet; it is never zero.

mod cell;
mod descriptor;
mod figures;
mod format;
mod nist;
mod package;
mod schema;
mod source;
mod tables;

use std::io;

use recount_tally::totals::TotalsError;
use thiserror::Error;

pub use cell::Cell;
pub use format::{Format, Rows, write_table};
pub use nist::write_report;
pub use package::{File, Package, Place, Written};
pub use schema::{Column, Kind, Schema};
pub use source::{Frame, Licence, Source};
pub use tables::{Sheet, Table, tables};

use crate::parquet::ParquetError;

/// Why a table cannot be written.
#[derive(Debug, Error)]
pub enum DataError {
    /// The bytes cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A total cannot be formed.
    #[error(transparent)]
    Totals(#[from] TotalsError),
    /// A number does not fit the 64 bits with a sign that Parquet has for it.
    #[error("column \"{column}\" holds {number}, which does not fit 64 bits")]
    TooLarge {
        /// The column.
        column: String,
        /// The number.
        number: i128,
    },
    /// Parquet could not be written.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
}
