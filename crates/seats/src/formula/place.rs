//! Levelling seats to units: a list knows how many it has, and the question is where they sit.
//!
//! Each unit and list has a quotient: the list's votes there over a divisor that depends on the seats
//! it already holds there, times a scale of the unit. Seats go either to the largest quotient of all
//! (Norway, Denmark), or list by list in a given order, each to that list's best unit (Iceland). A
//! unit takes no more than its capacity, a list no more than its number.

use std::cmp::Ordering;

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

/// A cell that could have the next seat.
#[derive(Clone, Copy)]
struct Cell {
    unit: usize,
    list: usize,
    value: Fraction,
}

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
        quotients: Vec::new(),
        steps: Vec::new(),
        barred: Vec::new(),
    };
    state.quotients = state.all_quotients()?;
    match placing.order {
        None => while state.largest(None, settle)? {},
        Some(order) => {
            for list in order {
                if state.left.get(*list).is_some_and(|left| *left > 0) && !state.largest(Some(*list), settle)? {
                    // No unit is left for it; its seats stay open.
                    continue;
                }
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
    /// The next quotient of each unit and list; none without votes.
    quotients: Vec<Vec<Option<Fraction>>>,
    steps: Vec<PlaceStep>,
    /// Cells that lost a tie about the last seat of their quotient: settled, and not asked again.
    barred: Vec<(usize, usize)>,
}

impl State<'_, '_> {
    fn all_quotients<E>(&self) -> Result<Vec<Vec<Option<Fraction>>>, Unplaceable<E>> {
        let lists = self.placing.number.len();
        (0..self.held.len()).map(|unit| (0..lists).map(|list| self.quotient(unit, list)).collect()).collect()
    }

    fn quotient<E>(&self, unit: usize, list: usize) -> Result<Option<Fraction>, Unplaceable<E>> {
        let at = |table: &[Vec<u64>]| table.get(unit).and_then(|row| row.get(list)).copied().unwrap_or(0);
        let (votes, held) = (at(self.placing.votes), at(&self.held));
        if votes == 0 || self.left.get(list) == Some(&0) {
            return Ok(None);
        }
        let value = divisor::quotient(self.placing.rule, votes, held).ok_or(Unplaceable::DivisorsExhausted(held))?;
        let Some(scale) = self.placing.scale.get(unit) else {
            return Ok(None);
        };
        let num = value.num.checked_mul(scale.num).ok_or(Unplaceable::TooLarge)?;
        let den = value.den.checked_mul(scale.den).ok_or(Unplaceable::TooLarge)?;
        Ok((den != 0).then(|| Fraction::new(num, den)))
    }

    /// The cells that can still take a seat, of one list or of all.
    fn open(&self, only: Option<usize>) -> impl Iterator<Item = Cell> {
        self.quotients.iter().enumerate().flat_map(move |(unit, row)| {
            let cells = row.iter().enumerate();
            cells.filter_map(move |(list, value)| {
                value.filter(|_| self.is_open(unit, list, only)).map(|value| Cell { unit, list, value })
            })
        })
    }

    fn is_open(&self, unit: usize, list: usize, only: Option<usize>) -> bool {
        only.is_none_or(|only| only == list)
            && self.room.get(unit).is_some_and(|room| *room != Some(0))
            && self.left.get(list).is_some_and(|left| *left > 0)
            && !self.barred.contains(&(unit, list))
    }

    /// Gives the seats of the largest quotient (of one list, if named: one seat). False: nothing is open.
    fn largest<E>(
        &mut self,
        only: Option<usize>,
        settle: &mut impl FnMut(&PlaceTie, &[Vec<u64>]) -> Result<Vec<usize>, E>,
    ) -> Result<bool, Unplaceable<E>> {
        let (mut top, mut next): (Vec<Cell>, Option<Cell>) = (Vec::new(), None);
        for cell in self.open(only) {
            match top.first().map_or(Ordering::Greater, |first| cell.value.compare(&first.value)) {
                Ordering::Greater => {
                    next = top.first().copied().or(next);
                    top = vec![cell];
                }
                Ordering::Equal => top.push(cell),
                Ordering::Less => {
                    if next.is_none_or(|next| cell.value.compare(&next.value) == Ordering::Greater) {
                        next = Some(cell);
                    }
                }
            }
        }
        if top.is_empty() {
            return Ok(false);
        }
        let most = only.map(|_| 1);
        if let Some(tie) = self.conflict(&top, most) {
            let winners = settle(&tie, &self.held).map_err(Unplaceable::Stopped)?;
            for loser in tie.between.iter().filter(|who| !winners.contains(who)) {
                match (tie.unit, tie.list) {
                    (Some(unit), _) => self.barred.push((unit, *loser)),
                    (None, Some(list)) => self.barred.push((*loser, list)),
                    (None, None) => {}
                }
            }
            return Ok(true);
        }
        for cell in &top {
            self.give(cell, next)?;
        }
        self.barred.clear();
        Ok(true)
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
        let fresh = self.quotient(cell.unit, cell.list)?;
        if let Some(slot) = self.quotients.get_mut(cell.unit).and_then(|row| row.get_mut(cell.list)) {
            *slot = fresh;
        }
        Ok(())
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
