//! How the tests behave on clean elections of three designs, and what they see of altered ones.
//!
//! The short version runs always. `RECOUNT_CALIBRATION=2000` runs as many elections for each design and prints the tables of
//! `docs/forensics.md`; half as many for each cell of power. Design (a) needs the sizes of a real election in ../shared.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_forensics::{
    List,
    calibrate::{Check, Design, Plan, mean_z, wilson},
    heaping::heaps,
    random::Random,
    simulate::{Alteration, Recipe},
    special::LogFactorial,
    twins::digit_edits,
    work::Alone,
};

const STATIONS: usize = 2_000;
const DISTRICT: usize = 40;

/// Sizes of the three designs: (a) drawn from the stations of Russia 2018 with 20 to 3,500 voters, (b) uniform from 200 to 400,
/// (c) lognormal (6, 1.2) cut to 20..20,000.
fn sizes(design: char) -> Option<Vec<u32>> {
    let mut random = Random::stream(77, u64::from(u32::from(design)));
    let whole = |x: f64| format!("{x:.0}").parse::<u32>().unwrap();
    match design {
        'a' => {
            let real = real_sizes()?;
            Some((0..STATIONS).map(|_| real[random.below(real.len())]).collect())
        }
        'b' => Some((0..STATIONS).map(|_| 200 + u32::try_from(random.below(201)).unwrap()).collect()),
        _ => Some((0..STATIONS).map(|_| whole(libm::exp(6.0 + 1.2 * random.normal()).clamp(20.0, 20_000.0))).collect()),
    }
}

fn real_sizes() -> Option<Vec<u32>> {
    let path = format!("{}/../../../shared/data/russia_2018.csv.zst", env!("CARGO_MANIFEST_DIR"));
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("SKIPPED: russia_2018.csv.zst is not beside the repository");
        return None;
    };
    let text = zstd::decode_all(&bytes[..]).unwrap();
    let mut reader = csv::Reader::from_reader(&text[..]);
    let place = reader.headers().unwrap().iter().position(|name| name == "registered").unwrap();
    let all = reader.records().filter_map(|row| row.unwrap()[place].parse::<u32>().ok());
    Some(all.filter(|size| (20..=3_500).contains(size)).collect())
}

fn asked() -> Option<u64> {
    std::env::var("RECOUNT_CALIBRATION").ok().and_then(|n| n.parse().ok())
}

fn design(sizes: &[u32], rho: f64) -> Design {
    let districts: Vec<u32> = (0..sizes.len()).map(|place| u32::try_from(place / DISTRICT).unwrap()).collect();
    Design::new(sizes, &districts, Recipe { rho, ..Recipe::default() }, 0.05)
}

#[test]
fn default_tests_leave_clean_elections_alone() {
    let elections = asked().unwrap_or(60);
    let wide = asked().is_some();
    let checks: Vec<Check> =
        Check::DEFAULT.into_iter().chain(if wide { Check::DIGITS.to_vec() } else { Vec::new() }).collect();
    println!("design rho elections mean_z {checks:?}");
    for name in ['a', 'b', 'c'] {
        let Some(sizes) = sizes(name) else { continue };
        for rho in [0.0, 0.4] {
            let counts = design(&sizes, rho).run(Plan::clean(1, elections), &checks);
            let (z, error) = mean_z(&counts);
            let rates: Vec<String> = checks.iter().map(|check| format!("{:.4}", counts.rate(*check))).collect();
            println!("{name} {rho} {elections} {z:+.3} {}", rates.join(" "));
            for check in Check::DEFAULT {
                let place = checks.iter().position(|own| *own == check).unwrap();
                let (low, high) = wilson(counts.rejected[place], elections);
                // In the short version the interval must reach the bound, in the wide one the rate itself.
                let (least, most) = if wide { (counts.rate(check), counts.rate(check)) } else { (high, low) };
                assert!(most <= 0.09, "{name} {rho} {check:?}: {}", counts.rate(check));
                let integer = matches!(check, Check::IntegerEither | Check::IntegerTurnout | Check::IntegerShare);
                assert!(!integer || least >= 0.02, "{name} {rho} {check:?}: {}", counts.rate(check));
            }
            assert!(z.abs() <= 0.2 + if wide { 0.0 } else { 2.0 * error }, "{name} {rho}: mean z {z}");
        }
    }
}

/// Power at 5 % on real sizes, rho 0: alteration, share of stations, integer test of either and of turnout, as published.
const POWER: [(Alteration, f64, f64, f64); 8] = [
    (Alteration::Stuff, 0.05, 0.04, 0.08),
    (Alteration::Stuff, 0.10, 0.04, 0.08),
    (Alteration::Stuff, 0.20, 0.03, 0.03),
    (Alteration::Steal, 0.20, 0.03, 0.05),
    (Alteration::RoundFive, 0.01, 0.15, 0.28),
    (Alteration::RoundFive, 0.02, 0.31, 0.64),
    (Alteration::RoundFive, 0.05, 0.91, 1.00),
    (Alteration::RoundFive, 0.10, 1.00, 1.00),
];

#[test]
fn altered_elections_are_seen_as_often_as_published() {
    let Some(sizes) = sizes('a') else { return };
    let elections = asked().map_or(30, |n| n / 2);
    let design = design(&sizes, 0.0);
    let checks = [Check::IntegerEither, Check::IntegerTurnout, Check::AgreementTurnout];
    println!("alteration share elections {checks:?}");
    for (alteration, share, either, turnout) in POWER {
        let plan = Plan { seed: 2, first: 0, count: elections, altered: Some((alteration, share)) };
        let counts = design.run(plan, &checks);
        let found = checks.map(|check| counts.rate(check));
        println!("{alteration:?} {share} {elections} {found:.3?}");
        let room = if asked().is_some() { 0.15 } else { 0.3 };
        assert!(
            (found[0] - either).abs() <= room && (found[1] - turnout).abs() <= room,
            "{alteration:?} {share}: {found:?}"
        );
    }
}

/// What the lists get of the votes that are not the leader's, on average; each station differs by a factor of its own for each list.
const OTHERS: [&[f64]; 2] = [&[1.0], &[0.6, 0.3, 0.07, 0.02, 0.007, 0.003]];

/// A clean election of design (sizes, rho 0.4) with every list.
fn lists(sizes: &[u32], shares: &[f64], random: &mut Random, facts: &LogFactorial) -> Vec<List> {
    let recipe = Recipe { rho: 0.4, ..Recipe::default() };
    let stations = recipe.election(sizes, random, facts);
    let list = |votes| List { name: String::new(), votes };
    let mut all = vec![list(stations.iter().map(|s| s.leader).collect())];
    all.extend(shares.iter().map(|_| list(Vec::new())));
    for station in &stations {
        let weights: Vec<f64> = shares.iter().map(|share| share * libm::exp(0.3 * random.normal())).collect();
        let (mut votes, mut weight) = (station.found - station.leader, weights.iter().sum::<f64>());
        for (list, own) in all.iter_mut().skip(1).zip(weights) {
            let given = random.binomial(votes, own / weight, facts);
            list.votes.push(given);
            votes -= given;
            weight -= own;
        }
    }
    all
}

#[test]
fn tests_of_lists_leave_clean_elections_alone() {
    let elections = asked().unwrap_or(20);
    println!("design lists elections: one digit apart, small lists");
    for name in ['a', 'b', 'c'] {
        let Some(sizes) = sizes(name) else { continue };
        let districts: Vec<u32> = (0..sizes.len()).map(|place| u32::try_from(place / DISTRICT).unwrap()).collect();
        let facts = LogFactorial::up_to(sizes.iter().copied().max().unwrap());
        for shares in OTHERS {
            let (mut edited, mut heaped) = (0, 0);
            for number in 0..elections {
                let all = lists(&sizes, shares, &mut Random::stream(5, number), &facts);
                edited += u64::from(digit_edits(&all, &districts, 100, 39, number, &Alone).p < 0.05);
                heaped += u64::from(heaps(&all, &districts, 20, 0.05).heaps.iter().any(|heap| heap.flagged));
            }
            let rate = |rejected: u64| rejected as f64 / elections as f64;
            println!("{name} {} {elections}: {:.4} {:.4}", shares.len() + 1, rate(edited), rate(heaped));
            for rejected in [edited, heaped] {
                let least = if asked().is_some() { rate(rejected) } else { wilson(rejected, elections).0 };
                assert!(least <= 0.09, "{name} {}: {}", shares.len() + 1, rate(rejected));
            }
        }
    }
}
