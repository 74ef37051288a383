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
    Keys, List, Mask, Station, Table,
    calibrate::{Check, calibrate, sizes},
    dispersion::Percentage,
    integer::{Rule, Test, Which, monte_carlo},
    mixture::{Parameters, fit},
    random::Random,
    report::{Input, Settings, Subject, report},
    simulate::Recipe,
    special::LogFactorial,
    spectrum::spectrum,
    twins::identical,
    work::{Alone, Workers},
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

/// The table of Russia 2018 with regions, districts and lists, or none where the file is not there.
fn russia() -> Option<Table> {
    let path = format!("{}/../../../shared/data/russia_2018.csv.zst", env!("CARGO_MANIFEST_DIR"));
    let text = zstd::decode_all(&std::fs::read(&path).ok()?[..]).unwrap();
    let mut reader = csv::Reader::from_reader(&text[..]);
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |name: &str| header.iter().position(|own| own.starts_with(name)).unwrap();
    let figures = |place: usize| rows.iter().map(|row| row[place].parse().unwrap_or(0)).collect::<Vec<u32>>();
    let issued = header.iter().position(|own| own == "issued").unwrap();
    let (registered, issued) = (figures(column("registered")), figures(issued));
    let found: Vec<u32> = figures(column("valid")).iter().zip(figures(column("invalid"))).map(|(a, b)| a + b).collect();
    let stations = recount_forensics::table::stations(&registered, &issued, &found, &figures(column("votes_putin")));
    let lists = (0..header.len()).filter(|place| header[*place].starts_with("votes_"));
    let lists = lists.map(|place| List { name: header[place].to_owned(), votes: figures(place) }).collect();
    let names = |name: &str| rows.iter().map(|row| row[column(name)].to_owned()).collect::<Vec<String>>();
    let (region, district) = (names("region"), names("tik"));
    let district: Vec<String> = region.iter().zip(&district).map(|(a, b)| format!("{a} {b}")).collect();
    let keys = |names: &[String]| Keys::from_names(names.iter().map(String::as_str));
    Some(Table { stations: stations.unwrap(), region: keys(&region), district: keys(&district), lists })
}

/// Every station of Russia 2018 under the published mask, or as many made up.
fn national() -> Vec<Station> {
    russia().map_or_else(|| election(90_000), |table| Mask::published().apply(&table.stations).stations)
}

/// Two threads.
struct Two;

impl Workers for Two {
    fn map<T: Send>(&self, count: usize, piece: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || {
            let mut own = Vec::new();
            loop {
                let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if number >= count {
                    return own;
                }
                own.push((number, piece(number)));
            }
        };
        let mut all = std::thread::scope(|scope| {
            let other = scope.spawn(work);
            let mut all = work();
            all.extend(other.join().unwrap());
            all
        });
        all.sort_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, own)| own).collect()
    }
}

/// Everything that the command computes, with so many clean elections, on two threads.
#[divan::bench(args = [200], sample_count = 1)]
fn whole_report(bencher: divan::Bencher, elections: u64) {
    let Some(table) = russia() else { return };
    let ids: Vec<String> = (0..table.stations.len()).map(|place| place.to_string()).collect();
    let leader = table.lists.iter().position(|list| list.name.starts_with("votes_putin")).unwrap();
    let input =
        Input { table: &table, leader, stations: &ids, early: None, outside: None, before: None, compared: None };
    let settings = Settings { elections, ..Settings::default() };
    bencher.bench(|| report(&input, Subject::default(), &settings, &Two).findings.len());
}

#[divan::bench(sample_count = 5)]
fn simulated_election(bencher: divan::Bencher) {
    let own = sizes(&national());
    let facts = LogFactorial::up_to(own.iter().copied().max().unwrap());
    bencher.bench(|| Recipe::default().election(&own, &mut Random::stream(3, 0), &facts).len());
}

#[divan::bench(sample_count = 5)]
fn spikes_of_turnout(bencher: divan::Bencher) {
    let own = sizes(&national());
    let facts = LogFactorial::up_to(own.iter().copied().max().unwrap());
    let stations = Recipe::default().election(&own, &mut Random::stream(3, 0), &facts);
    bencher.bench(|| spectrum(&stations, Percentage::Turnout, 0.05, &Alone).spikes.len());
}

#[divan::bench(sample_count = 5)]
fn same_figures(bencher: divan::Bencher) {
    let stations = national();
    bencher.bench(|| identical(&stations, 500).pairs);
}

/// The size at which the package was timed: 500 stations of its own kind of simulation.
#[divan::bench(sample_count = 3)]
fn mixture_of_500_stations(bencher: divan::Bencher) {
    let sizes: Vec<u32> = (0..500).map(|place| 200 + place * 3).collect();
    let planted = Parameters {
        parts: [0.886, 0.102, 0.012],
        turnout: (0.3, 0.0),
        share: (-0.2, 0.0),
        slope: 0.0,
        incremental: (0.25, 0.2),
        extreme: (0.85, 0.85),
    };
    let stations = planted.draw(&sizes, 3);
    bencher.bench(|| fit(divan::black_box(&stations), None).map(|found| found.gain));
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
