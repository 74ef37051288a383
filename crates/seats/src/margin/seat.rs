//! Margins of the last seats: the fewest votes by which a list gains or loses a certain seat.
//!
//! The search is exact where a list's seats rise with its votes. Each list's admission changes at
//! most once along a move, so the move falls into stretches with the same lists admitted. Within a
//! stretch the seats of the list that gains never fall: with divisors its quotients only rise against
//! the others'; with an exact quota its share rises and each other's falls, and a rival whose whole
//! quota breaks frees the seat that its larger remainder takes. Rounded quotas, minima of quota
//! formulas and caps break the argument; then the number found suffices, and is not called exact.

use crate::outcome::{Exactness, Margin, Move, Turning};
use crate::refusal::Refusal;
use crate::rulebook::{Allocate, CapLimit, Formula, Quantity, QuotaKind, Rounding, Rulebook, StageKind};
use crate::run::view::{Figures, View};
use crate::run::{RunOptions, ties};

/// The margins of every list that contends: to gain a seat and to lose one, by votes new or lost and
/// by the cheapest move from or to one other list.
pub(crate) fn of_seats(rulebook: &Rulebook, view: &View<'_>, options: &RunOptions) -> Result<Vec<Margin>, Refusal> {
    let last = rulebook.stages.iter().rev().find_map(|stage| match &stage.kind {
        StageKind::Allocate(allocate) => Some(allocate),
        _ => None,
    });
    let Some(allocate) = last else {
        return Ok(Vec::new());
    };
    let start = view.of(&allocate.contest)?.whole.clone();
    let now = ties::sure(rulebook, view, options)?;
    let mut search = Search {
        rulebook,
        options,
        contest: &allocate.contest,
        monotone: monotone(rulebook, allocate),
        cap: cap(rulebook),
        view: view.clone(),
        start: &start,
        now: &now.seats,
        seen: Vec::new(),
    };
    let mut margins = Vec::new();
    for list in 0..view.lists.len() {
        search.list(list, &mut margins);
    }
    Ok(margins)
}

/// Whether the argument at the head of this file covers the formula.
fn monotone(rulebook: &Rulebook, allocate: &Allocate) -> bool {
    let formula = match &allocate.formula {
        Formula::Divisor(_) => true,
        Formula::Quota(rule) => {
            rule.rounding == Rounding::Exact
                && rule.quota != QuotaKind::Droop
                && !rule.subtract_smallest
                && allocate.minimum == 0
                && !allocate.next_when_exhausted
        }
    };
    let one = rulebook.stages.iter().filter(|stage| matches!(stage.kind, StageKind::Allocate(_)));
    formula && one.count() == 1 && rulebook.stages.iter().all(|stage| !depends_on_less(&stage.kind))
}

/// A condition under `not` may turn the other way round.
fn depends_on_less(kind: &StageKind) -> bool {
    fn negated(when: &crate::Condition) -> bool {
        use crate::Condition::{All, Any, Attribute, Not};
        match when {
            All(branches) | Any(branches) => branches.iter().any(negated),
            // An attribute does not move with votes.
            Not(inner) => !matches!(**inner, Attribute { .. }),
            _ => false,
        }
    }
    matches!(kind, StageKind::Admit { when, .. } if negated(when))
}

enum CapKind {
    None,
    Seats(u64),
    Moving,
}

fn cap(rulebook: &Rulebook) -> CapKind {
    let mut kind = CapKind::None;
    for stage in &rulebook.stages {
        if let StageKind::Cap(cap) = &stage.kind {
            kind = match (kind, &cap.limit) {
                (CapKind::None, CapLimit::Seats(seats)) => CapKind::Seats(*seats),
                _ => CapKind::Moving,
            };
        }
    }
    kind
}

/// What a number of moved votes leads to.
struct Point {
    votes: u64,
    admitted: Vec<Vec<bool>>,
    seats: Vec<u64>,
    refused: bool,
}

struct Search<'a, 'v> {
    rulebook: &'a Rulebook,
    options: &'a RunOptions,
    contest: &'a str,
    monotone: bool,
    cap: CapKind,
    view: View<'v>,
    start: &'a Figures<'v>,
    now: &'a [u64],
    /// Votes moved and the most seats of one list there, of the current search; refusals as `MAX`.
    seen: Vec<(u64, u64)>,
}

/// Who gains, who loses, and whether the bases move.
#[derive(Clone, Copy)]
struct Shift {
    gains: Option<usize>,
    loses: Option<usize>,
}

impl Search<'_, '_> {
    fn list(&mut self, list: usize, margins: &mut Vec<Margin>) {
        let all = self.start.votes.iter().fold(0u64, |sum, votes| sum.saturating_add(*votes));
        let base = self.start.lines.values().copied().max().unwrap_or(0);
        let far = all.max(base).saturating_mul(4);
        let own = self.start.votes.get(list).copied().unwrap_or(0);
        let gains = Shift { gains: Some(list), loses: None };
        self.push(list, true, Move::GainedNew, gains, far, margins);
        self.cheapest(list, true, margins);
        if self.now.get(list).is_some_and(|seats| *seats > 0) {
            let loses = Shift { gains: None, loses: Some(list) };
            self.push(list, false, Move::LostBaseFalls, loses, own, margins);
            self.cheapest(list, false, margins);
        }
    }

    fn push(&mut self, list: usize, up: bool, by: Move, shift: Shift, most: u64, margins: &mut Vec<Margin>) {
        let votes = self.fewest(list, up, shift, most);
        let exactness = self.exactness(votes);
        margins.push(self.margin(list, up, by, votes, exactness));
    }

    /// The move from (to) the one other list that needs fewest votes.
    fn cheapest(&mut self, list: usize, up: bool, margins: &mut Vec<Margin>) {
        let own = self.start.votes.get(list).copied().unwrap_or(0);
        let mut best: Option<(u64, usize, Exactness)> = None;
        let mut exactness = Exactness::Exact;
        for other in (0..self.start.votes.len()).filter(|other| *other != list) {
            let theirs = self.start.votes.get(other).copied().unwrap_or(0);
            let (shift, most) = if up {
                (Shift { gains: Some(list), loses: Some(other) }, theirs)
            } else {
                (Shift { gains: Some(other), loses: Some(list) }, own)
            };
            // Only what is cheaper than the best so far is of interest.
            let most = best.map_or(most, |(votes, ..)| most.min(votes.saturating_sub(1)));
            let votes = self.fewest(list, up, shift, most);
            let here = self.exactness(votes.or(Some(most)));
            if here == Exactness::Suffices {
                exactness = here;
            }
            best = votes.map(|votes| (votes, other, here)).or(best);
        }
        if let Some((votes, other, _)) = best {
            let id = self.view.id(other);
            let by = if up { Move::MovedFrom(id) } else { Move::MovedTo(id) };
            margins.push(self.margin(list, up, by, Some(votes), exactness));
        }
    }

    fn margin(&self, list: usize, up: bool, by: Move, votes: Option<u64>, exactness: Exactness) -> Margin {
        Margin {
            list: self.view.id(list),
            turning: if up { Turning::GainsSeat } else { Turning::LosesSeat },
            by,
            votes,
            exactness,
        }
    }

    /// Exact if the formula allows the argument and no point up to the number found was refused or
    /// within two seats of a cap (between two points, no list moves further than one beyond them).
    fn exactness(&self, votes: Option<u64>) -> Exactness {
        let limit = match self.cap {
            CapKind::None => u64::MAX,
            CapKind::Seats(seats) => seats.saturating_sub(1),
            CapKind::Moving => 0,
        };
        let reach = votes.unwrap_or(u64::MAX);
        let clear = self.seen.iter().all(|(votes, most)| *votes > reach || *most < limit);
        if self.monotone && clear { Exactness::Exact } else { Exactness::Suffices }
    }

    /// The fewest votes of this shift that turn the list's certain seats, up to `most`.
    fn fewest(&mut self, list: usize, up: bool, shift: Shift, most: u64) -> Option<u64> {
        self.seen.clear();
        let first = self.point(shift, 0)?;
        let last = self.point(shift, most)?;
        self.first_in(list, up, shift, &first, &last)
    }

    fn turned(&self, list: usize, up: bool, point: &Point) -> bool {
        match (point.seats.get(list), self.now.get(list)) {
            (Some(then), Some(now)) if up => then > now,
            (Some(then), Some(now)) => then < now,
            _ => false,
        }
    }

    /// The first point after `low`, up to `high`, at which the seats have turned. Splits until the
    /// same lists are admitted at both ends, then halves.
    fn first_in(&mut self, list: usize, up: bool, shift: Shift, low: &Point, high: &Point) -> Option<u64> {
        let gap = high.votes.saturating_sub(low.votes);
        if gap <= 1 {
            return (gap == 1 && self.turned(list, up, high)).then_some(high.votes);
        }
        let even = low.admitted == high.admitted && !low.refused && !high.refused;
        if even && !self.turned(list, up, high) {
            return None;
        }
        let middle = self.point(shift, low.votes + gap / 2)?;
        if even && self.turned(list, up, &middle) {
            return self.first_in(list, up, shift, low, &middle);
        }
        if even {
            return self.first_in(list, up, shift, &middle, high);
        }
        self.first_in(list, up, shift, low, &middle).or_else(|| self.first_in(list, up, shift, &middle, high))
    }

    /// The seats after `votes` votes have moved. `None`: they cannot (not enough, or too many).
    fn point(&mut self, shift: Shift, votes: u64) -> Option<Point> {
        let mut figures = self.start.clone();
        if let Some(gains) = shift.gains.and_then(|list| figures.votes.get_mut(list)) {
            *gains = gains.checked_add(votes)?;
        }
        if let Some(loses) = shift.loses.and_then(|list| figures.votes.get_mut(list)) {
            *loses = loses.checked_sub(votes)?;
        }
        let grown: Vec<&str> = self
            .rulebook
            .quantities
            .values()
            .filter_map(|quantity| match quantity {
                Quantity::Line { line, grows: true } => Some(line.as_str()),
                _ => None,
            })
            .collect();
        for (line, number) in &mut figures.lines {
            if !grown.contains(line) {
                continue;
            }
            *number = match shift {
                Shift { gains: Some(_), loses: None } => number.checked_add(votes)?,
                Shift { gains: None, loses: Some(_) } => number.checked_sub(votes)?,
                _ => *number,
            };
        }
        let of = self.view.contests.get_mut(self.contest)?;
        of.whole = figures;
        let sure = ties::sure(self.rulebook, &self.view, self.options);
        let refused = sure.is_err();
        let (admitted, seats) =
            sure.map(|sure| (sure.admitted, sure.seats)).unwrap_or_else(|_| (Vec::new(), vec![0; self.now.len()]));
        let most = if refused { u64::MAX } else { seats.iter().copied().max().unwrap_or(0) };
        self.seen.push((votes, most));
        Some(Point { votes, admitted, seats, refused })
    }
}
