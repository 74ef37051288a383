//! Russian tables as they are published: a header for each year, with rows made up here; the real files where a path is given.
//!
//! `RECOUNT_RUSSIA` names the folder with the archives `2004.csv.zip` to `2024.csv.zip`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::path::Path;

use recount_exchange::table::{Options, Table};
use recount_report::input::{Choice, Chosen, choose, first_file, read_published};

fn chosen(bytes: &[u8]) -> Chosen {
    let options = Options::default();
    let mut table = if recount_report::input::is_zip(bytes) {
        Table::from_reader(first_file(bytes).unwrap(), b',', &options).unwrap()
    } else {
        Table::from_reader(bytes, b',', &options).unwrap()
    };
    let sheet = read_published(&mut table).unwrap();
    choose(&sheet, &Choice::default()).unwrap()
}

#[test]
fn every_year_is_told_by_meaning() {
    for year in [2004, 2007, 2008, 2011, 2012, 2016, 2018, 2020, 2021, 2024] {
        let path = format!("{}/tests/published/{year}.csv", env!("CARGO_MANIFEST_DIR"));
        let found = chosen(&std::fs::read(&path).unwrap());
        assert_eq!(found.table.stations.len(), 4, "{year}");
        let reasons: Vec<&str> = found.left_out.iter().map(|(why, _)| why.as_str()).collect();
        assert_eq!(reasons, ["row without any figure", "row with a cell that is no whole number"], "{year}");
        // Rows were made so: found = issued - 1, registered = issued + 200, invalid = 3, 4, ...; the first list leads with 300, 301, ...
        for (place, station) in found.table.stations.iter().enumerate() {
            assert_eq!(station.leader, 300 + u32::try_from(place).unwrap(), "{year}");
            assert_eq!((station.found, station.registered), (station.issued - 1, station.issued + 200), "{year}");
            let votes: u32 = found.table.lists.iter().map(|list| list.votes[place]).sum();
            assert_eq!(station.found - votes, 3 + u32::try_from(place).unwrap(), "{year}");
        }
        assert_eq!(found.table.region.names, ["Первая область", "Второй край"], "{year}");
        assert_eq!(found.table.district.names.len(), 4, "{year}");
        assert_eq!(found.ids, ["УИК 1", "УИК 2", "УИК 3", "УИК 4"], "{year}");
        assert_eq!(found.outside.is_some(), year != 2020, "{year}");
    }
}

/// Year, stations with data, registered, issued, found, leader.
const PUBLISHED: [(u32, usize, u64, u64, u64, u64); 7] = [
    (2004, 95_779, 108_064_342, 69_581_430, 69_504_278, 49_563_020),
    (2008, 96_612, 107_222_016, 74_849_264, 74_746_649, 52_530_712),
    (2011, 95_225, 109_229_337, 65_766_594, 65_648_690, 32_371_737),
    (2012, 95_415, 109_860_331, 71_780_800, 71_701_665, 45_602_075),
    (2018, 97_699, 109_008_428, 73_629_581, 73_578_992, 56_430_712),
    (2020, 96_765, 107_999_611, 0, 73_024_006, 57_071_119),
    (2021, 96_325, 109_204_662, 56_484_685, 56_329_690, 28_064_200),
];

#[test]
fn the_real_files_add_up() {
    let Ok(folder) = std::env::var("RECOUNT_RUSSIA") else {
        eprintln!("SKIPPED: RECOUNT_RUSSIA does not name the folder of the published archives");
        return;
    };
    for (year, rows, registered, issued, given_found, leader) in PUBLISHED {
        let found = chosen(&std::fs::read(Path::new(&folder).join(format!("{year}.csv.zip"))).unwrap());
        let stations = &found.table.stations;
        let sum = |of: fn(&recount_forensics::Station) -> u32| stations.iter().map(|s| u64::from(of(s))).sum::<u64>();
        assert_eq!((stations.len(), sum(|s| s.registered)), (rows, registered), "{year}");
        if issued > 0 {
            assert_eq!(sum(|s| s.issued), issued, "{year}");
        }
        assert_eq!((sum(|s| s.found), sum(|s| s.leader)), (given_found, leader), "{year}");
        println!("{year}: {rows} stations");
    }
}
