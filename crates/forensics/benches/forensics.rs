//! How long the hot checks take on 90,000 stations. `cargo bench -p recount-forensics`.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bench support")]

use recount_forensics::{
    Mask, Station,
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

#[divan::bench]
fn integer_mean_and_variance(bencher: divan::Bencher) {
    let stations = election(90_000);
    bencher.bench(|| {
        let test = Test::new(divan::black_box(&stations), Rule::whole_percent());
        [Which::Either, Which::Turnout, Which::Share].map(|which| test.count(which).z)
    });
}

#[divan::bench]
fn integer_with_exact_tails(bencher: divan::Bencher) {
    let stations = election(90_000);
    bencher.bench(|| {
        let test = Test::new(divan::black_box(&stations), Rule::whole_percent());
        [Which::Either, Which::Turnout, Which::Share].map(|which| (test.count(which).z, test.tail(which).p))
    });
}

#[divan::bench(sample_count = 3)]
fn integer_ten_draws(bencher: divan::Bencher) {
    let stations = election(90_000);
    bencher.bench(|| monte_carlo(divan::black_box(&stations), Rule::whole_percent(), Which::Either, 10, 42).mean);
}
