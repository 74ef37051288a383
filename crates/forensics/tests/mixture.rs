//! The mixture finds what was planted, and finds little where nothing was.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use recount_forensics::{
    mixture::{Parameters, fit},
    random::Random,
    simulate::Recipe,
    special::LogFactorial,
};

fn sizes(count: usize) -> Vec<u32> {
    let mut random = Random::stream(12, 0);
    (0..count).map(|_| 200 + u32::try_from(random.below(1800)).unwrap()).collect()
}

const PLANTED: Parameters = Parameters {
    parts: [0.886, 0.102, 0.012],
    turnout: (0.3, 0.0),
    share: (-0.2, 0.0),
    slope: 0.0,
    incremental: (0.25, 0.2),
    extreme: (0.85, 0.85),
};

#[test]
fn the_packages_own_kind_of_simulation_comes_back() {
    let stations = PLANTED.draw(&sizes(500), 3);
    let found = fit(&stations, None).unwrap();
    println!("planted: {:?}", found.parameters);
    assert!((found.parameters.parts[1] - 0.102).abs() < 0.03, "{found:?}");
    assert!((found.parameters.parts[2] - 0.012).abs() < 0.015, "{found:?}");
    assert!((found.parameters.incremental.0 - 0.25).abs() < 0.03, "{found:?}");
    assert!(found.gain > 100.0);
}

#[test]
fn planted_parts_are_found_among_different_stations() {
    let planted = Parameters { turnout: (0.3, 0.25), share: (-0.2, 0.3), ..PLANTED };
    let found = fit(&planted.draw(&sizes(800), 4), None).unwrap();
    println!("with random effects: {:?}", found.parameters);
    assert!((found.parameters.parts[1] - 0.102).abs() < 0.06, "{found:?}");
    assert!((found.parameters.parts[2] - 0.012).abs() < 0.015, "{found:?}");
}

#[test]
fn a_clean_election_of_different_places_stays_clean() {
    let sizes = sizes(500);
    let facts = LogFactorial::up_to(2000);
    let clean = Recipe { rho: 0.4, ..Recipe::default() }.election(&sizes, &mut Random::stream(6, 0), &facts);
    let found = fit(&clean, Some(1)).unwrap();
    println!("clean: {:?}, control {:?}", found.parameters.parts, found.control);
    assert!(found.parameters.parts[1] + found.parameters.parts[2] < 0.1, "{found:?}");
    assert!(found.control.is_some());
}
