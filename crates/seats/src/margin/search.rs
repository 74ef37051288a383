//! The search for the fewest votes of one move: halving where the same lists are admitted, splitting
//! where not, on a bounded number of passes.

use std::collections::{BTreeMap, BTreeSet};

use super::argument::{Argument, Limit, argument};
use super::place::{Place, Shift, grown, places};
use crate::outcome::Exactness;
use crate::refusal::Refusal;
use crate::rulebook::{Rulebook, StageKind};
use crate::run::RunOptions;
use crate::run::grid::Admitted;
use crate::run::ties::{self, Sure};
use crate::run::view::View;
use crate::tally::Unit;

/// The work that all margins of a tally may cost, in steps of about 50 nanoseconds: a pass counts its
/// lists in every unit, and its seats. What it cuts short is not called exact.
const MOST_WORK: u64 = 10_000_000;
/// Passes beyond which no search is tried, however cheap they are.
const LEAST_PASSES: u64 = 300;

/// What a search waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal<'a> {
    /// The list gains a seat.
    Gains,
    /// It loses one.
    Loses,
    /// Its admission at this stage turns.
    Admission(&'a str),
}

/// Who is admitted at a point, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Doors {
    /// The same as before any vote moved.
    AsNow,
    Other(BTreeMap<String, Admitted>),
    /// The rulebook gives no result there.
    Refused,
}

/// What a number of moved votes leads to.
struct Point {
    votes: u64,
    doors: Doors,
    turned: bool,
    /// Whether the list has every seat there is.
    all: bool,
}

/// A place by itself: what a pass over its units alone gives before any vote moves.
struct Near<'v> {
    levels: BTreeMap<&'v str, Vec<&'v Unit>>,
    now: Sure,
}

/// The answer of one search.
pub(super) struct Found {
    pub votes: Option<u64>,
    pub exactness: Exactness,
}

pub(super) struct Search<'a, 'v> {
    rulebook: &'a Rulebook,
    options: &'a RunOptions,
    pub contest: &'a str,
    pub argument: Argument,
    grown: BTreeSet<&'a str>,
    pub view: View<'v>,
    pub places: Vec<Place<'v>>,
    near: Vec<Option<Near<'v>>>,
    now: Sure,
    /// Work left for the list at hand.
    pub left: u64,
    pass_cost: u64,
    /// Votes moved and the most seats of one list there, of the current search; refusals as `MAX`.
    seen: Vec<(u64, u64)>,
    cut_short: bool,
}

impl<'a, 'v> Search<'a, 'v> {
    pub(super) fn new(
        rulebook: &'a Rulebook,
        view: &View<'v>,
        options: &'a RunOptions,
        contest: &'a str,
    ) -> Result<Self, Refusal> {
        let now = ties::sure(rulebook, view, options)?;
        let places = places(rulebook, view, contest);
        let units: usize = view.contests.values().flat_map(|of| of.levels.values()).map(Vec::len).sum();
        let cells = u64::try_from(view.lists.len().saturating_mul(units + 1)).unwrap_or(u64::MAX);
        let mut search = Self {
            rulebook,
            options,
            contest,
            argument: argument(rulebook),
            grown: grown(rulebook),
            view: view.clone(),
            near: Vec::new(),
            places,
            pass_cost: cells.saturating_add(now.house).max(1).saturating_mul(rounds(rulebook)),
            now,
            left: 0,
            seen: Vec::new(),
            cut_short: false,
        };
        search.near = (0..search.places.len()).map(|place| search.near_of(place)).collect();
        Ok(search)
    }

    /// All the work there is.
    pub(super) fn budget(&self) -> u64 {
        MOST_WORK.max(self.pass_cost.saturating_mul(LEAST_PASSES))
    }

    pub(super) fn seats(&self, list: usize) -> u64 {
        self.now.seats.get(list).copied().unwrap_or(0)
    }

    pub(super) fn admitted(&self, stage: &str, list: usize) -> bool {
        self.now.admitted.get(stage).and_then(|admitted| admitted.whole.get(list)).copied().unwrap_or(false)
    }

    /// A place by itself, if what happens there cannot reach other units.
    fn near_of(&mut self, place: usize) -> Option<Near<'v>> {
        if !self.argument.local || self.now.open {
            return None;
        }
        let mut levels = self.places.get(place)?.around(&self.view);
        std::mem::swap(&mut self.view.levels, &mut levels);
        let now = ties::sure(self.rulebook, &self.view, self.options);
        std::mem::swap(&mut self.view.levels, &mut levels);
        Some(Near { levels, now: now.ok()? })
    }

    /// The fewest votes of this shift in this place that reach the goal, up to `most`; `endless`: more
    /// than `most` could move.
    pub(super) fn fewest(
        &mut self,
        list: usize,
        goal: Goal<'_>,
        place: usize,
        shift: Shift,
        most: u64,
        endless: bool,
    ) -> Found {
        self.seen.clear();
        self.cut_short = false;
        if most == 0 {
            return Found { votes: None, exactness: Exactness::Exact };
        }
        let first = Point { votes: 0, doors: Doors::AsNow, turned: false, all: false };
        let last = self.point(list, goal, place, shift, most);
        let votes = last.as_ref().and_then(|last| self.first_in(list, goal, place, shift, &first, last));
        // Where votes have no end, only a list that has all seats in the end cannot gain by more.
        let unknown = endless && votes.is_none() && !last.as_ref().is_some_and(|last| last.all);
        let proved = !unknown && self.proved(goal, votes);
        Found { votes, exactness: if proved { Exactness::Exact } else { Exactness::Suffices } }
    }

    /// Whether the argument covers the rulebook and no point up to the number found was refused or
    /// within two seats of a cap (between two points, no list moves further than one beyond them).
    fn proved(&self, goal: Goal<'_>, votes: Option<u64>) -> bool {
        let (argued, limit) = match (goal, &self.argument.cap) {
            (Goal::Admission(_), _) => (self.argument.admission, u64::MAX),
            (_, Limit::None) => (self.argument.seats, u64::MAX),
            (_, Limit::Seats(seats)) => (self.argument.seats, seats.saturating_sub(1)),
            (_, Limit::Moving) => (false, 0),
        };
        let reach = votes.unwrap_or(u64::MAX);
        argued && !self.cut_short && self.seen.iter().all(|(votes, most)| *votes > reach || *most < limit)
    }

    /// The first point after `low`, up to `high`, that reaches the goal. Splits until the same lists
    /// are admitted at both ends, then halves.
    fn first_in(
        &mut self,
        list: usize,
        goal: Goal<'_>,
        place: usize,
        shift: Shift,
        low: &Point,
        high: &Point,
    ) -> Option<u64> {
        let gap = high.votes.saturating_sub(low.votes);
        if gap <= 1 {
            return (gap == 1 && high.turned).then_some(high.votes);
        }
        // Admission turns once at most: the ends say all about it. So do two refusals, as far as this
        // search goes: what lies between is not proved to be without results.
        let even = low.doors == high.doors || matches!(goal, Goal::Admission(_)) && high.doors != Doors::Refused;
        if even && !high.turned {
            return None;
        }
        let Some(middle) = self.point(list, goal, place, shift, low.votes + gap / 2) else {
            return high.turned.then_some(high.votes);
        };
        if even && middle.turned {
            return self.first_in(list, goal, place, shift, low, &middle);
        }
        if even && middle.doors != Doors::Refused {
            return self.first_in(list, goal, place, shift, &middle, high);
        }
        self.first_in(list, goal, place, shift, low, &middle)
            .or_else(|| self.first_in(list, goal, place, shift, &middle, high))
    }

    /// The point after `votes` votes have moved. `None`: they cannot (not enough, or too many), or the
    /// work is used up.
    fn point(&mut self, list: usize, goal: Goal<'_>, place: usize, shift: Shift, votes: u64) -> Option<Point> {
        let at = self.places.get(place)?;
        if self.left == 0 || at.shift(&mut self.view, self.contest, &self.grown, shift, votes).is_none() {
            self.cut_short = true;
            return None;
        }
        let point = match goal {
            Goal::Admission(_) => None,
            _ => self.nearby(list, goal, place, votes),
        };
        let point = point.unwrap_or_else(|| self.everywhere(list, goal, votes));
        let back = Shift { gains: shift.loses, loses: shift.gains };
        self.places.get(place)?.shift(&mut self.view, self.contest, &self.grown, back, votes)?;
        Some(point)
    }

    /// The point by a pass over the units of the place alone. `None`: admission has changed, or there
    /// is no result, and all units must be asked.
    fn nearby(&mut self, list: usize, goal: Goal<'_>, place: usize, votes: u64) -> Option<Point> {
        let near = self.near.get_mut(place)?.as_mut()?;
        self.left = self.left.saturating_sub(self.pass_cost / u64::try_from(self.places.len()).unwrap_or(1).max(1) + 1);
        std::mem::swap(&mut self.view.levels, &mut near.levels);
        let then = ties::sure(self.rulebook, &self.view, self.options);
        std::mem::swap(&mut self.view.levels, &mut near.levels);
        let then = then.ok().filter(|then| then.admitted == near.now.admitted)?;
        self.seen.push((votes, 0));
        Some(Point { votes, doors: Doors::AsNow, turned: turned(list, goal, &near.now, &then), all: all(list, &then) })
    }

    /// The point by a whole pass.
    fn everywhere(&mut self, list: usize, goal: Goal<'_>, votes: u64) -> Point {
        self.left = self.left.saturating_sub(self.pass_cost);
        let Ok(then) = ties::sure(self.rulebook, &self.view, self.options) else {
            self.seen.push((votes, u64::MAX));
            return Point { votes, doors: Doors::Refused, turned: false, all: false };
        };
        self.seen.push((votes, then.seats.iter().copied().max().unwrap_or(0)));
        let (turned, all) = (turned(list, goal, &self.now, &then), all(list, &then));
        let doors = if then.admitted == self.now.admitted { Doors::AsNow } else { Doors::Other(then.admitted) };
        Point { votes, doors, turned, all }
    }
}

/// How many times more a pass costs where a stage works in rounds until something fits.
fn rounds(rulebook: &Rulebook) -> u64 {
    let in_rounds = |kind: &StageKind| {
        matches!(kind, StageKind::Biproportional(_) | StageKind::Grow(_) | StageKind::Place(_) | StageKind::Minimum(_))
    };
    if rulebook.stages.iter().any(|stage| in_rounds(&stage.kind)) { 20 } else { 1 }
}

fn turned(list: usize, goal: Goal<'_>, now: &Sure, then: &Sure) -> bool {
    let pair = now.seats.get(list).zip(then.seats.get(list));
    match goal {
        Goal::Gains => pair.is_some_and(|(now, then)| then > now),
        Goal::Loses => pair.is_some_and(|(now, then)| then < now),
        Goal::Admission(stage) => {
            let of = |sure: &Sure| sure.admitted.get(stage).and_then(|admitted| admitted.whole.get(list)).copied();
            of(now) != of(then)
        }
    }
}

fn all(list: usize, then: &Sure) -> bool {
    then.seats.get(list) == Some(&then.house)
}
