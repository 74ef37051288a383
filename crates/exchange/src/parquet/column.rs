//! The columns of a table that is written.

/// How values are stored and what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Physical {
    /// UTF-8 text.
    Text,
    /// A whole number of 64 bits with a sign.
    Integer,
    /// Yes or no.
    Boolean,
    /// A decimal number: a whole number of 64 bits, and so many digits after the point.
    Decimal(u8),
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// How values are stored.
    pub physical: Physical,
    /// Whether a value may be absent.
    pub optional: bool,
}

/// One value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// None.
    Absent,
    /// Text.
    Text(&'a str),
    /// A whole number; of a decimal column the number without its point.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
}
