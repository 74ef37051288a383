//! Margins of preferences: the fewest votes by which a candidate sits on a chair of the list for certain, or no longer.
//!
//! The list keeps its votes and its chairs: preferences move between two of its candidates, or, where they are marks
//! beside a vote for the list, more or fewer of its voters mark one.

use super::People;
use super::race::{self, Budget, Moved, Race, Shift};
use crate::outcome::{Move, Turning};
use crate::run::candidates::Chairs;

/// The work that the margins of all lists may cost.
const MOST_WORK: u64 = 20_000_000;

/// The margins of the candidates of every list whose own votes decide. Every list has its part of the work, and what
/// the lists before it left of theirs: on long lists those at the top are asked about.
pub(super) fn of_preferences(chairs: &[Chairs], told: &mut People) {
    let mut left = MOST_WORK;
    for (lists, chairs) in (1..=chairs.len() as u64).rev().zip(chairs) {
        let part = left.div_ceil(lists);
        let mut budget = Budget::new(part);
        race::margins(&List { chairs }, &mut budget, told);
        left = left.saturating_sub(part.saturating_sub(budget.left));
    }
}

/// The candidates of one list in one place.
struct List<'a> {
    chairs: &'a Chairs,
}

impl Race for List<'_> {
    fn votes(&self) -> Vec<u64> {
        self.chairs.people.iter().map(|one| one.votes).collect()
    }

    fn standing(&self) -> Vec<usize> {
        (0..self.chairs.people.len()).collect()
    }

    fn id(&self, who: usize) -> String {
        self.chairs.people.get(who).map_or_else(String::new, |one| one.id.clone())
    }

    fn unit(&self) -> Option<String> {
        self.chairs.unit.clone()
    }

    fn turning(&self, _: usize, now: bool) -> Turning {
        Turning::Chair { stage: self.chairs.stage.clone(), list: self.chairs.list.clone(), elected: !now }
    }

    fn alone(&self) -> Option<(Move, Move)> {
        self.chairs.beside.then_some((Move::GainedBaseFixed, Move::LostBaseFixed))
    }

    fn meets(&self, shift: Shift) -> Vec<u64> {
        let of = |who: usize| self.chairs.people.get(who).map_or(0, |one| one.votes);
        let Some(lifts) = self.chairs.lifts.and_then(|lifts| u64::try_from(lifts).ok()) else { return Vec::new() };
        let up = shift.up.and_then(|up| lifts.checked_sub(of(up)));
        let down = shift.down.and_then(|down| of(down).checked_sub(lifts));
        up.into_iter().chain(down).collect()
    }

    /// Chairs that are kept for some can be lost by rising among them; then all points are looked at.
    fn plain(&self) -> bool {
        !self.chairs.reserves
    }

    fn certain(&self, who: usize, moved: &Moved, budget: &mut Budget) -> bool {
        budget.spend(moved.votes.len(), 1);
        self.chairs.seats(who, &moved.votes)
    }
}
