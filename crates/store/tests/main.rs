//! The store's tests, one subject per file, in one program.
#![allow(missing_docs)]

mod crash;
mod http;
mod kill;
mod reader;
mod support;
mod tamper;
mod witness;
mod writer;
