//! How long an allocation with its full trace takes. `cargo bench -p recount-seats`.

#![allow(clippy::panic, reason = "a bench that cannot start says why")]

#[path = "../tests/common/flat.rs"]
mod flat;

use recount_seats::{Lots, Rulebook, RunOptions, Tally, Unit, margins, run_with};

// As the program does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// Netherlands, House of Representatives, 22 November 2023: votes by list.
const TK2023: [u64; 26] = [
    1_589_519, 656_292, 1_643_073, 2_450_878, 345_822, 328_225, 232_963, 235_148, 212_532, 178_802, 71_345, 217_270,
    246_765, 51_043, 485_551, 44_253, 9_117, 52_913, 1_343_287, 12_838, 4_152, 5_122, 5_325, 5_487, 3_966, 1_038,
];
/// Kyrgyzstan, machine count of 5 October 2020.
const KG2020: [u64; 16] = [
    487_685, 475_372, 174_317, 141_940, 136_276, 115_288, 80_279, 66_747, 60_305, 46_568, 42_862, 42_460, 32_795,
    12_468, 4_395, 3_459,
];

fn tally(votes: &[u64], took_part: u64) -> Tally {
    let mut tally = flat::tally(votes.iter().enumerate().map(|(place, votes)| (format!("list-{place:04}"), *votes)));
    for total in &mut tally.totals {
        total.against_all = Some(35_714);
        total.lines.insert("voters_took_part".into(), took_part);
    }
    tally
}

fn highest_averages(seats: u64) -> Rulebook {
    let text = format!(
        r#"
schema = "recount-rulebook/1"
id = "bench"
title = "bench"
[units]
levels = ["national"]
[contest.lists]
kind = "list"
[[stage]]
id = "admitted"
kind = "admit"
when = {{ quota = {{ quota = "hare", seats = {seats}, at_least = "1" }} }}
[[stage]]
id = "seats"
kind = "allocate"
contenders = "admitted"
seats = {seats}
formula = {{ family = "divisor", rule = "dhondt" }}
ties = ["lot"]
"#
    );
    Rulebook::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn kyrgyzstan() -> Rulebook {
    let text = include_str!("../../../rulebooks/kg-jk-2020.toml");
    Rulebook::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn options() -> RunOptions {
    RunOptions { assume_units_pass: true, readings: false, seat_margins: false }
}

/// The Dutch parliament with every step. Abacus: 41 to 55 microseconds for this election.
#[divan::bench]
fn netherlands_2023(bencher: divan::Bencher<'_, '_>) {
    let (rulebook, tally) = (highest_averages(150), tally(&TK2023, 0));
    bencher.bench(|| run_with(&rulebook, &tally, &Lots::none(), &options()));
}

/// 120 seats, cap and validity, without readings.
#[divan::bench]
fn kyrgyzstan_2020(bencher: divan::Bencher<'_, '_>) {
    let (rulebook, tally) = (kyrgyzstan(), tally(&KG2020, 1_990_753));
    bencher.bench(|| run_with(&rulebook, &tally, &Lots::none(), &options()));
}

/// The same with the outcome under every declared reading.
#[divan::bench]
fn kyrgyzstan_2020_readings(bencher: divan::Bencher<'_, '_>) {
    let (rulebook, tally) = (kyrgyzstan(), tally(&KG2020, 1_990_753));
    let options = RunOptions { readings: true, ..options() };
    bencher.bench(|| run_with(&rulebook, &tally, &Lots::none(), &options));
}

/// Nine regions with totals of their own, every regional test, every reading: what a record asks for
/// after each protocol.
#[divan::bench]
fn kyrgyzstan_2020_regions_readings(bencher: divan::Bencher<'_, '_>) {
    let (rulebook, mut tally) = (kyrgyzstan(), tally(&KG2020, 1_990_753));
    for region in 0..9u64 {
        let share = |whole: u64| whole / 9 + if region == 0 { whole % 9 } else { 0 };
        let mut total = tally.totals[0].clone();
        total.unit = format!("region-{region}");
        total.votes.values_mut().for_each(|votes| *votes = share(*votes));
        total.lines.values_mut().for_each(|number| *number = share(*number));
        total.against_all = total.against_all.map(share);
        tally.units.push(Unit { id: total.unit.clone(), level: "region".into(), ..Unit::default() });
        tally.totals.push(total);
    }
    bencher.bench(|| recount_seats::run(&rulebook, &tally, &Lots::none()));
}

/// All margins of admission and of the last seats.
#[divan::bench(sample_count = 10)]
fn kyrgyzstan_2020_margins(bencher: divan::Bencher<'_, '_>) {
    let (rulebook, tally) = (kyrgyzstan(), tally(&KG2020, 1_990_753));
    bencher.bench(|| margins(&rulebook, &tally));
}

/// 1,000 lists, 10,000 seats.
#[divan::bench(sample_count = 10)]
fn thousand_lists_ten_thousand_seats(bencher: divan::Bencher<'_, '_>) {
    let votes: Vec<u64> = (1..=1_000u64).map(|list| 1_000_000 + list * list * 17).collect();
    let (rulebook, tally) = (highest_averages(10_000), tally(&votes, 0));
    bencher.bench(|| run_with(&rulebook, &tally, &Lots::none(), &options()));
}
