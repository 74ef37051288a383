//! How a writer behaves.

use std::path::PathBuf;
use std::time::Duration;

use crate::witness::Witness;

/// Fills a buffer with random bytes.
pub type Entropy = Box<dyn FnMut(&mut [u8]) -> std::io::Result<()> + Send>;

/// How a writer behaves. The defaults are for real elections; tests lower some.
pub struct WriterOptions {
    /// The most entries that one commit takes (4,096).
    pub pool: usize,
    /// Whether everything is made durable before it is acknowledged (yes). Only tests say no.
    pub full_sync: bool,
    /// How many staged batches the database keeps (8; at least 2): a public side that is older by so many batches is repaired at the next start.
    pub keep: u32,
    /// Where the random bytes of a checkpoint's unknown line ("grease") and of the order of its lines come from: the system.
    pub entropy: Entropy,
    /// Witnesses to ask for a cosignature of every checkpoint (none).
    pub witnesses: Vec<Witness>,
    /// How long all witnesses together may take (2 s); who has not answered by then is not on the checkpoint.
    pub witness_deadline: Duration,
    /// The folder of the writer's memory, outside the record (see [`crate::memory`]): a record that was rolled back as a whole is refused (none).
    pub memory: Option<PathBuf>,
}

impl Default for WriterOptions {
    fn default() -> WriterOptions {
        WriterOptions {
            pool: 4096,
            full_sync: true,
            keep: 8,
            entropy: Box::new(|buffer| getrandom::fill(buffer).map_err(std::io::Error::other)),
            witnesses: Vec::new(),
            witness_deadline: Duration::from_secs(2),
            memory: None,
        }
    }
}

impl std::fmt::Debug for WriterOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriterOptions")
            .field("pool", &self.pool)
            .field("full_sync", &self.full_sync)
            .field("keep", &self.keep)
            .field("witnesses", &self.witnesses)
            .finish_non_exhaustive()
    }
}
