//! The mixture finds what was planted, finds little where nothing was, and its intervals hold the truth.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use recount_forensics::{
    mixture::{Fit, Intervals, LEVEL, Parameters, Width, fit},
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

/// How many elections the coverage is counted over: 20, or what `RECOUNT_CALIBRATION` says.
fn elections() -> u64 {
    std::env::var("RECOUNT_CALIBRATION").ok().and_then(|text| text.parse().ok()).unwrap_or(20)
}

/// Names, truths and intervals.
fn held(planted: &Parameters, of: &Intervals) -> Vec<(&'static str, bool)> {
    let within = |truth: f64, (low, high): (f64, f64)| low <= truth && truth <= high;
    let maybe = |truth: f64, own: Option<(f64, f64)>| own.is_some_and(|own| within(truth, own));
    vec![
        ("incremental part", maybe(planted.parts[1], of.parts[0])),
        ("extreme part", maybe(planted.parts[2], of.parts[1])),
        ("turnout", within(planted.turnout.0, of.turnout[0])),
        ("spread of turnout", within(planted.turnout.1, of.turnout[1])),
        ("share", within(planted.share.0, of.share[0])),
        ("spread of share", within(planted.share.1, of.share[1])),
        ("slope", within(planted.slope, of.slope)),
        ("manufactured", maybe(planted.incremental.0, of.incremental[0])),
        ("stolen", maybe(planted.incremental.1, of.incremental[1])),
    ]
}

fn coverage(planted: &Parameters, name: &str) {
    let sizes = sizes(400);
    let (mut sums, mut refused) = (std::collections::BTreeMap::<&str, u64>::new(), 0);
    for seed in 0..elections() {
        match fit(&planted.draw(&sizes, 100 + seed), None).unwrap().width {
            // The extreme kind is one station in eighty: it may be too few to be told.
            Width::Known(own) if own.parts.iter().all(Option::is_some) => {
                assert!(own.effective > 99.0, "{own:?}");
                for (name, held) in held(planted, &own) {
                    *sums.entry(name).or_default() += u64::from(held);
                }
            }
            _ => refused += 1,
        }
    }
    let known = (elections() - refused) as f64;
    println!("{name}: {} elections, {refused} refused", elections());
    assert!(known >= 0.9 * elections() as f64, "{refused} refused");
    for (name, held) in sums {
        let (rate, error) = (held as f64 / known, (LEVEL * (1.0 - LEVEL) / known).sqrt());
        println!("{name}: {rate:.3}");
        assert!(
            rate > LEVEL - 0.02 - 4.0 * error,
            "{name}: the interval of {LEVEL} holds the truth {rate} of the time"
        );
    }
}

#[test]
fn intervals_hold_what_was_planted() {
    coverage(&Parameters { turnout: (0.3, 0.2), share: (-0.2, 0.2), ..PLANTED }, "stations that differ");
}

#[test]
fn where_nothing_was_planted_no_kind_is_told_from_none() {
    let clean = Parameters { parts: [1.0, 0.0, 0.0], turnout: (0.3, 0.3), share: (-0.2, 0.3), slope: 0.4, ..PLANTED };
    let sizes = sizes(400);
    let (mut none, mut known) = (0, 0);
    for seed in 0..elections() {
        let Fit { width, told, .. } = fit(&clean.draw(&sizes, 900 + seed), None).unwrap();
        let Width::Known(own) = width else { continue };
        known += 1;
        none += u64::from(told == [false, false]);
        assert!(told == own.parts.map(|part| part.is_some()), "{own:?}");
    }
    println!("clean: {known} of {} with intervals, {none} without altered kinds", elections());
    assert!(known * 20 >= elections() * 19 && none * 20 >= known * 19, "{none} of {known}");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let stations = Parameters { turnout: (0.3, 0.25), share: (-0.2, 0.3), ..PLANTED }.draw(&sizes(120), 4);
    let twice = [fit(&stations, Some(7)), fit(&stations, Some(7))].map(|own| serde_json::to_string(&own).unwrap());
    assert_eq!(twice[0], twice[1]);
    assert!(fit(&stations[..49], None).is_none());
}
