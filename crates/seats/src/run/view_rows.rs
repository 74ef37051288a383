//! Figures and numbers of units that are asked one after the other, in the order of their ids: the next one is looked
//! at first.

use std::collections::{BTreeMap, btree_map};
use std::ops::Bound;

use super::view::{Figures, View};
use crate::refusal::Refusal;
use crate::tally::Unit;

impl<'a> View<'a> {
    /// The figures of a contest in the units of a level.
    pub(crate) fn rows<'v>(&'v self, contest: &'v str, level: &str) -> Result<Rows<'v, 'a>, Refusal> {
        let rows = self.of(contest)?.levels.get(level).map_or(&[][..], Vec::as_slice);
        Ok(Rows { view: self, contest, rows })
    }

    /// The numbers of the register for units that are asked in the order of their ids.
    pub(crate) fn in_turn(&self) -> InTurn<'a> {
        InTurn { register: self.register, ahead: self.register.range::<str, _>(..) }
    }
}

/// The figures of a contest in the units of one level.
pub(crate) struct Rows<'v, 'a> {
    view: &'v View<'a>,
    contest: &'v str,
    rows: &'v [(&'a Unit, Figures<'a>)],
}

impl<'v, 'a> Rows<'v, 'a> {
    /// Those of the unit at this place of its level: where every unit has figures, they stand at that place too.
    #[inline]
    pub(crate) fn at(&self, unit: &Unit, place: usize) -> Result<&'v Figures<'a>, Refusal> {
        match self.rows.get(place) {
            Some((other, figures)) if std::ptr::eq(*other, unit) => Ok(figures),
            _ => self.view.figures_in(self.contest, unit),
        }
    }
}

/// The register, read in the order of units.
pub(crate) struct InTurn<'a> {
    register: &'a BTreeMap<String, BTreeMap<String, u64>>,
    ahead: btree_map::Range<'a, String, BTreeMap<String, u64>>,
}

impl InTurn<'_> {
    /// A number of a unit, mostly of the next one.
    pub(crate) fn number(&mut self, unit: &str, name: &str) -> Option<u64> {
        let numbers = match self.ahead.next() {
            Some((id, numbers)) if id == unit => numbers,
            _ => {
                self.ahead = self.register.range::<str, _>((Bound::Included(unit), Bound::Unbounded));
                self.ahead.next().filter(|(id, _)| *id == unit)?.1
            }
        };
        numbers.get(name).copied()
    }
}
