//! A record together with its fold: opened and verified, followed as it grows, and, by its one writer, filed into.
//!
//! The command line and the service both stand on this, so that a statement meets the same admission whichever way it comes:
//! [`read::open`] reads a record at one frozen checkpoint and folds it, [`Follower`] keeps such a fold up to date with a record
//! that somebody else writes, [`Recorder`] holds the writer's lock and files statements in group commits.
//!
//! It is deliberately not: a service (no sockets, no clock), not a place where figures are made (`recount-tally`), and it decides
//! nothing about authority that `recount-record` does not say. Admission keeps out what nobody known has signed; whether a
//! statement has an effect is the fold's answer, and a broken control never keeps a protocol out.

pub mod admit;
mod error;
mod fold;
mod follow;
mod key_file;
mod parallel;
pub mod read;
mod recorder;

pub use admit::{Refusal, Submission};
pub use error::KeeperError;
pub use fold::{Told, advance, fold_record};
pub use follow::Follower;
pub use key_file::{read as read_key, write as write_key};
pub use parallel::{in_parallel, station_hashes, threads};
pub use read::{AnySource, How, Opened};
pub use recorder::{Filed, LOG_KEY, OnRefusal, Recorder, VOID_QUOTA};
