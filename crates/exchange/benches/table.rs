//! Rows of a table read per second: 27 columns of the Russian protocol, 20,000 stations.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use divan::Bencher;
use divan::counter::ItemsCount;
use recount_exchange::{Options, Table, plan, read_map};

const ROWS: usize = 20_000;
const LISTS: usize = 8;
const LINES: [&str; 12] = [
    "registered",
    "ballots_received",
    "issued_early",
    "issued_station",
    "issued_outside",
    "cancelled",
    "in_portable",
    "in_stationary",
    "invalid",
    "valid",
    "lost",
    "unaccounted",
];

fn main() {
    divan::main();
}

fn map() -> String {
    let mut map = String::from(
        r#"
schema = "recount-map/1"
set = "bench"
title = "A synthetic table"
origin = "made up for a bench"
licence = "CC0"
[contest]
id = "president"
kind = "candidate"
unit = "national"
[[unit]]
level = "national"
id = "national"
name = "The whole"
[[unit]]
level = "region"
id = "{station_id|field:1:-}"
name = "{region}"
[[unit]]
level = "territory"
id = "{station_id|field:1:-}-{station_id|field:2:-}"
name = "{tik}"
[station]
id = "{station_id}"
expected = "registered"
[votes]
prefix = "votes_"
[status]
column = "status"
[[status.value]]
is = "counted"
[[pass]]
id = "protocol"
source = "hand"
[lines]
"#,
    );
    for code in LINES {
        map.push_str(&format!("{code} = \"{code}\"\n"));
    }
    map
}

fn table() -> String {
    let mut table = format!("station_id,region,tik,status,{}", LINES.join(","));
    for list in 0..LISTS {
        table.push_str(&format!(",votes_{list}"));
    }
    table.push('\n');
    for row in 0..ROWS {
        let (region, territory) = (row / 1_000, row / 40);
        table.push_str(&format!("r{region}-t{territory}-u{row},Region {region},Territory {territory},counted"));
        for column in 0..LINES.len() + LISTS {
            table.push_str(&format!(",{}", (row * 31 + column * 7) % 2_000));
        }
        table.push('\n');
    }
    table
}

#[divan::bench(sample_count = 10)]
fn rows(bencher: Bencher<'_, '_>) {
    let (map, table, options) = (read_map(&map()).unwrap(), table(), Options::default());
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        let mut table = Table::from_reader(table.as_bytes(), b',', &options).unwrap();
        plan(&mut table, &map, &options).unwrap().protocols.len()
    });
}
