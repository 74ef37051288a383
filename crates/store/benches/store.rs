//! How fast records are written durably, and verified. `cargo bench -p recount-store`
#![allow(missing_docs, clippy::expect_used)]

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use recount_log::SigningKey;
use recount_store::{DirSource, Reader, StoreError, Writer, WriterOptions};

const BATCH: usize = 4096;
const LENGTH: usize = 600;

fn main() {
    divan::main();
}

fn key() -> SigningKey {
    SigningKey::from_seed("bench.example.org", [1; 32]).expect("a key")
}

/// Entries that compress about as well as signed statements do.
fn batch(number: usize) -> Vec<Vec<u8>> {
    (0..BATCH)
        .map(|n| {
            let mut entry = Vec::with_capacity(LENGTH);
            let mut seed = recount_log::sha256(format!("{number}/{n}").as_bytes());
            while entry.len() < LENGTH / 3 {
                entry.extend_from_slice(&seed.0);
                seed = recount_log::sha256(&seed.0);
            }
            entry.resize(LENGTH, b'r');
            entry
        })
        .collect()
}

fn record(dir: &Path, batches: usize) -> Writer {
    let options = WriterOptions { full_sync: false, ..WriterOptions::default() };
    let mut writer = Writer::create(dir, "bench.example.org", &key(), options).expect("a record");
    for number in 0..batches {
        writer.append(&batch(number)).expect("an append");
    }
    writer
}

/// Where the benches put their records: a real disk, not one in memory.
fn folder() -> tempfile::TempDir {
    let target = std::env::var_os("CARGO_TARGET_TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from);
    tempfile::tempdir_in(target).expect("a folder")
}

/// One group commit of 4,096 entries of 600 bytes, everything synced.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn append_4096_durably(bencher: Bencher) {
    let folder = folder();
    let mut writer = Writer::create(&folder.path().join("r"), "bench.example.org", &key(), WriterOptions::default())
        .expect("a record");
    let mut number = 0;
    bencher
        .with_inputs(|| {
            number += 1;
            batch(number)
        })
        .counter(ItemsCount::new(BATCH))
        .bench_local_refs(|entries| writer.append(entries).expect("an append"));
}

/// One entry at a time, everything synced: what a single filing costs.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn append_one_durably(bencher: Bencher) {
    let folder = folder();
    let mut writer = Writer::create(&folder.path().join("r"), "bench.example.org", &key(), WriterOptions::default())
        .expect("a record");
    let entry = vec![b'r'; LENGTH];
    bencher.counter(ItemsCount::new(1usize)).bench_local(|| writer.append(&[&entry]).expect("an append"));
}

const BATCHES: usize = 32;

fn read(bencher: Bencher, run: impl Fn(&Reader<DirSource>)) {
    let folder = folder();
    let dir = folder.path().join("r");
    drop(record(&dir, BATCHES));
    let source = DirSource::open(&dir).expect("a record");
    let reader = Reader::open(source, Some(&key().verifier()), None).expect("a reader");
    bencher
        .counter(BytesCount::new(BATCHES * BATCH * LENGTH))
        .counter(ItemsCount::new(BATCHES * BATCH))
        .bench_local(|| run(&reader));
}

/// Every leaf hashed, every tile compared: 131,072 entries.
#[divan::bench(args = [1, 2], sample_count = 10, sample_size = 1)]
fn verify_tree(bencher: Bencher, threads: usize) {
    read(bencher, |reader| drop(reader.verify_tree(threads, |_| {}).expect("a valid record")));
}

/// Every leaf hashed, entries handed out: what a count of a verified record costs below the counting.
#[divan::bench(args = [1, 2], sample_count = 10, sample_size = 1)]
fn scan(bencher: Bencher, threads: usize) {
    read(bencher, |reader| {
        reader
            .scan(
                0..reader.size(),
                threads,
                |entries: recount_store::Entries| entries.len(),
                |_| Ok::<_, StoreError>(()),
            )
            .expect("a valid record");
    });
}
