//! Quick counts cover what they claim: samples drawn again and again from a real election.
//!
//! The table of the sources: nominal 95 %, ratio 95.2 % (Bulgaria 2024) and 94.3 % (Russia 2018), stratified by
//! region 94 to 95 %, early returns 27.5 % and after post-stratification 94.4 %.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use recount_forensics::{
    quick::{Denominator, Return, draw, estimate, post_stratified, proportional, size_classes},
    random::Random,
};

struct Frame {
    registered: Vec<u32>,
    votes: Vec<f64>,
    of: Vec<f64>,
    region: Vec<u32>,
}

/// Bulgaria, 11 July 2021, valid votes: the list in the given column, or the one with most votes.
fn bulgaria(list: Option<&str>) -> Option<Frame> {
    let path = format!("{}/../../../shared/data/bulgaria_20210711.csv.zst", env!("CARGO_MANIFEST_DIR"));
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("SKIPPED: bulgaria_20210711.csv.zst is not beside the repository");
        return None;
    };
    let text = zstd::decode_all(&bytes[..]).unwrap();
    let mut reader = csv::Reader::from_reader(&text[..]);
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|own| own == name).unwrap();
    let (registered, valid, region) = (place("registered"), place("valid"), place("region_code"));
    let lists: Vec<usize> = (1..=24).map(|list| place(&format!("votes_{list}"))).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let number = |row: &csv::StringRecord, place: usize| row[place].parse::<u32>().unwrap_or(0);
    let total = |list: &&usize| rows.iter().map(|row| u64::from(number(row, **list))).sum::<u64>();
    let leader = list.map_or_else(|| *lists.iter().max_by_key(total).unwrap(), place);
    Some(Frame {
        registered: rows.iter().map(|row| number(row, registered)).collect(),
        votes: rows.iter().map(|row| f64::from(number(row, leader))).collect(),
        of: rows.iter().map(|row| f64::from(number(row, valid))).collect(),
        region: rows.iter().map(|row| number(row, region)).collect(),
    })
}

fn returns(frame: &Frame, strata: &[u32], places: &[usize]) -> Vec<Return> {
    let one = |place: &usize| Return { stratum: strata[*place], votes: frame.votes[*place], of: frame.of[*place] };
    places.iter().map(one).collect()
}

fn register(strata: &[u32]) -> BTreeMap<u32, usize> {
    let mut register = BTreeMap::new();
    for stratum in strata {
        *register.entry(*stratum).or_default() += 1;
    }
    register
}

const SAMPLES: u64 = 600;
const STATIONS: usize = 500;

/// Share of samples whose 95 % interval holds the truth, and the mean half-width in points.
fn coverage(frame: &Frame, strata: &[u32]) -> (f64, f64) {
    let truth = frame.votes.iter().sum::<f64>() / frame.of.iter().sum::<f64>();
    let register = register(strata);
    let counts = proportional(&register, STATIONS);
    let (mut held, mut width) = (0, 0.0);
    for seed in 0..SAMPLES {
        let sample = returns(frame, strata, &draw(strata, &counts, seed).places);
        let found = estimate(&sample, &register, Denominator::Valid, 0.95).unwrap();
        held += u32::from(found.interval.0 <= truth && truth <= found.interval.1);
        width += 50.0 * (found.interval.1 - found.interval.0);
    }
    (f64::from(held) / SAMPLES as f64, width / SAMPLES as f64)
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let Some(frame) = bulgaria(None) else { return };
    let one = vec![0; frame.votes.len()];
    let (plain, wide) = coverage(&frame, &one);
    let (by_region, narrow) = coverage(&frame, &frame.region);
    println!("ratio {plain:.3} +-{wide:.2}, stratified {by_region:.3} +-{narrow:.2}");
    assert!((0.925..=0.975).contains(&plain), "ratio: {plain}");
    assert!((0.925..=0.975).contains(&by_region), "stratified: {by_region}");
    assert!(narrow < wide, "strata help: {narrow} {wide}");
}

#[test]
fn early_returns_mislead_and_classes_of_size_repair_them() {
    let Some(frame) = bulgaria(Some("votes_23")) else { return };
    // A list of the cities: large stations like it more.
    let truth = frame.votes.iter().sum::<f64>() / frame.of.iter().sum::<f64>();
    let one = vec![0; frame.votes.len()];
    let classes = size_classes(&one, &frame.registered, 3);
    let (all, by_size) = (register(&one), register(&classes));
    let (mut plain, mut repaired) = (0, 0);
    for seed in 0..SAMPLES {
        let mut random = Random::stream(31, seed);
        // Small stations report late here: chances .1, .3, .7 by thirds of size.
        let sample = draw(&one, &BTreeMap::from([(0, 1500)]), seed).places.into_iter();
        let early: Vec<usize> =
            sample.filter(|place| random.uniform() < [0.1, 0.3, 0.7][classes[*place] as usize]).collect();
        let held = |found: recount_forensics::quick::Estimate| found.interval.0 <= truth && truth <= found.interval.1;
        plain += u32::from(held(estimate(&returns(&frame, &one, &early), &all, Denominator::Valid, 0.95).unwrap()));
        let own = returns(&frame, &classes, &early);
        repaired += u32::from(held(post_stratified(&own, &by_size, 5, Denominator::Valid, 0.95).unwrap()));
    }
    let (plain, repaired) = (f64::from(plain) / SAMPLES as f64, f64::from(repaired) / SAMPLES as f64);
    println!("early returns {plain:.3}, after post-stratification {repaired:.3}");
    assert!(plain < 0.85, "{plain}");
    assert!((0.92..=0.98).contains(&repaired), "{repaired}");
}
