//! How long the hot checks take on 90,000 stations, and how the integer test grows to 1,000,000. `cargo bench -p recount-forensics`.
//!
//! The stations of Russia 2018 are read where the file is in ../shared; without it an election of the same size is made up.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "bench support"
)]

use recount_forensics::{
    Mask, Station,
    calibrate::{Check, calibrate, sizes},
    integer::{Rule, Test, Which, monte_carlo},
    random::Random,
    special::LogFactorial,
};

fn main() {
    divan::main();
}

/// A national election: sizes like those of real ones (median about 1,000), turnout and share with spread.
fn election(count: usize) -> Vec<Station> {
    let mut random = Random::stream(1, 0);
    let facts = LogFactorial::up_to(4000);
    let station = |_| {
        let size = libm::exp(6.9 + 0.8 * random.normal()).clamp(100.0, 3500.0);
        let registered = (size as u32).max(100);
        let turnout = (0.65 + 0.12 * random.normal()).clamp(0.2, 0.98);
        let share = (0.6 + 0.12 * random.normal()).clamp(0.1, 0.98);
        let issued = random.binomial(registered, turnout, &facts);
        Station { registered, issued, found: issued, leader: random.binomial(issued, share, &facts) }
    };
    Mask::published().apply(&(0..count).map(station).collect::<Vec<_>>()).stations
}

/// Every station with a result of Russia 2018 under the published mask, or as many made up.
fn national() -> Vec<Station> {
    let path = format!("{}/../../../shared/data/russia_2018.csv.zst", env!("CARGO_MANIFEST_DIR"));
    let Ok(bytes) = std::fs::read(&path) else { return election(90_000) };
    let text = zstd::decode_all(&bytes[..]).unwrap();
    let mut reader = csv::Reader::from_reader(&text[..]);
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|own| own.starts_with(name)).expect("the column is there");
    let columns = ["registered", "issued", "valid", "invalid", "votes_putin"].map(column);
    // "issued" is the sum of the three ways, which begin with the same word.
    let issued = header.iter().position(|own| own == "issued").unwrap();
    let station = |row: csv::StringRecord| {
        let figure = |place: usize| row[place].parse::<u32>().unwrap_or(0);
        let [registered, _, valid, invalid, leader] = columns.map(figure);
        Station { registered, issued: figure(issued), found: valid + invalid, leader }
    };
    let all: Vec<Station> = reader.records().map(|row| station(row.unwrap())).collect();
    Mask::published().apply(&all).stations
}

#[divan::bench(args = [90_000, 1_000_000], sample_count = 5)]
fn integer_by_size(bencher: divan::Bencher, count: usize) {
    let stations = election(count);
    bencher.bench(|| {
        let test = Test::new(divan::black_box(&stations), Rule::whole_percent());
        [Which::Either, Which::Turnout, Which::Share].map(|which| test.count(which).z)
    });
}

#[divan::bench(sample_count = 3)]
fn calibration_of_ten_elections(bencher: divan::Bencher) {
    let stations = national();
    let districts: Vec<u32> = (0..stations.len()).map(|place| (place / 35) as u32).collect();
    bencher.bench(|| calibrate(&sizes(divan::black_box(&stations)), &districts, &Check::DEFAULT, 10, 1).len());
}

#[divan::bench]
fn integer_mean_and_variance(bencher: divan::Bencher) {
    let stations = national();
    bencher.bench(|| {
        let test = Test::new(divan::black_box(&stations), Rule::whole_percent());
        [Which::Either, Which::Turnout, Which::Share].map(|which| test.count(which).z)
    });
}

#[divan::bench]
fn integer_with_exact_tails(bencher: divan::Bencher) {
    let stations = national();
    bencher.bench(|| {
        let test = Test::new(divan::black_box(&stations), Rule::whole_percent());
        [Which::Either, Which::Turnout, Which::Share].map(|which| (test.count(which).z, test.tail(which).p))
    });
}

#[divan::bench(sample_count = 3)]
fn integer_ten_draws(bencher: divan::Bencher) {
    let stations = national();
    bencher.bench(|| monte_carlo(divan::black_box(&stations), Rule::whole_percent(), Which::Either, 10, 42).mean);
}
