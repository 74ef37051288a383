//! Tie and transfer: starts from districts that have their seats, moves seats between lists over
//! cells that stand on the very edge, and changes divisors until there are such cells. Ends on any
//! input, with the seats or with the proof that there are none.

use num_bigint::BigUint;

use super::scaling::Scaled;
use super::{Apportioned, Cycle, Decided, Infeasible, Rational};

/// Cells looked at, over all changes of divisors: a second or so of work. Real elections need some
/// thousands.
const MOST_WORK: u64 = 1_000_000;

/// Where the search came from: the list above a district, the district above a list.
#[derive(Default)]
struct Labels {
    districts: Vec<Option<usize>>,
    lists: Vec<Option<usize>>,
    /// Lists that the search starts from.
    roots: Vec<bool>,
}

impl Labels {
    fn has_list(&self, list: usize) -> bool {
        self.roots.get(list) == Some(&true) || self.lists.get(list).is_some_and(Option::is_some)
    }

    fn has_district(&self, district: usize) -> bool {
        self.districts.get(district).is_some_and(Option::is_some)
    }
}

struct State<'a> {
    votes: &'a [Vec<u64>],
    /// Votes over both divisors, twice: on the edge where this is an odd number.
    doubled: Vec<Vec<Rational>>,
    seats: Vec<Vec<u64>>,
    districts: Vec<Rational>,
    lists: Vec<Rational>,
    wanted: &'a [u64],
    work: u64,
}

pub(super) fn finish(
    votes: &[Vec<u64>],
    wanted: &[u64],
    from: Scaled,
    decided: &[Decided],
) -> Result<Apportioned, Infeasible> {
    let start = from.apportioned();
    let doubled = votes
        .iter()
        .zip(&start.districts)
        .map(|(row, district)| {
            let cell = |(votes, list): (&u64, &Rational)| {
                Rational::from_integer(BigUint::from(2 * u128::from(*votes))) / (district * list)
            };
            row.iter().zip(&start.lists).map(cell).collect()
        })
        .collect();
    let mut state =
        State { votes, doubled, seats: start.seats, districts: start.districts, lists: start.lists, wanted, work: 0 };
    while let Some(roots) = state.too_many() {
        state.move_one(roots)?;
    }
    let tie = state.settle(decided);
    Ok(Apportioned { seats: state.seats, districts: state.districts, lists: state.lists, tie })
}

impl State<'_> {
    fn held(&self, list: usize) -> u64 {
        self.seats.iter().filter_map(|row| row.get(list)).sum()
    }

    /// The lists that have more seats than they should, if any.
    fn too_many(&self) -> Option<Vec<bool>> {
        let roots: Vec<bool> = self.wanted.iter().enumerate().map(|(list, wanted)| self.held(list) > *wanted).collect();
        roots.contains(&true).then_some(roots)
    }

    fn seat(&self, district: usize, list: usize) -> u64 {
        self.seats.get(district).and_then(|row| row.get(list)).copied().unwrap_or(0)
    }

    /// Whether the cell stands exactly between its seats and one fewer (`up` false) or one more.
    fn on_edge(&self, district: usize, list: usize, up: bool) -> bool {
        let seats = self.seat(district, list);
        let odd = match (seats, up) {
            (0, false) => return false,
            (seats, false) => 2 * u128::from(seats) - 1,
            (seats, true) => 2 * u128::from(seats) + 1,
        };
        let cell = self.doubled.get(district).and_then(|row| row.get(list));
        cell.is_some_and(|cell| cell.is_integer() && *cell.numer() == BigUint::from(odd))
    }

    /// Moves one seat away from a list that has too many, changing divisors as far as needed.
    fn move_one(&mut self, roots: Vec<bool>) -> Result<(), Infeasible> {
        let mut labels =
            Labels { districts: vec![None; self.districts.len()], lists: vec![None; self.lists.len()], roots };
        loop {
            self.spread(&mut labels)?;
            let end = (0..self.lists.len())
                .find(|list| labels.has_list(*list) && self.wanted.get(*list).is_some_and(|w| self.held(*list) < *w));
            if let Some(end) = end {
                self.transfer(&labels, end);
                return Ok(());
            }
            let Some(factor) = self.factor(&labels) else {
                return Err(Infeasible::Blocked {
                    districts: (0..self.districts.len()).filter(|d| labels.has_district(*d)).collect(),
                    lists: (0..self.lists.len()).filter(|l| labels.has_list(*l)).collect(),
                });
            };
            self.apply(&labels, &factor);
        }
    }

    /// Labels what can be reached over cells on the edge.
    fn spread(&mut self, labels: &mut Labels) -> Result<(), Infeasible> {
        let (districts, lists) = (self.districts.len(), self.lists.len());
        let mut grew = true;
        while grew {
            grew = false;
            let cells = u64::try_from(districts.saturating_mul(lists)).unwrap_or(u64::MAX);
            self.work = self.work.saturating_add(cells);
            if self.work > MOST_WORK {
                return Err(Infeasible::TooLarge);
            }
            for district in 0..districts {
                for list in 0..lists {
                    grew |= self.spread_over(labels, district, list);
                }
            }
        }
        Ok(())
    }

    fn spread_over(&self, labels: &mut Labels, district: usize, list: usize) -> bool {
        if labels.has_list(list) && !labels.has_district(district) && self.on_edge(district, list, false) {
            if let Some(label) = labels.districts.get_mut(district) {
                *label = Some(list);
            }
            return true;
        }
        if labels.has_district(district) && !labels.has_list(list) && self.on_edge(district, list, true) {
            if let Some(label) = labels.lists.get_mut(list) {
                *label = Some(district);
            }
            return true;
        }
        false
    }

    /// Moves a seat back along the labels, from the list at their end to the one they started from.
    fn transfer(&mut self, labels: &Labels, end: usize) {
        let mut list = end;
        while labels.roots.get(list) != Some(&true) {
            let Some(district) = labels.lists.get(list).copied().flatten() else { return };
            let Some(above) = labels.districts.get(district).copied().flatten() else { return };
            self.shift(district, above, list);
            list = above;
        }
    }

    fn shift(&mut self, district: usize, from: usize, to: usize) {
        if let Some(row) = self.seats.get_mut(district) {
            if let Some(seats) = row.get_mut(from) {
                *seats = seats.saturating_sub(1);
            }
            if let Some(seats) = row.get_mut(to) {
                *seats = seats.saturating_add(1);
            }
        }
    }

    /// The least factor for the labelled divisors at which one more cell comes onto the edge.
    fn factor(&self, labels: &Labels) -> Option<Rational> {
        let mut least: Option<Rational> = None;
        for (district, row) in self.doubled.iter().enumerate() {
            for (list, cell) in row.iter().enumerate() {
                let seats = u128::from(self.seat(district, list));
                let bound = match (labels.has_district(district), labels.has_list(list)) {
                    // Falls with the list's divisor, down to the lower edge.
                    (false, true) if seats > 0 => cell / Rational::from_integer(BigUint::from(2 * seats - 1)),
                    // Rises with the district's, up to the upper edge.
                    (true, false) if self.votes.get(district).and_then(|row| row.get(list)).is_some_and(|v| *v > 0) => {
                        Rational::from_integer(BigUint::from(2 * seats + 1)) / cell
                    }
                    _ => continue,
                };
                if least.as_ref().is_none_or(|least| bound < *least) {
                    least = Some(bound);
                }
            }
        }
        least
    }

    fn apply(&mut self, labels: &Labels, factor: &Rational) {
        for (list, divisor) in self.lists.iter_mut().enumerate().filter(|(list, _)| labels.has_list(*list)) {
            *divisor *= factor;
            for (_, row) in self.doubled.iter_mut().enumerate().filter(|(district, _)| !labels.has_district(*district))
            {
                if let Some(cell) = row.get_mut(list) {
                    *cell /= factor;
                }
            }
        }
        for (district, divisor) in self.districts.iter_mut().enumerate().filter(|(d, _)| labels.has_district(*d)) {
            *divisor /= factor;
            let row = self.doubled.get_mut(district).into_iter().flatten();
            for (_, cell) in row.enumerate().filter(|(list, _)| !labels.has_list(*list)) {
                *cell *= factor;
            }
        }
    }

    /// Turns ties that are decided, and finds the first that is not.
    fn settle(&mut self, decided: &[Decided]) -> Option<Cycle> {
        let mut fixed: Vec<Decided> = Vec::new();
        loop {
            let cycle = self.cycle(&fixed)?;
            let (district, holder, other) = *cycle.moves.first()?;
            let found = decided.iter().find(|d| {
                d.district == district && [(d.winner, d.loser), (d.loser, d.winner)].contains(&(holder, other))
            });
            let Some(found) = found else {
                return Some(cycle);
            };
            if found.winner != holder {
                for (district, from, to) in &cycle.moves {
                    self.shift(*district, *from, *to);
                }
            }
            fixed.push(*found);
        }
    }

    /// A circle of cells on the edge that does not use a decided pair of cells; from the first district that
    /// has one.
    fn cycle(&self, fixed: &[Decided]) -> Option<Cycle> {
        let free = |district: usize, list: usize| {
            !fixed.iter().any(|d| d.district == district && [d.winner, d.loser].contains(&list))
        };
        // From a district, over a list that could take a seat there, to districts where that list can lose one.
        for start in 0..self.districts.len() {
            for holder in 0..self.lists.len() {
                if !(free(start, holder) && self.on_edge(start, holder, false)) {
                    continue;
                }
                if let Some(cycle) = self.circle(start, holder, &free) {
                    return Some(cycle);
                }
            }
        }
        None
    }

    /// Breadth first from `start` losing a seat of `holder` to wherever `holder` can gain one.
    fn circle(&self, start: usize, holder: usize, free: &impl Fn(usize, usize) -> bool) -> Option<Cycle> {
        // District, the list that loses there, and the step before.
        let mut steps: Vec<(usize, usize, Option<usize>)> = vec![(start, holder, None)];
        let mut seen = vec![false; self.lists.len()];
        let mut at = 0;
        while let Some((district, from, _)) = steps.get(at).copied() {
            for to in (0..self.lists.len()).filter(|to| *to != from) {
                if !(free(district, to) && self.on_edge(district, to, true)) {
                    continue;
                }
                if to == holder {
                    return Some(trace(&steps, at, to));
                }
                if seen.get(to) == Some(&true) {
                    continue;
                }
                if let Some(seen) = seen.get_mut(to) {
                    *seen = true;
                }
                for next in (0..self.districts.len()).filter(|d| free(*d, to) && self.on_edge(*d, to, false)) {
                    steps.push((next, to, Some(at)));
                }
            }
            at += 1;
        }
        None
    }
}

/// The moves of a circle, in order from its start.
fn trace(steps: &[(usize, usize, Option<usize>)], end: usize, last: usize) -> Cycle {
    let mut moves = Vec::new();
    let (mut at, mut gains) = (Some(end), last);
    while let Some((district, from, before)) = at.and_then(|at| steps.get(at).copied()) {
        moves.push((district, from, gains));
        gains = from;
        at = before;
    }
    moves.reverse();
    Cycle { moves }
}
