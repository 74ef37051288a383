//! Why a Parquet file cannot be read or written.

use std::io;

use thiserror::Error;

/// Why a Parquet file cannot be read or written.
#[derive(Debug, Error)]
pub enum ParquetError {
    /// Writing or reading bytes failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The bytes break the format.
    #[error("the Parquet file is broken: {0}")]
    Broken(&'static str),
    /// A column is nested, repeated, or of a type that has no text.
    #[error("column {column:?} of the Parquet file {why}; write it as a flat table")]
    Unsupported {
        /// The column.
        column: String,
        /// What it is.
        why: &'static str,
    },
    /// A page is compressed or encoded in a way that is not read.
    #[error("column {column:?} of the Parquet file uses {what} {number}, which is not read; write it with {instead}")]
    Method {
        /// The column.
        column: String,
        /// `compression` or `encoding`.
        what: &'static str,
        /// Its number in the specification.
        number: i32,
        /// What is read.
        instead: &'static str,
    },
    /// More than the limits allow.
    #[error("the Parquet file needs more {what} than the limit of {limit}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// A row that is written does not fit the columns.
    #[error("column {column:?} cannot hold {value}")]
    Value {
        /// The column.
        column: String,
        /// The value, in words.
        value: String,
    },
}
