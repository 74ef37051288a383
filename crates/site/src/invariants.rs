//! What must hold before a share or a table is shown. What fails is withheld, and the page says so with the figures.

use thiserror::Error;

/// An invariant that figures break. The page prints this sentence instead of them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Violation {
    /// The parts of one base are more than the base.
    #[error("the votes add up to {sum}, which is more than 100 % of their base of {base}")]
    OverWhole {
        /// Sum of the parts, in votes.
        sum: u128,
        /// The base, in its own unit (voters, ballots or votes).
        base: u64,
    },
    /// The base is zero while there are votes.
    #[error("there are {sum} votes, and the base that they would be a share of is zero")]
    NoBase {
        /// Sum of the parts, in votes.
        sum: u128,
    },
    /// More seats are given than there are.
    #[error("{given} seats are given in a house of {house}")]
    TooManySeats {
        /// Seats given and vacant.
        given: u128,
        /// Seats of the house.
        house: u64,
    },
    /// The units do not add up to the whole.
    #[error("the units add up to {sum}, the whole is {whole}")]
    UnitsDoNotAddUp {
        /// Sum over the units.
        sum: u128,
        /// The whole.
        whole: u64,
    },
    /// More stations are countable or received than are expected.
    #[error("{part} stations are counted of {whole} expected")]
    Coverage {
        /// Stations received or countable.
        part: u64,
        /// Stations expected.
        whole: u64,
    },
}

/// Shares of one base sum to at most 100 %.
///
/// # Errors
/// [`Violation::OverWhole`], [`Violation::NoBase`].
pub fn shares(votes: impl IntoIterator<Item = u64>, base: u64) -> Result<(), Violation> {
    let sum: u128 = votes.into_iter().map(u128::from).sum();
    match (sum > u128::from(base), base) {
        (true, 0) => Err(Violation::NoBase { sum }),
        (true, _) => Err(Violation::OverWhole { sum, base }),
        (false, _) => Ok(()),
    }
}

/// Seats given and vacant are at most those of the house.
///
/// # Errors
/// [`Violation::TooManySeats`].
pub fn seats(given: impl IntoIterator<Item = u64>, vacant: u64, house: u64) -> Result<(), Violation> {
    let given: u128 = given.into_iter().map(u128::from).sum::<u128>() + u128::from(vacant);
    if given > u128::from(house) { Err(Violation::TooManySeats { given, house }) } else { Ok(()) }
}

/// Units add up to the whole, exactly.
///
/// # Errors
/// [`Violation::UnitsDoNotAddUp`].
pub fn units(parts: impl IntoIterator<Item = u64>, whole: u64) -> Result<(), Violation> {
    let sum: u128 = parts.into_iter().map(u128::from).sum();
    if sum == u128::from(whole) { Ok(()) } else { Err(Violation::UnitsDoNotAddUp { sum, whole }) }
}

/// No part of the coverage is above what is expected.
///
/// # Errors
/// [`Violation::Coverage`].
pub fn coverage(received: u64, countable: u64, expected: u64) -> Result<(), Violation> {
    match received.max(countable) {
        part if part > expected => Err(Violation::Coverage { part, whole: expected }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_and_fifty_percent_is_refused() {
        assert_eq!(shares([60, 40], 100), Ok(()));
        assert_eq!(shares([90, 60], 100), Err(Violation::OverWhole { sum: 150, base: 100 }));
        assert_eq!(shares([1], 0), Err(Violation::NoBase { sum: 1 }));
        assert_eq!(shares([0], 0), Ok(()));
        assert!(shares([u64::MAX, u64::MAX], u64::MAX).is_err(), "the sum does not wrap");
    }

    #[test]
    fn wholes_bound_their_parts() {
        assert_eq!(seats([60, 59], 1, 120), Ok(()));
        assert_eq!(seats([60, 60], 1, 120), Err(Violation::TooManySeats { given: 121, house: 120 }));
        assert_eq!(units([1, 2], 3), Ok(()));
        assert_eq!(units([1, 2], 4), Err(Violation::UnitsDoNotAddUp { sum: 3, whole: 4 }));
        assert_eq!(coverage(3, 2, 3), Ok(()));
        assert_eq!(coverage(3, 4, 3), Err(Violation::Coverage { part: 4, whole: 3 }));
    }
}
