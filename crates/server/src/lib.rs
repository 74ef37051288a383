//! A record and its page over HTTP: `public/` as any web server would serve it, and `/` with the result.
//!
//! [`serve`] answers `GET` and `HEAD` for the canonical paths of a record's layout (C2SP tlog-tiles; `checkpoints/<size>` and
//! `blob/sha256/<hex>`), for `/` and for `/style.css`; everything else does not exist. A path is never joined to a folder before
//! it was recognised as one of those names, so nothing outside them can be reached. The page is made by a function that the
//! caller gives, once per checkpoint; while a new one is being made, or if it fails, readers keep the last good one.
//!
//! It is deliberately not a writer, not an API and not TLS: it holds no key and can forge nothing. Put it behind a proxy, or
//! copy `public/` to any web server instead.
//!
//! ```no_run
//! use std::sync::Arc;
//! use recount_server::{Page, ServeOptions, run};
//!
//! let page = Arc::new(|| Ok(Page { html: "<!DOCTYPE html><title>Result</title>".to_owned() }));
//! let options = ServeOptions::new("record/public", page).on_listening(|addr| println!("http://{addr}/"));
//! run(options)?; // until SIGINT or SIGTERM
//! # Ok::<(), recount_server::ServeError>(())
//! ```

mod answer;
mod file;
mod listen;
mod page;
mod serve;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use serve::{run, serve, serve_until};

/// The page of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Complete HTML; it finds its stylesheet as `style.css`.
    pub html: String,
}

/// Makes the page of the record as it now is; the error is for the operator's log and is not shown to readers.
pub type MakePage = Arc<dyn Fn() -> Result<Page, String> + Send + Sync>;

/// Told once, with the address that was bound.
pub type OnListening = Box<dyn FnOnce(SocketAddr) + Send>;

/// What is served, where, and within which limits.
pub struct ServeOptions {
    /// Where to listen (`127.0.0.1:8020`). Port 0 takes a free one.
    pub addr: SocketAddr,
    /// The record's `public/` folder.
    pub public_dir: PathBuf,
    /// Called when the checkpoint changed; its page is kept.
    pub page: MakePage,
    /// Called once the socket is bound.
    pub on_listening: Option<OnListening>,
    /// Connections at a time (1,024); further ones wait unaccepted.
    pub max_connections: usize,
    /// How long a request may wait for its answer (20 s). A connection on which nothing moves for twice as long is closed.
    pub timeout: Duration,
    /// How long a connection may last at most (10 min): a reader that trickles does not keep its place for ever.
    pub lifetime: Duration,
    /// How long open requests may finish after the signal to stop (10 s).
    pub grace: Duration,
}

impl ServeOptions {
    /// Serves this folder on `127.0.0.1:8020` with the default limits.
    pub fn new(public_dir: impl Into<PathBuf>, page: MakePage) -> ServeOptions {
        ServeOptions {
            addr: SocketAddr::from(([127, 0, 0, 1], 8020)),
            public_dir: public_dir.into(),
            page,
            on_listening: None,
            max_connections: 1024,
            timeout: Duration::from_secs(20),
            lifetime: Duration::from_secs(600),
            grace: Duration::from_secs(10),
        }
    }

    /// The same at another address.
    #[must_use]
    pub fn at(mut self, addr: SocketAddr) -> ServeOptions {
        self.addr = addr;
        self
    }

    /// The same, telling the bound address.
    #[must_use]
    pub fn on_listening(mut self, told: impl FnOnce(SocketAddr) + Send + 'static) -> ServeOptions {
        self.on_listening = Some(Box::new(told));
        self
    }
}

impl std::fmt::Debug for ServeOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServeOptions")
            .field("addr", &self.addr)
            .field("public_dir", &self.public_dir)
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be bound.
    #[error("cannot listen on {addr}: {source}; choose another address or stop what uses it")]
    Bind {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no checkpoint in the folder.
    #[error("{path} is not the public side of a record: {source}; name the folder that holds the file `checkpoint`")]
    NotARecord {
        /// The folder.
        path: PathBuf,
        /// What the system says about its checkpoint.
        source: std::io::Error,
    },
    /// The runtime or the handlers of signals cannot be set up.
    #[error("cannot start: {0}")]
    Start(std::io::Error),
    /// The service stopped by itself.
    #[error("the service stopped: {0}")]
    Stopped(String),
}
