//! What a page knows beside the fold: where it is published, and what the one who made it had checked.

use recount_log::{Checkpoint, Hash, VerifierKey};

/// What stands around the figures. Everything is optional; what is absent is said to be unknown, never left out in silence.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Where the record is published, without a slash at the end: `https://results.example.org/2027`.
    pub base_url: Option<String>,
    /// The log's verifier key.
    pub vkey: Option<VerifierKey>,
    /// The charter's hash.
    pub charter: Option<Hash>,
    /// The checkpoint that covers the fold.
    pub checkpoint: Option<Checkpoint>,
    /// A sentence shown on top of every page when figures are synthetic. Without it, a note statement with the code
    /// `synthetic` in the record puts a general one there.
    pub synthetic: Option<String>,
    /// What the reader that made the page had checked.
    pub verified: Verified,
}

/// What a reader had checked when it made the page; all false is a page made on trust.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// The checkpoint's signature, against a log key that was given from outside.
    pub log_key: bool,
    /// The charter's hash, against one that was given from outside.
    pub charter: bool,
    /// Every leaf against the checkpoint's root.
    pub tree: bool,
    /// Every signature and the authority behind it.
    pub statements: bool,
    /// Every declaration was computed again.
    pub declarations: bool,
    /// How many independent witnesses cosigned the checkpoint.
    pub witnesses: u64,
}

impl Verified {
    /// Whether everything was checked, against keys and a charter from outside.
    #[must_use]
    pub fn is_anchored(&self) -> bool {
        self.log_key && self.charter && self.tree && self.statements
    }
}
