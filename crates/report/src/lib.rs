//! Statistical checks as a report: from a table of station results and its map to a page that needs no statistics to read.
//!
//! [`input`] finds in the lines of a protocol the four figures that the checks of `recount-forensics` read, and accounts for
//! every station that lacks one. [`page`] turns a finished report into one file of HTML, or into the content of a page of a
//! site, in any language of [`lang`]. [`Threads`] works off the pieces of a report on several processors; the report is the same on
//! any number.
//!
//! It deliberately computes no statistics and knows no record: a command line that has one hands its stations in as a
//! [`input::Sheet`].

pub mod input;
pub mod lang;
pub mod page;
mod threads;

pub use threads::Threads;
