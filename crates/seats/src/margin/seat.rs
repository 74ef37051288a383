//! Margins of seats and of admission by search: the fewest votes by which a list gains or loses a
//! certain seat, or by which its admission turns where that hangs on more than one share of the whole.
//!
//! Votes move within one unit, the one in which fewest are needed: the smallest unit with totals that
//! a rule asks about. They count in every unit above it and in the whole, and new votes, or voters who
//! stay away, in the lines that count voters. Where seats are given unit by unit, a list without votes
//! in a unit does not stand there.

use super::argument::{asks_votes, closed_form};
use super::place::Shift;
use super::search::{Found, Goal, Search};
use crate::outcome::{Exactness, Margin, Move, Turning};
use crate::refusal::Refusal;
use crate::rulebook::{Rulebook, StageKind};
use crate::run::RunOptions;
use crate::run::view::View;

/// New votes are tried up to this many times all votes there are.
const FAR: u64 = 64;

/// The margins of every list: to gain a seat and to lose one, to be admitted or no longer, by votes new
/// or lost and by the cheapest move from or to one other list. Votes move in the contest of the last
/// allocation to lists.
pub(crate) fn of_seats(rulebook: &Rulebook, view: &View<'_>, options: &RunOptions) -> Result<Vec<Margin>, Refusal> {
    let contest = rulebook.stages.iter().rev().find_map(|stage| match &stage.kind {
        StageKind::Allocate(allocate) if allocate.units.is_none() => Some(allocate.contest.as_str()),
        StageKind::Biproportional(rule) => Some(rule.contest.as_str()),
        StageKind::Grow(grow) => Some(grow.contest.as_str()),
        _ => None,
    });
    let Some(contest) = contest.filter(|contest| view.contests.contains_key(contest)) else {
        return Ok(Vec::new());
    };
    let doors: Vec<&str> = rulebook
        .stages
        .iter()
        .filter(|stage| match &stage.kind {
            StageKind::Admit { contest: of, when } => of == contest && asks_votes(when) && !closed_form(when),
            _ => false,
        })
        .map(|stage| stage.id.as_str())
        .collect();
    let mut search = Search::new(rulebook, view, options, contest)?;
    let mut margins = Vec::new();
    let lists = view.lists.len();
    let mut left = search.budget();
    for list in 0..lists {
        // An even share of what is left; what one list does not need, those after it have.
        let share = left / u64::try_from(lists - list).unwrap_or(1).max(1);
        search.left = share;
        for stage in &doors {
            goal(&mut search, list, Goal::Admission(stage), &mut margins);
        }
        goal(&mut search, list, Goal::Gains, &mut margins);
        if search.seats(list) > 0 {
            goal(&mut search, list, Goal::Loses, &mut margins);
        }
        left = left.saturating_sub(share - search.left);
    }
    Ok(margins)
}

/// The cheapest so far.
struct Best {
    votes: Option<u64>,
    place: usize,
    other: usize,
    exactness: Exactness,
}

impl Best {
    fn new() -> Self {
        Self { votes: None, place: 0, other: 0, exactness: Exactness::Exact }
    }

    /// The most votes that are still of interest.
    fn within(&self, most: u64) -> u64 {
        self.votes.map_or(most, |votes| most.min(votes.saturating_sub(1)))
    }

    fn add(&mut self, found: &Found, place: usize, other: usize) {
        if found.exactness == Exactness::Suffices {
            self.exactness = Exactness::Suffices;
        }
        if found.votes.is_some() {
            (self.votes, self.place, self.other) = (found.votes, place, other);
        }
    }
}

fn goal(search: &mut Search<'_, '_>, list: usize, goal: Goal<'_>, margins: &mut Vec<Margin>) {
    let up = match goal {
        Goal::Gains => true,
        Goal::Loses => false,
        Goal::Admission(stage) => !search.admitted(stage, list),
    };
    let alone = alone(search, list, goal, up);
    margins.push(margin(search, list, goal, if up { Move::GainedNew } else { Move::LostBaseFalls }, &alone));
    let moved = moved(search, list, goal, up);
    if moved.votes.is_some() {
        let other = search.view.id(moved.other);
        margins.push(margin(
            search,
            list,
            goal,
            if up { Move::MovedFrom(other) } else { Move::MovedTo(other) },
            &moved,
        ));
    }
}

/// New votes for the list, or votes of those who stay away.
fn alone(search: &mut Search<'_, '_>, list: usize, goal: Goal<'_>, up: bool) -> Best {
    let mut best = Best::new();
    let far = far(search);
    for place in 0..search.places.len() {
        if search.left == 0 {
            best.exactness = Exactness::Suffices;
            return best;
        }
        let own = votes(search, place, list);
        if own == 0 && (!up || absent(search, place)) {
            continue;
        }
        let (shift, most) = if up {
            (Shift { gains: Some(list), loses: None }, far)
        } else {
            (Shift { gains: None, loses: Some(list) }, own)
        };
        // A number found in another unit is an end of what is of interest.
        let endless = up && best.votes.is_none();
        let found = search.fewest(list, goal, place, shift, best.within(most), endless);
        best.add(&found, place, list);
    }
    best
}

/// The move from (to) one other list, in one unit, that needs fewest votes.
fn moved(search: &mut Search<'_, '_>, list: usize, goal: Goal<'_>, up: bool) -> Best {
    let mut best = Best::new();
    for place in 0..search.places.len() {
        let own = votes(search, place, list);
        let absent = absent(search, place);
        if own == 0 && (!up || absent) {
            continue;
        }
        for other in (0..search.view.lists.len()).filter(|other| *other != list) {
            if search.left == 0 {
                best.exactness = Exactness::Suffices;
                return best;
            }
            let theirs = votes(search, place, other);
            if theirs == 0 && (up || absent) {
                continue;
            }
            let (shift, most) = if up {
                (Shift { gains: Some(list), loses: Some(other) }, theirs)
            } else {
                (Shift { gains: Some(other), loses: Some(list) }, own)
            };
            let found = search.fewest(list, goal, place, shift, best.within(most), false);
            best.add(&found, place, other);
        }
    }
    best
}

/// Whether a list without votes in this place is taken not to stand there.
fn absent(search: &Search<'_, '_>, place: usize) -> bool {
    search.argument.unit_by_unit && search.places.get(place).is_some_and(|place| place.unit.is_some())
}

fn votes(search: &Search<'_, '_>, place: usize, list: usize) -> u64 {
    let figures = search.places.get(place).and_then(|place| place.figures(&search.view, search.contest));
    figures.and_then(|figures| figures.votes.get(list)).copied().unwrap_or(0)
}

/// The most new votes that are tried, such that no sum leaves 64 bits.
fn far(search: &Search<'_, '_>) -> u64 {
    let whole = search.view.contests.get(search.contest).map(|of| &of.whole);
    let all = whole.and_then(|whole| whole.sum()).unwrap_or(u64::MAX);
    let base = whole.and_then(|whole| whole.lines.iter().map(|(_, number)| *number).max()).unwrap_or(0);
    let most = all.max(base);
    most.saturating_mul(FAR).min(u64::MAX - most)
}

fn margin(search: &Search<'_, '_>, list: usize, goal: Goal<'_>, by: Move, best: &Best) -> Margin {
    let place = search.places.get(best.place).filter(|_| best.votes.is_some());
    Margin {
        list: search.view.id(list),
        turning: match goal {
            Goal::Gains => Turning::GainsSeat,
            Goal::Loses => Turning::LosesSeat,
            Goal::Admission(stage) => {
                Turning::Admission { stage: stage.to_owned(), admitted: !search.admitted(stage, list) }
            }
        },
        by,
        unit: place.and_then(|place| place.unit).map(|unit| unit.id.clone()),
        votes: best.votes,
        exactness: best.exactness,
    }
}
