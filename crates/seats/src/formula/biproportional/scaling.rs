//! Alternate scaling: districts get divisors that give each its seats, then lists, in turn. Quick
//! where no cell is on the very edge; all divisors are short fractions out of the allowed interval.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use num_bigint::BigUint;

use super::{Apportioned, Rational};
use crate::Fraction;

/// Rounds of both scalings before tie and transfer takes over.
const MOST_ROUNDS: usize = 60;
/// Divisors with more bits than this mean that a cell is on the edge: left to tie and transfer.
const MOST_BITS: u32 = 40;

/// The state after a scaling of districts: each district has its seats, lists may not.
pub(super) struct Scaled {
    pub seats: Vec<Vec<u64>>,
    pub districts: Vec<Fraction>,
    pub lists: Vec<Fraction>,
}

impl Scaled {
    /// Whether the lists have their seats and every cell lies strictly within its rounding interval:
    /// then there are no other seats.
    pub(super) fn proves(&self, votes: &[Vec<u64>], lists: &[u64]) -> bool {
        self.totals_match(lists)
            && votes.iter().zip(&self.seats).zip(&self.districts).all(|((votes, seats), district)| {
                votes
                    .iter()
                    .zip(seats)
                    .zip(&self.lists)
                    .all(|((votes, seats), list)| strictly_within(*votes, *seats, *district, *list))
            })
    }

    fn totals_match(&self, lists: &[u64]) -> bool {
        lists.iter().enumerate().all(|(list, seats)| {
            self.seats.iter().filter_map(|row| row.get(list)).try_fold(0u64, |sum, s| sum.checked_add(*s))
                == Some(*seats)
        })
    }

    pub(super) fn apportioned(self) -> Apportioned {
        let big = |fraction: &Fraction| Rational::new(BigUint::from(fraction.num), BigUint::from(fraction.den));
        Apportioned {
            seats: self.seats,
            districts: self.districts.iter().map(big).collect(),
            lists: self.lists.iter().map(big).collect(),
            tie: None,
        }
    }
}

/// `seats - 1/2 < votes / (district * list) < seats + 1/2`.
fn strictly_within(votes: u64, seats: u64, district: Fraction, list: Fraction) -> bool {
    if votes == 0 {
        return seats == 0;
    }
    let parts = (
        (2 * u128::from(votes)).checked_mul(district.den).and_then(|p| p.checked_mul(list.den)),
        district.num.checked_mul(list.num),
    );
    let (Some(num), Some(den)) = parts else {
        return false;
    };
    let odd = 2 * u128::from(seats) + 1;
    let above = den.checked_mul(odd).is_some_and(|edge| num < edge);
    above && (seats == 0 || den.checked_mul(odd - 2).is_some_and(|edge| num > edge))
}

/// Scales until the lists have their seats, or gives up; districts have theirs in any case.
pub(super) fn scale(votes: &[Vec<u64>], districts: &[u64], lists: &[u64]) -> Scaled {
    let by_list: Vec<Vec<u64>> =
        (0..lists.len()).map(|list| votes.iter().map(|row| row.get(list).copied().unwrap_or(0)).collect()).collect();
    let mut of_lists = vec![Fraction::new(1u8, 1u8); lists.len()];
    let mut best = rows(votes, districts, &of_lists);
    for _ in 0..MOST_ROUNDS {
        let (_, of_districts) = (&best.0, &best.1);
        if short(of_districts) {
            let scaled = Scaled { seats: best.0.clone(), districts: best.1.clone(), lists: of_lists.clone() };
            if scaled.proves(votes, lists) {
                return scaled;
            }
        } else {
            break;
        }
        let (_, next) = rows(&by_list, lists, &best.1);
        if !short(&next) {
            break;
        }
        of_lists = next;
        best = rows(votes, districts, &of_lists);
    }
    Scaled { seats: best.0, districts: best.1, lists: of_lists }
}

fn short(divisors: &[Fraction]) -> bool {
    let fits = |figure: u128| figure >> MOST_BITS == 0;
    divisors.iter().all(|divisor| fits(divisor.num) && fits(divisor.den))
}

/// Each row's seats by the divisor rule with standard rounding, its votes divided by the other
/// side's divisors; and a divisor for each row.
fn rows(votes: &[Vec<u64>], seats: &[u64], others: &[Fraction]) -> (Vec<Vec<u64>>, Vec<Fraction>) {
    votes.iter().zip(seats).map(|(votes, seats)| row(votes, *seats, others)).unzip()
}

/// The next quotient of a cell.
struct Next {
    value: Fraction,
    cell: usize,
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.compare(&other.value).then_with(|| Reverse(self.cell).cmp(&Reverse(other.cell)))
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

fn row(votes: &[u64], seats: u64, others: &[Fraction]) -> (Vec<u64>, Fraction) {
    // Twice the votes over odd numbers: the divisor at which a cell is on the edge.
    let quotient = |cell: usize, held: u64| -> Option<Next> {
        let (votes, other) = (votes.get(cell)?, others.get(cell)?);
        let odd = 2 * u128::from(held) + 1;
        (*votes > 0).then(|| Next {
            value: Fraction::new(2 * u128::from(*votes) * other.den, other.num.saturating_mul(odd)),
            cell,
        })
    };
    let mut held = vec![0u64; votes.len()];
    let mut queue: BinaryHeap<Next> = (0..votes.len()).filter_map(|cell| quotient(cell, 0)).collect();
    let mut last = None;
    for _ in 0..seats {
        let Some(next) = queue.pop() else { break };
        if let Some(held) = held.get_mut(next.cell) {
            *held += 1;
            queue.extend(quotient(next.cell, *held));
        }
        last = Some(next.value);
    }
    let divisor = between(queue.peek().map(|next| next.value), last);
    (held, divisor)
}

/// A short fraction between the quotient that is next and the last that received a seat, well inside
/// if there is room; the edge itself if there is none.
fn between(low: Option<Fraction>, high: Option<Fraction>) -> Fraction {
    let none = Fraction::new(0u8, 1u8);
    let (low, high) = (low.unwrap_or(none), high.unwrap_or(Fraction { num: 1, den: 0 }));
    if high.den != 0 && low.compare(&high) != Ordering::Less {
        return reduced(low);
    }
    let (inner_low, inner_high) = inner(low, high).unwrap_or((low, high));
    simplest((inner_low.num, inner_low.den), (inner_high.num, inner_high.den)).unwrap_or_else(|| reduced(low))
}

/// The middle half of an interval, if its edges fit.
fn inner(low: Fraction, high: Fraction) -> Option<(Fraction, Fraction)> {
    if high.den == 0 {
        return None;
    }
    let (a, b) = (low.num.checked_mul(high.den)?, high.num.checked_mul(low.den)?);
    let den = low.den.checked_mul(high.den)?.checked_mul(4)?;
    let low = a.checked_mul(3)?.checked_add(b)?;
    let high = b.checked_mul(3)?.checked_add(a)?;
    Some((Fraction { num: low, den }, Fraction { num: high, den }))
}

fn reduced(fraction: Fraction) -> Fraction {
    // The denominator is never zero, so the common divisor is not either.
    let (mut common, mut rest) = (fraction.den, fraction.num);
    while rest != 0 {
        (common, rest) = (rest, common % rest);
    }
    Fraction { num: fraction.num / common, den: fraction.den / common }
}

/// The fraction with the smallest denominator strictly between two, by continued fractions. A zero
/// denominator is infinity.
fn simplest((a, b): (u128, u128), (c, d): (u128, u128)) -> Option<Fraction> {
    let whole = a / b;
    let next = whole.checked_add(1)?;
    if next.checked_mul(d).is_some_and(|product| product < c) {
        return Some(Fraction { num: next, den: 1 });
    }
    // x = whole + 1/y, with y between the reciprocals of what is left.
    let y = simplest((d, c.checked_sub(whole.checked_mul(d)?)?), (b, a % b))?;
    Some(Fraction { num: whole.checked_mul(y.num)?.checked_add(y.den)?, den: y.num })
}
