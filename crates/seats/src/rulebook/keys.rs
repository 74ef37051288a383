//! Every key of a rulebook with its shape and meaning: the source of the JSON Schema and of the
//! reference in `docs/rulebooks.md`. A test compares it with the types that the parser reads.

mod stages;
mod tables;
#[cfg(test)]
mod tests;

pub(super) use stages::{COMMON, KINDS, STAGE};
pub(super) use tables::TABLES;

/// What may stand behind a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Any text.
    Text,
    /// The id or name of something declared elsewhere in the file.
    Name,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A ratio in a text: `"7/100"`.
    Ratio,
    /// A whole number, not negative.
    Number,
    /// True or false.
    Flag,
    /// A date, written bare.
    Date,
    /// A table of this definition.
    Table(&'static str),
    /// A text, or a table of this definition.
    NameOr(&'static str),
    /// A number, or a table of this definition.
    NumberOr(&'static str),
    /// A number, or a name.
    NumberOrName,
    /// A list of names (or one name).
    Names,
    /// A list of words.
    Words(&'static [&'static str]),
    /// A list of ratios.
    Ratios,
    /// Two numbers: from, to.
    Range,
    /// A list of tables of this definition.
    Tables(&'static str),
    /// A table of this definition, or a list of them.
    TableOrTables(&'static str),
    /// Tables of this definition, by key.
    ByKey(&'static str),
    /// Numbers by key.
    Numbers,
    /// Texts by key and key.
    Texts,
    /// Whatever the stage kind makes of it.
    Any,
}

/// A key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// What it means, in a few words.
    pub says: &'static str,
}

/// A key that must be there.
const fn must(name: &'static str, shape: Shape, says: &'static str) -> Key {
    Key { name, shape, required: true, says }
}

/// A key that may be there.
const fn may(name: &'static str, shape: Shape, says: &'static str) -> Key {
    Key { name, shape, required: false, says }
}
