//! Speed of the fold: protocols with 20 columns, one signer each. `cargo bench -p recount-tally`; RECOUNT_BENCH_STATIONS sets the large size.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/support/world.rs"]
#[allow(dead_code)]
mod world;

use std::borrow::Cow;

use divan::Bencher;
use divan::counter::ItemsCount;
use recount_election::StationIx;
use recount_record::Entry;
use recount_record::statement::{Kind, Protocol, Register, Role, Row};
use recount_tally::{Fold, View};
use world::World;

const LISTS: usize = 17;

fn main() {
    divan::main();
}

/// A sealed record of so many stations in units of 100, with no protocols yet.
fn world(stations: usize) -> World {
    let mut world = World::new();
    let grants =
        vec![world.keys.grant("cec", Role::Commission, "*"), world.keys.grant("rec", Role::Reconstruction, "*")];
    let law = world::rulebook(&std::collections::BTreeMap::new());
    let charter = world.charter(&law, grants);
    assert!(world.file(Kind::Charter(Box::new(charter)), &["cec"]).is_none());
    let unit = |id: String, parent: Option<&str>| Row::Unit {
        name: id.clone(),
        id,
        level: if parent.is_none() { "country" } else { "region" }.to_owned(),
        parent: parent.map(str::to_owned),
        attributes: Vec::new(),
    };
    let mut rows = vec![unit("land".to_owned(), None)];
    rows.extend((0..LISTS).map(|n| Row::List {
        id: format!("list{n}"),
        contest: "lists".to_owned(),
        name: format!("List {n}"),
        unit: None,
        attributes: Vec::new(),
    }));
    for n in 0..stations {
        if n % 100 == 0 {
            rows.push(unit(format!("u{}", n / 100), Some("land")));
        }
        rows.push(Row::Station {
            id: format!("s{n}"),
            unit: format!("u{}", n / 100),
            voters: Some(800),
            parts: Vec::new(),
            name: None,
            attributes: Vec::new(),
        });
    }
    for chunk in rows.chunks(700) {
        assert!(world.file(Kind::Register(Register { poll: 1, rows: chunk.to_vec() }), &["cec"]).is_none());
    }
    world
}

fn protocol(world: &mut World, station: usize, salt: usize) -> Vec<u8> {
    let n = station as u64;
    let mut votes: Vec<(Cow<'_, str>, u64)> =
        (0..LISTS).map(|list| (Cow::Owned(format!("list{list}")), (n * 7 + list as u64 * 31) % 60)).collect();
    votes.sort();
    let sum = votes.iter().map(|(_, n)| n).sum();
    let kind = Kind::Protocol(Protocol {
        poll: 1,
        contest: Cow::Borrowed("lists"),
        station: Cow::Owned(format!("s{station}")),
        part: None,
        source: Cow::Borrowed("hand"),
        lines: vec![
            (Cow::Borrowed("registered_voters"), 800),
            (Cow::Borrowed("took_part"), sum),
            (Cow::Borrowed("valid"), sum),
        ],
        votes,
        supersedes: None,
        time: None,
        row: Some(salt as u64),
        blobs: Vec::new(),
    });
    let text = world.text(kind);
    world.keys.sign(&text, &["rec"])
}

fn protocols(world: &mut World, stations: usize) -> Vec<Vec<u8>> {
    (0..stations).map(|n| protocol(world, n, n)).collect()
}

fn push_trusted(fold: &mut Fold, world: &World, bytes: &[u8]) {
    let entry = Entry::parse(bytes);
    let signed = fold.signatures(entry.as_ref().expect("an entry"), true);
    assert!(fold.push_signed(entry, signed, &world.blobs).is_none());
}

fn large() -> usize {
    std::env::var("RECOUNT_BENCH_STATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000)
}

/// Reading alone: note, JSON, statement, hash.
#[divan::bench(sample_count = 20)]
fn parse(bencher: Bencher<'_, '_>) {
    let mut world = world(1000);
    let entries = protocols(&mut world, 1000);
    bencher
        .counter(ItemsCount::new(entries.len()))
        .bench(|| entries.iter().filter(|bytes| Entry::parse(divan::black_box(bytes)).is_ok()).count());
}

/// Reading and folding entries whose signatures this reader has verified before.
#[divan::bench(args = [10_000, large()], sample_count = 3, sample_size = 1)]
fn parse_and_fold(bencher: Bencher<'_, '_>, stations: usize) {
    let mut world = world(stations);
    let entries = protocols(&mut world, stations);
    let before = resident();
    bencher.counter(ItemsCount::new(entries.len())).with_inputs(|| world.folded(world.entries.len())).bench_values(
        |mut fold| {
            entries.iter().for_each(|bytes| push_trusted(&mut fold, &world, bytes));
            eprintln!("{stations} protocols: resident memory grew by {} MB", resident().saturating_sub(before) >> 20);
            fold
        },
    );
}

/// One more protocol, and the parliament allocated anew.
#[divan::bench(args = [10_000, large()], sample_count = 50, sample_size = 1)]
fn one_more(bencher: Bencher<'_, '_>, stations: usize) {
    let mut world = world(stations);
    let entries = protocols(&mut world, stations);
    let mut fold = world.folded(world.entries.len());
    let (last, rest) = entries.split_at(100);
    rest.iter().for_each(|bytes| push_trusted(&mut fold, &world, bytes));
    fold.outcome_kept().expect("an outcome");
    let mut next = last.iter();
    bencher.bench_local(|| {
        push_trusted(&mut fold, &world, next.next().expect("one more"));
        fold.outcome_kept().expect("an outcome").house
    });
}

/// Totals of all units made afresh, and the tree of stations.
#[divan::bench(args = [10_000, large()], sample_count = 3, sample_size = 1)]
fn totals(bencher: Bencher<'_, '_>, stations: usize) {
    let (fold, contest) = counted(stations);
    bencher.bench_local(|| fold.totals(contest, View::LAW).expect("totals").len());
}

#[divan::bench(args = [10_000, large()], sample_count = 3, sample_size = 1)]
fn station_root(bencher: Bencher<'_, '_>, stations: usize) {
    let (fold, _) = counted(stations);
    bencher.bench_local(|| (fold.station_root(), fold.station_leaf(StationIx(0))));
}

fn counted(stations: usize) -> (Fold, recount_tally::claim::ContestIx) {
    let mut world = world(stations);
    let entries = protocols(&mut world, stations);
    let mut fold = world.folded(world.entries.len());
    entries.iter().for_each(|bytes| push_trusted(&mut fold, &world, bytes));
    let contest = fold.contest_ix("lists").expect("lists");
    (fold, contest)
}

/// Resident memory in bytes, where the system tells it.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1).and_then(|n| n.parse::<u64>().ok()));
    pages.unwrap_or(0) * 4096
}
