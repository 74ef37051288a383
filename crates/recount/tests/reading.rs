//! The commands that read: count, seats, explain, status, missing, list, controls; on a small election with a real binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "reading/bad_input.rs"]
mod bad_input;
#[path = "common/cli.rs"]
mod cli;
#[path = "reading/count.rs"]
mod count;
#[path = "reading/explain.rs"]
mod explain;
#[path = "reading/island.rs"]
mod island;
#[path = "reading/page.rs"]
mod page;
#[path = "reading/seats.rs"]
mod seats;
#[path = "reading/shown.rs"]
mod shown;
#[path = "reading/strangers.rs"]
mod strangers;
