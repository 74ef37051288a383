//! Controls' formulas: a relation between integer expressions over the figures of a protocol.
//!
//! ```text
//! formula    = sum relation sum          relation = "=" "!=" "<=" "<" ">=" ">"
//! sum        = ["-"] product { ("+" | "-") product }
//! product    = factor { "*" factor }
//! factor     = integer | name | function "(" sum { "," sum } ")" | "(" sum ")"
//! function   = "min" | "max" | "sum" | "or_zero"
//! name       = code of a line | "votes" | "against_all" | "votes." identifier of a list
//! ```
//!
//! `votes` is the sum of all lists without "against all"; `against_all` the votes against all;
//! `votes.LIST` one list's votes (the identifier runs as far as its characters allow, so write
//! a space before an operator). `or_zero(lost)` is the figure, or 0 where the protocol does not
//! state it; it takes a name alone. Every other absent figure makes the control *not
//! checkable*. Arithmetic is checked, in 128 bits.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::figures::{ColumnIx, Columns, Figures};
use crate::list::AGAINST_ALL;

mod parse;
mod tree;

use tree::{Evaluation, Expr, Relation};

/// The longest formula, in bytes.
pub const MAX_LENGTH: usize = 2_000;

/// The deepest nesting of parentheses and functions.
pub const MAX_DEPTH: usize = 32;

/// Why a text is not a formula, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message} (at position {position} of the formula)")]
pub struct FormulaError {
    /// Byte position in the formula, from 0.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

/// What the check of a control found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// The relation holds.
    Holds,
    /// It does not; both sides' values.
    Broken {
        /// Value of the left side.
        left: i128,
        /// Value of the right side.
        right: i128,
    },
    /// Some figures are absent: neither holds nor is broken.
    NotCheckable {
        /// The absent names, in the order of the formula, each once.
        missing: Vec<String>,
    },
    /// The arithmetic leaves 128 bits.
    Overflow,
}

/// A name in a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Line(String),
    Votes,
    List(String),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(code) => f.write_str(code),
            Self::Votes => f.write_str("votes"),
            Self::List(id) if id == AGAINST_ALL => f.write_str(id),
            Self::List(id) => write!(f, "votes.{id}"),
        }
    }
}

/// A name that was looked up in the columns of a contest.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Column(ColumnIx, String),
    Votes(Vec<(ColumnIx, String)>),
    Nowhere(String),
}

impl Place {
    fn figure(&self, figures: &Figures) -> Option<i128> {
        match self {
            Self::Column(column, _) => figures.get(*column).map(i128::from),
            // At most 2^14 columns of at most 2^53: the sum stays far inside 128 bits.
            Self::Votes(lists) => lists.iter().try_fold(0_i128, |sum, (column, _)| {
                figures.get(*column).map(|figure| sum.saturating_add(i128::from(figure)))
            }),
            Self::Nowhere(_) => None,
        }
    }

    fn missing(&self, figures: &Figures, found: &mut Vec<String>) {
        let mut note = |name: &String| {
            if !found.contains(name) {
                found.push(name.clone());
            }
        };
        match self {
            Self::Column(column, name) if figures.get(*column).is_none() => note(name),
            Self::Column(..) => {}
            Self::Votes(lists) => {
                lists.iter().filter(|(column, _)| figures.get(*column).is_none()).for_each(|(_, name)| note(name))
            }
            Self::Nowhere(name) => note(name),
        }
    }
}

/// A parsed formula. It is written and read (TOML, JSON) as its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    text: String,
    left: Expr<Name>,
    relation: Relation,
    right: Expr<Name>,
}

impl Formula {
    /// Parses a formula.
    ///
    /// # Errors
    /// The first thing that is wrong, with its position.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let (left, relation, right) = parse::formula(text)?;
        Ok(Self { text: text.to_owned(), left, relation, right })
    }

    /// The formula as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The codes of all lines that the formula names, in order, each once.
    #[must_use]
    pub fn lines(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for side in [&self.left, &self.right] {
            side.leaves(&mut |name, _| {
                if let Name::Line(code) = name
                    && !found.contains(&code.as_str())
                {
                    found.push(code.as_str());
                }
            });
        }
        found
    }

    /// Looks every name up in the columns of a contest, once for all of its protocols. A name
    /// that the contest lacks counts as absent in every protocol.
    #[must_use]
    pub fn bind(&self, columns: &Columns) -> Bound {
        Bound {
            left: self.left.map(&|name| look_up(name, columns)),
            relation: self.relation,
            right: self.right.map(&|name| look_up(name, columns)),
        }
    }

    /// Checks one protocol. For many, [`Formula::bind`] once.
    #[must_use]
    pub fn check(&self, columns: &Columns, figures: &Figures) -> Check {
        self.bind(columns).check(figures)
    }

    /// The formula with the figures put in: `2181 = 0 + 2107 + 62 + 12 + 0 - 0`. An absent
    /// figure is shown as `?`, and `votes` as its sum.
    #[must_use]
    pub fn explain(&self, columns: &Columns, figures: &Figures) -> String {
        self.bind(columns).explain(figures)
    }
}

fn look_up(name: &Name, columns: &Columns) -> Place {
    let column = match name {
        Name::Line(code) => columns.line(code),
        Name::List(id) => columns.list(id),
        Name::Votes => {
            let lists: Vec<_> = columns
                .lists()
                .filter(|&(_, id)| id != AGAINST_ALL)
                .map(|(column, id)| (column, Name::List(id.to_owned()).to_string()))
                .collect();
            return if lists.is_empty() { Place::Nowhere(name.to_string()) } else { Place::Votes(lists) };
        }
    };
    column.map_or_else(|| Place::Nowhere(name.to_string()), |column| Place::Column(column, name.to_string()))
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Formula {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// A formula whose names were looked up in the columns of one contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    left: Expr<Place>,
    relation: Relation,
    right: Expr<Place>,
}

impl Bound {
    /// Checks one protocol of the contest.
    #[must_use]
    pub fn check(&self, figures: &Figures) -> Check {
        let value = |place: &Place| place.figure(figures);
        match (self.left.evaluate(&value), self.right.evaluate(&value)) {
            (Evaluation::Value(left), Evaluation::Value(right)) => {
                if self.relation.holds(left, right) {
                    Check::Holds
                } else {
                    Check::Broken { left, right }
                }
            }
            (Evaluation::Absent, _) | (_, Evaluation::Absent) => Check::NotCheckable { missing: self.missing(figures) },
            (Evaluation::Overflow, _) | (_, Evaluation::Overflow) => Check::Overflow,
        }
    }

    fn missing(&self, figures: &Figures) -> Vec<String> {
        let mut found = Vec::new();
        for side in [&self.left, &self.right] {
            side.leaves(&mut |place, optional| {
                if !optional {
                    place.missing(figures, &mut found);
                }
            });
        }
        found
    }

    /// The formula with the figures put in; see [`Formula::explain`].
    #[must_use]
    pub fn explain(&self, figures: &Figures) -> String {
        let show = |place: &Place| place.figure(figures).map_or_else(|| "?".to_owned(), |figure| figure.to_string());
        let mut text = String::new();
        self.left.show(&mut text, &show);
        text.push_str(self.relation.sign());
        self.right.show(&mut text, &show);
        text
    }
}

/// Whether formulas use this word themselves, so that no line may be called so.
pub(crate) fn is_reserved(word: &str) -> bool {
    parse::RESERVED.contains(&word)
}
