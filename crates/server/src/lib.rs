//! A record over HTTP: its files, its pages, a JSON API, and, where the record is kept, the desk at which statements are filed.
//!
//! * `GET` of the record's public files, by their canonical names only (C2SP tlog-tiles; `checkpoints/<size>`, `blob/sha256/<hex>`).
//! * The pages of the newest **edition**: everything that is said at one size of the record. An edition is made off the request path,
//!   checked, and put up whole: a reader never sees a page of one size with a figure of another. If an invariant fails, nothing of
//!   that size is put up, an alarm is raised, and the last good edition stays.
//! * The same below `/at/SIZE/` for every earlier size.
//! * `/api/v1/`: the figures as JSON, described by the OpenAPI document that is made from the same table that routes requests.
//! * `POST /statements`: a signed statement is admitted, appended, made durable and published, then answered with index, receipt and what
//!   it now is. Refusals are problem documents (RFC 9457), signed with the log's key.
//! * `/events`: server-sent events, "a new size is up".
//! * `/healthz`, `/readyz`, `/metrics`.
//!
//! It holds the log's key and no signer's: it can refuse or delay a statement, and it cannot forge one. Where things are: `route` is the
//! table of everything that answers, `desk` files, `press` makes editions, `earlier` makes those of earlier sizes.

mod api;
mod app;
mod body;
mod desk;
mod earlier;
mod edition;
mod events;
mod file;
mod listen;
mod logs;
mod metrics;
mod openapi;
mod options;
mod pack;
mod pages;
mod press;
mod problem;
mod quota;
mod reply;
mod route;
mod serve;
mod shown;
mod statements;
mod tls;

pub use logs::{LogFormat, log_to_stderr};
pub use openapi::document as openapi;
pub use options::{MakePages, Moment, OnListening, Page, Pages, Quotas, ServeError, ServeOptions, Tls};
pub use pages::frame_of;
pub use problem::{PROBLEM_TYPE_LINE, problem_codes};
pub use serve::{run, serve, serve_until};
pub use tracing::level_filters::LevelFilter;
