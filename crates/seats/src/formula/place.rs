//! Levelling seats to units: a list knows how many it has, and the question is where they sit.
//!
//! Each unit and list has a quotient: the list's votes there over a divisor that depends on the seats
//! it already holds there, times a scale of the unit. Seats go either to the largest quotient of all
//! (Norway, Denmark), or list by list in a given order, each to that list's best unit (Iceland). A
//! unit takes no more than its capacity, a list no more than its number.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::divisor;
use crate::Fraction;
use crate::rulebook::Divisors;

/// What is to be placed.
pub(crate) struct Placing<'a> {
    pub rule: &'a Divisors,
    /// Votes by unit and list.
    pub votes: &'a [Vec<u64>],
    /// By unit: the factor of its quotients.
    pub scale: &'a [Fraction],
    /// The most seats that a unit takes here; none: no limit.
    pub capacity: &'a [Option<u64>],
    /// Seats to place, by list.
    pub number: &'a [u64],
    /// The lists in the order in which they receive their seats; none: the largest quotient first.
    pub order: Option<&'a [usize]>,
}

/// Where the seats came to lie.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    /// Seats placed, by unit and list.
    pub seats: Vec<Vec<u64>>,
    /// One by one.
    pub steps: Vec<PlaceStep>,
    /// Seats by list for which no unit was left.
    pub left: Vec<u64>,
}

/// One seat placed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlaceStep {
    pub unit: usize,
    pub list: usize,
    /// Seats of the list in the unit before.
    pub held: u64,
    pub value: Fraction,
    /// The nearest that it beat: unit, list and quotient.
    pub over: Option<(usize, usize, Fraction)>,
}

/// Equal quotients of which not all can have a seat: lists of one unit, or units of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlaceTie {
    /// The unit in which lists are tied; none: units are tied.
    pub unit: Option<usize>,
    /// The list whose units are tied; none: lists are tied.
    pub list: Option<usize>,
    /// Lists, or units.
    pub between: Vec<usize>,
    pub seats: u64,
    pub value: Fraction,
}

/// Why seats cannot be placed.
#[derive(Debug)]
pub(crate) enum Unplaceable<E> {
    TooLarge,
    /// The listed divisors end.
    DivisorsExhausted(u64),
    /// The tie was not settled.
    Stopped(E),
}

/// A cell that could have the next seat; ordered by its quotient, then by position.
#[derive(Clone, Copy)]
struct Cell {
    unit: usize,
    list: usize,
    value: Fraction,
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |cell: &Self| Reverse((cell.unit, cell.list));
        self.value.compare(&other.value).then_with(|| place(self).cmp(&place(other)))
    }
}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cell {}

/// Places the seats; `held` are the seats of the lists in the units so far. `settle` says who of a
/// tie receives the seats.
pub(crate) fn place<E>(
    placing: &Placing<'_>,
    held: &[Vec<u64>],
    settle: &mut impl FnMut(&PlaceTie, &[Vec<u64>]) -> Result<Vec<usize>, E>,
) -> Result<Placed, Unplaceable<E>> {
    let mut state = State {
        placing,
        held: held.to_vec(),
        left: placing.number.to_vec(),
        room: placing.capacity.to_vec(),
        queues: Vec::new(),
        steps: Vec::new(),
        barred: Vec::new(),
    };
    state.fill()?;
    match placing.order {
        None => while state.largest(0, None, settle)? {},
        Some(order) => {
            for list in order {
                // A tie settled gives no seat yet; with no unit left for it, the list's seats stay open.
                let before = state.left.get(*list).copied();
                while before > Some(0)
                    && state.left.get(*list).copied() == before
                    && state.largest(*list, Some(1), settle)?
                {}
            }
        }
    }
    let seats = state.held.iter().zip(held).map(|(now, before)| now.iter().zip(before).map(|(a, b)| a - b).collect());
    Ok(Placed { seats: seats.collect(), steps: state.steps, left: state.left })
}

struct State<'a, 'b> {
    placing: &'b Placing<'a>,
    held: Vec<Vec<u64>>,
    left: Vec<u64>,
    room: Vec<Option<u64>>,
    /// The next quotients: of all lists together, or, where lists choose in turn, of each.
    queues: Vec<BinaryHeap<Cell>>,
    steps: Vec<PlaceStep>,
    /// Cells that lost a tie: they wait until the seats of their quotient are given.
    barred: Vec<Cell>,
}

impl State<'_, '_> {
    fn fill<E>(&mut self) -> Result<(), Unplaceable<E>> {
        let lists = self.placing.number.len();
        self.queues = (0..if self.placing.order.is_some() { lists } else { 1 }).map(|_| BinaryHeap::new()).collect();
        for unit in 0..self.held.len() {
            for list in 0..lists {
                self.push(unit, list)?;
            }
        }
        Ok(())
    }

    /// Puts the next quotient of a unit and list into its queue, if they can take a seat.
    fn push<E>(&mut self, unit: usize, list: usize) -> Result<(), Unplaceable<E>> {
        let at = |table: &[Vec<u64>]| table.get(unit).and_then(|row| row.get(list)).copied().unwrap_or(0);
        let (votes, held) = (at(self.placing.votes), at(&self.held));
        let (Some(scale), true) = (self.placing.scale.get(unit), votes > 0 && self.is_open(unit, list)) else {
            return Ok(());
        };
        let value = divisor::quotient(self.placing.rule, votes, held).ok_or(Unplaceable::DivisorsExhausted(held))?;
        let num = value.num.checked_mul(scale.num).ok_or(Unplaceable::TooLarge)?;
        let den = value.den.checked_mul(scale.den).ok_or(Unplaceable::TooLarge)?;
        if den != 0 {
            self.queue(Cell { unit, list, value: Fraction::new(num, den) });
        }
        Ok(())
    }

    fn queue(&mut self, cell: Cell) {
        let queue = if self.placing.order.is_some() { cell.list } else { 0 };
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.push(cell);
        }
    }

    /// Whether a unit has room and a list has seats left; once it has not, it never will.
    fn is_open(&self, unit: usize, list: usize) -> bool {
        self.room.get(unit).is_some_and(|room| *room != Some(0)) && self.left.get(list).is_some_and(|left| *left > 0)
    }

    /// The first of a queue that can take a seat, left in it.
    fn first(&mut self, queue: usize) -> Option<Cell> {
        loop {
            let cell = *self.queues.get(queue)?.peek()?;
            if self.is_open(cell.unit, cell.list) {
                return Some(cell);
            }
            self.queues.get_mut(queue)?.pop();
        }
    }

    /// Gives the seats of the largest quotient (`most` of them at a time), or settles a tie about them. False:
    /// nothing is open.
    fn largest<E>(
        &mut self,
        queue: usize,
        most: Option<u64>,
        settle: &mut impl FnMut(&PlaceTie, &[Vec<u64>]) -> Result<Vec<usize>, E>,
    ) -> Result<bool, Unplaceable<E>> {
        let mut top: Vec<Cell> = Vec::new();
        let mut next = self.first(queue);
        while let Some(cell) = next
            && top.first().is_none_or(|first| first.value.compare(&cell.value) == Ordering::Equal)
        {
            top.push(cell);
            if let Some(queue) = self.queues.get_mut(queue) {
                queue.pop();
            }
            next = self.first(queue);
        }
        if top.is_empty() {
            // Those who lost a tie whose winners then found no seat.
            let waiting = std::mem::take(&mut self.barred);
            let any = waiting.iter().any(|cell| self.is_open(cell.unit, cell.list));
            waiting.into_iter().for_each(|cell| self.queue(cell));
            return Ok(any);
        }
        if let Some(tie) = self.conflict(&top, most) {
            let winners = settle(&tie, &self.held).map_err(Unplaceable::Stopped)?;
            let loses = |cell: &Cell| match (tie.unit, tie.list) {
                (Some(unit), _) => cell.unit == unit && !winners.contains(&cell.list),
                (None, list) => Some(cell.list) == list && !winners.contains(&cell.unit),
            };
            for cell in top {
                if loses(&cell) { self.barred.push(cell) } else { self.queue(cell) }
            }
            // Nobody won: what cannot be decided stays open.
            if winners.is_empty() {
                self.close(&tie);
            }
            return Ok(true);
        }
        for cell in &top {
            self.give(cell, next)?;
        }
        for cell in std::mem::take(&mut self.barred) {
            self.queue(cell);
        }
        Ok(true)
    }

    /// Seats of a tie that is not settled are given to nobody.
    fn close(&mut self, tie: &PlaceTie) {
        match (tie.unit, tie.list) {
            (Some(unit), _) => {
                if let Some(Some(room)) = self.room.get_mut(unit) {
                    *room = room.saturating_sub(tie.seats);
                }
            }
            (None, Some(list)) => {
                if let Some(left) = self.left.get_mut(list) {
                    *left = left.saturating_sub(tie.seats);
                }
            }
            (None, None) => {}
        }
    }

    /// More cells of the same quotient than a unit or a list can serve.
    fn conflict(&self, top: &[Cell], most: Option<u64>) -> Option<PlaceTie> {
        let value = top.first()?.value;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        for cell in top {
            let lists: Vec<usize> =
                top.iter().filter(|other| other.unit == cell.unit).map(|other| other.list).collect();
            if let Some(Some(room)) = self.room.get(cell.unit)
                && count(lists.len()) > *room
            {
                return Some(PlaceTie { unit: Some(cell.unit), list: None, between: lists, seats: *room, value });
            }
        }
        for cell in top {
            let units: Vec<usize> =
                top.iter().filter(|other| other.list == cell.list).map(|other| other.unit).collect();
            let left = self.left.get(cell.list).copied().unwrap_or(0);
            let seats = most.map_or(left, |most| most.min(left));
            if count(units.len()) > seats {
                return Some(PlaceTie { unit: None, list: Some(cell.list), between: units, seats, value });
            }
        }
        None
    }

    fn give<E>(&mut self, cell: &Cell, next: Option<Cell>) -> Result<(), Unplaceable<E>> {
        let Some(held) = self.held.get_mut(cell.unit).and_then(|row| row.get_mut(cell.list)) else {
            return Ok(());
        };
        self.steps.push(PlaceStep {
            unit: cell.unit,
            list: cell.list,
            held: *held,
            value: cell.value,
            over: next.map(|next| (next.unit, next.list, next.value)),
        });
        *held += 1;
        if let Some(left) = self.left.get_mut(cell.list) {
            *left = left.saturating_sub(1);
        }
        if let Some(Some(room)) = self.room.get_mut(cell.unit) {
            *room = room.saturating_sub(1);
        }
        self.push(cell.unit, cell.list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(units: usize) -> Vec<Fraction> {
        vec![Fraction::new(1u8, 1u8); units]
    }

    /// Settles every tie by the lowest position.
    fn lowest(tie: &PlaceTie, _: &[Vec<u64>]) -> Result<Vec<usize>, ()> {
        let mut between = tie.between.clone();
        between.sort_unstable();
        between.truncate(usize::try_from(tie.seats).unwrap());
        Ok(between)
    }

    #[test]
    fn the_largest_quotient_first_and_one_seat_for_each_unit() {
        let votes = vec![vec![90, 50], vec![80, 60]];
        let placing = Placing {
            rule: &Divisors::SainteLague,
            votes: &votes,
            scale: &whole(2),
            capacity: &[Some(1), Some(1)],
            number: &[1, 1],
            order: None,
        };
        let placed = place(&placing, &[vec![0, 0], vec![0, 0]], &mut lowest).unwrap();
        assert_eq!(placed.seats, [[1, 0], [0, 1]]);
        // With a seat held in the first unit, the first list's quotient there is a third.
        let placed = place(&placing, &[vec![1, 0], vec![0, 0]], &mut lowest).unwrap();
        assert_eq!(placed.seats, [[0, 1], [1, 0]]);
        assert_eq!(placed.steps[0].over.map(|over| (over.0, over.1)), Some((1, 1)));
    }

    #[test]
    fn a_scale_moves_a_seat_to_the_smaller_unit() {
        let votes = vec![vec![900], vec![200]];
        let scale = [Fraction::new(10u8, 9_000u16), Fraction::new(4u8, 600u16)];
        let placing = Placing {
            rule: &Divisors::SainteLague,
            votes: &votes,
            scale: &scale,
            capacity: &[Some(1), Some(1)],
            number: &[1],
            order: None,
        };
        assert_eq!(place(&placing, &[vec![0], vec![0]], &mut lowest).unwrap().seats, [[0], [1]]);
    }

    #[test]
    fn the_order_of_lists_decides_who_chooses_first() {
        let votes = vec![vec![50, 90], vec![40, 10]];
        let placing = Placing {
            rule: &Divisors::DHondt,
            votes: &votes,
            scale: &whole(2),
            capacity: &[Some(1), Some(1)],
            number: &[1, 1],
            order: Some(&[0, 1]),
        };
        assert_eq!(place(&placing, &[vec![0, 0], vec![0, 0]], &mut lowest).unwrap().seats, [[1, 0], [0, 1]]);
    }

    #[test]
    fn equal_quotients_are_a_tie_only_where_not_all_can_have_the_seat() {
        let votes = vec![vec![10, 10], vec![5, 0]];
        let mut seen = Vec::new();
        let mut note = |tie: &PlaceTie, held: &[Vec<u64>]| {
            seen.push(tie.clone());
            lowest(tie, held)
        };
        let placing = Placing {
            rule: &Divisors::DHondt,
            votes: &votes,
            scale: &whole(2),
            capacity: &[Some(1), Some(1)],
            number: &[1, 1],
            order: None,
        };
        let placed = place(&placing, &[vec![0, 0], vec![0, 0]], &mut note).unwrap();
        assert_eq!(placed.seats, [[1, 0], [0, 0]]);
        assert_eq!(placed.left, [0, 1]);
        assert_eq!((seen.len(), seen[0].unit, seen[0].between.clone()), (1, Some(0), vec![0, 1]));
        let roomy = Placing { capacity: &[None, None], number: &[1, 1], ..placing };
        seen = Vec::new();
        let mut note = |tie: &PlaceTie, held: &[Vec<u64>]| {
            seen.push(tie.clone());
            lowest(tie, held)
        };
        assert_eq!(place(&roomy, &[vec![0, 0], vec![0, 0]], &mut note).unwrap().seats, [[1, 1], [0, 0]]);
        assert!(seen.is_empty());
    }

    #[test]
    fn seats_without_a_unit_are_left() {
        let votes = vec![vec![10, 0]];
        let placing = Placing {
            rule: &Divisors::DHondt,
            votes: &votes,
            scale: &whole(1),
            capacity: &[Some(1)],
            number: &[3, 1],
            order: None,
        };
        let placed = place(&placing, &[vec![0, 0]], &mut lowest).unwrap();
        assert_eq!((placed.seats, placed.left), (vec![vec![1, 0]], vec![2, 1]));
    }
}
