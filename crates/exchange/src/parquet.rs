//! Apache Parquet, as far as flat tables need it: an own writer and an own reader.
//!
//! The `parquet` crate brings Arrow with it and costs more compile time than the rest of this workspace (see
//! `docs/decisions/0013-own-parquet.md`). A flat table needs little of the format: a footer in Thrift's compact protocol, one
//! chunk per column and row group, dictionary or plain values, and one bit per value that says whether it is there.
//!
//! The [`Writer`] is deterministic: its bytes depend on the rows alone. It does not compress, because dictionaries of bit-packed
//! indices come near to what compressors reach on figures, and bytes that depend on a compressor's version are not
//! reproducible. The [`Reader`] takes what pandas, DuckDB, Arrow and Spark write for flat tables (pages of both versions, plain
//! and dictionary values, uncompressed, Snappy, gzip or zstd) and refuses the rest with a sentence; no input makes it panic, hang
//! or hold more than its [`Limits`].
//!
//! Source: the format's specification, `apache/parquet-format` (README.md, Encodings.md, LogicalTypes.md, parquet.thrift).

mod column;
mod cursor;
mod encode;
mod error;
mod hybrid;
mod meta;
mod read;
mod render;
mod snappy;
mod thrift;
mod unpack;
mod write;

pub use column::{Field, Physical, Value};
pub use error::ParquetError;
pub use read::{Limits, Reader};
pub use write::Writer;

/// The first and last four bytes of every file.
pub(crate) const MAGIC: [u8; 4] = *b"PAR1";

/// Page kinds of the specification.
mod page {
    pub(super) const DATA: i32 = 0;
    pub(super) const DICTIONARY: i32 = 2;
    pub(super) const DATA_V2: i32 = 3;
}

/// Encodings of the specification that are written or read.
mod encoding {
    pub(super) const PLAIN: i32 = 0;
    pub(super) const PLAIN_DICTIONARY: i32 = 2;
    pub(super) const RLE: i32 = 3;
    pub(super) const RLE_DICTIONARY: i32 = 8;
}
