use num_bigint::BigUint;
use proptest::prelude::*;

use super::*;

/// Every cell is its votes over both divisors, rounded; every total is right.
fn check(votes: &[Vec<u64>], districts: &[u64], lists: &[u64], found: &Apportioned) {
    for (row, seats) in found.seats.iter().zip(districts) {
        assert_eq!(row.iter().sum::<u64>(), *seats);
    }
    for (list, seats) in lists.iter().enumerate() {
        assert_eq!(found.seats.iter().map(|row| row[list]).sum::<u64>(), *seats);
    }
    for (district, row) in votes.iter().enumerate() {
        for (list, votes) in row.iter().enumerate() {
            let seats = found.seats[district][list];
            let twice = Rational::from_integer(BigUint::from(2 * u128::from(*votes)))
                / (&found.districts[district] * &found.lists[list]);
            let odd = Rational::from_integer(BigUint::from(2 * seats + 1));
            assert!(twice <= odd, "{district} {list}");
            assert!(twice + Rational::from_integer(BigUint::from(2u8)) >= odd || seats == 0, "{district} {list}");
            assert!(*votes > 0 || seats == 0);
        }
    }
}

/// All tables with these totals and no seat without votes, by exhaustion.
fn tables(votes: &[Vec<u64>], districts: &[u64], lists: &[u64]) -> Vec<Vec<Vec<u64>>> {
    let Some((seats, rest)) = districts.split_first() else {
        return if lists.iter().all(|left| *left == 0) { vec![Vec::new()] } else { Vec::new() };
    };
    let mut rows = vec![Vec::new()];
    for (place, left) in lists.iter().enumerate() {
        let most = if votes[0][place] == 0 { 0 } else { *left };
        rows = rows
            .into_iter()
            .flat_map(|row: Vec<u64>| (0..=most).map(move |s| [row.clone(), vec![s]].concat()))
            .collect();
    }
    let mut found = Vec::new();
    for row in rows.into_iter().filter(|row| row.iter().sum::<u64>() == *seats) {
        let left: Vec<u64> = lists.iter().zip(&row).map(|(left, seats)| left - seats).collect();
        for below in tables(&votes[1..], rest, &left) {
            found.push([vec![row.clone()], below].concat());
        }
    }
    found
}

/// The weight that biproportional seats minimise: the product over all seats of (2k-1)/votes.
fn weight(votes: &[Vec<u64>], seats: &[Vec<u64>]) -> Rational {
    let mut product = Rational::from_integer(BigUint::from(1u8));
    for (votes, seats) in votes.iter().zip(seats) {
        for (votes, seats) in votes.iter().zip(seats) {
            for k in 1..=*seats {
                product *= Rational::new(BigUint::from(2 * k - 1), BigUint::from(*votes));
            }
        }
    }
    product
}

fn small() -> impl Strategy<Value = (Vec<Vec<u64>>, Vec<u64>, Vec<u64>)> {
    (1usize..4, 1usize..4).prop_flat_map(|(districts, lists)| {
        let cell = prop_oneof![2 => Just(0u64), 6 => 1u64..8, 4 => 1u64..2000];
        let seats = prop::collection::vec(prop::collection::vec(0u64..3, lists), districts);
        (prop::collection::vec(prop::collection::vec(cell, lists), districts), seats).prop_map(|(votes, seats)| {
            let districts = seats.iter().map(|row| row.iter().sum()).collect();
            let lists = (0..seats[0].len()).map(|list| seats.iter().map(|row| row[list]).sum()).collect();
            (votes, districts, lists)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn seats_are_the_best_of_all_tables((votes, districts, lists) in small()) {
        let all = tables(&votes, &districts, &lists);
        match apportion(&votes, &districts, &lists, &[]) {
            Ok(found) => {
                check(&votes, &districts, &lists, &found);
                let least = all.iter().map(|seats| weight(&votes, seats)).min().unwrap();
                prop_assert_eq!(weight(&votes, &found.seats), least.clone());
                let best: Vec<_> = all.iter().filter(|seats| weight(&votes, seats) == least).collect();
                prop_assert_eq!(found.tie.is_some(), best.len() > 1, "{:?}", found.tie);
                if let Some(tie) = &found.tie {
                    let (district, winner, loser) = tie.moves[0];
                    for (winner, loser) in [(winner, loser), (loser, winner)] {
                        let settled = apportion(&votes, &districts, &lists, &[Decided { district, winner, loser }]).unwrap();
                        check(&votes, &districts, &lists, &settled);
                        prop_assert!(best.contains(&&settled.seats));
                        let held = (settled.seats[district][winner], found.seats[district][winner]);
                        prop_assert_eq!(held.0, held.1 + u64::from(winner == tie.moves[0].2));
                    }
                }
            }
            Err(Infeasible::Blocked { districts: blocked, lists: into }) => {
                prop_assert!(all.is_empty());
                let have: u64 = blocked.iter().map(|d| districts[*d]).sum();
                let room: u64 = into.iter().map(|l| lists[*l]).sum();
                prop_assert!(have > room);
                prop_assert!(blocked.iter().all(|d| (0..lists.len()).all(|l| into.contains(&l) || votes[*d][l] == 0)));
            }
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn parliaments_come_with_their_proof(votes in prop::collection::vec(prop::collection::vec(1u64..200_000, 7), 9), seats in prop::collection::vec(3u64..20, 9)) {
        let house: u64 = seats.iter().sum();
        let lists: Vec<u64> = (0..7u64).map(|l| house / 7 + u64::from(l < house % 7)).collect();
        let found = apportion(&votes, &seats, &lists, &[]).unwrap();
        check(&votes, &seats, &lists, &found);
    }
}

#[test]
fn totals_that_differ_are_refused() {
    assert_eq!(apportion(&[vec![1]], &[2], &[1], &[]), Err(Infeasible::Totals { districts: 2, lists: 1 }));
    assert_eq!(apportion(&[vec![1]], &[u64::MAX, 1], &[1], &[]), Err(Infeasible::TooLarge));
}

#[test]
fn a_district_without_votes_is_named() {
    let found = apportion(&[vec![0, 0], vec![3, 4]], &[1, 1], &[1, 1], &[]);
    assert_eq!(found, Err(Infeasible::Blocked { districts: vec![0], lists: Vec::new() }));
}

#[test]
fn the_largest_figures_end() {
    let votes = vec![vec![u64::MAX, 1], vec![u64::MAX - 1, u64::MAX]];
    let found = apportion(&votes, &[1, 2], &[1, 2], &[]).unwrap();
    check(&votes, &[1, 2], &[1, 2], &found);
}
