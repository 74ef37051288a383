//! The smallest house in which every list reaches its minimum.
//!
//! Seats are added one by one by a divisor rule, which never takes a seat away as the house grows
//! (house monotonicity); so the first house that suffices is the smallest.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::{RawTie, divisor};
use crate::Fraction;
use crate::outcome::StepKind;
use crate::rulebook::Divisors;

/// What the house must reach.
pub(crate) struct Growing<'a> {
    pub rule: &'a Divisors,
    /// Votes by list; 0 for those who do not contend.
    pub votes: &'a [u64],
    /// The least house.
    pub start: u64,
    /// The seats that each list must have.
    pub minima: &'a [u64],
    /// Seats that may be lacking: in all, and by list.
    pub ignored: Option<(u64, &'a [u64])>,
    /// The largest house that is tried.
    pub most: u64,
}

/// The house found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Grown {
    pub house: u64,
    pub seats: Vec<u64>,
    /// Seats that lists still lack and that are ignored.
    pub lacking: Vec<u64>,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum Ungrown<E> {
    NoVotes,
    /// No house up to the largest suffices.
    Unbounded,
    DivisorsExhausted(u64),
    Stopped(E),
}

/// Grows the house; `settle` says who of a tie about one seat receives it.
pub(crate) fn grow<E>(
    growing: &Growing<'_>,
    settle: &mut impl FnMut(&RawTie, &[u64]) -> Result<usize, E>,
) -> Result<Grown, Ungrown<E>> {
    if growing.votes.iter().all(|votes| *votes == 0) {
        return Err(Ungrown::NoVotes);
    }
    // A list without votes never gains a seat: its minimum can only be ignored, or there is no house.
    let mut seats = vec![0u64; growing.votes.len()];
    let mut house = 0u64;
    let mut queue = BinaryHeap::with_capacity(growing.votes.len());
    for who in 0..growing.votes.len() {
        queue.extend(next(growing, &seats, who)?);
    }
    // What is lacking is looked at only when somebody who lacks a seat has received one.
    let mut may_suffice = true;
    loop {
        if house >= growing.start && may_suffice {
            if suffices(growing, &seats) {
                return Ok(finished(growing, house, seats));
            }
            may_suffice = false;
        }
        let (value, mut top) = equals(&mut queue).ok_or(Ungrown::NoVotes)?;
        let group = top.clone();
        // Nothing depends on the order among equals unless the house could end between them.
        while top.len() > 1 && ends_within(growing, house, &seats, &top) {
            let tie = RawTie { between: top.clone(), seats: 1, what: StepKind::Quotient, value };
            let who = settle(&tie, &seats).map_err(Ungrown::Stopped)?;
            top.retain(|other| *other != who);
            add(&mut seats, who);
            house += 1;
            if house >= growing.start && suffices(growing, &seats) {
                return Ok(finished(growing, house, seats));
            }
        }
        for who in &top {
            may_suffice |= seats.get(*who) < growing.minima.get(*who) || house < growing.start;
            add(&mut seats, *who);
            house += 1;
        }
        may_suffice |= group.len() > top.len();
        for who in group {
            queue.extend(next(growing, &seats, who)?);
        }
        if house > growing.most {
            return Err(Ungrown::Unbounded);
        }
    }
}

/// The next quotient of a list, ordered by it and then by position.
struct Next {
    value: Fraction,
    who: usize,
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.compare(&other.value).then_with(|| Reverse(self.who).cmp(&Reverse(other.who)))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Next {}

fn next<E>(growing: &Growing<'_>, seats: &[u64], who: usize) -> Result<Option<Next>, Ungrown<E>> {
    let (Some(votes), Some(held)) = (growing.votes.get(who), seats.get(who)) else { return Ok(None) };
    if *votes == 0 {
        return Ok(None);
    }
    let value = divisor::quotient(growing.rule, *votes, *held).ok_or(Ungrown::DivisorsExhausted(*held))?;
    Ok(Some(Next { value, who }))
}

/// Takes the largest next quotient and all who have it.
fn equals(queue: &mut BinaryHeap<Next>) -> Option<(Fraction, Vec<usize>)> {
    let first = queue.pop()?;
    let mut between = vec![first.who];
    while let Some(other) = queue.peek()
        && other.value.compare(&first.value) == Ordering::Equal
    {
        between.push(other.who);
        queue.pop();
    }
    Some((first.value, between))
}

fn add(seats: &mut [u64], who: usize) {
    if let Some(seats) = seats.get_mut(who) {
        *seats += 1;
    }
}

fn lacking<'a>(growing: &'a Growing<'_>, seats: &'a [u64]) -> impl Iterator<Item = u64> {
    growing.minima.iter().zip(seats).map(|(minimum, seats)| minimum.saturating_sub(*seats))
}

fn suffices(growing: &Growing<'_>, seats: &[u64]) -> bool {
    match growing.ignored {
        None => lacking(growing, seats).all(|lacking| lacking == 0),
        Some((most, each)) => {
            let within = lacking(growing, seats).zip(each).all(|(lacking, most)| lacking <= *most);
            within && lacking(growing, seats).fold(0, u64::saturating_add) <= most
        }
    }
}

/// Whether the smallest house could lie between the equals: it does not suffice now, and with all
/// of them it would, or the least house is reached among them.
fn ends_within(growing: &Growing<'_>, house: u64, seats: &[u64], equals: &[usize]) -> bool {
    let mut with = seats.to_vec();
    for who in equals {
        add(&mut with, *who);
    }
    let end = house.saturating_add(u64::try_from(equals.len()).unwrap_or(u64::MAX));
    end > growing.start && suffices(growing, &with)
}

fn finished(growing: &Growing<'_>, house: u64, seats: Vec<u64>) -> Grown {
    let lacking = lacking(growing, &seats).collect();
    Grown { house, seats, lacking }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn first(tie: &RawTie, _: &[u64]) -> Result<usize, ()> {
        Ok(tie.between[0])
    }

    fn grown(votes: &[u64], start: u64, minima: &[u64], ignored: Option<(u64, &[u64])>) -> Grown {
        let growing = Growing { rule: &Divisors::SainteLague, votes, start, minima, ignored, most: 100_000 };
        grow(&growing, &mut first).unwrap()
    }

    #[test]
    fn without_minima_the_house_is_the_start() {
        let grown = grown(&[600, 300, 100], 10, &[0, 0, 0], None);
        assert_eq!((grown.house, grown.seats), (10, vec![6, 3, 1]));
    }

    #[test]
    fn the_house_grows_until_the_overhang_is_levelled() {
        // A tenth of the votes and four seats: its fourth comes in a house of 35, by 100/7 against the rest.
        let grown = grown(&[600, 300, 101], 10, &[0, 0, 4], None);
        assert_eq!(grown.seats[2], 4);
        let before: u64 = grown.house - 1;
        let seats = self::grown(&[600, 300, 101], before, &[0, 0, 0], None).seats;
        assert_eq!(seats[2], 3);
    }

    #[test]
    fn some_seats_may_stay_unlevelled() {
        let all = grown(&[600, 300, 101], 10, &[0, 0, 4], None);
        let some = grown(&[600, 300, 101], 10, &[0, 0, 4], Some((2, &[0, 0, 3])));
        assert!(some.house < all.house);
        assert_eq!(some.lacking, [0, 0, 2]);
        let none = grown(&[600, 300, 101], 10, &[0, 0, 4], Some((2, &[3, 3, 0])));
        assert_eq!(none, all);
    }

    #[test]
    fn a_minimum_without_votes_ends() {
        let growing =
            Growing { rule: &Divisors::DHondt, votes: &[10, 0], start: 1, minima: &[0, 1], ignored: None, most: 100 };
        assert!(matches!(grow(&growing, &mut first), Err(Ungrown::Unbounded)));
    }

    #[test]
    fn a_tie_matters_only_where_the_house_ends() {
        let mut asked = 0;
        let growing =
            Growing { rule: &Divisors::DHondt, votes: &[10, 10], start: 3, minima: &[0, 0], ignored: None, most: 100 };
        let mut count = |tie: &RawTie, _: &[u64]| {
            asked += 1;
            Ok::<_, ()>(tie.between[1])
        };
        let grown = grow(&growing, &mut count).unwrap();
        assert_eq!((grown.seats, asked), (vec![1, 2], 1));
    }

    proptest! {
        #[test]
        fn the_house_is_the_smallest(votes in prop::collection::vec(1u64..500, 2..6), extra in prop::collection::vec(0u64..12, 6), start in 1u64..30) {
            let minima: Vec<u64> = extra.iter().copied().take(votes.len()).collect();
            let found = grown(&votes, start, &minima, None);
            prop_assert!(found.seats.iter().zip(&minima).all(|(seats, least)| seats >= least));
            prop_assert_eq!(found.seats.iter().sum::<u64>(), found.house);
            // In a house one smaller some list lacks a seat, whatever a tie decides.
            if found.house > start {
                let smaller = grown(&votes, found.house - 1, &vec![0; votes.len()], None);
                prop_assert!(smaller.seats.iter().zip(&minima).any(|(seats, least)| seats < least));
            }
        }
    }
}
