//! Columns and figures: the numbers of one protocol, compactly.
//!
//! Half a million protocols are held in memory at once, so a protocol's figures are one boxed
//! slice, and the names of its columns live once per contest in [`Columns`]. An absent figure
//! is not zero; the sentinel that stands for it never leaves this module.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::id::{IdError, check_id};

/// The largest figure: 2^53 - 1, the largest integer that every JSON reader keeps exactly.
pub const MAX_FIGURE: u64 = (1 << 53) - 1;

/// The most columns that one contest may have.
pub const MAX_COLUMNS: usize = 16_384;

/// What stands for "absent" inside [`Figures`]; no figure can have this value.
const ABSENT: u64 = u64::MAX;

/// A column of a contest: a line or a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnIx(u32);

impl ColumnIx {
    /// The position of the column among all columns of its contest.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why columns could not be declared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ColumnsError {
    /// A name is not an identifier.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A line or list is named twice.
    #[error("{name:?} is declared twice")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// More columns than [`MAX_COLUMNS`].
    #[error("a contest has at most {MAX_COLUMNS} lines and lists together")]
    TooMany,
}

/// Why a figure could not be stored or added.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FigureError {
    /// The figure is larger than [`MAX_FIGURE`].
    #[error("the figure {figure} is larger than {MAX_FIGURE}")]
    TooLarge {
        /// The figure.
        figure: u64,
    },
    /// A sum of two figures is larger than [`MAX_FIGURE`].
    #[error("the sum in column {column} is larger than {MAX_FIGURE}")]
    Overflow {
        /// Position of the column.
        column: usize,
    },
    /// More is taken away than there is.
    #[error("more is taken away from column {column} than it holds")]
    Underflow {
        /// Position of the column.
        column: usize,
    },
    /// The contest has no such column.
    #[error("there is no line or list {name:?} in this contest")]
    NoColumn {
        /// What was asked for.
        name: String,
    },
    /// Two protocols of different contests were added.
    #[error("figures of {left} columns and of {right} columns do not belong to one contest")]
    Shape {
        /// Columns of the first.
        left: usize,
        /// Columns of the second.
        right: usize,
    },
}

/// The columns of one contest: its lines in the order of the form, then its lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    contest: String,
    lines: usize,
    names: Vec<String>,
    line_index: BTreeMap<String, ColumnIx>,
    list_index: BTreeMap<String, ColumnIx>,
}

impl Columns {
    /// Declares the columns of `contest`. Lines and lists are two name spaces: a line and a
    /// list may have the same name.
    ///
    /// # Errors
    /// A name that is no identifier or occurs twice; too many columns.
    pub fn new<L, V>(contest: &str, lines: L, lists: V) -> Result<Self, ColumnsError>
    where
        L: IntoIterator,
        L::Item: Into<String>,
        V: IntoIterator,
        V::Item: Into<String>,
    {
        check_id(contest)?;
        let mut columns = Self {
            contest: contest.to_owned(),
            lines: 0,
            names: Vec::new(),
            line_index: BTreeMap::new(),
            list_index: BTreeMap::new(),
        };
        for name in lines {
            let name = name.into();
            let column = columns.push(&name)?;
            unique(columns.line_index.insert(name.clone(), column), name)?;
        }
        columns.lines = columns.names.len();
        for name in lists {
            let name = name.into();
            let column = columns.push(&name)?;
            unique(columns.list_index.insert(name.clone(), column), name)?;
        }
        Ok(columns)
    }

    fn push(&mut self, name: &str) -> Result<ColumnIx, ColumnsError> {
        check_id(name)?;
        let next = self.names.len();
        if next >= MAX_COLUMNS {
            return Err(ColumnsError::TooMany);
        }
        let column = u32::try_from(next).map_err(|_| ColumnsError::TooMany)?;
        self.names.push(name.to_owned());
        Ok(ColumnIx(column))
    }

    /// The contest.
    #[must_use]
    pub fn contest(&self) -> &str {
        &self.contest
    }

    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no columns at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The column of a line.
    #[must_use]
    pub fn line(&self, code: &str) -> Option<ColumnIx> {
        self.line_index.get(code).copied()
    }

    /// The column of a list's votes.
    #[must_use]
    pub fn list(&self, id: &str) -> Option<ColumnIx> {
        self.list_index.get(id).copied()
    }

    /// Lines with their columns, in the order of the form.
    pub fn lines(&self) -> impl Iterator<Item = (ColumnIx, &str)> {
        self.all().take(self.lines)
    }

    /// Lists with their columns, in the order of the ballot.
    pub fn lists(&self) -> impl Iterator<Item = (ColumnIx, &str)> {
        self.all().skip(self.lines)
    }

    /// Whether `column` holds votes for a list.
    #[must_use]
    pub const fn is_list(&self, column: ColumnIx) -> bool {
        column.index() >= self.lines
    }

    /// The name of a column; `None` for a column of another contest.
    #[must_use]
    pub fn name(&self, column: ColumnIx) -> Option<&str> {
        self.names.get(column.index()).map(String::as_str)
    }

    fn all(&self) -> impl Iterator<Item = (ColumnIx, &str)> {
        // At most MAX_COLUMNS names exist, so the zip never ends early.
        (0u32..).map(ColumnIx).zip(self.names.iter().map(String::as_str))
    }
}

fn unique(previous: Option<ColumnIx>, name: String) -> Result<(), ColumnsError> {
    match previous {
        None => Ok(()),
        Some(_) => Err(ColumnsError::Duplicate { name }),
    }
}

/// The figures of one protocol, or a total of many, in the order of its contest's [`Columns`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Figures(Box<[u64]>);

impl Figures {
    /// Figures of which every one is absent.
    #[must_use]
    pub fn absent(columns: &Columns) -> Self {
        Self(vec![ABSENT; columns.len()].into_boxed_slice())
    }

    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no columns at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The figure in a column; `None` where it is absent.
    #[must_use]
    pub fn get(&self, column: ColumnIx) -> Option<u64> {
        self.0.get(column.index()).copied().filter(|&figure| figure != ABSENT)
    }

    /// The figure of a line; `None` where it is absent or the contest has no such line.
    #[must_use]
    pub fn line(&self, columns: &Columns, code: &str) -> Option<u64> {
        columns.line(code).and_then(|column| self.get(column))
    }

    /// The votes of a list; `None` where they are absent or the contest has no such list.
    #[must_use]
    pub fn votes(&self, columns: &Columns, id: &str) -> Option<u64> {
        columns.list(id).and_then(|column| self.get(column))
    }

    /// All figures in the order of the columns.
    pub fn iter(&self) -> impl Iterator<Item = Option<u64>> + '_ {
        self.0.iter().map(|&figure| (figure != ABSENT).then_some(figure))
    }

    /// States a figure.
    ///
    /// # Errors
    /// The figure is too large, or the column belongs to another contest.
    pub fn set(&mut self, column: ColumnIx, figure: u64) -> Result<(), FigureError> {
        if figure > MAX_FIGURE {
            return Err(FigureError::TooLarge { figure });
        }
        let place =
            self.0.get_mut(column.index()).ok_or_else(|| FigureError::NoColumn { name: column.index().to_string() })?;
        *place = figure;
        Ok(())
    }

    /// States the figure of a line.
    ///
    /// # Errors
    /// The figure is too large, or there is no such line.
    pub fn set_named(&mut self, columns: &Columns, code: &str, figure: u64) -> Result<(), FigureError> {
        let column = columns.line(code).ok_or_else(|| FigureError::NoColumn { name: code.to_owned() })?;
        self.set(column, figure)
    }

    /// States the votes of a list.
    ///
    /// # Errors
    /// The figure is too large, or there is no such list.
    pub fn set_votes(&mut self, columns: &Columns, id: &str, figure: u64) -> Result<(), FigureError> {
        let column = columns.list(id).ok_or_else(|| FigureError::NoColumn { name: id.to_owned() })?;
        self.set(column, figure)
    }

    /// Makes a figure absent. A column of another contest is absent already.
    pub fn clear(&mut self, column: ColumnIx) {
        if let Some(place) = self.0.get_mut(column.index()) {
            *place = ABSENT;
        }
    }

    /// Adds other figures, column by column. Absent plus a figure is the figure; a sum is
    /// absent only where both are.
    ///
    /// # Errors
    /// A sum above [`MAX_FIGURE`], or figures of another shape; then nothing has changed.
    pub fn add_assign(&mut self, other: &Self) -> Result<(), FigureError> {
        self.same_shape(other)?;
        for (column, (&left, &right)) in self.0.iter().zip(&other.0).enumerate() {
            if left != ABSENT && right != ABSENT && left.saturating_add(right) > MAX_FIGURE {
                return Err(FigureError::Overflow { column });
            }
        }
        for (left, &right) in self.0.iter_mut().zip(&other.0) {
            match (*left, right) {
                (_, ABSENT) => {}
                (ABSENT, _) => *left = right,
                // Checked above: both are at most MAX_FIGURE and so is their sum.
                (_, _) => *left = left.saturating_add(right),
            }
        }
        Ok(())
    }

    /// Takes other figures away again. A column from which everything was taken stays stated,
    /// as zero: figures do not remember how many protocols stated them.
    ///
    /// # Errors
    /// More is taken away than there is, or the shape differs; then nothing has changed.
    pub fn sub_assign(&mut self, other: &Self) -> Result<(), FigureError> {
        self.same_shape(other)?;
        for (column, (&left, &right)) in self.0.iter().zip(&other.0).enumerate() {
            let enough = right == ABSENT || right == 0 || (left != ABSENT && left >= right);
            if !enough {
                return Err(FigureError::Underflow { column });
            }
        }
        for (left, &right) in self.0.iter_mut().zip(&other.0) {
            if right != ABSENT && *left != ABSENT {
                *left = left.saturating_sub(right);
            }
        }
        Ok(())
    }

    const fn same_shape(&self, other: &Self) -> Result<(), FigureError> {
        let (left, right) = (self.0.len(), other.0.len());
        if left == right { Ok(()) } else { Err(FigureError::Shape { left, right }) }
    }
}
