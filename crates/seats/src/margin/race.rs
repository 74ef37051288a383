//! What margins of people have in common: the fewest votes after which somebody is elected for certain, or no longer.
//!
//! Who is elected hangs on comparisons: which numbers of votes are larger, equal, zero, and which reach a share or a
//! number that the law names. While votes move, a comparison changes only where the numbers meet. So it is enough to
//! look at these points and at their neighbours: the first of them that turns the result is the fewest there is.
//! Where more votes never unseat anybody, halving finds it among them.

use std::collections::BTreeSet;

use super::People;
use crate::outcome::{Exactness, Margin, Move, Turning};

/// What it costs to find the points of one shift, in looks.
const LOOK: u64 = 8;

/// The work that margins may still cost: each look at a race counts those who stand there.
pub(super) struct Budget {
    pub left: u64,
    /// Whether draws of the one at hand were not followed to their end.
    pub unsure: bool,
}

impl Budget {
    pub(super) fn new(left: u64) -> Self {
        Self { left, unsure: false }
    }

    /// Counts so many looks at all who stand.
    pub(super) fn spend(&mut self, standing: usize, looks: u64) {
        let standing = u64::try_from(standing).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(standing.saturating_mul(looks));
    }

    fn exactness(&self) -> Exactness {
        if self.left > 0 && !self.unsure { Exactness::Exact } else { Exactness::Suffices }
    }
}

/// Whose votes rise, and whose fall.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    pub up: Option<usize>,
    pub down: Option<usize>,
}

/// The votes of all after a shift.
pub(super) struct Moved {
    pub votes: Vec<u64>,
    /// How many more there are together; negative: fewer.
    pub more: i128,
}

/// People, by position, whose order of votes decides who is elected.
pub(super) trait Race {
    /// The votes of all.
    fn votes(&self) -> Vec<u64>;
    /// Those whose votes move.
    fn standing(&self) -> Vec<usize>;
    /// Those of them whose margins are asked.
    fn about(&self) -> Vec<usize> {
        self.standing()
    }
    /// The key of one of them.
    fn id(&self, who: usize) -> String;
    /// The unit in which they stand.
    fn unit(&self) -> Option<String>;
    /// What turns for one of them.
    fn turning(&self, who: usize, now: bool) -> Turning;
    /// The names of a gain and a loss of votes that go to, or come from, nobody else; none: votes do not move so.
    fn alone(&self) -> Option<(Move, Move)>;
    /// Numbers of votes of this shift at which a comparison other than with zero and among those who stand changes.
    fn meets(&self, shift: Shift) -> Vec<u64>;
    /// Whether more votes never unseat anybody, and nothing but their order decides.
    fn plain(&self) -> bool;
    /// Whether somebody is elected for certain, whoever is drawn in a tie.
    fn certain(&self, who: usize, moved: &Moved, budget: &mut Budget) -> bool;
}

/// The margins of everybody who stands in a race; whoever is not asked about because the work is used up, is counted.
pub(super) fn margins(race: &dyn Race, budget: &mut Budget, told: &mut People) {
    let standing = race.standing();
    let votes = race.votes();
    let about = race.about();
    for (asked, who) in about.iter().copied().enumerate() {
        budget.unsure = false;
        let now = race.certain(who, &Moved { votes: votes.clone(), more: 0 }, budget);
        if budget.left == 0 {
            told.unasked = told.unasked.saturating_add(about.len().saturating_sub(asked) as u64);
            return;
        }
        let margins = &mut told.margins;
        let mut search = Search { race, budget, who, now, votes: &votes };
        if let Some((gain, loss)) = race.alone() {
            let (shift, by) = if now {
                (Shift { up: None, down: Some(who) }, loss)
            } else {
                (Shift { up: Some(who), down: None }, gain)
            };
            let fewest = search.fewest(shift, u64::MAX);
            margins.push(search.margin(by, fewest));
        }
        let mut best: Option<(u64, usize)> = None;
        for other in standing.iter().copied().filter(|other| *other != who) {
            let shift = if now {
                Shift { up: Some(other), down: Some(who) }
            } else {
                Shift { up: Some(who), down: Some(other) }
            };
            let below = best.map_or(u64::MAX, |(votes, _)| votes.saturating_sub(1));
            if let Some(votes) = search.fewest(shift, below) {
                best = Some((votes, other));
            }
        }
        if let Some((votes, other)) = best {
            let other = race.id(other);
            let by = if now { Move::MovedTo(other) } else { Move::MovedFrom(other) };
            margins.push(search.margin(by, Some(votes)));
        }
    }
}

/// The search for one who stands.
struct Search<'a> {
    race: &'a dyn Race,
    budget: &'a mut Budget,
    who: usize,
    now: bool,
    votes: &'a [u64],
}

impl Search<'_> {
    fn margin(&self, by: Move, votes: Option<u64>) -> Margin {
        Margin {
            list: self.race.id(self.who),
            turning: self.race.turning(self.who, self.now),
            by,
            unit: self.race.unit(),
            votes,
            exactness: self.budget.exactness(),
        }
    }

    /// The fewest votes of this shift, at most so many, after which it is no longer as it is now.
    fn fewest(&mut self, shift: Shift, most: u64) -> Option<u64> {
        let most = shift.down.map_or(most, |down| most.min(self.of(down)));
        // Under plain rules what all that may move does not turn, fewer do not turn.
        if self.race.plain() && shift.down.is_some() && (most == 0 || !self.turned(shift, most)) {
            return None;
        }
        self.budget.spend(self.votes.len(), LOOK);
        if self.budget.left == 0 {
            return None;
        }
        let points: Vec<u64> = self.points(shift).into_iter().filter(|votes| (1..=most).contains(votes)).collect();
        if self.race.plain() {
            let (mut low, mut high) = (0, points.len());
            while low < high {
                let middle = low + (high - low) / 2;
                if self.turned(shift, *points.get(middle)?) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return points.get(low).copied().filter(|_| self.budget.left > 0);
        }
        let found = points.into_iter().find(|votes| self.turned(shift, *votes));
        found.filter(|_| self.budget.left > 0)
    }

    fn of(&self, who: usize) -> u64 {
        self.votes.get(who).copied().unwrap_or(0)
    }

    /// Where a number that moves meets another, with the neighbours, in rising order.
    fn points(&self, shift: Shift) -> BTreeSet<u64> {
        let mut met: BTreeSet<u64> = self.race.meets(shift).into_iter().collect();
        for number in self.votes.iter().copied().chain([0]) {
            met.extend(shift.up.and_then(|up| number.checked_sub(self.of(up))));
            met.extend(shift.down.and_then(|down| self.of(down).checked_sub(number)));
        }
        if let (Some(up), Some(down)) = (shift.up, shift.down) {
            met.extend(self.of(down).checked_sub(self.of(up)).map(|gap| gap / 2));
        }
        met.iter().flat_map(|point| [point.saturating_sub(1), *point, point.saturating_add(1)]).collect()
    }

    fn turned(&mut self, shift: Shift, votes: u64) -> bool {
        let mut moved = self.votes.to_vec();
        let places = [(shift.up, true), (shift.down, false)];
        for (place, up) in places {
            let Some(one) = place.and_then(|place| moved.get_mut(place)) else { continue };
            let then = if up { one.checked_add(votes) } else { one.checked_sub(votes) };
            let Some(then) = then else { return false };
            *one = then;
        }
        let more = match (shift.up, shift.down) {
            (Some(_), None) => i128::from(votes),
            (None, Some(_)) => -i128::from(votes),
            _ => 0,
        };
        self.race.certain(self.who, &Moved { votes: moved, more }, self.budget) != self.now
    }
}
