//! What a page knows beside the fold: where it is published, and what the one who made it had checked.

use std::sync::Arc;

use recount_log::{Checkpoint, Hash, VerifierKey};
use recount_tally::Fold;

use crate::outlines::Outlines;

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
    /// Of a vote that was annulled as a whole: the same record folded to the size that [`crate::annulled_whole_by`] names, so that
    /// the count as it stood can be shown beside the ruling.
    pub before: Option<Arc<Fold>>,
    /// Names of the files below `data/`; without any, the page of data says how to make them.
    pub data_files: Vec<String>,
    /// Outlines of units, for maps.
    pub outlines: Option<Arc<Outlines>>,
    /// Where pages of earlier sizes are found.
    pub versions: Versions,
    /// Tags of the languages to be offered first, in this order; all others follow.
    pub languages: Vec<String>,
    /// Pages that others made: statistics, audits. They stand in the navigation.
    pub annexes: Vec<Annex>,
}

/// Where the same page at an earlier size is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Versions {
    /// Below `at/SIZE/`, beside the languages: a server makes them when they are asked for.
    #[default]
    Kept,
    /// This site itself lies below `at/SIZE/`: the latest pages are two folders up.
    Here,
    /// Nowhere: a folder that holds the latest size alone. Pages say how to make an earlier one.
    Latest,
}

/// A page that somebody else made, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annex {
    /// Tag of its language.
    pub language: String,
    /// Its address below the language, with a slash at the end: `forensics/`. Those of one segment stand in the navigation.
    pub address: String,
    /// Its title.
    pub title: String,
    /// What the navigation calls it: a word.
    pub menu: String,
    /// What stands in it: HTML that its maker escaped, without scripts and styles.
    pub html: String,
    /// The size of the record that it rests on.
    pub since: u64,
    /// A stylesheet of its own, which lies below `assets/` under the name of its address: `assets/forensics.css`.
    pub styles: Option<String>,
}

impl Annex {
    /// The name of its stylesheet below `assets/`.
    pub(crate) fn stylesheet(&self) -> Option<String> {
        self.styles.as_ref().map(|_| format!("{}.css", self.address.trim_end_matches('/').replace('/', "-")))
    }
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

impl Frame {
    /// Whether everything is the same that stands on every page, whatever the size.
    pub(crate) fn same_everywhere(&self, other: &Frame) -> bool {
        self.base_url == other.base_url
            && self.vkey == other.vkey
            && self.charter == other.charter
            && self.synthetic == other.synthetic
            && self.verified.is_anchored() == other.verified.is_anchored()
            && self.outlines == other.outlines
            && self.versions == other.versions
            && self.languages == other.languages
            && self.headings().eq(other.headings())
    }

    /// What the navigation holds of the annexes.
    fn headings(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.annexes.iter().map(|own| (own.language.as_str(), own.address.as_str(), own.menu.as_str()))
    }
}

impl Verified {
    /// Whether everything was checked, against keys and a charter from outside.
    #[must_use]
    pub fn is_anchored(&self) -> bool {
        self.log_key && self.charter && self.tree && self.statements
    }
}
