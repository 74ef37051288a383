//! Biproportional apportionment: seats in districts and lists at once, both totals given.
//!
//! A cell's seats are its votes divided by a district divisor and a list divisor, rounded to the
//! nearest whole number (Balinski and Demange 1989; Pukelsheim 2004). The divisors are found by
//! scaling districts and lists in turn ([`scaling`]); where that does not settle, by tie and transfer
//! ([`transfer`]), which always ends: with the seats, or with the districts and lists that make the
//! totals impossible. All of it is exact; the divisors come out, so that anyone can check the seats
//! with a division and a rounding per cell.

mod scaling;
mod transfer;

use num_bigint::BigUint;
use num_rational::Ratio;

/// An exact rational of any size.
pub(crate) type Rational = Ratio<BigUint>;

/// The most cells: districts times lists. Far above any parliament.
const MOST_CELLS: usize = 200_000;

/// The seats, and the divisors that prove them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Apportioned {
    /// Seats by district and list.
    pub seats: Vec<Vec<u64>>,
    /// Divisors by district.
    pub districts: Vec<Rational>,
    /// Divisors by list.
    pub lists: Vec<Rational>,
    /// Other seats that the same divisors allow, if there are any: the first such tie.
    pub tie: Option<Cycle>,
}

/// A tie: cells on the very edge between two whole numbers, such that seats can move around in a
/// circle without changing any total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cycle {
    /// District, the list that holds the seat there, and the list that could have it instead.
    pub moves: Vec<(usize, usize, usize)>,
}

/// Why there are no such seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Infeasible {
    /// The districts' seats and the lists' seats do not sum to the same house.
    Totals { districts: u64, lists: u64 },
    /// These districts have votes for these lists alone, and more seats than those lists.
    Blocked { districts: Vec<usize>, lists: Vec<usize> },
    /// Too many cells or seats for a bounded computation.
    TooLarge,
}

/// A settled tie: in this district, between these two lists, the first has the seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decided {
    pub district: usize,
    pub winner: usize,
    pub loser: usize,
}

/// Seats for `votes[district][list]`, such that each district and each list has its seats.
pub(crate) fn apportion(
    votes: &[Vec<u64>],
    districts: &[u64],
    lists: &[u64],
    decided: &[Decided],
) -> Result<Apportioned, Infeasible> {
    let sum = |seats: &[u64]| seats.iter().try_fold(0u64, |sum, seats| sum.checked_add(*seats));
    let (Some(in_districts), Some(in_lists)) = (sum(districts), sum(lists)) else {
        return Err(Infeasible::TooLarge);
    };
    if in_districts != in_lists {
        return Err(Infeasible::Totals { districts: in_districts, lists: in_lists });
    }
    let square = votes.len() == districts.len() && votes.iter().all(|row| row.len() == lists.len());
    if !square || districts.len().saturating_mul(lists.len()) > MOST_CELLS || in_lists > crate::rulebook::MOST_SEATS {
        return Err(Infeasible::TooLarge);
    }
    if let Some(empty) = without_votes(votes, districts) {
        return Err(Infeasible::Blocked { districts: vec![empty], lists: Vec::new() });
    }
    let scaled = scaling::scale(votes, districts, lists);
    if scaled.proves(votes, lists) {
        return Ok(scaled.apportioned());
    }
    transfer::finish(votes, lists, scaled, decided)
}

/// A district that has seats and no vote.
fn without_votes(votes: &[Vec<u64>], districts: &[u64]) -> Option<usize> {
    votes.iter().zip(districts).position(|(row, seats)| *seats > 0 && row.iter().all(|votes| *votes == 0))
}

#[cfg(test)]
mod tests;
