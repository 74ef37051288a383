//! The service: the real binary over loopback, asked by plain sockets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/cli.rs"]
mod cli;
#[path = "service/documented.rs"]
mod documented;
#[path = "service/faults.rs"]
mod faults;
#[path = "service/filing.rs"]
mod filing;
#[path = "service/load.rs"]
mod load;
#[path = "service/more.rs"]
mod more;
#[path = "service/planted.rs"]
mod planted;
#[path = "service/reading.rs"]
mod reading;
#[path = "service/support.rs"]
mod support;
