//! Statements of a record: their bytes, kinds, signatures and authority.
//!
//! A **statement** is one signed entry of a record ([`entry`]): a C2SP signed note whose text is a type line and one line of
//! restricted canonical JSON ([`json`]) of one of sixteen kinds ([`statement`]). The [`ledger`] reads them in the order of the
//! log and says of each whether its signers had the authority to say it *at its index*: authority is derived from the record
//! alone, from the charter onwards.
//!
//! What it is not: it knows no files, no network and no clock, and it counts nothing: which of several authorised
//! protocols *stands* is the business of `recount-tally`. The rules are in `docs/statements.md`.
//!
//! ```text
//! recount/statement/v1
//! {"charter":"9c…","contest":"lists","kind":"protocol","lines":{"valid":412},"poll":1,"source":"hand","station":"1001","votes":{"a":300,"b":112}}
//!
//! — precinct-1001.2020.example 8Sx…
//! ```

pub mod entry;
mod fields;
pub mod json;
pub mod ledger;
mod reason;
pub mod statement;

pub use entry::{Entry, EntryError};
pub use fields::ShapeError;
pub use ledger::Ledger;
pub use reason::VoidReason;
pub use statement::{Kind, Statement};
