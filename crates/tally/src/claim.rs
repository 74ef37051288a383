//! A claim: one authorised statement of figures for one place.

use std::collections::BTreeMap;

use recount_election::Figures;
use recount_record::ledger::{KeyIx, OfficeIx};

/// A contest's number in the fold, in order of first appearance in the forms and register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContestIx(pub u16);

/// The number of an interned word: a source or a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WordIx(pub u16);

/// Where figures belong within a station: poll, contest, part and source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The poll.
    pub poll: u16,
    /// The contest.
    pub contest: ContestIx,
    /// The part; `None` is the whole station.
    pub part: Option<WordIx>,
    /// The source.
    pub source: WordIx,
}

/// One authorised protocol or copy.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Index of the statement.
    pub index: u64,
    /// Its place within the station.
    pub slot: Slot,
    /// Role and scope of its signers: only the same office may supersede it.
    pub office: Option<OfficeIx>,
    /// The first signer.
    pub signer: KeyIx,
    /// Further signers.
    pub cosigners: Box<[KeyIx]>,
    /// Index of the statement that it says it replaces.
    pub supersedes: Option<u64>,
    /// The figures.
    pub figures: Figures,
}

impl Claim {
    /// All signers that held the authority.
    pub fn signers(&self) -> impl Iterator<Item = KeyIx> + '_ {
        std::iter::once(self.signer).chain(self.cosigners.iter().copied())
    }
}

/// Words with numbers, in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Words {
    words: Vec<String>,
    index: BTreeMap<String, WordIx>,
}

impl Words {
    /// The number of a word, entering it if it is new. `None` when there are more than 65,535.
    pub fn intern(&mut self, word: &str) -> Option<WordIx> {
        if let Some(ix) = self.find(word) {
            return Some(ix);
        }
        let ix = WordIx(u16::try_from(self.words.len()).ok()?);
        self.words.push(word.to_owned());
        self.index.insert(word.to_owned(), ix);
        Some(ix)
    }

    /// The number of a word.
    pub fn find(&self, word: &str) -> Option<WordIx> {
        // Few words, and the first ones most often: looking is quicker than hashing.
        match self.words.iter().take(4).position(|own| own == word) {
            Some(at) => u16::try_from(at).ok().map(WordIx),
            None => self.index.get(word).copied(),
        }
    }

    /// The word of a number; empty for a number of another list.
    pub fn get(&self, ix: WordIx) -> &str {
        self.words.get(ix.0 as usize).map_or("", String::as_str)
    }

    /// All words in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (WordIx, &str)> {
        self.words.iter().zip(0u16..).map(|(word, n)| (WordIx(n), word.as_str()))
    }
}
