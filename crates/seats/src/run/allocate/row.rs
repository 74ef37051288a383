//! The lists that matter in one unit.

use crate::formula::Contender;

/// Who takes part in one unit: most lists of a country stand in few of its units, and those without votes there
/// (or seats that they hold) can neither receive nor lose a seat.
pub(super) struct Row {
    /// The positions of the lists, unless everybody has a place.
    lists: Vec<usize>,
    pub contenders: Vec<Contender>,
    /// Whether everybody has a place, as groups of lists by position ask.
    everybody: bool,
}

impl Row {
    #[inline]
    pub(super) fn new(everybody: bool, room: usize) -> Self {
        Self { lists: Vec::with_capacity(room), contenders: Vec::with_capacity(room), everybody }
    }

    /// Adds a list, unless nothing can come of it; the lists come in the order of their positions.
    #[inline]
    pub(super) fn add(&mut self, who: usize, contender: Contender) {
        if self.everybody || contender.votes > 0 || contender.start > 0 || contender.least > 0 {
            self.contenders.push(contender);
            self.lists.push(who);
        }
    }

    /// The list at a place of this row, if it is one of a list.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<usize> {
        self.lists.get(place).copied()
    }

    /// The list at a place of this row.
    #[inline]
    pub(super) fn list(&self, place: usize) -> usize {
        self.get(place).unwrap_or(usize::MAX)
    }

    /// The lists, each with what a row of figures says of it.
    pub(super) fn each<'a>(&'a self, figures: &'a [u64]) -> impl Iterator<Item = (usize, u64)> + 'a {
        self.lists.iter().copied().zip(figures.iter().copied())
    }
}
