//! What is served, where, and within which limits.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use recount_keeper::{How, KeeperError};
use recount_log::{Checkpoint, Hash, VerifierKey};
use recount_tally::Fold;

/// One page or file of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub body: Vec<u8>,
    /// Whether other sites may show it in a frame.
    pub embed: bool,
}

/// The pages of one size.
pub trait Pages: Send + Sync {
    /// The page at a path without a slash in front; `None` if there is none.
    fn page(&self, path: &str) -> Option<Page>;

    /// Whether there is a table at a path: what is large and takes long to make. Such requests wait for each other.
    fn is_table(&self, _path: &str) -> bool {
        false
    }

    /// The site behind them, to be compared with that of another size; `None` if these are pages of another kind.
    fn site(&self) -> Option<&recount_site::Site> {
        None
    }
}

/// A record at one size, of which pages are to be made.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The record folded to this size.
    pub fold: Arc<Fold>,
    /// Of a vote that was annulled as a whole: the record folded to the size before that ruling.
    pub before: Option<Arc<Fold>>,
    /// The checkpoint that covers the fold.
    pub checkpoint: Checkpoint,
    /// The charter's hash, if there is one yet.
    pub charter: Option<Hash>,
    /// The log's key, as the charter names it.
    pub log_key: Option<VerifierKey>,
    /// Key and charter were given from outside and are the record's.
    pub author_proved: bool,
    /// Whether these pages lie below `/at/SIZE/`.
    pub earlier: bool,
    /// Where the record is published, if the operator said so.
    pub base_url: Option<String>,
}

/// Makes the pages of a moment, or says which invariant fails; then nothing of that size is put up.
pub type MakePages = Arc<dyn Fn(Moment) -> Result<Box<dyn Pages>, String> + Send + Sync>;

/// Told once, with the address that was bound.
pub type OnListening = Box<dyn FnOnce(SocketAddr) + Send>;

/// How much one key may file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Statements a minute of a key that speaks for stations alone (120).
    pub station: u32,
    /// Statements a minute of every other key (60,000: a national system that files for all stations).
    pub wide: u32,
}

impl Default for Quotas {
    fn default() -> Quotas {
        Quotas { station: 120, wide: 60_000 }
    }
}

/// Certificate chain and key, both PEM.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The chain, the server's own certificate first.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What is served, where, and within which limits.
pub struct ServeOptions {
    /// Where to listen (`127.0.0.1:8080`). Port 0 takes a free one.
    pub addr: SocketAddr,
    /// The record's directory.
    pub dir: PathBuf,
    /// Whether statements are taken: the log's key must lie with the record. The writer's lock is held only while statements come.
    pub accept: bool,
    /// Key and charter from outside.
    pub how: How,
    /// Where the record is published.
    pub base_url: Option<String>,
    /// Makes pages.
    pub pages: MakePages,
    /// Called once the socket is bound.
    pub on_listening: Option<OnListening>,
    /// Served by TLS with this certificate; without it, plainly.
    pub tls: Option<Tls>,
    /// Quotas of keys.
    pub quotas: Quotas,
    /// Statements that wait for the next commit (4,096); further ones are sent away with 503.
    pub queue: usize,
    /// How long statements are gathered before they are committed together (20 ms).
    pub gather: Duration,
    /// How often a record that somebody else writes is looked at (250 ms).
    pub poll: Duration,
    /// Pages are not made anew more often than this (100 ms).
    pub pace: Duration,
    /// Editions of earlier sizes that are kept (4).
    pub earlier: usize,
    /// Bytes of rendered pages that one edition keeps in memory (64 MiB).
    pub cache: usize,
    /// Readers of `/events` at a time (8,192); further ones are sent to the checkpoint file.
    pub events: usize,
    /// Connections at a time (16,384; the system's limit on open files must be above it); further ones wait unaccepted.
    pub max_connections: usize,
    /// How long a request may wait for its answer (20 s). A connection on which nothing moves for twice as long is closed.
    pub timeout: Duration,
    /// How long a connection may last at most (1 h): a reader that trickles does not keep its place for ever.
    pub lifetime: Duration,
    /// How long open requests may finish after the signal to stop (10 s).
    pub grace: Duration,
}

impl ServeOptions {
    /// Serves this record on `127.0.0.1:8080` with the default limits, without taking statements.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, pages: MakePages) -> ServeOptions {
        ServeOptions {
            addr: SocketAddr::from(([127, 0, 0, 1], 8080)),
            dir: dir.into(),
            accept: false,
            how: How::default(),
            base_url: None,
            pages,
            on_listening: None,
            tls: None,
            quotas: Quotas::default(),
            queue: 4096,
            gather: Duration::from_millis(20),
            poll: Duration::from_millis(250),
            pace: Duration::from_millis(100),
            earlier: 4,
            cache: 64 << 20,
            events: 8192,
            max_connections: 16_384,
            timeout: Duration::from_secs(20),
            lifetime: Duration::from_secs(3600),
            grace: Duration::from_secs(10),
        }
    }
}

impl std::fmt::Debug for ServeOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServeOptions")
            .field("addr", &self.addr)
            .field("dir", &self.dir)
            .field("accept", &self.accept)
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
    /// The record cannot be read, or not be written.
    #[error(transparent)]
    Record(#[from] KeeperError),
    /// Certificate or key cannot be used.
    #[error("{path}: {why}", path = .path.display())]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The runtime or the handlers of signals cannot be set up.
    #[error("cannot start: {0}")]
    Start(std::io::Error),
    /// The service stopped by itself.
    #[error("the service stopped: {0}")]
    Stopped(String),
}
