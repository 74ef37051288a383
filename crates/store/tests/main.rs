//! The store's tests, one subject per file, in one program.
#![allow(missing_docs)]
// Helpers outside test functions may fail a test too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crash;
mod folder;
mod hammer;
mod hostile;
mod http;
mod kill;
mod reader;
mod server;
mod support;
mod tamper;
mod witness;
mod writer;
